"""The form for what is lent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interactions.forms.fields import MomentField


class LoanForm(forms.Form):
    """What is lent, and until when."""

    what = forms.CharField(
        label=_("What"),
        max_length=120,
        widget=forms.TextInput(attrs={"placeholder": _("Umbrella"), "autocomplete": "off"}),
    )
    due_at = MomentField(label=_("Due back"), required=False)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_due_at(self) -> datetime | None:
        """A moment to come, if any."""
        due: datetime | None = self.cleaned_data["due_at"]
        if due is not None and due <= self.now:
            raise forms.ValidationError(_("That is past. Choose a later time."))
        return due
