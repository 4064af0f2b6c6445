"""What experience says: how cues were taken and how the house orders, for the dossier in three queries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q, Value

from customers.models import Customer
from interactions.cues.dossier import Idea, Moment, Shown
from interactions.cues.usual import ItemStats
from interactions.item_stats import key_of
from interactions.models import CueAnswer, ItemPair, ItemStat

IDEAS: Final = 60
SHOWN_FOR: Final = timedelta(days=90)
USEFUL: Final = ("used", "still_true", "changed", "done", "asked")


def shown(customer: Customer, moment: Moment) -> dict[str, Shown]:
    """How the showings of each cue went lately, counted by the database."""
    today: date = moment.today
    before, days = Q(business_day__lt=today), Count("business_day", distinct=True)
    rows = (
        CueAnswer.objects.filter(
            customer=customer.pk, shown_at__gt=moment.now - SHOWN_FOR, shown_at__lte=moment.now
        )
        .order_by()
        .values("cue_key", "lane")
        .annotate(
            days=days,
            earlier=Count("business_day", distinct=True, filter=before),
            useful=Count("business_day", distinct=True, filter=before & Q(answer__in=USEFUL)),
            used=Count("business_day", distinct=True, filter=Q(answer="used")),
            now=ArrayAgg(
                "answer", distinct=True, filter=Q(business_day=today) & ~Q(answer=""), default=Value([])
            ),
        )
    )
    return {
        row["cue_key"]: Shown(
            days=row["days"],
            used=row["used"],
            ignored=row["earlier"] - row["useful"],
            today=frozenset(row["now"]),
            lane=row["lane"],
        )
        for row in rows
    }


def stats(venue: int, had: Collection[str]) -> ItemStats:
    """How the house orders what they had, under the names that their own timeline uses."""
    keys = {name: key_of(name) for name in had}
    rows = {row.item: row for row in ItemStat.objects.filter(venue=venue, item__in=set(keys.values()))}
    known = {name: rows[key] for name, key in keys.items() if key in rows}
    repeats, chances = (sum(getattr(row, name) for row in rows.values()) for name in ("repeats", "chances"))
    return ItemStats(
        buyers={name: row.buyers for name, row in known.items()},
        repeats={name: row.repeats for name, row in known.items()},
        chances={name: row.chances for name, row in known.items()},
        average=repeats / chances if chances else ItemStats().average,
    )


def ideas(venue: int, had: Collection[str]) -> tuple[Idea, ...]:
    """What others with one of these usuals take, most people first."""
    rows = ItemPair.objects.filter(venue=venue, usual__in={key_of(name) for name in had})
    found = rows.order_by("-people", "-share", "item").values_list("usual", "item", "people", "share")
    return tuple(Idea(*row) for row in found[:IDEAS])
