"""Entering a customer, changing who they are, putting them away and bringing them back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from customers import keys
from customers.models import ContactPoint, Customer
from staff.models import Membership


class ChangedMeanwhileError(Exception):
    """Somebody else saved first: `row` is the customer as they left it."""

    def __init__(self, row: Customer) -> None:
        super().__init__(f"customer {row.pk} is at version {row.version}")
        self.row = row


class PutAwayError(Exception):
    """The customer is archived, or was merged into another: nothing is changed there."""


@transaction.atomic
def create(
    membership: Membership,
    fields: Mapping[str, Any],
    contacts: Iterable[ContactPoint] = (),
    *,
    now: datetime,
) -> Customer:
    """A new customer, entered by this person. Of the contacts given, the first of each kind is used first."""
    customer = Customer.objects.create(**fields, created_by=membership.staff, created_at=now)
    kinds: set[str] = set()
    contacts = list(contacts)
    for contact in contacts:
        contact.customer = customer
        contact.is_primary = contact.kind not in kinds
        contact.save(force_insert=True)
        kinds.add(contact.kind)
    keys.begin(customer, contacts)
    return customer


def _locked(customer_id: int) -> Customer:
    return Customer.objects.select_for_update().get(pk=customer_id)


@transaction.atomic
def edit(customer_id: int, version: int, fields: Mapping[str, Any]) -> Customer:
    """Change who they are, over the version that the editor saw.

    Raises ChangedMeanwhileError where another version is there by now, and PutAwayError where the
    customer is not active.
    """
    row = _locked(customer_id)
    if row.status != Customer.Status.ACTIVE:
        raise PutAwayError
    if row.version != version:
        raise ChangedMeanwhileError(row)
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, fields[name])
    row.version += 1
    row.save(update_fields=[*changed, "version", "updated_at"])
    keys.refresh([row.pk])
    return row


@transaction.atomic
def archive(customer_id: int, membership: Membership, why: str, *, now: datetime) -> Customer:
    """Put a customer away; nothing is deleted. PutAwayError where that has happened already."""
    row = _locked(customer_id)
    if row.status != Customer.Status.ACTIVE:
        raise PutAwayError
    return _restand(row, Customer.Status.ARCHIVED, at=now, by=membership, why=why)


@transaction.atomic
def bring_back(customer_id: int) -> Customer:
    """Make an archived customer active again; one that is active already stays as it is.

    Raises PutAwayError for one that was merged into another.
    """
    row = _locked(customer_id)
    if row.status == Customer.Status.MERGED:
        raise PutAwayError
    if row.status == Customer.Status.ACTIVE:
        return row
    return _restand(row, Customer.Status.ACTIVE, at=None, by=None, why="")


def _restand(row: Customer, status: str, *, at: datetime | None, by: Membership | None, why: str) -> Customer:
    row.status, row.archived_at, row.archived_why = status, at, why
    row.archived_by = by.staff if by else None
    row.version += 1
    row.save(update_fields=["status", "archived_at", "archived_by", "archived_why", "version", "updated_at"])
    keys.refresh([row.pk])
    return row
