"""Every page about customers: who may open it, what it costs, and that looking is written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Customer, Preference
from customers.tests.factories import (
    ContactPointFactory,
    CustomerFactory,
    ImportantDateFactory,
    PreferenceFactory,
    RelationshipFactory,
)
from staff.models import AccessLog, Staff, Venue

ABOUT_ONE = ["details", "people", "preferences", "customer_edit"]
RECORDED = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
def dana(venue: Venue) -> Customer:
    """A regular."""
    return CustomerFactory.create(preferred_name="Dana", full_name="Dana Whitfield", home_venue=venue)


def addresses(customer: Customer) -> dict[str, str]:
    """Every page of the app that can be read, by name."""
    row = PreferenceFactory.create(customer=customer)
    contact = ContactPointFactory.create(customer=customer)
    pages = {name: reverse(name, args=[customer.pk]) for name in ABOUT_ONE}
    for name in ("preference_history", "preference_change", "preference_retire", "preference_refute"):
        pages[name] = reverse(name, args=[customer.pk, row.pk])
    pages["people_edit"] = reverse("people_edit", args=[customer.pk, "contacts", contact.pk])
    return pages | {"customers": reverse("customers"), "customer_new": reverse("customer_new")}


def posts(customer: Customer) -> list[str]:
    """Every address of the app that takes only a post."""
    row = PreferenceFactory.create(customer=customer)
    contact = ContactPointFactory.create(customer=customer)
    return [
        reverse("customer_archive", args=[customer.pk]),
        reverse("customer_bring_back", args=[customer.pk]),
        reverse("people_add", args=[customer.pk, "dates"]),
        reverse("people_remove", args=[customer.pk, "contacts", contact.pk]),
        reverse("people_undo", args=[customer.pk, "contacts", 1]),
        reverse("preference_add", args=[customer.pk]),
        reverse("preference_confirm", args=[customer.pk, row.pk]),
        reverse("preference_undo", args=[customer.pk, "remember", row.pk]),
    ]


def test_every_page_opens_for_the_front_desk(as_desk: Client, dana: Customer) -> None:
    for name, address in addresses(dana).items():
        assert as_desk.get(address).status_code == 200, name


def test_a_visitor_is_sent_to_log_in(anonymous: Client, dana: Customer) -> None:
    for name, address in addresses(dana).items():
        answer = anonymous.get(address)
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (
            302,
            reverse("account_login"),
        ), name
    for address in posts(dana):
        assert anonymous.post(address).headers["Location"].split("?")[0] == reverse("account_login"), address


def test_a_stranger_sees_nobody(as_stranger: Client, dana: Customer) -> None:
    for name, address in addresses(dana).items():
        answer = as_stranger.get(address)
        assert answer.status_code == 403, name
        assert "Dana" not in answer.content.decode(), name
    for address in posts(dana):
        assert as_stranger.post(address).status_code == 403, address


def test_reading_never_writes_and_posting_is_asked_for(as_desk: Client, dana: Customer) -> None:
    for address in posts(dana):
        assert as_desk.get(address).status_code == 405, address


@pytest.mark.parametrize("name", ABOUT_ONE)
def test_nobody_and_a_missing_number_are_not_found(name: str, as_desk: Client) -> None:
    assert as_desk.get(reverse(name, args=[987654])).status_code == 404


@pytest.mark.parametrize("name", ABOUT_ONE)
def test_an_opened_page_is_written_down_once(name: str, as_desk: Client, desk: Staff, dana: Customer) -> None:
    as_desk.get(reverse(name, args=[dana.pk]))
    (looked,) = AccessLog.objects.filter(action="opened")
    assert (looked.staff, looked.subject, looked.subject_id) == (desk, "customer", dana.pk)


def furnish(customer: Customer, rows: int) -> None:
    """Give a customer so many of everything that a page lists."""
    for at in range(rows):
        ContactPointFactory.create(customer=customer, value=f"020 7946 {at:04}")
        ImportantDateFactory.create(customer=customer, label=f"day {at}")
        RelationshipFactory.create(
            customer=customer, to=CustomerFactory.create(home_venue=customer.home_venue)
        )
        RelationshipFactory.create(
            customer=CustomerFactory.create(home_venue=customer.home_venue), to=customer, name=""
        )
        row = PreferenceFactory.create(customer=customer, recorded_at=RECORDED + timedelta(minutes=at))
        row.confirmations.create(outcome="confirmed", at=RECORDED, by=row.recorded_by)
        PreferenceFactory.create(
            customer=customer,
            status=Preference.Status.EXPIRED,
            recorded_at=RECORDED,
            retired_at=RECORDED + timedelta(days=at + 1),
            retired_by=row.recorded_by,
            retired_why="moved away",
        )


@pytest.mark.parametrize(
    "address",
    [
        lambda customer: reverse("customers"),
        lambda customer: reverse("details", args=[customer.pk]),
        lambda customer: reverse("customer_edit", args=[customer.pk]),
        lambda customer: reverse("people", args=[customer.pk]),
        lambda customer: reverse("preferences", args=[customer.pk]),
        lambda customer: reverse("preferences", args=[customer.pk]) + "?on=2026-03-01&sense=known",
        lambda customer: reverse("preferences", args=[customer.pk]) + "?on=2026-03-01&sense=true",
        lambda customer: reverse("preference_history", args=[customer.pk, customer.preferences.all()[0].pk]),
    ],
    ids=["list", "details", "edit", "people", "preferences", "known on", "true on", "history"],
)
def test_a_page_asks_as_many_questions_for_twenty_rows_as_for_one(
    address: Callable[[Customer], str], as_desk: Client, venue: Venue
) -> None:
    one, twenty = CustomerFactory.create_batch(2, home_venue=venue)
    furnish(one, 1)
    asked = []
    for customer, rows in ((one, 0), (twenty, 20)):
        furnish(customer, rows)
        page = address(customer)
        as_desk.get(page)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert as_desk.get(page).status_code == 200
        asked.append([query["sql"] for query in queries.captured_queries])
    assert len(asked[0]) == len(asked[1]), "\n".join(asked[1])


@pytest.mark.parametrize("name", ["details", "people", "preferences"])
def test_an_archived_customer_can_be_read_and_says_so(
    name: str, as_desk: Client, as_manager: Client, dana: Customer, manager: Staff
) -> None:
    Customer.objects.filter(pk=dana.pk).update(
        status="archived", archived_at=RECORDED, archived_by=manager, archived_why="Moved to Leeds"
    )
    address = reverse(name, args=[dana.pk])
    page = as_desk.get(address).content.decode()
    assert "Moved to Leeds" in page
    assert "Bring back" not in page
    assert "Bring back" in as_manager.get(address).content.decode()


def test_nothing_is_saved_for_an_archived_customer(as_manager: Client, dana: Customer) -> None:
    row = PreferenceFactory.create(customer=dana, value="Oat milk")
    contact = ContactPointFactory.create(customer=dana)
    Customer.objects.filter(pk=dana.pk).update(status="archived", archived_at=RECORDED, archived_why="Moved")
    attempts = [
        (reverse("customer_edit", args=[dana.pk]), {"full_name": "Somebody else"}),
        (
            reverse("people_add", args=[dana.pk, "relationships"]),
            {"relationships-kind": "pet", "relationships-name": "Rex"},
        ),
        (reverse("people_remove", args=[dana.pk, "contacts", contact.pk]), {}),
        (
            reverse("preference_add", args=[dana.pk]),
            {"kind": "like", "value": "Soy", "discretion": "say_aloud"},
        ),
        (reverse("preference_confirm", args=[dana.pk, row.pk]), {}),
        (reverse("preference_retire", args=[dana.pk, row.pk]), {"why": "so"}),
        (reverse("preference_change", args=[dana.pk, row.pk]), {"value": "Soy"}),
    ]
    for address, data in attempts:
        answer = as_manager.post(address, data, follow=True)
        assert "archived" in answer.content.decode(), address
    dana.refresh_from_db()
    assert dana.full_name == "Dana Whitfield"
    assert [(each.value, each.status, each.retired_at) for each in dana.preferences.all()] == [
        ("Oat milk", "stated", None)
    ]
    assert dana.relationships.count() == 0
    assert dana.contacts.count() == 1
