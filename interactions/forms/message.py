"""The forms of what is written to customers, of how a venue does that, and of the question they answer."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interactions import messages, texting
from interactions.models import ContactRules, Feedback, MessageTemplate
from staff.models import Venue

PLACE = re.compile(r"\{[^{}\n]*\}")


class ContactRulesForm(forms.ModelForm[ContactRules]):
    """How often, at what hours, and whether customers are asked how it was."""

    class Meta:
        model = ContactRules
        fields: ClassVar = ["weekly_cap", "hours_from", "hours_until", "asks", "asks_after_hours"]
        widgets: ClassVar = {
            "hours_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "hours_until": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asks: Any = self.fields["asks"]
        asks.choices = [("", _("no")), *Feedback.Scale.choices]

    def clean_weekly_cap(self) -> int:
        """From one to twenty."""
        cap = int(self.cleaned_data["weekly_cap"])
        if not 1 <= cap <= 20:
            raise forms.ValidationError(_("From 1 to 20."))
        return cap

    def clean_asks_after_hours(self) -> int:
        """Within five days."""
        hours = int(self.cleaned_data["asks_after_hours"])
        if hours > 120:
            raise forms.ValidationError(_("At most %(most)s.") % {"most": 120})
        return hours

    def clean(self) -> dict[str, Any] | None:
        """Messages have some hours."""
        said = super().clean()
        if said and said.get("hours_from") and said.get("hours_from") == said.get("hours_until"):
            self.add_error("hours_until", _("Say until when."))
        return said


class MessageTemplateForm(forms.ModelForm[MessageTemplate]):
    """A text in both languages."""

    class Meta:
        model = MessageTemplate
        fields: ClassVar = [
            "name", "subject_en", "body_en", "short_en", "subject_zh", "body_zh", "short_zh",
        ]  # fmt: skip
        widgets: ClassVar = {
            "body_en": forms.Textarea(attrs={"rows": 8}),
            "body_zh": forms.Textarea(attrs={"rows": 8}),
            "short_en": forms.Textarea(attrs={"rows": 3}),
            "short_zh": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, venue: Venue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.venue = venue

    def clean_name(self) -> str:
        """A name that no other text of the venue has."""
        name = str(self.cleaned_data["name"]).strip()
        others = MessageTemplate.objects.filter(venue=self.instance.venue).exclude(pk=self.instance.pk)
        if others.filter(name__iexact=name).exists():
            raise forms.ValidationError(_("There is a text of this name already."))
        return name

    def clean(self) -> dict[str, Any] | None:
        """Only what can be filled in stands between braces; a short text is in both languages or none."""
        said = super().clean() or {}
        for name in ("subject_en", "body_en", "short_en", "subject_zh", "body_zh", "short_zh"):
            unknown = set(PLACE.findall(said.get(name, ""))) - set(messages.PLACES)
            if unknown:
                self.add_error(name, _("Only {name} and {venue} are filled in."))
        for name, other in (("short_en", "short_zh"), ("short_zh", "short_en")):
            if said.get(other) and not said.get(name) and name not in self.errors:
                self.add_error(name, _("Word it in both languages, or in neither."))
        return said


class WriteForm(forms.Form):
    """The words of one message, to be approved by sending them."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=150)
    body = forms.CharField(
        label=gettext_lazy("Text"), max_length=4000, widget=forms.Textarea(attrs={"rows": 10})
    )
    language = forms.CharField(widget=forms.HiddenInput, max_length=10)
    # It becomes part of a header of the letter.
    token = forms.RegexField(r"\A[0-9A-Za-z-]{1,40}\Z", widget=forms.HiddenInput)


class TextForm(WriteForm):
    """The words of one text message: short, and without a subject."""

    subject = None  # type: ignore[assignment]  # Django's way to leave a field of the parent out
    body = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=texting.LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class SurveyForm(forms.Form):
    """One question, and room for words."""

    score = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect)
    words = forms.CharField(
        label=gettext_lazy("Would you like to tell us more?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, scale: str, venue: Venue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        score: Any = self.fields["score"]
        score.error_messages["required"] = _("Choose one, please.")
        score.error_messages["invalid_choice"] = _("Choose one, please.")
        if scale == Feedback.Scale.NPS:
            score.label = _("How likely are you to recommend %(venue)s to a friend?") % {"venue": venue.name}
            score.choices = [(n, str(n)) for n in range(11)]
        else:
            score.label = _("How satisfied were you with your visit to %(venue)s?") % {"venue": venue.name}
            score.choices = [
                (5, _("5, very satisfied")),
                (4, _("4, satisfied")),
                (3, _("3, neither")),
                (2, _("2, dissatisfied")),
                (1, _("1, very dissatisfied")),
            ]
