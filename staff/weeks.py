"""Weeks of the rota. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

# Before the first and after the last of these a week would leave the calendar.
EARLIEST, LATEST = date(2000, 1, 3), date(2199, 12, 30)


def monday_of(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def parse_day(text: str) -> date | None:
    """An ISO day such as 2026-11-22; None for what is not a day of our times."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def parse_week(text: str) -> date | None:
    """The Monday of the week of an ISO day; None for what is not a day of our times."""
    day = parse_day(text)
    return monday_of(day) if day else None


def table_of(shifts: Sequence[Any], rows: Iterable[Any], monday: date) -> list[dict[str, Any]]:
    """The week as it is drawn: for each shift its seven days, each with whether it is worked and by whom."""
    down = defaultdict(list)
    for row in rows:
        down[row.shift_id, row.day].append(row)
    week = [monday + timedelta(days=ahead) for ahead in range(7)]
    return [
        {
            "shift": shift,
            "cells": [
                {"day": day, "worked": day.weekday() in shift.weekdays, "rows": down[shift.pk, day]}
                for day in week
            ],
        }
        for shift in shifts
    ]
