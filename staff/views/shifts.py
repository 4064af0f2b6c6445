"""House: the shifts of the current venue, and who works them."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.pages import render_page
from staff.access import needs
from staff.house_forms import RotaForm, ShiftForm
from staff.middleware import StaffRequest
from staff.models import Rota, Shift
from staff.weeks import monday_of, parse_week, table_of


@require_safe
@needs("see_house")
def shifts(request: StaffRequest) -> HttpResponse:
    """The shifts of this venue."""
    return render_page(request, "staff/house_shifts.html", {"shifts": request.venue.shifts.all()})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("plan_shifts")
def shift_edit(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """Add a shift, or change one of this venue."""
    shift = get_object_or_404(Shift, pk=pk, venue=request.venue) if pk else None
    form = ShiftForm(request.POST or None, instance=shift, venue=request.venue)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("house_shifts")
    context = {"form": form, "shift": shift}
    return render_page(request, "staff/house_shift.html", context, status=422 if form.errors else 200)


@require_POST
@needs("plan_shifts")
def shift_delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a shift away, with who was down for it."""
    get_object_or_404(Shift, pk=pk, venue=request.venue).delete()
    messages.success(request, _("The shift is gone."))
    return redirect("house_shifts")


def _shown_week(request: StaffRequest) -> date:
    """The Monday of the week asked for, else of this week. Http404 for what is no week."""
    asked = request.GET.get("week")
    if not asked:
        return monday_of(request.venue.business_day(timezone.now()))
    monday = parse_week(asked)
    if monday is None:
        raise Http404
    return monday


@require_http_methods(["GET", "HEAD", "POST"])
@needs("see_house")
def rota(request: StaffRequest) -> HttpResponse:
    """A week's rota: who is down for which shift on which day; managers and owners put people down."""
    monday = _shown_week(request)
    form = RotaForm(request.POST or None, venue=request.venue, monday=monday)
    here = f"{reverse('house_rota')}?week={monday.isoformat()}"
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect(here)
    rows = Rota.objects.of_week(request.venue, monday)
    context = {
        "form": form,
        "table": table_of(list(request.venue.shifts.all()), rows, monday),
        "days": [monday + timedelta(days=ahead) for ahead in range(7)],
        "today": request.venue.business_day(timezone.now()),
        "here": here,
        "before": f"{reverse('house_rota')}?week={(monday - timedelta(days=7)).isoformat()}",
        "after": f"{reverse('house_rota')}?week={(monday + timedelta(days=7)).isoformat()}",
    }
    return render_page(request, "staff/house_rota.html", context, status=422 if form.errors else 200)


@require_POST
@needs("plan_shifts")
def rota_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Take somebody off a shift on one day."""
    row = get_object_or_404(Rota, pk=pk, shift__venue=request.venue)
    row.delete()
    return redirect(f"{reverse('house_rota')}?week={monday_of(row.day).isoformat()}")
