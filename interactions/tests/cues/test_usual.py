"""The usual, by example and in general."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from interactions.cues.usual import History, ItemStats, instead, predict

FRIDAY = datetime(2026, 5, 15, 8, 30, tzinfo=UTC)


def weekly(*baskets: tuple[str, ...], venue: str = "here") -> History:
    """Visits on Fridays, the last one a week ago."""
    return [
        (FRIDAY - timedelta(weeks=len(baskets) - place), venue, items) for place, items in enumerate(baskets)
    ]


def names(history: History, **more: object) -> list[object]:
    return [one.item for one in predict(history, **more)]  # type: ignore[arg-type]  # passed on as given


def test_nobody_is_told_a_usual_before_they_came() -> None:
    assert predict([]) == []


def test_what_is_had_more_stands_first() -> None:
    assert names(weekly(("tea", "bun"), ("tea",), ("tea",))) == ["tea", "bun"]


def test_what_is_had_lately_stands_before_what_was_had_long_ago() -> None:
    history = [
        (FRIDAY - timedelta(days=300), "here", ("soup",)),
        (FRIDAY - timedelta(days=3), "here", ("salad",)),
    ]
    assert names(history, at=FRIDAY) == ["salad", "soup"]


def test_a_thing_had_alone_tells_more_than_one_of_many() -> None:
    crowd = tuple(f"thing {number}" for number in range(30))
    assert names(weekly((*crowd, "bread"), ("coffee",), (*crowd[:1],)))[-1] != "coffee"
    assert (
        names([(FRIDAY, "here", ("coffee",)), (FRIDAY, "here", ("bread", *crowd))], at=FRIDAY)[0] == "coffee"
    )


def test_what_is_had_here_stands_before_what_is_had_elsewhere() -> None:
    history = sorted([*weekly(("tea",), ("tea",), venue="there"), *weekly(("beer",))])
    assert names(history, venue="here")[0] == "beer"
    assert names(history, venue="there")[0] == "tea"


def test_what_people_come_back_for_breaks_a_tie() -> None:
    house = ItemStats.from_histories([weekly(("bun",), ("bun",), ("bun",)), weekly(("tea",), (), ())])
    assert names(weekly(("tea", "bun")), stats=house) == ["bun", "tea"]
    assert house.rebuy_rate("bun") > house.rebuy_rate("tea")
    assert house.return_rate("bun") > house.return_rate("tea")
    assert (house.buyers["bun"], house.repeats["bun"], house.chances["bun"]) == (1, 2, 2)


def test_the_evidence_is_told_in_words() -> None:
    history = weekly(*[("oat flat white",)] * 9, ("soy flat white",))
    best = predict(history, at=FRIDAY)[0]
    assert (best.item, str(best.evidence)) == ("oat flat white", "9 of the last 10 Fridays")
    assert str(predict(history)[0].evidence) == "9 of the last 10 visits"


def test_the_weekday_is_told_only_where_it_says_more() -> None:
    tuesdays = [(when - timedelta(days=3), where, ("tea",)) for when, where, _had in weekly(*[("x",)] * 8)]
    fridays = weekly(*[("beer",)] * 8)
    best = {one.item: one for one in predict(sorted([*tuesdays, *fridays]), at=FRIDAY)}
    assert str(best["beer"].evidence) == "8 of the last 8 Fridays"
    assert best["tea"].evidence.weekday is None


def test_confidence_grows_with_evidence() -> None:
    few, many = (predict(weekly(*[("tea",)] * count))[0].confidence for count in (1, 10))
    assert few < 0.7 < many < 1


def test_instead_is_what_they_took_without_the_usual_latest_first() -> None:
    history = weekly(("tea",), ("cocoa",), ("tea",), ("chai",), ("tea", "bun"))
    assert [item for item, _at in instead(history, ["tea"])] == ["chai", "cocoa"]


def test_it_runs_without_a_framework() -> None:
    program = "import sys, interactions.cues.usual as u; u.predict([]); sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0


ITEMS = st.lists(st.sampled_from("abcdefgh"), max_size=5).map(tuple)
HISTORIES = st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["x", "y"]), ITEMS), max_size=15).map(
    lambda rows: [
        (FRIDAY - timedelta(days=days), where, had) for days, where, had in sorted(rows, reverse=True)
    ]
)


@settings(deadline=None, max_examples=60)
@given(HISTORIES, st.integers(0, 12))
def test_it_ranks_each_item_had_once_best_first(history: History, k: int) -> None:
    ranked = predict(history, venue="x", at=FRIDAY, k=k)
    had = {item for _at, _where, items in history for item in items}
    assert len(ranked) == min(k, len(had))
    assert len({one.item for one in ranked}) == len(ranked)
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)
    for one in ranked:
        assert one.item in had
        assert 0 <= one.confidence < 1
        assert 0 <= one.evidence.hits <= one.evidence.visits <= 10
