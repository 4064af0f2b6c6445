"""The state of the house: what waits, what failed, and whether those who send are awake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from crm import health
from interactions.models import Delivery
from staff.models import Venue

# Sending is asked to look every half minute; what waits this long has been missed.
LATE = timedelta(minutes=5)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class State:
    """What the overview shows of one venue, and of the machinery behind all of them."""

    waiting: int
    late: int
    sent_today: int
    given_up: int
    faults: dict[str, str]

    @property
    def is_well(self) -> bool:
        """Whether nobody has to look after anything."""
        return not (self.late or self.given_up or self.faults)


def state_of(venue: Venue, now: datetime) -> State:
    """The state of a venue at an aware moment; sent today counts from the start of its business day."""
    waiting = Q(state=Delivery.State.WAITING, next_attempt_at__lte=now)
    day = venue.day_starts_at(venue.business_day(now))
    counts = Delivery.objects.filter(follow_up__venue=venue).aggregate(
        waiting=Count("pk", filter=waiting),
        late=Count("pk", filter=waiting & Q(next_attempt_at__lt=now - LATE)),
        sent_today=Count("pk", filter=Q(sent_at__gte=day)),
        given_up=Count("pk", filter=Q(state=Delivery.State.DEAD)),
    )
    return State(**counts, faults=health.find_faults())


def given_up(venue: Venue) -> QuerySet[Delivery]:
    """The newest deliveries that were given up, with why; as many as the overview shows."""
    dead = Delivery.objects.filter(follow_up__venue=venue, state=Delivery.State.DEAD)
    return dead.select_related("follow_up__customer", "recipient").order_by("-created_at", "-pk")[:SHOWN]
