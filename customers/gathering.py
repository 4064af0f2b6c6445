"""The facts of customers, from their rows, as the look-up wants them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import connection

from customers.models import ContactPoint, Customer, Preference
from customers.search_keys import Facts, Remembered

REACHED_BY_NUMBER: Final = frozenset({ContactPoint.Kind.PHONE, ContactPoint.Kind.WHATSAPP})
# By "phone", "address", "companion" and "remembered".
Belongings = defaultdict[str, list[Any]]
# Words heard of a customer that are kept: the newest.
MOST_HEARD: Final = 60

COLUMNS: Final = ("pk", "full_name", "preferred_name", "native_name", "aliases", "company", "tags")
# Written by hand: every save waits for it, and Django takes longer to put three statements together.
_BELONGINGS: Final = """
    SELECT customer_id, 'contact', kind, normalised, NULL::bigint
    FROM customers_contactpoint WHERE customer_id = ANY(%(ids)s)
    UNION ALL
    SELECT mine.customer_id, 'companion', '',
           concat_ws(' ', mine.name, theirs.full_name, theirs.preferred_name, theirs.native_name), NULL
    FROM customers_relationship AS mine LEFT JOIN customers_customer AS theirs ON theirs.id = mine.to_id
    WHERE mine.customer_id = ANY(%(ids)s)
    UNION ALL
    SELECT customer_id, 'remembered', discretion, concat_ws(' ', category, value, detail), venue_id
    FROM customers_preference WHERE customer_id = ANY(%(ids)s) AND retired_at IS NULL
"""


def facts_of(customer_ids: Collection[int], heard: Mapping[int, Sequence[str]]) -> dict[int, Facts]:
    """What can be searched of each active customer among these, with the words heard of them.

    Two statements, however many they are.
    """
    rows = Customer.objects.active().filter(pk__in=customer_ids).values_list(*COLUMNS)
    return facts_from(rows, heard)


def facts_from(rows: Iterable[tuple[Any, ...]], heard: Mapping[int, Sequence[str]]) -> dict[int, Facts]:
    """The same from rows of `COLUMNS`."""
    own = {row[0]: row for row in rows}
    found: defaultdict[int, Belongings] = defaultdict(lambda: defaultdict(list))
    with connection.cursor() as cursor:
        cursor.execute(_BELONGINGS, {"ids": list(own)})
        for customer, table, kind, text, venue in cursor.fetchall():
            _sort_in(found[customer], table, kind, text, venue)
    return {pk: _facts(row, found[pk], heard.get(pk, ())) for pk, row in own.items()}


def facts_of_new(customer: Customer, contacts: Iterable[ContactPoint]) -> Facts:
    """The same of a customer who was just inserted with these contacts and nothing else. Reads nothing."""
    belongings: Belongings = defaultdict(list)
    for contact in contacts:
        _sort_in(belongings, "contact", contact.kind, contact.normalised, None)
    return _facts(tuple(getattr(customer, column) for column in COLUMNS), belongings, ())


def _facts(row: tuple[Any, ...], belongings: Belongings, heard: Iterable[str]) -> Facts:
    """A row of `COLUMNS` and what belongs to it, as the search keys are made of."""
    _pk, full, preferred, native, aliases, company, tags = row
    return Facts(
        names=tuple(filter(None, [full, preferred, native, *aliases])),
        phones=tuple(belongings["phone"]),
        addresses=tuple(belongings["address"]),
        companions=tuple(belongings["companion"]),
        company=company,
        tags=tuple(tags),
        remembered=tuple(belongings["remembered"]),
        heard=tuple(dict.fromkeys(heard))[:MOST_HEARD],
    )


def _sort_in(known: Belongings, table: str, kind: str, text: str, venue: int | None) -> None:
    """One line of what belongs to a customer, where it goes."""
    if table == "contact":
        known["phone" if kind in REACHED_BY_NUMBER else "address"].append(text)
    elif table == "companion":
        known["companion"].append(text)
    else:
        for_managers = kind == Preference.Discretion.MANAGERS_ONLY
        known["remembered"].append(Remembered(text, (venue or 0) if for_managers else None))
