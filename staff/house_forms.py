"""Forms of the House pages: venues, shifts, the rota, people, terminals."""

from __future__ import annotations

import zoneinfo
from datetime import date, timedelta
from typing import Any, ClassVar, cast

from django import forms
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.models import Language, Membership, Role, Rota, Shift, Staff, Terminal, Venue


def zone_choices() -> list[tuple[str, str]]:
    """Every zone that has a place in its name, in order."""
    return [(name, name.replace("_", " ")) for name in sorted(zoneinfo.available_timezones()) if "/" in name]


class VenueForm(forms.ModelForm[Venue]):
    """What a venue is called and how its clock goes."""

    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=zone_choices)

    class Meta:
        model = Venue
        fields: ClassVar = [
            "name",
            "industry",
            "time_zone",
            "business_day_starts",
            "language",
            "country",
            "currency",
        ]
        widgets: ClassVar = {
            "business_day_starts": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "country": forms.TextInput(attrs={"maxlength": 2, "autocapitalize": "characters"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["business_day_starts"].help_text = _(
            "What happens before this hour still belongs to the day before."
        )
        self.fields["currency"].help_text = _("Three letters, such as GBP.")

    def clean_country(self) -> str:
        """Two letters, in capitals whatever was typed."""
        country = str(self.cleaned_data["country"]).strip().upper()
        if not (len(country) == 2 and country.isascii() and country.isalpha()):
            raise forms.ValidationError(_("Write the two letters of the country, such as GB."))
        return country

    def clean_currency(self) -> str:
        """Three letters, in capitals whatever was typed."""
        currency = str(self.cleaned_data["currency"]).strip().upper()
        if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
            raise forms.ValidationError(_("Write the three letters of the currency, such as GBP."))
        return currency


class NewVenueForm(VenueForm):
    """A new venue also gets the short name by which addresses know it; that one stays."""

    class Meta(VenueForm.Meta):
        fields: ClassVar = ["name", "slug", *VenueForm.Meta.fields[1:]]


class ShiftForm(forms.ModelForm[Shift]):
    """A named stretch of the day, on some days of the week."""

    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Weekdays"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Shift
        fields: ClassVar = ["name", "starts", "ends", "weekdays"]
        widgets: ClassVar = {
            "starts": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "ends": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args: Any, venue: Venue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.venue = venue

    def clean_name(self) -> str:
        """A name that no other shift of the venue has."""
        name = str(self.cleaned_data["name"])
        others = Shift.objects.filter(venue=self.instance.venue).exclude(pk=self.instance.pk)
        if others.filter(name__iexact=name).exists():
            raise forms.ValidationError(_("There is a shift of this name already."))
        return name

    def clean(self) -> dict[str, Any] | None:
        """A shift takes time; one that ends before it starts runs past midnight."""
        cleaned = super().clean()
        if cleaned and cleaned.get("starts") and cleaned.get("starts") == cleaned.get("ends"):
            self.add_error("ends", _("The shift has to end at another time than it starts."))
        return cleaned


class RotaForm(forms.Form):
    """Somebody down for a shift on some days of one week."""

    staff = forms.ModelChoiceField(
        label=gettext_lazy("Who"), queryset=Staff.objects.none(), empty_label=gettext_lazy("Choose…")
    )
    shift = forms.ModelChoiceField(
        label=gettext_lazy("Shift"), queryset=Shift.objects.none(), empty_label=gettext_lazy("Choose…")
    )
    days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days"), coerce=date.fromisoformat, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, venue: Venue, monday: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people, shifts, days = (self.fields[name] for name in ("staff", "shift", "days"))
        cast("forms.ModelChoiceField[Staff]", people).queryset = Staff.objects.working_at(venue)
        cast("forms.ModelChoiceField[Shift]", shifts).queryset = venue.shifts.all()
        week = [monday + timedelta(days=ahead) for ahead in range(7)]
        cast("forms.TypedMultipleChoiceField", days).choices = [
            (day.isoformat(), f"{WEEKDAYS_ABBR[day.weekday()]} {day.day}") for day in week
        ]

    def clean(self) -> dict[str, Any]:
        """Only on days on which the shift takes place."""
        cleaned = super().clean() or self.cleaned_data
        shift = cleaned.get("shift")
        if shift and any(day.weekday() not in shift.weekdays for day in cleaned.get("days", [])):
            self.add_error(
                "days", _("“%(shift)s” is not worked on all of these days.") % {"shift": shift.name}
            )
        return cleaned

    def save(self) -> list[Rota]:
        """Put the person down; days on which they already are stay as they are."""
        made = self.cleaned_data
        rows = [Rota(shift=made["shift"], staff=made["staff"], day=day) for day in made["days"]]
        return Rota.objects.bulk_create(rows, ignore_conflicts=True)


class InvitationForm(forms.Form):
    """Somebody new at the venue, or somebody known from another."""

    email = forms.EmailField(label=gettext_lazy("E-mail"))
    display_name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("What colleagues and customers call them."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Language.choices)
    badge_number = forms.CharField(label=gettext_lazy("Badge number"), max_length=20, required=False)

    def __init__(self, *args: Any, venue: Venue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.venue = venue

    def clean_email(self) -> str:
        """An address whose owner does not work here yet."""
        email = str(self.cleaned_data["email"]).lower()
        if Membership.objects.filter(venue=self.venue, ended_at=None, staff__email__iexact=email).exists():
            raise forms.ValidationError(_("This person already works here."))
        return email

    def clean_badge_number(self) -> str:
        """A badge number that nobody else has."""
        badge = str(self.cleaned_data["badge_number"]).strip()
        others = Staff.objects.exclude(email__iexact=self.cleaned_data.get("email", ""))
        if badge and others.filter(badge_number=badge).exists():
            raise forms.ValidationError(_("Somebody else has this badge number."))
        return badge


class RoleForm(forms.Form):
    """What somebody is here."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)


class TerminalForm(forms.ModelForm[Terminal]):
    """What the counter screen is called."""

    class Meta:
        model = Terminal
        fields: ClassVar = ["name"]

    def __init__(self, *args: Any, venue: Venue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.venue = venue

    def clean_name(self) -> str:
        """A name that no other terminal in use at the venue has."""
        name = str(self.cleaned_data["name"])
        if Terminal.objects.in_use().filter(venue=self.instance.venue, name__iexact=name).exists():
            raise forms.ValidationError(_("There is a terminal of this name already."))
        return name
