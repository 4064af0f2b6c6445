"""The usual, by example and in general."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from interactions.cues.usual import History, ItemStats, due, instead, predict

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


def test_it_is_time_for_a_thing_after_its_usual_pause() -> None:
    monthly = [120.0, 90.0, 60.0]
    after = {days: due([*(one + days - 30 for one in monthly), float(days)]) for days in (1, 15, 37, 90, 400)}
    assert after[1] < after[15] < after[37] > after[90] > after[400]
    assert due([9.0, 9.0]) > due([9.0])


def test_a_thing_had_once_stands_behind_one_had_twice() -> None:
    assert names(weekly(("tea",), ("tea", "cake"), ("cake", "pie")), at=FRIDAY)[-1] == "pie"


def test_a_pause_like_the_one_before_brings_the_same_visit_back() -> None:
    """Twice a day: a filling on the way, then lunch an hour later."""
    history = [
        visit
        for days in range(9, 0, -1)
        for visit in (
            (FRIDAY - timedelta(days=days), "here", ("roll",)),
            (FRIDAY - timedelta(days=days) + timedelta(hours=1), "here", ("soup",)),
        )
    ]
    again = [*history, (FRIDAY, "here", ("roll",))]
    soon = {one.item: one.score for one in predict(again, at=FRIDAY + timedelta(hours=1))}
    later = {one.item: one.score for one in predict(again, at=FRIDAY + timedelta(hours=23))}
    assert soon["soup"] / soon["roll"] > later["soup"] / later["roll"]


def test_times_with_and_without_an_offset_may_be_mixed() -> None:
    bare = [(when.replace(tzinfo=None), where, had) for when, where, had in weekly(("tea",), ("tea", "bun"))]
    assert names(bare, at=FRIDAY) == names(weekly(("tea",), ("tea", "bun")), at=FRIDAY)
    mixed = [*bare, *weekly(("tea",))]
    assert names(mixed, at=FRIDAY.replace(tzinfo=None))[0] == "tea"


def test_a_single_run_of_visits_is_one_customers_history() -> None:
    visits = weekly(("tea",), ("tea", "bun"), ("tea",))
    assert ItemStats.from_histories(visits) == ItemStats.from_histories([visits])
    assert ItemStats.from_histories(iter([iter(visits)])) == ItemStats.from_histories([visits])  # type: ignore[arg-type]  # others may pass iterators
    assert ItemStats.from_histories([]) == ItemStats.from_histories([[]]) == ItemStats()


def test_equal_scores_are_told_in_one_order_whatever_they_are() -> None:
    assert names([(FRIDAY, None, frozenset({"1", 1, ("a",), None}))]) == [("a",), 1, "1", None]


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
@given(HISTORIES, st.integers(0, 12), st.integers(-400, 400))
def test_nothing_but_the_order_of_items_in_a_visit_and_the_zone_may_differ(
    history: History, k: int, days: int
) -> None:
    """Moving everything in time, saying an item twice and turning a basket round change nothing."""
    house = ItemStats.from_histories([history])
    told = predict(history, venue="x", at=FRIDAY, stats=house, k=k)
    moved = [
        (when + timedelta(weeks=days), where, (*reversed(tuple(had)), *had)) for when, where, had in history
    ]
    again = predict(moved, venue="x", at=FRIDAY + timedelta(weeks=days), stats=house, k=k)
    assert [(one.item, one.confidence) for one in told] == [(one.item, one.confidence) for one in again]
    assert ItemStats.from_histories([moved]) == house


@settings(deadline=None, max_examples=60)
@given(HISTORIES, st.permutations(range(3)), st.integers(-500, 500))
def test_any_moment_and_any_place_give_finite_scores(history: History, order: list[int], days: int) -> None:
    at = (FRIDAY + timedelta(days=days), None, FRIDAY.replace(tzinfo=None))[order[0]]
    for one in predict(
        history[:: -1 if order[1] else 1], venue=(None, "x", 7)[order[2]], at=at, k=-order[0] + 9
    ):
        assert 0 < one.score < float("inf")
        assert 0 <= one.confidence < 1


@settings(deadline=None, max_examples=60)
@given(st.lists(HISTORIES, max_size=4))
def test_the_house_is_counted_within_bounds(histories: list[History]) -> None:
    house = ItemStats.from_histories(histories)
    assert 0 <= house.average <= 1
    for item, buyers in house.buyers.items():
        assert 0 < buyers <= len(histories)
        assert house.repeats.get(item, 0) <= house.chances[item]
        assert 0 < house.rebuy_rate(item) < 1
        assert 0 <= house.return_rate(item) <= 1


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
