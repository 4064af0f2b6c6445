"""What the one question to the database gives, step by step, and the copies it puts people in order by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from customers import editing, keys
from customers.asking import ask
from customers.fetching import Finds, find, known_of
from customers.filling import fill
from customers.models import Customer, SearchKeys
from customers.search_keys import MEMORY, NAME, NUMBER, key
from customers.steps import Choice, Step
from customers.tests.factories import (
    ContactPointFactory,
    CustomerFactory,
    PreferenceFactory,
    RelationshipFactory,
)
from staff.models import Membership, Staff, Venue
from staff.tests.factories import VenueFactory

NOW = timezone.now()
SOFT = Step((key(NAME, "dana"),))


@pytest.fixture
def at_desk(desk: Staff, membership_of: Callable[[Staff], Membership]) -> Membership:
    return membership_of(desk)


def made(name: str, venue: Venue, number: str = "", seen: datetime | None = None) -> Customer:
    customer = CustomerFactory.create(full_name=name, preferred_name="", home_venue=venue)
    if seen:
        came(customer, seen)
    if number:
        ContactPointFactory.create(customer=customer, normalised=number)
    keys.refresh([customer.pk])
    return customer


def came(customer: Customer, at: datetime) -> None:
    rows = Customer.objects.filter(pk=customer.pk)
    rows.update(visit_count=1, first_visit_at=at, last_visit_at=at)


def found(steps: list[Step], membership: Membership, limit: int = 9) -> list[int]:
    rows, partial, *_rest = find(steps, membership, limit=limit, enough=limit, expected=())
    assert not partial
    return [row.id for row in rows]


def copies() -> set[tuple[int, int, object]]:
    return set(SearchKeys.objects.values_list("customer_id", "home_venue_id", "last_visit_at"))


def originals() -> set[tuple[int, int, object]]:
    return set(Customer.objects.values_list("pk", "home_venue_id", "last_visit_at"))


def test_a_step_that_settles_ends_the_search_when_it_finds_somebody(
    venue: Venue, at_desk: Membership
) -> None:
    dana, tom = made("Dana Whitfield", venue), made("Tom Okafor", venue, "+447700904417")
    whole = Step((key(NUMBER, "447700904417"),), settles=True)

    assert found([whole, SOFT], at_desk) == [tom.pk]
    assert set(found([Step(whole.needed), SOFT], at_desk)) == {tom.pk, dana.pk}
    assert found([Step((key(NUMBER, "1"),), settles=True), SOFT], at_desk) == [dana.pk]


def test_a_whole_number_settles_the_question_and_an_ending_does_not() -> None:
    assert ask("07700 904417", country="GB").steps[0].settles
    assert not any(step.settles for step in ask("4417", country="GB").steps)


def test_a_number_is_looked_for_inside_others_once() -> None:
    with_code, bare = ask("07700 904417", country="GB"), ask("7700904417")

    assert with_code.steps[-2] == bare.steps[-2]
    assert len([step for step in with_code.steps if len(step.needed) > 1]) == 1


def test_more_than_asked_for_are_those_of_this_venue_and_lately_seen(
    venue: Venue, at_desk: Membership
) -> None:
    elsewhere = VenueFactory.create()
    away = [made("Dana", elsewhere, seen=NOW - timedelta(days=n)) for n in range(15)]
    here = [made("Dana", venue, seen=NOW - timedelta(days=50 + n)) for n in range(15)]

    assert set(found([SOFT], at_desk)) == {row.pk for row in (*here, *away[:5])}


def test_copies_follow_whoever_writes(venue: Venue, at_desk: Membership) -> None:
    dana = editing.create(at_desk, {"full_name": "Dana Whitfield", "home_venue": venue}, now=NOW)
    made("Tom Okafor", venue, seen=NOW - timedelta(days=1))
    assert copies() == originals()

    came(dana, NOW)
    assert copies() == originals()

    Customer.objects.update(home_venue=VenueFactory.create())
    assert copies() == originals()

    editing.edit(dana.pk, 1, {"full_name": "Dana Moss", "home_venue": venue})
    assert copies() == originals()

    SearchKeys.objects.all().delete()
    fill()
    assert copies() == originals()
    assert len(copies()) == 2


def test_a_full_list_reads_only_what_it_shows(venue: Venue, at_desk: Membership) -> None:
    dana = made("Dana Whitfield", venue, "+447700904417")
    RelationshipFactory.create(customer=dana, name="Biscuit")
    PreferenceFactory.create(customer=dana, kind="safety", value="Nuts")
    PreferenceFactory.create(customer=dana, kind="like", value="Oat milk")

    everything, shown = known_of([dana.pk], at_desk), known_of([dana.pk], at_desk, shown_only=True)

    assert shown[dana.pk].phones == everything[dana.pk].phones == ["+447700904417"]
    assert shown[dana.pk].safety == everything[dana.pk].safety == ["Nuts"]
    assert "Oat milk" not in {text.text for text in shown[dana.pk].texts}
    assert {"Biscuit", "Oat milk"} <= {text.text for text in everything[dana.pk].texts}


def test_managers_of_each_venue_read_their_own(
    venue: Venue, manager: Staff, membership_of: Callable[[Staff], Membership], at_desk: Membership
) -> None:
    dana, elsewhere = made("Dana Whitfield", venue), VenueFactory.create()
    for place in (venue, elsewhere, None):
        PreferenceFactory.create(
            customer=dana, value=f"at {place and place.pk}", venue=place, discretion="managers_only"
        )
    here = membership_of(manager)
    there = Membership(staff=manager, venue=elsewhere, role=here.role)

    def read(who: Membership) -> set[str]:
        return {text.text for text in known_of([dana.pk], who)[dana.pk].texts if text.text.startswith("at ")}

    assert read(here) == {f"at {venue.pk}", "at None"}
    assert read(there) == {f"at {elsewhere.pk}", "at None"}
    assert read(at_desk) == set()


def test_whom_memory_finds_as_well_is_told_by_memory(venue: Venue, at_desk: Membership) -> None:
    dana = made("Dana Whitfield", venue)
    again = Step((key(NAME, "dana"),), by_memory=True)
    rows, *_rest = find([SOFT, again], at_desk, limit=9, enough=9, expected=())
    assert [(row.id, row.step, row.by_memory) for row in rows] == [(dana.pk, 2, True)]


def test_a_step_is_passed_over_once_somebody_was_named(venue: Venue, at_desk: Membership) -> None:
    dana, other = made("Dana Whitfield", venue), made("Tom Becker", venue)
    also = Step((key(NAME, "tom"),), by_memory=True, unless_named=True)
    assert found([Step((key(NAME, "dana"),), names=True), also], at_desk) == [dana.pk]
    assert found([SOFT, also], at_desk) == [dana.pk, other.pk]
    assert found([Step((key(NAME, "nobody"),), names=True), also], at_desk) == [other.pk]


def test_of_those_who_bear_the_name_a_list_is_enough(venue: Venue, at_desk: Membership) -> None:
    for _number in range(15):
        made("Dana Whitfield", venue)
    rows, *_rest = find([Step((key(NAME, "dana"),), names=True)], at_desk, limit=12, enough=50, expected=())
    assert len(rows) == 12


def test_all_characters_of_a_word_are_asked_for_and_none_that_tells_nothing() -> None:
    by_memory = [step for step in ask("花生的过敏").steps if step.by_memory]
    assert [len(step.choices) for step in by_memory] == [3]
    [typos] = [step for step in ask("cheng 花生").steps if step.choices and not step.by_memory][-1:]
    assert set(typos.needed) == {key(NAME, "花"), key(NAME, "生")}
    assert typos.choices == (Choice(near="cheng"),)


@pytest.mark.parametrize("typed", ["a whitfeld", "whitfeld a", "j p whitfeld"])
def test_a_letter_alone_is_no_guess(typed: str) -> None:
    letters = {key(NAME, letter) for letter in "ajp"}
    for step in ask(typed).guesses:
        sets = [set(step.needed), *(set(choice.keys) for choice in step.choices if not choice.misspelt)]
        assert any(choice.misspelt for choice in step.choices) or not all(keys <= letters for keys in sets)


@pytest.mark.parametrize(
    ("typed", "signs"),
    [
        ("dana whitfield", ["=10", "20", "~20", "20", "20", "?15", "~<40", "~?<15"]),
        ("olive", ["20", "20", "20", "?15"]),
        ("0044 7700 900417", ["!20"]),
        ("w wilson", ["=10", "~20", "20", "<20", "?<15"]),
    ],
)
def test_what_the_database_reads_of_each_step_and_how_many_it_may_give(typed: str, signs: list[str]) -> None:
    steps = ask(typed).steps
    misspelt = [choice.misspelt for step in steps for choice in step.choices]
    written = [step.written(9, misspelt) for step in steps]
    said = [step.partition(";")[0] for step in written]
    assert said[: len(signs)] == signs


def test_whom_memory_finds_is_remembered_by_one_word_at_least() -> None:
    """Everybody named Hannah Khan has been found before, and is not read again."""
    names = {key(NAME, "hannah"), key(NAME, "khan")}
    for step in ask("hannah khan").steps:
        if step.by_memory:
            assert any(not choice.misspelt and not names & set(choice.keys) for choice in step.choices)
    [by_memory] = [step for step in ask("olive").steps if step.by_memory]
    assert key(NAME, "olive") not in by_memory.choices[0].keys
    assert key(MEMORY, "oliv") in by_memory.choices[0].keys


def test_others_are_looked_for_in_the_same_question_where_nobody_is_found(
    venue: Venue, at_desk: Membership
) -> None:
    dana, tom = made("Dana Whitfield", venue), made("Tom Okafor", venue)
    nobody, whit, tom_s = (Step((key(NAME, name),)) for name in ("nobody", "whit", "tom"))

    def asked(step: Step) -> Finds:
        return find([step], at_desk, limit=9, enough=1, expected=(), otherwise=[whit, tom_s])

    assert [row.id for row in asked(SOFT).rows] == [dana.pk]
    assert asked(SOFT).guessed is None
    assert asked(nobody).rows == []
    assert [row.id for row in asked(nobody).guessed or ()] == [dana.pk, tom.pk]
    assert find([nobody], at_desk, limit=9, enough=1, expected=(), otherwise=[nobody]).guessed == []


def test_whom_two_steps_found_leaves_the_rest_to_be_asked(venue: Venue, at_desk: Membership) -> None:
    """Nine are found, but they are five people: the step that was left out is told."""
    for _number in range(5):
        made("Dana Whitfield", venue)
    again, left_out = Step((key(NAME, "dana"),), by_memory=True), Step((key(NAME, "tom"),))
    rows, partial, left, _guessed = find([SOFT, again, left_out], at_desk, limit=9, enough=9, expected=())
    assert (len(rows), partial, list(left)) == (5, False, [left_out])
    assert not find([SOFT, again, left_out], at_desk, limit=9, enough=11, expected=()).left
