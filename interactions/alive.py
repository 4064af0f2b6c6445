"""Whether everything that is to be sent goes out: seen from the rows alone, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, DateTimeField, IntegerField, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from crm.models import Heartbeat
from interactions.models import BriefingLetter, CustomerMessage, Delivery, FollowUp
from staff.models import Membership, Venue

LATE: Final = timedelta(minutes=5)
# What waits, by where it is found.
WAITS: Final = {
    "undispatched": "reminder",
    "unsent": "reminder",
    "briefing": "briefing",
    "message": "message",
}


@dataclass(frozen=True, slots=True)
class Reminders:
    """How many are due for one person; since when nothing runs, and since when what waits to be sent."""

    due: int
    silent_since: datetime | None
    never_ran: bool
    waiting_since: datetime | None
    waits: str

    @property
    def are_stalled(self) -> bool:
        """Whether people should look at the list themselves instead of waiting to be told."""
        return self.never_ran or self.silent_since is not None or self.waiting_since is not None


def look(membership: Membership, now: datetime) -> Reminders:
    """How it stands for this person at their venue, at an aware moment."""
    row: Any = (
        Venue.objects.filter(pk=membership.venue_id)
        .values(
            due=Coalesce(Subquery(_due(membership, now), output_field=IntegerField()), 0),
            beat=Subquery(Heartbeat.objects.order_by("at").values("at")[:1]),
            **{
                name: Subquery(rows, output_field=DateTimeField()) for name, rows in _oldest_late(now).items()
            },
        )
        .get()
    )
    since, waits = _oldest({name: row[name] for name in WAITS})
    beat = row["beat"]
    return Reminders(
        due=row["due"],
        silent_since=beat if beat and beat < now - LATE else None,
        never_ran=beat is None,
        waiting_since=since,
        waits=waits,
    )


def fault() -> str:
    """What is wrong with what is sent, for those who watch the house; empty when all goes out in time."""
    now = timezone.now()
    found = {name: rows.first() for name, rows in _oldest_late(now).items()}
    since, waits = _oldest({name: next(iter(row.values())) if row else None for name, row in found.items()})
    return (
        f"the oldest {waits} has waited to go out for {(now - since).total_seconds():.0f} seconds"
        if since
        else ""
    )


def _due(membership: Membership, now: datetime) -> QuerySet[FollowUp, Any]:
    mine = FollowUp.objects.of(membership).due_by(now).order_by()
    return mine.values("venue").annotate(n=Count("pk")).values("n")


def _oldest_late(now: datetime) -> dict[str, QuerySet[Any, Any]]:
    """When the oldest of each that waits was to go out, where that is longer ago than it may be."""
    undispatched = FollowUp.objects.open().of_active().filter(next_dispatch_at__lt=now - LATE)
    found: dict[str, QuerySet[Any, Any]] = {
        "undispatched": undispatched.order_by("next_dispatch_at").values("next_dispatch_at")[:1]
    }
    for name, model in (("unsent", Delivery), ("briefing", BriefingLetter), ("message", CustomerMessage)):
        rows: Any = model.objects
        found[name] = rows.late(now - LATE).order_by("send_at").values("send_at")[:1]
    return found


def _oldest(found: dict[str, datetime | None]) -> tuple[datetime | None, str]:
    """The oldest of these moments, and what has waited since."""
    late = [(moment, WAITS[name]) for name, moment in found.items() if moment]
    return min(late, default=(None, ""))
