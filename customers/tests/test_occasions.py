"""When a day of the year comes round."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers import occasions


@pytest.mark.parametrize(
    ("month", "day", "calendar", "today", "comes"),
    [
        (5, 12, "gregorian", date(2026, 5, 12), date(2026, 5, 12)),
        (5, 12, "gregorian", date(2026, 5, 13), date(2027, 5, 12)),
        (2, 29, "gregorian", date(2026, 1, 1), date(2026, 2, 28)),
        (2, 29, "gregorian", date(2027, 3, 1), date(2028, 2, 29)),
        (1, 1, "lunar", date(2026, 1, 1), date(2026, 2, 17)),
        (8, 15, "lunar", date(2026, 9, 26), date(2027, 9, 15)),
        (12, 30, "lunar", date(2026, 1, 1), date(2026, 2, 16)),
    ],
)
def test_the_next_such_day(month: int, day: int, calendar: str, today: date, comes: date) -> None:
    assert occasions.next_day(month, day, calendar, today) == comes


@pytest.mark.parametrize(
    ("month", "day", "calendar", "there"),
    [
        (2, 29, "gregorian", True),
        (2, 30, "gregorian", False),
        (4, 31, "gregorian", False),
        (13, 1, "gregorian", False),
        (1, 0, "gregorian", False),
        (2, 30, "lunar", True),
        (2, 31, "lunar", False),
    ],
)
def test_whether_there_is_such_a_day(month: int, day: int, calendar: str, *, there: bool) -> None:
    assert occasions.exists(month, day, calendar) is there


@given(
    month=st.integers(1, 12),
    day=st.integers(1, 28),
    calendar=st.sampled_from(["gregorian", "lunar"]),
    today=st.dates(date(1990, 1, 1), date(2080, 1, 1)),
)
def test_it_comes_within_thirteen_moons_and_once(month: int, day: int, calendar: str, today: date) -> None:
    comes = occasions.next_day(month, day, calendar, today)
    assert today <= comes <= today + timedelta(days=385)
    assert occasions.next_day(month, day, calendar, comes) == comes
