"""The targets of a complaint, and telling the managers of one that is past them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from customers.models import Customer
from customers.tests.factories import CustomerFactory
from interactions import dispatch, escalating, recovery, targets, tasks
from interactions.models import Complaint, Delivery, Escalation, FollowUp
from interactions.tests.factories import ComplaintFactory
from staff.models import Membership, Staff, Venue

NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

severities = st.sampled_from(["minor", "serious", "grave"])
states = st.sampled_from(["heard", "owned", "promised", "resolved", "checked", "closed"])


@given(states, severities)
def test_a_target_lies_ahead_of_its_clock(state: str, severity: str) -> None:
    found = targets.target(state, severity, NOW)
    assert (found is None) == (state in {"resolved", "checked", "closed"})
    assert found is None or found > NOW


@given(states)
def test_the_worse_it_is_the_sooner(state: str) -> None:
    found = [targets.target(state, severity, NOW) for severity in ("grave", "serious", "minor")]
    ends = [end for end in found if end]
    assert ends == sorted(set(ends))
    assert len(ends) in {0, 3}


@pytest.fixture
def dana(venue: Venue) -> Customer:
    """A regular of the café."""
    return CustomerFactory.create(preferred_name="Dana", home_venue=venue)


@pytest.fixture
def complaint(dana: Customer) -> Complaint:
    """A serious complaint that nobody took."""
    return ComplaintFactory.create(customer=dana, about="Breakfast came cold", opened_at=NOW)


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("severity", "after"), [("grave", 30 * MINUTE), ("serious", 2 * HOUR), ("minor", DAY)]
)
def test_nobodys_is_told_at_its_target_and_once(
    severity: str, after: timedelta, complaint: Complaint
) -> None:
    Complaint.objects.update(severity=severity)
    assert escalating.escalate(NOW + after - MINUTE) == 0
    assert escalating.escalate(NOW + after) == 1
    assert escalating.escalate(NOW + after + MINUTE) == 0
    (told,) = complaint.follow_ups.open()
    assert (told.role, told.urgent, told.due_at, told.kind) == ("manager", True, NOW + after, "recovery")
    assert "Breakfast came cold" in told.text
    (step,) = complaint.steps.all()
    assert (step.kind, step.by, step.note) == ("escalated", None, "nobody owns it")


def test_the_manager_hears_of_it_by_the_usual_way(complaint: Complaint, desk: Staff, manager: Staff) -> None:
    escalating.escalate(NOW + 3 * HOUR)
    dispatch.dispatch(NOW + 3 * HOUR)
    told = Delivery.objects.filter(follow_up__complaint=complaint).values_list("recipient", flat=True)
    assert set(told) == {manager.pk}


def test_it_speaks_the_venues_language(complaint: Complaint, venue: Venue) -> None:
    Venue.objects.update(language="zh-hans")
    escalating.escalate(NOW + 3 * HOUR)
    assert complaint.follow_ups.get().text.startswith("还没有人接手")


def test_not_put_right_in_time_is_told_besides(
    complaint: Complaint, desk: Staff, membership_of: Callable[[Staff], Membership]
) -> None:
    recovery.take(complaint.pk, membership_of(desk), now=NOW + HOUR, seen="heard")
    assert escalating.escalate(NOW + 3 * HOUR) == 0
    assert escalating.escalate(NOW + 3 * DAY) == 1
    assert escalating.escalate(NOW + 9 * DAY) == 0
    assert Escalation.objects.get().reason == "unresolved"


def test_taking_it_ends_what_told_the_manager(
    complaint: Complaint, desk: Staff, membership_of: Callable[[Staff], Membership]
) -> None:
    escalating.escalate(NOW + 3 * HOUR)
    recovery.take(complaint.pk, membership_of(desk), now=NOW + 4 * HOUR, seen="heard")
    assert FollowUp.objects.get().state == "done"


@pytest.mark.parametrize("state", ["resolved", "checked", "closed"])
def test_what_is_put_right_has_no_target(state: str, complaint: Complaint) -> None:
    Complaint.objects.update(state=state, resolved_at=NOW, checked_at=NOW, closed_at=NOW)
    assert escalating.escalate(NOW + 99 * DAY) == 0


def test_opened_again_the_clock_starts_anew(
    complaint: Complaint, desk: Staff, membership_of: Callable[[Staff], Membership]
) -> None:
    sam = membership_of(desk)
    recovery.take(complaint.pk, sam, now=NOW, seen="heard")
    assert escalating.escalate(NOW + 4 * DAY) == 1
    recovery.resolve(complaint.pk, sam, now=NOW + 4 * DAY, seen="owned", note="A fresh one")
    recovery.close(complaint.pk, sam, now=NOW + 4 * DAY, seen="resolved", note="Moved away")
    recovery.reopen(complaint.pk, sam, now=NOW + 9 * DAY, seen="closed", note="Still cold")
    assert escalating.escalate(NOW + 11 * DAY) == 0
    assert escalating.escalate(NOW + 12 * DAY) == 1


def test_a_closed_venue_tells_nobody(complaint: Complaint) -> None:
    Venue.objects.update(closed_at=NOW)
    assert escalating.escalate(NOW + 9 * DAY) == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_look_at_once_tell_once(venue: Venue) -> None:
    dana = CustomerFactory.create(home_venue=venue)
    ComplaintFactory.create_batch(30, customer=dana, opened_at=NOW)
    told: list[int] = []
    start = threading.Barrier(2)

    def look() -> None:
        start.wait(60)
        try:
            told.append(escalating.escalate(NOW + 3 * HOUR))
        finally:
            connection.close()

    lookers = [threading.Thread(target=look) for _ in range(2)]
    for each in lookers:
        each.start()
    for each in lookers:
        each.join(60)
    assert sum(told) == FollowUp.objects.count() == Escalation.objects.count() == 30


def test_beat_looks(complaint: Complaint) -> None:
    tasks.escalate()
    assert Escalation.objects.count() == 2  # long past both
