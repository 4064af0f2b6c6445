"""What belongs to a customer and can be kept, removed and restored: contacts, people, dates.

Each verb is one transaction that locks the customer first, so that two people at once are served one
after the other and the rules that span several rows hold.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from django.apps import apps
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from crm.history import events_of
from customers import keys
from customers.editing import PutAwayError
from customers.models import ContactPoint, Customer, ImportantDate, Relationship

Belonging: TypeAlias = ContactPoint | Relationship | ImportantDate


# What else there is to do when something is removed or comes back; the apps above say so.
_when_removed: list[Callable[[Belonging], None]] = []
_when_restored: list[Callable[[Belonging], None]] = []


class AlreadyThereError(Exception):
    """The customer has this contact, person or date already."""


class CannotUndoError(Exception):
    """It was changed again since, so going back would lose somebody else's change."""


@transaction.atomic
def keep(row: Belonging) -> int:
    """Save a new or changed row of its customer; give the event that takes a change back, 0 for a new row.

    Raises AlreadyThereError for what is there already and PutAwayError where the customer is not active.
    """
    _lock_active(row.customer_id)
    is_new = row.pk is None
    _write(row)
    return 0 if is_new else _newest_event(row)


@transaction.atomic
def remove(row: Belonging) -> int:
    """Take a row away; give the event that brings it back. PutAwayError where the customer is not active."""
    _lock_active(row.customer_id)
    pk = row.pk
    for follow in _when_removed:
        follow(row)
    row.delete()
    row.pk = pk
    _settle(row)
    return _newest_event(row)


@transaction.atomic
def restore(model: type[Belonging], customer_id: int, event_id: int) -> None:
    """Bring a row back to what an event kept of it, whether it was changed or removed.

    Raises CannotUndoError where something happened to the row since, AlreadyThereError where the same was
    entered again, PutAwayError where the customer is not active, ObjectDoesNotExist for no such event.
    """
    _lock_active(customer_id)
    event = _events(model).get(pk=event_id, customer_id=customer_id)
    if _events(model).filter(id=event.id, pk__gt=event_id).exists():
        raise CannotUndoError
    columns = {field.attname: getattr(event, field.attname) for field in model._meta.concrete_fields}
    row = model(**columns)
    _write(row)
    for follow in _when_restored:
        follow(row)


def when_removed(follow: Callable[[Belonging], None]) -> None:
    """Have this done with whatever is about to be removed, in the transaction that does so."""
    _when_removed.append(follow)


def when_restored(follow: Callable[[Belonging], None]) -> None:
    """Have this done with whatever was brought back, in the transaction that did so."""
    _when_restored.append(follow)


def _events(model: type[Belonging]) -> QuerySet[Any]:
    events: QuerySet[Any] = apps.get_model("customers", f"{model.__name__}Event").objects.all()
    return events


def _newest_event(row: Belonging) -> int:
    return int(events_of(row).values_list("pk", flat=True)[0])


def _lock_active(customer_id: int) -> None:
    # Not FOR UPDATE: whoever writes what the customer is owed refers to them, and may hold what we wait for.
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    if customer.status != Customer.Status.ACTIVE:
        raise PutAwayError


def _write(row: Belonging) -> None:
    others: QuerySet[Any] = type(row)._default_manager.filter(customer_id=row.customer_id).exclude(pk=row.pk)
    if others.filter(**{name: getattr(row, name) for name in _sameness(row)}).exists():
        raise AlreadyThereError
    if isinstance(row, ContactPoint):
        same_kind = others.filter(kind=row.kind)
        if row.is_primary:
            same_kind.filter(is_primary=True).update(is_primary=False)
        # Decided before it is saved, so that one event of the row holds all that was changed.
        row.is_primary = row.is_primary or not same_kind.exists()
    row.save()
    _settle(row)


def _sameness(row: Belonging) -> tuple[str, ...]:
    """The columns in which two rows of one customer must not both agree."""
    if isinstance(row, ContactPoint):
        return ("kind", "normalised")
    if isinstance(row, Relationship):
        return ("kind", "to_id") if row.to_id else ("kind", "to_id", "name")
    return ("kind", "label", "month", "day", "calendar")


def _settle(row: Belonging) -> None:
    """After any change: of each kind of contact one is the first to use, and the search keys are right."""
    if isinstance(row, ContactPoint):
        contacts = ContactPoint.objects.filter(customer_id=row.customer_id)
        first = contacts.filter(kind=OuterRef("kind"), is_primary=True)
        lacking = contacts.filter(~Exists(first)).order_by("kind", "id").distinct("kind")
        contacts.filter(pk__in=[contact.pk for contact in lacking]).update(is_primary=True)
    keys.refresh([row.customer_id])
