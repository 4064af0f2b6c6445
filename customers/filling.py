"""Keys for very many customers at once: after a load by COPY."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from os import cpu_count
from typing import Final

from django.db import connection

from crm.planner import look_around
from customers import tiers
from customers.gathering import facts_of
from customers.keys import all_heard
from customers.models import Customer, SearchKeys
from customers.search_keys import Row, as_lines

BATCH: Final = 2_000
# Fewer than this are done sooner than a second process has started, or an index been built.
_MANY: Final = 20_000
_COLUMNS: Final = "customer_id, tier, keys, heard"


def fill(progress: Callable[[int], None] = lambda _: None, *, processes: int | None = None) -> int:
    """Make the keys of every active customer who has none; gives how many.

    Call it once at the end of a load. `progress` is called with the number done since the last call.
    Reading and writing stay on this connection (and in its transaction, if one is open); the keys are
    worked out by `processes` others. A million customers take a few minutes; see bench/RESULTS.md.
    """
    missing = list(
        Customer.objects.active().filter(search_keys=None).order_by("id").values_list("id", flat=True)
    )
    rebuilt = len(missing) > max(_MANY, SearchKeys.objects.count())
    if rebuilt:
        _drop_indexes()
        look_around()
    for count, lines in _worked_out(missing, processes):
        _copy(lines)
        progress(count)
    if rebuilt:
        _create_indexes()
    return len(missing)


def _worked_out(missing: list[int], processes: int | None) -> Iterator[tuple[int, str]]:
    """For each batch, how many customers it holds and their rows as COPY wants them."""
    bounds = tiers.bounds()
    batches = (missing[start : start + BATCH] for start in range(0, len(missing), BATCH))
    rows = (_rows(batch, bounds) for batch in batches)
    if len(missing) < _MANY:
        for batch in rows:
            yield len(batch), as_lines(batch)
        return
    # Fresh processes, because a fork would share this one's database connection.
    with ProcessPoolExecutor(processes or cpu_count() or 1, mp_context=get_context("spawn")) as pool:
        # A few batches at a time, so that a million customers never stand in memory at once.
        while part := list(islice(rows, 4)):
            yield from zip(map(len, part), pool.map(as_lines, part), strict=True)


def _rows(customer_ids: list[int], bounds: tuple[float, float, float]) -> list[Row]:
    tier_of = tiers.tiers_of(customer_ids, bounds)
    facts = facts_of(customer_ids, all_heard(customer_ids))
    return [(customer, tier_of[customer], known) for customer, known in facts.items()]


def _copy(lines: str) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY customers_searchkeys ({_COLUMNS}) FROM STDIN") as copy,
    ):
        copy.write(lines)


def _drop_indexes() -> None:
    with connection.schema_editor() as editor:
        for index in SearchKeys._meta.indexes:
            editor.remove_index(SearchKeys, index)


def _create_indexes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
    with connection.schema_editor() as editor:
        for index in SearchKeys._meta.indexes:
            editor.add_index(SearchKeys, index)
