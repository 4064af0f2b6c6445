"""Fields that several forms of this app have."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, timezone
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.timezone import get_current_timezone, make_naive, override
from django.utils.translation import gettext_lazy as _

from interactions import scheduling
from staff import weeks

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
# On a day that can be looked at, on whichever clock.
LAST_LISTED = datetime.combine(weeks.LATEST, time(), tzinfo=UTC)
# The clock on which a time is read first, to be told from a time that brought its own.
WALL = timezone(timedelta(0), "wall")
BETWEEN = re.compile(r"[,;，、；]+")


class MomentInput(forms.DateTimeInput):
    """A day and a time on the venue's clock, with the browser's own picker."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """A moment of our times: one at either end of the calendar has no day before or after it to show.

    In the night in which the clocks change, a time that does not exist and one that exists twice are read
    as `scheduling.on_the_clock` reads them: a night porter writes down what the clock on the wall says.
    """

    widget = MomentInput

    def __init__(self, *, latest: datetime = LATEST, **options: Any) -> None:
        super().__init__(validators=[MinValueValidator(EARLIEST), MaxValueValidator(latest)], **options)

    def to_python(self, value: Any) -> datetime | None:
        """The moment at which the venue's clock shows this. Raises ValidationError for what is no time."""
        with override(WALL):
            read: datetime | None = super().to_python(value)
        if read is None or read.tzinfo is not WALL:
            return read
        try:
            return scheduling.on_the_clock(read.replace(tzinfo=None), get_current_timezone())
        except OverflowError:  # at an end of the calendar, where the validators refuse it
            return read


def shows_the_same(moment: datetime, shown: datetime) -> bool:
    """Whether a moment read from a picker is what it showed of another: minutes, and no second 02:30."""
    return make_naive(moment) == make_naive(shown).replace(second=0, microsecond=0)


class NamesField(forms.CharField):
    """People's names on one line, with commas between them."""

    def prepare_value(self, value: Any) -> Any:
        """The line that shows these names."""
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """The names. Raises ValidationError for one of more than 80 letters."""
        names = [name.strip() for name in BETWEEN.split(super().clean(value)) if name.strip()]
        if any(len(name) > 80 for name in names):
            raise forms.ValidationError(_("One of these is too long. Put commas between them."))
        return names
