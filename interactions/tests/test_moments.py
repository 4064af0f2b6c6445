"""Moments as people say them, in both languages and on the venue's clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone, translation

from interactions.models import Channel, Interaction
from interactions.templatetags.moments import clock, contact_icon, day, moment

NOW = datetime(2026, 5, 14, 23, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def london_in_may() -> Iterator[None]:
    """Half past midnight of the 15th on the venue's clock."""
    with time_machine.travel(NOW, tick=False), timezone.override("Europe/London"):
        yield


@pytest.mark.parametrize(
    ("days", "said", "chinese"),
    [
        (0, "today", None),
        (-1, "yesterday", None),
        (1, "tomorrow", None),
        (-2, "Wed 13 May", "星期三 5月13日"),
        (-400, "10 Apr 2025", "2025年4月10日"),
        (400, "19 Jun 2027", "2027年6月19日"),
    ],
)
def test_days(days: int, said: str, chinese: str | None) -> None:
    assert day(NOW + timedelta(days=days)) == said
    with translation.override("zh-hans"):
        assert chinese is None or day(NOW + timedelta(days=days)) == chinese


def test_a_day_can_be_compared_with_another_than_today() -> None:
    assert day(date(2026, 5, 14), date(2026, 5, 14)) == "today"


def test_times_are_the_venues() -> None:
    assert clock(NOW) == "00:30"
    assert moment(NOW) == "today 00:30"
    assert clock(None) == moment(None) == ""


@pytest.mark.parametrize("kind", Interaction.Kind)
@pytest.mark.parametrize("channel", Channel)
def test_every_contact_has_an_icon_that_exists(kind: str, channel: str) -> None:
    drawn = (settings.BASE_DIR / "static/vendor/icons.txt").read_text().split()
    assert contact_icon(Interaction(kind=kind, channel=channel)) in drawn
