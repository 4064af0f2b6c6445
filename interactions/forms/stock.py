"""The form that says what is out today."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class OutForm(forms.Form):
    """One thing that cannot be had for the rest of the day."""

    item = forms.CharField(
        label=_("What is out?"),
        max_length=120,
        widget=forms.TextInput(
            attrs={
                "placeholder": _("Oat milk"),
                "autocomplete": "off",
                "autofocus": True,
                "list": "house-items",
            }
        ),
    )
