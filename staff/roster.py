"""Who works at a venue and as what: adding, changing and ending memberships."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction

from staff import keeping_owners
from staff.models import Membership, Role, Staff, Venue

# What else there is to do when somebody leaves; the apps above say so.
_when_somebody_leaves: list[Callable[[datetime], object]] = []


class LastOwnerError(Exception):
    """The venue would be left without an owner; the database refused."""


@contextmanager
def keeping_an_owner() -> Iterator[None]:
    """Do the enclosed in a transaction; raise LastOwnerError where it would leave no owner."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if diagnosis is not None and diagnosis.constraint_name == keeping_owners.CONSTRAINT:
            raise LastOwnerError from error
        raise


@transaction.atomic
def add(
    *, email: str, display_name: str, language: str, badge_number: str, venue: Venue, role: str, now: datetime
) -> Membership:
    """Give somebody a role at the venue; makes the person, without a password, if the address is new.

    A person who is already known keeps their name and language. Raises IntegrityError if they already
    work at the venue, or if the badge number is another's.
    """
    person = Staff.objects.filter(email__iexact=email).first()
    if person is None:
        person = Staff.objects.create_user(
            email, display_name=display_name, language=language, badge_number=badge_number
        )
    elif not person.is_active:
        person.is_active = True
        person.save(update_fields=["is_active"])
    return Membership.objects.create(staff=person, venue=venue, role=role, started_at=now)


def open_venue(venue: Venue, *, by: Staff, now: datetime) -> None:
    """Save a new venue, with whoever opens it as its first owner."""
    with transaction.atomic():
        venue.save()
        Membership.objects.create(staff=by, venue=venue, role=Role.OWNER, started_at=now)


def change_role(membership: Membership, role: str) -> None:
    """Give the member another role. LastOwnerError if the venue would lose its last owner."""
    with keeping_an_owner():
        membership.role = role
        membership.save(update_fields=["role"])


def end(membership: Membership, *, now: datetime) -> None:
    """End the membership: from now on it opens nothing. LastOwnerError for the last owner."""
    with keeping_an_owner():
        if Membership.objects.filter(pk=membership.pk, ended_at=None).update(ended_at=now):
            for listener in _when_somebody_leaves:
                listener(now)


def when_somebody_leaves(listener: Callable[[datetime], object]) -> None:
    """Have this called, with the moment, in the transaction in which a membership ends."""
    if listener not in _when_somebody_leaves:
        _when_somebody_leaves.append(listener)
