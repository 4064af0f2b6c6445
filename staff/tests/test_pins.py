"""PINs: what a wrong one costs, and that trying many at once buys nothing."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from staff import pins
from staff.models import Staff
from staff.tests.factories import StaffFactory

NOW = datetime(2026, 11, 22, 8, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sam(desk: Staff) -> Staff:
    """The front desk, with a PIN."""
    desk.set_pin("4711")
    desk.save()
    return desk


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (13, 256), (14, 480), (900, 480)],
)
def test_the_wait_grows(failures: int, minutes: int) -> None:
    assert pins.wait_after(failures) == timedelta(minutes=minutes)


def test_the_right_one(sam: Staff) -> None:
    assert pins.try_pin(sam, "4711", now=NOW) == pins.Tried(right=True)


def test_five_wrong_ones_lock_and_the_right_one_does_not_help(sam: Staff) -> None:
    tried = [pins.try_pin(sam, "0815", now=NOW) for _ in range(5)]

    assert [one.locked_until for one in tried] == [None] * 4 + [NOW + MINUTE]
    assert pins.try_pin(sam, "4711", now=NOW + MINUTE - timedelta(seconds=1)).right is False
    assert pins.try_pin(sam, "4711", now=NOW + MINUTE).right is True


def test_the_next_wrong_one_after_the_wait_costs_twice_as_much(sam: Staff) -> None:
    for _ in range(5):
        pins.try_pin(sam, "0815", now=NOW)

    assert pins.try_pin(sam, "0815", now=NOW + MINUTE).locked_until == NOW + 3 * MINUTE


def test_tries_during_the_wait_are_neither_looked_at_nor_counted(sam: Staff) -> None:
    for _ in range(9):
        pins.try_pin(sam, "0815", now=NOW)

    sam.refresh_from_db()
    assert sam.pin_failures == 5


def test_the_right_one_clears_the_count(sam: Staff) -> None:
    for _ in range(4):
        pins.try_pin(sam, "0815", now=NOW)
    pins.try_pin(sam, "4711", now=NOW)

    sam.refresh_from_db()
    assert (sam.pin_failures, sam.pin_locked_until) == (0, None)


def test_nobody_without_a_pin_gets_in(desk: Staff) -> None:
    assert pins.try_pin(desk, "", now=NOW).right is False


def test_what_is_no_pin_is_not_kept(desk: Staff) -> None:
    for wrong in ("123", "123456789", "12a4", "１２３４"):
        with pytest.raises(ValueError, match="four to eight"):
            desk.set_pin(wrong)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_counted_one_by_one() -> None:
    person = StaffFactory.create()
    person.set_pin("4711")
    person.save()
    ready = threading.Barrier(8, timeout=60)
    tried: list[pins.Tried] = []

    def guess() -> None:
        try:
            ready.wait()
            tried.append(pins.try_pin(person, "0815", now=NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    person.refresh_from_db()
    assert len(tried) == 8
    assert person.pin_failures == 5
    assert sum(one.locked_until is None for one in tried) == 4
