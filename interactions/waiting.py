"""What the clock makes due: a customer not seen for so long, and dates that were corrected."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import Coalesce

from interactions import dates, promises, scheduling
from interactions.models import FollowUp, FollowUpQuerySet

Trigger = FollowUp.Trigger
DAY = timedelta(days=1)
# With fewer visits, one gap says nothing of a rhythm yet.
RHYTHMIC = 3


@transaction.atomic
def fire_absences(now: datetime) -> int:
    """Make due, at nine on the venue's clock, what waits for a customer to have been away; give how many.

    Who never came is counted from the day the follow-up was written.
    """
    missed = _missed(FollowUp.objects.armed(Trigger.ABSENT_DAYS, Trigger.ABSENT_RHYTHM), now)
    fired = 0
    for follow_up in missed.select_related("venue").locked():
        promises.make_due(follow_up, scheduling.next_time(now, scheduling.MORNING, follow_up.venue.zone))
        fired += 1
    return fired


@transaction.atomic
def realign_dates(now: datetime) -> int:
    """Move what is due before a date that was corrected since; give how many moved.

    What is due already, or was put off by somebody, stays where it is.
    """
    coming = FollowUp.objects.open().filter(trigger=Trigger.BEFORE_DATE, due_at__gt=now, snoozed_from=None)
    moved = 0
    for follow_up in coming.select_related("important_date", "venue").locked():
        assert follow_up.important_date is not None  # noqa: S101 - the database refuses it
        days = follow_up.trigger_number or 0
        due = dates.due_before(follow_up.important_date, days, now, follow_up.venue.zone)
        if due < now or due == follow_up.due_at:
            continue
        promises.make_due(follow_up, due)
        moved += 1
    return moved


def _missed(armed: FollowUpQuerySet, now: datetime) -> FollowUpQuerySet:
    """Those whose customer has been away for the days they name, or for twice the usual gap."""
    moment, stretch = DateTimeField(), DurationField()
    last, first = F("customer__last_visit_at"), F("customer__first_visit_at")
    allowed = ExpressionWrapper(F("trigger_number") * DAY, output_field=stretch)
    gap = ExpressionWrapper((last - first) / (F("customer__visit_count") - 1), output_field=stretch)
    since = Coalesce(last, F("created_at"))
    away = armed.filter(trigger=Trigger.ABSENT_DAYS).annotate(
        until=ExpressionWrapper(since + allowed, output_field=moment)
    )
    out_of_rhythm = armed.filter(trigger=Trigger.ABSENT_RHYTHM, customer__visit_count__gte=RHYTHMIC).annotate(
        until=ExpressionWrapper(last + gap + gap, output_field=moment)
    )
    missed = Q(pk__in=away.filter(until__lte=now).values("pk"))
    return armed.filter(missed | Q(pk__in=out_of_rhythm.filter(until__lte=now).values("pk")))
