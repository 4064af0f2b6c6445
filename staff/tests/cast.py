"""The cast of every test: who works at the venue, who does not, and a browser for each of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from staff.models import Membership, Role, Staff, Venue
from staff.tests.factories import MembershipFactory, StaffFactory, VenueFactory

LogIn = Callable[[Staff], Client]
MembershipOf = Callable[[Staff], Membership]


@pytest.fixture
def venue(db: None) -> Venue:
    """The café where the cast works."""
    return VenueFactory.create(name="Harbour Café", slug="harbour-cafe")


@pytest.fixture
def elsewhere(db: None) -> Venue:
    """A restaurant where nobody of the cast works."""
    return VenueFactory.create(
        name="Lantern Garden",
        slug="lantern-garden",
        industry="restaurant",
        time_zone="Asia/Shanghai",
        country="CN",
        currency="CNY",
    )


def works_as(role: Role, name: str, venue: Venue) -> Staff:
    """Somebody with this role at the venue."""
    person = StaffFactory.create(display_name=name, email=f"{name.lower()}@example.com")
    MembershipFactory.create(staff=person, venue=venue, role=role)
    return person


@pytest.fixture
def desk(venue: Venue) -> Staff:
    """Front desk."""
    return works_as(Role.FRONT_DESK, "Sam", venue)


@pytest.fixture
def concierge(venue: Venue) -> Staff:
    """Concierge."""
    return works_as(Role.CONCIERGE, "Priya", venue)


@pytest.fixture
def manager(venue: Venue) -> Staff:
    """Manager."""
    return works_as(Role.MANAGER, "Morgan", venue)


@pytest.fixture
def owner(venue: Venue) -> Staff:
    """Owner."""
    return works_as(Role.OWNER, "Olu", venue)


@pytest.fixture
def stranger(db: None) -> Staff:
    """Somebody with a login who works nowhere."""
    return StaffFactory.create(display_name="Stranger", email="stranger@example.com")


@pytest.fixture
def membership_of(venue: Venue) -> MembershipOf:
    """A function that gives somebody's current membership at the venue."""

    def find(person: Staff) -> Membership:
        return person.memberships.current().select_related("staff", "venue").get(venue=venue)

    return find


@pytest.fixture
def sam(desk: Staff, membership_of: MembershipOf) -> Membership:
    """The front desk at work."""
    return membership_of(desk)


@pytest.fixture
def priya(concierge: Staff, membership_of: MembershipOf) -> Membership:
    """The concierge at work."""
    return membership_of(concierge)


@pytest.fixture
def morgan(manager: Staff, membership_of: MembershipOf) -> Membership:
    """The manager at work."""
    return membership_of(manager)


@pytest.fixture
def log_in(db: None) -> LogIn:
    """A function that gives a new browser in which this person is logged in."""

    def logged_in(person: Staff) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return logged_in


@pytest.fixture
def as_desk(desk: Staff, log_in: LogIn) -> Client:
    """A browser of the front desk."""
    return log_in(desk)


@pytest.fixture
def as_concierge(concierge: Staff, log_in: LogIn) -> Client:
    """A browser of the concierge."""
    return log_in(concierge)


@pytest.fixture
def as_manager(manager: Staff, log_in: LogIn) -> Client:
    """A browser of the manager."""
    return log_in(manager)


@pytest.fixture
def as_owner(owner: Staff, log_in: LogIn) -> Client:
    """A browser of the owner."""
    return log_in(owner)


@pytest.fixture
def as_stranger(stranger: Staff, log_in: LogIn) -> Client:
    """A browser of the stranger."""
    return log_in(stranger)


@pytest.fixture
def anonymous(db: None) -> Client:
    """A browser in which nobody is logged in."""
    return Client()
