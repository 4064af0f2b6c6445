"""Customers and what we know of them, made for tests.

Search keys are not written: a test that looks people up calls `customers.keys.refresh` first.
"""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from customers import phones
from customers.models import ContactPoint, Customer, ImportantDate, Preference, Relationship
from staff.tests.factories import StaffFactory, VenueFactory


class CustomerFactory(DjangoModelFactory[Customer]):
    """An active customer with a name of their own who has not visited yet."""

    class Meta:
        model = Customer

    preferred_name = factory.Sequence(lambda n: f"Dana{n}")
    full_name = factory.LazyAttribute(lambda made: f"{made.preferred_name} Whitfield")
    language = "en"
    home_venue = factory.SubFactory(VenueFactory)


class ContactPointFactory(DjangoModelFactory[ContactPoint]):
    """A British phone number, unless told otherwise; nobody was asked what it may be used for."""

    class Meta:
        model = ContactPoint

    customer = factory.SubFactory(CustomerFactory)
    kind = ContactPoint.Kind.PHONE
    value = factory.Sequence(lambda n: f"020 7946 {n % 10000:04}")
    normalised = factory.LazyAttribute(
        lambda made: phones.normalise(made.value, "GB") if made.kind == "phone" else made.value.lower()
    )


class RelationshipFactory(DjangoModelFactory[Relationship]):
    """A partner known by name."""

    class Meta:
        model = Relationship

    customer = factory.SubFactory(CustomerFactory)
    kind = Relationship.Kind.PARTNER
    name = factory.Sequence(lambda n: f"Robin{n}")


class ImportantDateFactory(DjangoModelFactory[ImportantDate]):
    """A birthday on the 12th of May."""

    class Meta:
        model = ImportantDate

    customer = factory.SubFactory(CustomerFactory)
    kind = ImportantDate.Kind.BIRTHDAY
    month = 5
    day = 12


class PreferenceFactory(DjangoModelFactory[Preference]):
    """Something they told us they like, that may be said aloud, anywhere and at any time."""

    class Meta:
        model = Preference

    customer = factory.SubFactory(CustomerFactory)
    kind = Preference.Kind.LIKE
    category = "drink"
    value = factory.Sequence(lambda n: f"Oat flat white {n}")
    recorded_by = factory.SubFactory(StaffFactory)
