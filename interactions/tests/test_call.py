"""An incoming call."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers import keys
from customers.models import Customer
from customers.tests.factories import ContactPointFactory, CustomerFactory
from interactions.tests.factories import VisitFactory
from staff.models import AccessLog, Venue

pytestmark = pytest.mark.django_db


def reached_at(number: str, name: str, venue: Venue) -> Customer:
    customer = CustomerFactory.create(preferred_name=name, home_venue=venue)
    ContactPointFactory.create(customer=customer, value=number)
    keys.refresh([customer.pk])
    return customer


@pytest.mark.parametrize(
    "number", ["%2B442079460958", "+442079460958", "020 7946 0958", "00442079460958", "0044 (0)20 7946-0958"]
)
def test_one_person_is_opened_with_the_card_for_the_phone(number: str, as_desk: Client, venue: Venue) -> None:
    dana = reached_at("020 7946 0958", "Dana", venue)

    response = as_desk.get(f"/call?number={number}", follow=True)

    assert f"customer={dana.pk}&via=phone" in response.redirect_chain[0][0]
    assert response.context["customer"] == dana
    assert AccessLog.objects.filter(subject_id=dana.pk, action="found").count() == 1


@pytest.mark.parametrize(
    "number",
    [
        "sip:+442079460958@exchange.example;user=phone",
        '"Dana" <sips:02079460958@10.0.0.1>',
        "tel:+44-20-7946-0958;ext=4",
    ],
)
def test_what_a_softphone_hands_over_whole(number: str, as_desk: Client, venue: Venue) -> None:
    dana = reached_at("020 7946 0958", "Dana", venue)

    response = as_desk.get("/call", {"number": number})

    assert f"customer={dana.pk}&via=phone" in response["Location"]


def test_of_those_who_share_a_number_the_expected_stand_first(as_desk: Client, venue: Venue) -> None:
    _dana, tom = (reached_at("020 7946 0958", name, venue) for name in ("Dana", "Tom"))
    VisitFactory.create(customer=tom, venue=venue, expected_at=timezone.now())

    known = as_desk.get("/call?number=02079460958").context["caller"].known

    assert [(hit.customer_id == tom.pk, hit.expected) for hit in known] == [(True, True), (False, False)]
    answer = as_desk.get("/api/lookup", {"number": "02079460958"}).json()
    assert [person["expected"] for person in answer["known"]] == [True, False]


def test_several_are_a_choice(as_desk: Client, venue: Venue) -> None:
    both = [reached_at("020 7946 0958", name, venue) for name in ("Dana", "Tom")]

    response = as_desk.get("/call?number=02079460958")

    assert {hit.customer_id for hit in response.context["caller"].known} == {row.pk for row in both}
    assert b"Which of them is it?" in response.content
    assert all(f"customer={row.pk}&amp;via=phone".encode() in response.content for row in both)


def test_an_unknown_number_asks_whether_it_was_one_that_ends_alike(as_desk: Client, venue: Venue) -> None:
    dana = reached_at("020 7946 0958", "Dana", venue)

    response = as_desk.get("/call?number=%2B442071460958")

    caller = response.context["caller"]
    assert (caller.known, [hit.customer_id for hit in caller.guesses]) == ([], [dana.pk])
    assert "Unknown number. Was it …?" in response.content.decode()


def test_a_number_that_nobody_has_goes_into_the_form_for_a_new_one(as_desk: Client, venue: Venue) -> None:
    response = as_desk.get("/call?number=%2B491712345678")

    assert b"Nobody has this number." in response.content
    assert b"?phone=%2B491712345678" in response.content


@pytest.mark.parametrize("query", ["", "?number=", "?number=anonymous", "?number=+"])
def test_a_withheld_number(query: str, as_desk: Client, venue: Venue) -> None:
    assert b"The number is withheld" in as_desk.get(f"/call{query}").content


def test_a_stranger_learns_nothing(venue: Venue, client: Client, as_stranger: Client) -> None:
    reached_at("020 7946 0958", "Dana", venue)

    assert client.get("/call?number=02079460958").status_code == 302
    response = as_stranger.get("/call?number=02079460958")
    assert response.status_code == 403
    assert b"Dana" not in response.content


def test_queries_do_not_grow(as_desk: Client, venue: Venue) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert as_desk.get("/call?number=02079460958").status_code == 200
        return len(captured)

    for n in range(2):
        reached_at("020 7946 0958", f"Dana {n}", venue)
    of_two = count()
    for n in range(18):
        reached_at("020 7946 0958", f"Tom {n}", venue)

    assert count() == of_two
