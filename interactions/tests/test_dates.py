"""What is owed before a date that matters, when the date is known twice, removed, or brought back."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import RestrictedError

from customers import belongings
from customers.models import Customer, ImportantDate
from customers.tests.factories import CustomerFactory, ImportantDateFactory
from interactions import promises, waiting
from interactions.models import FollowUp
from interactions.scheduling import RuleError
from staff.models import Membership, Venue

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def dana(venue: Venue) -> Customer:
    """A regular of the café."""
    return CustomerFactory.create(home_venue=venue)


@pytest.fixture
def birthday(dana: Customer) -> ImportantDate:
    """Hers, on 20 May."""
    return ImportantDateFactory.create(customer=dana, month=5, day=20)


def owe(date: ImportantDate, sam: Membership, days: int = 3, **more: Any) -> FollowUp:
    """A cake, so many days before."""
    said = {"trigger": "before_date", "trigger_number": days, "important_date": date, "text": "Cake"}
    return promises.promise(date.customer, sam, now=NOW, **{**said, **more})


def test_on_the_day_itself(birthday: ImportantDate, sam: Membership) -> None:
    assert owe(birthday, sam, days=0).due_at == datetime(2026, 5, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize("more", [{"recurrence": "FREQ=WEEKLY"}, {"recurrence": "FREQ=YEARLY;COUNT=2"},
                                  {"recurrence": "FREQ=YEARLY", "counts_from_contact": True}])  # fmt: skip
def test_a_date_is_owed_once_or_every_year(
    more: dict[str, Any], birthday: ImportantDate, sam: Membership
) -> None:
    with pytest.raises(RuleError):
        owe(birthday, sam, **more)


def test_a_date_that_is_removed_takes_nothing_along(birthday: ImportantDate, sam: Membership) -> None:
    cake = owe(birthday, sam, recurrence="FREQ=YEARLY")
    kept = owe(birthday, sam, text="A card")
    promises.done(kept.pk, sam, now=NOW)
    event = belongings.remove(birthday)
    cake.refresh_from_db()
    kept.refresh_from_db()
    assert (cake.state, cake.due_at, cake.trigger) == ("open", datetime(2026, 5, 17, 8, tzinfo=UTC), "")
    assert (cake.recurrence, kept.state) == ("", "done")
    belongings.restore(ImportantDate, birthday.customer_id, event)
    cake.refresh_from_db()
    assert (cake.trigger, cake.trigger_number, cake.recurrence) == ("before_date", 3, "FREQ=YEARLY")
    assert cake.important_date_id == birthday.pk


def test_what_somebody_did_with_it_meanwhile_stays(birthday: ImportantDate, sam: Membership) -> None:
    cake = owe(birthday, sam)
    event = belongings.remove(birthday)
    promises.snooze(cake.pk, sam, now=NOW, until=NOW + 30 * DAY)
    belongings.restore(ImportantDate, birthday.customer_id, event)
    cake.refresh_from_db()
    assert (cake.trigger, cake.due_at) == ("", NOW + 30 * DAY)


def test_of_a_date_known_twice_the_other_one_counts(birthday: ImportantDate, sam: Membership) -> None:
    lunar = ImportantDateFactory.create(customer=birthday.customer, month=4, day=14, calendar="lunar")
    cake = owe(birthday, sam)
    assert owe(lunar, sam) == cake
    belongings.remove(birthday)
    cake.refresh_from_db()
    assert (cake.important_date, cake.trigger) == (lunar, "before_date")
    waiting.realign_dates(NOW)
    cake.refresh_from_db()
    assert cake.due_at == datetime(2026, 5, 27, 8, tzinfo=UTC)  # the 14th of the fourth month is 30 May


def test_nothing_else_may_take_it_along(birthday: ImportantDate, sam: Membership) -> None:
    owe(birthday, sam)
    with pytest.raises(RestrictedError):
        birthday.delete()


@pytest.mark.django_db(transaction=True)
def test_two_who_owe_the_same_at_once_owe_it_once(birthday: ImportantDate, sam: Membership) -> None:
    ready = threading.Barrier(2)

    def run() -> None:
        try:
            ready.wait()
            owe(ImportantDate.objects.select_related("customer").get(pk=birthday.pk), sam)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert FollowUp.objects.count() == 1
