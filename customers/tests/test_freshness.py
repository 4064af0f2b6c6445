"""How sure we still are of a remembered thing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.freshness import Freshness, freshness

TOLD = datetime(2024, 1, 1, 9, tzinfo=UTC)
KINDS = st.sampled_from(["need", "like", "dislike", "avoid", "style", "topic"])
LATER = st.integers(min_value=0, max_value=6000).map(
    lambda days: TOLD + timedelta(days=days, hours=days % 24)
)
HEARD = st.lists(LATER, max_size=5)
HALF_LIVES = st.none() | st.integers(min_value=1, max_value=4000)


def judged(now: datetime, **told: Any) -> Freshness:
    """The freshness of a like that was told on the first day, with what the test says differently."""
    facts: dict[str, Any] = {
        "kind": "like",
        "category": "",
        "status": "stated",
        "recorded_at": TOLD,
        "confirmations": [],
        "contradictions": [],
        "half_life_days": None,
    }
    return freshness(**{**facts, **told}, now=now)


def after(days: float) -> datetime:
    """So many days after it was told."""
    return TOLD + timedelta(days=days)


def test_it_is_certain_when_told_even_at_the_half_life_and_unlikely_long_after() -> None:
    assert judged(TOLD).probability == 1
    assert judged(after(365)).probability == pytest.approx(0.5)
    assert judged(after(5 * 365)).probability == pytest.approx(0.25)


def test_stability_is_where_nine_of_ten_still_hold() -> None:
    stability = 365 * 19 / 243
    assert judged(after(stability)).probability == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("days", "label"), [(0, "sure"), (126, "sure"), (128, "fading"), (364, "fading"), (366, "ask")]
)
def test_the_word_follows_the_probability(days: int, label: str) -> None:
    assert judged(after(days)).label == label


@pytest.mark.parametrize(
    ("kind", "category", "days"),
    [
        ("topic", "", 120),
        ("style", "", 1095),
        ("like", "seating", 180),
        ("like", "座位", 180),
        ("need", "Size", 540),
    ],
)
def test_each_kind_and_category_has_its_half_life(kind: str, category: str, days: int) -> None:
    assert judged(after(days), kind=kind, category=category).probability == pytest.approx(0.5)


def test_the_rows_own_half_life_wins() -> None:
    assert judged(after(10), category="seating", half_life_days=10).probability == pytest.approx(0.5)


def test_observed_is_less_sure_than_told_until_it_is_confirmed() -> None:
    assert judged(TOLD, status="observed").probability == pytest.approx(0.8)
    assert judged(after(9), status="observed", confirmations=[after(9)]).probability == 1


def test_a_confirmation_after_long_stretches_the_half_life_more_than_one_at_once() -> None:
    late = judged(after(400 + 365), confirmations=[after(400)]).probability
    early = judged(after(1 + 365), confirmations=[after(1)]).probability
    assert late > early > judged(after(365)).probability


def test_a_contradiction_is_a_question_until_it_is_confirmed() -> None:
    denied = [after(10)]
    assert judged(after(10), contradictions=denied).label == "ask"
    settled = judged(after(11), contradictions=denied, confirmations=[after(11)])
    assert settled == Freshness(1.0, "sure")


def test_what_was_contradicted_once_fades_faster_after_it_is_confirmed_again() -> None:
    confirmed = [after(11)]
    doubted = judged(after(200), contradictions=[after(10)], confirmations=confirmed).probability
    assert doubted < judged(after(200), confirmations=confirmed).probability


@pytest.mark.parametrize("status", ["expired", "refuted"])
def test_what_no_longer_holds_has_no_chance(status: str) -> None:
    assert judged(TOLD, status=status) == Freshness(0.0, "ask")


@pytest.mark.parametrize("status", ["stated", "confirmed"])
def test_safety_never_decays_and_is_asked_after_its_interval(status: str) -> None:
    assert judged(after(365), kind="safety", status=status) == Freshness(1.0, "sure")
    assert judged(after(366), kind="safety", status=status) == Freshness(1.0, "ask")


def test_safety_is_asked_by_its_own_interval() -> None:
    assert judged(after(31), kind="safety", half_life_days=30).label == "ask"
    assert judged(after(400), kind="safety", half_life_days=500).label == "sure"


def test_a_confirmed_safety_fact_is_sure_for_another_interval() -> None:
    assert judged(after(700), kind="safety", confirmations=[after(400)]).label == "sure"
    assert judged(after(766), kind="safety", confirmations=[after(400)]).label == "ask"


@pytest.mark.parametrize(
    "doubt",
    [{"status": "observed"}, {"severity": "ask"}, {"contradictions": [TOLD]}],
    ids=["only observed", "to be asked every time", "contradicted"],
)
def test_a_doubtful_safety_fact_is_asked_from_the_first_day(doubt: dict[str, Any]) -> None:
    assert judged(TOLD, kind="safety", **doubt).label == "ask"


def test_what_is_heard_later_does_not_count_yet() -> None:
    assert judged(after(100), confirmations=[after(101)], contradictions=[after(102)]) == judged(after(100))


@given(
    kind=KINDS,
    half_life=HALF_LIVES,
    confirmed=HEARD,
    denied=HEARD,
    days=st.integers(0, 6000),
    more=st.integers(0, 3000),
)
def test_time_alone_never_makes_us_surer(
    *,
    kind: str,
    half_life: int | None,
    confirmed: list[datetime],
    denied: list[datetime],
    days: int,
    more: int,
) -> None:
    now = max([after(days), *confirmed, *denied])
    told = {"kind": kind, "half_life_days": half_life, "confirmations": confirmed, "contradictions": denied}
    earlier, later = judged(now, **told), judged(now + timedelta(days=more), **told)
    assert later.probability <= earlier.probability
    order = ["ask", "fading", "sure"]
    assert order.index(later.label) <= order.index(earlier.label)


@given(kind=KINDS, half_life=HALF_LIVES, confirmed=HEARD, denied=HEARD, once_more=LATER, now=LATER)
def test_one_more_confirmation_never_makes_us_less_sure(
    *,
    kind: str,
    half_life: int | None,
    confirmed: list[datetime],
    denied: list[datetime],
    once_more: datetime,
    now: datetime,
) -> None:
    told = {"kind": kind, "half_life_days": half_life, "contradictions": denied}
    before = judged(now, confirmations=confirmed, **told).probability
    assert judged(now, confirmations=[*confirmed, once_more], **told).probability >= before - 1e-9


@given(kind=KINDS, half_life=HALF_LIVES, confirmed=HEARD, denied=HEARD, once_more=LATER, now=LATER)
def test_one_more_contradiction_never_makes_us_surer(
    *,
    kind: str,
    half_life: int | None,
    confirmed: list[datetime],
    denied: list[datetime],
    once_more: datetime,
    now: datetime,
) -> None:
    told = {"kind": kind, "half_life_days": half_life, "confirmations": confirmed}
    before = judged(now, contradictions=denied, **told).probability
    assert judged(now, contradictions=[*denied, once_more], **told).probability <= before + 1e-9


@given(kind=KINDS | st.just("safety"), confirmed=HEARD, denied=HEARD, now=LATER)
def test_a_probability_is_one_and_the_order_of_hearing_does_not_matter(
    kind: str, confirmed: list[datetime], denied: list[datetime], now: datetime
) -> None:
    found = judged(now, kind=kind, confirmations=confirmed, contradictions=denied)
    assert 0 < found.probability <= 1
    assert found == judged(now, kind=kind, confirmations=confirmed[::-1], contradictions=denied[::-1])
