"""The greeting line, the ways to reach somebody, and the words of days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from django.utils import translation

from interactions.cues.deal import deal
from interactions.cues.dossier import Contact, Happening, Person
from interactions.cues.greeting import address
from interactions.cues.reach import reach, within
from interactions.cues.render import card_of, language_name, say_day
from interactions.cues.words import Day
from interactions.tests.cues.dossiers import HERE, ago, dossier, fact, on

TODAY = date(2026, 5, 13)


@pytest.mark.parametrize(
    ("person", "said"),
    [
        (Person("Dana", "Dana Whitfield", form_of_address="Ms"), "Ms Whitfield"),
        (Person("Dana", "Dana Whitfield", form_of_address="Ms Whitfield"), "Ms Whitfield"),
        (Person("Lei", "Wang Lei", "王磊", form_of_address="先生", language="zh"), "王先生"),
        (Person("静", "欧阳静", form_of_address="女士", language="zh"), "欧阳女士"),
        (Person("Lei", "Wang Lei", form_of_address="Mr", language="zh-Hans"), "Mr Wang"),
        (Person("Dana", "Dana", form_of_address="Dr"), "Dr"),
        (Person("Dana", "Dana Whitfield"), ""),
    ],
)
def test_the_form_of_address_follows_the_order_of_the_language(person: Person, said: str) -> None:
    assert address(person) == said


def question(**more: object) -> str:
    known = dossier(**more)  # type: ignore[arg-type]  # passed on as given
    with translation.override("en"):
        return card_of(deal(known), known, 1).greeting.question


def test_there_is_an_open_question_where_there_is_nothing_to_say() -> None:
    assert question(happenings=(Happening(1, ago(20), venue=HERE),)) == "How has your week been?"
    assert question(person=Person("Nia")) == "What would make today a good visit?"
    assert question(moment=on("leaving")) == ""


def test_who_wants_no_small_talk_is_asked_nothing() -> None:
    quiet = dossier(fact(1, "style", "No small talk"))
    assert card_of(deal(quiet), quiet, 1).greeting.question == ""


def test_a_style_that_was_only_observed_is_not_in_the_greeting() -> None:
    seen = dossier(fact(1, "style", "Talks fast", status="observed"))
    assert card_of(deal(seen), seen, 1).greeting.style == ()


def test_the_end_of_a_visit_gives_them_somebody_to_ask_for() -> None:
    leaving = dossier(moment=on("leaving"), contacts=(Contact("phone", sms="yes"),))
    with translation.override("en"):
        cue = next(cue for cue in card_of(deal(leaving), leaving, 1).cues if cue.kind == "closing")
    assert "Sam, 12" in cue.text
    assert "text message" in cue.why


def test_during_a_visit_somebody_asks_how_it_is_going() -> None:
    during = dossier(moment=on("during"))
    assert "check" in [cue.kind for cue in card_of(deal(during), during, 1).cues]
    assert "check" not in [cue.kind for cue in card_of(deal(dossier()), dossier(), 1).cues]


def test_not_asked_is_neither_allowed_nor_refused() -> None:
    assert reach(dossier(contacts=(Contact("phone"),))) == ((), ())


def test_one_yes_outdoes_a_no_on_another_number() -> None:
    both = (Contact("phone", calls="no", sms="no"), Contact("phone", calls="yes"))
    assert reach(dossier(contacts=both)) == (("phone",), ("sms",))


@pytest.mark.parametrize(
    ("hours", "at", "fits"),
    [
        ((time(14), time(17)), time(14), True),
        ((time(14), time(17)), time(17), False),
        ((time(22), time(2)), time(1), True),
        ((time(22), time(2)), time(12), False),
        (None, time(3), True),
    ],
)
def test_hours_may_run_past_midnight(hours: tuple[time, time] | None, at: time, *, fits: bool) -> None:
    assert within(hours, at) is fits


@pytest.mark.parametrize(
    ("on_day", "said"),
    [
        (TODAY, "today"),
        (date(2026, 5, 12), "yesterday"),
        (date(2026, 5, 14), "tomorrow"),
        (date(2026, 5, 10), "Sunday"),
        (date(2026, 3, 8), "March 8"),
        (date(2023, 2, 20), "February 2023"),
    ],
)
def test_days_are_said_by_how_far_they_are(on_day: date, said: str) -> None:
    with translation.override("en"):
        assert say_day(Day(on_day, TODAY)) in {said, "8 March"}


def test_languages_are_called_by_name() -> None:
    with translation.override("en"):
        assert [language_name(code) for code in ("de", "zh-CN", "en-GB", "xx", "")] == [
            "German", "Chinese", "British English", "xx", "",
        ]  # fmt: skip


def test_the_business_day_and_the_parts_of_the_day_are_the_venues() -> None:
    late = on(now=datetime(2026, 5, 13, 1, 30, tzinfo=UTC))
    assert late.today == date(2026, 5, 12)
    assert late.daypart == "night"
    assert on(now=datetime(2026, 5, 13, 6, 0, tzinfo=UTC)).daypart == "morning"


@pytest.mark.parametrize(
    ("person", "said"),
    [
        (Person("Frau Koch", "Renate Koch", form_of_address="Frau", language="de"), ["Renate Koch"]),
        (Person("王磊", "王磊", "王磊", form_of_address="先生", language="zh"), ["王先生"]),
        (Person("Dana", "Dana Whitfield", "", form_of_address="Ms"), ["Dana Whitfield", "Ms Whitfield"]),
    ],
)
def test_no_way_to_call_them_is_said_twice(person: Person, said: list[str]) -> None:
    hello = deal(dossier(person=person)).greeting
    assert [one for one in (hello.full_name, hello.native_name, hello.address) if one] == said
