"""The numbers that managers read: that they are right, that they add up, and who may take them out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from customers.tests.factories import CustomerFactory, PreferenceFactory
from interactions.models import Interaction
from interactions.tests.factories import ComplaintFactory, FollowUpFactory, InteractionFactory
from reports import knowing, owing, visiting
from reports.catalogue import REPORTS
from reports.periods import Period
from reports.spreadsheet import as_csv, neutral
from reports.tables import Report, Row, share, summed, with_bars
from staff.business_days import business_day_of
from staff.models import AccessLog, Membership, Staff, Venue
from staff.tests.queries import assert_constant

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def period(venue: Venue) -> Period:
    """The ninety days up to a Sunday noon."""
    return Period(venue, 90, NOW)


def cells(report: Report) -> dict[str, list[Any]]:
    """The lines of a report by their name."""
    return {str(line[0]): list(line[1:]) for line in report.as_lines()}


def visits(venue: Venue, *ago: float, **fields: Any) -> None:
    """A customer of the venue who came so many days ago."""
    customer = CustomerFactory.create(home_venue=venue)
    for days in ago:
        InteractionFactory.create(customer=customer, venue=venue, occurred_at=NOW - days * DAY, **fields)


def assert_adds_up(report: Report) -> None:
    """Fail unless every column of counts is the sum of its rows."""
    assert report.total
    for column, total in enumerate(report.total.cells):
        parts = [row.cells[column] for row in report.rows]
        if isinstance(total, int):
            assert sum(int(part or 0) for part in parts) == total


def test_return_rate(venue: Venue, elsewhere: Venue, period: Period) -> None:
    visits(venue, 1)
    visits(venue, 1, 2)
    visits(venue, 1, 8, 15, 22)
    visits(venue, *range(9))
    visits(venue, 200, 201)
    visits(elsewhere, 1, 2)
    visits(venue, 3, kind=Interaction.Kind.CALL)

    report = visiting.return_rate(period)

    assert cells(report) == {
        "on one day": [1, 1],
        "on 2 to 3 days": [1, 2],
        "on 4 to 7 days": [1, 4],
        "on 8 days or more": [1, 9],
        "Everybody who came": [4, 16],
    }
    assert [headline.value for headline in report.headlines] == ["75%", "2"]
    assert_adds_up(report)


def test_twice_on_one_business_day_is_no_return(venue: Venue, period: Period) -> None:
    customer = CustomerFactory.create(home_venue=venue)
    for hour in (datetime(2026, 11, 20, 22, 0, tzinfo=UTC), datetime(2026, 11, 21, 3, 30, tzinfo=UTC)):
        InteractionFactory.create(customer=customer, venue=venue, occurred_at=hour)

    assert cells(visiting.return_rate(period))["on one day"] == [1, 2]


def test_what_happens_after_now_or_before_the_period_does_not_count(venue: Venue, period: Period) -> None:
    visits(venue, -1)
    InteractionFactory.create(venue=venue, occurred_at=period.start - timedelta(seconds=1))
    InteractionFactory.create(venue=venue, occurred_at=period.start)

    assert cells(visiting.return_rate(period))["Everybody who came"] == [1, 1]


def test_weekly_visits(venue: Venue, period: Period) -> None:
    visits(venue, 0, 6, 7)
    first = CustomerFactory.create(
        home_venue=venue, visit_count=1, first_visit_at=NOW - DAY, last_visit_at=NOW - DAY
    )
    InteractionFactory.create(customer=first, venue=venue, occurred_at=NOW - DAY)

    report = visiting.weekly_visits(period)

    assert [list(row.cells) for row in report.rows][-2:] == [[1, 0, 1], [3, 1, 2]]
    assert len(report.rows) == 13
    assert report.rows[-1].label == "16 November 2026"
    assert_adds_up(report)


def test_an_early_hour_belongs_to_the_week_before(venue: Venue, period: Period) -> None:
    monday_at_three = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)
    InteractionFactory.create(venue=venue, occurred_at=monday_at_three)

    assert [row.cells[0] for row in visiting.weekly_visits(period).rows][-2:] == [1, 0]


@pytest.mark.parametrize("starts", [time(0), time(4), time(5, 30)])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Pacific/Chatham"])
def test_the_database_and_the_venue_agree_on_the_business_day(venue: Venue, zone: str, starts: time) -> None:
    Venue.objects.filter(pk=venue.pk).update(time_zone=zone, business_day_starts=starts)
    venue.refresh_from_db()
    # Across both changes of the clocks, in steps that hit each hour of the day.
    moments = [datetime(2026, 3, 7, 0, 29, tzinfo=UTC) + timedelta(hours=7 * step) for step in range(900)]
    customer = CustomerFactory.create(home_venue=venue)
    Interaction.objects.bulk_create(
        Interaction(customer=customer, venue=venue, occurred_at=moment) for moment in moments
    )

    days = dict(
        Interaction.objects.annotate(day=business_day_of("occurred_at", venue)).values_list(
            "occurred_at", "day"
        )
    )

    assert days == {moment: venue.business_day(moment) for moment in moments}


def promise(venue: Venue, due: timedelta, ended: timedelta | None = None, **fields: Any) -> None:
    """A promise of the venue due so long ago, and kept so long ago."""
    if ended is not None:
        fields = {"state": "done", "ended_at": NOW - ended, **fields}
    FollowUpFactory.create(customer__home_venue=venue, due_at=NOW - due, created_at=NOW - 300 * DAY, **fields)


def test_promises_kept(venue: Venue, period: Period) -> None:
    promise(venue, 5 * DAY, 6 * DAY)
    promise(venue, 5 * DAY, 5 * DAY)
    promise(venue, 5 * DAY, 4 * DAY)
    promise(venue, 5 * DAY)
    promise(venue, 5 * DAY, 5 * DAY, state="cancelled", outcome="They changed their mind")
    promise(venue, -5 * DAY)
    promise(venue, 300 * DAY)
    promise(venue, 5 * DAY, 6 * DAY, kind="reminder")

    report = owing.promises_kept(period)

    assert cells(report) == {
        "kept on time": [2],
        "kept late": [1],
        "called off, with a reason": [1],
        "not kept yet": [1],
        "All that fell due": [5],
    }
    assert report.headlines[0].value == "50%"
    assert_adds_up(report)


def test_putting_a_promise_off_does_not_make_it_punctual(venue: Venue, period: Period) -> None:
    promise(venue, 1 * DAY, 2 * DAY, snoozed_from=NOW - 5 * DAY)

    assert cells(owing.promises_kept(period))["kept late"] == [1]


def complaint(venue: Venue, opened: float, took: float | None = None, **fields: Any) -> None:
    """A complaint opened so many days ago, put right after so many hours."""
    if took is not None:
        resolved = NOW - opened * DAY + timedelta(hours=took)
        fields = {"state": "resolved", "resolved_at": resolved, **fields}
    ComplaintFactory.create(customer__home_venue=venue, opened_at=NOW - opened * DAY, **fields)


def test_recovery_time(venue: Venue, period: Period) -> None:
    for took in (1, 2, 9):
        complaint(venue, 10, took)
    complaint(venue, 10, category="wait")
    complaint(venue, 10, 4, category="wait")
    complaint(venue, 10, state="closed", closed_at=NOW, category="wait")
    complaint(venue, 200)

    report = owing.recovery_time(period)

    assert cells(report) == {
        "wait": [3, 1, 1, 1, 4.0],
        "quality": [3, 0, 3, 0, 2.0],
        "All complaints": [6, 1, 4, 1, 3.0],
    }
    assert_adds_up(report)


def test_open_complaints_count_however_old_they_are(venue: Venue, period: Period) -> None:
    complaint(venue, 200)
    complaint(venue, 200, state="closed", closed_at=NOW)

    assert owing.recovery_time(period).headlines[0].value == "1"


def test_what_we_know(
    venue: Venue, period: Period, manager: Staff, membership_of: Callable[[Staff], Membership]
) -> None:
    customer = CustomerFactory.create(home_venue=venue)
    for ago, fields in (
        (10, {}),
        (100, {}),
        (400, {}),
        (400, {"confirmed_at": NOW - DAY}),
        (1, {"retired_at": NOW, "retired_why": "moved"}),
        (1, {"kind": "safety"}),
    ):
        PreferenceFactory.create(customer=customer, recorded_at=NOW - ago * DAY, **fields)

    report = knowing.what_we_know(period, membership_of(manager))

    assert cells(report)["like"] == [4, 2, 1, 1]
    assert cells(report)["safety"] == [1, 1, 0, 0]
    assert report.headlines[0].value == "20%"
    assert_adds_up(report)


def test_what_only_managers_elsewhere_may_know_is_not_even_counted(
    venue: Venue,
    elsewhere: Venue,
    period: Period,
    manager: Staff,
    membership_of: Callable[[Staff], Membership],
) -> None:
    customer = CustomerFactory.create(home_venue=venue)
    PreferenceFactory.create(customer=customer, discretion="managers_only", venue=venue)
    PreferenceFactory.create(customer=customer, discretion="managers_only", venue=elsewhere)

    assert cells(knowing.what_we_know(period, membership_of(manager)))["Everything"][0] == 1


def test_archived_customers_are_not_counted(
    venue: Venue, period: Period, manager: Staff, membership_of: Callable[[Staff], Membership]
) -> None:
    gone = CustomerFactory.create(home_venue=venue, status="archived", archived_at=NOW)
    PreferenceFactory.create(customer=gone)

    assert knowing.what_we_know(period, membership_of(manager)).is_empty


@pytest.mark.parametrize(
    ("text", "days"),
    [("30", 30), ("365", 365), ("", 90), ("31", 90), ("x", 90), ("９０", 90), ("9" * 40, 90)],
)
def test_the_period(venue: Venue, text: str, days: int) -> None:
    assert Period.read(text, venue, NOW).days == days


def test_the_period_starts_when_the_business_day_does(venue: Venue) -> None:
    period = Period(venue, 30, datetime(2026, 11, 22, 3, 0, tzinfo=UTC))

    assert (period.first_day, period.last_day) == (date(2026, 10, 23), date(2026, 11, 21))
    assert period.start == datetime(2026, 10, 23, 3, 0, tzinfo=UTC)  # four o'clock, in summer


# Who may read and take out


def test_who_may_read(as_desk: Client, as_concierge: Client, as_manager: Client, as_owner: Client) -> None:
    for path in ("/reports/", "/reports/return-rate.csv"):
        answers = [c.get(path).status_code for c in (as_desk, as_concierge, as_manager, as_owner)]
        assert answers == [403, 403, 200, 200]


def test_strangers_and_visitors(as_stranger: Client, anonymous: Client) -> None:
    for path in ("/reports/", "/reports/return-rate.csv"):
        assert as_stranger.get(path).status_code == 403
        assert anonymous.get(path)["Location"].startswith("/accounts/login/")
    assert not AccessLog.objects.exists()


def test_the_file_has_the_numbers_of_the_page(as_manager: Client, venue: Venue, manager: Staff) -> None:
    customer = CustomerFactory.create(home_venue=venue)
    for days in (0, 1):
        InteractionFactory.create(customer=customer, venue=venue, occurred_at=timezone.now() - days * DAY)

    answer = as_manager.get("/reports/return-rate.csv?days=30")
    page = as_manager.get("/reports/?days=30")

    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    shown = page.context["reports"][0]
    assert lines == [list(shown.headings), *([str(cell) for cell in line] for line in shown.as_lines())]
    assert lines[-1] == ["Everybody who came", "1", "2"]
    assert "harbour-cafe-return-rate-" in answer["Content-Disposition"]


def test_that_it_was_taken_out_is_written_down(as_manager: Client, manager: Staff, venue: Venue) -> None:
    as_manager.get("/reports/")
    assert not AccessLog.objects.exists()

    as_manager.get("/reports/recovery-time.csv")

    line = AccessLog.objects.get()
    assert (line.staff, line.venue, line.action, line.subject) == (manager, venue, "exported", "report")
    assert line.detail == "recovery-time, 90 days, CSV"


def test_a_report_that_does_not_exist(as_manager: Client) -> None:
    assert as_manager.get("/reports/nonsense.csv").status_code == 404


def test_an_empty_house_has_reports_too(as_manager: Client) -> None:
    page = as_manager.get("/reports/").content.decode()

    assert page.count("Nothing to count in this period yet.") == len(REPORTS)


def test_the_page_costs_the_same_with_many_rows(as_manager: Client, venue: Venue, manager: Staff) -> None:
    def add() -> None:
        customer = CustomerFactory.create(home_venue=venue)
        InteractionFactory.create(customer=customer, venue=venue)
        FollowUpFactory.create(customer=customer)
        ComplaintFactory.create(customer=customer)
        PreferenceFactory.create(customer=customer)

    assert_constant(as_manager, "/reports/", add)
    for slug in REPORTS:
        assert_constant(as_manager, f"/reports/{slug}.csv", add)


# The pure parts


@pytest.mark.parametrize(
    "formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1+1", '=HYPERLINK("x")']
)
def test_a_formula_is_taken_for_text(formula: str) -> None:
    (line,) = list(csv.reader(io.StringIO(as_csv([formula], []).decode("utf-8-sig"), newline="")))

    assert line == [f"'{formula}"]


def test_numbers_stay_numbers() -> None:
    assert as_csv(["a", "b"], [[-1, 2.5], [None, "x"]]).decode("utf-8-sig") == "a,b\r\n-1,2.5\r\n,x\r\n"


@given(st.text())
def test_no_text_begins_like_a_formula(text: str) -> None:
    cell = str(neutral(text))

    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell in {text, f"'{text}"}


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1))
def test_sums_and_bars(numbers: list[tuple[int, int]]) -> None:
    rows = [Row("", pair) for pair in numbers]

    assert summed("", rows).cells == [sum(a for a, _ in numbers), sum(b for _, b in numbers)]
    bars = [row.bar for row in with_bars(rows)]
    assert max(bars) == (100 if any(a for a, _ in numbers) else 0)
    assert all(0 <= bar <= 100 for bar in bars)


def test_a_share_of_nothing() -> None:
    assert (share(1, 3), share(0, 3), share(0, 0)) == ("33%", "0%", "–")
