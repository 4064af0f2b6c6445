"""Each rule of the card by itself, for any numbers, days and words that it could meet."""

from __future__ import annotations

import itertools
import json
from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.freshness import is_heard_again
from interactions.cues import habit, moment, owed, today
from interactions.cues.company import not_here
from interactions.cues.deal import Hand, deal
from interactions.cues.dossier import Anniversary, Booking, Case, Dossier, Happening, Person, Relation, Todo
from interactions.cues.draft import on_day
from interactions.cues.failures import kinds_of
from interactions.cues.render import card_of
from interactions.cues.told_once import gathered
from interactions.cues.touches import DATA, same_thing, touches
from interactions.tests.cues.dossiers import HERE, NOW, ago, dossier, dossiers, fact, on

checked = settings(max_examples=60, deadline=None)


def kinds(hand: Hand) -> set[str]:
    return {draft.kind for draft in (*hand.ranked.shown, *hand.ranked.folded)}


def visits(*days_ago: float) -> tuple[Happening, ...]:
    return tuple(Happening(number, ago(days), venue=HERE) for number, days in enumerate(sorted(days_ago), 1))


def regular(count: int, *, first: float = 400, last: float = 7) -> Person:
    return Person("Nia", visit_count=count, first_visit_at=ago(first), last_visit_at=ago(last))


@checked
@given(st.integers(1, 200))
def test_a_milestone_is_the_10th_25th_50th_and_100th_visit_and_no_other(number: int) -> None:
    told = kinds(deal(dossier(person=regular(number - 1)))) if number > 1 else set()
    assert ("milestone" in told) == (number in {10, 25, 50, 100})


@checked
@given(st.integers(1, 8), st.integers(1, 120), st.integers(1, 400))
def test_a_long_absence_is_three_visits_twice_the_gap_and_six_weeks(count: int, gap: int, away: int) -> None:
    came = [away + gap * number for number in range(count)]
    known = dossier(
        person=regular(count, first=max(came), last=min(came)), happenings=visits(*map(float, came))
    )
    is_long = count >= 3 and away > 42 and away > 2 * gap
    assert ("long_absence" in kinds(deal(known))) == is_long


@checked
@given(days=st.integers(0, 150), same=st.booleans())
def test_a_failure_repeats_another_of_its_kind_within_sixty_days(days: int, *, same: bool) -> None:
    first = Case(1, "wait", "Waited 40 minutes", ago(days + 1.0), state="closed", resolved_at=ago(days + 0.5))
    second = Case(2, "wait" if same else "noise", "Queue" if same else "The lift", ago(1))
    repeated = bool(owed.similar_before((first, second), second))
    assert repeated == (same and days <= 60)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Waited 30 minutes for a table", "Stood for ages at reception"),
        ("Soup was stone cold", "Steak burnt"),
        ("上菜太慢", "又等了半小时"),
        ("Hair in the sink", "房间很脏"),
        ("Charged twice", "账单不对"),
    ],
)
def test_the_same_failure_is_known_by_other_words_in_both_scripts(one: str, other: str) -> None:
    cases = (Case(1, "other", one, ago(9)), Case(2, "", other, ago(1)))
    assert owed.similar_before(cases, cases[1]) == [cases[0]]


@pytest.mark.parametrize("text", ["Parking was full", "Rude about nothing? No: kind", "停车位满了", ""])
def test_words_that_tell_of_no_failure_are_of_no_kind(text: str) -> None:
    assert kinds_of(text) <= {"staff_manner"}


@checked
@given(st.sampled_from(["Coffee", "Window table", "Oat milk", "香菜", "靠窗"]), st.integers(1, 60))
def test_liking_and_disliking_one_thing_is_a_question_with_both_sides(thing: str, apart: int) -> None:
    yes, no = fact(1, "like", thing, days=apart + 1.0), fact(2, "dislike", thing, days=1)
    hand = deal(dossier(yes, no))
    told = (*hand.ranked.shown, *hand.ranked.folded)
    assert [draft.kind for draft in told if draft.key in {yes.key, no.key}] == ["contradiction"]
    asked = next(draft for draft in told if draft.kind == "contradiction")
    params = asked.why[0].params
    assert {params["first"], params["then"]} == {
        on_day(on(), yes.recorded_at),
        on_day(on(), no.recorded_at),
    }


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Window seat", "Sitting by the window", True),
        ("靠窗的座位", "坐在窗边", True),
        ("Red wine", "White wine", False),
        ("红茶", "绿茶", False),
        ("The table", "A seat", False),
    ],
)
def test_one_thing_is_known_wherever_it_is_said_to_stand(one: str, other: str, *, same: bool) -> None:
    assert same_thing(one, other) is same


@pytest.mark.parametrize("dish", json.loads(DATA.read_text(encoding="utf-8"))["could_hold_anything"])
def test_a_dish_that_does_not_say_what_is_in_it_touches_any_allergy(dish: str) -> None:
    for allergy in ("Peanut allergy", "Tree nut allergy", "坚果过敏", "Milk", "Celery"):
        assert touches(fact(1, "safety", allergy), dish)


def test_doubt_about_a_dish_is_no_doubt_about_a_drink() -> None:
    assert not touches(fact(1, "avoid", "No alcohol", category="alcohol"), "Lemon cookie")
    assert not touches(fact(1, "dislike", "Peanuts"), "Dessert on the house")


@checked
@given(
    dossiers(), st.sampled_from(["", "de", "zh-hans", "ja"]), st.sampled_from(["Nia", "王磊", "Herr Koch"])
)
def test_neither_language_nor_name_makes_a_cue(known: Dossier, language: str, name: str) -> None:
    other = replace(known, person=replace(known.person, language=language, name=name, full_name=name))
    assert deal(other).ranked == deal(known).ranked
    assert deal(other).greeting.style == deal(known).greeting.style


def test_the_card_knows_no_year_of_birth() -> None:
    assert not {"birth_year", "birthday", "age", "year"} & {field.name for field in fields(Person)}


@checked
@given(dossiers())
def test_no_cue_that_may_be_left_out_names_somebody_who_is_not_here(known: Dossier) -> None:
    gift = Todo(90, "gesture", "Lena and Mia liked the crab", ago(5), due_at=ago(1))
    promise = Todo(91, "promise", "Send Lena and Mia the photographs", ago(5), due_at=ago(1))
    liked = fact(92, "like", "Shares a plate with Lena and Mia")
    more = replace(known, facts=(*known.facts, liked), todos=(*known.todos, gift, promise))
    if not not_here(more):
        return
    hand = deal(more)
    told = {draft.key: draft for draft in (*hand.ranked.shown, *hand.ranked.folded)}
    assert not {gift.key, liked.key} & set(told)
    assert promise.key not in told or told[promise.key].discretion == "act_silently"


def at_the_table(*companions: str) -> Booking:
    return Booking(1, "arrived", NOW, HERE, len(companions) + 1, frozenset(companions))


def greeted_with(known: Dossier) -> list[str]:
    return [str(one) for one in card_of(deal(known), known, 1).greeting.beside]


def test_who_belongs_to_them_is_named_where_they_are_here() -> None:
    theirs = (Relation("Lena Koch", "partner"), Relation("Mia", "child", 7), Relation("Jun", "assistant"))
    assert greeted_with(dossier(relations=theirs)) == []
    assert greeted_with(dossier(relations=theirs, bookings=(at_the_table("lena", "Tom"),))) == [
        "Lena Koch (partner)"
    ]
    assert greeted_with(dossier(relations=theirs, moment=on(channel="phone"))) == ["Jun (assistant)"]


@checked
@given(severities=st.lists(st.sampled_from(["severe", "mild", ""]), max_size=6), evening=st.booleans())
def test_what_is_told_once_loses_no_severity_and_no_hour(severities: list[str], *, evening: bool) -> None:
    rows = [
        fact(pk, "safety", "Peanut", severity=severity, days=float(pk))
        for pk, severity in enumerate(severities, 1)
    ]
    rows += [
        fact(80, "like", "Espresso", dayparts=frozenset({"morning"})),
        fact(81, "like", "Espresso", dayparts=frozenset({"evening"} if evening else {"morning"})),
    ]
    told = gathered(rows)
    assert {one.severity for one in told if one.kind == "safety"} == set(severities)
    assert sum(one.kind == "like" for one in told) == 1 + evening
    assert sum(one.seen for one in told) == len(rows)


def test_seeing_again_does_not_replace_asking_about_safety() -> None:
    assert is_heard_again("like", "observed")
    assert not is_heard_again("safety", "observed")
    assert is_heard_again("safety", "confirmed")
    assert not is_heard_again("like", "contradicted")


@checked
@given(
    st.sampled_from(["Peanut allergy", "坚果过敏", "Milk"]),
    st.sampled_from(["Almond latte", "Satay", "拿铁"]),
)
def test_the_usual_and_what_was_taken_instead_pass_what_may_be_offered(allergy: str, item: str) -> None:
    had = tuple(Happening(n, ago(7 * n), venue=HERE, items=(item,)) for n in range(1, 7))
    known = dossier(fact(1, "safety", allergy, days=1), happenings=had)
    offered = today.may_offer(known, item)
    assert ("usual" in kinds(deal(known))) == offered


@checked
@given(st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.sampled_from([(2, 29), (12, 31), (1, 1)]))
def test_a_birthday_comes_round_once_a_year(at: date, day: tuple[int, int]) -> None:
    falls = [
        offset
        for offset in range(366)
        if habit.days_until(Anniversary(1, "birthday", *day), at + timedelta(days=offset)) == 0
    ]
    assert 1 <= len(falls) <= 2
    assert all(second - first >= 365 for first, second in itertools.pairwise(falls))


def test_a_first_visit_is_told_only_face_to_face() -> None:
    stranger = dossier(person=Person("Nia"))
    assert moment.is_first_visit(stranger)
    assert "first_visit" in kinds(deal(stranger))
    assert "first_visit" not in kinds(deal(dossier(person=Person("Nia"), moment=on(channel="phone"))))
