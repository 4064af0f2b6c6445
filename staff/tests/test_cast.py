"""The cast itself."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from staff.models import Membership, Staff, Venue
from staff.tests.factories import PASSWORD, RotaFactory, ShiftFactory, TerminalFactory


def test_the_cast_works_at_the_venue_and_the_stranger_nowhere(
    venue: Venue,
    desk: Staff,
    concierge: Staff,
    manager: Staff,
    owner: Staff,
    stranger: Staff,
    membership_of: Callable[[Staff], Membership],
) -> None:
    roles = [membership_of(person).role for person in (desk, concierge, manager, owner)]

    assert roles == ["front_desk", "concierge", "manager", "owner"]
    assert not stranger.memberships.exists()


def test_the_password_opens_the_door(desk: Staff, anonymous: Client) -> None:
    answer = anonymous.post("/accounts/login/", {"login": "SAM@example.com", "password": PASSWORD})

    assert answer.status_code == 302
    assert anonymous.session["_auth_user_id"] == str(desk.pk)


def test_every_factory_makes_a_row_that_the_database_takes(venue: Venue, desk: Staff) -> None:
    shift = ShiftFactory.create(venue=venue)

    assert RotaFactory.create(shift=shift, staff=desk, day="2026-11-22").pk
    assert TerminalFactory.create(venue=venue, enrolled_by=desk).pk
