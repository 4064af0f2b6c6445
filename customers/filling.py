"""Keys for very many customers at once: after a load by COPY."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from django.db import connection, transaction

from crm.hands import by_many_hands
from crm.planner import look_around
from customers import name_starts, tiers
from customers.gathering import facts_of
from customers.keys import all_heard
from customers.models import SearchKeys
from customers.search_keys import Row, as_lines

BATCH: Final = 2_000
# Fewer than this are done sooner than a second process has started, or an index been built.
_MANY: Final = 20_000
_COLUMNS: Final = "customer_id, tier, keys, heard"


@transaction.atomic(savepoint=False)
def fill(progress: Callable[[int], None] = lambda _: None, *, processes: int | None = None) -> int:
    """Make the keys of every active customer who has none; gives how many.

    Call it once at the end of a load. `progress` is called with the number done since the last call.
    Reading and writing stay on this connection (and in its transaction, if one is open); the keys are
    worked out by `processes` others. A million customers take a few minutes; see bench/RESULTS.md.
    """
    missing = tiers.without_keys()
    rebuilt = len(missing) > max(_MANY, SearchKeys.objects.count())
    if rebuilt:
        _drop_indexes()
        look_around()
        _read_by_index()
    words: set[str] = set()
    for count, lines, of_names in _worked_out(missing, processes):
        _copy(lines)
        words |= of_names
        progress(count)
    name_starts.keep_many(words)
    if rebuilt:
        _create_indexes()
    return len(missing)


def _worked_out(missing: list[tuple[int, int]], processes: int | None) -> Iterator[tuple[int, str, set[str]]]:
    """For each batch, how many customers it holds, their rows as COPY wants them, and their names' words."""
    # The first tiers first: the rows that are looked at most then lie together, and stay in memory.
    batches = (missing[start : start + BATCH] for start in range(0, len(missing), BATCH))
    rows = map(_rows, batches)
    if len(missing) < _MANY:
        return map(_lines, rows)
    return by_many_hands(_lines, rows, processes)


def _lines(rows: list[Row]) -> tuple[int, str, set[str]]:
    names = (name for _customer, _tier, facts in rows for name in facts.names)
    return len(rows), as_lines(rows), name_starts.words_of(names)


def _rows(batch: list[tuple[int, int]]) -> list[Row]:
    tier_of = dict(batch)
    facts = facts_of(tier_of, all_heard(tier_of))
    return [(customer, tier_of[customer], known) for customer, known in facts.items()]


def _copy(lines: str) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY customers_searchkeys ({_COLUMNS}) FROM STDIN") as copy,
    ):
        copy.write(lines)


def _read_by_index() -> None:
    """A batch is a sliver of every table, but large enough that the planner would rather read them whole."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL max_parallel_workers_per_gather = 0")


def _drop_indexes() -> None:
    with connection.schema_editor() as editor:
        for index in SearchKeys._meta.indexes:
            editor.remove_index(SearchKeys, index)


def _create_indexes() -> None:
    with connection.cursor() as cursor:
        # No index is made of a table whose rows still wait to be checked.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL maintenance_work_mem = '512MB'")
    with connection.schema_editor() as editor:
        for index in SearchKeys._meta.indexes:
            editor.add_index(SearchKeys, index)
