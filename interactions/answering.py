"""What staff answered to a cue, with what follows from it, and how it is taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from customers import remembering
from customers.models import Confirmation, Customer
from interactions import promises
from interactions.cues.card import Cue
from interactions.models import CueAnswer, FollowUp, FollowUpEvent
from staff.models import Membership

Answer = CueAnswer.Answer

# What another person did meanwhile; each says so in its own words.
TOO_LATE: Final = (remembering.EndedError, promises.EndedError, FollowUp.DoesNotExist)


class NotAnsweredError(Exception):
    """This person has not answered that cue today, or it was taken back already."""


@transaction.atomic
def answer(customer: Customer, cue: Cue, given: str, membership: Membership, *, now: datetime) -> None:
    """Keep the answer to a cue and do what it means; the same answer twice is one.

    ValueError for an answer that the cue does not offer; one of TOO_LATE where the thing itself was
    ended by somebody else meanwhile.
    """
    if given not in cue.answers:
        raise ValueError(f"{cue.kind} does not offer {given!r}")
    row = _row(customer, cue, membership, now)
    if row.answer == given:
        return
    row.answer, row.answered_at = given, now
    row.save(update_fields=["answer", "answered_at"])
    table, _colon, pk = cue.key.partition(":")
    if given == Answer.STILL_TRUE and table == "preference":
        _confirm(int(pk), membership, now)
    if given == Answer.DONE and table == "follow_up":
        promises.done(int(pk), membership, now=now)


@transaction.atomic
def take_back(customer: Customer, key: str, membership: Membership, *, now: datetime) -> None:
    """Undo this person's answer of today, and what followed from it.

    NotAnsweredError where there is none; `promises.ChangedError` or `remembering.CannotUndoError` where
    something was built on it since.
    """
    day = membership.venue.business_day(now)
    mine = CueAnswer.objects.select_for_update().exclude(answer="")
    row = mine.filter(customer=customer, cue_key=key, by=membership.staff, business_day=day).first()
    if row is None:
        raise NotAnsweredError
    table, _colon, pk = key.partition(":")
    if row.answer == Answer.STILL_TRUE and table == "preference":
        _unconfirm(int(pk), membership, now)
    if row.answer == Answer.DONE and table == "follow_up":
        event = FollowUpEvent.objects.filter(pgh_obj=int(pk)).latest("pk")
        promises.undo(event.pk, membership, now=now)
    row.answer, row.answered_at = "", None
    row.save(update_fields=["answer", "answered_at"])


def _row(customer: Customer, cue: Cue, membership: Membership, now: datetime) -> CueAnswer:
    """The row of this showing, locked; a folded cue was not shown until it is answered."""
    row, _made = CueAnswer.objects.select_for_update().get_or_create(
        customer=customer,
        cue_key=cue.key,
        by=membership.staff,
        business_day=membership.venue.business_day(now),
        defaults={
            "venue": membership.venue,
            "cue_kind": cue.kind,
            "lane": cue.lane,
            "shown_at": now,
        },
    )
    return row


def _confirm(preference_id: int, membership: Membership, now: datetime) -> None:
    try:
        remembering.confirm(preference_id, membership, now=now)
    except remembering.AlreadyHeardError:
        return  # a colleague heard the same sentence: it stands already


def _unconfirm(preference_id: int, membership: Membership, now: datetime) -> None:
    """Take back this person's own confirmation; a colleague's stays."""
    mine = Confirmation.objects.filter(
        preference=preference_id, by=membership.staff, undone_at=None, outcome=Confirmation.Outcome.CONFIRMED
    )
    heard = mine.order_by("at", "pk").last()
    if heard is not None and membership.venue.business_day(heard.at) == membership.venue.business_day(now):
        remembering.undo_hearing(heard.pk, membership, now=now)
