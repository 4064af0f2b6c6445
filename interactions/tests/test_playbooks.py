"""What playbooks make of what really happened, against the database."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from customers.models import Customer
from customers.tests.factories import (
    ContactPointFactory,
    CustomerFactory,
    ImportantDateFactory,
    PreferenceFactory,
)
from interactions import opinions, playbook_occasions, playbooks, promises, recovery
from interactions.models import (
    ContactRules,
    CustomerMessage,
    FollowUp,
    Interaction,
    Playbook,
    PlaybookDeed,
)
from interactions.tests.factories import (
    ComplaintFactory,
    FeedbackFactory,
    InteractionFactory,
    PlaybookFactory,
    VisitFactory,
)
from staff.models import Membership, Staff, Venue

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
MembershipOf = Callable[[Staff], Membership]


@pytest.fixture
def thanks(venue: Venue) -> Playbook:
    """Thanks for a first visit, on since a month ago."""
    return PlaybookFactory.create(
        venue=venue, name="Thank a first visit", on_since=NOW - 30 * DAY, due_days=1
    )


def first_visit(venue: Venue, at: datetime, **fields: Any) -> Customer:
    """Somebody who was here once."""
    person = CustomerFactory.create(
        home_venue=venue, visit_count=1, first_visit_at=at, last_visit_at=at, **fields
    )
    InteractionFactory.create(customer=person, occurred_at=at)
    return person


def outcomes() -> list[str]:
    return list(PlaybookDeed.objects.order_by("came_at", "pk").values_list("outcome", flat=True))


def test_a_first_visit_is_thanked_for(venue: Venue, thanks: Playbook) -> None:
    person = first_visit(venue, NOW - timedelta(hours=2))
    assert playbooks.run_all(NOW) == 1
    owed = FollowUp.objects.get()
    assert (owed.customer, owed.venue, owed.text) == (person, venue, "Thank them for their first visit")
    assert (owed.kind, owed.origin, owed.role) == ("playbook", "playbook", "front_desk")
    # A day after the next nine o'clock in London.
    assert owed.due_at == owed.next_dispatch_at == datetime(2026, 5, 13, 8, tzinfo=UTC)
    assert owed.deed.playbook == thanks


def test_looking_twice_makes_it_once(venue: Venue, thanks: Playbook) -> None:
    first_visit(venue, NOW - timedelta(hours=2))
    assert [playbooks.run_all(NOW), playbooks.run_all(NOW), playbooks.run_all(NOW + DAY)] == [1, 0, 0]
    Playbook.objects.update(looked_until=None)
    assert playbooks.run_all(NOW) == 0


@pytest.mark.django_db(transaction=True)
def test_looked_at_by_two_at_once_it_is_made_once(venue: Venue) -> None:
    PlaybookFactory.create(venue=venue, on_since=NOW - 30 * DAY)
    for n in range(5):
        first_visit(venue, NOW - timedelta(hours=2 + n))

    def look(_n: int) -> int:
        try:
            return playbooks.run_all(NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(look, range(8))) == 5
    assert FollowUp.objects.count() == PlaybookDeed.objects.count() == 5


def test_the_database_refuses_a_second_deed(venue: Venue, thanks: Playbook) -> None:
    person = first_visit(venue, NOW)
    deed = {"playbook": thanks, "customer": person, "occasion": "first", "came_at": NOW, "outcome": "made"}
    PlaybookDeed.objects.create(**deed)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaybookDeed.objects.create(**deed)


def test_nothing_of_before_it_was_on_and_nothing_left_out_after(venue: Venue) -> None:
    PlaybookFactory.create(venue=venue, on_since=NOW - 40 * DAY)
    first_visit(venue, NOW - 41 * DAY)
    late = first_visit(venue, NOW - 39 * DAY)
    # Nobody looked for forty days; it is made, and long overdue.
    assert playbooks.run_all(NOW) == 1
    owed = FollowUp.objects.get()
    assert owed.customer == late
    assert owed.due_at is not None
    assert owed.due_at < NOW - 30 * DAY


def test_what_was_logged_late_is_still_made(venue: Venue, thanks: Playbook) -> None:
    assert playbooks.run_all(NOW) == 0
    first_visit(venue, NOW - 3 * DAY)
    assert playbooks.run_all(NOW + timedelta(hours=1)) == 1


@pytest.mark.parametrize(
    ("kind", "value", "outcome"),
    [("avoid", "No birthday wishes", "avoid"), ("safety", "Candles on a birthday cake", "safety")],
)
def test_what_touches_an_avoid_or_a_safety_fact_is_held(
    venue: Venue, kind: str, value: str, outcome: str
) -> None:
    PlaybookFactory.create(
        venue=venue, on_since=NOW - DAY, occasion="date", date_kind="birthday", text="Happy birthday wishes"
    )
    held, free = (CustomerFactory.create(home_venue=venue) for _each in range(2))
    for person in (held, free):
        ImportantDateFactory.create(customer=person, month=5, day=12)
    PreferenceFactory.create(
        customer=held, kind=kind, value=value, discretion="managers_only", recorded_at=NOW - DAY
    )
    assert playbooks.run_all(NOW) == 1
    assert FollowUp.objects.get().customer == free
    assert PlaybookDeed.objects.get(customer=held).outcome == outcome
    assert PlaybookDeed.objects.get(customer=held).follow_up is None


def test_an_open_complaint_holds_it(venue: Venue, thanks: Playbook) -> None:
    person = first_visit(venue, NOW - timedelta(hours=2))
    ComplaintFactory.create(customer=person)
    assert playbooks.run_all(NOW) == 0
    assert outcomes() == ["complaint"]


def test_a_way_they_refuse_holds_it(venue: Venue, thanks: Playbook) -> None:
    Playbook.objects.update(way="phone")
    refuses, allows = (first_visit(venue, NOW - timedelta(hours=n)) for n in (3, 2))
    ContactPointFactory.create(customer=refuses, calls="no")
    ContactPointFactory.create(customer=allows, calls="unknown")
    assert playbooks.run_all(NOW) == 1
    assert outcomes() == ["refusal", "made"]


def test_a_cap_over_all_playbooks_and_a_week(venue: Venue, thanks: Playbook) -> None:
    ContactRules.objects.create(venue=venue, weekly_cap=1)
    PlaybookFactory.create(venue=venue, name="Again", on_since=NOW - 30 * DAY)
    person = first_visit(venue, NOW - timedelta(hours=2))
    assert playbooks.run_all(NOW) == 1
    assert sorted(outcomes()) == ["cap", "made"]
    VisitFactory.create(customer=person, state="no_show", expected_at=NOW + 8 * DAY)
    PlaybookFactory.create(venue=venue, name="Missed", occasion="no_show", on_since=NOW)
    assert playbooks.run_all(NOW + 9 * DAY) == 1


def test_only_for_whom_it_is_meant(venue: Venue, thanks: Playbook) -> None:
    Playbook.objects.update(tag="vip", min_visits=1)
    first_visit(venue, NOW - timedelta(hours=2))
    meant = first_visit(venue, NOW - timedelta(hours=3), tags=["vip"])
    first_visit(venue, NOW - timedelta(hours=3), tags=["vip"], status="archived", archived_at=NOW)
    assert playbooks.run_all(NOW) == 1
    assert FollowUp.objects.get().customer == meant


def test_a_visit_that_only_managers_may_know_of_makes_nothing(venue: Venue, thanks: Playbook) -> None:
    first_visit(venue, NOW - timedelta(hours=2))
    Interaction.objects.update(discretion="managers_only")
    assert playbooks.run_all(NOW) == 0


def test_another_venue_is_none_of_its_business(venue: Venue, elsewhere: Venue, thanks: Playbook) -> None:
    first_visit(elsewhere, NOW - timedelta(hours=2))
    assert playbooks.run_all(NOW) == 0


# Each kind of occasion: what has to have happened, and what must not have.


def came(venue: Venue, **fields: Any) -> list[tuple[int, datetime]]:
    """What a playbook finds in the last day."""
    playbook = PlaybookFactory.build(venue=venue, **fields)
    return [(each.customer, each.at) for each in playbook_occasions.came(playbook, NOW - DAY, NOW)]


def visited(person: Customer, *days: float, **fields: Any) -> None:
    """Visits so many days ago, counted."""
    for ago in days:
        InteractionFactory.create(customer=person, occurred_at=NOW - ago * DAY, **fields)
    Customer.objects.filter(pk=person.pk).update(
        visit_count=len(days), first_visit_at=NOW - max(days) * DAY, last_visit_at=NOW - min(days) * DAY
    )


def test_not_seen_for_some_days(venue: Venue, elsewhere: Venue) -> None:
    away, back, elsewhere_since, not_yet = (CustomerFactory.create(home_venue=venue) for _each in range(4))
    visited(away, 30.5, 60)
    visited(back, 30.5, 2)
    visited(elsewhere_since, 30.5)
    InteractionFactory.create(customer=elsewhere_since, venue=elsewhere, occurred_at=NOW - 5 * DAY)
    visited(not_yet, 29.5)
    assert came(venue, occasion="away", days=30) == [(away.pk, NOW - 0.5 * DAY)]


def test_who_came_back_since_counts_in_the_trial_of_then(venue: Venue) -> None:
    person = CustomerFactory.create(home_venue=venue)
    visited(person, 50, 1)
    playbook = PlaybookFactory.build(venue=venue, occasion="away", days=30)
    (found,) = playbook_occasions.came(playbook, NOW - 30 * DAY, NOW)
    assert (found.customer, found.at) == (person.pk, NOW - 20 * DAY)


def test_not_seen_for_twice_their_rhythm(venue: Venue) -> None:
    drifting, steady, rare, often = (CustomerFactory.create(home_venue=venue) for _each in range(4))
    visited(drifting, 40.5, 30.5, 20.5)  # every ten days
    visited(steady, 30, 20, 10)
    visited(rare, 40.5, 20.5)  # two visits are no rhythm
    visited(often, 5.5, 4.5, 3.5)  # every day, but fourteen days at least
    assert came(venue, occasion="rhythm", days=14) == [(drifting.pk, NOW - 0.5 * DAY)]


def test_a_complaint_that_was_put_right(venue: Venue) -> None:
    mended = ComplaintFactory.create(
        customer__home_venue=venue, state="resolved", opened_at=NOW - 3 * DAY, resolved_at=NOW - 2.5 * DAY
    )
    ComplaintFactory.create(
        customer__home_venue=venue,
        state="checked",
        opened_at=NOW - 3 * DAY,
        resolved_at=NOW - 2.5 * DAY,
        checked_at=NOW - DAY,
    )
    assert came(venue, occasion="mended", days=2) == [(mended.customer_id, NOW - 0.5 * DAY)]


def test_a_mended_complaint_is_asked_about_once(
    venue: Venue, manager: Staff, membership_of: MembershipOf
) -> None:
    """Whoever put it right owes the question already; when that was called off, the playbook asks."""
    PlaybookFactory.create(
        venue=venue, occasion="mended", days=2, text="Ask whether it is good now", on_since=NOW
    )
    member = membership_of(manager)
    cases = [ComplaintFactory.create(customer__home_venue=venue, opened_at=NOW) for _each in range(2)]
    for case in cases:
        recovery.resolve(case.pk, member, now=NOW + timedelta(minutes=1), seen="heard", note="Money back")
    called_off = cases[0].follow_ups.get()
    promises.cancel(called_off.pk, member, now=NOW + DAY, reason="Called by mistake")
    playbooks.run_all(NOW + 2 * DAY + timedelta(hours=1))
    assert dict(PlaybookDeed.objects.values_list("customer", "outcome")) == {
        cases[0].customer_id: "made",
        cases[1].customer_id: "owed",
    }
    # It belongs to the recovery, whose next step ends it.
    recovery.check(cases[0].pk, member, now=NOW + 3 * DAY, seen="resolved", reaction="good")
    assert not FollowUp.objects.open().filter(customer=cases[0].customer_id).exists()


def test_a_low_score_that_nobody_answered(venue: Venue, desk: Staff, membership_of: MembershipOf) -> None:
    low, fine, answered = (
        FeedbackFactory.create(customer__home_venue=venue, score=score, at=NOW - 1.5 * DAY)
        for score in (2, 4, 1)
    )
    opinions.answer(answered.pk, membership_of(desk), now=NOW - DAY, words="Called")
    assert came(venue, occasion="low_score", days=1) == [(low.customer_id, NOW - 0.5 * DAY)]
    assert fine.customer_id != low.customer_id


def test_so_long_after_something_was_done(venue: Venue) -> None:
    tested, tested_again, other = (CustomerFactory.create(home_venue=venue) for _each in range(3))
    visited(tested, 180.5, items=["Patch test", "Cut"])
    visited(tested_again, 180.5, items=["Patch Test"])
    InteractionFactory.create(customer=tested_again, occurred_at=NOW - 3 * DAY, summary="new patch test")
    visited(other, 180.5, items=["Cut"])
    found = came(venue, occasion="had", days=180, words="patch test")
    assert found == [(tested.pk, NOW - 0.5 * DAY)]


def test_who_did_not_come(venue: Venue) -> None:
    missed = VisitFactory.create(
        customer__home_venue=venue, state="no_show", expected_at=NOW - timedelta(hours=4)
    )
    VisitFactory.create(customer__home_venue=venue, state="cancelled", expected_at=NOW - timedelta(hours=4))
    assert came(venue, occasion="no_show") == [(missed.customer_id, NOW - timedelta(hours=4))]


MIDNIGHT = datetime(2026, 5, 11, 23, tzinfo=UTC)  # on the clock of London


def test_a_date_comes_so_many_days_ahead_on_the_venues_clock(venue: Venue) -> None:
    on_the_day = ImportantDateFactory.create(customer__home_venue=venue, month=5, day=12)
    ahead = ImportantDateFactory.create(customer__home_venue=venue, month=5, day=26)
    ImportantDateFactory.create(customer__home_venue=venue, month=5, day=12, kind="anniversary")
    ImportantDateFactory.create(month=5, day=12)
    assert came(venue, occasion="date", date_kind="birthday") == [(on_the_day.customer_id, MIDNIGHT)]
    assert came(venue, occasion="date", date_kind="birthday", days=14) == [(ahead.customer_id, MIDNIGHT)]


def test_a_lunar_birthday_comes_on_its_day_of_this_year(venue: Venue) -> None:
    # 12 May 2026 is the 26th of the third lunar month.
    lunar = ImportantDateFactory.create(customer__home_venue=venue, month=3, day=26, calendar="lunar")
    assert came(venue, occasion="date", date_kind="birthday") == [(lunar.customer_id, MIDNIGHT)]


def test_a_birthday_known_twice_is_one(venue: Venue) -> None:
    PlaybookFactory.create(venue=venue, occasion="date", date_kind="birthday", on_since=NOW - DAY)
    person = CustomerFactory.create(home_venue=venue)
    ImportantDateFactory.create(customer=person, month=5, day=12)
    ImportantDateFactory.create(customer=person, month=5, day=12, label="her 40th")
    ImportantDateFactory.create(customer=person, month=5, day=14)
    assert playbooks.run_all(NOW) + playbooks.run_all(NOW + 3 * DAY) == 1
    FollowUp.objects.update(state="done", ended_at=NOW)
    assert playbooks.run_all(NOW + 366 * DAY) == 1


@pytest.mark.parametrize(("born", "today"), [((2, 29), datetime(2026, 2, 28, 9, tzinfo=UTC))])
def test_the_29th_of_february_falls_on_the_28th(venue: Venue, born: tuple[int, int], today: datetime) -> None:
    leap = ImportantDateFactory.create(customer__home_venue=venue, month=born[0], day=born[1])
    playbook = PlaybookFactory.build(venue=venue, occasion="date", date_kind="birthday")
    found = playbook_occasions.came(playbook, today - DAY, today)
    assert [each.customer for each in found] == [leap.customer_id]


def test_every_year_since_the_first_visit(venue: Venue) -> None:
    two_years, today, other = (CustomerFactory.create(home_venue=venue) for _each in range(3))
    for person, first in (
        (two_years, datetime(2024, 5, 11, 23, 30, tzinfo=UTC)),  # the 12th in London
        (today, NOW - timedelta(hours=1)),
        (other, datetime(2025, 5, 14, tzinfo=UTC)),
    ):
        Customer.objects.filter(pk=person.pk).update(visit_count=1, first_visit_at=first, last_visit_at=first)
    assert came(venue, occasion="yearly") == [(two_years.pk, MIDNIGHT)]


# What managers do with them.


def test_a_trial_lists_what_it_would_have_made_and_writes_nothing(venue: Venue) -> None:
    first = first_visit(venue, NOW - 20 * DAY)
    held = first_visit(venue, NOW - 10 * DAY)
    ComplaintFactory.create(customer=held)
    first_visit(venue, NOW - 31 * DAY)
    found = playbooks.trial(PlaybookFactory.build(venue=venue), NOW)
    assert (found.made, found.held) == (1, 1)
    assert [(person, row.outcome) for row, person in found.rows] == [(held, "complaint"), (first, "made")]
    assert not FollowUp.objects.exists()
    assert not PlaybookDeed.objects.exists()


def test_a_trial_of_one_that_is_on_says_what_it_made(venue: Venue, thanks: Playbook) -> None:
    first_visit(venue, NOW - timedelta(hours=2))
    assert playbooks.run_all(NOW) == 1
    assert playbooks.trial(thanks, NOW).made == 1


def test_it_is_switched_on_from_now_on(venue: Venue, manager: Staff, membership_of: MembershipOf) -> None:
    playbook, member = PlaybookFactory.create(venue=venue), membership_of(manager)
    first_visit(venue, NOW - DAY)
    event = playbooks.switch(playbook.pk, member, on=True, now=NOW)
    assert event is not None
    assert playbooks.switch(playbook.pk, member, on=True, now=NOW) is None
    assert playbooks.run_all(NOW + timedelta(hours=1)) == 0
    first_visit(venue, NOW + timedelta(hours=2))
    assert playbooks.run_all(NOW + timedelta(hours=3)) == 1
    assert not playbooks.undo(event, member).is_on
    first_visit(venue, NOW + timedelta(hours=4))
    assert playbooks.run_all(NOW + timedelta(hours=5)) == 0


def test_a_change_is_kept_and_taken_back(venue: Venue, manager: Staff, membership_of: MembershipOf) -> None:
    playbook, member = PlaybookFactory.create(venue=venue, text="Thank them"), membership_of(manager)
    playbook.text, playbook.due_time = "Write a card", time(17)
    event = playbooks.keep(playbook, member, seen=0)
    assert event is not None
    with pytest.raises(playbooks.ChangedError):
        playbooks.keep(playbook, member, seen=0)
    assert playbooks.undo(event, member).text == "Thank them"
    with pytest.raises(playbooks.ChangedError):
        playbooks.undo(event, member)


def test_another_venues_playbook_is_not_there(
    elsewhere: Venue, manager: Staff, membership_of: MembershipOf
) -> None:
    theirs = PlaybookFactory.create(venue=elsewhere)
    with pytest.raises(Playbook.DoesNotExist):
        playbooks.switch(theirs.pk, membership_of(manager), on=True, now=NOW)


def test_one_that_writes_to_customers_is_signed(
    venue: Venue, manager: Staff, membership_of: MembershipOf
) -> None:
    playbook = PlaybookFactory.create(venue=venue, text="", role="", template="thanks")
    member = membership_of(manager)
    with pytest.raises(playbooks.UnsignedError):
        playbooks.switch(playbook.pk, member, on=True, now=NOW)
    Staff.objects.filter(pk=manager.pk).update(badge_number="204")
    playbooks.switch(playbook.pk, membership_of(manager), on=True, now=NOW)
    allows, unasked = (first_visit(venue, NOW + timedelta(hours=1)) for _each in range(2))
    ContactPointFactory.create(customer=allows, kind="email", value="dana@example.com", email="yes")
    ContactPointFactory.create(customer=unasked, kind="email", value="tom@example.com")
    assert playbooks.run_all(NOW + timedelta(hours=2)) == 1
    message = CustomerMessage.objects.get()
    assert (message.customer, message.to, message.approved_by) == (allows, "dana@example.com", manager)
    assert message.signature == "Morgan, staff number 204, Harbour Café"
    assert message.deed is not None
    assert message.deed.playbook == playbook
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize("people", [1, 20])
def test_it_asks_as_much_of_the_database_for_one_as_for_twenty(
    venue: Venue, thanks: Playbook, people: int, django_assert_max_num_queries: Any
) -> None:
    for n in range(people):
        PreferenceFactory.create(customer=first_visit(venue, NOW - timedelta(hours=1 + n)))
    with django_assert_max_num_queries(12):
        assert playbooks.trial(thanks, NOW).made == people


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"occasion": "weather"},
        {"way": "bird"},
        {"role": "king"},
        {"text": ""},
        {"template": "thanks"},
        {"occasion": "date"},
        {"occasion": "had"},
        {"occasion": "away", "days": 0},
        {"days": 9999},
        {"switched_on_at": NOW},
    ],
)
def test_the_database_refuses(venue: Venue, wrong: dict[str, Any]) -> None:
    playbook = PlaybookFactory.create(venue=venue)
    with pytest.raises(IntegrityError), transaction.atomic():
        Playbook.objects.filter(pk=playbook.pk).update(**wrong)


def test_the_database_refuses_two_of_one_name_and_two_owners(venue: Venue, desk: Staff) -> None:
    PlaybookFactory.create(venue=venue, name="Birthday")
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaybookFactory.create(venue=venue, name="birthday")
    with pytest.raises(IntegrityError), transaction.atomic():
        Playbook.objects.update(owner=desk)


@pytest.mark.parametrize("wrong", [{"occasion": ""}, {"outcome": "lost"}, {"outcome": "cap"}])
def test_the_database_refuses_such_a_deed(venue: Venue, thanks: Playbook, wrong: dict[str, str]) -> None:
    first_visit(venue, NOW - timedelta(hours=2))
    playbooks.run_all(NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaybookDeed.objects.update(**wrong)
