"""The look-up by number for other programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers import keys
from customers.models import Customer
from customers.tests.factories import ContactPointFactory, CustomerFactory, PreferenceFactory
from staff import api_keys
from staff.models import AccessLog, ApiKey, Membership, Staff, Venue

pytestmark = pytest.mark.django_db

NUMBER = "020 7946 0958"


def reached_at(number: str, name: str, venue: Venue) -> Customer:
    customer = CustomerFactory.create(full_name=name, preferred_name="", home_venue=venue)
    ContactPointFactory.create(customer=customer, value=number)
    keys.refresh([customer.pk])
    return customer


@pytest.fixture
def token(desk: Staff, membership_of: Callable[[Staff], Membership]) -> str:
    return api_keys.make(membership_of(desk), name="Telephone", now=timezone.now())[1]


def ask(number: str, token: str, status: int = 200) -> Any:
    answer = Client().get("/api/lookup", {"number": number}, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == status, answer.content
    assert status != 200 or "no-store" in answer["Cache-Control"]
    return answer.json()


@pytest.mark.parametrize("typed", ["+442079460958", "0044 (0)20 7946-0958", "2079460958", " 442079460958"])
def test_one_person(typed: str, token: str, desk: Staff, venue: Venue) -> None:
    dana = reached_at(NUMBER, "Dana Whitfield", venue)
    PreferenceFactory.create(customer=dana, kind="safety", severity="severe", value="Peanut allergy")

    found = ask(typed, token)

    assert (found["answer"], found["guesses"]) == ("one", [])
    [person] = found["known"]
    assert (person["customer_id"], person["name"], person["fit"]) == (dana.pk, "Dana Whitfield", "exact")
    assert person["safety"] == ["Peanut allergy"]
    assert person["link"].startswith("http://testserver/?q=")
    assert person["link"].endswith(f"&customer={dana.pk}&via=phone")
    looked = AccessLog.objects.get()
    assert (looked.staff, looked.venue, looked.action) == (desk, venue, "found")
    assert (looked.subject, looked.subject_id, looked.address) == ("customer", dana.pk, "127.0.0.1")


def test_a_choice_of_those_who_share_it(token: str, venue: Venue) -> None:
    both = {reached_at(NUMBER, name, venue).pk for name in ("Dana", "Tom")}

    found = ask(NUMBER, token)

    assert found["answer"] == "choice"
    assert {person["customer_id"] for person in found["known"]} == both
    assert not AccessLog.objects.exists(), "nobody was opened"


def test_unknown_was_it(token: str, venue: Venue) -> None:
    dana = reached_at(NUMBER, "Dana", venue)

    near = ask("+44 20 7146 0958", token)
    assert (near["answer"], near["known"]) == ("unknown", [])
    assert [person["customer_id"] for person in near["guesses"]] == [dana.pk]
    for nobody in ("+49 171 2345678", "withheld", ""):
        assert ask(nobody, token) | {"number": ""} == {
            "answer": "unknown", "number": "", "known": [], "guesses": [],
        }  # fmt: skip


def test_whoever_is_signed_in_may_ask_from_their_browser(as_desk: Client, venue: Venue) -> None:
    dana = reached_at(NUMBER, "Dana", venue)

    answer = as_desk.get("/api/lookup", {"number": NUMBER})

    assert answer.json()["known"][0]["customer_id"] == dana.pk
    assert AccessLog.objects.filter(subject_id=dana.pk).count() == 1


def test_strangers_get_nothing(
    anonymous: Client, as_stranger: Client, token: str, venue: Venue, desk: Staff
) -> None:
    reached_at(NUMBER, "Dana", venue)

    assert anonymous.get("/api/lookup", {"number": NUMBER}).status_code == 401
    assert as_stranger.get("/api/lookup", {"number": NUMBER}).status_code == 403
    ask(NUMBER, token + "x", 401)
    ask(NUMBER, "", 401)
    ask(NUMBER, ApiKey.objects.get().token_hash, 401)
    assert not AccessLog.objects.exists()


def test_a_key_that_was_taken_back_opens_nothing(token: str) -> None:
    key = ApiKey.objects.get()
    api_keys.revoke(key, now=timezone.now())

    ask(NUMBER, token, 401)
    key.refresh_from_db()
    taken_back = key.revoked_at
    api_keys.revoke(key, now=timezone.now())
    key.refresh_from_db()
    assert key.revoked_at == taken_back


@pytest.mark.parametrize("why", ["membership ended", "person left", "venue closed"])
def test_a_key_dies_with_what_it_speaks_for(why: str, token: str, desk: Staff, venue: Venue) -> None:
    now = timezone.now()
    if why == "membership ended":
        desk.memberships.update(ended_at=now)
    elif why == "person left":
        Staff.objects.filter(pk=desk.pk).update(is_active=False)
    else:
        Venue.objects.filter(pk=venue.pk).update(closed_at=now)

    ask(NUMBER, token, 401)
    assert not AccessLog.objects.exists()


def test_a_key_sees_what_its_person_sees(
    token: str, manager: Staff, membership_of: Callable[[Staff], Membership], venue: Venue
) -> None:
    dana = reached_at(NUMBER, "Dana", venue)
    PreferenceFactory.create(customer=dana, kind="safety", value="Lawsuit", discretion="managers_only")
    keys.refresh([dana.pk])
    of_manager = api_keys.make(membership_of(manager), name="Telephone", now=timezone.now())[1]

    assert ask(NUMBER, token)["known"][0]["safety"] == []
    assert ask(NUMBER, of_manager)["known"][0]["safety"] == ["Lawsuit"]


def test_archived_customers_are_unknown(token: str, venue: Venue) -> None:
    dana = reached_at(NUMBER, "Dana", venue)
    Customer.objects.filter(pk=dana.pk).update(status="archived", archived_at=timezone.now())
    keys.refresh([dana.pk])

    assert ask(NUMBER, token)["answer"] == "unknown"


@pytest.mark.parametrize("number", ["a\x00b", "9" * 30, "9" * 201, "²", "%s {0}", "+", "\u202e٣٤٥"])
def test_garbage_is_refused_or_unknown(number: str, token: str) -> None:
    answer = Client().get("/api/lookup", {"number": number}, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 422 or answer.json()["answer"] == "unknown"


def test_the_number_has_to_be_given(token: str) -> None:
    headers = {"authorization": f"Bearer {token}"}
    assert Client().get("/api/lookup", headers=headers).status_code == 422
    assert Client().post("/api/lookup", {"number": NUMBER}, headers=headers).status_code == 405


def test_the_number_of_queries_does_not_grow(token: str, venue: Venue) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            ask(NUMBER, token)
        return len(captured)

    for n in range(2):
        reached_at(NUMBER, f"Dana {n}", venue)
    of_two = count()
    for n in range(2, 20):
        reached_at(NUMBER, f"Dana {n}", venue)

    assert count() == of_two


def test_the_schema_says_what_there_is(as_desk: Client, anonymous: Client) -> None:
    schema = as_desk.get("/api/openapi.json").json()

    assert schema["openapi"].startswith("3.1")
    assert set(schema["paths"]) == {"/api/lookup"}
    assert [one["name"] for one in schema["paths"]["/api/lookup"]["get"]["parameters"]] == ["number"]
    assert anonymous.get("/api/openapi.json").status_code == 302


def test_the_command_line_makes_lists_and_takes_back(desk: Staff, venue: Venue) -> None:
    def say(*words: str) -> str:
        out = StringIO()
        call_command("api_key", *words, stdout=out)
        return out.getvalue()

    reached_at(NUMBER, "Dana", venue)
    token = say("make", "Telephone", "--as", desk.email).split()[-1]

    assert ask(NUMBER, token)["answer"] == "one"
    assert "Telephone" in say("list")
    key = ApiKey.objects.get()
    assert token not in json.dumps([key.name, key.token_hash])
    say("revoke", str(key.pk))
    ask(NUMBER, token, 401)
    assert say("list") == ""
    for words in (("revoke", "999"), ("make", "x", "--as", "nobody@example.com"), ("make", " ", "--as", "a")):
        with pytest.raises(CommandError):
            say(*words)
