"""What leavers owned goes to the role they had, and is told there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from interactions import dispatch, leaving
from interactions.models import Delivery, FollowUp
from interactions.tests.factories import FollowUpFactory
from staff import roster
from staff.models import Membership, Role, Staff, Venue
from staff.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def call(venue: Venue, desk: Staff) -> FollowUp:
    """A call that Sam owed an hour ago, and was told of."""
    due = timezone.now() - HOUR
    made = FollowUpFactory.create(customer__home_venue=venue, owner=desk, due_at=due, next_dispatch_at=due)
    dispatch.dispatch(timezone.now())
    return made


def test_the_role_takes_over_at_once_and_is_told(
    call: FollowUp, desk: Staff, venue: Venue, owner: Staff, membership_of: Callable[[Staff], Membership]
) -> None:
    ana = MembershipFactory.create(venue=venue, role=Role.FRONT_DESK).staff
    roster.end(membership_of(desk), now=timezone.now())
    call.refresh_from_db()
    assert (call.owner, call.role) == (None, "front_desk")
    dispatch.dispatch(timezone.now())
    emails = Delivery.objects.filter(channel="email").values_list("recipient", "state")
    assert set(emails) == {(desk.pk, "withdrawn"), (ana.pk, "waiting")}


def test_a_login_that_was_taken_away_counts_too(call: FollowUp, desk: Staff) -> None:
    assert leaving.hand_over(timezone.now()) == 0
    Staff.objects.filter(pk=desk.pk).update(is_active=False)
    assert leaving.hand_over(timezone.now()) == 1
    call.refresh_from_db()
    assert (call.owner, call.role) == (None, "front_desk")
    assert leaving.hand_over(timezone.now()) == 0


def test_where_nobody_has_the_role_it_is_shown_as_nobodys(
    call: FollowUp, desk: Staff, manager: Staff, membership_of: Callable[[Staff], Membership]
) -> None:
    roster.end(membership_of(desk), now=timezone.now())
    assert list(FollowUp.objects.nobodys(membership_of(manager))) == [call]


def test_what_is_not_due_yet_or_is_elsewhere_or_done_stays_quiet(
    venue: Venue, elsewhere: Venue, desk: Staff
) -> None:
    MembershipFactory.create(staff=desk, venue=elsewhere)
    due = timezone.now() + HOUR
    coming = FollowUpFactory.create(customer__home_venue=venue, owner=desk, due_at=due)
    there = FollowUpFactory.create(customer__home_venue=elsewhere, owner=desk, due_at=due)
    ended = FollowUpFactory.create(
        customer__home_venue=venue, owner=desk, state="done", ended_at=timezone.now()
    )
    Membership.objects.filter(staff=desk, venue=venue).update(ended_at=timezone.now())
    assert leaving.hand_over(timezone.now()) == 1
    for row in (coming, there, ended):
        row.refresh_from_db()
    assert (coming.role, coming.next_dispatch_at) == ("front_desk", due)
    assert there.owner == ended.owner == desk
