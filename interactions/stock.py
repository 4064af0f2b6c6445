"""Saying what the venue is out of today, and that it is back."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from interactions.item_stats import key_of
from interactions.models import ItemStat, OutToday
from staff.models import Membership, Venue

LISTED: Final = 30
OFFERED: Final = 200


def out(item: str, membership: Membership, *, now: datetime) -> OutToday:
    """Say that something is out at this person's venue for the rest of the business day; twice is once."""
    said = " ".join(item.split())
    row, _made = OutToday.objects.get_or_create(
        venue=membership.venue,
        business_day=membership.venue.business_day(now),
        key=key_of(said),
        back_at=None,
        defaults={"item": said, "said_at": now, "said_by": membership.staff},
    )
    return row


@transaction.atomic
def back(pk: int, membership: Membership, *, now: datetime) -> OutToday:
    """It can be had again. Raises OutToday.DoesNotExist at another venue; twice is once."""
    row = OutToday.objects.filter(venue=membership.venue_id).select_for_update().get(pk=pk)
    if row.back_at is None:
        row.back_at, row.back_by = max(now, row.said_at), membership.staff
        row.save(update_fields=["back_at", "back_by"])
    return row


def out_now(venue: Venue, now: datetime) -> list[OutToday]:
    """What is out at a venue now, by name."""
    return list(OutToday.objects.at(venue).on(venue.business_day(now)).order_by("key", "id"))


def earlier(venue: Venue, now: datetime) -> list[OutToday]:
    """What was out before or is back, the last first."""
    said = OutToday.objects.at(venue).select_related("said_by", "back_by")
    rows = said.exclude(business_day=venue.business_day(now), back_at=None)
    return list(rows[:LISTED])


def known_items(venue: Venue) -> list[str]:
    """What people have here, most of them first: offered while somebody types what is out."""
    rows = ItemStat.objects.filter(venue=venue).order_by("-buyers", "item")
    return list(rows.values_list("item", flat=True)[:OFFERED])
