"""The look-up on the command line, and what it knows of interactions."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from customers import keys
from customers.lookup import look_up
from customers.models import Customer, SearchKeys
from customers.tests.factories import ContactPointFactory, CustomerFactory, PreferenceFactory
from interactions import capture
from interactions.items import Item
from interactions.tests.factories import VisitFactory
from staff.models import Membership, Staff, Venue

NOW = timezone.now()


@pytest.fixture
def dana(venue: Venue, desk: Staff) -> Customer:
    customer = CustomerFactory.create(preferred_name="Dana", full_name="Dana Whitfield", home_venue=venue)
    ContactPointFactory.create(customer=customer, value="020 7946 0417")
    PreferenceFactory.create(customer=customer, kind="safety", value="Peanut allergy")
    keys.refresh([customer.pk])
    return customer


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("lookup", *arguments, stdout=out)
    return out.getvalue()


def test_it_lists_what_the_desk_would(dana: Customer) -> None:
    line = said("dana", "whit")

    assert line.startswith(" 1  Dana Whitfield  ··0417  (#")
    assert "name starts so" in line
    assert "SAFETY: Peanut allergy" in line


def test_it_says_when_nobody_is_found(dana: Customer) -> None:
    assert said("qqqq") == "nobody found\n"


def test_json(dana: Customer) -> None:
    found = json.loads(said("whit", "--json"))

    assert found["partial"] is False
    assert found["create_with"] == {"full_name": "Whit"}
    assert [(hit["customer_id"], hit["fit"], hit["marks"]) for hit in found["hits"]] == [
        (dana.pk, "starts", [[5, 9]])
    ]


def test_a_file_of_queries_gives_a_list_a_line(dana: Customer, tmp_path: Path) -> None:
    queries = tmp_path / "queries.txt"
    queries.write_text("whit\n\n417\nqqqq\n", encoding="utf-8")

    lines = [json.loads(line) for line in said("--file", str(queries)).splitlines()]

    assert [[hit["customer_id"] for hit in line] for line in lines] == [[dana.pk], [], [dana.pk], []]


def test_each_line_of_a_file_is_one_query_whatever_it_holds(dana: Customer, tmp_path: Path) -> None:
    queries = tmp_path / "queries.txt"
    odd = ["\ufeffwhit", "whit\u2028dana", "\twhit\t", "x" * 5_000, "💛", "", "whit\x0bdana\r", "417"]
    queries.write_bytes("\n".join(odd).encode())

    lines = [json.loads(line) for line in said("--file", str(queries)).splitlines()]

    assert [bool(line) for line in lines] == [True, True, True, False, False, False, True, True]


def test_a_file_that_is_no_text_is_said_to_be_none(dana: Customer, tmp_path: Path) -> None:
    queries = tmp_path / "queries.txt"
    queries.write_bytes(b"whit\xff")

    with pytest.raises(CommandError, match="not text in UTF-8"):
        said("--file", str(queries))


def test_the_expected_come_first_and_say_so(dana: Customer, venue: Venue) -> None:
    other = CustomerFactory.create(full_name="Dana Moss", home_venue=venue)
    keys.refresh([other.pk])
    VisitFactory.create(customer=other, venue=venue, expected_at=timezone.now())

    first, second = said("dan", "--venue", venue.slug).splitlines()

    assert "Dana Moss" in first
    assert "expected today" in first
    assert "Dana Whitfield" in second


def test_as_somebody_it_finds_what_they_may_know(dana: Customer, manager: Staff) -> None:
    PreferenceFactory.create(customer=dana, value="Lawsuit", discretion="managers_only")
    keys.refresh([dana.pk])

    assert said("lawsuit") == "nobody found\n"
    assert "Dana Whitfield" in said("lawsuit", "--as", manager.email)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "Say what to look up"),
        (["dana", "--limit", "0"], "--limit"),
        (["dana", "--as", "nobody@example.com"], "nobody works here as nobody@example.com"),
        (["dana", "--venue", "nowhere"], r"there is no venue nowhere \(there is harbour"),
        (["--file", "/nonexistent"], "No such file"),
        (["dana", "--file", "/nonexistent"], "not both"),
    ],
)
def test_it_says_what_is_wrong(arguments: list[str], complaint: str, dana: Customer) -> None:
    with pytest.raises(CommandError, match=complaint):
        said(*arguments)


# What was heard in interactions


def test_words_of_a_logged_visit_find_the_customer(
    dana: Customer, desk: Staff, membership_of: Callable[[Staff], Membership]
) -> None:
    at_desk = membership_of(desk)

    visit = capture.log(
        dana,
        at_desk,
        now=NOW,
        summary="Came with her retriever",
        words="See you Tuesday",
        items=[Item("Oat latte", 1, None)],
    )

    for typed in ("retriever tuesday", "oat latte", "dana latte"):
        assert [hit.customer_id for hit in look_up(typed, at_desk, now=NOW).hits] == [dana.pk], typed
    assert keys.wrong([dana.pk]) == []
    capture.undo(visit.pk, at_desk, now=NOW)
    assert look_up("retriever", at_desk, now=NOW).hits == []
    assert keys.wrong([dana.pk]) == []


def test_words_that_are_made_for_managers_only_are_found_by_them_alone(
    dana: Customer, desk: Staff, manager: Staff, membership_of: Callable[[Staff], Membership]
) -> None:
    at_desk, boss = membership_of(desk), membership_of(manager)
    note = capture.log(dana, boss, now=NOW, kind="note", summary="Talked of a solicitor")
    assert look_up("solicitor", at_desk, now=NOW).hits

    capture.correct(
        note.pk, boss, now=NOW, seen=capture.version_of(note), items=[], discretion="managers_only"
    )

    assert look_up("solicitor", at_desk, now=NOW).hits == []
    assert look_up("solicitor", boss, now=NOW).hits
    assert keys.wrong([dana.pk]) == []


def test_rebuilding_hears_the_same_again(
    dana: Customer, desk: Staff, membership_of: Callable[[Staff], Membership]
) -> None:
    for summary in ("First a flat white", "Then the window seat", "Then a flat white"):
        capture.log(dana, membership_of(desk), now=NOW, summary=summary)
    heard = SearchKeys.objects.get(pk=dana.pk).heard

    keys.rebuild([dana.pk])

    assert set(SearchKeys.objects.get(pk=dana.pk).heard) == set(heard) >= {"flat", "white", "window", "seat"}


# On the page


def test_guesses_come_with_an_offer_to_enter_somebody_new(dana: Customer, as_desk: Client) -> None:
    sure = as_desk.get("/lookup/?q=dana+whitf", headers={"HX-Request": "true"})
    guess = as_desk.get("/lookup/?q=dana+whitvilt", headers={"HX-Request": "true"})

    assert b"Nobody fits all of it" not in sure.content
    assert b"Nobody fits all of it" in guess.content
    assert b"/customers/new/?full_name=Dana+Whitvilt" in guess.content
