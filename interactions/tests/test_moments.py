"""Moments as they are typed: on the venue's clock, in our times, in the nights when the clocks change too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from interactions.forms.fields import LAST_LISTED, MomentField, shows_the_same
from staff import weeks

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize("typed", ["9999-12-31T23:59", "0001-01-01T00:00", "1899-12-31T12:00"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_a_moment_that_is_not_of_our_times_is_refused(typed: str, zone: str) -> None:
    with timezone.override(zone), pytest.raises(ValidationError):
        MomentField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-05-12T10:30", datetime(2026, 5, 12, 8, 30, tzinfo=UTC)),
        # The clocks go forward over it: half past two is what half past three is then called.
        ("2026-03-29T02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        # The clocks go back over it: the first of the two.
        ("2026-10-25T02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25T02:30+01:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_what_the_clock_on_the_wall_says_is_understood(typed: str, meant: datetime) -> None:
    with timezone.override(BERLIN):
        assert MomentField().clean(typed) == meant


@given(st.datetimes(datetime(2000, 1, 4), datetime(2199, 12, 29), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants its bounds without a zone
def test_what_is_shown_and_not_touched_stays(moment: datetime) -> None:
    with timezone.override(BERLIN):
        field = MomentField()
        shown = f"{field.prepare_value(moment):%Y-%m-%dT%H:%M}"
        assert shows_the_same(field.clean(shown), moment)
        assert not shows_the_same(field.clean(shown) + timedelta(minutes=1), moment)


def test_the_last_moment_is_on_a_day_that_can_be_looked_at() -> None:
    with timezone.override("Pacific/Kiritimati"):
        last = MomentField(latest=LAST_LISTED).clean(f"{weeks.LATEST}T00:00")
        assert last is not None
        assert weeks.parse_day(timezone.localtime(last).date().isoformat())
