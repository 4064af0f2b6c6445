"""What the venue is out of today: said in one line, taken back in one tap."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from crm import toasts
from crm.pages import render_page
from interactions import stock
from interactions.forms.stock import OutForm
from interactions.models import OutToday
from staff.access import needs
from staff.middleware import StaffRequest


@require_safe
@needs("work")
@never_cache
def index(request: StaffRequest) -> HttpResponse:
    """What is out now, what was, and the line that says it."""
    return _page(request, OutForm())


@require_POST
@needs("work")
def out(request: StaffRequest) -> HttpResponse:
    """Say that something is out for the rest of the business day."""
    form = OutForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    row = stock.out(form.cleaned_data["item"], request.membership, now=timezone.now())
    undo = reverse("out_today_back", args=[row.pk])
    return toasts.go_on(request, _back_to(request), _("Out today: %(item)s.") % {"item": row.item}, undo=undo)


@require_POST
@needs("work")
def back(request: StaffRequest, pk: int) -> HttpResponse:
    """It can be had again."""
    try:
        row = stock.back(pk, request.membership, now=timezone.now())
    except OutToday.DoesNotExist as error:
        raise Http404 from error
    undo = reverse("out_today_again", args=[pk])
    return toasts.go_on(
        request, _back_to(request), _("Back again: %(item)s.") % {"item": row.item}, undo=undo
    )


@require_POST
@needs("work")
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """It was not back after all."""
    row = OutToday.objects.filter(venue=request.venue, pk=pk).first()
    if row is None:
        raise Http404
    stock.out(row.item, request.membership, now=timezone.now())
    return toasts.undone(request, reverse("out_today"), _("Taken back."))


def _page(request: StaffRequest, form: OutForm, *, status: int = 200) -> HttpResponse:
    now, venue = timezone.now(), request.venue
    context = {
        "form": form,
        "out": stock.out_now(venue, now),
        "earlier": stock.earlier(venue, now),
        "items": stock.known_items(venue),
    }
    return render_page(request, "interactions/out_today.html", context, status=status)


def _back_to(request: StaffRequest) -> str:
    """The page on which it was said: the desk or the list."""
    return reverse("desk" if request.POST.get("place") == "desk" else "out_today")
