"""Logging: one transaction, counters that hold, nothing twice, everything undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from customers.models import Customer
from customers.tests.factories import CustomerFactory
from interactions import capture, promises
from interactions.items import Item
from interactions.models import Channel, FollowUp, Interaction, Visit
from interactions.tests.factories import FollowUpFactory, InteractionFactory, VisitFactory
from staff.models import Membership, Staff, Venue

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 14, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TOKEN = "3f6c1f0e-6f0b-4d2e-9a51-0d6f0a1b2c3d"


@pytest.fixture
def dana(venue: Venue) -> Customer:
    return CustomerFactory.create(preferred_name="Dana", home_venue=venue)


def counters(customer: Customer) -> tuple[int, datetime | None, datetime | None]:
    customer.refresh_from_db()
    return customer.visit_count, customer.first_visit_at, customer.last_visit_at


class TestLog:
    def test_it_keeps_what_was_said_by_whom_and_where(self, dana: Customer, sam: Membership) -> None:
        made = capture.log(
            dana,
            sam,
            now=NOW,
            kind="call",
            channel="phone",
            summary="  Asked about Sunday ",
            words=" See you then! ",
            items=[Item("Table by the window", 2)],
        )
        made.refresh_from_db()
        assert (made.customer, made.venue, made.staff) == (dana, sam.venue, sam.staff)
        assert (made.kind, made.channel, made.occurred_at) == ("call", Channel.PHONE, NOW)
        assert (made.summary, made.words) == ("Asked about Sunday", "See you then!")
        assert capture.items_of(made) == (Item("Table by the window", 2),)

    def test_a_visit_moves_the_counters(self, dana: Customer, sam: Membership) -> None:
        capture.log(dana, sam, now=NOW)
        assert counters(dana) == (1, NOW, NOW)
        capture.log(dana, sam, now=NOW + DAY)
        assert counters(dana) == (2, NOW, NOW + DAY)

    def test_a_call_does_not(self, dana: Customer, sam: Membership) -> None:
        capture.log(dana, sam, now=NOW, kind="call", channel="phone")
        assert counters(dana) == (0, None, None)

    def test_a_visit_logged_later_than_it_happened_counts_from_when_it_did(
        self, dana: Customer, sam: Membership
    ) -> None:
        capture.log(dana, sam, now=NOW)
        capture.log(dana, sam, now=NOW, occurred_at=NOW - 40 * DAY)
        assert counters(dana) == (2, NOW - 40 * DAY, NOW)

    def test_what_has_not_happened_is_refused(self, dana: Customer, sam: Membership) -> None:
        with pytest.raises(ValueError, match="not happened"):
            capture.log(dana, sam, now=NOW, occurred_at=NOW + timedelta(minutes=6))
        assert not dana.interactions.exists()

    def test_a_clock_a_little_ahead_is_put_back(self, dana: Customer, sam: Membership) -> None:
        assert capture.log(dana, sam, now=NOW, occurred_at=NOW + timedelta(minutes=4)).occurred_at == NOW

    def test_the_same_token_logs_once(self, dana: Customer, sam: Membership) -> None:
        first = capture.log(dana, sam, now=NOW, summary="First", items=[Item("Tea")], token=TOKEN)
        again = capture.log(dana, sam, now=NOW, summary="Second", items=[Item("Tea")], token=TOKEN)
        assert again == first
        assert again.summary == "First"
        assert again.items.count() == 1
        assert counters(dana) == (1, NOW, NOW)

    def test_a_token_is_good_for_one_customer(self, dana: Customer, sam: Membership) -> None:
        other = CustomerFactory.create(home_venue=sam.venue)
        first = capture.log(dana, sam, now=NOW, token=TOKEN)
        assert capture.log(other, sam, now=NOW, token=TOKEN) != first

    def test_without_a_token_twice_is_twice(self, dana: Customer, sam: Membership) -> None:
        capture.log(dana, sam, now=NOW)
        capture.log(dana, sam, now=NOW)
        assert counters(dana) == (2, NOW, NOW)


class TestExpectedVisit:
    def test_it_arrives_when_it_is_logged(self, dana: Customer, sam: Membership) -> None:
        visit = VisitFactory.create(
            customer=dana, expected_at=NOW + timedelta(minutes=30), party_size=2, companions=["Robin"]
        )
        made = capture.log(dana, sam, now=NOW)
        visit.refresh_from_db()
        assert (visit.state, visit.arrived_at, visit.interaction) == (Visit.State.ARRIVED, NOW, made)
        assert (made.party_size, made.companions) == (2, ["Robin"])

    @pytest.mark.parametrize("away", [timedelta(hours=3), -timedelta(hours=5)])
    def test_another_time_of_the_day_is_another_visit(
        self, dana: Customer, sam: Membership, away: timedelta
    ) -> None:
        visit = VisitFactory.create(customer=dana, expected_at=NOW + away)
        capture.log(dana, sam, now=NOW)
        visit.refresh_from_db()
        assert visit.state == Visit.State.EXPECTED

    def test_a_call_ties_nothing(self, dana: Customer, sam: Membership) -> None:
        visit = VisitFactory.create(customer=dana, expected_at=NOW)
        capture.log(dana, sam, now=NOW, kind="call", channel="phone")
        visit.refresh_from_db()
        assert (visit.state, visit.interaction) == (Visit.State.EXPECTED, None)

    def test_a_second_log_leaves_the_tie_alone(self, dana: Customer, sam: Membership) -> None:
        visit = VisitFactory.create(customer=dana, expected_at=NOW)
        first = capture.log(dana, sam, now=NOW)
        capture.log(dana, sam, now=NOW)
        visit.refresh_from_db()
        assert visit.interaction == first

    def test_one_elsewhere_is_left_alone(self, dana: Customer, sam: Membership, elsewhere: Venue) -> None:
        visit = VisitFactory.create(customer=dana, venue=elsewhere, expected_at=NOW)
        capture.log(dana, sam, now=NOW)
        visit.refresh_from_db()
        assert visit.state == Visit.State.EXPECTED


class TestUndo:
    def test_it_is_as_if_it_had_not_been(self, dana: Customer, sam: Membership) -> None:
        capture.log(dana, sam, now=NOW - DAY)
        visit = VisitFactory.create(customer=dana, expected_at=NOW)
        made = capture.log(dana, sam, now=NOW)
        assert capture.undo(made.pk, sam, now=NOW) == dana
        assert counters(dana) == (1, NOW - DAY, NOW - DAY)
        visit.refresh_from_db()
        assert (visit.state, visit.arrived_at, visit.interaction) == (Visit.State.EXPECTED, None, None)

    def test_the_first_visit_goes_too(self, dana: Customer, sam: Membership) -> None:
        made = capture.log(dana, sam, now=NOW)
        capture.undo(made.pk, sam, now=NOW)
        assert counters(dana) == (0, None, None)

    def test_who_had_arrived_before_it_was_logged_is_still_here(
        self, dana: Customer, sam: Membership
    ) -> None:
        visit = VisitFactory.create(
            customer=dana, state=Visit.State.ARRIVED, expected_at=NOW, arrived_at=NOW - timedelta(minutes=9)
        )
        made = capture.log(dana, sam, now=NOW)
        capture.undo(made.pk, sam, now=NOW)
        visit.refresh_from_db()
        assert (visit.state, visit.interaction) == (Visit.State.ARRIVED, None)

    def test_what_it_said_stays_in_the_history(self, dana: Customer, sam: Membership) -> None:
        made = capture.log(dana, sam, now=NOW, summary="Wrong Dana")
        capture.undo(made.pk, sam, now=NOW)
        events = made.events.model
        assert events.objects.get(pgh_obj_id=made.pk).summary == "Wrong Dana"

    def test_what_the_visit_made_due_waits_again(self, dana: Customer, sam: Membership) -> None:
        waits = {"due_at": None, "created_at": NOW - DAY}
        scarf = FollowUpFactory.create(customer=dana, trigger="next_visit", **waits)
        third = FollowUpFactory.create(customer=dana, trigger="nth_visit", trigger_number=1, **waits)
        welcome = FollowUpFactory.create(customer=dana, trigger="first_visit", trigger_number=7, **waits)
        made = capture.log(dana, sam, now=NOW)
        assert not FollowUp.objects.filter(due_at=None).exists()
        capture.undo(made.pk, sam, now=NOW + timedelta(minutes=2))
        for follow_up in (scarf, third, welcome):
            follow_up.refresh_from_db()
            assert (follow_up.due_at, follow_up.next_dispatch_at) == (None, None)

    def test_what_an_earlier_visit_made_due_or_somebody_moved_stays_due(
        self, dana: Customer, sam: Membership
    ) -> None:
        old = FollowUpFactory.create(customer=dana, trigger="next_visit", due_at=NOW - DAY)
        waits = FollowUpFactory.create(customer=dana, trigger="next_visit", due_at=None, created_at=NOW - DAY)
        made = capture.log(dana, sam, now=NOW)
        promises.snooze(waits.pk, sam, now=NOW, until=NOW + DAY)
        capture.undo(made.pk, sam, now=NOW)
        assert set(FollowUp.objects.values_list("pk", "due_at")) == {
            (old.pk, NOW - DAY),
            (waits.pk, NOW + DAY),
        }

    def test_twice_says_that_it_is_gone(self, dana: Customer, sam: Membership) -> None:
        made = capture.log(dana, sam, now=NOW)
        capture.undo(made.pk, sam, now=NOW)
        with pytest.raises(Interaction.DoesNotExist):
            capture.undo(made.pk, sam, now=NOW)

    def test_a_colleague_may_not(self, dana: Customer, sam: Membership, morgan: Membership) -> None:
        made = capture.log(dana, sam, now=NOW)
        with pytest.raises(capture.TooLateError):
            capture.undo(made.pk, morgan, now=NOW)
        assert counters(dana) == (1, NOW, NOW)

    def test_the_next_business_day_is_too_late(self, dana: Customer, sam: Membership) -> None:
        made = capture.log(dana, sam, now=NOW)
        with pytest.raises(capture.TooLateError):
            capture.undo(made.pk, sam, now=NOW + DAY)


class TestCorrect:
    def test_it_changes_what_was_logged_and_keeps_what_was(self, dana: Customer, sam: Membership) -> None:
        made = capture.log(dana, sam, now=NOW, summary="Flat wite", items=[Item("Flat wite")])
        capture.correct(made.pk, sam, now=NOW, seen=0, items=[Item("Flat white", 2)], summary="Flat white")
        made.refresh_from_db()
        assert made.summary == "Flat white"
        assert capture.items_of(made) == (Item("Flat white", 2),)
        assert [event.summary for event in made.events.all()] == ["Flat wite"]

    def test_the_counters_follow_the_moment(self, dana: Customer, sam: Membership) -> None:
        capture.log(dana, sam, now=NOW)
        made = capture.log(dana, sam, now=NOW)
        capture.correct(made.pk, sam, now=NOW, seen=0, items=[], occurred_at=NOW - DAY)
        assert counters(dana) == (2, NOW - DAY, NOW)

    def test_the_counters_follow_the_kind(self, dana: Customer, sam: Membership) -> None:
        made = capture.log(dana, sam, now=NOW)
        capture.correct(made.pk, sam, now=NOW, seen=0, items=[], kind="note")
        assert counters(dana) == (0, None, None)

    def test_what_a_visit_makes_due_belatedly_has_not_waited_to_be_told(
        self, dana: Customer, sam: Membership
    ) -> None:
        waiting = FollowUpFactory.create(
            customer=dana, due_at=None, trigger="next_visit", created_at=NOW - DAY
        )
        made = capture.log(dana, sam, now=NOW, kind="note")
        capture.correct(made.pk, sam, now=NOW + HOUR, seen=0, items=[], kind="visit")
        waiting.refresh_from_db()
        assert (waiting.due_at, waiting.next_dispatch_at) == (NOW, NOW + HOUR)

    def test_what_waits_for_the_visit_after_one_that_was_none_has_not_waited_to_be_told(
        self, dana: Customer, sam: Membership
    ) -> None:
        first = capture.log(dana, sam, now=NOW - HOUR)
        waiting = FollowUpFactory.create(
            customer=dana, due_at=None, trigger="next_visit", created_at=NOW - DAY
        )
        InteractionFactory.create(
            customer=dana, venue=sam.venue, kind="visit", occurred_at=NOW, created_at=NOW
        )
        capture.correct(first.pk, sam, now=NOW + HOUR, seen=0, items=[], kind="note")
        waiting.refresh_from_db()
        assert (waiting.due_at, waiting.next_dispatch_at) == (NOW, NOW + HOUR)

    def test_the_second_of_two_is_told(self, dana: Customer, sam: Membership, morgan: Membership) -> None:
        made = capture.log(dana, sam, now=NOW, summary="One")
        capture.correct(made.pk, morgan, now=NOW, seen=0, items=[], summary="Two")
        with pytest.raises(capture.ChangedMeanwhileError):
            capture.correct(made.pk, sam, now=NOW, seen=0, items=[], summary="Three")
        made.refresh_from_db()
        assert made.summary == "Two"

    def test_a_colleague_at_the_desk_may_not(
        self, dana: Customer, sam: Membership, concierge: Staff, membership_of: Callable[[Staff], Membership]
    ) -> None:
        made = capture.log(dana, sam, now=NOW)
        with pytest.raises(capture.TooLateError):
            capture.correct(made.pk, membership_of(concierge), now=NOW, seen=0, items=[], summary="No")

    def test_a_manager_of_another_venue_may_not(
        self, dana: Customer, sam: Membership, morgan: Membership, elsewhere: Venue
    ) -> None:
        made = InteractionFactory.create(customer=dana, venue=elsewhere)
        with pytest.raises(capture.TooLateError):
            capture.correct(made.pk, morgan, now=NOW, seen=0, items=[], summary="No")

    def test_a_moment_ahead_is_refused(self, dana: Customer, sam: Membership) -> None:
        made = capture.log(dana, sam, now=NOW)
        with pytest.raises(ValueError, match="not happened"):
            capture.correct(made.pk, sam, now=NOW, seen=0, items=[], occurred_at=NOW + DAY)

    def test_the_customer_cannot_be_exchanged(self, dana: Customer, sam: Membership) -> None:
        made = capture.log(dana, sam, now=NOW)
        with pytest.raises(TypeError, match="customer"):
            capture.correct(made.pk, sam, now=NOW, seen=0, items=[], customer=dana)
