"""Recovery: the complaints that are open, one complaint's way, and the tab of one customer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import toasts
from crm.pages import render_page
from customers.models import Customer
from customers.vocabulary import empathy
from interactions import recovery, taking_back
from interactions.forms import recovery as forms
from interactions.models import Complaint, ComplaintStep, Feedback
from interactions.recovery import MovedOnError, State
from interactions.views import opening
from staff.access import needs
from staff.middleware import StaffRequest

# Each verb of a complaint: where it may start, its form, and the deed.
VERBS: Final[dict[str, tuple[tuple[str, ...], type[forms.StepForm], Callable[..., Complaint]]]] = {
    "take": (recovery.MAY_TAKE, forms.TakeForm, recovery.take),
    "promise": (recovery.MAY_PROMISE, forms.PromiseForm, recovery.promise),
    "resolve": (recovery.MAY_RESOLVE, forms.ResolveForm, recovery.resolve),
    "check": (recovery.MAY_CHECK, forms.CheckForm, recovery.check),
    "close": (recovery.MAY_CLOSE, forms.CloseForm, recovery.close),
    "reopen": (recovery.MAY_REOPEN, forms.ReopenForm, recovery.reopen),
}
# What the house would like to happen next, and so is open on the page.
NEXT: Final = {
    State.HEARD: "take",
    State.OWNED: "promise",
    State.PROMISED: "resolve",
    State.RESOLVED: "check",
    State.CHECKED: "close",
    State.CLOSED: "",
}
PAGE: Final = 50
# A customer's own tab: as many as anybody reads.
OF_CUSTOMER: Final = 30


@require_safe
@needs("work")
@never_cache
def index(request: StaffRequest) -> HttpResponse:
    """Open complaints, the longest waiting first, and low scores that nobody answered; or the closed ones."""
    readable = Complaint.objects.visible_to(request.membership).at(request.venue)
    show_closed = request.GET.get("show") == "closed"
    rows = (
        readable.filter(state=State.CLOSED).order_by("-closed_at", "-id") if show_closed else readable.open()
    )
    page = Paginator(rows.select_related("customer", "owner"), PAGE).get_page(request.GET.get("page"))
    scores = Feedback.objects.visible_to(request.membership).filter(venue=request.venue).unanswered()
    context = {
        "page": page,
        "repeated": recovery.repeated(list(page), request.membership),
        "show_closed": show_closed,
        "scores": [] if show_closed else scores.select_related("customer")[:PAGE],
        "now": timezone.now(),
    }
    return render_page(request, "interactions/recovery.html", context)


@require_safe
@needs("work")
@never_cache
def complaint(request: StaffRequest, pk: int) -> HttpResponse:
    """One complaint: how far it has come, what comes next, and every step so far."""
    return _page(request, _find(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("work")
@never_cache
def step(request: StaffRequest, pk: int, verb: str) -> HttpResponse:
    """Take a complaint further by one verb."""
    if verb not in VERBS:
        raise Http404
    found = _find(request, pk)
    if request.method != "POST":
        return _page(request, found, verb)
    form = VERBS[verb][1](request.POST, now=timezone.now(), complaint=found)
    if not form.is_valid():
        return _page(request, found, verb, form)
    where = reverse("complaint", args=[pk])
    try:
        VERBS[verb][2](pk, request.membership, now=form.now, **form.cleaned_data)
    except MovedOnError as moved:
        words = {"state": moved.complaint.get_state_display()}
        text = _("Somebody was quicker: it is “%(state)s” already. Nothing was changed.") % words
        return toasts.go_on(request, where, text, heed=True)
    last = taking_back.last_undoable(found, request.membership)
    undo_at = reverse("complaint_undo", args=[last.pk]) if last else ""
    return toasts.go_on(request, where, _("Noted. The step is written down."), undo=undo_at)


@require_POST
@needs("work")
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back the last step of a complaint."""
    readable = Complaint.objects.visible_to(request.membership).at(request.venue)
    step = get_object_or_404(ComplaintStep, pk=pk, complaint__in=readable)
    where = reverse("complaint", args=[step.complaint_id])
    try:
        taking_back.undo(pk, request.membership, now=timezone.now())
    except MovedOnError:
        text = _("This step is not the last any more, or not yours to take back. Nothing was changed.")
        return toasts.undone(request, where, text, heed=True)
    return toasts.undone(request, where, _("Taken back. It stands as it did before."))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("work")
@never_cache
def of_customer(request: StaffRequest, pk: int) -> HttpResponse:
    """A customer's complaints and scores; write down a new complaint."""
    is_post = request.method == "POST"
    person = opening.find_active(request, pk) if is_post else opening.find(request, pk)
    form = forms.HearForm(request.POST if is_post else None, initial={"token": uuid.uuid4()})
    if is_post and form.is_valid():
        heard = recovery.hear(person, request.membership, now=timezone.now(), **form.cleaned_data)
        return toasts.go_on(request, reverse("complaint", args=[heard.pk]), _("Heard, and on the timeline."))
    return customer_page(request, person, hear_form=form)


def customer_page(request: StaffRequest, person: Customer, **filled: Any) -> HttpResponse:
    """The tab, with the forms as they were filled in; 422 when one was not taken."""
    known = person.complaints.visible_to(request.membership).select_related("owner", "venue")
    complaints = list(known.order_by("-opened_at", "-id")[:OF_CUSTOMER])
    scores = person.feedback.visible_to(request.membership).select_related("venue", "answered_by")
    context = {
        "customer": person,
        "complaints": complaints,
        "repeated": recovery.repeated(complaints, request.membership),
        "scores": scores[:OF_CUSTOMER],
        "hear_form": forms.HearForm(initial={"token": uuid.uuid4()}),
        "feedback_form": forms.FeedbackForm(initial={"token": uuid.uuid4()}, auto_id="feedback_%s"),
        "prompts": _prompts(request, person),
        "now": timezone.now(),
        **filled,
    }
    status = 422 if request.method == "POST" else 200
    return render_page(request, "interactions/customer_complaints.html", context, status=status)


def _find(request: StaffRequest, pk: int) -> Complaint:
    readable = Complaint.objects.visible_to(request.membership).at(request.venue)
    return get_object_or_404(
        readable.select_related("customer__home_venue", "owner", "opened_by", "venue"), pk=pk
    )


def _page(
    request: StaffRequest, found: Complaint, verb: str = "", form: forms.StepForm | None = None
) -> HttpResponse:
    now = timezone.now()
    open_verbs = {name: VERBS[name][1] for name in VERBS if found.state in VERBS[name][0]}
    if found.owner == request.staff:
        open_verbs.pop("take", None)
    if verb and verb not in open_verbs and form is None:
        raise Http404
    steps = {name: make(now=now, complaint=found, auto_id=f"{name}_%s") for name, make in open_verbs.items()}
    if form is not None and verb in steps:
        steps[verb] = form
    earlier = recovery.repeated([found], request.membership).get(found.pk, [])
    context = {
        "complaint": found,
        "customer": found.customer,
        "steps": steps,
        "next_verb": NEXT[State(found.state)],
        "asked": verb,
        "taken": found.steps.select_related("by", "undone_by"),
        "undoable": taking_back.last_undoable(found, request.membership),
        "follow_ups": found.follow_ups.open().select_related("owner").order_by("due_at", "id"),
        "earlier": earlier,
        "prompts": _prompts(request, found.customer, found, again=bool(earlier)),
        "states": _way(found),
        "now": now,
    }
    return render_page(request, "interactions/complaint.html", context, status=422 if form else 200)


def _way(found: Complaint) -> list[tuple[str, str]]:
    """The states in order with how each stands: done, now or empty."""
    order = list(State)
    here = order.index(State(found.state))
    return [
        (
            str(state.label),
            "done" if at < here or found.state == State.CLOSED else "now" if at == here else "",
        )
        for at, state in enumerate(order)
    ]


def _prompts(
    request: StaffRequest, customer: Customer, found: Complaint | None = None, *, again: bool = False
) -> list[tuple[str, str, str]]:
    """What to say at this point of the way: when, the words, their language.

    In the language of the page, and in the customer's too where that is the other one we speak.
    """
    page = get_language() or "en"
    spoken = (
        [page] if not customer.language or customer.language[:2] == page[:2] else [page, customer.language]
    )
    person = {"staff": request.staff.display_name, "badge": request.staff.badge_number or "–"}
    is_asking = found is not None and found.state in {State.RESOLVED, State.CHECKED}
    moments = [
        (_("To begin"), "complaint, again" if again else "complaint, opening"),
        (_("To read it back"), "complaint, read back"),
        (_("To promise"), "complaint, promise"),
        (_("To end with"), "closing"),
    ]
    if is_asking:
        moments = [(_("To ask how it is now"), "complaint, check"), (_("To end with"), "closing")]
    return [
        (title, empathy(moment, language).format(**person), language[:2])
        for title, moment in moments
        for language in spoken
        if language[:2] in {"en", "zh"}
    ]
