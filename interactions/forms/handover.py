"""What the outgoing shift leaves for the next."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from interactions.models import HandoverNote


class NoteForm(forms.ModelForm[HandoverNote]):
    """One thing that the next shift has to know."""

    class Meta:
        model = HandoverNote
        fields = ("text",)
        labels = {"text": _("What the next shift has to know")}
        widgets = {"text": forms.TextInput(attrs={"autocomplete": "off", "maxlength": 500})}
