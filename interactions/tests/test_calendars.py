"""The calendar feed, as a calendar program reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from customers.models import Customer
from customers.tests.factories import CustomerFactory, PreferenceFactory
from interactions import calendars, promises
from interactions.models import CalendarFeed, FollowUp
from interactions.tests.factories import FollowUpFactory, InteractionFactory
from staff.models import Membership, Rota, Shift, Staff, Venue
from staff.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def dana(venue: Venue) -> Customer:
    """A regular of the café."""
    return CustomerFactory.create(preferred_name="Dana", full_name="Dana Whitfield", home_venue=venue)


@pytest.fixture
def call(dana: Customer, desk: Staff) -> FollowUp:
    """What Sam owes her at half past eleven, on the venue's clock."""
    return FollowUpFactory.create(
        customer=dana, text="Call back", owner=desk, due_at=NOW + HOUR, created_at=NOW
    )


def read(person: Staff) -> Any:
    """The calendar, parsed as a program would."""
    found = Calendar.from_ical(calendars.calendar_of(person, NOW))
    assert isinstance(found, Calendar)
    return found


def events(person: Staff) -> dict[str, Any]:
    """What is in it, by its words."""
    return {str(event["SUMMARY"]): event for event in read(person).events}


def test_it_is_a_calendar_with_the_venues_zone(call: FollowUp, desk: Staff) -> None:
    calendar = read(desk)
    assert (calendar["VERSION"], calendar["PRODID"]) == ("2.0", "-//Regulars//Regulars//EN")
    assert not calendar.errors
    (event,) = calendar.events
    assert event["SUMMARY"] == "Dana Whitfield: Call back"
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert event.start.isoformat() == "2026-05-12T11:30:00+01:00"
    assert [str(zone["TZID"]) for zone in calendar.timezones] == ["Europe/London"]
    assert f"/customers/{call.customer_id}/" in event["DESCRIPTION"]
    assert event["UID"] == f"follow-up-{call.pk}@localhost"


def test_a_change_keeps_its_uid_and_counts_on(
    call: FollowUp, desk: Staff, membership_of: Callable[[Staff], Membership]
) -> None:
    (before,) = events(desk).values()
    (again,) = events(desk).values()
    assert again.to_ical() == before.to_ical()
    promises.snooze(call.pk, membership_of(desk), now=NOW, until=NOW + 3 * HOUR)
    (after,) = events(desk).values()
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["DTSTAMP"].dt > before["DTSTAMP"].dt
    assert after.start == before.start + 2 * HOUR


def test_what_is_done_or_somebody_elses_or_of_the_archived_is_not_in_it(
    call: FollowUp, desk: Staff, manager: Staff, dana: Customer, membership_of: Callable[[Staff], Membership]
) -> None:
    FollowUpFactory.create(customer=dana, text="Not Sam's", owner=manager, due_at=NOW)
    FollowUpFactory.create(customer=dana, text="For managers", role="manager", due_at=NOW)
    FollowUpFactory.create(customer=dana, text="For the desk", role="front_desk", due_at=NOW)
    FollowUpFactory.create(customer=dana, text="At the next visit", trigger="next_visit", due_at=None)
    assert set(events(desk)) == {"Dana Whitfield: Call back", "Dana Whitfield: For the desk"}
    promises.done(call.pk, membership_of(desk), now=NOW)
    assert set(events(desk)) == {"Dana Whitfield: For the desk"}
    Customer.objects.update(status=Customer.Status.ARCHIVED, archived_at=NOW)
    assert events(desk) == {}


def test_nothing_in_it_is_for_managers_alone(dana: Customer, desk: Staff, manager: Staff) -> None:
    secret = InteractionFactory.create(customer=dana, discretion="managers_only")
    for role in ("front_desk", "manager"):
        FollowUpFactory.create(customer=dana, text="Settle", role=role, due_at=NOW, interaction=secret)
    PreferenceFactory.create(customer=dana, value="The divorce", discretion="managers_only", recorded_at=NOW)
    assert events(desk) == {}
    assert set(events(manager)) == {"Dana Whitfield: Settle"}
    assert b"divorce" not in calendars.calendar_of(manager, NOW)


def test_shifts_at_every_venue_on_its_own_clock(desk: Staff, venue: Venue, elsewhere: Venue) -> None:
    MembershipFactory.create(staff=desk, venue=elsewhere)
    for where in (venue, elsewhere):
        late = Shift.objects.create(
            venue=where, name="Late", starts=time(15), ends=time(1), weekdays=list(range(7))
        )
        Rota.objects.create(shift=late, staff=desk, day=date(2026, 5, 12))
    found = events(desk)
    assert found["Late, Harbour Café"].end.isoformat() == "2026-05-13T01:00:00+01:00"
    assert found["Late, Lantern Garden"].start.isoformat() == "2026-05-12T15:00:00+08:00"
    Membership.objects.filter(venue=elsewhere).update(ended_at=timezone.now())
    assert set(events(desk)) == {"Late, Harbour Café"}


def test_names_cannot_break_it(desk: Staff, dana: Customer) -> None:
    FollowUpFactory.create(
        customer=dana, text="Ask;\\, about\r\nBEGIN:VEVENT the 客人", owner=desk, due_at=NOW + HOUR
    )
    (event,) = read(desk).events
    assert "客人" in event["SUMMARY"]
    assert "BEGIN:VEVENT the" in event["SUMMARY"]


def address(token: str) -> str:
    return reverse("calendar_feed", args=[token])


def test_a_program_reads_it_until_it_is_taken_back(
    anonymous: Client, as_desk: Client, desk: Staff, call: FollowUp
) -> None:
    FollowUp.objects.update(due_at=timezone.now())
    page = as_desk.post(reverse("own_calendar_make")).context["address"]
    answer: Any = anonymous.get(page.removeprefix("http://localhost:8000"))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"Call back" in answer.content
    assert page not in as_desk.get(reverse("own_calendar")).content.decode()
    feed = CalendarFeed.objects.get()
    assert feed.read_at is not None
    assert feed.token_hash not in page
    as_desk.post(reverse("own_calendar_revoke"))
    assert anonymous.get(page.removeprefix("http://localhost:8000")).status_code == 404


@pytest.mark.parametrize("token", ["x", "0" * 43, "ü", "a.b"])
def test_garbage_opens_nothing(token: str, anonymous: Client, desk: Staff) -> None:
    calendars.make_feed(desk, NOW)
    assert anonymous.get(address(token)).status_code == 404


def test_a_new_address_ends_the_old_one(anonymous: Client, desk: Staff) -> None:
    old, new = (calendars.make_feed(desk, NOW + hours * HOUR) for hours in (0, 1))
    assert anonymous.get(address(old)).status_code == 404
    assert anonymous.get(address(new)).status_code == 200


def test_who_left_has_no_feed(anonymous: Client, desk: Staff) -> None:
    token = calendars.make_feed(desk, NOW)
    Staff.objects.update(is_active=False)
    assert anonymous.get(address(token)).status_code == 404


@pytest.mark.parametrize("name", ["own_calendar", "own_calendar_make", "own_calendar_revoke"])
def test_a_stranger_has_none(name: str, as_stranger: Client) -> None:
    method = as_stranger.get if name == "own_calendar" else as_stranger.post
    assert method(reverse(name)).status_code == 403


def test_the_profile_leads_there(as_desk: Client) -> None:
    assert reverse("own_calendar") in as_desk.get(reverse("profile")).content.decode()


def test_as_many_questions_for_twenty_as_for_one(
    desk: Staff, dana: Customer, django_assert_num_queries: Any
) -> None:
    for rows in (1, 20):
        FollowUpFactory.create_batch(rows, customer=dana, owner=desk, due_at=NOW + HOUR)
        with django_assert_num_queries(3):
            calendars.calendar_of(desk, NOW)


def test_who_works_nowhere_any_more_has_no_feed(anonymous: Client, desk: Staff, elsewhere: Venue) -> None:
    token = calendars.make_feed(desk, NOW)
    MembershipFactory.create(staff=desk, venue=elsewhere)
    Membership.objects.exclude(venue=elsewhere).update(ended_at=timezone.now())
    assert anonymous.get(address(token)).status_code == 200
    Membership.objects.update(ended_at=timezone.now())
    assert anonymous.get(address(token)).status_code == 404
