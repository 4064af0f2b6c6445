"""Making the demo business: the house, the people of the guide's stories, and the rest by COPY."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from random import Random
from typing import Final

from django.db import connection, transaction

from crm.planner import look_around
from customers.filling import fill
from reports.demo.copying import keep_sequences
from reports.demo.house import House, build_house
from reports.demo.menu import MENUS
from reports.demo.people import Place, make_person, share_out
from reports.demo.story import tell_stories
from reports.demo.tables import COPIED, Rows

CHUNK: Final = 5_000
# Of a hundred customers, how many belong to each venue.
_SHARES: Final = (("harbour-cafe", 45), ("lindenhof", 25), ("jade-garden", 30))


def build(
    *,
    customers: int,
    interactions: int,
    seed: int,
    now: datetime,
    made: Callable[[int], None] = lambda _: None,
    indexed: Callable[[int], None] = lambda _: None,
) -> House:
    """Make the demo business in one transaction: nothing is left behind when it is broken off.

    `now` is an aware moment that everything is dated before (or, for what is expected, after). `made` and
    `indexed` are called with how many customers were made, and can be found, since the last call.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Checks put off to the commit are kept in memory, and millions of rows are a lot of it.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        house = build_house(now.date())
        told = tell_stories(house, now) if customers >= 100 else (0, 0)
        made(told[0])
        for count in _fill(house, customers - told[0], interactions - told[1], seed, now):
            made(count)
        keep_sequences(COPIED)
        fill(indexed)
    look_around()
    return house


def _fill(house: House, customers: int, interactions: int, seed: int, now: datetime) -> Iterator[int]:
    places = _places(house)
    rows, made = Rows(now), 0
    for index, count in enumerate(share_out(max(customers, 0), max(interactions, 0))):
        rng = Random(seed * 1_000_003 + index)
        rows.add(make_person(index, rng, now, count, places[index % len(places)]))
        made += 1
        if made == CHUNK:
            rows.flush()
            yield made
            made = 0
    rows.flush()
    yield made


def _places(house: House) -> list[Place]:
    """A hundred places, each venue as often as its share, well mixed."""
    by_slug = {
        slug: Place(
            venue_id=venue.pk,
            country=venue.country,
            zone=venue.zone,
            menu=MENUS[venue.industry],
            staff_ids=tuple(person.pk for person in house.working_at[slug]),
        )
        for slug, venue in house.venues.items()
    }
    places = [by_slug[slug] for slug, share in _SHARES for _ in range(share)]
    Random(0).shuffle(places)
    return places
