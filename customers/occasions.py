"""When a day of the year comes round, by the Gregorian or the Chinese lunar calendar. Pure."""

from __future__ import annotations

import calendar as gregorian
from datetime import date

from borax.calendars.lunardate import LunarDate

LUNAR = "lunar"
LUNAR_MONTH_DAYS = 30


def exists(month: int, day: int, calendar: str) -> bool:
    """Whether any year has such a day: 29 February yes, 31 April no; a lunar month has 30 days at most."""
    if not 1 <= month <= 12 or day < 1:
        return False
    if calendar == LUNAR:
        return day <= LUNAR_MONTH_DAYS
    return day <= gregorian.monthrange(2000, month)[1]


def next_day(month: int, day: int, calendar: str, on_or_after: date) -> date:
    """The next such day on or after a date.

    29 February falls on the 28th in a common year, the 30th of a lunar month on its 29th in a short one; a
    lunar day is that of the ordinary month, not of the leap month that may follow it.
    """
    of_year = _lunar_day if calendar == LUNAR else _gregorian_day
    year = on_or_after.year - 1
    while (found := of_year(year, month, day)) < on_or_after:
        year += 1
    return found


def _gregorian_day(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, gregorian.monthrange(year, month)[1]))


def _lunar_day(lunar_year: int, month: int, day: int) -> date:
    """The Gregorian day of a lunar one; the day before when its month is a day short."""
    try:
        solar: date = LunarDate(lunar_year, month, day, 0).to_solar_date()
    except ValueError:
        solar = LunarDate(lunar_year, month, day - 1, 0).to_solar_date()
    return solar
