"""At most one message a person, shift and channel about what is not urgent.

A digest is found or begun here, and closed when it is sent. It is locked while something is put into it and
while it is closed, so that nothing comes into one that is on its way.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from interactions.hours import Slot
from interactions.models import Delivery, Digest
from interactions.recipients import Crew
from staff.models import Staff

Found = dict[tuple[int, int], tuple[int, datetime]]


def gather(people: Iterable[tuple[Crew, Staff]], channel: str) -> Found:
    """The digest of each person at a venue that is still open on a channel, and when it goes out.

    They come by venue and person. Has to be in the transaction that writes the deliveries. Two queries for
    all whose digest of this shift is still open, and two more for each further shift that is looked at.
    """
    found: Found = {}
    left = {(crew.venue.pk, person.pk): crew.slots(person) for crew, person in people}
    while left:
        nearest = {key: slots.pop(0) for key, slots in left.items()}
        found |= _open(nearest, channel)
        left = {key: slots for key, slots in left.items() if key not in found}
    return found


def _open(wanted: dict[tuple[int, int], Slot], channel: str) -> Found:
    """Those of these digests that are open; ones that were not there yet are begun."""
    rows = [
        Digest(venue_id=venue, recipient_id=person, shift_starts_at=slot.shift, channel=channel)
        for (venue, person), slot in sorted(wanted.items())
    ]
    Digest.objects.bulk_create(rows, ignore_conflicts=True)
    there = (
        Digest.objects.filter(
            venue__in={venue for venue, _person in wanted},
            recipient__in={person for _venue, person in wanted},
            shift_starts_at__in={slot.shift for slot in wanted.values()},
            channel=channel,
            closed_at=None,
        )
        .select_for_update()
        .order_by("pk")
    )
    found: Found = {}
    for digest in there:
        slot = wanted.get((digest.venue_id, digest.recipient_id))
        if slot and slot.shift == digest.shift_starts_at:
            found[digest.venue_id, digest.recipient_id] = (digest.pk, slot.send_at)
    return found


def close(taken: list[Delivery], now: datetime) -> list[Delivery]:
    """Close the digests of these deliveries, which the caller holds locked; take all else that is in them.

    What is in a digest that somebody is just putting something into, or taking something out of, is left
    for the next time: what stayed behind in a closed one would go out later under the Message-ID of a
    letter that did not tell it, and mail programs take that for a repeat.
    """
    alone = [delivery for delivery in taken if delivery.digest_id is None]
    wanted = {delivery.digest_id for delivery in taken if delivery.digest_id is not None}
    if not wanted:
        return alone
    locked = Digest.objects.filter(pk__in=wanted).select_for_update(skip_locked=True)
    mine = {digest.pk: digest for digest in locked.order_by("pk")}
    free = Delivery.objects.free(now).filter(digest__in=mine).select_for_update(skip_locked=True)
    gathered = sorted(free, key=lambda delivery: (delivery.digest_id or 0, delivery.pk))
    torn = _in_other_hands(mine, gathered)
    for delivery in gathered:
        digest = mine[delivery.digest_id or 0]
        if digest.closed_at is None and digest.pk not in torn:
            digest.closed_at, digest.message_id = now, delivery.message_id
            digest.save(update_fields=["closed_at", "message_id"])
        delivery.digest = digest
    return alone + [delivery for delivery in gathered if delivery.digest_id not in torn]


def _in_other_hands(mine: dict[int, Digest], gathered: list[Delivery]) -> set[int]:
    """Which of these digests are open, and hold something that waits and could not be gathered."""
    is_open = [pk for pk, digest in mine.items() if digest.closed_at is None]
    rest = Delivery.objects.waiting().filter(digest__in=is_open).exclude(pk__in=[row.pk for row in gathered])
    return set(rest.values_list("digest_id", flat=True).distinct())
