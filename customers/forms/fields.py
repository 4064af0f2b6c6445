"""Fields that several forms share."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

SEPARATORS = re.compile(r"[,，、;；\n]+")


class WordsField(forms.CharField):
    """Several short texts in one line, between commas of either script; gives a list without repeats."""

    def __init__(self, *, longest: int, **options: Any) -> None:
        self.longest = longest
        super().__init__(**{"required": False, "help_text": _("Several with commas between."), **options})

    def prepare_value(self, value: Any) -> Any:
        """The list as it is typed."""
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """The texts in the order typed. An answer of the browser is text, a form's initial value a list."""
        words = value if isinstance(value, list) else SEPARATORS.split(value or "")
        return list(dict.fromkeys(word.strip() for word in words if word.strip()))

    def validate(self, value: Any) -> None:
        """Refuse a text that the table has no room for."""
        super().validate(value)
        for word in value:
            if len(word) > self.longest:
                raise ValidationError(
                    _("“%(word)s” is too long: at most %(longest)s letters each."),
                    params={"word": word, "longest": self.longest},
                )

    def run_validators(self, value: Any) -> None:
        """Validators of one text do not fit a list; the lengths are checked above."""


class DateInput(forms.DateInput):
    """The browser's own date picker, which wants the date in one form whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own time picker."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


def ask_for(field: forms.Field) -> None:
    """Have a choice that must be made begin with a word, where browsers would show a row of dashes."""
    choices = [choice for choice in field.choices if choice[0]]  # type: ignore[attr-defined]  # a ChoiceField
    field.choices = [("", _("choose")), *choices]  # type: ignore[attr-defined]  # a ChoiceField
