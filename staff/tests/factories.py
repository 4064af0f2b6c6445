"""Venues, people and their roles, made for tests."""

from __future__ import annotations

from datetime import time
from typing import Any

import factory
from factory.django import DjangoModelFactory

from staff.models import Membership, Role, Rota, Shift, Staff, Terminal, Venue

PASSWORD = "plenty-of-oat-milk"


class VenueFactory(DjangoModelFactory[Venue]):
    """A café in London whose business day starts at four in the morning."""

    class Meta:
        model = Venue

    name = factory.Sequence(lambda n: f"Harbour Café {n}")
    slug = factory.Sequence(lambda n: f"harbour-{n}")
    industry = "cafe"
    time_zone = "Europe/London"
    language = "en"
    country = "GB"
    currency = "GBP"
    # A time and not the field's words, so that the object made can be reckoned with before it is read back.
    business_day_starts = time(4)


class StaffFactory(DjangoModelFactory[Staff]):
    """A person with a login (`PASSWORD`) who works nowhere yet."""

    class Meta:
        model = Staff
        skip_postgeneration_save = True

    display_name = factory.Sequence(lambda n: f"Sam {n}")
    email = factory.Sequence(lambda n: f"sam{n}@example.com")

    @classmethod
    def _create(cls, model_class: type[Staff], *_: Any, **fields: Any) -> Staff:
        password = fields.pop("password", PASSWORD)
        person = model_class(**fields)
        person.set_password(password)
        person.save()
        return person


class MembershipFactory(DjangoModelFactory[Membership]):
    """Somebody at the front desk of a venue."""

    class Meta:
        model = Membership

    staff = factory.SubFactory(StaffFactory)
    venue = factory.SubFactory(VenueFactory)
    role = Role.FRONT_DESK


class ShiftFactory(DjangoModelFactory[Shift]):
    """An early shift on every day of the week."""

    class Meta:
        model = Shift

    venue = factory.SubFactory(VenueFactory)
    name = factory.Sequence(lambda n: f"Early {n}")
    starts = time(6)
    ends = time(14)
    weekdays = factory.LazyFunction(lambda: [0, 1, 2, 3, 4, 5, 6])


class RotaFactory(DjangoModelFactory[Rota]):
    """Somebody down for a shift; the day has to be said."""

    class Meta:
        model = Rota

    shift = factory.SubFactory(ShiftFactory)
    staff = factory.SubFactory(StaffFactory)


class TerminalFactory(DjangoModelFactory[Terminal]):
    """A counter screen, enrolled."""

    class Meta:
        model = Terminal

    venue = factory.SubFactory(VenueFactory)
    name = factory.Sequence(lambda n: f"Counter {n}")
    token_hash = factory.Sequence(lambda n: f"{n:064x}")
    enrolled_by = factory.SubFactory(StaffFactory)
