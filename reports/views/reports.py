"""The reports, on the page and as files."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.pages import render_page
from reports import periods
from reports.catalogue import REPORTS
from reports.spreadsheet import as_csv
from staff.access import needs, note_access
from staff.middleware import StaffRequest
from staff.models import AccessLog


def _period(request: StaffRequest) -> periods.Period:
    return periods.Period.read(request.GET.get("days", ""), request.venue, timezone.now())


@require_safe
@needs("see_reports")
def reports(request: StaffRequest) -> HttpResponse:
    """Every report about this venue, one below the other."""
    period = _period(request)
    made = [make(period, request.membership) for make in REPORTS.values()]
    context = {"period": period, "choices": periods.CHOICES, "reports": made}
    return render_page(request, "reports/reports.html", context)


@require_safe
@needs("export")
def report_csv(request: StaffRequest, slug: str) -> HttpResponse:
    """One report as a CSV file; that it was taken out of the house is written down."""
    if slug not in REPORTS:
        raise Http404
    period = _period(request)
    report = REPORTS[slug](period, request.membership)
    note_access(request, AccessLog.Action.EXPORTED, "report", detail=f"{slug}, {period.days} days, CSV")
    response = HttpResponse(
        as_csv(report.headings, report.as_lines()), content_type="text/csv; charset=utf-8"
    )
    name = f"{request.venue.slug}-{slug}-{period.last_day.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
