"""What a customer mostly has, so that it can be logged with one key."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from customers.models import Customer
from interactions import capture
from interactions.items import Item
from interactions.models import Interaction, InteractionItem
from staff.models import Membership

LOOKED_AT = 10
HABIT = 3


@dataclass(frozen=True, slots=True)
class Usual:
    """The items, in the order of how often they were had."""

    items: tuple[Item, ...]


def of(customer: Customer, membership: Membership, *, now: datetime) -> Usual | None:
    """The usual of a customer at this venue; None when there is no habit to speak of."""
    visits = (
        Interaction.objects.of(customer)
        .at(membership.venue)
        .filter(kind=Interaction.Kind.VISIT, occurred_at__lte=now)
        .newest_first()[:LOOKED_AT]
    )
    names = InteractionItem.objects.filter(interaction__in=list(visits)).values_list("name", flat=True)
    times = Counter(names)
    items = tuple(Item(name) for name, count in times.most_common(2) if count >= max(HABIT, len(times) // 2))
    return Usual(items) if items else None


def log(customer: Customer, membership: Membership, *, now: datetime, token: str) -> Interaction:
    """Log a visit with the usual, or without items when there is none."""
    known = of(customer, membership, now=now)
    # The log box beside the key has the same token, and may hold a line that is still to be logged.
    token = token and f"usual:{token}"
    return capture.log(customer, membership, now=now, items=known.items if known else (), token=token)
