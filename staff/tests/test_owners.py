"""No venue loses its last owner, whoever asks and however many ask at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from staff import roster
from staff.models import Membership, Staff, Venue
from staff.tests.factories import MembershipFactory, StaffFactory, VenueFactory


def test_the_last_owner_can_neither_leave_nor_become_less(owner: Staff) -> None:
    membership = owner.memberships.get()

    with pytest.raises(roster.LastOwnerError):
        roster.end(membership, now=timezone.now())
    with pytest.raises(roster.LastOwnerError):
        roster.change_role(membership, "manager")

    assert Membership.objects.current().filter(role="owner").count() == 1


def test_nor_past_the_forms(owner: Staff) -> None:
    with pytest.raises(IntegrityError, match="last owner"), transaction.atomic():
        owner.memberships.update(role="manager")
    with pytest.raises(IntegrityError, match="last owner"), transaction.atomic():
        owner.memberships.update(ended_at=timezone.now())
    with pytest.raises(IntegrityError, match="last owner"), transaction.atomic():
        owner.memberships.all().delete()


def test_nor_by_leaving_the_house(owner: Staff) -> None:
    with pytest.raises(IntegrityError, match="last owner"), transaction.atomic():
        Staff.objects.filter(pk=owner.pk).update(is_active=False)


def test_somebody_who_left_is_no_second_owner(venue: Venue, owner: Staff) -> None:
    MembershipFactory.create(venue=venue, role="owner", staff=StaffFactory.create(is_active=False))

    with pytest.raises(roster.LastOwnerError):
        roster.end(owner.memberships.get(), now=timezone.now())


def test_one_of_two_owners_may_go(venue: Venue, owner: Staff) -> None:
    MembershipFactory.create(venue=venue, role="owner")

    roster.end(owner.memberships.get(), now=timezone.now())

    assert not owner.memberships.current().exists()


def test_everybody_else_may_go(manager: Staff, owner: Staff) -> None:
    roster.end(manager.memberships.get(), now=timezone.now())

    assert not manager.memberships.current().exists()


def together(deeds: list[Callable[[], None]]) -> list[BaseException | None]:
    """Do all of these at once, each on a connection of its own; gives what each raised."""
    ready = threading.Barrier(len(deeds), timeout=60)
    raised: list[BaseException | None] = [None] * len(deeds)

    def do(number: int) -> None:
        try:
            ready.wait()
            deeds[number]()
        except (roster.LastOwnerError, IntegrityError) as error:
            raised[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_remove_each_other_at_once() -> None:
    venue = VenueFactory.create()
    pair = [MembershipFactory.create(venue=venue, role="owner") for _ in range(2)]

    def end(membership: Membership) -> Callable[[], None]:
        return lambda: roster.end(membership, now=timezone.now())

    raised = together([end(membership) for membership in pair])

    assert sum(isinstance(error, roster.LastOwnerError) for error in raised) == 1
    assert Membership.objects.current().filter(venue=venue, role="owner").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_owner_ends_while_the_other_leaves_the_house() -> None:
    venue = VenueFactory.create()
    one, other = (MembershipFactory.create(venue=venue, role="owner") for _ in range(2))

    raised = together(
        [
            lambda: roster.end(one, now=timezone.now()),
            lambda: _leave(other.staff),
        ]
    )

    assert sum(error is not None for error in raised) == 1
    assert Membership.objects.current().filter(venue=venue, role="owner").count() == 1


def _leave(person: Staff) -> None:
    Staff.objects.filter(pk=person.pk).update(is_active=False)


def test_the_page_says_that_the_last_owner_stays(as_owner: Client, owner: Staff) -> None:
    membership = owner.memberships.get()

    ended = as_owner.post(f"/house/staff/{membership.pk}/end/", follow=True)
    lessened = as_owner.post(f"/house/staff/{membership.pk}/", {"role": "front_desk"})

    assert "last owner" in ended.content.decode()
    assert lessened.status_code == 422
    assert "last owner" in lessened.content.decode()
    assert owner.memberships.get().role == "owner"
