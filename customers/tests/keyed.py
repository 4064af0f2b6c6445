"""Whether a question leads to somebody, by the keys alone: what the database does, for one customer."""

from __future__ import annotations

from collections.abc import Iterable

from customers.search_keys import Facts, keys_of, misspellable, starts_of
from customers.steps import Choice, Step


def leads_to(steps: Iterable[Step], facts: Facts) -> bool:
    """Whether one of the steps finds a customer of whom this is known, in a house of their own."""
    have = set(keys_of(facts))
    starts = starts_of({word for name in facts.names for word in misspellable(name)})

    def meets(choice: Choice) -> bool:
        meant = {start.key for start in starts if set(choice.misspelt).intersection(start.near)}
        return bool(have & meant.union(choice.keys))

    return any(have.issuperset(step.needed) and all(map(meets, step.choices)) for step in steps)
