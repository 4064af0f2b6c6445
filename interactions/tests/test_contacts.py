"""What a contact does to what we owe, and that taking it back puts everything back."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from customers.models import Customer
from customers.tests.factories import CustomerFactory
from interactions import arrivals, capture, contacts, promises
from interactions.models import FollowUp, Interaction
from interactions.tests.factories import DeliveryFactory, FollowUpFactory, VisitFactory
from staff.models import Membership, Venue

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TWO_WEEKS = "FREQ=WEEKLY;INTERVAL=2"


@pytest.fixture
def dana(venue: Venue) -> Customer:
    """A regular of the café."""
    return CustomerFactory.create(home_venue=venue)


@pytest.fixture
def touch(dana: Customer, sam: Membership) -> FollowUp:
    """Dana is to be rung every two weeks, the next time in an hour."""
    return promises.promise(
        dana,
        sam,
        now=NOW - DAY,
        text="Ring",
        due_at=NOW + HOUR,
        recurrence=TWO_WEEKS,
        counts_from_contact=True,
    )


def dues(follow_up: FollowUp) -> tuple[datetime | None, datetime | None, datetime | None]:
    """When it is due, dispatched, and what it was put off from."""
    follow_up.refresh_from_db()
    return follow_up.due_at, follow_up.next_dispatch_at, follow_up.snoozed_from


def test_any_contact_starts_it_again_and_taking_it_back_does_not(
    touch: FollowUp, dana: Customer, sam: Membership
) -> None:
    told = DeliveryFactory.create(follow_up=touch)
    made = capture.log(dana, sam, now=NOW, kind="call")
    anew = NOW + 14 * DAY + HOUR
    assert dues(touch) == (anew, anew, None)
    told.refresh_from_db()
    assert told.state == "withdrawn"
    capture.undo(made.pk, sam, now=NOW)
    assert dues(touch) == (NOW + HOUR, NOW + HOUR, None)


def test_one_that_was_overdue_is_told_from_now_on(touch: FollowUp, dana: Customer, sam: Membership) -> None:
    made = capture.log(dana, sam, now=NOW + DAY, kind="call")
    capture.undo(made.pk, sam, now=NOW + DAY)
    assert dues(touch) == (NOW + HOUR, NOW + DAY, None)


def test_one_put_off_is_put_off_again(touch: FollowUp, dana: Customer, sam: Membership) -> None:
    promises.snooze(touch.pk, sam, now=NOW, until=NOW + 2 * DAY)
    made = capture.log(dana, sam, now=NOW, kind="call")
    assert dues(touch)[2] is None
    capture.undo(made.pk, sam, now=NOW)
    assert dues(touch) == (NOW + 2 * DAY, NOW + 2 * DAY, NOW + HOUR)


def test_what_somebody_did_since_stays(
    touch: FollowUp, dana: Customer, sam: Membership, priya: Membership
) -> None:
    made = capture.log(dana, sam, now=NOW, kind="call")
    promises.snooze(touch.pk, priya, now=NOW, until=NOW + 20 * DAY)
    capture.undo(made.pk, sam, now=NOW)
    assert dues(touch)[0] == NOW + 20 * DAY


def test_one_handed_over_since_is_still_put_back(
    touch: FollowUp, dana: Customer, sam: Membership, priya: Membership
) -> None:
    made = capture.log(dana, sam, now=NOW, kind="call")
    promises.hand_over(touch.pk, priya, now=NOW, owner=priya.staff)
    capture.undo(made.pk, sam, now=NOW)
    assert dues(touch)[0] == NOW + HOUR
    assert touch.owner == priya.staff


def test_what_is_done_since_is_not_opened(touch: FollowUp, dana: Customer, sam: Membership) -> None:
    made = capture.log(dana, sam, now=NOW, kind="call")
    promises.done(touch.pk, sam, now=NOW)
    capture.undo(made.pk, sam, now=NOW)
    touch.refresh_from_db()
    assert touch.state == "done"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_several_contacts_are_taken_back_in_any_order(
    order: tuple[int, ...], touch: FollowUp, dana: Customer, sam: Membership
) -> None:
    made = [
        capture.log(dana, sam, now=NOW + 2 * HOUR * n, occurred_at=NOW + (n - 2) * DAY, kind="call")
        for n in range(3)
    ]
    left = set(range(3))
    for number in order:
        capture.undo(made[number].pk, sam, now=NOW + 8 * HOUR)
        left.discard(number)
        last = max(left, default=None)
        # The latest contact that stands is what counts; without any it is due as it was promised.
        assert dues(touch)[0] == (NOW + HOUR if last is None else NOW + (last - 2 + 14) * DAY + HOUR)


def test_a_second_contact_on_a_day_counts_when_the_first_is_taken_back(
    touch: FollowUp, dana: Customer, sam: Membership
) -> None:
    first = capture.log(dana, sam, now=NOW, kind="call")
    second = capture.log(dana, sam, now=NOW + HOUR, kind="call")
    capture.undo(first.pk, sam, now=NOW + 2 * HOUR)
    assert dues(touch)[0] == NOW + 14 * DAY + HOUR
    capture.undo(second.pk, sam, now=NOW + 2 * HOUR)
    assert dues(touch)[0] == NOW + HOUR


def test_coming_back_ends_an_absence_until_it_is_taken_back(dana: Customer, sam: Membership) -> None:
    missed = FollowUpFactory.create(
        customer=dana, trigger="absent_days", trigger_number=30, due_at=NOW - DAY, created_at=NOW - 40 * DAY
    )
    capture.log(dana, sam, now=NOW, kind="call")
    assert dues(missed)[0] == NOW - DAY
    made = capture.log(dana, sam, now=NOW)
    assert dues(missed) == (None, None, None)
    capture.undo(made.pk, sam, now=NOW)
    assert dues(missed) == (NOW - DAY, NOW, None)


def test_a_visit_that_the_list_wrote_is_taken_back_too(
    touch: FollowUp, dana: Customer, sam: Membership
) -> None:
    visit = VisitFactory.create(customer=dana, expected_at=NOW)
    arrivals.arrive(visit.pk, sam, now=NOW)
    arrivals.leave(visit.pk, sam, now=NOW + HOUR)
    assert dues(touch)[0] == NOW + 14 * DAY + HOUR
    arrivals.step_back(visit.pk, sam, now=NOW)
    assert dues(touch)[0] == NOW + HOUR


def test_a_contact_corrected_to_none_did_not_count(touch: FollowUp, dana: Customer, sam: Membership) -> None:
    made = capture.log(dana, sam, now=NOW, kind="call")
    capture.correct(made.pk, sam, now=NOW, seen=0, items=[], kind="note")
    assert dues(touch)[0] == NOW + HOUR
    capture.correct(made.pk, sam, now=NOW, seen=1, items=[], kind="call", occurred_at=NOW - DAY)
    assert dues(touch)[0] == NOW + 13 * DAY + HOUR
    assert capture.version_of(Interaction.objects.get()) == 2


def test_a_visit_corrected_to_a_call_makes_nothing_due(dana: Customer, sam: Membership) -> None:
    waits = FollowUpFactory.create(customer=dana, trigger="next_visit", due_at=None, created_at=NOW - DAY)
    made = capture.log(dana, sam, now=NOW)
    capture.correct(made.pk, sam, now=NOW, seen=0, items=[], kind="call")
    assert dues(waits)[0] is None
    capture.correct(made.pk, sam, now=NOW, seen=1, items=[], kind="visit")
    assert dues(waits)[0] == NOW


def test_a_second_visit_makes_due_what_the_first_no_longer_does(dana: Customer, sam: Membership) -> None:
    waits = FollowUpFactory.create(customer=dana, trigger="next_visit", due_at=None, created_at=NOW - DAY)
    first = capture.log(dana, sam, now=NOW)
    capture.log(dana, sam, now=NOW + 3 * HOUR)
    capture.undo(first.pk, sam, now=NOW + 3 * HOUR)
    assert dues(waits)[0] == NOW + 3 * HOUR


@pytest.mark.parametrize("kind", ["no_show", "handover", "note"])
def test_where_nobody_spoke_with_them_nothing_moves(
    kind: str, touch: FollowUp, dana: Customer, sam: Membership
) -> None:
    capture.log(dana, sam, now=NOW, kind=kind)
    assert dues(touch)[0] == NOW + HOUR


def test_an_email_that_went_out_by_itself_is_not_staying_in_touch(
    touch: FollowUp, dana: Customer, sam: Membership
) -> None:
    said: dict[str, Any] = {"now": NOW, "source": "message", "kind": "message", "channel": "email"}
    capture.note(dana, sam.venue, token="1", **said)
    assert dues(touch)[0] == NOW + HOUR
    capture.note(dana, sam.venue, token="2", staff=sam.staff, **said)
    assert dues(touch)[0] == NOW + 14 * DAY + HOUR


def test_a_series_that_is_no_cadence_stays(dana: Customer, sam: Membership) -> None:
    bill = promises.promise(dana, sam, now=NOW, text="Bill", due_at=NOW + HOUR, recurrence="FREQ=WEEKLY")
    capture.log(dana, sam, now=NOW)
    assert dues(bill)[0] == NOW + HOUR


def test_taking_a_contact_back_costs_the_same_however_much_came_before(
    touch: FollowUp, dana: Customer, sam: Membership, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for n in range(20):
        capture.log(dana, sam, now=NOW - 30 * DAY + n * HOUR, kind="call")
    made = capture.log(dana, sam, now=NOW, kind="call")
    with django_assert_max_num_queries(12):
        contacts.take_back(made, now=NOW)
