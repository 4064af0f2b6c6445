"""The arrivals list: its verbs, and the page on which each is one tap."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers import keys
from customers.models import Customer
from customers.tests.factories import CustomerFactory
from interactions import arrivals, capture
from interactions.models import FollowUp, Interaction, Visit
from interactions.reconcile import log_forgotten_visits
from interactions.tests.factories import FollowUpFactory, VisitFactory
from staff.models import Membership, Staff, Venue

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 14, 9, 30, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HTMX = {"HX-Request": "true"}
State = Visit.State


@pytest.fixture(autouse=True)
def half_past_nine() -> Iterator[None]:
    """It is NOW, and stays so."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def dana(venue: Venue) -> Customer:
    return CustomerFactory.create(preferred_name="Dana", full_name="Dana Whitfield", home_venue=venue)


@pytest.fixture
def visit(dana: Customer) -> Visit:
    made: Visit = VisitFactory.create(customer=dana, expected_at=NOW, party_size=2, companions=["Robin"])
    return made


def visits_of(customer: Customer) -> int:
    customer.refresh_from_db()
    return customer.visit_count


class TestVerbs:
    def test_arriving_is_dated(self, visit: Visit, sam: Membership) -> None:
        arrivals.arrive(visit.pk, sam, now=NOW + MINUTE)
        visit.refresh_from_db()
        assert (visit.state, visit.arrived_at) == (State.ARRIVED, NOW + MINUTE)

    def test_arriving_makes_due_what_was_promised_for_the_next_visit(
        self, visit: Visit, sam: Membership
    ) -> None:
        promise = FollowUpFactory.create(
            customer=visit.customer, due_at=None, trigger=FollowUp.Trigger.NEXT_VISIT, created_at=NOW - DAY
        )
        arrivals.arrive(visit.pk, sam, now=NOW)
        promise.refresh_from_db()
        assert promise.due_at == NOW

    def test_a_visit_by_number_is_due_as_soon_as_they_are_here(self, visit: Visit, sam: Membership) -> None:
        been = {"visit_count": 9, "first_visit_at": NOW - 90 * DAY, "last_visit_at": NOW - DAY}
        Customer.objects.filter(pk=visit.customer_id).update(**been)
        tenth, eleventh = (
            FollowUpFactory.create(
                customer=visit.customer, trigger="nth_visit", trigger_number=number, due_at=None
            )
            for number in (10, 11)
        )
        arrivals.arrive(visit.pk, sam, now=NOW)
        for waits in (tenth, eleventh):
            waits.refresh_from_db()
        assert (tenth.due_at, eleventh.due_at) == (NOW, None)
        arrivals.step_back(visit.pk, sam, now=NOW)
        tenth.refresh_from_db()
        assert tenth.due_at is None

    def test_a_promise_made_during_the_visit_waits_for_the_next(self, visit: Visit, sam: Membership) -> None:
        arrivals.arrive(visit.pk, sam, now=NOW)
        promise = FollowUpFactory.create(
            customer=visit.customer, due_at=None, trigger=FollowUp.Trigger.NEXT_VISIT, created_at=NOW + HOUR
        )
        arrivals.leave(visit.pk, sam, now=NOW + 2 * HOUR)
        promise.refresh_from_db()
        assert promise.due_at is None

    def test_leaving_puts_an_unlogged_visit_on_the_timeline(self, visit: Visit, sam: Membership) -> None:
        arrivals.arrive(visit.pk, sam, now=NOW)
        arrivals.leave(visit.pk, sam, now=NOW + HOUR)
        visit.refresh_from_db()
        assert (visit.state, visit.left_at) == (State.LEFT, NOW + HOUR)
        assert visit.interaction is not None
        assert (visit.interaction.kind, visit.interaction.occurred_at) == ("visit", NOW)
        assert (visit.interaction.party_size, visit.interaction.companions) == (2, ["Robin"])
        assert visits_of(visit.customer) == 1

    def test_leaving_after_it_was_logged_adds_nothing(self, visit: Visit, sam: Membership) -> None:
        arrivals.arrive(visit.pk, sam, now=NOW)
        capture.log(visit.customer, sam, now=NOW + MINUTE, summary="Tea")
        arrivals.leave(visit.pk, sam, now=NOW + HOUR)
        assert visits_of(visit.customer) == 1
        assert Interaction.objects.get().summary == "Tea"

    def test_not_coming_is_kept_on_the_timeline_and_is_no_visit(self, visit: Visit, sam: Membership) -> None:
        arrivals.did_not_come(visit.pk, sam, now=NOW + HOUR)
        visit.refresh_from_db()
        assert (visit.state, visit.arrived_at) == (State.NO_SHOW, None)
        assert Interaction.objects.get().kind == "no_show"
        assert Interaction.objects.get().occurred_at == NOW
        assert visits_of(visit.customer) == 0

    def test_who_comes_after_all_was_no_no_show(self, visit: Visit, sam: Membership) -> None:
        arrivals.did_not_come(visit.pk, sam, now=NOW + HOUR)
        arrivals.arrive(visit.pk, sam, now=NOW + 2 * HOUR)
        visit.refresh_from_db()
        assert (visit.state, visit.interaction) == (State.ARRIVED, None)
        assert not Interaction.objects.exists()

    @pytest.mark.parametrize("verb", ["arrive", "leave", "did_not_come", "cancel"])
    def test_twice_is_once(self, visit: Visit, sam: Membership, verb: str) -> None:
        if verb == "leave":
            arrivals.arrive(visit.pk, sam, now=NOW)
        when = {} if verb == "cancel" else {"now": NOW}
        first = getattr(arrivals, verb)(visit.pk, sam, **when)
        when = {} if verb == "cancel" else {"now": NOW + HOUR}
        again = getattr(arrivals, verb)(visit.pk, sam, **when)
        assert (again.state, again.arrived_at, again.left_at) == (
            first.state,
            first.arrived_at,
            first.left_at,
        )
        assert Interaction.objects.count() <= 1

    @pytest.mark.parametrize(
        ("state", "verb"),
        [
            (State.LEFT, "arrive"),
            (State.CANCELLED, "arrive"),
            (State.EXPECTED, "leave"),
            (State.NO_SHOW, "leave"),
            (State.ARRIVED, "did_not_come"),
            (State.LEFT, "cancel"),
            (State.ARRIVED, "cancel"),
        ],
    )
    def test_a_step_from_elsewhere_is_refused(
        self, dana: Customer, sam: Membership, state: str, verb: str
    ) -> None:
        here = {"arrived_at": NOW} if state in (State.ARRIVED, State.LEFT) else {}
        gone = {"left_at": NOW} if state == State.LEFT else {}
        made = VisitFactory.create(customer=dana, state=state, expected_at=NOW, **here, **gone)
        when = {} if verb == "cancel" else {"now": NOW}
        with pytest.raises(arrivals.NotFromHereError):
            getattr(arrivals, verb)(made.pk, sam, **when)

    def test_a_visit_elsewhere_is_not_there(self, dana: Customer, sam: Membership, elsewhere: Venue) -> None:
        made = VisitFactory.create(customer=dana, venue=elsewhere)
        with pytest.raises(Visit.DoesNotExist):
            arrivals.arrive(made.pk, sam, now=NOW)


class TestForgotten:
    def test_the_night_puts_an_arrival_that_nobody_logged_on_the_timeline(
        self, visit: Visit, sam: Membership
    ) -> None:
        arrivals.arrive(visit.pk, sam, now=NOW)
        assert log_forgotten_visits(NOW + HOUR) == 0
        assert log_forgotten_visits(NOW + DAY) == 1
        assert log_forgotten_visits(NOW + DAY) == 0
        visit.refresh_from_db()
        made = Interaction.objects.get()
        assert (made.occurred_at, made.staff, made.companions) == (NOW, None, ["Robin"])
        assert (visit.state, visit.interaction) == (State.ARRIVED, made)
        assert visits_of(visit.customer) == 1

    def test_what_was_logged_or_did_not_take_place_is_left_alone(
        self, dana: Customer, visit: Visit, sam: Membership
    ) -> None:
        arrivals.arrive(visit.pk, sam, now=NOW)
        capture.log(dana, sam, now=NOW)
        VisitFactory.create(customer=dana, expected_at=NOW)
        VisitFactory.create(customer=dana, expected_at=NOW, state=State.CANCELLED)
        assert log_forgotten_visits(NOW + DAY) == 0
        assert visits_of(dana) == 1


class TestStepBack:
    def test_each_step_can_be_taken_back(self, visit: Visit, sam: Membership) -> None:
        arrivals.arrive(visit.pk, sam, now=NOW)
        arrivals.leave(visit.pk, sam, now=NOW + HOUR)
        back = arrivals.step_back(visit.pk, sam, now=NOW)
        assert (back.state, back.left_at, back.interaction) == (State.ARRIVED, None, None)
        assert visits_of(visit.customer) == 0
        back = arrivals.step_back(visit.pk, sam, now=NOW)
        assert (back.state, back.arrived_at) == (State.EXPECTED, None)

    @pytest.mark.parametrize("verb", ["did_not_come", "cancel"])
    def test_who_is_off_the_list_is_expected_again(self, visit: Visit, sam: Membership, verb: str) -> None:
        getattr(arrivals, verb)(visit.pk, sam, **({} if verb == "cancel" else {"now": NOW + HOUR}))
        assert arrivals.step_back(visit.pk, sam, now=NOW).state == State.EXPECTED
        assert not Interaction.objects.exists()

    def test_what_arriving_made_due_waits_again(self, visit: Visit, sam: Membership) -> None:
        scarf = FollowUpFactory.create(
            customer=visit.customer, trigger="next_visit", due_at=None, created_at=NOW - DAY
        )
        arrivals.arrive(visit.pk, sam, now=NOW)
        arrivals.step_back(visit.pk, sam, now=NOW)
        scarf.refresh_from_db()
        assert scarf.due_at is None
        arrivals.arrive(visit.pk, sam, now=NOW + MINUTE)
        scarf.refresh_from_db()
        assert scarf.due_at == NOW + MINUTE

    def test_what_somebody_logged_stays(self, visit: Visit, sam: Membership) -> None:
        arrivals.arrive(visit.pk, sam, now=NOW)
        capture.log(visit.customer, sam, now=NOW, summary="Tea")
        arrivals.leave(visit.pk, sam, now=NOW + HOUR)
        assert arrivals.step_back(visit.pk, sam, now=NOW).state == State.ARRIVED
        assert Interaction.objects.get().summary == "Tea"
        with pytest.raises(arrivals.NotFromHereError):
            arrivals.step_back(visit.pk, sam, now=NOW)

    def test_who_was_never_expected_cannot_be_expected_again(self, dana: Customer, sam: Membership) -> None:
        made = VisitFactory.create(customer=dana, expected_at=None, state=State.ARRIVED, arrived_at=NOW)
        with pytest.raises(arrivals.NotFromHereError):
            arrivals.step_back(made.pk, sam, now=NOW)


class TestPage:
    def test_a_visitor_logs_in_and_a_stranger_gets_nothing(
        self, anonymous: Client, as_stranger: Client, visit: Visit
    ) -> None:
        paths = [
            ("get", "/arrivals/"),
            ("get", "/arrivals/new/?q=dana"),
            ("get", f"/customers/{visit.customer_id}/expect/"),
            ("post", f"/customers/{visit.customer_id}/expect/"),
            ("post", f"/visits/{visit.pk}/arrive/"),
        ]
        for method, path in paths:
            assert getattr(anonymous, method)(path).headers["Location"].startswith("/accounts/login/"), path
            answer = getattr(as_stranger, method)(path)
            assert answer.status_code == 403, path
            assert "Whitfield" not in answer.content.decode()
        visit.refresh_from_db()
        assert visit.state == State.EXPECTED

    def test_the_day_in_order(self, as_desk: Client, venue: Venue) -> None:
        for name, hours in (("Late", 5), ("Early", 1), ("Tomorrow", 24), ("Yesterday", -24)):
            person = CustomerFactory.create(full_name=f"{name} Guest", home_venue=venue)
            VisitFactory.create(customer=person, expected_at=NOW + hours * HOUR)
        page = as_desk.get("/arrivals/").content.decode()
        assert page.index("Early Guest") < page.index("Late Guest")
        assert "Tomorrow Guest" not in page
        assert "Yesterday Guest" not in page
        assert "Tomorrow Guest" in as_desk.get("/arrivals/?day=2026-05-15").content.decode()

    def test_before_the_business_day_starts_it_is_still_yesterday(
        self, as_desk: Client, dana: Customer
    ) -> None:
        VisitFactory.create(customer=dana, expected_at=datetime(2026, 5, 15, 1, 0, tzinfo=UTC))
        assert "Dana Whitfield" in as_desk.get("/arrivals/?day=2026-05-14").content.decode()

    def test_no_day_is_not_found(self, as_desk: Client) -> None:
        assert as_desk.get("/arrivals/?day=nonsense").status_code == 404

    def test_an_empty_day_says_what_to_do(self, as_desk: Client) -> None:
        assert "Nobody is expected" in as_desk.get("/arrivals/").content.decode()

    def test_one_tap_arrives_and_can_be_undone(self, as_desk: Client, visit: Visit) -> None:
        answer = as_desk.post(f"/visits/{visit.pk}/arrive/", headers=HTMX)
        assert "Here now" in answer.content.decode()
        toast = json.loads(answer.headers["HX-Trigger"])["toast"]
        assert toast["text"] == "Dana Whitfield is here."
        assert as_desk.post(toast["undo"], headers={"Sec-Fetch-Dest": "empty"}).status_code == 204
        visit.refresh_from_db()
        assert visit.state == State.EXPECTED

    @pytest.mark.parametrize("verb", ["arrive", "did-not-come", "cancel"])
    def test_it_works_without_scripts(self, as_desk: Client, visit: Visit, verb: str) -> None:
        answer = as_desk.post(f"/visits/{visit.pk}/{verb}/")
        assert answer.headers["Location"] == "/arrivals/?day=2026-05-14"
        assert f"/visits/{visit.pk}/step-back/" in as_desk.get("/arrivals/").content.decode()

    def test_who_was_quicker_is_said(self, as_desk: Client, visit: Visit, sam: Membership) -> None:
        arrivals.cancel(visit.pk, sam)
        answer = as_desk.post(f"/visits/{visit.pk}/arrive/", headers=HTMX)
        toast = json.loads(answer.headers["HX-Trigger"])["toast"]
        assert "already marked “cancelled”" in toast["text"]
        assert toast["undo"] is None

    @pytest.mark.parametrize("path", ["/visits/{pk}/dance/", "/visits/999999/arrive/"])
    def test_no_such_step_or_visit(self, as_desk: Client, visit: Visit, path: str) -> None:
        assert as_desk.post(path.format(pk=visit.pk)).status_code == 404

    def test_a_step_is_never_a_look(self, as_desk: Client, visit: Visit) -> None:
        assert as_desk.get(f"/visits/{visit.pk}/arrive/").status_code == 405

    def test_twenty_cost_as_many_questions_as_one(self, as_desk: Client, venue: Venue, visit: Visit) -> None:
        as_desk.get("/arrivals/")
        with CaptureQueriesContext(connection) as one:
            as_desk.get("/arrivals/")
        for _guest in range(19):
            VisitFactory.create(customer=CustomerFactory.create(home_venue=venue), expected_at=NOW)
        with CaptureQueriesContext(connection) as twenty:
            as_desk.get("/arrivals/")
        assert len(twenty) == len(one)


class TestExpect:
    def test_somebody_is_found_and_put_on_the_list(
        self, as_desk: Client, desk: Staff, dana: Customer
    ) -> None:
        keys.refresh([dana.pk])
        assert f"/customers/{dana.pk}/expect/" in as_desk.get("/arrivals/new/?q=dana").content.decode()
        answer = as_desk.post(
            f"/customers/{dana.pk}/expect/",
            {
                "expected_at": "2026-05-14T19:30",
                "party_size": "4",
                "companions": "Robin, Ada",
                "occasion": "Birthday",
                "note": "Window",
            },
        )
        assert answer.headers["Location"] == "/arrivals/?day=2026-05-14"
        made = Visit.objects.get()
        assert made.expected_at == datetime(2026, 5, 14, 18, 30, tzinfo=UTC)  # London is an hour ahead in May
        assert (made.party_size, made.companions, made.occasion, made.note) == (
            4, ["Robin", "Ada"], "Birthday", "Window",
        )  # fmt: skip
        assert (made.venue, made.created_by) == (dana.home_venue, desk)

    def test_the_form_begins_at_the_next_half_hour(self, as_desk: Client, dana: Customer) -> None:
        page = as_desk.get(f"/customers/{dana.pk}/expect/").content.decode()
        assert 'value="2026-05-14T11:00"' in page

    def test_what_is_past_is_refused_and_kept(self, as_desk: Client, dana: Customer) -> None:
        data = {"expected_at": "2026-05-01T10:00", "note": "Keep me"}
        answer = as_desk.post(f"/customers/{dana.pk}/expect/", data)
        assert answer.status_code == 422
        assert "Keep me" in answer.content.decode()
        assert not Visit.objects.exists()

    def test_nobody_found_offers_to_create(self, as_desk: Client) -> None:
        page = as_desk.get("/arrivals/new/?q=Zebedee").content.decode()
        assert "Nobody found for “Zebedee”" in page
        assert "/customers/new/?" in page

    def test_nobody_waits_for_who_is_archived(self, as_desk: Client, visit: Visit) -> None:
        assert "Dana Whitfield" in as_desk.get("/arrivals/").content.decode()
        Customer.objects.update(status="archived", archived_at=NOW)
        assert "Dana Whitfield" not in as_desk.get("/arrivals/").content.decode()
        Visit.objects.update(state="arrived", arrived_at=NOW)
        assert "Dana Whitfield" in as_desk.get("/arrivals/").content.decode()

    def test_the_list_of_the_farthest_day_can_be_looked_at(self, as_desk: Client, dana: Customer) -> None:
        expect = f"/customers/{dana.pk}/expect/"
        assert as_desk.post(expect, {"expected_at": "2199-12-29T23:59"}, follow=True).status_code == 200
        assert as_desk.post(expect, {"expected_at": "2200-01-01T09:00"}).status_code == 422
