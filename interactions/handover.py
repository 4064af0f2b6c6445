"""Handing over: the outgoing shift leaves notes, the incoming one signs for them.

Each verb is safe to repeat, and says who was first where two people tap at once.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from interactions.models import HandoverNote
from staff.models import Membership


class SignedError(Exception):
    """Somebody has signed for it: it cannot be taken back any more."""


def leave(membership: Membership, *, now: datetime, text: str) -> HandoverNote:
    """Leave a note for the next shift of this venue."""
    return HandoverNote.objects.create(
        venue=membership.venue, text=text.strip(), written_by=membership.staff, written_at=now
    )


def sign(note_ids: Collection[int], membership: Membership, *, now: datetime) -> list[int]:
    """Sign for these notes; give those signed now. One's own and what somebody signed for are left as is."""
    with transaction.atomic():
        open_ones = HandoverNote.objects.of(membership).unsigned().filter(pk__in=note_ids)
        mine_to_sign = open_ones.exclude(written_by=membership.staff).select_for_update()
        taken = list(mine_to_sign.values_list("pk", flat=True))
        HandoverNote.objects.filter(pk__in=taken).update(signed_by=membership.staff, signed_at=now)
    return taken


def unsign(note_ids: Collection[int], membership: Membership) -> int:
    """Take one's own signature back; give how many notes wait again."""
    mine = HandoverNote.objects.of(membership).filter(pk__in=note_ids, signed_by=membership.staff)
    return mine.update(signed_by=None, signed_at=None)


@transaction.atomic
def take_back(note_id: int, membership: Membership, *, now: datetime) -> HandoverNote:
    """Take back one's own note. SignedError once somebody signed; DoesNotExist for another's."""
    mine = HandoverNote.objects.filter(venue=membership.venue_id, written_by=membership.staff)
    note = mine.select_for_update().get(pk=note_id)
    if note.signed_at is not None:
        raise SignedError
    note.withdrawn_at = note.withdrawn_at or now
    note.save(update_fields=["withdrawn_at"])
    return note


def put_back(note_id: int, membership: Membership) -> int:
    """Leave a note again that was taken back by whoever wrote it; give how many."""
    mine = HandoverNote.objects.filter(venue=membership.venue_id, written_by=membership.staff, pk=note_id)
    return mine.update(withdrawn_at=None)
