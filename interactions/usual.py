"""The usual, logged with one key: the very items that the card names."""

from __future__ import annotations

from datetime import datetime

from customers.models import Customer
from interactions import capture
from interactions.cues import load, today
from interactions.cues.card import Card
from interactions.items import Item
from interactions.models import Interaction
from staff.models import Membership


def is_on(card: Card) -> bool:
    """Whether the card names a usual."""
    return any(cue.kind == "usual" for cue in (*card.cues, *card.folded))


def items_of(customer: Customer, membership: Membership, *, now: datetime) -> tuple[Item, ...]:
    """What they usually have here and can have today; nothing for somebody without a habit."""
    dossier = load.dossier(customer, membership, now=now, channel="in_person", stage="during", unavailable=())
    names = today.habits(dossier).items
    return tuple(Item(name) for name in names if not today.is_out(dossier, name))


def log(customer: Customer, membership: Membership, *, now: datetime, token: str) -> Interaction:
    """Log a visit with the usual, or without items when there is none. ValueError as from `capture.log`."""
    # The log box beside the key has the same token, and may hold a line that is still to be logged.
    return capture.log(
        customer,
        membership,
        now=now,
        items=items_of(customer, membership, now=now),
        token=token and f"usual:{token}",
    )
