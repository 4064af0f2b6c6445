"""Entering and editing who a customer is."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers import conflicts, phones
from customers.forms.fields import WordsField
from customers.models import ContactPoint, Customer
from staff.models import Venue

EDITED = [
    "preferred_name",
    "full_name",
    "native_name",
    "pronunciation",
    "form_of_address",
    "language",
    "company",
    "birth_year",
    "aliases",
    "tags",
    "home_venue",
]

# What people type most; the field takes any other language tag too.
LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "pl", "pt", "ru", "tr", "uk", "ar", "zh", "yue", "ja", "ko"]


class CustomerForm(forms.ModelForm[Customer]):
    """Who somebody is and what to call them."""

    aliases = WordsField(longest=80, label=_("other names"))
    tags = WordsField(longest=40, label=_("tags"))

    class Meta:
        model = Customer
        fields = EDITED
        widgets = {
            "language": forms.TextInput(attrs={"list": "languages", "autocomplete": "off"}),
            "birth_year": forms.NumberInput(attrs={"inputmode": "numeric"}),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        venues = Venue.objects.filter(Q(closed_at=None) | Q(pk=self.instance.home_venue_id))
        self.fields["home_venue"].queryset = venues  # type: ignore[attr-defined]  # a ModelChoiceField
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    def clean(self) -> dict[str, Any]:
        """Ask for a name of any kind: without one nobody can be found again."""
        data = super().clean() or {}
        names = ("preferred_name", "full_name", "native_name")
        if not any(data.get(name) for name in names) and not any(name in self.errors for name in names):
            self.add_error(
                "preferred_name", _("Write at least one name: what to call them, or the full one.")
            )
        return data

    def clean_birth_year(self) -> int | None:
        """A year in which a living person may be born."""
        year: int | None = self.cleaned_data["birth_year"]
        if year is not None and not 1880 <= year <= 2100:
            raise ValidationError(_("Write the year with four digits, such as 1984."))
        return year

    def said(self) -> dict[str, Any]:
        """The columns as they are to be saved."""
        return {name: self.cleaned_data[name] for name in EDITED}


class NewCustomerForm(CustomerForm):
    """A new customer, with the two contacts that are known at the counter."""

    phone = forms.CharField(
        label=_("phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    email = forms.CharField(
        label=_("e-mail"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email"}),
    )
    # Whom the person was shown and said is somebody else, by number.
    others = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, country: str, **options: Any) -> None:
        self.country = country
        super().__init__(*args, **options)

    def clean_phone(self) -> str:
        """Refuse what cannot be a phone number."""
        value: str = self.cleaned_data["phone"].strip()
        if value:
            phone_number(value, self.country)
        return value

    def clean_email(self) -> str:
        """Refuse what cannot be an e-mail address."""
        value: str = self.cleaned_data["email"].strip()
        if value:
            validate_email(value)
        return value

    def contacts(self) -> list[ContactPoint]:
        """The contacts that were typed, not saved yet."""
        phone, email = self.cleaned_data["phone"], self.cleaned_data["email"]
        found = []
        if phone:
            number = phone_number(phone, self.country)
            found.append(ContactPoint(kind=ContactPoint.Kind.PHONE, value=phone, normalised=number))
        if email:
            found.append(ContactPoint(kind=ContactPoint.Kind.EMAIL, value=email, normalised=email.lower()))
        return found

    def names(self) -> list[str]:
        """Every name that was typed and could be somebody's whole name."""
        data = self.cleaned_data
        return [name for name in (data["full_name"] or data["preferred_name"], data["native_name"]) if name]

    def knows_of(self, numbers: set[int]) -> bool:
        """Whether the person has seen all of these lookalikes already."""
        seen = {int(number) for number in self.cleaned_data["others"].split(",") if number.isdigit()}
        return numbers <= seen


class EditCustomerForm(CustomerForm):
    """An existing customer, with the version that the editor saw and what stood there."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    base = forms.JSONField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, row: Customer, typed: dict[str, str] | None = None) -> EditCustomerForm:
        """The form over a row as it stands now, showing what was typed where something was."""
        base = conflicts.plain(row, EDITED)
        if typed is None:
            return cls(instance=row, initial={"version": row.version, "base": base})
        return cls({**typed, "version": row.version, "base": json.dumps(base)}, instance=row)

    def clean_base(self) -> dict[str, str]:
        """What stood there when the editor began; it decides only what is shown side by side."""
        base: Any = self.cleaned_data["base"]
        if not isinstance(base, dict) or set(base) != set(EDITED):
            raise ValidationError(_("This page is damaged. Open it again."))
        return {name: str(value) for name, value in base.items()}


class ArchiveForm(forms.Form):
    """Why somebody is put away."""

    why = forms.CharField(
        label=_("why"),
        max_length=200,
        help_text=_("Such as: moved away, asked us to, a double entry."),
        error_messages={"required": _("Say why, for whoever looks for them later.")},
    )


def phone_number(value: str, country: str) -> str:
    """A phone number in its one kept form, or ValidationError in words."""
    try:
        return phones.normalise(value, country)
    except ValueError:
        raise ValidationError(
            _("That is no phone number: it needs 3 to 20 digits, such as 020 7946 0018.")
        ) from None
