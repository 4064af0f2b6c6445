"""What is remembered of one customer, set out for reading: grouped by kind, with how sure we still are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.functional import Promise

from customers.freshness import Freshness
from customers.models import Customer, Preference, PreferenceQuerySet
from staff.models import Membership


@dataclass(frozen=True, slots=True)
class Remembered:
    """One remembered thing with its freshness at the moment asked about."""

    row: Preference
    freshness: Freshness

    @property
    def label(self) -> str:
        """The word for how sure we are: sure, fading or ask."""
        return self.freshness.label


@dataclass(frozen=True, slots=True)
class Group:
    """The things of one kind."""

    kind: str
    label: str | Promise
    rows: list[Remembered]


def known_now(customer: Customer, membership: Membership, now: datetime) -> list[Group]:
    """What this person may know that holds now, by kind, safety first; kinds without any are left out."""
    return _grouped(_rows(customer, membership).known(), now)


def known_on(customer: Customer, membership: Membership, day: date) -> list[Group]:
    """What we knew at the end of a business day of the person's venue."""
    moment = membership.venue.day_starts_at(day + timedelta(days=1))
    return _grouped(_rows(customer, membership).known_on(moment), moment)


def true_on(customer: Customer, membership: Membership, day: date) -> list[Group]:
    """What was true on a day by all that we know today."""
    moment = membership.venue.day_starts_at(day + timedelta(days=1))
    return _grouped(_rows(customer, membership).true_on(day), moment)


def ended(customer: Customer, membership: Membership) -> list[Preference]:
    """What held once, or never did, the latest first."""
    rows = _rows(customer, membership).filter(retired_at__isnull=False)
    return list(rows.order_by("-retired_at", "-id"))


def chain(row: Preference, membership: Membership) -> list[Preference]:
    """The thing and everything it superseded or was superseded by, the latest first.

    A link that this person may not know breaks the chain there.
    """
    seen = Preference.objects.visible_to(membership).filter(customer=row.customer_id).with_authors()
    rows = {each.pk: each for each in seen}
    later = {each.supersedes_id: each for each in rows.values() if each.supersedes_id}
    newest = rows[row.pk]
    while newest.pk in later:
        newest = later[newest.pk]
    found = [newest]
    while (before := rows.get(found[-1].supersedes_id or 0)) is not None:
        found.append(before)
    return found


def _rows(customer: Customer, membership: Membership) -> PreferenceQuerySet:
    rows = Preference.objects.filter(customer=customer).visible_to(membership)
    # Written after which interaction: the link lives in the app above, which reaches down to this one.
    return rows.with_authors().select_related("source__interaction")


def _grouped(rows: PreferenceQuerySet, now: datetime) -> list[Group]:
    found = [Remembered(row, row.freshness(now)) for row in rows]
    groups = [
        Group(kind.value, kind.label, [each for each in found if each.row.kind == kind])
        for kind in Preference.Kind
    ]
    return [group for group in groups if group.rows]
