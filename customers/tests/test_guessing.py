"""Guessing: who may be meant where not every word fits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from customers.asking import ask
from customers.fits import NO_EVIDENCE, Candidate, Fit, Match, Source
from customers.guessing import evidence
from customers.matching import match


def matches(typed: str, *names: str) -> dict[int, Match]:
    question = ask(typed)
    everybody = (Candidate(n, (name,), 0, True, None) for n, name in enumerate(names))
    found = ((one.customer_id, match(question, one)) for one in everybody)
    return {customer: one for customer, one in found if one.fit != Fit.NOT}


def guessed(typed: str, *names: str) -> list[str]:
    """The names, those with most evidence first."""
    speaks = evidence(matches(typed, *names))
    return [names[customer] for customer in sorted(speaks, key=lambda one: -speaks[one])]


JACKS = ("Jack Moss", "Jack Tarrant", "Jack Ferris", "Jack Odell", "Jack Penrose")


def test_the_rarer_of_two_words_tells_more() -> None:
    assert guessed("jack shadbolt", *JACKS, "Deakin Shadbolt")[0] == "Deakin Shadbolt"


def test_a_word_that_is_nearly_right_beside_one_that_is_right_tells_most() -> None:
    howies = ("Oliver Howie", "Aurora Howie", "Roy Howie", "Blake Howie")

    assert guessed("riy howie", *howies)[0] == "Roy Howie"
    assert guessed("tazta hem", "Zed Hem", "Tara Hem", "Mo Hem")[0] == "Tara Hem"


def test_each_typo_costs() -> None:
    found = guessed("quentin malow", "Alexander Marlow", "Freya Malow", "Maud Maddow")

    assert found[0] == "Freya Malow"


def test_a_short_word_that_everybody_has_tells_nothing() -> None:
    assert guessed("dana xyzzy", "Dana Whitfield") == []
    assert guessed("dana xyzzy", "Dana Whitfield", "Dana Lowe") == []


def test_nobody_is_guessed_from_nobody() -> None:
    assert evidence({}) == {}


costs = st.lists(st.sampled_from([0.0, 0.5, 1.0, 1.5, 2.0, 3.0, NO_EVIDENCE]), min_size=2, max_size=2)


@given(st.lists(costs, min_size=1, max_size=12))
def test_whoever_is_nearer_in_every_word_has_no_less_evidence(everybody: list[list[float]]) -> None:
    found = {n: Match(Fit.LOOSE, Source.NAME, costs=tuple(one)) for n, one in enumerate(everybody)}

    speaks = evidence(found)

    assert set(speaks) == set(found)
    for one, mine in found.items():
        for other, theirs in found.items():
            if all(a <= b for a, b in zip(mine.costs, theirs.costs, strict=True)):
                assert speaks[one] >= speaks[other] >= 0
