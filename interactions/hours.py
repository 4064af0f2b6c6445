"""When somebody may be told by e-mail: in their shift, outside their quiet hours. Pure.

Things are moved, never dropped: `slots` always has a moment at which it goes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from interactions import scheduling

# As far ahead as the rota is asked; who is not down for anything by then is told without it.
AHEAD: Final = timedelta(days=8)
# Whoever is back later than this is away, and somebody else is told as well.
AWAY: Final = timedelta(hours=36)
WEEK: Final = 8


class NotNowError(Exception):
    """It must not go out at this hour: it waits until the moment given, and this was no attempt."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"not before {until:%Y-%m-%d %H:%M %Z}")
        self.until = until


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """A stretch of somebody's work, from an aware moment to another."""

    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of a venue's clock in which somebody wants no mail; they may run past midnight."""

    begins: time
    ends: time
    zone: ZoneInfo

    def over_by(self, moment: datetime) -> datetime:
        """The moment itself, or, if it is quiet then, when it no longer is."""
        clock = moment.astimezone(self.zone).time()
        within = (
            self.begins <= clock < self.ends
            if self.begins < self.ends
            else clock >= self.begins or clock < self.ends
        )
        return scheduling.next_time(moment, self.ends, self.zone) if within else moment


@dataclass(frozen=True, slots=True)
class Slot:
    """A chance to tell somebody: the start of the shift it belongs to, and when it goes out."""

    shift: datetime
    send_at: datetime


def shift_on(day: date, starts: time, ends: time, day_begins: time, zone: ZoneInfo) -> Stretch:
    """A shift on a business day; what starts before that day does belongs to the night that ends it."""
    first = day + timedelta(days=starts < day_begins)
    last = first + timedelta(days=ends <= starts)
    return Stretch(scheduling.at_time(first, starts, zone), scheduling.at_time(last, ends, zone))


def stretches(
    shifts: Iterable[tuple[time, time, Sequence[int]]], today: date, day_begins: time, zone: ZoneInfo
) -> list[Stretch]:
    """When a venue is worked from yesterday on for a week: its shifts, or whole business days without any.

    A shift is when it starts, when it ends and on which weekdays (0 is Monday).
    """
    days = [today + timedelta(days=offset) for offset in range(-1, WEEK)]
    kept = list(shifts) or [(day_begins, day_begins, range(7))]
    return sorted(
        shift_on(day, starts, ends, day_begins, zone)
        for day in days
        for starts, ends, weekdays in kept
        if day.weekday() in weekdays
    )


def slots(work: Sequence[Stretch], now: datetime, quiet: Quiet | None) -> list[Slot]:
    """The chances to tell somebody, the first one first: one for each stretch that is not over.

    The first may be under way, and then it is told now. Quiet hours that outlast a stretch move it on into
    a later one, where it belongs to that.
    """
    found = []
    for stretch in sorted(work):
        if stretch.ends <= now:
            continue
        send_at = max(stretch.starts, now)
        if quiet:
            send_at = quiet.over_by(send_at)
        found.append(Slot(stretch.starts, send_at))
    return found
