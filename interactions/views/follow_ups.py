"""What we owe: the list, its verbs one by one and in bulk, and the tab of one customer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from crm import toasts
from crm.pages import render_page, wants_fragment
from customers.models import Customer
from interactions import alive, owing, promises
from interactions.forms.follow_up import (
    CancelForm,
    DoneForm,
    HandOverForm,
    PromiseForm,
    SnoozeForm,
    presets,
)
from interactions.forms.loan import LoanForm
from interactions.models import FollowUp
from interactions.promises import Changed
from interactions.views import opening
from staff.access import needs
from staff.middleware import StaffRequest

Verb = Callable[..., Changed]
# Each verb: its form, the deed, what the button and the dialog say.
VERBS: dict[str, tuple[Any, Verb]] = {
    "done": (DoneForm, promises.done),
    "snooze": (SnoozeForm, promises.snooze),
    "hand-over": (HandOverForm, promises.hand_over),
    "cancel": (CancelForm, promises.cancel),
}
ENDED_SHOWN = 20
# In the address of the list that a refused form leads back to: what was ticked there.
TICKED = "ticked"


@require_safe
@needs("work")
@never_cache
def index(request: StaffRequest) -> HttpResponse:
    """Overdue, later today, coming, and what waits: mine, my role's, nobody's or all."""
    now = timezone.now()
    whose = request.GET.get("whose", "for_me")
    if whose not in owing.WHOSE:
        raise Http404
    parts = _asked_sections(request, whose, now)
    context = _list_context(request, now) | {
        "whose": whose,
        "sections": parts,
        "is_empty": not any(part.rows for part in parts),
        "still_ticked": _numbers(request.GET.getlist(TICKED)),
        "bulk_forms": {
            name: form(
                membership=request.membership, now=now, auto_id="bulk_%s", use_required_attribute=False
            )
            for name, form in (("hand_over", HandOverForm), ("cancel", CancelForm))
        },
    }
    return render_page(request, "interactions/follow_ups.html", context, partial="list")


@require_safe
@never_cache
def due(request: HttpRequest) -> HttpResponse:
    """The frame's badge and banner, asked for again and again; nothing for who was logged out meanwhile.

    When the number is not the one that the badge shows, the lists on the page are told to look anew.
    """
    membership = getattr(request, "membership", None)
    if membership is None:
        return HttpResponse(status=204)
    reminders = alive.look(membership, timezone.now())
    context = {"reminders": reminders, "due_count": reminders.due}
    response = render_page(request, "interactions/due.html", context)
    if request.GET.get("was", str(reminders.due)) != str(reminders.due):
        trigger_client_event(response, "follow-ups-arrived", {})
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@needs("work")
@never_cache
def step(request: StaffRequest, pk: int, verb: str) -> HttpResponse:
    """One verb on one follow-up: ask what it needs to know, or do it."""
    if verb not in VERBS:
        raise Http404
    now = timezone.now()
    known = FollowUp.objects.visible_to(request.membership).select_related("customer", "owner")
    follow_up = get_object_or_404(known, pk=pk)
    said = request.POST if request.method == "POST" else None
    form = VERBS[verb][0](said, membership=request.membership, now=now)
    if request.method == "POST" and form.is_valid():
        return _do(request, pk, verb, form, now)
    context = {"follow_up": follow_up, "form": form, "verb": verb, "next": _next(request)}
    context["in_dialog"] = wants_fragment(request)
    status = 422 if request.method == "POST" else 200
    return render_page(request, "interactions/follow_up_step.html", context, partial="dialog", status=status)


@require_POST
@needs("work")
def bulk(request: StaffRequest) -> HttpResponse:
    """One verb on all that are ticked."""
    now, said = timezone.now(), request.POST.copy()
    # A button has one value, so the quick choices of a time carry it behind the verb.
    verb, _colon, said["until"] = request.POST.get("verb", "").partition(":")
    ticked = _numbers(request.POST.getlist("pk"))
    if not verb:
        return _refused(request, _("Choose what to do with what is ticked."), ticked)
    if verb not in VERBS:
        raise Http404
    form = VERBS[verb][0](said, membership=request.membership, now=now)
    visible = (
        FollowUp.objects.visible_to(request.membership).filter(pk__in=ticked).values_list("pk", flat=True)
    )
    if not visible or not form.is_valid():
        text = _("Tick what it is about first.") if not visible else _first_error(form)
        return _refused(request, text, ticked)
    deed = partial(VERBS[verb][1], membership=request.membership, now=now, **form.said())
    tally = promises.bulk(visible, deed)
    return _answer(
        request, _tally_words(tally), undo=_undo_address(*tally.changed), heed=bool(tally.ended or tally.gone)
    )


@require_POST
@needs("work")
def undo(request: StaffRequest) -> HttpResponse:
    """Put back what the changes in the address did."""
    events, now = _numbers(request.GET.getlist("change")), timezone.now()
    missed = 0
    for event in events[: owing.SHOWN * len(owing.SECTIONS)]:
        try:
            promises.undo(event, request.membership, now=now)
        except (promises.ChangedError, FollowUp.DoesNotExist):
            missed += 1
    where = reverse("follow_ups")
    if missed or not events:
        text = _("It was changed again since, so it cannot be taken back.")
        return toasts.undone(request, where, text, heed=True)
    return toasts.undone(request, where, _("Taken back."))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("work")
@never_cache
def of_customer(request: StaffRequest, pk: int) -> HttpResponse:
    """What we owe one customer, and what was lent to them; owe them something more."""
    now = timezone.now()
    person = opening.find_active(request, pk) if request.method == "POST" else opening.find(request, pk)
    said = request.POST if request.method == "POST" else None
    form = PromiseForm(said, customer=person, membership=request.membership, now=now)
    if request.method == "POST" and form.is_valid():
        promises.promise(person, request.membership, now=now, **form.said())
        where = reverse("customer_follow_ups", args=[person.pk])
        return toasts.go_on(request, where, _("Promised: %(text)s") % {"text": form.cleaned_data["text"]})
    return customer_page(request, person, now, form=form)


def customer_page(request: StaffRequest, person: Customer, now: datetime, **filled: Any) -> HttpResponse:
    """The tab, with the forms as they were filled in; 422 when one was not taken."""
    mine = FollowUp.objects.visible_to(request.membership).filter(customer=person)
    open_here = mine.open().with_manning().order_by("due_at", "id")
    ended = mine.exclude(state=FollowUp.State.OPEN).select_related("ended_by").order_by("-ended_at", "-id")
    context = _list_context(request, now) | {
        "customer": person,
        "here": reverse("customer_follow_ups", args=[person.pk]),
        "rows": owing.dressed(open_here, request.membership),
        "ended": ended[:ENDED_SHOWN],
        "loans": person.loans.at(request.venue).select_related("lent_by", "returned_to")[:ENDED_SHOWN],
        "form": PromiseForm(customer=person, membership=request.membership, now=now),
        "loan_form": LoanForm(now=now, auto_id="loan_%s"),
        **filled,
    }
    status = 422 if request.method == "POST" else 200
    page = "interactions/customer_follow_ups.html"
    return render_page(request, page, context, partial="list", status=status)


def _numbers(words: list[str]) -> list[int]:
    """Those of the words that are numbers which a row could have."""
    return [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 19]


def _do(request: StaffRequest, pk: int, verb: str, form: Any, now: datetime) -> HttpResponse:
    """Do the verb and say so, or say who was first."""
    try:
        changed = VERBS[verb][1](pk, request.membership, now=now, **form.said())
    except promises.EndedError as first:
        return _answer(request, _who_was_first(first.follow_up), heed=True)
    except FollowUp.DoesNotExist:  # taken back by a colleague just now
        return _answer(request, _("It is not there any more. Nothing was changed."), heed=True)
    return _answer(request, _done_words(verb, changed.follow_up), undo=_undo_address(changed))


def _answer(request: StaffRequest, text: str, *, undo: str = "", heed: bool = False) -> HttpResponse:
    """Back to the list it came from; a list on the page that htmx has fetches itself anew."""
    if wants_fragment(request):
        response = HttpResponse()  # empty, which closes the dialog that it came from
        trigger_client_event(response, "follow-ups-changed", {})
        return toasts.toast(response, text, undo=undo, heed=heed)
    return toasts.go_on(request, _next(request), text, undo=undo, heed=heed)


def _refused(request: StaffRequest, text: str, ticked: list[int]) -> HttpResponse:
    """Say what is missing; the list on the page stays as it is, one that is loaded anew keeps its ticks."""
    if wants_fragment(request):
        return toasts.toast(HttpResponse(), text, heed=True)
    where = _next(request)
    if ticked:
        sign = "&" if "?" in where else "?"
        where += sign + urlencode({TICKED: ticked[: owing.SHOWN * len(owing.SECTIONS)]}, doseq=True)
    return toasts.go_on(request, where, text, heed=True)


def _list_context(request: StaffRequest, now: datetime) -> dict[str, Any]:
    """What every list of follow-ups needs besides its rows."""
    asked = request.GET.copy()
    asked.pop(TICKED, None)  # ticked once is not ticked whenever one comes back
    here = f"{request.path}?{asked.urlencode()}" if asked else request.path
    return {"now": now, "presets": presets(now, request.membership), "here": here}


def _asked_sections(request: StaffRequest, whose: str, now: datetime) -> list[owing.Section]:
    """All the sections, or the one of which more was asked."""
    name, start = request.GET.get("section", ""), request.GET.get("from", "0")
    if not name:
        return owing.sections(request.membership, whose, now)
    if name not in owing.SECTIONS or not (start.isascii() and start.isdigit() and len(start) < 9):
        raise Http404
    return [owing.section(request.membership, whose, name, now, start=int(start))]


def _next(request: StaffRequest) -> str:
    """The page of ours that the form stood on."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/")
    return asked if is_ours else reverse("follow_ups")


def _undo_address(*changes: Changed) -> str:
    events = [change.event for change in changes if change.event is not None]
    return f"{reverse('undo_follow_ups')}?{urlencode({'change': events}, doseq=True)}" if events else ""


def _done_words(verb: str, follow_up: FollowUp) -> str:
    words = {
        "done": _("Done: %(text)s"),
        "snooze": _("Put off: %(text)s"),
        "hand-over": _("Handed over: %(text)s"),
        "cancel": _("Called off: %(text)s"),
    }
    return words[verb] % {"text": follow_up.text}


def _who_was_first(follow_up: FollowUp) -> str:
    """Somebody else ended it: who, and when."""
    words = {
        "text": follow_up.text,
        "state": follow_up.get_state_display(),
        "name": follow_up.ended_by.display_name if follow_up.ended_by else _("somebody"),
        "at": timezone.localtime(follow_up.ended_at).strftime("%H:%M") if follow_up.ended_at else "",
    }
    return _("%(text)s: already %(state)s, by %(name)s at %(at)s. Nothing was changed.") % words


def _tally_words(tally: promises.Tally) -> str:
    count = sum(1 for change in tally.changed if change.event is not None)
    text = ngettext("%(n)s changed.", "%(n)s changed.", count) % {"n": count}
    if tally.gone:
        gone = ngettext("%(n)s is not there any more.", "%(n)s are not there any more.", tally.gone)
        text = f"{text} {gone % {'n': tally.gone}}"
    if not tally.ended:
        return text
    names = ", ".join(follow_up.text for follow_up in tally.ended)
    return f"{text} {_('Somebody was quicker with: %(names)s') % {'names': names}}"


def _first_error(form: forms.Form) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)
