"""What a playbook may make of an occasion, and when that is due. Pure: time comes in as an argument.

Whatever touches a safety fact or something to avoid, whatever goes a way that the customer refused, and
whatever meets an open complaint is not made; nor is what is owed already, or more than the cap allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from interactions import scheduling
from interactions.cues.dossier import Fact
from interactions.cues.touches import HOLDING, first_touched, ruled_out

MADE: Final = "made"
WEEK: Final = timedelta(days=7)
# What is entered late (a visit logged days after it took place) is still seen.
LOOKS_BACK: Final = timedelta(days=7)
# Two days of one year on which the same person has a birthday (by two calendars) are one birthday.
NOT_AGAIN_FOR: Final = timedelta(days=300)


@dataclass(frozen=True, slots=True)
class Came:
    """An occasion that came for a customer at an aware moment; its key comes once for each customer."""

    customer: int
    key: str
    at: datetime
    complaint: int | None = None
    interaction: int | None = None
    owed: bool = False
    """Whether somebody owes it already."""
    once_a_year: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What a playbook does: its words, what they touch, and which way it goes to the customer (or none)."""

    text: str
    category: str = ""
    way: str = ""
    writes: bool = False
    signed: bool = True
    can_go: bool = True
    """Whether its channel is there."""
    due_days: int = 0
    due_time: time = scheduling.MORNING


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with one customer."""

    guards: tuple[Fact, ...] = ()
    open_cases: frozenset[int] = frozenset()
    allowed: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    has_one_open: bool = False
    """Whether what this playbook made last is still to be done."""
    last_made: datetime | None = None
    """When this playbook's last occasion of theirs came."""
    made: tuple[datetime, ...] = ()
    """When any playbook made something for them."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An occasion and what becomes of it: "made", or the reason why not; and when it would be due."""

    came: Came
    outcome: str
    due_at: datetime


def window(switched_on: datetime, looked_until: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """The stretch (since, until] of occasions to look at: from the last look on, and a week before it.

    Nothing from before it was switched on, and nothing left out however long nobody looked.
    """
    since = max(switched_on, (looked_until or switched_on) - LOOKS_BACK)
    return min(since, now), now


def due_at(came_at: datetime, plan: Plan, zone: ZoneInfo) -> datetime:
    """When it is due: at its time of day on the venue's clock, at or after the occasion and so many days."""
    return scheduling.days_later(scheduling.next_time(came_at, plan.due_time, zone), plan.due_days, zone)


def decide(plan: Plan, came: Came, standing: Standing, cap: int, at: datetime) -> str:
    """Whether it is made at an aware moment, "made" or the gravest reason why not."""
    guards = [fact for fact in standing.guards if fact.kind in HOLDING or ruled_out(fact)]
    touched = first_touched(guards, plan.text, plan.category)
    if touched:
        return "safety" if touched.kind == "safety" else "avoid"
    checks = (
        ("refusal", plan.way in standing.refused or (plan.writes and plan.way not in standing.allowed)),
        ("complaint", bool(standing.open_cases - {came.complaint})),
        ("owed", came.owed or standing.has_one_open),
        ("again", came.once_a_year and _too_soon(standing.last_made, came.at)),
        ("unsigned", not plan.signed),
        ("no_way", not plan.can_go),
        ("cap", within_a_week(standing.made, at) >= cap),
    )
    return next((reason for reason, holds in checks if holds), MADE)


def within_a_week(made: Iterable[datetime], at: datetime) -> int:
    """How many were made in the seven days that end at a moment."""
    return sum(1 for each in made if at - WEEK < each <= at)


def judge(
    plan: Plan,
    occasions: Iterable[Came],
    standings: Mapping[int, Standing],
    *,
    cap: int,
    zone: ZoneInfo,
    now: datetime | None = None,
) -> Iterator[Judged]:
    """What becomes of each occasion, the earliest first, each counting for those after it.

    All are judged as of `now`; without it, each as of the moment at which it came.
    """
    after = dict(standings)
    for came in sorted(occasions, key=lambda each: (each.at, each.customer, each.key)):
        at = now or came.at
        standing = after.get(came.customer, Standing())
        outcome = decide(plan, came, standing, cap, at)
        if outcome == MADE:
            made = (*standing.made, at)
            is_open = standing.has_one_open or now is not None
            after[came.customer] = replace(standing, made=made, last_made=came.at, has_one_open=is_open)
        yield Judged(came, outcome, due_at(came.at, plan, zone))


def _too_soon(last: datetime | None, at: datetime) -> bool:
    return last is not None and abs(at - last) < NOT_AGAIN_FOR
