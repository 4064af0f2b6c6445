"""Forms of a person's own: coming back by PIN, the profile, setting a PIN."""

from __future__ import annotations

import itertools
from typing import Any, ClassVar, cast

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import pins
from staff.models import Staff, StaffQuerySet

DIGITS = {"inputmode": "numeric", "autocomplete": "off", "maxlength": 8}


def pin_field(label: Any, *, required: bool = True) -> forms.CharField:
    """A field for four to eight digits that are not shown."""
    return forms.CharField(
        label=label, required=required, max_length=8, widget=forms.PasswordInput(attrs=DIGITS), strip=True
    )


class PinForm(forms.Form):
    """Who is coming back, and their PIN."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("Who are you?"),
        queryset=Staff.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose your name first.")},
    )
    pin = pin_field(gettext_lazy("PIN"))

    def __init__(self, data: Any = None, *, people: StaffQuerySet, chosen: int | None = None) -> None:
        super().__init__(data, initial={"person": chosen})
        self.people = list(people)
        cast("forms.ModelChoiceField[Staff]", self.fields["person"]).queryset = people

    def refuse(self, tried: pins.Tried) -> None:
        """Say that the PIN was wrong, and until when the next one is not looked at."""
        if tried.locked_until:
            until = date_format(timezone.localtime(tried.locked_until), "TIME_FORMAT")
            self.add_error(
                "pin", _("Too many wrong PINs. Try again at %(time)s, or sign in.") % {"time": until}
            )
        else:
            self.add_error("pin", _("That is not the PIN. Try again."))


class ProfileForm(forms.ModelForm[Staff]):
    """What people may change about themselves; the rest is for an owner."""

    class Meta:
        model = Staff
        fields: ClassVar = ["display_name", "language", "quiet_from", "quiet_until"]
        widgets: ClassVar = {
            "quiet_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "quiet_until": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def clean(self) -> dict[str, Any] | None:
        """Quiet hours have a beginning and another time as their end, or there are none."""
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        said_both = begins is not None and ends is not None
        if (begins is None) != (ends is None) or (said_both and begins == ends):
            self.add_error("quiet_until", _("Say from when until when, or leave both empty."))
        return cleaned


def is_easy(pin: str) -> bool:
    """Whether anybody would try this PIN first: one digit again and again, or digits in a row."""
    steps = {int(b) - int(a) for a, b in itertools.pairwise(pin)}
    return steps in ({0}, {1}, {-1})


class OwnPinForm(forms.Form):
    """A new PIN for oneself, with the password as proof."""

    pin = pin_field(gettext_lazy("New PIN"), required=False)
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
    )

    def __init__(self, person: Staff, data: Any = None) -> None:
        super().__init__(data, auto_id="id_own_%s")
        self.person = person
        self.fields["pin"].help_text = _("Four to eight digits. Leave it empty to have no PIN.")

    def clean_pin(self) -> str:
        """Digits that are not the first to be guessed, or nothing."""
        pin = str(self.cleaned_data["pin"])
        if pin and not (pin.isascii() and pin.isdigit() and len(pin) >= 4):
            raise forms.ValidationError(_("Write four to eight digits."))
        if pin and is_easy(pin):
            raise forms.ValidationError(_("That one is guessed first. Choose another."))
        return pin

    def clean_password(self) -> str:
        """The person's own password."""
        password = str(self.cleaned_data["password"])
        if not self.person.check_password(password):
            raise forms.ValidationError(_("That is not your password."))
        return password

    def save(self) -> None:
        """Keep the PIN; what was counted against the old one is forgotten."""
        self.person.set_pin(self.cleaned_data["pin"])
        self.person.save(update_fields=["pin_hash"])
        pins.forgive(self.person)
