"""What the database refuses even when the forms are passed by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, transaction

from customers import keys
from customers.models import Confirmation, Customer, Preference, SearchKeys
from customers.tests.factories import (
    ContactPointFactory,
    CustomerFactory,
    ImportantDateFactory,
    PreferenceFactory,
    RelationshipFactory,
)

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
Write = Callable[[Customer], Any]


def customer(**fields: Any) -> Write:
    """Write these columns onto the customer."""
    return lambda dana: Customer.objects.filter(pk=dana.pk).update(**fields)


def contact(**fields: Any) -> Write:
    """Write a contact with these columns."""
    return lambda dana: ContactPointFactory.create(customer=dana, **fields)


def person(**fields: Any) -> Write:
    """Write a relationship with these columns."""
    return lambda dana: RelationshipFactory.create(customer=dana, **fields)


def day(**fields: Any) -> Write:
    """Write an important date with these columns."""
    return lambda dana: ImportantDateFactory.create(customer=dana, **fields)


def preference(**fields: Any) -> Write:
    """Write a remembered thing with these columns."""
    return lambda dana: PreferenceFactory.create(customer=dana, **fields)


def twice(write: Write) -> Write:
    """Write the same two times."""
    return lambda dana: (write(dana), write(dana))


def merged_into_self(dana: Customer) -> None:
    """Merge a customer into themselves."""
    customer(status="merged", merged_into=dana)(dana)


def partner_of_self(dana: Customer) -> None:
    """Relate a customer to themselves."""
    person(to=dana)(dana)


def same_partner_twice(dana: Customer) -> None:
    """Relate two customers twice in the same way, under different names."""
    other = CustomerFactory.create(home_venue=dana.home_venue)
    person(to=other, name="Robin")(dana)
    person(to=other, name="Bobby")(dana)


def superseding_itself(dana: Customer) -> None:
    """Have a remembered thing supersede itself, from the start, as the trigger would catch it later."""
    row = PreferenceFactory.build(customer=dana, recorded_by=None, id=987654)
    row.supersedes_id = row.pk
    row.save(force_insert=True)


def superseded_twice(dana: Customer) -> None:
    """Have two remembered things supersede the same one."""
    old = PreferenceFactory.create(customer=dana)
    twice(preference(supersedes=old))(dana)


def in_a_tenth_tier(dana: Customer) -> None:
    """Put a customer's search keys where no index looks."""
    keys.refresh([dana.pk])
    SearchKeys.objects.filter(customer=dana).update(tier=9)


def shrugged(dana: Customer) -> None:
    """Confirm in a way that is not known."""
    Confirmation.objects.create(preference=PreferenceFactory.create(customer=dana), outcome="shrugged")


REFUSED: list[tuple[str, str, Write]] = [
    ("nameless", "customer_has_a_name", customer(preferred_name="", full_name="", native_name="")),
    ("of unknown status", "customer_status_known", customer(status="lost")),
    ("archived at no time", "customer_archived_is_dated", customer(status="archived")),
    ("active but archived at a time", "customer_archived_is_dated", customer(archived_at=AT)),
    ("merged into nobody", "customer_merged_into_one", customer(status="merged")),
    ("merged into self", "customer_not_merged_into_self", merged_into_self),
    ("born in 1492", "customer_birth_year_possible", customer(birth_year=1492)),
    ("visited at no time", "customer_visits_are_dated", customer(visit_count=1)),
    ("last here but never", "customer_visits_are_dated", customer(first_visit_at=AT, last_visit_at=AT)),
    (
        "last here before the first time",
        "customer_visits_are_dated",
        customer(visit_count=2, first_visit_at=AT, last_visit_at=AT - timedelta(days=1)),
    ),
    ("the same number twice", "contact_once_a_customer", twice(contact(value="020 7946 0018"))),
    ("two first numbers", "contact_one_primary_a_kind", twice(contact(is_primary=True))),
    ("an empty number", "contact_value_given", contact(value="", normalised="123")),
    ("an address of no form", "contact_value_given", contact(kind="email", value="a@b.co", normalised="")),
    ("a pigeon", "contact_kind_known", contact(kind="pigeon", normalised="coo")),
    ("calls perhaps", "contact_uses_known", contact(calls="perhaps")),
    ("texts perhaps", "contact_uses_known", contact(sms="perhaps")),
    ("e-mails perhaps", "contact_uses_known", contact(email="perhaps")),
    ("hours without an end", "contact_hours_both_or_none", contact(hours_from=time(9))),
    ("hours without a beginning", "contact_hours_both_or_none", contact(hours_until=time(9))),
    ("a phone number with spaces", "contact_phone_normalised", contact(normalised="020 7946 0018")),
    ("a phone number of two digits", "contact_phone_normalised", contact(normalised="12")),
    ("a partner who is nobody", "relationship_to_somebody", person(name="")),
    ("a partner of themselves", "relationship_not_to_self", partner_of_self),
    ("a nemesis", "relationship_kind_known", person(kind="nemesis")),
    ("the same partner twice", "relationship_once", same_partner_twice),
    ("the same birthday twice", "date_once_a_customer", twice(day())),
    ("a doomsday", "date_kind_known", day(kind="doomsday")),
    ("31 April", "date_exists", day(month=4, day=31)),
    ("30 February", "date_exists", day(month=2, day=30)),
    ("a thirteenth month", "date_exists", day(month=13)),
    ("day zero", "date_exists", day(day=0)),
    ("the 31st of a lunar month", "date_exists", day(month=1, day=31, calendar="lunar")),
    ("a day of the Mayan calendar", "date_exists", day(calendar="mayan")),
    ("a birthday in 1492", "date_year_possible", day(year=1492)),
    ("nothing remembered", "preference_value_given", preference(value="")),
    ("a hunch", "preference_kind_known", preference(kind="hunch")),
    ("rumoured", "preference_status_known", preference(status="rumoured")),
    ("whispered", "preference_discretion_known", preference(discretion="whisper")),
    ("a severe like", "preference_severity_for_safety", preference(severity="severe")),
    ("an unknown severity", "preference_severity_for_safety", preference(kind="safety", severity="dire")),
    ("confirmed at no time", "preference_confirmed_is_dated", preference(status="confirmed")),
    (
        "confirmed before it was written",
        "preference_confirmed_after_recorded",
        preference(recorded_at=AT, confirmed_at=AT - timedelta(seconds=1)),
    ),
    ("refuted but held", "preference_refuted_is_retired", preference(status="refuted")),
    ("retired without a reason", "preference_retired_says_why", preference(retired_at=AT)),
    ("held with a reason to retire", "preference_retired_says_why", preference(retired_why="moved")),
    (
        "ending before it begins",
        "preference_valid_in_order",
        preference(valid_from=date(2026, 5, 2), valid_until=date(2026, 5, 1)),
    ),
    ("a half-life of nothing", "preference_half_life_positive", preference(half_life_days=0)),
    ("superseding itself", "preference_not_superseding_self", superseding_itself),
    ("superseded twice", "supersedes", superseded_twice),
    ("at tea time", "preference_dayparts_known", preference(dayparts=["tea time"])),
    ("by pigeon", "preference_channels_known", preference(channels=["pigeon"])),
    ("in a tenth tier", "search_keys_tier_known", in_a_tenth_tier),
    ("heard with a shrug", "confirmation_outcome_known", shrugged),
]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "write"), [pytest.param(name, write, id=state) for state, name, write in REFUSED]
)
def test_the_database_refuses(constraint: str, write: Write) -> None:
    dana = CustomerFactory.create()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write(dana)


def test_no_constraint_goes_untried() -> None:
    own = apps.get_app_config("customers").get_models()
    named = {constraint.name for model in own for constraint in model._meta.constraints}
    assert named == {name for _state, name, _write in REFUSED} - {"supersedes"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "dislike"),
        ("category", "food"),
        ("value", "Something else"),
        ("detail", "Something else"),
        ("severity", "mild"),
        ("recorded_at", AT),
        ("recorded_by", None),
    ],
)
def test_what_was_written_is_never_overwritten(column: str, value: Any) -> None:
    row = PreferenceFactory.create(kind="safety", severity="severe")
    with pytest.raises(ProgrammingError, match="never_overwritten"), transaction.atomic():
        Preference.objects.filter(pk=row.pk).update(**{column: value})


@pytest.mark.django_db
def test_what_it_supersedes_is_never_overwritten() -> None:
    old, new = PreferenceFactory.create_batch(2)
    with pytest.raises(ProgrammingError, match="never_overwritten"), transaction.atomic():
        Preference.objects.filter(pk=new.pk).update(supersedes=old)
