"""The usual: what a customer will have now, ranked from what they had before. Pure; no Django anywhere.

    predict(visits, *, venue=None, at=None, stats=None, k=10) -> list[ItemScore]

A visit is `(at, venue, items)`: a datetime, anything hashable, and a collection of hashables. Visits come
oldest first. `stats = ItemStats.from_histories(histories)` says how the whole house behaves, where a
history is one customer's visits (a single run of visits is taken for one customer's); without it every item
is taken to be alike. Times with and without an offset may be mixed: then only their clocks are compared.

The score is the base-level activation of ACT-R (J. R. Anderson and L. J. Schooler, "Reflections of the
environment in memory", 1991) with age counted in visits and in days; a visit counts less elsewhere, less
where many things were had at once, and less after another pause than the one before now. It is weighed by
whether it is time for the item again, and by how the house comes back to it:

    score = sum over visits that had it of  age^-0.1 ÷ (1 + days/15) · size^-0.4 · place · like(pauses)^0.1
            × like(days since they had it, days between two times)^0.2 × 0.78 if had once
            × share of purchases that are repeats ^0.3 × chance to be had again ^0.5

where like(a, b) is the smaller of two spans over the larger, half a day added to each. The numbers were
fitted on second-last baskets of two public data sets; `bench/usual.py` scores them on the last ones. Which
terms there are was chosen with the last baskets in sight, so its figures flatter it.
"""

from __future__ import annotations

import calendar
import itertools
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

Visit = tuple[datetime, Hashable, Collection[Hashable]]
History = Sequence[Visit]

DECAY: Final = 0.1
DAYS: Final = 15.0
"""After so many days a visit counts half."""

SIZE_POWER: Final = 0.4
"""How much less each thing tells that was had together with many others."""

ELSEWHERE: Final = 0.2
"""What a visit to another place counts, beside 1 for one to this place."""

PAUSE_POWER: Final = 0.1
DUE_POWER: Final = 0.2
DUE_PRIOR: Final = 30.0
"""Days added to the time over which an item was had, so that two times close together say little."""

ONCE: Final = 0.78
"""What one time counts, beside two of half the weight."""

REPEAT_POWER: Final = 0.3
RETURN_POWER: Final = 0.5

# How many purchases, and how many chances, the house's average weighs against what is known of one item.
REPEAT_PRIOR: Final = (2.0, 5.0)
RETURN_PRIOR: Final = 500.0
AVERAGE: Final = 0.05
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
    average: float = AVERAGE
    """The chance that any item is had again at a visit, over the whole house."""

    @classmethod
    def from_histories(cls, histories: Iterable[History] | Iterable[Visit]) -> ItemStats:
        """Count over the histories of many customers, each a sequence of visits, oldest first."""
        buyers: Counter[Hashable] = Counter()
        repeats: Counter[Hashable] = Counter()
        chances: Counter[Hashable] = Counter()
        for history in _one_by_one(histories):
            first: dict[Hashable, int] = {}
            for place, (_at, _venue, items) in enumerate(history):
                had = set(items)
                repeats.update(item for item in had if item in first)
                for item in had:
                    first.setdefault(item, place)
            buyers.update(first.keys())
            chances.update({item: len(history) - 1 - place for item, place in first.items()})
        every, again = sum(chances.values()), sum(repeats.values())
        return cls(buyers, repeats, chances, again / every if every else AVERAGE)

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
        return float(self.rebuy_rate(item) ** REPEAT_POWER * self.return_rate(item) ** RETURN_POWER)


def _one_by_one(given: Iterable[Any]) -> Iterator[History]:
    """One history after the other; visits that stand alone are one history together."""
    alone: list[Visit] = []
    for one in given:
        parts: Sequence[Any] = one if isinstance(one, Sequence) else list(one)
        if len(parts) == 3 and isinstance(parts[0], datetime):
            alone.append((parts[0], parts[1], parts[2]))
        else:
            yield parts
    if alone:
        yield alone


def predict(
    visits: History,
    *,
    venue: Hashable = None,
    at: datetime | None = None,
    stats: ItemStats | None = None,
    k: int = 10,
) -> list[ItemScore]:
    """The k items most likely to be had now, best first. No visits, no items.

    `venue` is where they are: visits elsewhere count less. `at` is now (in the zone in which weekdays are
    meant); without it, now is one usual pause after the last visit. `stats` tells what people come back for.
    """
    house = stats or ItemStats()
    activation = _activation(visits, venue, at)
    scored = sorted(
        ((value * house.weight(item), item) for item, value in activation.items()),
        key=lambda pair: (-pair[0], -house.rebuy_rate(pair[1]), str(pair[1]), type(pair[1]).__name__),
    )
    here = [visit for visit in visits if venue is None or visit[1] == venue] or list(visits)
    return [
        ItemScore(item, score, confidence(item, here), evidence(item, here, at))
        for score, item in scored[: max(k, 0)]
    ]


def _activation(visits: History, venue: Hashable, at: datetime | None) -> dict[Hashable, float]:
    """How present each item is: every time it was had counts, and whether it is time for it again."""
    if not visits:
        return {}
    ages = _ages(visits, at)
    pauses = [None, *(max(older - newer, 0.0) for older, newer in itertools.pairwise(ages))]
    found: dict[Hashable, float] = defaultdict(float)
    times: dict[Hashable, list[float]] = defaultdict(list)
    for place, ((_when, where, items), days, pause) in enumerate(zip(visits, ages, pauses, strict=True)):
        had = set(items)
        weight = (len(visits) - place) ** -DECAY / (1 + days / DAYS) * max(len(had), 1) ** -SIZE_POWER
        if venue is not None and where != venue:
            weight *= ELSEWHERE
        if pause is not None:
            weight *= _like(pause, ages[-1]) ** PAUSE_POWER
        for item in had:
            found[item] += weight
            times[item].append(days)
    return {item: value * due(times[item]) for item, value in found.items()}


def _ages(visits: History, at: datetime | None) -> list[float]:
    """How many days ago each visit was, never less than none."""
    last = visits[-1][0]
    before = [max(_days(last, when), 0.0) for when, _place, _items in visits]
    now = _days(at, last) if at is not None else before[0] / max(len(visits) - 1, 1)
    return [max(days + now, 0.0) for days in before]


def _days(later: datetime, earlier: datetime) -> float:
    """Days from one moment to another; by their clocks alone where only one has an offset."""
    if (later.utcoffset() is None) != (earlier.utcoffset() is None):
        later, earlier = later.replace(tzinfo=None), earlier.replace(tzinfo=None)
    return (later - earlier).total_seconds() / 86400


def _like(one: float, other: float) -> float:
    """How alike two spans of days are: 1 when they are the same."""
    low, high = sorted((one, other))
    return (low + 0.5) / (high + 0.5)


def due(days: list[float]) -> float:
    """Whether it is time for an item that was had so many days ago: 1 after its usual pause, else less."""
    since = min(days)
    between = (max(days) - since + DUE_PRIOR) / len(days)
    return float(_like(since, between) ** DUE_POWER) * (ONCE if len(days) == 1 else 1.0)


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
