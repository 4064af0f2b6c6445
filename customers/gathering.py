"""The facts of customers, from their rows, as the look-up wants them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from customers.models import ContactPoint, Customer, Preference, Relationship
from customers.search_keys import Facts, Remembered

REACHED_BY_NUMBER = frozenset({ContactPoint.Kind.PHONE, ContactPoint.Kind.WHATSAPP})


# Words heard of a customer that are kept: the newest.
MOST_HEARD: Final = 60


def facts_of(customer_ids: Collection[int], heard: Mapping[int, Sequence[str]]) -> dict[int, Facts]:
    """What can be searched of each active customer among these, with the words heard of them.

    Four queries, however many they are.
    """
    customers = Customer.objects.active().filter(pk__in=customer_ids)
    rows = customers.values("id", "full_name", "preferred_name", "native_name", "aliases", "company", "tags")
    contacts = _by_customer(ContactPoint.objects.filter(customer__in=customer_ids), "kind", "normalised")
    companions = _by_customer(
        Relationship.objects.filter(customer__in=customer_ids),
        "name",
        "to__full_name",
        "to__preferred_name",
        "to__native_name",
    )
    remembered = _by_customer(
        Preference.objects.known().filter(customer__in=customer_ids),
        "category",
        "value",
        "detail",
        "discretion",
        "venue_id",
    )
    return {
        row["id"]: Facts(
            names=tuple(
                filter(None, [row["full_name"], row["preferred_name"], row["native_name"], *row["aliases"]])
            ),
            phones=tuple(value for kind, value in contacts[row["id"]] if kind in REACHED_BY_NUMBER),
            addresses=tuple(value for kind, value in contacts[row["id"]] if kind not in REACHED_BY_NUMBER),
            companions=tuple(name for names in companions[row["id"]] for name in names if name),
            company=row["company"],
            tags=tuple(row["tags"]),
            remembered=tuple(_remembered(*thing) for thing in remembered[row["id"]]),
            heard=tuple(dict.fromkeys(heard.get(row["id"], ())))[:MOST_HEARD],
        )
        for row in rows
    }


def _by_customer(queryset: Any, *fields: str) -> defaultdict[int, list[tuple[Any, ...]]]:
    found: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for customer, *values in queryset.order_by("id").values_list("customer_id", *fields):
        found[customer].append(tuple(values))
    return found


def _remembered(category: str, value: str, detail: str, discretion: str, venue: int | None) -> Remembered:
    for_managers = discretion == Preference.Discretion.MANAGERS_ONLY
    return Remembered(f"{category} {value} {detail}", (venue or 0) if for_managers else None)
