"""The starts of names: kept with whoever bears them, once, and asked when a word is misspelt."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from customers import keys, tasks
from customers.filling import fill
from customers.lookup import look_up
from customers.models import Customer, NameStart, SearchKeys
from customers.name_starts import missing, words_of
from customers.search_keys import START, Facts, Start, key, keys_of, start_keys, starts_of
from customers.steps import Choice
from customers.tests.factories import CustomerFactory, PreferenceFactory
from staff.models import Membership, Staff, Venue

NOW = timezone.now()
WORDS = st.text("abcdefgh", min_size=4, max_size=12)


@pytest.fixture
def at_desk(desk: Staff, membership_of: Callable[[Staff], Membership]) -> Membership:
    return membership_of(desk)


def made(venue: Venue, **fields: object) -> Customer:
    customer = CustomerFactory.create(**{"preferred_name": "", "home_venue": venue, **fields})
    keys.refresh([customer.pk])
    return customer


def who(typed: str, membership: Membership) -> list[int]:
    return [hit.customer_id for hit in look_up(typed, membership, now=NOW).hits]


def kept(*names: str) -> bool:
    return not missing(start_keys(words_of(names)))


@given(WORDS)
def test_a_start_says_where_it_begins(word: str) -> None:
    starts = {start.key: start for start in starts_of({word})}

    assert set(starts) == start_keys({word}) <= set(keys_of(Facts(names=[word])))
    for length in range(3, min(len(word), 8) + 1):
        start = starts[key(START, word[:length])]
        assert start.above == tuple(key(START, word[:shorter]) for shorter in range(3, length))


@given(st.sets(WORDS, max_size=4), st.sets(WORDS, max_size=4))
def test_a_start_is_the_same_whoever_bears_it(some: set[str], others: set[str]) -> None:
    """It is kept with the first, and never looked at again."""
    together: set[Start] = set(starts_of(some | others))

    assert together == {*starts_of(some), *starts_of(others)}


@given(WORDS, WORDS)
def test_what_its_own_start_finds_need_not_be_asked_for(word: str, typed: str) -> None:
    """Of the starts that a word may be meant for, those with a shorter one among them add nobody."""
    for choice in (Choice(near=typed), Choice(far=typed)):
        hit = {start.key: start for start in starts_of({word}) if set(choice.misspelt) & set(start.near)}
        shortest = {start.key for start in hit.values() if not hit.keys() & set(start.above)}

        assert bool(hit) == bool(shortest)
        assert len(shortest) <= 1


def test_a_new_name_is_found_misspelt_at_once(venue: Venue, at_desk: Membership) -> None:
    dana = made(venue, full_name="Dana Whitfield")
    assert who("whitfeild", at_desk) == [dana.pk]
    assert who("oakfor", at_desk) == []

    Customer.objects.filter(pk=dana.pk).update(aliases=["Okafor"])
    keys.refresh([dana.pk])

    assert who("oakfor", at_desk) == [dana.pk]


def test_a_start_is_kept_once(venue: Venue) -> None:
    made(venue, full_name="Dana Whitfield")
    before = NameStart.objects.count()
    assert before == len(start_keys({"dana", "whitfield"}))

    dana = made(venue, full_name="Dana Whitfield")
    keys.rebuild([dana.pk])

    assert NameStart.objects.count() == before


def test_what_changes_no_name_asks_for_none(
    venue: Venue, django_assert_num_queries: Callable[..., Any]
) -> None:
    dana = made(venue, full_name="Dana Whitfield")
    PreferenceFactory.create(customer=dana, value="Oat milk")
    with django_assert_num_queries(5) as asked:
        keys.refresh([dana.pk])

    assert not [each for each in asked.captured_queries if "namestart" in each["sql"]]


def test_two_of_one_start_find_somebody_once(venue: Venue, at_desk: Membership) -> None:
    """As when two saved the same new name at the same moment."""
    dana = made(venue, full_name="Dana Whitfield")
    for start in NameStart.objects.all():
        start.pk = None
        start.save(force_insert=True)

    assert who("dana whitfeild", at_desk) == [dana.pk]


def test_a_load_of_many_keeps_the_starts_of_all(venue: Venue) -> None:
    made(venue, full_name="Tom Okafor")
    Customer.objects.bulk_create(
        Customer(full_name=name, home_venue=venue) for name in ("Dana Whitfield", "Dana Moss", "曾国藩")
    )
    before = set(NameStart.objects.values_list("pk", flat=True))

    fill()

    assert kept("Dana Whitfield", "Dana Moss", "曾国藩")
    assert before < set(NameStart.objects.values_list("pk", flat=True))
    assert NameStart.objects.count() == len(set(NameStart.objects.values_list("key", flat=True)))


def test_a_database_from_before_is_given_the_starts_of_its_names(venue: Venue, at_desk: Membership) -> None:
    names = {"full_name": "Dana Whitfield", "native_name": "曾国藩", "aliases": ["Okafor"]}
    dana, tom = made(venue, **names), made(venue, full_name="Tom Moss")
    without = set(keys_of(Facts(names=["Dana"]))) - start_keys({"dana"})
    SearchKeys.objects.filter(pk=dana.pk).update(keys=sorted(without))
    before = SearchKeys.objects.get(pk=tom.pk).keys
    NameStart.objects.all().delete()
    assert who("whitfeild", at_desk) == []

    import_module("customers.migrations.0003_name_starts").keep_starts(apps, None)

    assert kept("Dana Whitfield", "曾国藩", "Okafor", "Tom Moss")
    assert [who(typed, at_desk) for typed in ("whitfeild", "oakfor", "zengguofna")] == [[dana.pk]] * 3
    assert SearchKeys.objects.get(pk=tom.pk).keys == before


@pytest.mark.parametrize("put_right", [tasks.prove_search_keys, lambda: call_command("reindex", verbosity=0)])
def test_a_start_that_is_gone_is_noticed_and_kept_again(
    put_right: Callable[[], object], venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    dana = made(venue, full_name="Dana Whitfield")
    monkeypatch.setattr(keys, "sample", lambda count: [dana.pk])
    NameStart.objects.filter(key=key(START, "whitf")).delete()
    assert keys.wrong([dana.pk]) == [dana.pk]

    put_right()

    assert keys.wrong([dana.pk]) == []
    assert kept("Dana Whitfield")


def test_a_typo_in_each_word_is_looked_for_where_few_have_one(venue: Venue, at_desk: Membership) -> None:
    both = made(venue, full_name="Dean Whitfeild")
    assert who("dana whitfield", at_desk) == [both.pk]

    one = [made(venue, full_name="Dana Whitfeild").pk for _number in range(5)]

    assert set(who("dana whitfield", at_desk)) == set(one)


def test_a_short_name_or_a_nickname_is_no_typo(venue: Venue, at_desk: Membership) -> None:
    """Emily is Millie to her friends, and not because of milk."""
    made(venue, full_name="Emily Lei")
    mills = made(venue, full_name="Phoebe Mills")
    assert who("milk", at_desk) == [mills.pk]
    assert who("leib", at_desk) == []


def test_no_text_of_a_name_is_kept() -> None:
    assert {field.get_internal_type() for field in NameStart._meta.fields} == {
        "BigAutoField",
        "IntegerField",
        "ArrayField",
    }
