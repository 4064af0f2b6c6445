"""Keeping the search keys right: rewritten in the transaction of whatever changed what they are made from.

Who calls what:
- a verb that changes a name, contact, companion, company, tag, preference or status: `refresh([customer.pk])`;
- a verb that logs an interaction: `hear(customer.pk, words)`, which costs one read when no word is new;
- a load of many customers by COPY: `customers.filling.fill(progress)` once at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Final

from django.db import transaction

from customers.gathering import facts_of
from customers.models import Customer, Relationship, SearchKeys
from customers.search_keys import Facts, keys_of, memory_words

MOST_HEARD: Final = 120

# What the app above has heard of customers: registered by it, because imports point downward only.
HeardFrom = Callable[[Collection[int]], dict[int, list[str]]]
_heard_from: list[HeardFrom] = []


def tell_what_was_heard(source: HeardFrom) -> None:
    """Register where the words heard of customers come from, for filling and rebuilding keys.

    `source` takes customer ids and gives, for those of whom something was heard, the words as
    `customers.search_keys.Facts.heard` wants them, the most telling first.
    """
    _heard_from.append(source)


def refresh(customer_ids: Iterable[int]) -> None:
    """Rewrite the search keys of these customers, and of those they are a companion of, in the caller's transaction.

    Customers who are no longer active lose their keys and are not found.
    """
    given = set(customer_ids)
    related = Relationship.objects.filter(to__in=given).values_list("customer_id", flat=True)
    _write(given | set(related))


def hear(customer_id: int, words: Iterable[str]) -> None:
    """Remember words heard in an interaction, in the caller's transaction. Writes only when one of them is new."""
    heard = SearchKeys.objects.filter(pk=customer_id).values_list("heard", flat=True).first()
    if heard is None:
        return
    new = [word for word in dict.fromkeys(words) if word not in heard]
    if new:
        SearchKeys.objects.filter(pk=customer_id).update(heard=[*new, *heard][:MOST_HEARD])
        _write({customer_id})


def hear_again(customer_ids: Collection[int]) -> None:
    """Work out anew what was heard of these customers, because something said was changed or hidden."""
    with transaction.atomic():
        _write(set(customer_ids), heard=all_heard(customer_ids))


def words_heard(text: str, managers_of: int | None = None) -> list[str]:
    """The words of what was said, as `hear` wants them; for managers of a venue alone when one is given."""
    return [word if managers_of is None else f"{managers_of}@{word}" for word in memory_words(text)]


def rebuild(customer_ids: Collection[int]) -> int:
    """Write the keys of these customers anew from everything they are made from; gives how many had changed."""
    with transaction.atomic():
        list(
            Customer.objects.select_for_update().filter(pk__in=customer_ids).order_by("id").values_list("id")
        )
        return _write(set(customer_ids), heard=all_heard(customer_ids))


def wrong(customer_ids: Collection[int]) -> list[int]:
    """Those among these customers whose keys are not what they should be."""
    right = {customer: keys_of(facts) for customer, facts in facts_of(customer_ids).items()}
    written = dict(SearchKeys.objects.filter(pk__in=customer_ids).values_list("pk", "keys"))
    return sorted(pk for pk in {*right, *written} if right.get(pk) != written.get(pk))


def all_heard(customer_ids: Collection[int]) -> dict[int, list[str]]:
    """What every source has heard of these customers."""
    heard: dict[int, list[str]] = {customer: [] for customer in customer_ids}
    for source in _heard_from:
        for customer, words in source(customer_ids).items():
            heard[customer] += words
    return {customer: list(dict.fromkeys(words))[:MOST_HEARD] for customer, words in heard.items()}


def _write(customer_ids: set[int], heard: dict[int, list[str]] | None = None) -> int:
    """Write the rows that differ from what is there; gives how many did."""
    facts = _with_heard(facts_of(customer_ids), heard)
    present = {row.pk: row for row in SearchKeys.objects.filter(pk__in=customer_ids)}
    gone = present.keys() - facts.keys()
    fresh = {pk: (keys_of(known), list(known.heard)) for pk, known in facts.items()}
    changed = [
        pk for pk, pair in fresh.items() if pk not in present or pair != (present[pk].keys, present[pk].heard)
    ]
    SearchKeys.objects.bulk_create(
        [SearchKeys(customer_id=pk, keys=fresh[pk][0], heard=fresh[pk][1]) for pk in changed],
        update_conflicts=True,
        unique_fields=["customer"],
        update_fields=["keys", "heard"],
    )
    if gone:
        SearchKeys.objects.filter(pk__in=gone).delete()
    return len(changed) + len(gone)


def _with_heard(facts: dict[int, Facts], heard: dict[int, list[str]] | None) -> dict[int, Facts]:
    """The facts with other words heard, where they are given."""
    if heard is None:
        return facts
    return {pk: replace(known, heard=tuple(heard.get(pk, ()))) for pk, known in facts.items()}
