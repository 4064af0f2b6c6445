"""The arrivals list and its one-tap steps."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import toasts
from crm.pages import render_page, wants_fragment
from customers.lookup import look_up
from interactions import arrivals, marks
from interactions.forms.expect import ExpectForm
from interactions.models import Visit
from interactions.views import opening
from staff.access import needs
from staff.middleware import StaffRequest
from staff.weeks import parse_day

LISTED = 10


@require_safe
@needs("work")
@never_cache
def index(request: StaffRequest) -> HttpResponse:
    """Everybody of one business day, in order."""
    return render_page(
        request, "interactions/arrivals.html", _day(request, _asked_day(request)), partial="day"
    )


@require_safe
@needs("work")
@never_cache
def choose(request: StaffRequest) -> HttpResponse:
    """Whom to put on the list."""
    query = " ".join(request.GET.get("q", "").split())
    found = look_up(query, request.membership, now=timezone.now(), limit=LISTED) if query else None
    return render_page(request, "interactions/arrivals_choose.html", {"query": query, "found": found})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("work")
@never_cache
def expect(request: StaffRequest, pk: int) -> HttpResponse:
    """Put one customer on the list."""
    now = timezone.now()
    customer = opening.find_active(request, pk)
    form = ExpectForm(request.POST or None, now=now, initial={"expected_at": _next_half_hour()})
    if request.method == "POST" and form.is_valid():
        visit = arrivals.expect(customer, request.membership, **form.cleaned_data)
        return toasts.go_on(
            request, _page_of(request, visit), _("Expected: %(name)s.") % {"name": customer.name}
        )
    status = 422 if request.method == "POST" else 200
    context = {"customer": customer, "form": form}
    return render_page(request, "interactions/expect.html", context, status=status)


@require_POST
@needs("work")
def step(request: StaffRequest, pk: int, verb: str) -> HttpResponse:
    """One tap: arrive, leave, did-not-come, cancel, or step-back. The list comes back as it now is."""
    try:
        visit, text = _take(request, pk, verb)
        taken = True
    except Visit.DoesNotExist as error:
        raise Http404 from error
    except arrivals.NotFromHereError as error:
        visit, text, taken = error.visit, _cannot(error.visit), False
    if verb == "step-back":
        return toasts.undone(request, _page_of(request, visit), text, heed=not taken)
    back = reverse("visit_step", args=[pk, "step-back"]) if taken else ""
    if not wants_fragment(request):
        return toasts.go_on(request, _page_of(request, visit), text, undo=back, heed=not taken)
    context = _day(request, request.venue.business_day(_moment_of(visit)))
    response = render_page(request, "interactions/arrivals.html", context, partial="day")
    return toasts.toast(response, text, undo=back, heed=not taken)


def _take(request: StaffRequest, pk: int, verb: str) -> tuple[Visit, str]:
    """Take the step that the verb names; give the visit and what to say. Raises Http404 for no such verb."""
    now, member = timezone.now(), request.membership
    match verb:
        case "arrive":
            visit, text = arrivals.arrive(pk, member, now=now), _("%(name)s is here.")
        case "leave":
            visit, text = (
                arrivals.leave(pk, member, now=now),
                _("%(name)s has left; the visit is on the timeline."),
            )
        case "did-not-come":
            visit, text = arrivals.did_not_come(pk, member, now=now), _("%(name)s did not come.")
        case "cancel":
            visit, text = arrivals.cancel(pk, member), _("%(name)s: cancelled.")
        case "step-back":
            visit, text = arrivals.step_back(pk, member, now=now), _("%(name)s: taken back.")
        case _:
            raise Http404
    return visit, text % {"name": visit.customer.name}


def _cannot(visit: Visit) -> str:
    """Why a step could not be taken: somebody took another one first."""
    words = {"name": visit.customer.name, "state": visit.get_state_display()}
    if visit.interaction_id and visit.state == Visit.State.ARRIVED:
        return _("%(name)s: the visit was logged. Take that back first, on the timeline.") % words
    return _("%(name)s is already marked “%(state)s”. Nothing was changed.") % words


def _moment_of(visit: Visit) -> datetime:
    return visit.expected_at or visit.arrived_at or visit.created_at


def _asked_day(request: StaffRequest) -> date:
    """The day in the address, else today's business day. Raises Http404 for what is no day of our times."""
    asked = request.GET.get("day", "")
    day = parse_day(asked) if asked else request.venue.business_day(timezone.now())
    if day is None:
        raise Http404
    return day


def _day(request: StaffRequest, day: date) -> dict[str, Any]:
    """The list of a business day, in the order in which people are expected."""
    now, venue = timezone.now(), request.venue
    visits = Visit.objects.at(venue).between(
        venue.day_starts_at(day), venue.day_starts_at(day + timedelta(days=1))
    )
    by_state: dict[str, list[Visit]] = {state: [] for state in Visit.State.values}
    for visit in visits.still_awaited().select_related("customer", "interaction"):
        by_state[visit.state].append(visit)
    customers = {visit.customer_id for listed in by_state.values() for visit in listed}
    return {
        "day": day,
        "today": venue.business_day(now),
        "previous": day - timedelta(days=1),
        "next": day + timedelta(days=1),
        "now": now,
        "sections": by_state,
        "marks": marks.of(customers, request.membership, now=now),
        "count": sum(map(len, by_state.values())),
    }


def _page_of(request: StaffRequest, visit: Visit) -> str:
    """The list on which a visit stands."""
    day = request.venue.business_day(_moment_of(visit))
    return f"{reverse('arrivals')}?day={day.isoformat()}"


def _next_half_hour() -> datetime:
    """The next full or half hour on the venue's clock: a first guess for the form."""
    soon = timezone.localtime() + timedelta(minutes=30)
    return soon.replace(minute=30 if soon.minute >= 30 else 0, second=0, microsecond=0)
