"""Writing down what to remember, changing it, and saying that it no longer holds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.forms.fields import DateInput, ask_for
from customers.models import Customer, Preference
from staff.models import Membership, Venue
from staff.weeks import EARLIEST, LATEST


class Daypart(models.TextChoices):
    """Parts of a day in which a preference may hold."""

    MORNING = "morning", _("morning")
    MIDDAY = "midday", _("midday")
    AFTERNOON = "afternoon", _("afternoon")
    EVENING = "evening", _("evening")
    NIGHT = "night", _("night")


class Means(models.TextChoices):
    """The channels on which a preference may hold."""

    IN_PERSON = "in_person", _("in person")
    PHONE = "phone", _("phone")
    EMAIL = "email", _("e-mail")
    CHAT = "chat", _("chat")
    SOCIAL = "social", _("social media")
    WEB = "web", _("web")


TOLD_OR_SEEN = [
    (status.value, status.label) for status in (Preference.Status.STATED, Preference.Status.OBSERVED)
]

WRITTEN = [
    "kind", "value", "category", "severity", "detail", "discretion", "venue",
    "dayparts", "channels", "valid_from", "valid_until",
]  # fmt: skip


class PreferenceForm(forms.ModelForm[Preference]):
    """One thing to remember, and when, where and how discreetly it holds."""

    status = forms.ChoiceField(label=_("how we know"), choices=TOLD_OR_SEEN, initial=Preference.Status.STATED)
    dayparts = forms.MultipleChoiceField(
        label=_("time of day"), choices=Daypart, required=False, widget=forms.CheckboxSelectMultiple
    )
    channels = forms.MultipleChoiceField(
        label=_("only on"), choices=Means, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Preference
        fields = WRITTEN
        widgets = {
            "category": forms.TextInput(attrs={"list": "categories", "autocomplete": "off"}),
            "value": forms.TextInput(attrs={"autocomplete": "off"}),
            "detail": forms.Textarea(attrs={"rows": 2}),
            "valid_from": DateInput,
            "valid_until": DateInput,
        }
        help_texts = {
            "value": _("One thing, as you would say it to a colleague: oat milk, away from the lift."),
            "category": _("What it is about, such as drink or seating."),
            "severity": _("For safety only."),
        }

    def __init__(self, *args: Any, membership: Membership, customer: Customer, **options: Any) -> None:
        super().__init__(*args, **options)
        self.instance.customer = customer
        ask_for(self.fields["kind"])
        severity = self.fields["severity"]
        severity.choices = [("", _("not said")), *Preference.Severity.choices]  # type: ignore[attr-defined]  # a ChoiceField
        venue = self.fields["venue"]
        venue.queryset = Venue.objects.filter(Q(closed_at=None) | Q(pk=self.instance.venue_id))  # type: ignore[attr-defined]  # a ModelChoiceField
        venue.empty_label = _("every venue")  # type: ignore[attr-defined]  # a ModelChoiceField
        if not membership.can("see_managers_only"):
            # Whoever could write it but not read it again would think that it was lost.
            self.fields["discretion"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
                choice
                for choice in Preference.Discretion.choices
                if choice[0] != Preference.Discretion.MANAGERS_ONLY
            ]

    def clean(self) -> dict[str, Any]:
        """What is dangerous has to be known to everybody who serves; what is not has no severity."""
        data = super().clean() or {}
        safety = data.get("kind") == Preference.Kind.SAFETY
        if safety and data.get("discretion") == Preference.Discretion.MANAGERS_ONLY:
            words = _(
                "A safety fact may not be for managers only: whoever serves must know it. Act on it silently."
            )
            self.add_error("discretion", words)
        if data.get("severity") and data.get("kind") and not safety:
            self.add_error(
                "severity", _("Only a safety fact has a severity. Leave it empty, or choose safety.")
            )
        begins, ends = data.get("valid_from"), data.get("valid_until")
        if begins and ends and ends < begins:
            self.add_error("valid_until", _("It ends before it begins."))
        return data

    def said(self) -> dict[str, Any]:
        """The columns as they are to be written, without how we know it."""
        return {name: self.cleaned_data[name] for name in WRITTEN}


class ChangeForm(PreferenceForm):
    """The same thing said anew."""

    was_wrong = forms.ChoiceField(
        label=_("what happened"),
        choices=[
            ("", _("It changed: the old one was true until now")),
            ("1", _("It was written down wrong")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )

    def clean_was_wrong(self) -> bool:
        """Whether the old one was never true."""
        return bool(self.cleaned_data["was_wrong"])

    def clean(self) -> dict[str, Any]:
        """Refuse a change that changes nothing."""
        data = super().clean()
        if not self.errors and not set(self.changed_data) & set(WRITTEN):
            self.add_error(
                "value", _("Nothing differs from before. If it is still so, say “still true” instead.")
            )
        return data

    def differing(self) -> dict[str, Any]:
        """The columns that this form says otherwise than the row."""
        return {name: self.cleaned_data[name] for name in WRITTEN if name in self.changed_data}


class EndForm(forms.Form):
    """Why something no longer holds, or never did."""

    why = forms.CharField(
        label=_("why"),
        max_length=200,
        error_messages={"required": _("Say why in a few words, for whoever asks later.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "reasons"}),
    )


class AsOfForm(forms.Form):
    """A day to look back to, and which of two questions to ask of it."""

    KNOWN = "known"
    TRUE = "true"

    on = forms.DateField(
        label=_("day"),
        required=False,
        widget=DateInput,
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
    )
    sense = forms.ChoiceField(
        label=_("show"),
        required=False,
        choices=[(KNOWN, _("what we knew then")), (TRUE, _("what was true then"))],
    )
