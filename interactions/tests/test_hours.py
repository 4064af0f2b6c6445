"""When somebody may be told: moved out of quiet hours and into shifts, on every wall clock, never dropped."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from interactions import hours
from interactions.hours import Quiet, Stretch

LONDON = zoneinfo.ZoneInfo("Europe/London")
NAMES = sorted(zoneinfo.available_timezones() - {"Factory", "localtime"})
ZONES = st.sampled_from(NAMES).map(zoneinfo.ZoneInfo)
MOMENTS = st.datetimes(datetime(1975, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - wants naive bounds
CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
FOUR = time(4)


def in_london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@given(begins=CLOCKS, ends=CLOCKS, moment=MOMENTS, zone=ZONES)
def test_quiet_hours_move_and_end_within_two_days(
    begins: time, ends: time, moment: datetime, zone: zoneinfo.ZoneInfo
) -> None:
    if begins == ends:
        return
    moved = Quiet(begins, ends, zone).over_by(moment)
    assert moment <= moved <= moment + timedelta(days=2, hours=2)
    if moved != moment:
        clock = moment.astimezone(zone).time()
        assert (begins <= clock < ends) == (begins < ends)  # inside, also past midnight


def test_a_night_is_quiet_past_midnight() -> None:
    night = Quiet(time(22), time(7), LONDON)
    assert night.over_by(in_london("2026-05-12T23:30")) == in_london("2026-05-13T07:00")
    assert night.over_by(in_london("2026-05-13T06:59")) == in_london("2026-05-13T07:00")
    for free in ("2026-05-12T21:59", "2026-05-13T07:00"):
        assert night.over_by(in_london(free)) == in_london(free)


def test_a_night_shift_spans_the_change_of_clocks() -> None:
    duty = hours.shift_on(date(2026, 3, 28), time(22), time(6), FOUR, LONDON)
    assert duty.ends - duty.starts == timedelta(hours=7)  # the clocks go forward in it
    assert hours.shift_on(date(2026, 10, 24), time(22), time(6), FOUR, LONDON).ends == in_london(
        "2026-10-25T06:00"
    )


def test_what_starts_before_the_business_day_belongs_to_the_night_before() -> None:
    duty = hours.shift_on(date(2026, 5, 12), time(2), time(6), FOUR, LONDON)
    assert duty.starts == in_london("2026-05-13T02:00")


@given(
    now=MOMENTS,
    zone=ZONES,
    shifts=st.lists(
        st.tuples(CLOCKS, CLOCKS, st.lists(st.integers(0, 6), min_size=1, max_size=7)).filter(
            lambda shift: shift[0] != shift[1]
        ),
        max_size=3,
    ),
    quiet=st.none() | st.tuples(CLOCKS, CLOCKS).filter(lambda pair: pair[0] != pair[1]),
)
def test_there_is_always_a_moment_and_never_a_past_one(
    now: datetime,
    zone: zoneinfo.ZoneInfo,
    shifts: list[tuple[time, time, list[int]]],
    quiet: tuple[time, time] | None,
) -> None:
    work = hours.stretches(shifts, now.astimezone(zone).date(), FOUR, zone)
    chances = hours.slots(work, now, Quiet(*quiet, zone) if quiet else None)
    assert chances
    assert all(chance.send_at >= max(now, chance.shift) for chance in chances)
    assert chances[0].send_at <= now + timedelta(days=10)
    if quiet:
        assert all(Quiet(*quiet, zone).over_by(each.send_at) == each.send_at for each in chances)


def test_without_shifts_a_business_day_is_one() -> None:
    now = in_london("2026-05-12T23:00")
    first, second = hours.slots(hours.stretches([], date(2026, 5, 12), FOUR, LONDON), now, None)[:2]
    assert (first.shift, first.send_at) == (in_london("2026-05-12T04:00"), now)
    assert second.shift == second.send_at == in_london("2026-05-13T04:00")


def test_between_shifts_it_waits_for_the_next() -> None:
    work = hours.stretches([(time(6), time(14), range(5))], date(2026, 5, 15), FOUR, LONDON)  # a Friday
    (first, *_rest) = hours.slots(work, in_london("2026-05-15T15:00"), None)
    assert first.send_at == in_london("2026-05-18T06:00")


def test_what_is_over_is_no_chance() -> None:
    now = in_london("2026-05-12T14:00")
    over = Stretch(in_london("2026-05-12T06:00"), now)
    assert hours.slots([over], now, None) == []
