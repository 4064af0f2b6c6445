"""The form that puts a customer on the arrivals list."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interactions.forms.fields import LAST_LISTED, MomentField, NamesField


class ExpectForm(forms.Form):
    """When they are expected, with whom, and what for."""

    expected_at = MomentField(label=_("When"), latest=LAST_LISTED)
    party_size = forms.IntegerField(label=_("How many people"), required=False, min_value=1, max_value=999)
    companions = NamesField(
        label=_("With whom"), required=False, max_length=400, help_text=_("Names, with commas between them.")
    )
    occasion = forms.CharField(
        label=_("Occasion"), required=False, max_length=60, help_text=_("Such as birthday, or check-up.")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_expected_at(self) -> datetime:
        """The moment; what lies more than a day back cannot be expected any more."""
        at: datetime = self.cleaned_data["expected_at"]
        if at < self.now - timedelta(days=1):
            raise forms.ValidationError(_("That is past. Log it as a visit instead."))
        return at
