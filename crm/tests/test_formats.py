"""Dates as a counter reads and types them, in both languages."""

from __future__ import annotations

import datetime

import pytest
from django import forms
from django.utils import formats, translation

from crm.spans import span

DAY = datetime.date(2026, 5, 9)
MOMENT = datetime.datetime(2026, 5, 9, 17, 5, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [("en", "9 May 2026", "9 May 2026, 17:05"), ("zh-hans", "2026年5月9日", "2026年5月9日 17:05")],
)
def test_the_day_comes_as_the_language_says_it_and_the_clock_has_24_hours(
    language: str, day: str, moment: str
) -> None:
    with translation.override(language):
        assert formats.date_format(DAY) == day
        assert formats.date_format(MOMENT, "DATETIME_FORMAT") == moment


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_date_field_holds_what_browsers_can_read(language: str) -> None:
    with translation.override(language):
        assert 'value="2026-05-09"' in forms.DateInput(attrs={"type": "date"}).render("day", DAY)


@pytest.mark.parametrize("typed", ["2026-05-09", "09/05/2026", "9 May 2026", "09.05.2026"])
def test_a_typed_day_is_day_before_month(typed: str) -> None:
    with translation.override("en"):
        assert forms.DateField().clean(typed) == DAY


@pytest.mark.parametrize(("language", "words"), [("en", "1\xa0day, 3\xa0hours"), ("zh-hans", "1天、3小时")])
def test_how_long_something_took(language: str, words: str) -> None:
    with translation.override(language):
        assert span(MOMENT - datetime.timedelta(hours=27), MOMENT) == words
