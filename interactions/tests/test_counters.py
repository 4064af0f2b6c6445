"""Counters against two connections at once, and the nightly check."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection, transaction

from customers.models import Customer
from customers.tests.factories import CustomerFactory
from interactions import capture, counters
from interactions.models import Interaction, Visit
from interactions.reconcile import reconcile_counters
from interactions.tests.factories import InteractionFactory, VisitFactory
from staff.models import Membership
from staff.tests.factories import MembershipFactory

NOW = datetime(2026, 5, 14, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
PATIENCE_S = 60


@pytest.fixture
def sam(transactional_db: None) -> Membership:
    return MembershipFactory.create()


@pytest.fixture
def dana(sam: Membership) -> Customer:
    return CustomerFactory.create(home_venue=sam.venue)


def at_once(jobs: list[Callable[[], object]]) -> list[object]:
    """Run each job on a connection of its own, all let go at the same moment."""
    gate = threading.Barrier(len(jobs), timeout=PATIENCE_S)

    def run(job: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            gate.wait()
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [done.result(PATIENCE_S) for done in [pool.submit(run, job) for job in jobs]]


def said(customer: Customer) -> counters.Counters:
    customer.refresh_from_db()
    return counters.Counters(customer.visit_count, customer.first_visit_at, customer.last_visit_at)


class TestAtOnce:
    def test_many_logging_the_same_customer_are_all_counted(self, dana: Customer, sam: Membership) -> None:
        moments = [NOW - n * HOUR for n in range(8)]
        at_once([partial(capture.log, dana, sam, now=NOW, occurred_at=at) for at in moments])
        assert said(dana) == (8, NOW - 7 * HOUR, NOW)

    def test_one_form_sent_eight_times_is_logged_once(self, dana: Customer, sam: Membership) -> None:
        made = at_once([lambda: capture.log(dana, sam, now=NOW, token="the-form").pk for _ in range(8)])
        assert len(set(made)) == 1
        assert said(dana) == (1, NOW, NOW)

    def test_logging_while_others_take_back(self, dana: Customer, sam: Membership) -> None:
        old = [capture.log(dana, sam, now=NOW - n * HOUR) for n in range(4)]
        jobs: list[Callable[[], object]] = []
        for made in old:
            jobs.append(partial(capture.undo, made.pk, sam, now=NOW))
            jobs.append(lambda: capture.log(dana, sam, now=NOW + HOUR))
        at_once(jobs)
        assert said(dana) == (4, NOW + HOUR, NOW + HOUR)

    def test_one_expected_visit_is_taken_by_one_of_two(self, dana: Customer, sam: Membership) -> None:
        visit = VisitFactory.create(customer=dana, expected_at=NOW)
        at_once([lambda: capture.log(dana, sam, now=NOW) for _ in range(2)])
        visit.refresh_from_db()
        assert visit.state == Visit.State.ARRIVED
        assert said(dana).visit_count == 2

    def test_recounting_waits_for_a_visit_being_added(self, dana: Customer, sam: Membership) -> None:
        """Written, but not added when the recount begins: it must be neither lost nor counted twice."""
        written, recounted = threading.Event(), threading.Event()

        def log_slowly() -> None:
            with transaction.atomic():
                Interaction.objects.create(customer=dana, venue=sam.venue, staff=sam.staff, occurred_at=NOW)
                written.set()
                assert recounted.wait(PATIENCE_S)
                counters.count_visit(dana.pk, NOW)

        def recount() -> None:
            assert written.wait(PATIENCE_S)
            counters.mend(dana.pk)
            recounted.set()

        at_once([log_slowly, recount])
        assert said(dana) == (1, NOW, NOW)


class TestReconciliation:
    def test_what_holds_is_left_alone(self, dana: Customer, sam: Membership) -> None:
        capture.log(dana, sam, now=NOW)
        CustomerFactory.create(home_venue=sam.venue)
        assert reconcile_counters() == []

    def test_drift_is_reported_and_mended(
        self, dana: Customer, sam: Membership, caplog: pytest.LogCaptureFixture
    ) -> None:
        InteractionFactory.create(customer=dana, occurred_at=NOW)
        InteractionFactory.create(customer=dana, occurred_at=NOW - HOUR)
        InteractionFactory.create(customer=dana, occurred_at=NOW + HOUR, kind="note")
        right = counters.Counters(2, NOW - HOUR, NOW)
        assert reconcile_counters() == [counters.Drift(dana.pk, counters.NEVER, right)]
        assert said(dana) == right
        assert f"customer {dana.pk}" in caplog.text
        assert reconcile_counters() == []

    def test_visits_counted_that_never_were(self, dana: Customer, sam: Membership) -> None:
        Customer.objects.filter(pk=dana.pk).update(visit_count=3, first_visit_at=NOW, last_visit_at=NOW)
        reconcile_counters()
        assert said(dana) == counters.NEVER

    def test_it_goes_on_from_batch_to_batch(self, sam: Membership) -> None:
        people = CustomerFactory.create_batch(5, home_venue=sam.venue)
        for person in people:
            InteractionFactory.create(customer=person, occurred_at=NOW)
        assert {drift.customer_id for drift in reconcile_counters(batch=2)} == {p.pk for p in people}

    def test_it_asks_as_little_for_twenty_as_for_one(
        self, sam: Membership, django_assert_num_queries: Callable[[int], object]
    ) -> None:
        CustomerFactory.create_batch(20, home_venue=sam.venue)
        with django_assert_num_queries(4):  # type: ignore[attr-defined]  # the window, the two looks at it, and the end
            reconcile_counters()
