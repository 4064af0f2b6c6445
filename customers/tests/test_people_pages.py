"""Contacts, people and dates: added, changed, removed and taken back through the page."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from customers import belongings, keys
from customers.models import ContactPoint, Customer, ImportantDate, Relationship
from customers.tests.factories import (
    ContactPointFactory,
    CustomerFactory,
    ImportantDateFactory,
    RelationshipFactory,
)
from staff.models import AccessLog, Venue

HTMX = {"HX-Request": "true"}
PHONE = {"contacts-kind": "phone", "contacts-value": "020 7946 0018"}
ASKED = {"contacts-calls": "yes", "contacts-sms": "no", "contacts-email": "unknown"}


@pytest.fixture
def dana(venue: Venue) -> Customer:
    """A regular."""
    return CustomerFactory.create(preferred_name="Dana", full_name="Dana Whitfield", home_venue=venue)


def add(client: Client, customer: Customer, panel: str, data: dict[str, Any], **options: Any) -> Any:
    """Send the form at the foot of a panel."""
    return client.post(reverse("people_add", args=[customer.pk, panel]), data, **options)


def undo_of(answer: Any) -> str:
    """The address behind the undo button of the toast on the page."""
    (message,) = list(answer.context["messages"])
    return str(message.extra_tags)


# Contacts


def test_a_number_is_kept_in_one_form_with_what_it_may_be_used_for(as_desk: Client, dana: Customer) -> None:
    hours = {"contacts-hours_from": "09:00", "contacts-hours_until": "17:30", "contacts-label": "work"}
    add(as_desk, dana, "contacts", PHONE | ASKED | hours)
    kept = dana.contacts.get()
    assert (kept.value, kept.normalised, kept.label) == ("020 7946 0018", "+442079460018", "work")
    assert (kept.calls, kept.sms, kept.email) == ("yes", "no", "unknown")
    assert (kept.hours_from, kept.hours_until) == (time(9), time(17, 30))
    assert kept.is_primary


def test_a_number_is_shown_as_the_venue_writes_it(as_desk: Client, dana: Customer) -> None:
    ContactPointFactory.create(customer=dana, value="+44 (0)20 79460018")
    ContactPointFactory.create(customer=dana, value="+4930901820")
    page = as_desk.get(reverse("people", args=[dana.pk])).content.decode()
    assert ">020 7946 0018</a>" in page
    assert ">+49 30 901820</a>" in page
    assert 'href="tel:+442079460018"' in page


def test_the_first_of_a_kind_is_used_first_until_another_one_is(as_desk: Client, dana: Customer) -> None:
    add(as_desk, dana, "contacts", PHONE | ASKED)
    add(
        as_desk,
        dana,
        "contacts",
        PHONE | ASKED | {"contacts-value": "020 7946 0019", "contacts-is_primary": "on"},
    )
    assert {each.normalised[-2:]: each.is_primary for each in dana.contacts.all()} == {
        "18": False,
        "19": True,
    }
    second = dana.contacts.get(is_primary=True)
    as_desk.post(reverse("people_remove", args=[dana.pk, "contacts", second.pk]))
    assert dana.contacts.get().is_primary


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"contacts-value": "12"}, "value", "no phone number"),
        ({"contacts-kind": "email", "contacts-value": "dana"}, "value", "valid email"),
        ({"contacts-hours_from": "09:00"}, "hours_until", "Say both"),
        ({"contacts-hours_until": "09:00"}, "hours_from", "Say both"),
        ({"contacts-calls": "perhaps"}, "calls", "valid choice"),
        ({"contacts-kind": ""}, "kind", "required"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_wrong_contact_comes_back_as_it_was_typed(
    typed: dict[str, str], field: str, words: str, headers: dict[str, str], as_desk: Client, dana: Customer
) -> None:
    answer = add(
        as_desk, dana, "contacts", PHONE | ASKED | {"contacts-label": "her boat"} | typed, headers=headers
    )
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    assert 'value="her boat"' in answer.content.decode()
    assert not dana.contacts.exists()
    assert ("<html" in answer.content.decode()) is (not headers)


def test_the_same_number_in_another_writing_is_refused_in_words(as_desk: Client, dana: Customer) -> None:
    ContactPointFactory.create(customer=dana, value="020 7946 0018")
    answer = add(as_desk, dana, "contacts", PHONE | ASKED | {"contacts-value": "+44 20 79460018"})
    assert answer.status_code == 422
    assert "They have this one already." in answer.content.decode()


def test_two_of_a_family_may_share_a_number(as_desk: Client, dana: Customer) -> None:
    other = ContactPointFactory.create(value="020 7946 0018")
    assert add(as_desk, dana, "contacts", PHONE | ASKED).status_code == 302
    assert ContactPoint.objects.filter(normalised=other.normalised).count() == 2


# People


def test_a_pet_is_kept_by_name(as_desk: Client, dana: Customer) -> None:
    add(as_desk, dana, "relationships", {"relationships-kind": "pet", "relationships-name": "Biscuit"})
    kept = dana.relationships.get()
    assert (kept.kind, kept.name, kept.to) == ("pet", "Biscuit", None)


def test_another_customer_is_found_and_linked_from_both_ends(
    as_desk: Client, dana: Customer, venue: Venue
) -> None:
    tom = CustomerFactory.create(preferred_name="Tom", full_name="Tom Okafor", home_venue=venue)
    keys.refresh([dana.pk, tom.pk])
    typed = {"relationships-kind": "partner", "relationships-name": "okafor", "relationships-note": "vegan"}
    found = add(as_desk, dana, "relationships", typed | {"find": "1"})
    assert found.context["found"] == [tom]
    assert f'name="relationships-to" value="{tom.pk}"' in found.content.decode()
    assert 'value="vegan"' in found.content.decode()
    assert not Relationship.objects.exists()
    add(as_desk, dana, "relationships", typed | {"relationships-to": tom.pk})
    assert dana.relationships.get().to == tom
    page = as_desk.get(reverse("people", args=[tom.pk])).content.decode()
    assert "Dana Whitfield" in page
    assert "lists them as partner" in page


def test_finding_nobody_says_that_the_name_will_do(as_desk: Client, dana: Customer) -> None:
    found = add(as_desk, dana, "relationships", {"relationships-name": "Zzyzx", "find": "1"})
    assert "The name alone will do." in found.content.decode()
    assert "error-summary" not in found.content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"relationships-name": ""}, "name"),
        ({"relationships-to": "SELF"}, "to"),
        ({"relationships-to": "9876"}, "to"),
    ],
    ids=["nobody", "themselves", "a customer who is not there"],
)
def test_a_wrong_person_is_refused(
    typed: dict[str, str], field: str, as_desk: Client, dana: Customer
) -> None:
    data = {"relationships-kind": "partner", "relationships-name": "Tom", **typed}
    answer = add(
        as_desk,
        dana,
        "relationships",
        {name: value.replace("SELF", str(dana.pk)) for name, value in data.items()},
    )
    assert answer.status_code == 422
    assert field in answer.context["add_forms"]["relationships"].errors
    assert not Relationship.objects.exists()


def test_the_same_person_twice_is_refused_in_words(as_desk: Client, dana: Customer) -> None:
    tom = CustomerFactory.create(home_venue=dana.home_venue)
    RelationshipFactory.create(customer=dana, to=tom, name="")
    typed = {"relationships-kind": "partner", "relationships-name": "Tommy", "relationships-to": tom.pk}
    assert "They are listed already." in add(as_desk, dana, "relationships", typed).content.decode()


# Dates


def a_date(**typed: Any) -> dict[str, Any]:
    """A birthday on 15 August by the calendar on the wall, with what the test says differently."""
    told = {"kind": "birthday", "calendar": "gregorian", "day": 15, "month": 8, **typed}
    return {f"dates-{name}": value for name, value in told.items()}


def test_a_date_is_kept_in_either_calendar(as_desk: Client, dana: Customer) -> None:
    add(as_desk, dana, "dates", a_date(year=1984))
    add(as_desk, dana, "dates", a_date(calendar="lunar"))
    kept = [(each.calendar, each.month, each.day, each.year) for each in dana.dates.order_by("id")]
    assert kept == [("gregorian", 8, 15, 1984), ("lunar", 8, 15, None)]
    page = as_desk.get(reverse("people", args=[dana.pk])).content.decode()
    assert "15 August 1984" in page
    assert "lunar month 8, day 15" in page


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"month": 13}, "month"),
        ({"month": 4, "day": 31}, "day"),
        ({"month": 2, "day": 30}, "day"),
        ({"calendar": "lunar", "day": 31}, "day"),
        ({"day": 0}, "day"),
        ({"year": 84}, "year"),
        ({"day": ""}, "day"),
    ],
)
def test_a_day_that_no_year_has_is_refused(
    typed: dict[str, Any], field: str, as_desk: Client, dana: Customer
) -> None:
    answer = add(as_desk, dana, "dates", a_date(**typed))
    assert answer.status_code == 422
    assert field in answer.context["add_forms"]["dates"].errors
    assert not dana.dates.exists()


def test_the_same_date_twice_is_refused_in_words(as_desk: Client, dana: Customer) -> None:
    ImportantDateFactory.create(customer=dana, month=8, day=15)
    assert "This date is listed already." in add(as_desk, dana, "dates", a_date()).content.decode()


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (ImportantDate(month=2, day=29), "29 February"),
        (ImportantDate(month=2, day=29, year=1984), "29 February 1984"),
        (ImportantDate(month=2, day=29, year=1985), "29 February"),
        (ImportantDate(month=12, day=30, calendar="lunar", year=1984), "lunar month 12, day 30"),
    ],
)
def test_a_day_is_written_as_people_say_it(day: ImportantDate, words: str) -> None:
    assert day.in_words == words


def test_the_next_day_is_that_of_its_calendar() -> None:
    assert ImportantDate(month=8, day=15, calendar="lunar").next_on(date(2026, 1, 1)) == date(2026, 9, 25)
    assert ImportantDate(month=2, day=29).next_on(date(2026, 1, 1)) == date(2026, 2, 28)


# Changing, removing and taking back, the same for all three


ROWS = pytest.mark.parametrize(
    ("panel", "factory", "changed"),
    [
        ("contacts", ContactPointFactory, PHONE | ASKED | {"contacts-value": "020 7946 9999"}),
        (
            "relationships",
            RelationshipFactory,
            {"relationships-kind": "friend", "relationships-name": "Robin"},
        ),
        ("dates", ImportantDateFactory, a_date(label="name day")),
    ],
    ids=["contact", "person", "date"],
)


def columns(row: Any) -> dict[str, Any]:
    """The row as the database has it."""
    (found,) = type(row).objects.filter(pk=row.pk).values() or [{}]
    return dict(found)


@ROWS
def test_a_change_is_saved_and_can_be_undone(
    panel: str, factory: Any, changed: dict[str, Any], as_desk: Client, dana: Customer
) -> None:
    row = factory.create(customer=dana)
    before = columns(row)
    address = reverse("people_edit", args=[dana.pk, panel, row.pk])
    assert as_desk.get(address).context["edit_form"].instance == row
    sent = {name.replace("-", "-edit-", 1): value for name, value in changed.items()}
    answer = as_desk.post(address, sent, follow=True)
    assert columns(row) != before
    as_desk.post(undo_of(answer))
    assert columns(row) == before or panel == "contacts"
    if panel == "contacts":  # the only one of its kind is the first to use, which the test's row was not
        assert columns(row) == before | {"is_primary": True}


@ROWS
def test_what_was_removed_comes_back_as_it_was(
    panel: str, factory: Any, changed: dict[str, Any], as_desk: Client, dana: Customer
) -> None:
    row = factory.create(customer=dana)
    before = columns(row)
    answer = as_desk.post(reverse("people_remove", args=[dana.pk, panel, row.pk]), follow=True)
    assert columns(row) == {}
    as_desk.post(undo_of(answer))
    assert columns(row) == before | ({"is_primary": True} if panel == "contacts" else {})


@ROWS
def test_what_was_added_is_undone_by_removing_it(
    panel: str, factory: Any, changed: dict[str, Any], as_desk: Client, dana: Customer
) -> None:
    answer = add(as_desk, dana, panel, changed, follow=True)
    assert factory._meta.model.objects.count() == 1
    as_desk.post(undo_of(answer))
    assert factory._meta.model.objects.count() == 0


@ROWS
def test_an_undo_never_loses_what_somebody_changed_since(
    panel: str, factory: Any, changed: dict[str, Any], as_desk: Client, dana: Customer
) -> None:
    row = factory.create(customer=dana)
    address = reverse("people_edit", args=[dana.pk, panel, row.pk])
    sent = {name.replace("-", "-edit-", 1): value for name, value in changed.items()}
    first = undo_of(as_desk.post(address, sent, follow=True))
    note = {
        "contacts": "contacts-edit-label",
        "relationships": "relationships-edit-note",
        "dates": "dates-edit-label",
    }
    as_desk.post(address, sent | {note[panel]: "later"})
    told = as_desk.post(first, follow=True)
    assert "changed again since" in told.content.decode()
    assert "later" in columns(row).values()


@ROWS
def test_rows_of_somebody_else_are_out_of_reach(
    panel: str, factory: Any, changed: dict[str, Any], as_desk: Client, dana: Customer
) -> None:
    other = factory.create()
    for name in ("people_edit", "people_remove"):
        assert as_desk.post(reverse(name, args=[dana.pk, panel, other.pk])).status_code == 404
    event = belongings.remove(other)
    assert as_desk.post(reverse("people_undo", args=[dana.pk, panel, event])).status_code == 404


def test_what_was_entered_again_meanwhile_does_not_come_back_twice(as_desk: Client, dana: Customer) -> None:
    row = ContactPointFactory.create(customer=dana, value="020 7946 0018")
    answer = as_desk.post(reverse("people_remove", args=[dana.pk, "contacts", row.pk]), follow=True)
    undo = undo_of(answer)
    add(as_desk, dana, "contacts", PHONE | ASKED)
    assert "They have this one already." in as_desk.post(undo, follow=True).content.decode()
    assert dana.contacts.count() == 1


def test_htmx_gets_the_list_alone_with_a_toast_that_undoes(as_desk: Client, dana: Customer) -> None:
    answer = add(as_desk, dana, "contacts", PHONE | ASKED, headers=HTMX)
    page = answer.content.decode()
    assert page.strip().startswith('<section class="panel flush" id="contacts">')
    assert "</html>" not in page
    toast = answer.headers["HX-Trigger"]
    assert reverse("people_remove", args=[dana.pk, "contacts", dana.contacts.get().pk]) in toast


def test_a_script_that_undoes_is_told_to_reload(as_desk: Client, dana: Customer) -> None:
    row = ContactPointFactory.create(customer=dana)
    event = belongings.remove(row)
    address = reverse("people_undo", args=[dana.pk, "contacts", event])
    answer = as_desk.post(address, headers={"Sec-Fetch-Dest": "empty"})
    assert answer.status_code == 204
    assert "As it was before." in as_desk.get(reverse("people", args=[dana.pk])).content.decode()


@pytest.mark.parametrize("panel", ["secrets", "customer"])
def test_a_list_that_is_not_there_is_not_found(panel: str, as_desk: Client, dana: Customer) -> None:
    assert add(as_desk, dana, panel, {}).status_code == 404


def test_htmx_asks_for_one_list_and_that_is_no_second_look(as_desk: Client, dana: Customer) -> None:
    answer = as_desk.get(reverse("people", args=[dana.pk]) + "?panel=dates", headers=HTMX)
    assert 'id="dates"' in answer.content.decode()
    assert 'id="contacts"' not in answer.content.decode()
    assert not AccessLog.objects.exists()
