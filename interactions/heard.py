"""What was heard of customers in interactions, for the look-up: it finds people by what we remember."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from customers import keys
from customers.gathering import MOST_HEARD
from customers.models import Preference
from interactions.models import Interaction, InteractionItem

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
    latest = contacts.filter(place__lte=CONTACTS).order_by("customer", "place")
    items: dict[int, list[str]] = {}
    named = InteractionItem.objects.filter(interaction__customer__in=customer_ids).order_by("pk")
    for interaction, name in named.values_list("interaction", "name"):
        items.setdefault(interaction, []).append(name)
    heard: dict[int, dict[str, None]] = {}
    for row in latest.only("customer", "venue", "discretion", "summary", "words").iterator():
        words = heard.setdefault(row.customer_id, {})
        # What is heard beyond that is not kept, so it need not be read.
        if len(words) < MOST_HEARD:
            words.update(dict.fromkeys(words_of(row, items.get(row.pk, ()))))
    return {customer: list(words) for customer, words in heard.items()}
