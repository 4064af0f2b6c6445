"""The one-tap answers of the cue card."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.http import Http404, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from crm import toasts
from crm.pages import wants_fragment
from customers import remembering
from customers.models import Customer
from interactions import answering, promises
from interactions.cues import card_for
from interactions.cues.card import Card, Cue
from interactions.cues.render import answer_name
from interactions.views import opening
from staff.access import needs, note_access
from staff.middleware import StaffRequest
from staff.models import AccessLog


@require_safe
@needs("work")
@never_cache
def card(request: StaffRequest, pk: int) -> HttpResponse:
    """The card alone, for another stage of the visit; without scripts their page with that card."""
    customer = opening.find(request, pk)
    if not wants_fragment(request):
        page = reverse("customer", args=[customer.pk])
        return redirect(f"{page}?{request.GET.urlencode()}" if request.GET else page)
    note_access(request, AccessLog.Action.OPENED, customer)
    return render(request, "interactions/card.html", opening.deal(request, customer, timezone.now()))


@require_safe
@needs("work")
@never_cache
def as_json(request: StaffRequest, pk: int) -> HttpResponse:
    """The card as JSON, as this person may see it."""
    customer = opening.find(request, pk)
    note_access(request, AccessLog.Action.OPENED, customer, detail="json")
    return JsonResponse(opening.deal(request, customer, timezone.now())["card"].as_json())


@require_POST
@needs("work")
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Keep the answer to one cue; show the row with what was noted, or the form that changes the thing."""
    now, customer = timezone.now(), opening.find_active(request, pk)
    cue, given = _cue(request, customer, now), request.POST.get("answer", "")
    if given not in cue.answers:
        return HttpResponseBadRequest(_("That is no answer to this."))
    try:
        answering.answer(customer, cue, given, request.membership, now=now)
    except answering.TOO_LATE:
        return _say(request, customer, _("A colleague was first: that is settled already."), heed=True)
    if given == answering.Answer.CHANGED and cue.key.startswith("preference:"):
        return _go(request, reverse("preference_change", args=[customer.pk, cue.key.partition(":")[2]]))
    noted = replace(cue, answered=given, answered_name=answer_name(given), acknowledge=False)
    if wants_fragment(request):
        return _as_row(request, customer, noted)
    said = {"key": cue.key, "lane": cue.lane} | {
        name: value for name in ("via", "stage") if (value := request.POST.get(name))
    }
    undo = f"{reverse('cue_undo', args=[customer.pk])}?{urlencode(said)}"
    text = _("Noted: %(answer)s.") % {"answer": noted.answered_name}
    return toasts.go_on(request, reverse("customer", args=[customer.pk]), text, undo=undo)


@require_POST
@needs("work")
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Take an answer back; show the row as it was."""
    now, customer = timezone.now(), opening.find_active(request, pk)
    key, lane = _named(request)
    try:
        answering.take_back(customer, key, request.membership, now=now)
    except answering.NotAnsweredError:
        return _say(request, customer, _("Only who answered it today can take it back."), heed=True)
    except (promises.ChangedError, remembering.CannotUndoError):
        return _say(request, customer, _("It was changed since, and can no longer be taken back."), heed=True)
    if not wants_fragment(request):
        return toasts.undone(request, reverse("customer", args=[customer.pk]), _("Taken back."))
    cue = _dealt(request, customer, now).find(key, lane)
    return _as_row(request, customer, cue) if cue else HttpResponse()


def _named(request: StaffRequest) -> tuple[str, str]:
    """Which cue is meant: named in the form, or in the address of an undo button. Raises Http404 for none."""
    sent = request.POST if "key" in request.POST else request.GET
    key, lane = sent.get("key", ""), sent.get("lane", "")
    if "\0" in key:  # which no text in the database holds, nor may be asked for
        raise Http404
    return key, lane


def _cue(request: StaffRequest, customer: Customer, now: datetime) -> Cue:
    """The cue that is answered, as this person may see it. Raises Http404 when it is not on the card."""
    cue = _dealt(request, customer, now).find(*_named(request))
    if cue is None:
        raise Http404
    return cue


def _dealt(request: StaffRequest, customer: Customer, now: datetime) -> Card:
    """The card on which the answer was given: for the same channel and stage."""
    channel, stage = opening.came_by(request), opening.stage_of(request)
    return card_for(customer, request.membership, now=now, channel=channel, stage=stage)


def _as_row(request: StaffRequest, customer: Customer, cue: Cue) -> HttpResponse:
    part = "card_safety" if cue.lane == "safety" else "card_cue"
    context = {
        "cue": cue,
        "customer": customer,
        "via": opening.came_by(request),
        "stage": opening.stage_of(request),
    }
    return render(request, f"interactions/{part}.html", context)


def _go(request: StaffRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if wants_fragment(request) else redirect(url)


def _say(request: StaffRequest, customer: Customer, text: str, *, heed: bool) -> HttpResponse:
    if wants_fragment(request):
        response = HttpResponse(status=204)
        return toasts.toast(response, text, heed=heed)
    return toasts.go_on(request, reverse("customer", args=[customer.pk]), text, heed=heed)
