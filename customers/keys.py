"""Keeping the search keys right: rewritten in the transaction of whatever changed what they are made from.

Who calls what:
- a verb that inserts a customer: `begin(customer, contacts)`;
- a verb that changes a name, contact, companion, company, tag, preference or status: `refresh([pk])`;
- a verb that logs an interaction: `hear(customer.pk, words)`, which costs one read when no word is new;
- a load of many customers by COPY: `customers.filling.fill(progress)` once at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from random import randint

from django.db import transaction
from django.db.models import Max

from customers import name_starts
from customers.gathering import COLUMNS, facts_from, facts_of, facts_of_new
from customers.models import ContactPoint, Customer, Relationship, SearchKeys
from customers.search_keys import keys_of, memory_words, start_keys

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
    """Rewrite the keys of these customers, and of those they are a companion of, in the caller's transaction.

    Customers who are no longer active lose their keys and are not found.
    """
    given = set(customer_ids)
    related = Relationship.objects.filter(to__in=given).values_list("customer_id", flat=True)
    _write(given | set(related))


def begin(customer: Customer, contacts: Iterable[ContactPoint]) -> None:
    """Write the first keys of a customer inserted in this transaction with these contacts and nothing else.

    Nobody else can have changed them, so that nothing is read.
    """
    facts = facts_of_new(customer, contacts)
    SearchKeys.objects.create(customer=customer, keys=keys_of(facts))
    name_starts.keep(facts.names)


def hear(customer_id: int, words: Iterable[str]) -> None:
    """Remember words heard in an interaction, in the caller's transaction; writes only when one is new."""
    heard = SearchKeys.objects.filter(pk=customer_id).values_list("heard", flat=True).first()
    if heard is None:
        return
    new = [word for word in dict.fromkeys(words) if word not in heard]
    if new:
        _write({customer_id}, new_words=new)


def hear_again(customer_ids: Collection[int]) -> None:
    """Work out anew what was heard of these customers, because something said was changed or hidden."""
    _write(set(customer_ids), anew=True)


def words_heard(text: str, managers_of: int | None = None) -> list[str]:
    """The words of what was said, as `hear` wants them; for managers of a venue alone when one is given."""
    return [word if managers_of is None else f"{managers_of}@{word}" for word in memory_words(text)]


def rebuild(customer_ids: Collection[int]) -> int:
    """Write the keys of these customers anew from all that they are made from; gives how many had changed."""
    return _write(set(customer_ids), anew=True)


def wrong(customer_ids: Collection[int]) -> list[int]:
    """Those among these customers whose keys, or the starts of whose names, are not what they should be."""
    rows = SearchKeys.objects.filter(pk__in=customer_ids)
    written = dict(rows.values_list("pk", "keys"))
    facts = facts_of(customer_ids, dict(rows.values_list("pk", "heard")))
    right = {customer: keys_of(known) for customer, known in facts.items()}
    starts = {customer: start_keys(name_starts.words_of(known.names)) for customer, known in facts.items()}
    lacking = name_starts.missing({key for keys in starts.values() for key in keys})
    return sorted(
        pk
        for pk in {*right, *written}
        if right.get(pk) != written.get(pk) or lacking.intersection(starts.get(pk, ()))
    )


def sample(count: int) -> list[int]:
    """Customers picked by chance: as many as asked for, or fewer where numbers are missing or come twice."""
    largest = Customer.objects.aggregate(largest=Max("pk"))["largest"] or 0
    points = [randint(0, largest) for _ in range(count)]  # noqa: S311 - a sample, not a secret
    return list(Customer.objects.filter(pk__in=points).values_list("pk", flat=True).order_by("pk"))


def all_heard(customer_ids: Collection[int]) -> dict[int, list[str]]:
    """What every source has heard of these customers."""
    heard: dict[int, list[str]] = {customer: [] for customer in customer_ids}
    for source in _heard_from:
        for customer, words in source(customer_ids).items():
            heard[customer] += words
    return heard


@transaction.atomic(savepoint=False)
def _write(customer_ids: set[int], *, new_words: Sequence[str] = (), anew: bool = False) -> int:
    """Write the rows that differ from what is there; gives how many did.

    `new_words` are put in front of what was heard before; `anew` works out everything heard again.
    """
    # Whoever changes another fact of the same customer now waits, and then sees ours: no key is lost.
    locked = Customer.objects.select_for_update(no_key=True).filter(pk__in=customer_ids).order_by("pk")
    active = [row[:-1] for row in locked.values_list(*COLUMNS, "status") if row[-1] == Customer.Status.ACTIVE]
    present = {row.pk: row for row in SearchKeys.objects.filter(pk__in=customer_ids)}
    heard = all_heard(customer_ids) if anew else {pk: [*new_words, *row.heard] for pk, row in present.items()}
    known = facts_from(active, heard)
    rows = [
        SearchKeys(customer_id=pk, keys=keys_of(facts), heard=list(facts.heard))
        for pk, facts in known.items()
    ]
    changed = [row for row in rows if row.pk not in present or _contents(row) != _contents(present[row.pk])]
    SearchKeys.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["customer"], update_fields=["keys", "heard"]
    )
    if not new_words:
        # What stands in the keys that were there is kept already.
        kept = () if anew else {one for row in present.values() for one in row.keys}
        name_starts.keep((name for facts in known.values() for name in facts.names), kept=kept)
    gone = present.keys() - {row.pk for row in rows}
    if gone:
        SearchKeys.objects.filter(pk__in=gone).delete()
    return len(changed) + len(gone)


def _contents(row: SearchKeys) -> tuple[list[int], list[str]]:
    return row.keys, row.heard
