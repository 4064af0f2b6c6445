"""What experience says: how cues were taken and how the house orders, made into plain data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from interactions.cues.dossier import Happening, Idea, Shown
from interactions.cues.usual import ItemStats
from interactions.item_stats import key_of

SHOWN_FOR: Final = timedelta(days=90)


def shown(rows: Iterable[Any]) -> dict[str, Shown]:
    """How the showings of each cue went lately."""
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


def keys_of(happenings: Iterable[Happening]) -> list[str]:
    """The keys under which the house counts what they had."""
    return sorted({key_of(name) for one in happenings for name in one.items})


def stats(rows: Iterable[Any], happenings: Iterable[Happening]) -> ItemStats:
    """How the house orders what they had, under the names that their own timeline uses."""
    by_key = {row.item: row for row in rows}
    had = {name for one in happenings for name in one.items}
    known = {name: by_key[key_of(name)] for name in had if key_of(name) in by_key}
    repeats, chances = (sum(getattr(row, name) for row in by_key.values()) for name in ("repeats", "chances"))
    return ItemStats(
        buyers={name: row.buyers for name, row in known.items()},
        repeats={name: row.repeats for name, row in known.items()},
        chances={name: row.chances for name, row in known.items()},
        average=repeats / chances if chances else ItemStats().average,
    )


def ideas(rows: Iterable[Any]) -> tuple[Idea, ...]:
    """What others with one of these usuals take, most people first."""
    return tuple(Idea(*row) for row in rows)
