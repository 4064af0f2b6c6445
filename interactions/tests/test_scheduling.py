"""When something is due, on every wall clock there is."""

from __future__ import annotations

import calendar
import itertools
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta

import pytest
from borax.calendars.lunardate import LunarDate
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from customers import occasions
from customers.models import ImportantDate
from interactions import dates, scheduling
from interactions.scheduling import RuleError

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
# Zones that a wall clock can be read in; the others are notes of the database itself.
NAMES = sorted(zoneinfo.available_timezones() - {"Factory", "localtime"})
ZONES = st.sampled_from(NAMES).map(zoneinfo.ZoneInfo)
MOMENTS = st.datetimes(datetime(1975, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - wants naive bounds
DAYS = st.dates(date(1975, 1, 1), date(2060, 1, 1))
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


def wall(moment: datetime, zone: zoneinfo.ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def exists(naive: datetime, zone: zoneinfo.ZoneInfo) -> bool:
    return wall(naive.replace(tzinfo=zone).astimezone(UTC), zone) == naive


@given(day=DAYS, clock=CLOCKS, zone=ZONES)
def test_a_wall_clock_time_is_shown_where_it_exists_and_later_where_not(
    day: date, clock: time, zone: zoneinfo.ZoneInfo
) -> None:
    asked = datetime.combine(day, clock)
    shown = wall(scheduling.at_time(day, clock, zone), zone)
    assert shown == asked if exists(asked, zone) else shown > asked


@given(day=DAYS, clock=CLOCKS, zone=ZONES)
def test_a_time_that_comes_twice_means_the_first(day: date, clock: time, zone: zoneinfo.ZoneInfo) -> None:
    asked = datetime.combine(day, clock)
    second = asked.replace(tzinfo=zone, fold=1).astimezone(UTC)
    found = scheduling.at_time(day, clock, zone)
    if exists(asked, zone):
        assert found <= second


def test_the_changes_of_clocks_in_berlin() -> None:
    gone = scheduling.on_the_clock(datetime(2026, 3, 29, 2, 30), BERLIN)  # noqa: DTZ001 - a wall clock
    assert gone == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # half past three, summer time
    twice = scheduling.on_the_clock(datetime(2026, 10, 25, 2, 30), BERLIN)  # noqa: DTZ001 - a wall clock
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the first of the two, still summer time


@given(moment=MOMENTS, days=st.integers(-400, 400), zone=ZONES)
def test_days_later_keeps_the_wall_clock(moment: datetime, days: int, zone: zoneinfo.ZoneInfo) -> None:
    expected = wall(moment, zone) + timedelta(days=days)
    assume(exists(expected, zone))
    assert wall(scheduling.days_later(moment, days, zone), zone) == expected


@given(moment=MOMENTS, clock=CLOCKS, zone=ZONES)
def test_the_next_time_is_never_past_nor_two_days_off(
    moment: datetime, clock: time, zone: zoneinfo.ZoneInfo
) -> None:
    found = scheduling.next_time(moment, clock, zone)
    assert moment <= found < moment + timedelta(days=2, hours=2)


@given(now=MOMENTS, zone=ZONES)
def test_the_quick_choices_lie_ahead_in_order(now: datetime, zone: zoneinfo.ZoneInfo) -> None:
    soon, tomorrow = scheduling.in_an_hour(now, zone), scheduling.tomorrow_morning(now, zone)
    week = scheduling.next_week(now, zone)
    assert now < soon <= now + timedelta(hours=1)
    assert now < tomorrow <= week
    for moment in (tomorrow, week):
        if exists(wall(moment, zone).replace(hour=9, minute=0), zone):
            assert wall(moment, zone).time() == scheduling.MORNING
    assert week < now + timedelta(days=9)


@pytest.mark.parametrize(
    ("rule", "first", "days"),
    [
        ("FREQ=MONTHLY", date(2026, 1, 31), ["02-28", "03-31", "04-30", "05-31"]),
        ("FREQ=MONTHLY", date(2026, 1, 29), ["02-28", "03-29", "04-29", "05-29"]),
        ("FREQ=MONTHLY;INTERVAL=2", date(2027, 12, 31), ["02-29", "04-30", "06-30", "08-31"]),
        ("FREQ=YEARLY", date(2024, 2, 29), ["02-28", "02-28", "02-28", "02-29"]),
        ("FREQ=WEEKLY", date(2026, 3, 25), ["04-01", "04-08", "04-15", "04-22"]),
        ("FREQ=WEEKLY;INTERVAL=2", date(2026, 3, 25), ["04-08", "04-22", "05-06", "05-20"]),
        ("FREQ=DAILY", date(2026, 3, 28), ["03-29", "03-30", "03-31", "04-01"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", date(2026, 1, 30), ["02-27", "03-27", "04-24", "05-29"]),
    ],
)
def test_a_series_falls_on_these_days(rule: str, first: date, days: list[str]) -> None:
    due = scheduling.at_time(first, time(2, 30), BERLIN)
    rule = scheduling.anchored(rule, due, BERLIN)
    found = []
    for _each in days:
        following = scheduling.following(rule, due, due, BERLIN)
        assert following is not None
        due, rule = following
        found.append(f"{wall(due, BERLIN):%m-%d}")
    assert found == days


@given(
    first=DAYS,
    clock=CLOCKS,
    zone=ZONES,
    rule=st.sampled_from(
        [
            "FREQ=DAILY",
            "FREQ=WEEKLY",
            "FREQ=WEEKLY;INTERVAL=3",
            "FREQ=MONTHLY",
            "FREQ=YEARLY",
            "FREQ=MONTHLY;INTERVAL=6",
        ]
    ),
)
def test_a_series_never_drifts(first: date, clock: time, zone: zoneinfo.ZoneInfo, rule: str) -> None:
    assume(exists(datetime.combine(first, clock), zone))
    due = scheduling.at_time(first, clock, zone)
    anchored = scheduling.anchored(rule, due, zone)
    for _each in range(14):
        following = scheduling.following(anchored, due, due, zone)
        assert following is not None
        assert following[0] > due
        due, anchored = following
        if exists(datetime.combine(wall(due, zone).date(), clock), zone):
            assert wall(due, zone).time() == clock
        if rule.startswith(("FREQ=MONTHLY", "FREQ=YEARLY")) and wall(due, zone).time() == clock:
            shown = wall(due, zone).date()
            assert shown.day == min(first.day, calendar.monthrange(shown.year, shown.month)[1])


def test_what_was_late_is_one_thing_and_not_many() -> None:
    due = scheduling.at_time(date(2026, 5, 1), time(9), BERLIN)
    rule = scheduling.anchored("FREQ=DAILY", due, BERLIN)
    found = scheduling.following(rule, due, due + timedelta(days=9, hours=5), BERLIN)
    assert found is not None
    assert wall(found[0], BERLIN).date() == date(2026, 5, 11)


def test_a_count_and_an_end_come_to_an_end() -> None:
    due = scheduling.at_time(date(2026, 5, 1), time(9), BERLIN)
    rule: str = scheduling.anchored("FREQ=DAILY;COUNT=3", due, BERLIN)
    seen = 1
    while following := scheduling.following(rule, due, due, BERLIN):
        due, rule = following
        seen += 1
    assert seen == 3
    until = scheduling.anchored("FREQ=DAILY;UNTIL=20260502T120000", due, BERLIN)
    assert scheduling.following(until, due, due, BERLIN) is None


@pytest.mark.parametrize(
    ("until", "comes"),
    [
        ("20260502", True),  # a day is whole
        ("20260501", False),
        ("20260502T070000Z", True),  # nine in Berlin, in summer
        ("20260502T065959Z", False),
        ("20260502T090000", True),
        ("20260502T085959", False),
    ],
)
def test_an_end_is_meant_on_the_clock_of_the_venue(until: str, comes: bool) -> None:
    due = scheduling.at_time(date(2026, 5, 1), time(9), BERLIN)
    for anchor in (scheduling.anchored, scheduling.at_its_time):
        rule = anchor(f"FREQ=DAILY;UNTIL={until}", due, BERLIN)
        assert (scheduling.following(rule, due, due, BERLIN) is not None) is comes
        assert anchor(rule, due, BERLIN) == rule


@given(day=DAYS, clock=CLOCKS, zone=ZONES, ahead=st.integers(0, 20))
def test_an_end_in_utc_is_that_moment_everywhere(
    day: date, clock: time, zone: zoneinfo.ZoneInfo, ahead: int
) -> None:
    due = scheduling.at_time(day, clock, zone)
    last = scheduling.at_time(day + timedelta(days=ahead), clock, zone)
    assume(wall(last, zone) == datetime.combine(day + timedelta(days=ahead), clock) and last >= due)
    rule = scheduling.anchored(f"FREQ=DAILY;UNTIL={last:%Y%m%dT%H%M%SZ}", due, zone)
    found = [due]
    while following := scheduling.following(rule, found[-1], found[-1], zone):
        found.append(following[0])
    assert found[-1] == last


@given(
    first=DAYS,
    clock=CLOCKS,
    zone=ZONES,
    count=st.integers(1, 9),
    days=st.sets(st.sampled_from(WEEKDAYS), min_size=1),
)
def test_chosen_weekdays_come_so_many_times(
    first: date, clock: time, zone: zoneinfo.ZoneInfo, count: int, days: set[str]
) -> None:
    due = scheduling.at_time(first, clock, zone)
    assume(wall(due, zone) == datetime.combine(first, clock))
    rule = scheduling.anchored(f"FREQ=WEEKLY;COUNT={count};BYDAY={','.join(sorted(days))}", due, zone)
    seen = 1
    while following := scheduling.following(rule, due, due, zone):
        due, rule = following
        seen += 1
        if wall(due, zone).time() == clock:
            assert WEEKDAYS[wall(due, zone).weekday()] in days
    assert seen == count


def test_skipped_ones_count_too() -> None:
    due = scheduling.at_time(date(2026, 5, 1), time(9), BERLIN)
    rule = scheduling.anchored("FREQ=DAILY;COUNT=5", due, BERLIN)
    found = scheduling.following(rule, due, due + timedelta(days=2, hours=1), BERLIN)
    assert found is not None
    assert "COUNT=2" in found[1]
    assert scheduling.following(rule, due, due + timedelta(days=30), BERLIN) is None


@pytest.mark.parametrize(
    "rule",
    ["", "every day", "FREQ=HOURLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;COUNT=-1", "FREQ=DAILY;BYEASTER=1",
     "FREQ=WEEKLY;BYDAY=XX", "FREQ=MONTHLY;BYMONTHDAY=many", "FREQ=DAILY;INTERVAL=1001",
     "FREQ=DAILY;FREQ=WEEKLY", "FREQ=DAILY;UNTIL=soon", "FREQ=DAILY;UNTIL=20260532", "FREQ=DAILY;UNTIL=2026",
     # These would be looked for until the year 9999.
     "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", "FREQ=WEEKLY;BYMONTH=4;BYMONTHDAY=31", "FREQ=DAILY;BYSETPOS=2",
     "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
     "FREQ=MONTHLY;INTERVAL=2;BYMONTH=3", "FREQ=YEARLY;INTERVAL=1000"],
)  # fmt: skip
def test_a_rule_that_cannot_be_kept_is_refused(rule: str) -> None:
    with pytest.raises(RuleError):
        scheduling.parse(rule)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_rule_or_refused(text: str) -> None:
    try:
        parts = scheduling.parse(text)
    except RuleError:
        return
    assert parts["FREQ"] in scheduling.FREQUENCIES


@given(contact=MOMENTS, due=MOMENTS, zone=ZONES)
def test_a_cadence_counts_from_the_day_of_the_contact(
    contact: datetime, due: datetime, zone: zoneinfo.ZoneInfo
) -> None:
    asked = datetime.combine(wall(contact, zone).date(), wall(due, zone).time())
    assume(exists(asked, zone))
    assert wall(scheduling.from_contact(contact, due, zone), zone) == asked


@given(zone=ZONES, year=st.integers(1990, 2037), clock=CLOCKS)
def test_a_daily_series_goes_through_both_changes_of_clocks(
    zone: zoneinfo.ZoneInfo, year: int, clock: time
) -> None:
    noons = [datetime(year, 1, 1, 12, tzinfo=UTC) + timedelta(days=day) for day in range(370)]
    changes = [
        noon.astimezone(zone).date()
        for noon in noons
        if noon.astimezone(zone).utcoffset() != (noon - timedelta(days=1)).astimezone(zone).utcoffset()
    ]
    # A zone that has skipped a whole day (Samoa, 2011) has no clock at all on it.
    assume(all(exists(datetime.combine(day, time(12)), zone) for day in changes))
    for change in changes:
        due = scheduling.at_time(change - timedelta(days=3), clock, zone)
        rule = scheduling.anchored("FREQ=DAILY", due, zone)
        for ahead in range(-2, 4):
            day = change + timedelta(days=ahead)
            following = scheduling.following(rule, due, due, zone)
            assert following is not None
            due, rule = following
            assert due == scheduling.at_time(day, clock, zone)
            if exists(datetime.combine(day, clock), zone):
                assert wall(due, zone) == datetime.combine(day, clock)


def changes_of(zone: zoneinfo.ZoneInfo, year: int) -> list[date]:
    """The days of a year on which the clocks of a zone changed."""
    noons = [datetime(year, 1, 1, 12, tzinfo=UTC) + timedelta(days=day) for day in range(-1, 366)]
    shown = [noon.astimezone(zone) for noon in noons]
    return [
        after.date() for before, after in itertools.pairwise(shown) if before.utcoffset() != after.utcoffset()
    ]


@settings(max_examples=2)
@given(year=st.integers(2000, 2036), clock=st.sampled_from([time(0), time(1, 30), time(2, 30), time(23, 59)]))
def test_in_every_zone_there_is_a_series_keeps_its_clock_over_each_change(year: int, clock: time) -> None:
    """Not some zones by chance: all, at every change of the year, at hours that are skipped or doubled."""
    for name in NAMES:
        zone = zoneinfo.ZoneInfo(name)
        for change in changes_of(zone, year):
            due = scheduling.at_time(change - timedelta(days=2), clock, zone)
            for ahead in (-1, 0, 1):
                day = change + timedelta(days=ahead)
                following = scheduling.following("FREQ=DAILY;" + at(clock), due, due, zone)
                assert following is not None, (name, change)
                if exists(datetime.combine(day, clock), zone):
                    assert wall(following[0], zone) == datetime.combine(day, clock), (name, change)
                assert due < following[0] <= due + timedelta(hours=26), (name, change)
                due = following[0]


def at(clock: time) -> str:
    return f"BYHOUR={clock.hour};BYMINUTE={clock.minute}"


@given(month=st.integers(1, 12), day=st.integers(1, 30), year=st.integers(1960, 2060), zone=ZONES)
def test_a_lunar_day_comes_once_a_lunar_year_and_is_never_lost(
    month: int, day: int, year: int, zone: zoneinfo.ZoneInfo
) -> None:
    date_of = ImportantDate(month=month, day=day, calendar="lunar")
    due = dates.due_before(date_of, 3, datetime(year, 1, 1, tzinfo=UTC), zone)
    for _each in range(20):
        after = scheduling.days_later(due, 4, zone)
        following = dates.due_before(date_of, 3, after, zone)
        # A lunar year has twelve months or thirteen; the 30th of a short month falls a day sooner.
        assert timedelta(days=352) < following - due < timedelta(days=387)
        celebrated = wall(following, zone).date() + timedelta(days=3)
        lunar = LunarDate.from_solar_date(celebrated.year, celebrated.month, celebrated.day)
        assert (lunar.month, lunar.leap) == (month, 0)
        assert lunar.day == day or (lunar.day, day) == (29, 30)
        due = following


@given(
    month=st.integers(1, 12), day=st.integers(1, 30), after=MOMENTS, days=st.integers(0, 60), zone=ZONES,
    calendar_name=st.sampled_from(["lunar", "gregorian"]),
)  # fmt: skip
def test_so_many_days_before_a_date_is_a_morning_there(
    month: int, day: int, after: datetime, days: int, zone: zoneinfo.ZoneInfo, calendar_name: str
) -> None:
    assume(occasions.exists(month, day, calendar_name))
    date_of = ImportantDate(month=month, day=day, calendar=calendar_name)
    due = wall(dates.due_before(date_of, days, after, zone), zone)
    celebrated = due.date() + timedelta(days=days)
    asked = datetime.combine(due.date(), scheduling.MORNING)
    if exists(asked, zone):
        assert due == asked
        assert celebrated == occasions.next_day(month, day, calendar_name, after.astimezone(zone).date())
        assert celebrated >= after.astimezone(zone).date()


@pytest.mark.parametrize("first", [29, 30, 31])
@given(year=st.integers(1996, 2040), zone=ZONES)
def test_the_last_days_of_the_month_stay_the_last(first: int, year: int, zone: zoneinfo.ZoneInfo) -> None:
    due = scheduling.at_time(date(year, 1, first), time(12), zone)
    assume(wall(due, zone) == datetime(year, 1, first, 12))  # noqa: DTZ001 - a wall clock
    rule = scheduling.anchored("FREQ=MONTHLY", due, zone)
    for month in range(2, 13):
        following = scheduling.following(rule, due, due, zone)
        assert following is not None
        due, rule = following
        last = calendar.monthrange(year, month)[1]
        asked = datetime(year, month, min(first, last), 12)  # noqa: DTZ001 - a wall clock
        assert wall(due, zone) == asked or not exists(asked, zone)


@given(year=st.integers(1976, 2050), zone=ZONES)
def test_the_leap_day_falls_on_the_28th_between(year: int, zone: zoneinfo.ZoneInfo) -> None:
    leap = year - year % 4
    assume(calendar.isleap(leap))
    due = scheduling.at_time(date(leap, 2, 29), time(12), zone)
    rule = scheduling.anchored("FREQ=YEARLY", due, zone)
    for ahead in range(1, 5):
        following = scheduling.following(rule, due, due, zone)
        assert following is not None
        due, rule = following
        expected = 29 if calendar.isleap(leap + ahead) else 28
        assert wall(due, zone).date() == date(leap + ahead, 2, expected)


def test_a_yearly_rule_of_several_months_keeps_the_31st_in_those_that_lack_it() -> None:
    due = datetime(2026, 5, 31, 9, tzinfo=BERLIN)
    rule = scheduling.anchored("FREQ=YEARLY;BYMONTH=4,6", due, BERLIN)

    following = scheduling.following(rule, due, due, BERLIN)

    assert following is not None
    assert following[0].astimezone(BERLIN) == datetime(2026, 6, 30, 9, tzinfo=BERLIN)


def test_a_rule_that_its_first_day_keeps_from_coming_round_is_refused() -> None:
    with pytest.raises(scheduling.RuleError):
        scheduling.anchored(
            "FREQ=YEARLY;INTERVAL=2;BYMONTH=4,6", datetime(2026, 5, 31, 9, tzinfo=BERLIN), BERLIN
        )
