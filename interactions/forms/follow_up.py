"""The forms of what we owe: promise it, put it off, hand it over, keep it, call it off."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Customer, ImportantDate
from interactions import promises, scheduling
from interactions.forms.fields import MomentField
from interactions.forms.repeats import RepeatsForm
from interactions.models import FollowUp
from staff.models import Membership, Role

Choice = tuple[str, str]
Trigger = FollowUp.Trigger

NUMBERED = (Trigger.NTH_VISIT, Trigger.ABSENT_DAYS)
MOST_DAYS_BEFORE = 300


def presets(now: datetime, membership: Membership) -> list[tuple[str, str, datetime]]:
    """The quick choices of a moment on the venue's clock: name, words with the moment, the moment itself."""
    zone = membership.venue.zone
    moments = [
        ("hour", _("In an hour"), scheduling.in_an_hour(now, zone)),
        ("tomorrow", _("Tomorrow morning"), scheduling.tomorrow_morning(now, zone)),
        ("next_week", _("Next week"), scheduling.next_week(now, zone)),
    ]
    return [(name, f"{words} · {_on_clock(moment)}", moment) for name, words, moment in moments]


def _on_clock(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{formats.date_format(local, 'D')} {formats.time_format(local, 'H:i')}"


def colleagues(membership: Membership) -> list[Membership]:
    """Everybody who works at the venue, by name."""
    return list(
        Membership.objects.current()
        .filter(venue=membership.venue_id)
        .select_related("staff")
        .order_by("staff__display_name", "pk")
    )


class WhoField(forms.ChoiceField):
    """Me, a role, a colleague, or nobody yet; gives `owner` and `role` for the verbs."""

    def bind_to(self, membership: Membership) -> None:
        """Offer the people of this person's venue."""
        team = colleagues(membership)
        self.people = {f"staff:{each.staff_id}": each.staff for each in team}
        self.choices = [
            (f"staff:{membership.staff_id}", _("Me")),
            (_("Anybody with the role"), [(f"role:{value}", label) for value, label in Role.choices]),
            (
                _("A colleague"),
                [
                    (f"staff:{each.staff_id}", each.staff.display_name)
                    for each in team
                    if each.staff_id != membership.staff_id
                ],
            ),
            ("nobody", _("Nobody yet")),
        ]

    def clean(self, value: Any) -> Any:
        """The arguments of a verb."""
        chosen = super().clean(value)
        return {
            "owner": self.people.get(chosen),
            "role": chosen.removeprefix("role:") if chosen[:5] == "role:" else "",
        }


class PromiseForm(RepeatsForm):
    """What is owed to a customer, when or when what happens, who sees to it, and how often.

    The token makes a form that is sent twice one promise.
    """

    # Shown only where they are needed, and then not optional.
    asked_for = ("at", "number")
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=gettext_lazy("What do we owe?"),
        max_length=300,
        widget=forms.TextInput(
            attrs={"placeholder": gettext_lazy("Call back about the invoice"), "autocomplete": "off"}
        ),
    )
    when = forms.ChoiceField(label=gettext_lazy("When"))
    at = MomentField(label=gettext_lazy("At"), required=False)
    number = forms.IntegerField(
        label=gettext_lazy("Which visit, or how many days"), required=False, min_value=0, max_value=3650
    )
    who = WhoField(label=gettext_lazy("Who sees to it"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[
            (kind.value, kind.label)
            for kind in (FollowUp.Kind.PROMISE, FollowUp.Kind.REMINDER, FollowUp.Kind.GESTURE)
        ],
    )
    counts_from_contact = forms.BooleanField(
        label=gettext_lazy("Any contact starts it again (staying in touch)"), required=False
    )
    urgent = forms.BooleanField(label=gettext_lazy("Urgent"), required=False)

    def __init__(
        self, *args: Any, customer: Customer, membership: Membership, now: datetime, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"token": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.now, self.visits, self.zone = now, customer.visit_count, membership.venue.zone
        self.moments = {name: moment for name, _words, moment in presets(now, membership)}
        self.dates = {f"before:{each.pk}": each for each in customer.dates.all()}
        here = customer.complaints.visible_to(membership).at(membership.venue)
        # One that is put right already would never be so again.
        open_still = here.open().filter(resolved_at=None)
        self.complaints = {f"resolved:{each.pk}": each for each in open_still}
        cast("WhoField", self.fields["who"]).bind_to(membership)
        cast("forms.ChoiceField", self.fields["when"]).choices = self._choices(customer, membership)

    def _choices(self, customer: Customer, membership: Membership) -> list[Any]:
        happens: list[Choice] = [(Trigger.NEXT_VISIT.value, _("At the next visit"))]
        if customer.visit_count == 0:
            happens.append((Trigger.FIRST_VISIT.value, _("After the first visit")))
        happens += [
            (Trigger.NTH_VISIT.value, _("At a visit by number …")),
            (Trigger.ABSENT_DAYS.value, _("Not seen for some days …")),
            (Trigger.ABSENT_RHYTHM.value, _("Not seen for twice their usual gap")),
        ]
        happens += [
            (key, _("When put right: %(about)s") % {"about": each.about})
            for key, each in self.complaints.items()
        ]
        happens += [
            (key, _("Before: %(date)s …") % {"date": _date_words(each)}) for key, each in self.dates.items()
        ]
        quick = [(name, words) for name, words, _moment in presets(self.now, membership)]
        return [(_("At a time"), [*quick, ("pick", _("Pick a time …"))]), (_("When it happens"), happens)]

    def clean(self) -> dict[str, Any]:
        """Refuse a choice that lacks its time or its number, or a rule without a first time."""
        said = super().clean() or {}
        when = said.get("when", "")
        if when == "pick" and not said.get("at") and "at" not in self.errors:
            self.add_error("at", _("Say when."))
        if when == "pick" and said.get("at") and said["at"] <= self.now:
            self.add_error("at", _("That is past. Choose a later time."))
        if when in NUMBERED or when.startswith("before:"):
            self._check_number(when, said.get("number"))
        if said.get("repeats") and when:
            self._check_repeats(when, said)
        if said.get("at") and said.get("repeats") and not self.errors:
            self._check_first(said["at"], said)
        if said.get("counts_from_contact") and not said.get("repeats"):
            self.add_error("repeats", _("Say how often to be in touch."))
        return said

    def _check_first(self, at: datetime, said: dict[str, Any]) -> None:
        """A rule that takes its day from the first time, and does not come round with that."""
        try:
            scheduling.anchored(self.rule(said), at, self.zone)
        except scheduling.RuleError:
            self.add_error("at", _("Counted from this day it never comes round. Choose another day."))

    def _check_number(self, when: str, number: int | None) -> None:
        """A visit that is still to come, or so many days: before a date none too, which is the day."""
        if "number" in self.errors:
            return
        if number is None or (number == 0 and when in NUMBERED):
            self.add_error("number", _("Say which visit, or how many days."))
        elif when == Trigger.NTH_VISIT and number <= self.visits:
            text = _("They have been here %(n)s times already. Choose a later visit.")
            self.add_error("number", text % {"n": self.visits})
        elif when.startswith("before:") and number > MOST_DAYS_BEFORE:
            text = _("At most %(n)s days before: the date comes round every year.")
            self.add_error("number", text % {"n": MOST_DAYS_BEFORE})

    def _check_repeats(self, when: str, said: dict[str, Any]) -> None:
        if when.startswith("before:"):
            if self.rule(said) != promises.YEARLY or said.get("counts_from_contact"):
                self.add_error("repeats", _("Before a date something is owed once, or every year."))
        elif when not in {*self.moments, "pick"}:
            self.add_error("repeats", _("Only what has a time of its own can repeat."))

    def said(self) -> dict[str, Any]:
        """The arguments of `promises.promise`."""
        data = self.cleaned_data
        when = data["when"]
        trigger = {"before": Trigger.BEFORE_DATE, "resolved": Trigger.COMPLAINT_RESOLVED}.get(
            when.partition(":")[0]
        )
        return {
            "text": data["text"],
            "kind": data["kind"],
            "urgent": data["urgent"],
            "recurrence": self.rule(data),
            "token": str(data["token"] or ""),
            "counts_from_contact": data["counts_from_contact"],
            "due_at": data["at"] if when == "pick" else self.moments.get(when),
            "trigger": trigger or (when if when in Trigger.values else ""),
            "trigger_number": data["number"] if when in NUMBERED or trigger == Trigger.BEFORE_DATE else None,
            "important_date": self.dates.get(when),
            "complaint": self.complaints.get(when),
            **data["who"],
        }


def _date_words(each: ImportantDate) -> str:
    return f"{each.label or each.get_kind_display()} {each.day}.{each.month}."


class SnoozeForm(forms.Form):
    """Until when it is put off: one of the quick choices, or a time picked."""

    asked_for = ("at",)
    until = forms.ChoiceField(label=gettext_lazy("Until"))
    at = MomentField(label=gettext_lazy("At"), required=False)

    def __init__(self, *args: Any, membership: Membership, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.moments = {name: moment for name, _words, moment in presets(now, membership)}
        quick = [(name, words) for name, words, _at in presets(now, membership)]
        cast("forms.ChoiceField", self.fields["until"]).choices = [*quick, ("pick", _("Pick a time …"))]

    def clean(self) -> dict[str, Any]:
        """Refuse a moment gone by, and none at all."""
        said = super().clean() or {}
        moment = said.get("at") if said.get("until") == "pick" else self.moments.get(said.get("until", ""))
        if "until" in said and "at" not in self.errors and (moment is None or moment <= self.now):
            self.add_error("at", _("Choose a later time.") if moment else _("Say when."))
        return {**said, "moment": moment}

    def said(self) -> dict[str, Any]:
        """The arguments of `promises.snooze`."""
        return {"until": self.cleaned_data["moment"]}


class HandOverForm(forms.Form):
    """Who sees to it from now on."""

    who = WhoField(label=gettext_lazy("To whom"))

    def __init__(self, *args: Any, membership: Membership, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("WhoField", self.fields["who"]).bind_to(membership)

    def said(self) -> dict[str, Any]:
        """The arguments of `promises.hand_over`."""
        return dict(self.cleaned_data["who"])


class DoneForm(forms.Form):
    """What came of it, when there is more to say."""

    outcome = forms.CharField(
        label=gettext_lazy("What came of it?"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, membership: Membership, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def said(self) -> dict[str, Any]:
        """The arguments of `promises.done`."""
        return {"outcome": self.cleaned_data["outcome"]}


class CancelForm(forms.Form):
    """Why it is called off."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        # Said by itself too, where the bar of what is ticked has no place for it beside the field.
        error_messages={"required": gettext_lazy("Say why it is called off.")},
    )

    def __init__(self, *args: Any, membership: Membership, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def said(self) -> dict[str, Any]:
        """The arguments of `promises.cancel`."""
        return {"reason": self.cleaned_data["reason"]}
