"""The look-up on real rows: who is found, in which order, why, and what never leaks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers import fetching, keys
from customers.asking import ask
from customers.fits import Fit
from customers.lookup import Found, Hit, look_up
from customers.models import Customer, SearchKeys
from customers.search_keys import Facts
from customers.tests.factories import (
    ContactPointFactory,
    CustomerFactory,
    PreferenceFactory,
    RelationshipFactory,
)
from customers.tests.keyed import leads_to
from staff.models import Membership, Staff, Venue

NOW = timezone.now()


@pytest.fixture
def at_desk(desk: Staff, membership_of: Callable[[Staff], Membership]) -> Membership:
    return membership_of(desk)


@pytest.fixture
def as_boss(manager: Staff, membership_of: Callable[[Staff], Membership]) -> Membership:
    return membership_of(manager)


def made(name: str, venue: Venue, **fields: Any) -> Customer:
    customer = CustomerFactory.create(full_name=name, preferred_name="", home_venue=venue, **fields)
    keys.refresh([customer.pk])
    return customer


def seen(days_ago: int, visits: int = 5) -> dict[str, Any]:
    last = NOW - timedelta(days=days_ago)
    return {"visit_count": visits, "first_visit_at": last - timedelta(days=300), "last_visit_at": last}


def ids(found: Found) -> list[int]:
    return [hit.customer_id for hit in found.hits]


def only(found: Found) -> Hit:
    assert len(found.hits) == 1, [hit.name for hit in found.hits]
    return found.hits[0]


def marked(parts: list[tuple[str, bool]]) -> list[str]:
    return [text for text, is_marked in parts if is_marked]


# Shapes


def test_the_start_of_any_word_of_the_name(venue: Venue, at_desk: Membership) -> None:
    dana = made("Dana Whitfield", venue)
    made("Tom Okafor", venue)

    for typed in ("d", "da", "dan", "whit", "whi da", "dana whitfield", "WHITFIELD", " dana  w "):
        assert ids(look_up(typed, at_desk, now=NOW)) == [dana.pk], typed


def test_what_was_typed_is_marked_in_the_name(venue: Venue, at_desk: Membership) -> None:
    made("Dana Whitfield", venue)

    hit = only(look_up("whi dan", at_desk, now=NOW))

    assert hit.name_parts == [("Dan", True), ("a ", False), ("Whi", True), ("tfield", False)]
    assert hit.why == "name starts so"


def test_other_names_say_that_they_are(venue: Venue, at_desk: Membership) -> None:
    made("Li Wei", venue, native_name="李伟", aliases=["Vincent Li"])

    hit = only(look_up("vinc", at_desk, now=NOW))
    assert hit.why == "also called: Vincent Li"
    assert marked(hit.why_parts) == ["Vinc"]
    hit = only(look_up("伟", at_desk, now=NOW))
    assert (hit.name, hit.why, marked(hit.why_parts)) == ("Li Wei", "also called: 李伟", ["伟"])


def test_a_nickname_says_which(venue: Venue, at_desk: Membership) -> None:
    made("Robert Okafor", venue)

    hit = only(look_up("bob oka", at_desk, now=NOW))

    assert hit.why == "short name: Bob"
    assert marked(hit.name_parts) == ["Robert", "Oka"]


@pytest.mark.parametrize(
    "typed", ["whitfeild", "witfield", "whitffield", "qhitfield", "wihtf", "dnaa whitf", "danna"]
)
def test_typos(typed: str, venue: Venue, at_desk: Membership) -> None:
    made("Dana Whitfield", venue)

    hit = only(look_up(typed, at_desk, now=NOW))

    assert hit.fit == Fit.TYPO
    assert hit.why == "spelt almost so"


def test_too_many_typos_find_nobody(venue: Venue, at_desk: Membership) -> None:
    made("Dana Whitfield", venue)

    for typed in ("dxnx", "tna", "whatfxild", "wxxtfiexd"):
        assert ids(look_up(typed, at_desk, now=NOW)) == [], typed


def test_one_word_beyond_recognition_beside_one_that_fits(venue: Venue, at_desk: Membership) -> None:
    dana = made("Dana Whitfield", venue)

    hit = only(look_up("dana whitvilt", at_desk, now=NOW))

    assert (hit.customer_id, hit.fit) == (dana.pk, Fit.LOOSE)
    assert ids(look_up("dana xyzzy", at_desk, now=NOW)) == []


def test_a_short_list_is_filled_up_with_guesses_below_all_who_fit(venue: Venue, at_desk: Membership) -> None:
    jason = made("Jason Nguyen", venue)
    crowd = [made(f"Jas{ending} Lowe", venue, **seen(0, 100)).pk for ending in ("mine", "per", "ia")]
    natalee = made("Natalee Nguyen", venue, **seen(0, 100))

    found = look_up("jas ngu", at_desk, now=NOW)

    assert ids(found)[:2] == [jason.pk, natalee.pk]
    assert [hit.fit < Fit.LOOSE for hit in found.hits] == [True] + [False] * (len(found.hits) - 1)
    assert len(found.hits) == 5
    assert set(ids(found)[2:]) <= set(crowd)


def test_nobody_is_guessed_behind_a_whole_name_or_a_word_just_begun(
    venue: Venue, at_desk: Membership
) -> None:
    dana = made("Dana Whitfield", venue)
    made("Dana Lowe", venue)
    made("Whitney Danaher", venue)

    for typed in ("dana whitfield", "whitfield dana", "dana wh", "dana w"):
        assert ids(look_up(typed, at_desk, now=NOW))[:1] == [dana.pk], typed
        assert all(hit.fit < Fit.LOOSE for hit in look_up(typed, at_desk, now=NOW).hits), typed


def test_nobody_is_guessed_behind_whoever_fits_a_number(venue: Venue, at_desk: Membership) -> None:
    dana, other = made("Dana Whitfield", venue), made("Tom Lowe", venue)
    ContactPointFactory.create(customer=dana, kind="phone", value="020 7946 0321", normalised="+442079460321")
    ContactPointFactory.create(
        customer=other, kind="phone", value="020 7911 0321", normalised="+442079110321"
    )
    keys.refresh([dana.pk, other.pk])

    whole = "020 7946 0321"
    pieces = {whole[start:end] for start in range(len(whole)) for end in range(start + 1, len(whole) + 1)}
    for typed in sorted(pieces):
        found = ids(look_up(typed, at_desk, now=NOW))
        if len("".join(filter(str.isdigit, typed))) > 6:
            assert found == [dana.pk], typed


def test_a_finished_word_with_a_typo_stands_before_an_unfinished_one(
    venue: Venue, at_desk: Membership
) -> None:
    made("Emma Webster", venue, **seen(0, 100))
    webb = made("Emma Webb", venue)

    assert ids(look_up("emma wevb", at_desk, now=NOW))[0] == webb.pk


def test_companions_company_tags_and_what_is_remembered(venue: Venue, at_desk: Membership) -> None:
    anna = made("Anna Berg", venue, company="Kestrel Optics", tags=["press"])
    RelationshipFactory.create(customer=anna, kind="pet", name="Biscuit")
    PreferenceFactory.create(customer=anna, value="Oat flat white", category="drink", detail="double shot")
    keys.refresh([anna.pk])
    keys.hear(anna.pk, ["retriever", "tuesday"])

    expected = {
        "biscuit": ("pet: Biscuit", ["Biscuit"]),
        "bisc": ("pet: Biscuit", ["Bisc"]),
        "kestrel": ("company: Kestrel Optics", ["Kestrel"]),
        "press": ("tag: press", ["press"]),
        "anna oat": ("like: Oat flat white", ["Oat"]),
        "oat white": ("like: Oat flat white", ["Oat", "white"]),
        "double": ("Oat flat white: drink double shot", ["double"]),
        "retriever tuesday": ("came up in a visit: retriever", ["retriever"]),
        "berg retr": ("came up in a visit: retriever", ["retr"]),
    }
    for typed, (why, marks) in expected.items():
        hit = only(look_up(typed, at_desk, now=NOW))
        assert (hit.why, marked(hit.why_parts), hit.fit) == (why, marks, Fit.MEMORY), typed


def test_a_companion_who_is_a_customer_too_is_found_by_their_present_name(
    venue: Venue, at_desk: Membership
) -> None:
    anna, tom = made("Anna Berg", venue), made("Tom Okafor", venue)
    RelationshipFactory.create(customer=anna, kind="partner", to=tom, name="")
    keys.refresh([anna.pk])
    tom.full_name = "Thomasz Okafor"
    tom.save()
    keys.refresh([tom.pk])

    assert ids(look_up("thomasz", at_desk, now=NOW)) == [tom.pk, anna.pk]


def test_misspelt_name_with_something_remembered(venue: Venue, at_desk: Membership) -> None:
    dana = made("Dana Whitfield", venue)
    PreferenceFactory.create(customer=dana, value="Quiet table")
    keys.refresh([dana.pk])

    assert only(look_up("whitfeild quiet", at_desk, now=NOW)).fit == Fit.MEMORY


@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        ("biscuit sultana", True),  # as names there is nothing like either
        ("bisuit sultana", True),
        ("sultana whitfield", True),
        ("sultana whitfeild", True),
        ("sultana gherkin", False),
    ],
)
def test_what_nobody_is_called_may_still_be_remembered(
    typed: str, finds: bool, venue: Venue, at_desk: Membership
) -> None:
    dana = made("Dana Whitfield", venue)
    PreferenceFactory.create(customer=dana, value="Sultana scone")
    RelationshipFactory.create(customer=dana, kind="pet", name="Biscuit")
    keys.refresh([dana.pk])

    assert any(hit.fit < Fit.LOOSE for hit in look_up(typed, at_desk, now=NOW).hits) == finds


def test_a_name_with_something_remembered_that_is_misspelt(venue: Venue, at_desk: Membership) -> None:
    for number in range(60):
        made(f"Anna Nother{number}", venue, **seen(number + 1))
    anna = made("Anna Tereshkova", venue)
    RelationshipFactory.create(customer=anna, kind="pet", name="Biscuit the labrador")
    keys.refresh([anna.pk])

    found = look_up("anna labardor", at_desk, now=NOW)

    assert found.hits[0].customer_id == anna.pk
    assert marked(found.hits[0].why_parts) == ["labrador"]


@pytest.mark.parametrize(
    "typed",
    [
        "dana@harbour.example", "DANA@harbour.example", "mailto:dana@harbour.example", "dana@", "dana@har",
    ],
)  # fmt: skip
def test_addresses(typed: str, venue: Venue, at_desk: Membership) -> None:
    someone = made("Renard", venue)
    ContactPointFactory.create(customer=someone, kind="email", value="dana@harbour.example")
    keys.refresh([someone.pk])

    hit = only(look_up(typed, at_desk, now=NOW))

    assert hit.why == "address: dana@harbour.example"
    assert marked(hit.why_parts)


# Order


def test_the_order_of_the_ways_to_fit(venue: Venue, at_desk: Membership) -> None:
    remembered = made("Ida Lund", venue, **seen(0, 500), tags=["anna"])
    mistyped = made("Anni Krol", venue, **seen(0, 500))
    starts = made("Annabel Stone", venue, **seen(0, 500))
    whole = made("Anna", venue)

    found = look_up("anna", at_desk, now=NOW, expected={remembered.pk, mistyped.pk, starts.pk})

    assert [hit.fit for hit in found.hits[:2]] == [Fit.FULL_NAME, Fit.STARTS]
    assert ids(found)[:2] == [whole.pk, starts.pk]
    assert set(ids(look_up("anna", at_desk, now=NOW, limit=20))) == {
        whole.pk,
        starts.pk,
        mistyped.pk,
        remembered.pk,
    }


def test_of_those_who_fit_equally_the_expected_then_ours_then_the_last_seen(
    venue: Venue, elsewhere: Venue, at_desk: Membership
) -> None:
    away = made("Dana One", elsewhere, **seen(0))
    long_ago = made("Dana Two", venue, **seen(90))
    lately = made("Dana Three", venue, **seen(1))
    never = made("Dana Four", venue)
    awaited = made("Dana Five", elsewhere, **seen(400))

    found = look_up("dan", at_desk, now=NOW, expected={awaited.pk})

    assert ids(found) == [awaited.pk, lately.pk, long_ago.pk, never.pk, away.pk]
    assert [hit.expected for hit in found.hits] == [True, False, False, False, False]


def test_an_exact_fit_is_found_among_any_number_of_regulars(venue: Venue, at_desk: Membership) -> None:
    crowd = [made(f"Li{'abcdefghij'[n % 10]} {n}", venue, **seen(0, 100)) for n in range(60)]
    quiet = made("Li", venue)
    SearchKeys.objects.filter(customer=quiet).update(tier=3)

    found = look_up("li", at_desk, now=NOW, expected={row.pk for row in crowd[:5]})

    assert ids(found)[0] == quiet.pk


def test_the_expected_are_found_among_any_number_of_regulars(venue: Venue, at_desk: Membership) -> None:
    for n in range(60):
        made(f"Lina {n}", venue, **seen(0, 100))
    awaited = made("Linus Voss", venue)
    SearchKeys.objects.filter(customer=awaited).update(tier=3)

    assert ids(look_up("lin", at_desk, now=NOW, expected={awaited.pk}))[0] == awaited.pk


def test_no_more_than_asked_for(venue: Venue, at_desk: Membership) -> None:
    for n in range(12):
        made(f"Dana {n}", venue)

    assert len(look_up("dana", at_desk, now=NOW, limit=9).hits) == 9


def test_the_safety_mark(venue: Venue, at_desk: Membership) -> None:
    dana = made("Dana Whitfield", venue)
    PreferenceFactory.create(customer=dana, kind="safety", severity="severe", value="Peanut allergy")
    PreferenceFactory.create(
        customer=dana, kind="safety", value="Latex", retired_at=NOW, retired_why="was her sister"
    )

    assert only(look_up("dana", at_desk, now=NOW)).safety == ["Peanut allergy"]


# Nothing leaks


def test_a_stranger_finds_nobody(venue: Venue) -> None:
    made("Dana Whitfield", venue)

    assert look_up("dana", None, now=NOW) == Found()


def test_managers_only_facts_neither_match_nor_show_nor_count(
    venue: Venue, elsewhere: Venue, at_desk: Membership, as_boss: Membership
) -> None:
    dana = made("Dana Whitfield", venue)
    hidden = {"customer": dana, "discretion": "managers_only"}
    PreferenceFactory.create(**hidden, value="Lawsuit pending", kind="safety")
    PreferenceFactory.create(**hidden, value="Affair", venue=venue)
    PreferenceFactory.create(**hidden, value="Bankrupt", venue=elsewhere)
    keys.refresh([dana.pk])
    keys.hear(dana.pk, [f"{venue.pk}@solicitor", f"{elsewhere.pk}@tribunal"])

    for typed in ("lawsuit", "affair", "bankrupt", "dana lawsuit", "solicitor", "tribunal"):
        assert look_up(typed, at_desk, now=NOW).hits == [], typed
    assert only(look_up("dana", at_desk, now=NOW)).safety == []
    for typed in ("lawsuit", "affair", "dana lawsuit", "solicitor"):
        assert ids(look_up(typed, as_boss, now=NOW)) == [dana.pk], typed
    for typed in ("bankrupt", "tribunal"):
        assert look_up(typed, as_boss, now=NOW).hits == [], typed
    assert only(look_up("dana", as_boss, now=NOW)).safety == ["Lawsuit pending"]


def test_words_heard_by_managers_are_found_by_those_of_that_venue_alone(
    venue: Venue, elsewhere: Venue, at_desk: Membership, as_boss: Membership
) -> None:
    dana = made("Dana Whitfield", venue)
    keys.hear(dana.pk, ["oat", f"{venue.pk}@lawsuit", f"{elsewhere.pk}@divorce"])

    def shown(typed: str, membership: Membership) -> list[tuple[Fit, str]]:
        return [(hit.fit, hit.why) for hit in look_up(typed, membership, now=NOW).hits]

    for typed in ("dana WORD", "oat WORD", "dana oat WORD"):
        nothing = shown(typed.replace("WORD", "gherkin"), at_desk)
        assert shown(typed.replace("WORD", "lawsuit"), at_desk) == nothing
        assert shown(typed.replace("WORD", "divorce"), as_boss) == nothing
        [(fit, _why)] = shown(typed.replace("WORD", "lawsuit"), as_boss)
        assert fit == Fit.MEMORY


def test_hidden_facts_leave_no_trace_in_the_work_of_the_database(venue: Venue, at_desk: Membership) -> None:
    """A front desk's question holds none of the keys of managers' facts: there is nothing to time."""
    dana = made("Dana Whitfield", venue)
    before = set(SearchKeys.objects.get(pk=dana.pk).keys)
    PreferenceFactory.create(customer=dana, discretion="managers_only", value="Lawsuit", category="")
    keys.refresh([dana.pk])
    added = set(SearchKeys.objects.get(pk=dana.pk).keys) - before

    steps = ask("lawsuit").steps

    asked = {one for step in steps for one in step.needed} | {
        one for step in steps for choice in step.choices for one in (*choice.keys, *choice.misspelt)
    }
    assert added
    assert not added & asked


def test_archived_customers_are_not_found(venue: Venue, at_desk: Membership) -> None:
    dana = made("Dana Whitfield", venue)
    Customer.objects.filter(pk=dana.pk).update(status="archived", archived_at=NOW)
    keys.refresh([dana.pk])

    assert look_up("dana", at_desk, now=NOW).hits == []


def test_what_is_retired_is_not_found(venue: Venue, at_desk: Membership) -> None:
    dana = made("Dana Whitfield", venue)
    PreferenceFactory.create(customer=dana, value="Window seat", retired_at=NOW, retired_why="moved")
    keys.refresh([dana.pk])

    assert look_up("window", at_desk, now=NOW).hits == []


# Cost


@pytest.mark.parametrize("typed", ["dana", "dnaa", "oat", "7946", "dana oat", "nobody"])
def test_the_number_of_queries_does_not_grow(typed: str, venue: Venue, at_desk: Membership) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            look_up(typed, at_desk, now=NOW, limit=20)
        return len(captured)

    def one_more(n: int) -> None:
        customer = made(f"Dana {n}", venue)
        ContactPointFactory.create(customer=customer)
        RelationshipFactory.create(customer=customer)
        PreferenceFactory.create(customer=customer, kind="safety")
        keys.refresh([customer.pk])

    one_more(0)
    of_one = count()
    for n in range(1, 20):
        one_more(n)

    assert count() == of_one <= 3


def test_when_time_is_up_what_was_found_so_far_is_given(
    venue: Venue, at_desk: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    dana = made("Dana Whitfield", venue)
    slow = """
        CREATE OR REPLACE FUNCTION too_slow(int[]) RETURNS int[] LANGUAGE sql AS
        $$ SELECT CASE WHEN cardinality($1) > 1 THEN (SELECT $1 FROM pg_sleep(30)) ELSE $1 END $$
    """
    with connection.cursor() as cursor:
        cursor.execute(slow)
        cursor.execute("SELECT pg_get_functiondef('customers_find'::regproc)")
        body = cursor.fetchone()[0]
        cursor.execute(body.replace("needed := parts[2];", "needed := too_slow(parts[2]::int[]);"))
    monkeypatch.setattr(fetching, "TIMEOUT_MS", 50)

    found = look_up("dana", at_desk, now=NOW)
    assert (ids(found), found.partial) == ([dana.pk], False)
    found = look_up("dana whitf", at_desk, now=NOW)
    assert (ids(found), found.partial) == ([], True)
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone()[0] == "0", "the limit is the look-up's alone"


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction(venue: Venue, at_desk: Membership) -> None:
    dana = made("Dana Whitfield", venue)

    assert ids(look_up("dana", at_desk, now=NOW)) == [dana.pk]
    with transaction.atomic():
        assert ids(look_up("dana", at_desk, now=NOW)) == [dana.pk]


# What was typed, in the fields of a new customer


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ("anna berg", {"full_name": "Anna Berg"}),
        ("Anna van der Berg", {"full_name": "Anna van der Berg"}),
        ("张伟", {"native_name": "张伟"}),
        ("+44 20 7946 0958", {"phone": "+44 20 7946 0958"}),
        ("020-7946", {"phone": "020-7946"}),
        ("anna 020 7946 0958", {"full_name": "Anna", "phone": "020 7946 0958"}),
        ("anna@example.com", {"email": "anna@example.com"}),
        ("", {}),
    ],
)
def test_create_with(typed: str, fields: dict[str, str], at_desk: Membership) -> None:
    assert look_up(typed, at_desk, now=NOW).create_with == fields


def test_oddities_find_nobody_and_break_nothing(venue: Venue, at_desk: Membership) -> None:
    made("Dana Whitfield", venue)

    for typed in (
        "",
        "   ",
        "@",
        "@@",
        "%",
        "_",
        "'",
        '"',
        "\\",
        "();--",
        "{",
        "}",
        "🦊",
        "\x01",
        "a" * 5000,
        "1 2",
    ):
        assert look_up(typed, at_desk, now=NOW).hits == [], typed


def test_a_companion_who_is_a_customer_is_found_by_each_of_their_names(
    venue: Venue, at_desk: Membership
) -> None:
    partner = made("Li Na", venue, native_name="李娜")
    tom = made("Tom Becker", venue)
    RelationshipFactory.create(customer=tom, kind="partner", name="", to=partner)
    keys.refresh([tom.pk])

    for typed in ("李娜", "li na"):
        assert tom.pk in ids(look_up(typed, at_desk, now=NOW)), typed


@pytest.mark.parametrize(
    "typed",
    [
        "电话：13800138000",
        "（138）0013-8000",
        "＋8613800138000",
        "１３８００１３８０００",
    ],
)
def test_numbers_from_a_chinese_keyboard(typed: str, venue: Venue, at_desk: Membership) -> None:
    person = made("Zhang Wei", venue)
    ContactPointFactory.create(
        customer=person, kind="phone", value="+8613800138000", normalised="+8613800138000"
    )
    keys.refresh([person.pk])

    assert only(look_up(typed, at_desk, now=NOW)).fit == Fit.EXACT


def test_names_that_look_right_and_are_not_leave_room_for_what_is_remembered(
    venue: Venue, at_desk: Membership
) -> None:
    """`milk` is nearly in Emily and `ella` in Llewellyn: enough are found, and none of them fits."""
    them = [made("Emily Llewellyn", venue) for _number in range(45)]
    ella = made("Ella Marwell", venue)
    PreferenceFactory.create(customer=ella, value="Oat milk")
    keys.refresh([ella.pk, *(one.pk for one in them)])
    hits = look_up("ella milk", at_desk, now=NOW).hits
    assert (hits[0].customer_id, hits[0].fit) == (ella.pk, Fit.MEMORY)


def test_a_word_that_stands_in_two_of_their_names_is_one_word(venue: Venue, at_desk: Membership) -> None:
    made("Deborah Wilson", venue, aliases=["Ms Wilson"])
    william = made("William Wilson", venue)
    twice = made("Wilson Wilson", venue)

    found = look_up("w wilson", at_desk, now=NOW)

    assert {hit.customer_id for hit in found.hits if hit.fit == Fit.STARTS} == {william.pk, twice.pk}


@pytest.mark.parametrize("typed", ["rosen kranzler", "rosenkr anzler", "rosenkra nzler", "rosenkranz ler"])
def test_a_long_name_typed_as_two_words(typed: str, venue: Venue, at_desk: Membership) -> None:
    for number in range(25):
        made(f"Rosenkrantz Nother{number}", venue, **seen(number + 1))
    gregor = made("Gregor Rosenkranzler", venue)

    assert look_up(typed, at_desk, now=NOW).hits[0].customer_id == gregor.pk


def test_whoever_bears_the_first_word_and_begins_like_the_second_is_not_asked_for() -> None:
    steps = ask("michael peanut").steps

    assert not leads_to(steps, Facts(names=["Michael Pearson"]))
    assert leads_to(steps, Facts(names=["Michaelpeanutti"]))


@pytest.mark.parametrize(("bear_it", "remembered"), [(4, True), (5, False)])
def test_beside_an_initial_nothing_is_forgiven_where_several_fit(
    bear_it: int, remembered: bool, venue: Venue, at_desk: Membership
) -> None:
    for number in range(bear_it):
        made(f"M{'aeiou'[number]}x Oatley", venue)
    mary = made("Mary Nother", venue)
    PreferenceFactory.create(customer=mary, value="Oat milk")
    keys.refresh([mary.pk])

    hits = look_up("m oat", at_desk, now=NOW).hits

    assert [hit.customer_id == mary.pk for hit in hits] == [False] * bear_it + [True] * remembered
