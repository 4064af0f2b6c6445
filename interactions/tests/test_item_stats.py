"""What is counted with each log is what the night counts anew."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from customers.tests.factories import CustomerFactory
from interactions import capture, item_stats, tasks
from interactions.cues import card_for
from interactions.items import Item
from interactions.models import ItemPair, ItemStat
from staff.models import Membership, Staff, Venue

pytestmark = pytest.mark.django_db


def counted() -> dict[str, tuple[int, int]]:
    return {stat.item: (stat.buyers, stat.repeats) for stat in ItemStat.objects.all()}


@pytest.fixture
def had(venue: Venue, desk: Staff, membership_of: Callable[[Staff], Membership]) -> Callable[..., None]:
    """A function that logs visits of one customer, the oldest first, with these items each."""

    def log(name: str, *visits: tuple[str, ...]) -> None:
        customer = CustomerFactory.create(home_venue=venue, preferred_name=name)
        now = timezone.now()
        for index, items in enumerate(visits):
            at = now - timedelta(days=len(visits) - index)
            capture.log(
                customer, membership_of(desk), now=now, occurred_at=at, items=[Item(item) for item in items]
            )

    return log


def test_each_log_counts_buyers_and_repeats(had: Callable[..., None]) -> None:
    had("Nia", ("Flat white", "Scone"), ("flat white ",), ("Flat white",))
    had("Tom", ("Flat white",), ("Tea", "Tea"))
    assert counted() == {"flat white": (2, 2), "scone": (1, 0), "tea": (1, 0)}
    item_stats.recount()
    assert counted() == {"flat white": (2, 2), "scone": (1, 0), "tea": (1, 0)}
    assert ItemStat.objects.get(item="flat white").chances == 3


def test_the_night_mends_what_was_wrong(had: Callable[..., None], venue: Venue) -> None:
    had("Nia", ("Tea",), ("Tea",))
    ItemStat.objects.update(buyers=9, repeats=9)
    ItemStat.objects.create(venue=venue, item="gone", buyers=1)
    tasks.recount_items()
    assert counted() == {"tea": (1, 1)}


@pytest.mark.django_db(transaction=True)
def test_a_first_log_while_the_night_counts_is_counted_once(had: Callable[..., None]) -> None:
    had("Nia", ("Tea",))
    with ThreadPoolExecutor(max_workers=1) as elsewhere:

        def log() -> None:
            try:
                had("Tom", ("Scone",))
            finally:
                connection.close()

        logged: list[object] = []

        def meanwhile(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
            if sql.lstrip().startswith("WITH line") and not logged:
                logged.append(elsewhere.submit(log).result())
            return execute(sql, *more)

        with connection.execute_wrapper(meanwhile):
            item_stats.recount()
    assert logged
    assert counted() == {"tea": (1, 0), "scone": (1, 0)}


def test_what_goes_with_a_usual_is_offered_to_who_has_not_had_it(
    had: Callable[..., None], venue: Venue, desk: Staff, membership_of: Callable[[Staff], Membership]
) -> None:
    for name in ("Tom", "Mia"):
        had(name, *[("Flat white", "Lemon loaf")] * 4)
    had("Nia", *[("Flat white",)] * 4)
    item_stats.recount([venue.pk])
    pair = ItemPair.objects.get(usual="flat white")
    assert (pair.item, pair.people) == ("Lemon loaf", 2)
    assert pair.share == pytest.approx(2 / 3)
    nia = venue.regulars.get(preferred_name="Nia")
    told = str(card_for(nia, membership_of(desk), now=timezone.now()).as_json())
    assert "Lemon loaf" in told
    tom = venue.regulars.get(preferred_name="Tom")
    assert "not had yet" not in str(card_for(tom, membership_of(desk), now=timezone.now()).as_json())


def test_the_database_refuses_a_share_above_one(venue: Venue) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemPair.objects.create(venue=venue, usual="tea", item="scone", people=1, share=1.5)
