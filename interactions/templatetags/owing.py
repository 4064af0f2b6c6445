"""What a follow-up waits for, how late it is and how it repeats, in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils import formats
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interactions import letters, scheduling
from interactions.models import Feedback, FollowUp

register = template.Library()

Trigger = FollowUp.Trigger


@register.filter
def lateness(due: datetime, now: datetime) -> str:
    """How late something due is; empty while it is on time or yet to come."""
    return letters.lateness(due, now)


@register.filter
def trigger_words(follow_up: FollowUp) -> str:
    """What has to happen first."""
    words = {
        Trigger.NTH_VISIT: _("at visit number %(n)s"),
        Trigger.ABSENT_DAYS: _("when not seen for %(n)s days"),
    }
    number = {"n": follow_up.trigger_number}
    return (
        words[Trigger(follow_up.trigger)] % number
        if follow_up.trigger in words
        else follow_up.get_trigger_display()
    )


@register.filter
def repeat_words(follow_up: FollowUp) -> str:
    """How often it is owed, on which days and until when, as people say it; an odd rule as it is written."""
    try:
        parts = scheduling.parse(follow_up.recurrence)
    except scheduling.RuleError:
        return follow_up.recurrence
    words = [_rhythm(parts), _days(parts), _end(parts)]
    several = any("," in parts.get(name, "") for name in ("BYMONTHDAY", "BYMONTH", "BYHOUR", "BYMINUTE"))
    unsaid = bool(parts.get("BYDAY")) and not words[1] and parts["FREQ"] != "WEEKLY"
    if set(parts) - SAID or several or unsaid:
        return follow_up.recurrence
    return ", ".join(word for word in words if word)


# What can be said in words; a time and a day of the month are said by when it is due.
SAID = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYHOUR", "BYMINUTE", "COUNT", "UNTIL", "WKST"}
WORKDAYS = ["MO", "TU", "WE", "TH", "FR"]
DAYS = [*WORKDAYS, "SA", "SU"]


def _rhythm(parts: dict[str, str]) -> str:
    every, interval = parts["FREQ"], int(parts.get("INTERVAL", "1"))
    if interval == 1:
        return {"DAILY": _("daily"), "WEEKLY": _("weekly"), "MONTHLY": _("monthly"), "YEARLY": _("yearly")}[
            every
        ]
    words = {
        "DAILY": _("every %(n)s days"),
        "WEEKLY": _("every %(n)s weeks"),
        "MONTHLY": _("every %(n)s months"),
        "YEARLY": _("every %(n)s years"),
    }
    return words[every] % {"n": interval}


def _days(parts: dict[str, str]) -> str:
    """The weekdays, where there is more than the one on which it is due, or which one of a month."""
    days = parts.get("BYDAY", "").split(",")
    names = [str(WEEKDAYS_ABBR[DAYS.index(day)]) for day in DAYS if day in days]
    if len(names) == len(days) > 1:
        return _("Monday to Friday") if sorted(days) == sorted(WORKDAYS) else " ".join(names)
    which = {"1": _("the first %(day)s"), "2": _("the second %(day)s"), "3": _("the third %(day)s"),
             "4": _("the fourth %(day)s"), "-1": _("the last %(day)s")}  # fmt: skip
    place, day = days[0][:-2].lstrip("+"), days[0][-2:]
    if len(days) == 1 and place in which and parts["FREQ"] == "MONTHLY":
        return which[place] % {"day": WEEKDAYS[DAYS.index(day)]}
    return ""


def _end(parts: dict[str, str]) -> str:
    if "COUNT" in parts:
        left = int(parts["COUNT"])
        return ngettext("the last time", "%(n)s times to go", left) % {"n": left}
    if "UNTIL" in parts:
        last = datetime.strptime(parts["UNTIL"][:8], "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
        return _("until %(day)s") % {"day": formats.date_format(last, "SHORT_DATE_FORMAT")}
    return ""


@register.filter
def score_words(feedback: Feedback) -> str:
    """The score on its scale: "2 of 5"."""
    top = 5 if feedback.scale == Feedback.Scale.CSAT else 10
    return _("%(score)s of %(top)s") % {"score": feedback.score, "top": top}


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    """What a mapping holds for a key that is itself a value; nothing when it is not there."""
    return mapping.get(key)
