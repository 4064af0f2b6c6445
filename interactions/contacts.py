"""What a contact does to what we owe: staying in touch begins anew, an absence ends; and taking that back.

What a contact moved is written down with it, from when to when, so that it can be put back exactly.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from customers.models import Customer
from interactions import promises
from interactions.models import FollowUp, Interaction

Kind, Trigger = Interaction.Kind, FollowUp.Trigger

# Nobody spoke with the customer.
NO_CONTACT: Final = (Kind.NO_SHOW, Kind.HANDOVER, Kind.NOTE)
# One that was moved: its id, when it was due and what it was put off from before, when it is due now.
Move = list[Any]


def is_contact(interaction: Interaction) -> bool:
    """Whether somebody was in touch: an e-mail that went out by itself is not staying in touch."""
    by_itself = interaction.kind == Kind.MESSAGE and interaction.staff_id is None
    return interaction.kind not in NO_CONTACT and not by_itself


def note(interaction: Interaction) -> bool:
    """Start every stay-in-touch cadence again from this contact; a visit also ends an absence.

    Called in the transaction that writes the contact. An absence that had come due and was seen to by the
    customer coming back waits for the next one, and nobody is told of it any more. Gives whether it did any.
    """
    if not is_contact(interaction):
        return False
    moves = _begin_again(interaction.customer_id, interaction.occurred_at)
    if interaction.kind == Kind.VISIT:
        moves += _end_absences(interaction.customer_id)
    if moves:
        interaction.moved = [*(interaction.moved or []), *moves]
        Interaction.objects.filter(pk=interaction.pk).update(moved=interaction.moved)
    return bool(moves)


def take_back(interaction: Interaction, *, now: datetime) -> None:
    """Put back what this contact moved, where nobody moved it since, and let later contacts count instead.

    The caller holds the customer, and has written what else there is to take back.
    """
    moves = interaction.moved or []
    interaction.moved = None
    Interaction.objects.filter(pk=interaction.pk).update(moved=None)
    back = [move for move in moves if _put_back(move, now)]
    for move in moves:
        if move not in back:
            _hand_on(move, interaction)
    if back:
        for later in later_than(interaction):
            note(later)


def hold(customer_id: int) -> None:
    """Hold the customer until the transaction ends: contacts are taken back one after the other."""
    # Not FOR UPDATE: that would wait for everyone who has just written a contact, and they for us.
    Customer.objects.select_for_update(no_key=True).only("pk").get(pk=customer_id)


def _begin_again(customer_id: int, at: datetime) -> list[Move]:
    cadences = FollowUp.objects.open().filter(
        customer=customer_id, counts_from_contact=True, due_at__isnull=False
    )
    moves = []
    for cadence in cadences.select_related("venue").locked():
        following = promises.next_of_series(cadence, at)
        if following and cadence.due_at and following[0] > cadence.due_at:
            moves.append(_move(cadence, following[0]))
    return moves


def _end_absences(customer_id: int) -> list[Move]:
    absent = FollowUp.objects.open().filter(
        customer=customer_id,
        trigger__in=[Trigger.ABSENT_DAYS, Trigger.ABSENT_RHYTHM],
        due_at__isnull=False,
    )
    return [_move(follow_up, None) for follow_up in absent.locked()]


def _move(follow_up: FollowUp, due: datetime | None) -> Move:
    before = [_written(follow_up.due_at), _written(follow_up.snoozed_from)]
    promises.move(follow_up, due)
    return [follow_up.pk, *before, _written(due)]


def _put_back(move: Move, now: datetime) -> bool:
    """Have a follow-up due when it was, if it still is as the contact left it."""
    pk, due, snoozed_from, moved_to = move
    follow_up = FollowUp.objects.open().filter(pk=pk).locked().first()
    if follow_up is None or follow_up.snoozed_from or _written(follow_up.due_at) != moved_to:
        return False
    promises.move(follow_up, _read(due), now=now, snoozed_from=_read(snoozed_from))
    return True


def _hand_on(move: Move, interaction: Interaction) -> None:
    """What a later contact moved on goes back, if that is taken back too, to before this one."""
    pk, due, snoozed_from, moved_to = move
    for later in later_than(interaction).filter(moved__isnull=False):
        for one in later.moved or []:
            if one[:2] == [pk, moved_to] and one[2] is None:
                one[1:3] = [due, snoozed_from]
                Interaction.objects.filter(pk=later.pk).update(moved=later.moved)
                return


def later_than(interaction: Interaction) -> QuerySet[Interaction]:
    """What was written down of the same customer since, in that order."""
    written = Interaction.objects.filter(
        customer=interaction.customer_id, created_at__gte=interaction.created_at
    )
    since = written.exclude(pk=interaction.pk).select_related("customer", "venue")
    return since.order_by("created_at", "pk")


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read(words: str | None) -> datetime | None:
    return datetime.fromisoformat(words) if words else None
