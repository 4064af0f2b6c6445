"""When a day of the year comes round, by the Gregorian or the Chinese lunar calendar. Pure."""

from __future__ import annotations

from datetime import date

from borax.calendars.lunardate import LunarDate

from interactions.scheduling import next_yearly

LUNAR = "lunar"


def next_day(month: int, day: int, calendar: str, on_or_after: date) -> date:
    """The next such day on or after a date.

    29 February falls on the 28th in a common year, the 30th of a lunar month on its 29th in a short one; a
    lunar day is that of the ordinary month, not of the leap month that may follow it.
    """
    if calendar != LUNAR:
        return next_yearly(month, day, on_or_after)
    year = on_or_after.year - 1
    while (found := _lunar_day(year, month, day)) < on_or_after:
        year += 1
    return found


def _lunar_day(lunar_year: int, month: int, day: int) -> date:
    """The Gregorian day of a lunar one; the day before when its month is a day short."""
    try:
        solar: date = LunarDate(lunar_year, month, day, 0).to_solar_date()
    except ValueError:
        solar = LunarDate(lunar_year, month, day - 1, 0).to_solar_date()
    return solar
