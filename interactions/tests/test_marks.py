"""The marks on the arrivals list: safety and what is owed, as this person may see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Customer
from customers.tests.factories import CustomerFactory, PreferenceFactory
from interactions import marks
from interactions.marks import Marks
from interactions.tests.factories import ComplaintFactory, FollowUpFactory, VisitFactory
from staff.models import Membership, Staff, Venue

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 14, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def half_past_nine() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def sam(desk: Staff, membership_of: Callable[[Staff], Membership]) -> Membership:
    return membership_of(desk)


@pytest.fixture
def dana(venue: Venue) -> Customer:
    return CustomerFactory.create(preferred_name="Dana", home_venue=venue)


def safety(customer: Customer, value: str, **more: object) -> None:
    PreferenceFactory.create(
        customer=customer, kind="safety", category="", value=value, recorded_at=NOW - DAY, **more
    )


def test_every_active_safety_fact_marks_and_a_discreet_one_without_its_words(
    dana: Customer, sam: Membership
) -> None:
    assert marks.of([dana.pk], sam, now=NOW) == {dana.pk: Marks()}
    safety(dana, "Crutches", valid_until=(NOW - DAY).date())
    safety(dana, "Latex", status="refuted", retired_at=NOW - DAY, retired_why="not so")
    safety(dana, "Milk", status="expired")
    assert not marks.of([dana.pk], sam, now=NOW)[dana.pk].is_safety
    safety(dana, "Epilepsy", discretion="act_silently")
    assert marks.of([dana.pk], sam, now=NOW)[dana.pk] == Marks(silent=True)
    safety(dana, "Peanut allergy")
    assert marks.of([dana.pk], sam, now=NOW)[dana.pk] == Marks(("Peanut allergy",), silent=True)


def test_an_open_complaint_or_a_promise_that_is_due_is_owed(dana: Customer, sam: Membership) -> None:
    FollowUpFactory.create(customer=dana, due_at=NOW + DAY)
    FollowUpFactory.create(customer=dana, due_at=NOW - DAY, kind="gesture")
    assert not marks.of([dana.pk], sam, now=NOW)[dana.pk].owed
    FollowUpFactory.create(customer=dana, due_at=NOW - DAY)
    assert marks.of([dana.pk], sam, now=NOW)[dana.pk].owed
    other = CustomerFactory.create(home_venue=sam.venue)
    ComplaintFactory.create(customer=other, venue=sam.venue, opened_at=NOW - DAY)
    assert marks.of([other.pk], sam, now=NOW)[other.pk].owed


def test_the_rows_of_the_arrivals_list_bear_them_and_open_the_card_of_the_stage(
    as_desk: Client, dana: Customer
) -> None:
    safety(dana, "Peanut allergy")
    VisitFactory.create(customer=dana, expected_at=NOW + DAY / 24)
    page = as_desk.get(reverse("arrivals")).content.decode()
    assert "Peanut allergy" in page
    assert f"customer={dana.pk}&amp;stage=before" in page
    desk = as_desk.get(reverse("desk")).content.decode()
    assert "badge safety" in desk


def test_what_is_for_managers_is_on_no_list_of_the_desk(as_desk: Client, dana: Customer) -> None:
    safety(dana, "Hushhush", discretion="managers_only")
    VisitFactory.create(customer=dana, expected_at=NOW + DAY / 24)
    assert "badge safety" not in as_desk.get(reverse("arrivals")).content.decode()


def test_twenty_rows_cost_what_one_costs(as_desk: Client, sam: Membership) -> None:
    costs = []
    for many in (1, 19):
        for guest in CustomerFactory.create_batch(many, home_venue=sam.venue):
            safety(guest, "Peanut allergy")
            VisitFactory.create(customer=guest, expected_at=NOW + DAY / 24)
        with CaptureQueriesContext(connection) as queries:
            as_desk.get(reverse("arrivals"))
        costs.append(len(queries))
    assert costs[0] == costs[1]
