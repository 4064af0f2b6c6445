"""The forms of a complaint's way, and of what customers answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from interactions.forms.fields import MomentField
from interactions.models import Channel, Complaint, Feedback, Outcome


def _words() -> forms.CharField:
    return forms.CharField(
        label=_("In their words"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


def _line(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=300,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class StepForm(forms.Form):
    """What every step has: the moment, and the state that the person saw."""

    seen = forms.ChoiceField(choices=Complaint.State.choices, widget=forms.HiddenInput)

    def __init__(self, *args: Any, now: datetime, complaint: Complaint, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"seen": complaint.state})
        super().__init__(*args, **kwargs)
        self.now, self.complaint = now, complaint


class HearForm(forms.Form):
    """What went wrong, and how bad it is for them."""

    about = _line(_("What went wrong"))
    words = _words()
    category = forms.ChoiceField(label=_("About"), choices=Complaint.Category.choices, initial="other")
    severity = forms.ChoiceField(label=_("How bad"), choices=Complaint.Severity.choices, initial="serious")
    channel = forms.ChoiceField(label=_("How we heard"), choices=Channel.choices, initial=Channel.IN_PERSON)
    token = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class TakeForm(StepForm):
    """Nothing that has to be said."""

    words = _words()


class PromiseForm(StepForm):
    """What is promised, and by when."""

    promised = _line(_("What we promise"))
    due_at = MomentField(label=_("By when"))
    words = _words()

    def clean_due_at(self) -> datetime:
        """A moment to come."""
        due: datetime = self.cleaned_data["due_at"]
        if due <= self.now:
            raise ValidationError(_("That is past. Choose a later time."))
        return due


class ResolveForm(StepForm):
    """What was done, what was offered, and what it cost."""

    note = _line(_("What we did"))
    offered = _line(
        _("What we offered"), required=False, help_text=_("Such as a free night. Leave empty if nothing.")
    )
    cost = forms.DecimalField(
        label=_("What it cost"), required=False, min_value=0, max_digits=12, decimal_places=2
    )
    words = _words()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {"currency": self.complaint.venue.currency}
        self.fields["cost"].help_text = _("In %(currency)s.") % words


class CheckForm(StepForm):
    """How the customer took it, when asked."""

    reaction = forms.ChoiceField(
        label=_("How they took it"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    words = _words()


class CloseForm(StepForm):
    """Why it happened, and what the house changed."""

    cause = forms.ChoiceField(
        label=_("Kind of cause"), choices=[("", "–"), *Complaint.Cause.choices], required=False
    )
    root_cause = _line(_("Why it happened"), required=False)
    changed = _line(
        _("What we changed because of it"),
        required=False,
        help_text=_("In the house, so that it does not happen to the next one."),
    )
    note = _line(_("Why it is closed unchecked"), required=False)
    words = _words()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.complaint.state == Complaint.State.CHECKED:
            del self.fields["note"]
        else:
            self.fields["note"].required = True


class ReopenForm(StepForm):
    """Why it is not settled after all."""

    note = _line(_("Why it is opened again"))
    words = _words()


class FeedbackForm(forms.Form):
    """A score on its scale, in the customer's words."""

    scale = forms.ChoiceField(label=_("Asked"), choices=Feedback.Scale.choices)
    score = forms.IntegerField(label=_("Score"), min_value=0, max_value=10)
    words = _words()
    channel = forms.ChoiceField(label=_("How we heard"), choices=Channel.choices, initial=Channel.IN_PERSON)
    token = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Refuse a score that its scale does not have."""
        said = super().clean() or {}
        if (
            said.get("scale") == Feedback.Scale.CSAT
            and said.get("score") is not None
            and not 1 <= said["score"] <= 5
        ):
            self.add_error("score", _("Satisfaction is from 1 to 5."))
        return said


class AnswerForm(forms.Form):
    """What was answered to a low score."""

    words = _line(_("What we answered"))
