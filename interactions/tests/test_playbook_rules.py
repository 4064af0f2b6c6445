"""What a playbook may make of an occasion: properties that hold whatever the occasions are."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given
from hypothesis import strategies as st

from customers.freshness import Freshness
from interactions import contact_hours, playbook_rules
from interactions.cues.dossier import Fact
from interactions.cues.reach import within
from interactions.playbook_rules import LOOKS_BACK, MADE, WEEK, Came, Plan, Standing

NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
ZONES = sorted(name for name in available_timezones() if "/" in name)


def between(first: str, last: str) -> st.SearchStrategy[datetime]:
    """Aware moments from one day to another."""
    naive = datetime.fromisoformat
    return st.datetimes(naive(first), naive(last), timezones=st.just(UTC))


moments = between("2025-01-01", "2027-12-31")
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
zones = st.sampled_from(ZONES).map(ZoneInfo)
occasions = st.lists(
    st.builds(
        Came,
        customer=st.integers(1, 3),
        key=st.uuids().map(str),
        at=between("2026-05-01", "2026-06-01"),
        owed=st.booleans(),
    ),
    max_size=25,
)
standings = st.builds(
    Standing,
    open_cases=st.frozensets(st.integers(1, 2)),
    allowed=st.frozensets(st.sampled_from(["phone", "sms", "email"])),
    refused=st.frozensets(st.sampled_from(["phone", "sms", "email"])),
    made=st.lists(moments, max_size=3).map(tuple),
)
plans = st.builds(
    Plan,
    text=st.sampled_from(["Wish them a happy birthday", "Send a bottle of wine", "Ask how they are"]),
    way=st.sampled_from(["", "phone", "sms", "email"]),
    writes=st.booleans(),
)


def fact(kind: str, value: str) -> Fact:
    return Fact(id=1, kind=kind, value=value, recorded_at=NOW, fresh=Freshness(1.0, "sure"))


GUARDS = [
    fact("avoid", "No alcohol"),
    fact("avoid", "Do not mention the birthday"),
    fact("safety", "Wine makes her ill"),
    fact("avoid", "No sports talk"),
]


@given(plans, occasions, st.dictionaries(st.integers(1, 3), standings), st.integers(1, 4))
def test_never_more_in_any_week_than_the_cap(
    plan: Plan, came: list[Came], known: dict[int, Standing], cap: int
) -> None:
    made = {pk: list(standing.made) for pk, standing in known.items()}
    for each in playbook_rules.judge(plan, came, known, cap=cap, zone=LONDON):
        mine = made.setdefault(each.came.customer, [])
        if each.outcome == MADE:
            assert sum(1 for at in mine if each.came.at - WEEK < at <= each.came.at) < cap
            mine.append(each.came.at)


@given(plans, occasions, st.dictionaries(st.integers(1, 3), standings), st.sampled_from(GUARDS))
def test_a_fact_more_never_makes_more(
    plan: Plan, came: list[Came], known: dict[int, Standing], guard: Fact
) -> None:
    guarded = {
        pk: Standing(
            (*known.get(pk, Standing()).guards, guard),
            known.get(pk, Standing()).open_cases,
            known.get(pk, Standing()).allowed,
            known.get(pk, Standing()).refused,
        )
        for pk in (1, 2, 3)
    }
    for each in came:
        before = playbook_rules.decide(plan, each, known.get(each.customer, Standing()), 99, NOW)
        after = playbook_rules.decide(plan, each, guarded[each.customer], 99, NOW)
        assert after != MADE or before in {MADE, "cap"}


@given(occasions, st.sampled_from(GUARDS[:3]), st.booleans())
def test_what_touches_a_guard_is_never_made(came: list[Came], guard: Fact, writes: bool) -> None:
    plan = Plan(text="Send a bottle of wine for the birthday", way="email" if writes else "", writes=writes)
    guarded = {pk: Standing(guards=(guard,), allowed=frozenset({"email"})) for pk in (1, 2, 3)}
    for each in playbook_rules.judge(plan, came, guarded, cap=99, zone=LONDON, now=NOW):
        assert each.outcome == ("safety" if guard.kind == "safety" else "avoid")


@given(plans, occasions, st.dictionaries(st.integers(1, 3), standings))
def test_nothing_goes_a_way_they_refused_or_past_a_complaint(
    plan: Plan, came: list[Came], known: dict[int, Standing]
) -> None:
    for each in playbook_rules.judge(plan, came, known, cap=99, zone=LONDON):
        if each.outcome == MADE:
            standing = known.get(each.came.customer, Standing())
            assert plan.way not in standing.refused
            assert not plan.writes or plan.way in standing.allowed
            assert not standing.open_cases
            assert not each.came.owed


def test_the_complaint_that_it_is_about_does_not_hold_it() -> None:
    plan, came = Plan(text="Ask whether it is good now"), Came(1, "complaint:7", NOW, complaint=7)
    assert playbook_rules.decide(plan, came, Standing(open_cases=frozenset({7})), 1, NOW) == MADE
    assert playbook_rules.decide(plan, came, Standing(open_cases=frozenset({7, 8})), 1, NOW) == "complaint"


def test_not_asked_is_no_leave_to_write() -> None:
    came, silent = Came(1, "first", NOW), Standing()
    assert playbook_rules.decide(Plan(text="Hello", way="email"), came, silent, 1, NOW) == MADE
    assert (
        playbook_rules.decide(Plan(text="Hello", way="email", writes=True), came, silent, 1, NOW) == "refusal"
    )


def test_a_birthday_by_two_calendars_is_one() -> None:
    plan = Plan(text="Wish them well")
    days = [Came(1, f"birthday:{n}", NOW + timedelta(days=n), once_a_year=True) for n in (0, 20, 365)]
    told = playbook_rules.judge(plan, days, {}, cap=9, zone=LONDON)
    assert [each.outcome for each in told] == [MADE, "again", MADE]


@given(moments, st.integers(0, 365), clocks, zones)
def test_due_at_its_time_of_day_and_never_before_the_occasion(
    came_at: datetime, days: int, clock: time, zone: ZoneInfo
) -> None:
    plan = Plan(text="x", due_days=days, due_time=clock)
    due = playbook_rules.due_at(came_at, plan, zone)
    assert due >= came_at
    earliest = came_at.astimezone(zone).date() + timedelta(days=days)
    # A day later when the time of day was over; where clocks went forward over midnight, one more.
    assert earliest <= due.astimezone(zone).date() <= earliest + timedelta(days=2)


@given(moments, st.lists(st.timedeltas(timedelta(0), timedelta(days=60)), min_size=1, max_size=8))
def test_however_rarely_somebody_looks_nothing_is_left_out(on: datetime, gaps: list[timedelta]) -> None:
    looked, now = None, on
    covered = on
    for gap in gaps:
        now += gap
        since, until = playbook_rules.window(on, looked, now)
        assert on <= since <= until == now
        assert since <= covered, "a stretch between two looks was not looked at"
        covered, looked = until, now
    assert covered == now


@given(moments, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_what_is_entered_late_is_still_seen(on: datetime, gap: timedelta) -> None:
    looked = on + timedelta(days=40)
    since, _until = playbook_rules.window(on, looked, looked + gap)
    assert since == looked - LOOKS_BACK


@given(
    moments, zones, st.lists(st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1]), max_size=2)
)
def test_the_next_allowed_moment_is_allowed(
    moment: datetime, zone: ZoneInfo, windows: list[contact_hours.Hours]
) -> None:
    at = contact_hours.next_allowed(moment, zone, windows)
    if at is None:
        assert len(windows) == 2
        return
    assert at >= moment
    assert all(within(hours, at.astimezone(zone).time()) for hours in windows)
    minute = moment
    while minute < min(at, moment + timedelta(hours=3)):
        clock = minute.astimezone(zone).time().replace(tzinfo=None)
        assert not all(within(hours, clock) for hours in windows), "it could have gone out earlier"
        minute += timedelta(minutes=7)


def test_windows_with_nothing_in_common() -> None:
    nine, noon, two, four = (time(hour) for hour in (9, 12, 14, 16))
    assert contact_hours.next_allowed(NOW, LONDON, [(nine, noon), (two, four)]) is None
    assert contact_hours.next_allowed(NOW, LONDON, [(two, four)]) == datetime(2026, 5, 12, 13, tzinfo=UTC)
