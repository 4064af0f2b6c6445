"""What a follow-up waits for, how late it is and how it repeats, in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import gettext as _

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
    """How often it is owed, as people say it."""
    parts = scheduling.parse(follow_up.recurrence)
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


@register.filter
def score_words(feedback: Feedback) -> str:
    """The score on its scale: "2 of 5"."""
    top = 5 if feedback.scale == Feedback.Scale.CSAT else 10
    return _("%(score)s of %(top)s") % {"score": feedback.score, "top": top}


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    """What a mapping holds for a key that is itself a value; nothing when it is not there."""
    return mapping.get(key)
