"""What is out today: said, taken back, kept, and what it does to the usual."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.tests.factories import CustomerFactory
from interactions import stock, usual
from interactions.cues import card_for
from interactions.cues.stock import is_out
from interactions.models import OutToday
from interactions.tests.factories import InteractionFactory, InteractionItemFactory
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


@pytest.mark.parametrize(
    ("item", "out", "said"),
    [
        ("Oat flat white", "oat milk", True),
        ("Oat flat white", "OAT FLAT WHITE", True),
        ("燕麦拿铁", "燕麦奶", True),
        ("Oat cookie", "oat milk", False),
        ("Soy flat white", "oat milk", False),
        ("Almond croissant", "Croissant", False),
        ("Flat white", "milk", False),
        ("Flat white", "", False),
    ],
)
def test_a_plant_milk_that_is_out_takes_its_drinks_along(item: str, out: str, *, said: bool) -> None:
    assert is_out(item, [out]) is said


def test_the_usual_says_that_it_is_out_until_the_day_ends(sam: Membership) -> None:
    dana = CustomerFactory.create(home_venue=sam.venue)
    for weeks in range(1, 7):
        visit = InteractionFactory.create(customer=dana, venue=sam.venue, occurred_at=NOW - 7 * weeks * DAY)
        InteractionItemFactory.create(interaction=visit, name="Oat flat white")
    row = stock.out(" oat  milk ", sam, now=NOW)
    told = card_for(dana, sam, now=NOW).cues[0].text
    assert "out today" in told
    assert usual.items_of(dana, sam, now=NOW) == ()
    assert "out today" not in card_for(dana, sam, now=NOW + DAY).cues[0].text
    stock.back(row.pk, sam, now=NOW)
    assert "out today" not in card_for(dana, sam, now=NOW).cues[0].text


def test_saying_it_twice_is_once_and_both_ends_are_kept(sam: Membership) -> None:
    row = stock.out("Oat milk", sam, now=NOW)
    assert stock.out("oat MILK", sam, now=NOW) == row
    assert stock.back(row.pk, sam, now=NOW + DAY / 24).back_by == sam.staff
    stock.out("Oat milk", sam, now=NOW + DAY / 12)
    assert [one.back_at is None for one in OutToday.objects.order_by("id")] == [False, True]
    assert [one.item for one in stock.earlier(sam.venue, NOW + DAY / 12)] == ["Oat milk"]


def test_the_database_keeps_one_row_a_day_and_no_return_before_it_was_out(sam: Membership) -> None:
    row = stock.out("Oat milk", sam, now=NOW)
    same = {"venue": sam.venue, "key": row.key, "item": "x", "business_day": row.business_day}
    with pytest.raises(IntegrityError), transaction.atomic():
        OutToday.objects.create(**same)
    with pytest.raises(IntegrityError), transaction.atomic():
        OutToday.objects.filter(pk=row.pk).update(back_at=NOW - DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        OutToday.objects.filter(pk=row.pk).update(item="")


class TestPage:
    def test_it_is_said_and_taken_back_in_one_tap_each(self, as_desk: Client, sam: Membership) -> None:
        page = as_desk.post(reverse("out_today_add"), {"item": "Oat milk"}, follow=True)
        row = OutToday.objects.get()
        assert (row.said_by, row.venue) == (sam.staff, sam.venue)
        assert reverse("out_today_back", args=[row.pk]) in page.content.decode()
        assert "Oat milk" in as_desk.get(reverse("desk")).content.decode()
        as_desk.post(reverse("out_today_back", args=[row.pk]))
        assert stock.out_now(sam.venue, NOW) == []
        as_desk.post(reverse("out_today_again", args=[row.pk]))
        assert [one.item for one in stock.out_now(sam.venue, NOW)] == ["Oat milk"]

    def test_nothing_typed_is_asked_again(self, as_desk: Client) -> None:
        assert as_desk.post(reverse("out_today_add"), {"item": " "}).status_code == 422
        assert not OutToday.objects.exists()

    def test_what_another_venue_is_out_of_is_not_there(
        self, as_desk: Client, sam: Membership, elsewhere: Venue
    ) -> None:
        theirs = OutToday.objects.create(venue=elsewhere, item="Oat milk", key="oat milk", business_day=NOW)
        for name in ("out_today_back", "out_today_again"):
            assert as_desk.post(reverse(name, args=[theirs.pk])).status_code == 404

    def test_a_stranger_sees_nothing(self, client: Client, stranger: Staff) -> None:
        assert client.get(reverse("out_today")).status_code == 302
        client.force_login(stranger)
        assert client.get(reverse("out_today")).status_code != 200

    def test_twenty_rows_cost_what_one_costs(self, as_desk: Client, sam: Membership) -> None:
        costs = []
        for many in (1, 20):
            for number in range(many):
                row = stock.out(f"Thing {many} {number}", sam, now=NOW)
                if number % 2:
                    stock.back(row.pk, sam, now=NOW)
            as_desk.get(reverse("out_today"))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                as_desk.get(reverse("out_today"))
            costs.append(len(queries))
        assert costs[0] == costs[1]
