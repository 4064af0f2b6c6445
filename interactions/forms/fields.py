"""Fields that several forms of this app have."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
BETWEEN = re.compile(r"[,;，、；]+")


class MomentInput(forms.DateTimeInput):
    """A day and a time on the venue's clock, with the browser's own picker."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """A moment of our times: one at either end of the calendar has no day before or after it to show."""

    widget = MomentInput

    def __init__(self, **options: Any) -> None:
        super().__init__(validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)], **options)


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
