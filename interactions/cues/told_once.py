"""What was written down several times is told once. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from interactions.cues.dossier import Fact


def gathered(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts; what was written down several times is told once, by its best known row and how often.

    One thing for another hour, channel or venue, or of another severity, is told by itself.
    """
    same: dict[tuple[object, ...], list[Fact]] = {}
    for fact in facts:
        said = (fact.kind, fact.category.casefold(), fact.value.strip().casefold())
        where = (fact.severity, fact.venue, fact.channels, fact.dayparts)
        same.setdefault((*said, *where), []).append(fact)
    best = [
        replace(max(rows, key=_standing), seen=sum(row.seen for row in rows)) if len(rows) > 1 else rows[0]
        for rows in same.values()
    ]
    return tuple(sorted(best, key=lambda fact: fact.id))


def _standing(fact: Fact) -> tuple[bool, datetime, int]:
    return fact.status != "observed", fact.confirmed_at or fact.recorded_at, fact.id
