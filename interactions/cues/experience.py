"""What experience says: how cues were taken and how the house orders, for the dossier in three queries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from customers.models import Customer
from interactions.cues import questions
from interactions.cues.dossier import Idea, Moment, Shown
from interactions.cues.usual import ItemStats
from interactions.item_stats import key_of

SHOWN_FOR: Final = timedelta(days=90)


def shown(customer: Customer, moment: Moment) -> dict[str, Shown]:
    """How the showings of each cue went lately."""
    rows = questions.shown().ask(
        customer=customer.pk, now=moment.now, since=moment.now - SHOWN_FOR, today=moment.today
    )
    return {
        row.cue_key: Shown(
            days=row.days,
            used=row.used,
            ignored=row.earlier - row.useful,
            today=frozenset(row.now),
            lane=row.lane,
        )
        for row in rows
    }


def stats(venue: int, had: Collection[str]) -> ItemStats:
    """How the house orders what they had, under the names that their own timeline uses."""
    keys = {name: key_of(name) for name in had}
    rows = {row.item: row for row in questions.stats().ask(venue=venue, items=sorted(set(keys.values())))}
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
    rows = questions.ideas().ask(venue=venue, items=sorted({key_of(name) for name in had}))
    return tuple(Idea(*row) for row in rows)
