"""How often something is owed again: the usual rhythms, chosen weekdays, a rule of one's own, and its end."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, cast

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interactions import scheduling

OWN: Final = "own"
DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class RepeatsForm(forms.Form):
    """The part of a form that says how often; `rule` gives what was said as RFC 5545 has it."""

    now: datetime

    repeats = forms.ChoiceField(
        label=gettext_lazy("Repeats"),
        required=False,
        choices=[
            ("", gettext_lazy("no")),
            ("FREQ=DAILY", gettext_lazy("every day")),
            ("FREQ=WEEKLY", gettext_lazy("every week")),
            ("FREQ=WEEKLY;INTERVAL=2", gettext_lazy("every two weeks")),
            ("FREQ=MONTHLY", gettext_lazy("every month")),
            ("FREQ=MONTHLY;INTERVAL=3", gettext_lazy("every three months")),
            ("FREQ=YEARLY", gettext_lazy("every year")),
            (OWN, gettext_lazy("by a rule of RFC 5545 …")),
        ],
    )
    days = forms.MultipleChoiceField(
        label=gettext_lazy("On these days"),
        required=False,
        choices=[(name, WEEKDAYS_ABBR[number]) for number, name in enumerate(DAYS)],
        widget=forms.CheckboxSelectMultiple,
    )
    own_rule = forms.CharField(
        label=gettext_lazy("Rule"),
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"placeholder": "FREQ=MONTHLY;BYDAY=1MO", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    last_day = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    times = forms.IntegerField(
        label=gettext_lazy("Or so many times"), required=False, min_value=1, max_value=1000
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a rule that cannot be kept, one that ends twice, and an end that is past."""
        said = super().clean() or {}
        last = said.get("last_day")
        if last and said.get("times"):
            self.add_error("times", _("Say one of the two: the last day, or how many times."))
        if last and last < timezone.localdate(self.now):
            self.add_error("last_day", _("That is past. Choose a later day."))
        if said.get("repeats") == OWN:
            self._check_own(said)
        return said

    def _check_own(self, said: dict[str, Any]) -> None:
        try:
            scheduling.parse(self.rule(said))
        except scheduling.RuleError:
            self.add_error(
                "own_rule", _("That is no rule that comes round. One that is: FREQ=MONTHLY;BYDAY=1MO")
            )

    @staticmethod
    def rule(said: dict[str, Any]) -> str:
        """What was said, as a rule; empty when it does not repeat."""
        rule = cast("str", said.get("repeats", ""))
        if not rule:
            return ""
        parts = [said.get("own_rule", "").strip().rstrip(";") if rule == OWN else rule]
        if said.get("days") and rule.startswith("FREQ=WEEKLY"):
            parts.append(f"BYDAY={','.join(said['days'])}")
        if said.get("last_day"):
            parts.append(f"UNTIL={said['last_day']:%Y%m%d}")
        if said.get("times"):
            parts.append(f"COUNT={said['times']}")
        return ";".join(parts)
