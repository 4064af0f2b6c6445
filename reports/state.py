"""The state of the house: what waits, what failed, and whether those who send are awake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from crm import health, schedule
from interactions import unsent
from interactions.models import Delivery, FollowUp
from staff.models import Venue

# Sending is asked to look every half minute; what waits this long has been missed.
LATE = timedelta(minutes=5)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class State:
    """What the overview shows of one venue, and of the machinery behind all of them."""

    waiting: int
    late: int
    moved: int
    trying: int
    sent_today: int
    given_up: int
    faults: dict[str, str]

    @property
    def is_well(self) -> bool:
        """Whether nobody has to look after anything."""
        return not (self.late or self.given_up or self.faults)


def state_of(venue: Venue, now: datetime) -> State:
    """The state of a venue at an aware moment, of all that it sends; today is its business day."""
    waiting = Q(state=Delivery.State.WAITING, next_attempt_at__lte=now)
    is_late = Q(state=Delivery.State.WAITING) & Q(send_at__lt=now - LATE)
    day = venue.day_starts_at(venue.business_day(now))
    tallies = [
        model.objects.at(venue).aggregate(
            waiting=Count("pk", filter=waiting),
            late=Count("pk", filter=is_late | (waiting & Q(next_attempt_at__lt=now - LATE))),
            moved=Count("pk", filter=Q(state=Delivery.State.WAITING, attempts=0, next_attempt_at__gt=now)),
            trying=Count("pk", filter=Q(state=Delivery.State.WAITING, attempts__gt=0)),
            sent_today=Count("pk", filter=Q(sent_at__gte=day)),
            given_up=Count("pk", filter=Q(state=Delivery.State.DEAD)),
        )
        for model in unsent.KINDS.values()
    ]
    counts = {name: sum(tally[name] for tally in tallies) for name in tallies[0]}
    due = FollowUp.objects.open().of_active().filter(venue=venue)
    counts["late"] += due.filter(next_dispatch_at__lt=now - LATE).count()
    return State(**counts, faults=health.find_faults())


def given_up(venue: Venue) -> list[unsent.Unsent]:
    """What was given up last, of all that is sent, with why; as many as the overview shows."""
    return unsent.dead(venue, SHOWN)


def coming(venue: Venue, now: datetime) -> list[tuple[str, datetime]]:
    """What happens next, in words, the soonest first: what falls due, what goes out, and what beat sends."""
    due = FollowUp.objects.open().of_active().filter(venue=venue, next_dispatch_at__gt=now)
    going = {
        "reminder": _("the next reminder goes out"),
        "briefing": _("the next briefing goes out"),
        "message": _("the next message to a customer goes out"),
    }
    found = [(_("the next follow-up falls due"), due.aggregate(at=Min("next_dispatch_at"))["at"])]
    for kind, model in unsent.KINDS.items():
        waiting = model.objects.at(venue).waiting().filter(next_attempt_at__gt=now)
        found.append((going[kind], waiting.aggregate(at=Min("next_attempt_at"))["at"]))
    runs = [(_words(name), at) for name, at in schedule.next_runs(now)]
    return [*sorted(((words, at) for words, at in found if at), key=lambda each: each[1]), *runs]


def _words(name: str) -> str:
    """What a job of beat's does, in words; its name where nobody found any."""
    words = {
        "heartbeat": _("a sign of life"),
        "dispatch": _("a look at what is due"),
        "escalate": _("a look at late complaints"),
        "brief": _("a look at the shifts that are next"),
        "webhooks": _("the webhook is called"),
        "run-playbooks": _("playbooks are followed"),
        "ask-how-it-was": _("customers are asked how it was"),
        "write-to-customers": _("messages to customers are sent"),
        "text-customers": _("text messages to customers are sent"),
        "watch-the-clock": _("a look at absences and corrected dates"),
        "sort-into-tiers": _("regulars are ranked anew for the look-up"),
        "prove-search-keys": _("the look-up's keys are checked"),
        "recount-items": _("the usual is counted anew"),
        "reconcile": _("visits that nobody logged are logged, and counters checked"),
    }
    return words.get(name, name)
