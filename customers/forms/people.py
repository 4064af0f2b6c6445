"""How to reach a customer, who belongs to them, and the dates that matter to them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from customers import occasions
from customers.forms.customer import phone_number
from customers.forms.fields import TimeInput, ask_for
from customers.models import ContactPoint, Customer, ImportantDate, Relationship


class ContactPointForm(forms.ModelForm[ContactPoint]):
    """A number or address, what it may be used for, and when."""

    class Meta:
        model = ContactPoint
        fields = [
            "kind",
            "value",
            "label",
            "calls",
            "sms",
            "email",
            "hours_from",
            "hours_until",
            "is_primary",
        ]
        widgets = {"hours_from": TimeInput, "hours_until": TimeInput}

    def __init__(self, *args: Any, customer: Customer, country: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.country = country
        self.instance.customer = customer
        ask_for(self.fields["kind"])
        self.fields["value"].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        """Find the one form that numbers and addresses are compared in."""
        data = super().clean() or {}
        if data.get("value") and data.get("kind"):
            try:
                self.instance.normalised = self._normalised(data["kind"], data["value"].strip())
            except ValidationError as error:
                self.add_error("value", error)
        if bool(data.get("hours_from")) != bool(data.get("hours_until")):
            missing = "hours_until" if data.get("hours_from") else "hours_from"
            self.add_error(missing, _("Say both from when and until when, or neither."))
        elif data.get("hours_from") and data["hours_from"] == data["hours_until"]:
            self.add_error("hours_until", _("That is no time at all: from and until are the same."))
        return data

    def _normalised(self, kind: str, value: str) -> str:
        if kind == ContactPoint.Kind.PHONE:
            return phone_number(value, self.country)
        if kind == ContactPoint.Kind.EMAIL:
            validate_email(value)
        return value.casefold()


class RelationshipForm(forms.ModelForm[Relationship]):
    """Somebody who belongs to a customer: a name, or another customer."""

    to = forms.ModelChoiceField(Customer.objects.none(), required=False, widget=forms.HiddenInput)

    class Meta:
        model = Relationship
        fields = ["kind", "name", "to", "note"]
        help_texts = {"name": _("A person or an animal. “Find” looks whether they are a customer too.")}

    def __init__(self, *args: Any, customer: Customer, country: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.instance.customer = customer
        ask_for(self.fields["kind"])
        others = Customer.objects.active().exclude(pk=customer.pk)
        self.fields["to"].queryset = others  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["name"].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        """Ask for a name or a customer."""
        data = super().clean() or {}
        if not data.get("name") and not data.get("to") and "to" not in self.errors:
            self.add_error("name", _("Write a name, or find the customer."))
        return data


class ImportantDateForm(forms.ModelForm[ImportantDate]):
    """A day of the year that matters."""

    class Meta:
        model = ImportantDate
        fields = ["kind", "label", "calendar", "day", "month", "year"]
        widgets = {
            name: forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
            for name in ("day", "month", "year")
        }

    def __init__(self, *args: Any, customer: Customer, country: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.instance.customer = customer
        ask_for(self.fields["kind"])

    def clean_year(self) -> int | None:
        """The year it began, where it is known."""
        year: int | None = self.cleaned_data["year"]
        if year is not None and not 1880 <= year <= 2200:
            raise ValidationError(_("Write the year with four digits, such as 1984, or leave it out."))
        return year

    def clean(self) -> dict[str, Any]:
        """Refuse a day that no year has."""
        data = super().clean() or {}
        month, day, calendar = data.get("month"), data.get("day"), data.get("calendar")
        if month is None or day is None or calendar is None:
            return data
        if not 1 <= month <= 12:
            self.add_error("month", _("A month is 1 to 12."))
        elif not occasions.exists(month, day, calendar):
            self.add_error("day", _("That month has no such day."))
        return data
