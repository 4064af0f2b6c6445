"""The usual: what a customer will have now, ranked from what they had before. Pure; no Django anywhere.

    predict(visits, *, venue=None, at=None, stats=None, k=10) -> list[ItemScore]

A visit is `(at, venue, items)`: a datetime, anything hashable, and a collection of hashables. Visits come
oldest first. `stats = ItemStats.from_histories(histories)` says how the whole house behaves, where a
history is one customer's visits; without it every item is taken to be alike.

The score is the base-level activation of ACT-R (J. R. Anderson and L. J. Schooler, "Reflections of the
environment in memory", 1991; for baskets: M. Li et al., "Next basket recommendation reality check", 2023)
with age counted in visits, weighed by how often the house buys the item again, how popular it is, and
whether it was had here:

    score = sum over visits that had it of age^-1/2 · place  ×  rebuy^0.3  ×  popularity^0.1
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

DECAY: Final = 0.5
REBUY_POWER: Final = 0.3
POPULARITY_POWER: Final = 0.1
ELSEWHERE: Final = 0.5
"""What a visit to another place counts, beside 1 for one to this place."""

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
    """How the whole house behaves: of those who had an item, how many had it again, and how many had it."""

    buyers: Mapping[Hashable, int] = field(default_factory=dict)
    rebuyers: Mapping[Hashable, int] = field(default_factory=dict)
    customers: int = 0

    @classmethod
    def from_histories(cls, histories: Iterable[History]) -> ItemStats:
        """Count over the histories of many customers, each a sequence of visits."""
        buyers: Counter[Hashable] = Counter()
        rebuyers: Counter[Hashable] = Counter()
        customers = 0
        for history in histories:
            customers += 1
            times = Counter(item for _at, _venue, items in history for item in set(items))
            buyers.update(times.keys())
            rebuyers.update(item for item, count in times.items() if count > 1)
        return cls(buyers, rebuyers, customers)

    def rebuy_rate(self, item: Hashable) -> float:
        """How likely somebody who had it has it again, 0 to 1; drawn to one half where few had it."""
        return (self.rebuyers.get(item, 0) + 1) / (self.buyers.get(item, 0) + 2)

    def popularity(self, item: Hashable) -> float:
        """How likely a customer has had it, 0 to 1; never 0."""
        return (self.buyers.get(item, 0) + 1) / (self.customers + 2)


def predict(
    visits: History,
    *,
    venue: Hashable = None,
    at: datetime | None = None,
    stats: ItemStats | None = None,
    k: int = 10,
) -> list[ItemScore]:
    """The k items most likely to be had now, best first. No visits, no items.

    `venue` is where they are: visits elsewhere count less. `at` is now, in the same zone as the visits,
    and only chooses which evidence is told. `stats` breaks ties and lifts what people come back for.
    """
    house = stats or ItemStats()
    activation = _activation(visits, venue)
    scored = sorted(
        ((_score(item, value, house), item) for item, value in activation.items()),
        key=lambda pair: (-pair[0], -house.rebuy_rate(pair[1]), str(pair[1])),
    )
    here = [visit for visit in visits if venue is None or visit[1] == venue] or list(visits)
    return [
        ItemScore(item, score, confidence(item, here), evidence(item, here, at)) for score, item in scored[:k]
    ]


def _activation(visits: History, venue: Hashable) -> dict[Hashable, float]:
    """How present each item is: every time it was had counts, the older the less."""
    found: dict[Hashable, float] = defaultdict(float)
    for age, (_at, place, items) in enumerate(reversed(visits), start=1):
        weight = age**-DECAY * (1.0 if venue is None or place == venue else ELSEWHERE)
        for item in set(items):
            found[item] += weight
    return found


def _score(item: Hashable, activation: float, stats: ItemStats) -> float:
    rebuy, popularity = stats.rebuy_rate(item), stats.popularity(item)
    return float(activation * rebuy**REBUY_POWER * popularity**POPULARITY_POWER)


def confidence(item: Hashable, visits: History) -> float:
    """The share of visits that had it, recent ones counting more, held down where there were few."""
    had = total = 0.0
    for age, (_at, _place, items) in enumerate(reversed(visits), start=1):
        weight = age**-DECAY
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
