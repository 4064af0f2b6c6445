"""What was heard of customers in interactions, for the look-up: it finds people by what we remember."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from customers import keys
from customers.models import Preference
from interactions.models import Interaction

# What was said longer ago than this many contacts no longer tells who is meant.
CONTACTS = 60


def words_of(interaction: Interaction, items: Iterable[str]) -> list[str]:
    """The words of one interaction: its items first, then what we wrote and what they said."""
    for_managers = interaction.discretion == Preference.Discretion.MANAGERS_ONLY
    text = " ".join([*items, interaction.summary, interaction.words])
    return keys.words_heard(text, managers_of=interaction.venue_id if for_managers else None)


def heard_from(customer_ids: Collection[int]) -> dict[int, list[str]]:
    """The words of the latest contacts of these customers, the newest first; two queries."""
    newest = Window(RowNumber(), partition_by="customer", order_by=[F("occurred_at").desc(), F("pk").desc()])
    contacts = Interaction.objects.filter(customer__in=customer_ids).annotate(place=newest)
    latest = contacts.filter(place__lte=CONTACTS).order_by("customer", "place").prefetch_related("items")
    heard: dict[int, list[str]] = {}
    for row in latest:
        heard.setdefault(row.customer_id, []).extend(words_of(row, [item.name for item in row.items.all()]))
    return heard
