"""The house under fire: opened, filled with what is owed, and with people who see to some of it."""

from __future__ import annotations

import os
import random
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import psycopg
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from customers.models import Customer
from interactions.models import FollowUp
from interactions.tests.chaos.verdict import Owed
from staff.models import Membership, Role, Shift, Staff, Venue

ZONES = ("Europe/London", "Asia/Kathmandu", "America/St_Johns")
CREW = 12
SHIFTS = 120
# So many of a hundred are seen to by somebody, some before they are due and some after.
SEEN_TO = 6
URGENT = 30
TOKEN = "c" * 32


@dataclass(frozen=True, slots=True)
class Plan:
    """What is owed, and what of it somebody will see to, when."""

    rows: dict[int, FollowUp]
    to_do: list[tuple[datetime, int]]
    sessions: dict[int, str]


def furnish(count: int, begins: datetime, lasts: timedelta, dice: random.Random) -> Plan:
    """Three venues in three zones with their people, and what they owe: one thing to each customer."""
    crews = [_venue(number, zone) for number, zone in enumerate(ZONES)]
    customers = [
        Customer(full_name=f"Customer {number}", home_venue=crews[number % len(crews)][0].venue)
        for number in range(count)
    ]
    Customer.objects.bulk_create(customers, batch_size=1000)
    rows = [
        _owed(number, customers[number], crews, begins + lasts * dice.random(), dice)
        for number in range(count)
    ]
    FollowUp.objects.bulk_create(rows, batch_size=1000)
    seen_to = dice.sample(range(count), count * SEEN_TO // 100)
    to_do = sorted((_due(rows[n]) + timedelta(seconds=dice.uniform(-30, 30)), n) for n in seen_to)
    sessions = {crew[0].venue_id: _session(crew[0].staff) for crew in crews}
    return Plan(dict(enumerate(rows)), to_do, sessions)


def _venue(number: int, zone: str) -> list[Membership]:
    venue = Venue.objects.create(
        name=f"Venue {number}", slug=f"venue-{number}", industry="cafe", time_zone=zone, country="GB"
    )
    # Shifts of a minute, so that a digest is not the last one of the day.
    clock = datetime.now(venue.zone).replace(second=0, microsecond=0)
    begins = [(clock + timedelta(minutes=minute)).time() for minute in range(SHIFTS + 1)]
    Shift.objects.bulk_create(
        Shift(venue=venue, name=f"{starts:%H:%M}", starts=starts, ends=ends, weekdays=[*range(7)])
        for starts, ends in pairwise(begins)
    )
    roles = [Role.OWNER, *[Role.FRONT_DESK] * (CREW - 1)]
    people = [
        Staff.objects.create_user(f"p{place}.v{number}@house.example", display_name=f"Person {place}")
        for place in range(CREW)
    ]
    return [
        Membership.objects.create(staff=person, venue=venue, role=role)
        for person, role in zip(people, roles, strict=True)
    ]


def _owed(
    number: int, customer: Customer, crews: list[list[Membership]], due: datetime, dice: random.Random
) -> FollowUp:
    crew = next(crew for crew in crews if crew[0].venue_id == customer.home_venue_id)
    return FollowUp(
        customer=customer,
        venue=crew[0].venue,
        text=f"Call back, chaos-{number}",
        due_at=due,
        next_dispatch_at=due,
        owner=dice.choice(crew).staff,
        urgent=dice.randrange(100) < URGENT,
    )


def _due(row: FollowUp) -> datetime:
    assert row.due_at is not None
    return row.due_at


def _session(person: Staff) -> str:
    """What a browser keeps that is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


class Hands:
    """People who tap "done" in their browsers, and again until the page has answered."""

    def __init__(self, plan: Plan, port: int) -> None:
        self.plan = plan
        self.port = port
        self.done: dict[int, tuple[datetime, bool]] = {}
        self.unanswered = 0
        self._thread = threading.Thread(target=self._work, name="hands")

    def start(self) -> None:
        """Begin; each thing is done at its time."""
        self._thread.start()

    def finish(self) -> None:
        """Wait until everything has been done that was to be."""
        self._thread.join()

    def _work(self) -> None:
        for at, number in self.plan.to_do:
            time.sleep(max(0.0, (at - datetime.now(UTC)).total_seconds()))
            while not self._tap(self.plan.rows[number]):
                self.unanswered += 1
                time.sleep(0.2)
            self.done[number] = (datetime.now(UTC), _is_free(self.plan.rows[number].pk))

    def _tap(self, follow_up: FollowUp) -> bool:
        """Whether the page said that it is done."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/follow-ups/{follow_up.pk}/done/",
            data=b"outcome=",
            headers={
                "Cookie": f"sessionid={self.plan.sessions[follow_up.venue_id]}; csrftoken={TOKEN}",
                "X-CSRFToken": TOKEN,
                "HX-Request": "true",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return bool(answer.status == 200 and answer.headers.get("HX-Trigger"))
        except OSError:
            return False


def _is_free(follow_up_id: int) -> bool:
    """Whether no worker holds an e-mail about it, asked until the database answers."""
    sql = "SELECT 1 FROM interactions_delivery WHERE follow_up_id = %s AND state IN ('waiting', 'sent')"
    while True:
        try:
            with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as line:
                return line.execute(f"{sql} AND channel = 'email'", [follow_up_id]).fetchone() is None
        except psycopg.OperationalError:
            time.sleep(0.2)


def is_quiet() -> bool:
    """Whether everything due has been sent out, and nothing waits any more; False while nobody answers."""
    sql = (
        "SELECT NOT EXISTS (SELECT FROM interactions_followup WHERE next_dispatch_at IS NOT NULL)"
        " AND NOT EXISTS (SELECT FROM interactions_delivery WHERE state = 'waiting')"
    )
    try:
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as line:
            return bool((line.execute(sql).fetchone() or [False])[0])
    except psycopg.OperationalError:
        return False


def how_it_stands(plan: Plan, done: dict[int, tuple[datetime, bool]]) -> Iterable[Owed]:
    """Every follow-up as the database has it in the end."""
    connection.close()
    numbers = {row.pk: number for number, row in plan.rows.items()}
    rows = FollowUp.objects.select_related("owner").prefetch_related("deliveries")
    for row in rows:
        done_at, free = done.get(numbers[row.pk], (None, False))
        yield Owed(
            number=numbers[row.pk],
            to=row.owner.email if row.owner else "",
            is_open=row.state == FollowUp.State.OPEN,
            email_states=tuple(each.state for each in row.deliveries.all() if each.channel == "email"),
            done_at=done_at,
            free_when_done=free,
        )
