"""The marks of many customers on a list: what must not go wrong, and whether something is owed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from customers.models import Preference
from interactions.models import Complaint, FollowUp
from staff.models import Membership

OWED_KINDS: Final = (FollowUp.Kind.PROMISE, FollowUp.Kind.REMINDER, FollowUp.Kind.RECOVERY)


@dataclass(frozen=True, slots=True)
class Marks:
    """One customer's: safety facts that may be read over the counter, whether there is one that may not."""

    safety: tuple[str, ...] = ()
    silent: bool = False
    owed: bool = False

    @property
    def is_safety(self) -> bool:
        """Whether there is any safety fact."""
        return bool(self.safety) or self.silent


def of(customers: Collection[int], membership: Membership, *, now: datetime) -> dict[int, Marks]:
    """The marks of these customers as this person may see them, in three queries however many they are."""
    told: dict[int, list[str]] = {}
    silent: set[int] = set()
    for customer, value, discretion in _safety(customers, membership, now):
        if discretion == Preference.Discretion.SAY_ALOUD:
            told.setdefault(customer, []).append(value)
        else:
            silent.add(customer)
    owed = _owed(customers, membership, now)
    return {pk: Marks(tuple(told.get(pk, ())), pk in silent, pk in owed) for pk in customers}


def _safety(customers: Collection[int], membership: Membership, now: datetime) -> list[tuple[int, str, str]]:
    rows = (
        Preference.objects.visible_to(membership)
        .filter(customer__in=customers, kind=Preference.Kind.SAFETY)
        .known_on(now)
        .true_on(membership.venue.business_day(now))
        .exclude(status=Preference.Status.EXPIRED)
    )
    return list(rows.order_by("-recorded_at", "id").values_list("customer", "value", "discretion"))


def _owed(customers: Collection[int], membership: Membership, now: datetime) -> set[int]:
    cases = Complaint.objects.visible_to(membership).open().filter(customer__in=customers)
    due = FollowUp.objects.readable_by(membership).due_by(now)
    promises = due.filter(customer__in=customers, kind__in=OWED_KINDS)
    return {*cases.values_list("customer", flat=True), *promises.values_list("customer", flat=True)}
