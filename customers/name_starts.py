"""The beginnings of the words of names, kept once for the whole house: by them misspelt words are looked up.

Kept in the transaction that writes the keys of whoever bears the name. One that nobody bears any more stays:
it holds no text, and leads to nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import connection

from customers.models import NameStart
from customers.search_keys import misspellable, start_keys, starts_of


def keep(names: Iterable[str], *, kept: Collection[int] = ()) -> int:
    """Keep the starts of these names; gives how many were not there. `kept` are keys of some that were."""
    words = words_of(names)
    new = missing(start_keys(words) - set(kept))
    rows = [
        NameStart(key=start.key, near=list(start.near), above=list(start.above))
        for start in (starts_of(words) if new else [])
        if start.key in new
    ]
    NameStart.objects.bulk_create(rows)
    return len(rows)


def keep_many(words: Collection[str]) -> None:
    """The same of very many words (`words_of`), of which most are new: after a load by COPY."""
    new = start_keys(words).difference(NameStart.objects.values_list("key", flat=True))
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY customers_namestart (key, near, above) FROM STDIN") as copy,
    ):
        for start in starts_of(words):
            if start.key in new:
                copy.write_row((start.key, list(start.near), list(start.above)))


def words_of(names: Iterable[str]) -> set[str]:
    """The words of these names, each way they are written."""
    return {word for name in names for word in misspellable(name)}


def missing(keys: Collection[int]) -> set[int]:
    """Those of the keys of starts that are not kept yet."""
    there = NameStart.objects.filter(key__in=keys).values_list("key", flat=True) if keys else ()
    return set(keys).difference(there)
