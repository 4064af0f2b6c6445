"""The demo's playbooks, what they made and held back, and a question that was sent to a guest."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.utils import translation

from customers.models import Customer
from interactions import messages, ready_made, scheduling, surveys
from interactions.models import ContactRules, CustomerMessage, FollowUp, Playbook, PlaybookDeed, Survey
from reports.demo.house import House
from reports.demo.teller import CAFE, GARDEN, HOTEL
from staff.models import Role, Venue

# Who switched them on, and which of the ready-made ones; those after the bar are tried and still off.
_TAKEN_UP: Final = {
    CAFE: ("priya", ("first-visit", "birthday", "drifting"), ("low-score",)),
    HOTEL: ("jonas", ("drifting", "anniversary"), ("birthday",)),
    GARDEN: ("jingyi", ("first-visit", "birthday"), ()),
}


def reach_out(house: House, now: datetime) -> None:
    """Take up playbooks at each venue, on from now, and tell what became of two occasions of the stories."""
    made: dict[tuple[str, str], Playbook] = {}
    for slug, (by, on, off) in _TAKEN_UP.items():
        for name in (*on, *off):
            playbook = _take_up(house.venues[slug], name)
            if name in on:
                playbook.switched_on_at, playbook.switched_by = now, house.staff(by)
            playbook.save()
            made[slug, name] = playbook
    _hold_a_birthday(made[CAFE, "birthday"], now)
    _miss_a_regular(made[HOTEL, "drifting"], now)
    ContactRules.objects.create(venue=house.venues[CAFE], weekly_cap=2)
    ContactRules.objects.create(
        venue=house.venues[HOTEL], weekly_cap=1, asks="csat", asks_since=now, asks_for=house.staff("jonas")
    )
    _ask_a_guest(house, now)


def _take_up(venue: Venue, name: str) -> Playbook:
    ready = ready_made.playbook_named(name)
    assert ready is not None  # noqa: S101 - named above
    with translation.override(venue.language):
        return Playbook(venue=venue, ready_made=name, **ready.initial())


def _hold_a_birthday(playbook: Playbook, now: datetime) -> None:
    """Dana has her birthday today, and a complaint that is still open."""
    today = now.astimezone(playbook.venue.zone).date()
    PlaybookDeed.objects.create(
        playbook=playbook,
        customer=Customer.objects.get(full_name="Dana Whitfield"),
        occasion=f"birthday:{today}",
        came_at=now - timedelta(hours=1),
        outcome=PlaybookDeed.Outcome.COMPLAINT,
        at=now,
    )


def _miss_a_regular(playbook: Playbook, now: datetime) -> None:
    """Frau Sommer came every month and has not been seen for four: somebody is to ask, tomorrow."""
    ingrid = Customer.objects.get(full_name="Ingrid Sommer")
    due = scheduling.tomorrow_morning(now, playbook.venue.zone)
    owed = FollowUp.objects.create(
        customer=ingrid,
        venue=playbook.venue,
        kind=FollowUp.Kind.PLAYBOOK,
        origin=FollowUp.Origin.PLAYBOOK,
        text=playbook.text,
        role=Role.CONCIERGE,
        due_at=due,
        next_dispatch_at=due,
        created_at=now,
    )
    PlaybookDeed.objects.create(
        playbook=playbook,
        customer=ingrid,
        occasion="rhythm:demo",
        came_at=now,
        outcome=PlaybookDeed.Outcome.MADE,
        follow_up=owed,
        at=now,
    )


def _ask_a_guest(house: House, now: datetime) -> None:
    """Monsieur Renard was asked yesterday how it was, and has not answered yet."""
    renard, venue, asked = (
        Customer.objects.get(full_name="Paul Renard"),
        house.venues[HOTEL],
        now - timedelta(1),
    )
    message = messages.write(
        renard,
        venue,
        now=asked,
        occurrence="survey:demo",
        purpose=CustomerMessage.Purpose.SURVEY,
        signer=house.staff("jonas"),
        subject=f"How was it at {venue.name}?",
        body=f"Dear {renard.greeting_name},\n\none question about your visit. It takes a moment.",
        language="en",
    )
    CustomerMessage.objects.filter(pk=message.pk).update(state=CustomerMessage.State.SENT, sent_at=asked)
    Survey.objects.create(
        customer=renard,
        venue=venue,
        message=message,
        scale="csat",
        language="en",
        asked_at=asked,
        quiet_until=asked + surveys.PEACE,
        expires_at=asked + surveys.EXPIRES_AFTER,
    )
