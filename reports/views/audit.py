"""House: who looked at whom, and who changed what."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from crm.pages import render_page
from interactions.timeline import Place
from reports import changes, looking, wording
from staff.access import needs
from staff.middleware import StaffRequest
from staff.models import AccessLog, Staff


def _older(request: StaffRequest, place: str) -> str:
    """The address of the next page with the same filter; empty at the end."""
    kept = {key: value for key, value in request.GET.items() if key != "after" and value}
    return f"?{urlencode({**kept, 'after': place})}" if place else ""


def _people(request: StaffRequest) -> list[tuple[int, str]]:
    """Whom the filter offers."""
    return list(Staff.objects.ever_at(request.venue).values_list("pk", "display_name"))


@require_safe
@needs("see_house")
def audit(request: StaffRequest) -> HttpResponse:
    """Who looked at whom at this venue, newest first."""
    wanted = looking.Filter.read(request.GET)
    after = Place.read(request.GET.get("after", ""))
    lines, older = looking.page_of(request.venue, wanted, after)
    context = {
        "rows": lines,
        "older": _older(request, older),
        "wanted": wanted,
        "actions": AccessLog.Action.choices,
        "person": wanted.staff,
        "people": _people(request),
        "is_filtered": wanted != looking.Filter(),
    }
    return render_page(request, "reports/house_audit.html", context)


@require_safe
@needs("see_house")
def audit_changes(request: StaffRequest) -> HttpResponse:
    """What was changed at this venue, by whom, from what to what, newest first."""
    tables = {model._meta.label_lower: model for model in changes.event_tables()}
    kind = request.GET.get("kind", "")
    person = looking.number(request.GET.get("staff", ""))
    found, older = changes.page_of(
        request.venue,
        tables=[tables[kind]] if kind in tables else (),
        person=person,
        after=changes.Spot.read(request.GET.get("after", "")),
    )
    context = {
        "rows": wording.told(found, request.membership),
        "older": _older(request, older),
        "kinds": [(label, model._meta.verbose_name) for label, model in tables.items()],
        "kind": kind,
        "person": person,
        "people": _people(request),
        "is_filtered": bool(person or kind),
    }
    return render_page(request, "reports/house_changes.html", context)
