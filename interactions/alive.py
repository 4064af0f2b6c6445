"""Whether reminders go out: seen from the rows alone, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, DateTimeField, IntegerField, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from crm.models import Heartbeat
from interactions.models import Delivery, FollowUp
from staff.models import Membership, Venue

LATE: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Reminders:
    """How many are due for one person; since when nothing runs, and since when something waits to be told."""

    due: int
    silent_since: datetime | None
    never_ran: bool
    waiting_since: datetime | None

    @property
    def are_stalled(self) -> bool:
        """Whether people should look at the list themselves instead of waiting to be told."""
        return self.never_ran or self.silent_since is not None or self.waiting_since is not None


def look(membership: Membership, now: datetime) -> Reminders:
    """How it stands for this person at their venue, at an aware moment."""
    row = (
        Venue.objects.filter(pk=membership.venue_id)
        .values(
            due=Coalesce(Subquery(_due(membership, now), output_field=IntegerField()), 0),
            beat=Subquery(Heartbeat.objects.order_by("at").values("at")[:1]),
            undispatched=Subquery(_oldest_undispatched(now), output_field=DateTimeField()),
            unsent=Subquery(_oldest_unsent(now), output_field=DateTimeField()),
        )
        .get()
    )
    waiting = [moment for moment in (row["undispatched"], row["unsent"]) if moment]
    beat = row["beat"]
    return Reminders(
        due=row["due"],
        silent_since=beat if beat and beat < now - LATE else None,
        never_ran=beat is None,
        waiting_since=min(waiting, default=None),
    )


def fault() -> str:
    """What is wrong with reminders, for those who watch the house; empty when they go out in time."""
    now = timezone.now()
    oldest = [_oldest_undispatched(now).first(), _oldest_unsent(now).first()]
    since = min((moment for row in oldest if row for moment in row.values()), default=None)
    return f"the oldest has waited to go out for {(now - since).total_seconds():.0f} seconds" if since else ""


def _due(membership: Membership, now: datetime) -> QuerySet[FollowUp, Any]:
    mine = FollowUp.objects.of(membership).due_by(now).order_by()
    return mine.values("venue").annotate(n=Count("pk")).values("n")


def _oldest_undispatched(now: datetime) -> QuerySet[FollowUp, Any]:
    late = FollowUp.objects.open().of_active().filter(next_dispatch_at__lt=now - LATE)
    return late.order_by("next_dispatch_at").values("next_dispatch_at")[:1]


def _oldest_unsent(now: datetime) -> QuerySet[Delivery, Any]:
    return Delivery.objects.late(now - LATE).order_by("send_at").values("send_at")[:1]
