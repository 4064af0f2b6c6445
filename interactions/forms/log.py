"""The one-line log box, and the rest of it for those who want to say more."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from customers.models import Preference
from interactions import capture
from interactions.forms.fields import MomentField, NamesField, shows_the_same
from interactions.items import Item, as_line, read_items
from interactions.models import Channel, Interaction, Outcome

Kind = Interaction.Kind
# What one line at the counter may be. Complaints, feedback and no-shows have pages of their own.
LOGGABLE = [kind for kind in Kind if kind not in capture.TOLD_ELSEWHERE]
# How a kind of contact usually comes about, when nobody says otherwise.
USUAL_CHANNEL = {Kind.CALL: Channel.PHONE, Kind.MESSAGE: Channel.CHAT}


class ItemsField(forms.CharField):
    """Items on one line with commas between them."""

    def clean(self, value: Any) -> Any:
        """The items that the line names. Raises ValidationError for a name that no row can hold."""
        items = read_items(super().clean(value))
        if any(len(item.name) > 120 for item in items):
            raise forms.ValidationError(_("One of these is too long. Put commas between them."))
        return items


class ContactForm(forms.Form):
    """What is said of a contact, now or when it is put right later."""

    summary = forms.CharField(label=_("What happened"), required=False, max_length=4000)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind.value, kind.label) for kind in LOGGABLE], initial=Kind.VISIT
    )
    channel = forms.ChoiceField(
        label=_("How"), choices=[("", _("as usual for its kind")), *Channel.choices], required=False
    )
    items = ItemsField(
        label=_("What they had"),
        required=False,
        max_length=600,
        help_text=_("With commas: 2 flat white, croissant."),
    )
    words = forms.CharField(
        label=_("In their words"), required=False, max_length=4000, widget=forms.Textarea({"rows": 2})
    )
    outcome = forms.ChoiceField(
        label=_("How it went, as they said it"),
        choices=[("", _("not said")), *Outcome.choices],
        required=False,
    )
    occurred_at = MomentField(label=_("When"), required=False, help_text=_("Empty means now."))
    party_size = forms.IntegerField(label=_("How many people"), required=False, min_value=1, max_value=999)
    companions = NamesField(label=_("With whom"), required=False, max_length=400)
    amount = forms.DecimalField(
        label=_("Amount"), required=False, min_value=0, max_digits=12, decimal_places=2
    )
    discretion = forms.ChoiceField(
        label=_("Discretion"), choices=Preference.Discretion.choices, required=False
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_occurred_at(self) -> datetime | None:
        """The moment, or None for now; what is to come cannot have happened."""
        at: datetime | None = self.cleaned_data["occurred_at"]
        if at and at > self.now + capture.SKEW:
            raise forms.ValidationError(_("That is still to come. Log it when it has happened."))
        return at

    def clean(self) -> dict[str, Any]:
        """Something has to be said, in one field or another."""
        said = self.cleaned_data
        if not any(said.get(name) for name in ("summary", "items", "words")) and not self.errors:
            self.add_error("summary", _("Write what happened, or what they had."))
        said["channel"] = said.get("channel") or USUAL_CHANNEL.get(said.get("kind", ""), Channel.IN_PERSON)
        said["discretion"] = said.get("discretion") or Preference.Discretion.SAY_ALOUD
        return said


class LogForm(ContactForm):
    """A new contact. The token makes a form that is sent twice count once."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def said(self) -> dict[str, Any]:
        """What `capture.log` is to write down."""
        return {**self.cleaned_data, "token": str(self.cleaned_data["token"])}


class CorrectForm(ContactForm):
    """A contact put right. `seen` tells which wording the person had before them."""

    occurred_at = MomentField(label=_("When"))
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, interaction: Interaction, **kwargs: Any) -> None:
        kwargs["initial"] = self.as_it_is(interaction)
        super().__init__(*args, **kwargs)
        if interaction.kind in capture.TOLD_ELSEWHERE:
            kind = Kind(interaction.kind)
            self.fields["kind"] = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.label)])
        self.before = capture.items_of(interaction)
        self.moment = interaction.occurred_at

    @staticmethod
    def as_it_is(interaction: Interaction) -> dict[str, Any]:
        """The wording to begin with."""
        items = as_line((item.name, item.quantity) for item in capture.items_of(interaction))
        fields = {name: getattr(interaction, name) for name in capture.CORRECTABLE}
        return {**fields, "items": items, "seen": capture.version_of(interaction)}

    def was_quicker(self, entry: Interaction) -> None:
        """Say that somebody corrected it meanwhile; sent again, this wording replaces theirs."""
        data = cast("QueryDict", self.data).copy()
        data[self.add_prefix("seen")] = str(capture.version_of(entry))
        self.data = data
        self.add_error(
            None,
            _("Somebody was quicker. It now says: “%(text)s”. Save again to put yours in its place.")
            % {"text": entry.summary},
        )

    def said(self) -> dict[str, Any]:
        """What `capture.correct` is to write down; an item that keeps its name keeps its price."""
        said = dict(self.cleaned_data)
        prices = {item.name: item.price for item in self.before}
        said["items"] = [Item(item.name, item.quantity, prices.get(item.name)) for item in said["items"]]
        # One that was not touched must lose neither its seconds nor, when the clocks go back, its hour.
        if shows_the_same(said["occurred_at"], self.moment):
            said["occurred_at"] = self.moment
        return said
