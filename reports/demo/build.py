"""Making the demo business: the house, the people of the guide's stories, and the rest by COPY."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from random import Random
from typing import Final, NamedTuple

from django.db import connection, transaction

from crm.hands import by_many_hands
from crm.planner import look_around
from customers.filling import fill
from reports.demo.copying import Batch, copy_in, keep_sequences
from reports.demo.house import House, build_house
from reports.demo.menu import MENUS
from reports.demo.outreach import reach_out
from reports.demo.people import Place, make_person, share_out
from reports.demo.story import tell_stories
from reports.demo.tables import COPIED, Ids, Rows, first_ids, ids_after

CHUNK: Final = 5_000
# Fewer than this are made sooner than other processes have started.
_MANY: Final = 20_000
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
        if customers >= 100:
            reach_out(house, now)
        made(told[0])
        for count in _fill(house, customers - told[0], interactions - told[1], seed, now):
            made(count)
        keep_sequences(COPIED)
        fill(indexed)
    look_around()
    return house


def _fill(house: House, customers: int, interactions: int, seed: int, now: datetime) -> Iterator[int]:
    chunks = _chunks(house, share_out(max(customers, 0), max(interactions, 0)), seed, now)
    made = map(make_people, chunks) if customers < _MANY else by_many_hands(make_people, chunks)
    for count, batches in made:
        copy_in(batches)
        yield count


class Chunk(NamedTuple):
    """People to be made: which, with how many interactions each, and the ids that are theirs."""

    first: int
    shares: list[int]
    seed: int
    now: datetime
    places: list[Place]
    ids: Ids


def _chunks(house: House, shares: list[int], seed: int, now: datetime) -> Iterator[Chunk]:
    places, ids = _places(house), first_ids()
    for first in range(0, len(shares), CHUNK):
        part = shares[first : first + CHUNK]
        yield Chunk(first, part, seed, now, places, ids)
        ids = ids_after(ids, len(part), sum(part))


def make_people(chunk: Chunk) -> tuple[int, list[Batch]]:
    """How many were made, and their rows. Asks no database, so that any process may do it."""
    rows = Rows(chunk.now, chunk.ids)
    for index, count in enumerate(chunk.shares, chunk.first):
        rng = Random(chunk.seed * 1_000_003 + index)
        rows.add(make_person(index, rng, chunk.now, count, chunk.places[index % len(chunk.places)]))
    return len(chunk.shares), rows.batches()


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
