"""The briefing of a shift, on screen and on paper, and the handover from one shift to the next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from crm import toasts
from crm.pages import render_page
from interactions import briefing, handover, turns
from interactions.forms.handover import NoteForm
from interactions.models import HandoverNote
from interactions.turns import Turn
from staff.access import needs, note_access
from staff.middleware import StaffRequest
from staff.models import AccessLog
from staff.weeks import parse_day

SIGNED_SHOWN = timedelta(hours=24)


@require_safe
@needs("work")
@never_cache
def index(request: StaffRequest) -> HttpResponse:
    """The briefing of the shift asked for, else of the next one; `print` also asks for it on paper."""
    context = _context(request, timezone.now())
    is_print = "print" in request.GET
    action = AccessLog.Action.PRINTED if is_print else AccessLog.Action.OPENED
    note_access(request, action, "briefing", detail=f"{context['sheet'].turn.day} {context['here']}")
    return render_page(request, "interactions/briefing.html", {**context, "print": is_print})


@require_POST
@needs("work")
def leave(request: StaffRequest) -> HttpResponse:
    """Leave a note for the next shift."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        context = {**_context(request, timezone.now()), "note_form": form}
        return render_page(request, "interactions/briefing.html", context, status=422)
    note = handover.leave(request.membership, now=timezone.now(), text=form.cleaned_data["text"])
    undo = reverse("handover_take_back", args=[note.pk])
    return toasts.go_on(
        request, reverse("briefing"), _("Left. It stays until somebody signs for it."), undo=undo
    )


@require_POST
@needs("work")
def sign(request: StaffRequest) -> HttpResponse:
    """Sign for the notes that were ticked."""
    asked = [int(pk) for pk in request.POST.getlist("note") if pk.isdecimal() and len(pk) < 19]
    taken = handover.sign(asked, request.membership, now=timezone.now())
    if not taken:
        text = _("Nothing was left to sign for: somebody was quicker, or nothing was ticked.")
        return toasts.go_on(request, reverse("briefing"), text, heed=True)
    text = ngettext("Signed for %(n)s note.", "Signed for %(n)s notes.", len(taken)) % {"n": len(taken)}
    undo = f"{reverse('handover_unsign')}?{urlencode({'note': taken}, doseq=True)}"
    return toasts.go_on(request, reverse("briefing"), text, undo=undo)


@require_POST
@needs("work")
def unsign(request: StaffRequest) -> HttpResponse:
    """Take one's own signature back."""
    asked = [int(pk) for pk in request.GET.getlist("note") if pk.isdecimal() and len(pk) < 19]
    handover.unsign(asked, request.membership)
    return toasts.undone(request, reverse("briefing"), _("The notes wait for a signature again."))


@require_POST
@needs("work")
def take_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back one's own note."""
    note = get_object_or_404(HandoverNote, pk=pk, venue=request.venue, written_by=request.staff)
    try:
        handover.take_back(note.pk, request.membership, now=timezone.now())
    except handover.SignedError:
        text = _("Somebody has signed for it, so it stays.")
        return toasts.undone(request, reverse("briefing"), text, heed=True)
    return toasts.undone(request, reverse("briefing"), _("The note is taken back."))


def _context(request: StaffRequest, now: datetime) -> dict[str, Any]:
    found = turns.around(request.venue, request.venue.shifts.all(), now)
    turn = _chosen(request, now, found)
    sheet = briefing.compose(request.membership, turn, now)
    signed = HandoverNote.objects.of(request.membership).signed_since(now - SIGNED_SHOWN)
    shift = {"shift": turn.shift.pk} if turn.shift else {}
    return {
        "sheet": sheet,
        "choices": [each for each in found if each.ends > now],
        "here": urlencode({**shift, "day": turn.day.isoformat()}),
        "to_sign": any(note.written_by_id != request.staff.pk for note in sheet.notes),
        "signed": signed.select_related("written_by", "signed_by"),
        "note_form": NoteForm(),
        "now": now,
    }


def _chosen(request: StaffRequest, now: datetime, found: list[Turn]) -> Turn:
    """The shift asked for on its day; Http404 where there is no such shift here, or no such day."""
    asked, day = request.GET.get("shift"), request.GET.get("day")
    today = request.venue.business_day(now)
    if not asked and not day:
        return turns.next_up(found, now) or turns.whole_day(today, request.venue)
    when = parse_day(day) if day else today
    if when is None:
        raise Http404
    if not asked:
        return turns.whole_day(when, request.venue)
    shifts = request.venue.shifts.filter(pk=asked) if asked.isdecimal() and len(asked) < 19 else None
    shift = shifts.first() if shifts is not None else None
    if shift is None:
        raise Http404
    return turns.turn_of(shift, when, request.venue)
