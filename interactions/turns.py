"""The shifts of a venue as stretches of time: which runs now, which comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from interactions import hours
from staff.models import Shift, Venue


@dataclass(frozen=True, slots=True)
class Turn:
    """One shift on one business day, from an aware moment to another; without a shift it is the whole day."""

    shift: Shift | None
    day: date
    starts: datetime
    ends: datetime

    @property
    def name(self) -> str:
        """What the shift is called."""
        return self.shift.name if self.shift else _("The whole day")


def turn_of(shift: Shift, day: date, venue: Venue) -> Turn:
    """A shift on a business day."""
    worked = hours.shift_on(day, shift.starts, shift.ends, venue.business_day_starts, venue.zone)
    return Turn(shift, day, worked.starts, worked.ends)


def whole_day(day: date, venue: Venue) -> Turn:
    """A business day, where nobody has drawn up shifts."""
    return Turn(None, day, venue.day_starts_at(day), venue.day_starts_at(day + timedelta(days=1)))


def turns(venue: Venue, shifts: Iterable[Shift], days: Iterable[date]) -> list[Turn]:
    """The shifts that are worked on these days, in order; whole days where there are no shifts at all."""
    shifts = list(shifts)
    if not shifts:
        return [whole_day(day, venue) for day in days]
    worked = [turn_of(each, day, venue) for day in days for each in shifts if day.weekday() in each.weekdays]
    return sorted(worked, key=lambda turn: (turn.starts, turn.ends, turn.name))


def around(venue: Venue, shifts: Iterable[Shift], now: datetime) -> list[Turn]:
    """The shifts of yesterday, today and the next two days, in order."""
    today = venue.business_day(now)
    return turns(venue, shifts, [today + timedelta(days=ahead) for ahead in range(-1, 3)])


def next_up(found: Iterable[Turn], now: datetime) -> Turn | None:
    """The shift that a briefing is wanted for: the next to start within the hour, else the one that runs."""
    ahead = [turn for turn in found if turn.ends > now]
    soon = [turn for turn in ahead if now <= turn.starts <= now + timedelta(hours=1)]
    return next(iter([*soon, *ahead]), None)
