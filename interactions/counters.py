"""How often a customer came, when first and when last: counters that stay right when many log at once.

Two ways keep them. Adding a visit is one UPDATE that the database evaluates on the newest row, so two at
once add two. Taking one away counts again under the row's lock: whoever has written a visit but not yet
added it is still to come, and whoever has added it holds the lock until their visit can be seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, F, Max, Min, Value
from django.db.models.functions import Greatest, Least

from customers.models import Customer
from interactions.models import Interaction


class Counters(NamedTuple):
    """How often, when first and when last; no visits, no times."""

    visit_count: int
    first_visit_at: datetime | None
    last_visit_at: datetime | None


@dataclass(frozen=True, slots=True)
class Drift:
    """A customer whose counters said something else than their timeline."""

    customer_id: int
    said: Counters
    counted: Counters


NEVER = Counters(0, None, None)


def count_visit(customer_id: int, at: datetime) -> None:
    """Add a visit at an aware moment, in the transaction that writes it."""
    # PostgreSQL's LEAST and GREATEST pass over NULL, which is what a first visit finds.
    Customer.objects.filter(pk=customer_id).update(
        visit_count=F("visit_count") + 1,
        first_visit_at=Least(F("first_visit_at"), Value(at)),
        last_visit_at=Greatest(F("last_visit_at"), Value(at)),
    )


def recount(customer_id: int) -> Drift | None:
    """Count a customer's visits again and mend the counters; say what was wrong, or None.

    To be called inside a transaction, after what changed the visits. Raises Customer.DoesNotExist.
    """
    # Not FOR UPDATE: that would wait for everyone who has just written a visit, and they for us.
    row = Customer.objects.select_for_update(no_key=True).only("pk", *Counters._fields).get(pk=customer_id)
    said = Counters(row.visit_count, row.first_visit_at, row.last_visit_at)
    counted = _counted([customer_id]).get(customer_id, NEVER)
    if said == counted:
        return None
    Customer.objects.filter(pk=customer_id).update(**counted._asdict())
    return Drift(customer_id, said, counted)


def suspects(batch: int) -> Iterator[int]:
    """Customers whose counters do not equal their timelines, looked for a batch of rows at a time.

    Somebody may log between the two looks at a batch, so each one found is to be counted again.
    """
    ids = Customer.objects.order_by("pk").values_list("pk", flat=True)
    last = 0
    while window := list(ids.filter(pk__gt=last)[:batch]):
        last = window[-1]
        counted = _counted(window)
        for pk, *said in Customer.objects.filter(pk__in=window).values_list("pk", *Counters._fields):
            if Counters(*said) != counted.get(pk, NEVER):
                yield pk


def mend(customer_id: int) -> Drift | None:
    """Recount one customer in a transaction of its own."""
    with transaction.atomic():
        return recount(customer_id)


def _counted(customer_ids: list[int]) -> dict[int, Counters]:
    """What the timelines of these customers say; who never came is left out."""
    visits = Interaction.objects.filter(kind=Interaction.Kind.VISIT, customer__in=customer_ids)
    rows = visits.values_list("customer").annotate(Count("pk"), Min("occurred_at"), Max("occurred_at"))
    return {pk: Counters(*counters) for pk, *counters in rows.order_by()}
