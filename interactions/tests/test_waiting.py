"""What the clock makes due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from customers.models import Customer, ImportantDate
from customers.tests.factories import CustomerFactory, ImportantDateFactory
from interactions import promises, waiting
from interactions.models import FollowUp
from interactions.tests.factories import FollowUpFactory
from staff.models import Membership, Staff, Venue

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 12, 12, 30, tzinfo=UTC)
DAY = timedelta(days=1)
NEXT_NINE = datetime(2026, 5, 13, 8, tzinfo=UTC)  # nine in London


def seen(venue: Venue, last: timedelta, first: timedelta | None = None, visits: int = 1) -> Customer:
    """A customer whose last visit was so long ago."""
    return CustomerFactory.create(
        home_venue=venue, visit_count=visits, first_visit_at=NOW - (first or last), last_visit_at=NOW - last
    )


def armed(customer: Customer, trigger: str, number: int | None = None, **fields: object) -> FollowUp:
    """A follow-up that waits for this customer to stay away."""
    made = {"due_at": None, "created_at": NOW - 100 * DAY, **fields}
    return FollowUpFactory.create(customer=customer, trigger=trigger, trigger_number=number, **made)


def due_of(follow_up: FollowUp) -> datetime | None:
    follow_up.refresh_from_db()
    assert follow_up.next_dispatch_at == follow_up.due_at
    return follow_up.due_at


def test_so_many_days_without_a_visit(venue: Venue) -> None:
    away = armed(seen(venue, 30 * DAY), "absent_days", 30)
    nearly = armed(seen(venue, 30 * DAY - timedelta(minutes=1)), "absent_days", 30)
    assert waiting.fire_absences(NOW) == 1
    assert (due_of(away), due_of(nearly)) == (NEXT_NINE, None)
    assert waiting.fire_absences(NOW) == 0


def test_nobody_waits_for_who_is_archived(venue: Venue) -> None:
    moved_away = seen(venue, 30 * DAY)
    away = armed(moved_away, "absent_days", 30)
    Customer.objects.filter(pk=moved_away.pk).update(status="archived", archived_at=NOW)
    assert waiting.fire_absences(NOW) == 0
    assert due_of(away) is None


def test_who_never_came_counts_from_when_it_was_written(venue: Venue) -> None:
    never = CustomerFactory.create(home_venue=venue)
    old = armed(never, "absent_days", 30)
    new = armed(never, "absent_days", 30, created_at=NOW - 29 * DAY)
    waiting.fire_absences(NOW)
    assert (due_of(old), due_of(new)) == (NEXT_NINE, None)


def test_twice_the_rhythm(venue: Venue) -> None:
    # Five visits over 40 days: every ten days.
    away = armed(seen(venue, 20 * DAY, 60 * DAY, 5), "absent_rhythm")
    nearly = armed(seen(venue, 19 * DAY, 59 * DAY, 5), "absent_rhythm")
    too_few = armed(seen(venue, 90 * DAY, 91 * DAY, 2), "absent_rhythm")
    assert waiting.fire_absences(NOW) == 1
    assert (due_of(away), due_of(nearly), due_of(too_few)) == (NEXT_NINE, None, None)


def test_a_corrected_date_moves_what_is_due_before_it(venue: Venue, desk: Staff) -> None:
    member = Membership.objects.select_related("staff", "venue").get(staff=desk)
    dana = CustomerFactory.create(home_venue=venue)
    birthday = ImportantDateFactory.create(customer=dana, month=6, day=20)
    cake = promises.promise(
        dana, member, now=NOW, text="Cake", trigger="before_date", trigger_number=3, important_date=birthday
    )
    assert waiting.realign_dates(NOW) == 0
    ImportantDate.objects.filter(pk=birthday.pk).update(day=25)
    assert waiting.realign_dates(NOW) == 1
    assert due_of(cake) == datetime(2026, 6, 22, 8, tzinfo=UTC)


def test_what_somebody_put_off_stays_where_they_put_it(venue: Venue, desk: Staff) -> None:
    member = Membership.objects.select_related("staff", "venue").get(staff=desk)
    dana = CustomerFactory.create(home_venue=venue)
    birthday = ImportantDateFactory.create(customer=dana, month=6, day=20)
    cake = promises.promise(
        dana, member, now=NOW, text="Cake", trigger="before_date", trigger_number=3, important_date=birthday
    )
    promises.snooze(cake.pk, member, now=NOW, until=NOW + DAY)
    ImportantDate.objects.filter(pk=birthday.pk).update(day=25)
    assert waiting.realign_dates(NOW) == 0
    assert due_of(cake) == NOW + DAY
