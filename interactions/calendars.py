"""A person's follow-ups and shifts as a calendar that any program can subscribe to (RFC 5545).

An event keeps its UID for good; SEQUENCE counts the changes to its row and DTSTAMP tells the last one, so
that a program sees what moved. It says what to do and for whom, and nothing of the customer's card: a
calendar is kept by whoever reads it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from customers.models import Customer
from interactions import turns
from interactions.models import CalendarFeed, FollowUp, FollowUpEvent
from staff.models import Membership, Rota, Staff
from staff.terminals import hashed

# How far back what is still open is told, how far ahead shifts are, and how much at most.
BACK, AHEAD = timedelta(days=60), timedelta(days=42)
MOST: Final = 500
LASTS: Final = timedelta(minutes=15)
# How often a program may usefully ask again.
REFRESH: Final = timedelta(minutes=15)


@transaction.atomic
def make_feed(person: Staff, now: datetime) -> str:
    """Make a new address for somebody, which ends the one before; give what opens it, this once."""
    Staff.objects.select_for_update().get(pk=person.pk)
    person.calendar_feeds.all().revoke(now)
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.create(staff=person, token_hash=hashed(token), made_at=now)
    return token


def feed_of(token: str, now: datetime) -> CalendarFeed | None:
    """The feed that this opens, noted as read; None for what was taken back or never was."""
    found = CalendarFeed.objects.live().filter(token_hash=hashed(token)).select_related("staff").first()
    if found is not None:
        CalendarFeed.objects.filter(pk=found.pk).update(read_at=now)
    return found


def calendar_of(person: Staff, now: datetime) -> bytes:
    """What this person owes and when they work, at every venue of theirs, in the active language."""
    calendar = Calendar()
    calendar.add("prodid", "-//Regulars//Regulars//EN")
    calendar.add("version", "2.0")
    calendar.calendar_name = _("Regulars: %(name)s") % {"name": person.display_name}
    calendar.refresh_interval = REFRESH
    members = list(person.memberships.current().select_related("venue", "staff"))
    for event in (*_follow_ups(members, now), *_shifts(person, members, now)):
        calendar.add_component(event)
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def _follow_ups(members: Iterable[Membership], now: datetime) -> Iterator[Event]:
    changes = FollowUpEvent.objects.filter(pgh_obj=OuterRef("pk")).order_by().values("pgh_obj")
    last = FollowUpEvent.objects.filter(pgh_obj=OuterRef("pk")).order_by("-pk").values("pgh_created_at")
    for member in members:
        mine = Q(owner=member.staff_id) | Q(owner=None, role=member.role)
        owed = FollowUp.objects.open().visible_to(member).filter(mine, due_at__gte=now - BACK)
        shown = owed.filter(customer__status=Customer.Status.ACTIVE).select_related("customer")
        counted = shown.annotate(
            changes=Coalesce(Subquery(changes.annotate(n=Count("pk")).values("n")), 0),
            changed_at=Coalesce(Subquery(last[:1]), "created_at"),
        )
        for row in counted.order_by("due_at", "id")[:MOST]:
            yield _follow_up(row, member)


def _follow_up(row: Any, member: Membership) -> Event:
    starts = row.due_at.astimezone(member.venue.zone)
    event = _event(f"follow-up-{row.pk}", starts, starts + LASTS, row.changed_at, row.changes)
    event.add("summary", f"{row.customer.name}: {row.text}")
    address = settings.SITE_URL + reverse("customer", args=[row.customer_id])
    event.add("description", f"{row.get_kind_display()}, {member.venue.name}\n{address}")
    event.add("url", address)
    event.add("location", member.venue.name)
    event.add("transp", "TRANSPARENT")
    return event


def _shifts(person: Staff, members: Iterable[Membership], now: datetime) -> Iterator[Event]:
    venues = {member.venue_id: member.venue for member in members}
    span = (now.date() - timedelta(days=1), (now + AHEAD).date())
    down = Rota.objects.filter(staff=person, shift__venue__in=venues, day__range=span)
    for duty in down.select_related("shift").order_by("day", "id")[:MOST]:
        venue = venues[duty.shift.venue_id]
        turn = turns.turn_of(duty.shift, duty.day, venue)
        starts, ends = turn.starts.astimezone(venue.zone), turn.ends.astimezone(venue.zone)
        event = _event(f"shift-{duty.pk}", starts, ends, starts - AHEAD, 0)
        event.add("summary", f"{turn.name}, {venue.name}")
        event.add("location", venue.name)
        yield event


def _event(name: str, starts: datetime, ends: datetime, changed: datetime, changes: int) -> Event:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    event = Event()
    event.add("uid", f"{name}@{host}")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", changes)
    event.add("dtstart", starts)
    event.add("dtend", ends)
    return event
