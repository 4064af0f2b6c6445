"""What people do with what we owe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from customers.models import Customer
from customers.tests.factories import CustomerFactory, ImportantDateFactory
from interactions import promises
from interactions.models import FollowUp, Visit
from interactions.promises import ChangedError, EndedError
from interactions.scheduling import RuleError
from interactions.tests.factories import ComplaintFactory, DeliveryFactory, FollowUpFactory, VisitFactory
from staff.models import Membership, Venue
from staff.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def dana(venue: Venue) -> Customer:
    """A regular of the café."""
    return CustomerFactory.create(preferred_name="Dana", home_venue=venue)


@pytest.fixture
def call(dana: Customer, sam: Membership) -> FollowUp:
    """A call that Sam promised for an hour ago."""
    return FollowUpFactory.create(
        customer=dana, venue=sam.venue, due_at=NOW - HOUR, owner=sam.staff, created_at=NOW - DAY
    )


def test_a_promise_is_owed_by_whom_it_was_given_to(dana: Customer, sam: Membership) -> None:
    made = promises.promise(dana, sam, now=NOW, text=" Call back ", due_at=NOW + HOUR, owner=sam.staff)
    made.refresh_from_db()
    assert (made.text, made.owner, made.venue, made.state) == ("Call back", sam.staff, sam.venue, "open")
    assert made.next_dispatch_at == made.due_at == NOW + HOUR
    assert made.created_by == sam.staff


def test_a_rule_that_cannot_be_kept_is_refused(dana: Customer, sam: Membership) -> None:
    with pytest.raises(RuleError):
        promises.promise(dana, sam, now=NOW, text="Call", due_at=NOW, recurrence="every now and then")


def test_a_promise_before_a_date_is_due_at_nine_so_many_days_before(dana: Customer, sam: Membership) -> None:
    birthday = ImportantDateFactory.create(customer=dana, month=5, day=20)
    made = promises.promise(
        dana,
        sam,
        now=NOW,
        text="Order a cake",
        trigger="before_date",
        trigger_number=3,
        important_date=birthday,
    )
    assert made.due_at == datetime(2026, 5, 17, 8, tzinfo=UTC)


def test_a_date_that_is_nearer_than_its_notice_is_due_now(dana: Customer, sam: Membership) -> None:
    birthday = ImportantDateFactory.create(customer=dana, month=5, day=13)
    made = promises.promise(
        dana,
        sam,
        now=NOW,
        text="Order a cake",
        trigger="before_date",
        trigger_number=3,
        important_date=birthday,
    )
    assert made.due_at == NOW


def test_a_yearly_date_is_owed_again_next_year(dana: Customer, sam: Membership) -> None:
    birthday = ImportantDateFactory.create(customer=dana, month=5, day=13)
    made = promises.promise(
        dana,
        sam,
        now=NOW,
        text="A card",
        trigger="before_date",
        trigger_number=3,
        important_date=birthday,
        recurrence="FREQ=YEARLY",
    )
    promises.done(made.pk, sam, now=NOW + HOUR)
    assert made.followed_by.due_at == datetime(2027, 5, 10, 8, tzinfo=UTC)


def test_the_same_birthday_known_twice_reminds_once(dana: Customer, sam: Membership) -> None:
    western = ImportantDateFactory.create(customer=dana, month=5, day=20)
    lunar = ImportantDateFactory.create(customer=dana, month=4, day=4, calendar="lunar")
    wedding = ImportantDateFactory.create(customer=dana, kind="anniversary", month=5, day=20)
    owe = partial(promises.promise, dana, sam, trigger="before_date", trigger_number=3, now=NOW)
    first = owe(text="A card", important_date=western)
    again = owe(text="a card ", important_date=lunar)
    other = owe(text="A card", important_date=wedding)
    cake = owe(text="A cake", important_date=western)
    assert again == first
    assert len({first.pk, other.pk, cake.pk}) == 3
    promises.done(first.pk, sam, now=NOW)
    assert owe(text="A card", important_date=western) != first


def test_done_says_who_and_when_and_what_came_of_it(call: FollowUp, sam: Membership) -> None:
    promises.done(call.pk, sam, now=NOW, outcome=" She was pleased ")
    call.refresh_from_db()
    assert (call.state, call.outcome, call.ended_by, call.ended_at) == (
        "done",
        "She was pleased",
        sam.staff,
        NOW,
    )
    assert call.next_dispatch_at is None


def test_done_twice_by_one_person_changes_nothing(call: FollowUp, sam: Membership) -> None:
    promises.done(call.pk, sam, now=NOW, outcome="Pleased")
    again = promises.done(call.pk, sam, now=NOW + HOUR, outcome="Pleased again")
    call.refresh_from_db()
    assert (again.event, call.ended_at, call.outcome) == (None, NOW, "Pleased")


@pytest.mark.parametrize(
    "late",
    [
        partial(promises.done, now=NOW),
        partial(promises.cancel, now=NOW, reason="Moved away"),
        partial(promises.snooze, now=NOW, until=NOW + HOUR),
        partial(promises.hand_over, now=NOW, role="manager"),
    ],
)
def test_the_second_person_is_told_who_was_first(
    late: Callable[[int, Membership], object], call: FollowUp, sam: Membership, priya: Membership
) -> None:
    promises.done(call.pk, sam, now=NOW)
    with pytest.raises(EndedError) as told:
        late(call.pk, priya)
    assert told.value.follow_up.ended_by == sam.staff


def test_what_is_owed_elsewhere_cannot_be_touched(call: FollowUp, elsewhere: Venue) -> None:
    lee = MembershipFactory.create(venue=elsewhere)
    with pytest.raises(FollowUp.DoesNotExist):
        promises.done(call.pk, lee, now=NOW)


def test_calling_off_wants_a_reason(call: FollowUp, sam: Membership) -> None:
    with pytest.raises(ValueError, match="why"):
        promises.cancel(call.pk, sam, now=NOW, reason="  ")
    promises.cancel(call.pk, sam, now=NOW, reason="She moved away")
    call.refresh_from_db()
    assert (call.state, call.outcome) == ("cancelled", "She moved away")


def test_put_off_is_due_then_and_remembers_when_it_was(call: FollowUp, sam: Membership) -> None:
    promises.snooze(call.pk, sam, now=NOW, until=NOW + HOUR)
    promises.snooze(call.pk, sam, now=NOW, until=NOW + 2 * HOUR)
    call.refresh_from_db()
    assert (call.due_at, call.next_dispatch_at) == (NOW + 2 * HOUR, NOW + 2 * HOUR)
    assert call.snoozed_from == NOW - HOUR


def test_it_cannot_be_put_off_to_the_past(call: FollowUp, sam: Membership) -> None:
    with pytest.raises(ValueError, match="later"):
        promises.snooze(call.pk, sam, now=NOW, until=NOW)


@pytest.mark.parametrize(
    "verb",
    [
        partial(promises.done, now=NOW),
        partial(promises.cancel, now=NOW, reason="Moved away"),
        partial(promises.snooze, now=NOW, until=NOW + HOUR),
        partial(promises.hand_over, now=NOW, role="manager"),
    ],
)
def test_nobody_is_told_of_what_was_seen_to(
    verb: Callable[[int, Membership], object], call: FollowUp, sam: Membership
) -> None:
    waiting = DeliveryFactory.create(follow_up=call)
    held = DeliveryFactory.create(follow_up=call, claimed_until=NOW + HOUR)
    verb(call.pk, sam)
    waiting.refresh_from_db()
    held.refresh_from_db()
    # A worker that holds one looks at it again before it sends, and notes it if it went out all the same.
    assert (waiting.state, held.state) == ("withdrawn", "withdrawn")
    assert held.claimed_until == NOW + HOUR


def test_handing_over_what_is_due_tells_the_colleague_at_once(
    call: FollowUp, sam: Membership, priya: Membership
) -> None:
    FollowUp.objects.update(next_dispatch_at=None)
    promises.hand_over(call.pk, sam, now=NOW, owner=priya.staff)
    call.refresh_from_db()
    assert (call.owner, call.next_dispatch_at) == (priya.staff, NOW)


def test_what_repeats_is_owed_again_once(dana: Customer, sam: Membership) -> None:
    made = promises.promise(
        dana,
        sam,
        now=NOW,
        text="Water the fern",
        due_at=NOW,
        recurrence="FREQ=WEEKLY",
        owner=sam.staff,
        role="",
    )
    promises.done(made.pk, sam, now=NOW + 10 * DAY)
    promises.done(made.pk, sam, now=NOW + 10 * DAY)
    (following,) = FollowUp.objects.open()
    assert (following.follows, following.due_at) == (made, NOW + 14 * DAY)
    assert (following.owner, following.text, following.next_dispatch_at) == (
        sam.staff,
        made.text,
        NOW + 14 * DAY,
    )


def test_a_series_keeps_its_own_day_though_one_was_put_off(dana: Customer, sam: Membership) -> None:
    made = promises.promise(dana, sam, now=NOW, text="Report", due_at=NOW, recurrence="FREQ=MONTHLY")
    promises.snooze(made.pk, sam, now=NOW, until=NOW + 3 * DAY)
    promises.done(made.pk, sam, now=NOW + 3 * DAY)
    assert made.followed_by.due_at == datetime(2026, 6, 12, 9, 30, tzinfo=UTC)


def test_calling_off_ends_the_series(dana: Customer, sam: Membership) -> None:
    made = promises.promise(dana, sam, now=NOW, text="Report", due_at=NOW, recurrence="FREQ=MONTHLY")
    promises.cancel(made.pk, sam, now=NOW, reason="No more")
    assert not FollowUp.objects.open().exists()


def test_the_same_again_changes_nothing(call: FollowUp, sam: Membership, priya: Membership) -> None:
    for verb in (
        partial(promises.snooze, now=NOW, until=NOW + HOUR),
        partial(promises.hand_over, now=NOW, owner=priya.staff),
        partial(promises.cancel, now=NOW, reason="Moved away"),
    ):
        assert verb(call.pk, sam).event is not None
        assert verb(call.pk, sam).event is None


def test_undo_of_what_has_gone_on_is_refused(dana: Customer, sam: Membership) -> None:
    made = promises.promise(dana, sam, now=NOW, text="Report", due_at=NOW, recurrence="FREQ=MONTHLY")
    changed = promises.done(made.pk, sam, now=NOW)
    promises.done(made.followed_by.pk, sam, now=NOW + 40 * DAY)
    with pytest.raises(ChangedError):
        promises.undo(changed.event or 0, sam, now=NOW)


def test_undo_of_nothing(sam: Membership) -> None:
    with pytest.raises(FollowUp.DoesNotExist):
        promises.undo(0, sam, now=NOW)


def test_a_date_has_to_be_named(dana: Customer, sam: Membership) -> None:
    with pytest.raises(ValueError, match="which date"):
        promises.promise(dana, sam, now=NOW, text="A card", trigger="before_date", trigger_number=3)


def test_a_rule_that_ends_is_owed_no_more(dana: Customer, sam: Membership) -> None:
    made = promises.promise(dana, sam, now=NOW, text="Report", due_at=NOW, recurrence="FREQ=DAILY;COUNT=2")
    promises.done(made.pk, sam, now=NOW)
    promises.done(made.followed_by.pk, sam, now=NOW + DAY)
    assert not FollowUp.objects.open().exists()


def test_undo_puts_back_what_was(call: FollowUp, sam: Membership, priya: Membership) -> None:
    before = FollowUp.objects.values(*promises.UNDOABLE).get(pk=call.pk)
    for verb in (
        partial(promises.snooze, now=NOW, until=NOW + HOUR),
        partial(promises.hand_over, now=NOW, owner=priya.staff, role="concierge"),
        partial(promises.done, now=NOW, outcome="Pleased"),
        partial(promises.cancel, now=NOW, reason="Moved away"),
    ):
        changed = verb(call.pk, sam)
        assert changed.event is not None
        promises.undo(changed.event, sam, now=NOW)
        assert FollowUp.objects.values(*promises.UNDOABLE).get(pk=call.pk) == before


def test_undo_takes_back_what_would_follow(dana: Customer, sam: Membership) -> None:
    made = promises.promise(dana, sam, now=NOW, text="Report", due_at=NOW, recurrence="FREQ=MONTHLY")
    changed = promises.done(made.pk, sam, now=NOW)
    promises.undo(changed.event or 0, sam, now=NOW)
    assert FollowUp.objects.get() == made
    assert FollowUp.objects.get().state == "open"


def test_undo_does_not_undo_what_came_after(call: FollowUp, sam: Membership, priya: Membership) -> None:
    put_off = promises.snooze(call.pk, sam, now=NOW, until=NOW + HOUR)
    promises.done(call.pk, priya, now=NOW)
    with pytest.raises(ChangedError):
        promises.undo(put_off.event or 0, sam, now=NOW)


def test_what_was_undone_has_not_waited_since_it_was_due(call: FollowUp, sam: Membership) -> None:
    kept = promises.done(call.pk, sam, now=NOW + DAY)
    brought_back = promises.undo(kept.event or 0, sam, now=NOW + DAY)
    assert (brought_back.due_at, brought_back.next_dispatch_at) == (call.due_at, NOW + DAY)


def test_undo_works_once(call: FollowUp, sam: Membership) -> None:
    put_off = promises.snooze(call.pk, sam, now=NOW, until=NOW + HOUR)
    promises.undo(put_off.event or 0, sam, now=NOW)
    with pytest.raises(ChangedError):
        promises.undo(put_off.event or 0, sam, now=NOW)


def test_undo_is_for_the_people_of_the_venue(call: FollowUp, sam: Membership, elsewhere: Venue) -> None:
    put_off = promises.snooze(call.pk, sam, now=NOW, until=NOW + HOUR)
    with pytest.raises(FollowUp.DoesNotExist):
        promises.undo(put_off.event or 0, MembershipFactory.create(venue=elsewhere), now=NOW)


def test_bulk_says_what_somebody_had_ended_before(
    dana: Customer, call: FollowUp, sam: Membership, priya: Membership
) -> None:
    other = FollowUpFactory.create(customer=dana, venue=sam.venue)
    promises.done(call.pk, priya, now=NOW)
    tally = promises.bulk([other.pk, call.pk, other.pk], partial(promises.done, membership=sam, now=NOW))
    assert [changed.follow_up for changed in tally.changed] == [other]
    assert tally.ended == [call]


def armed(dana: Customer, trigger: str, number: int | None = None, **fields: object) -> FollowUp:
    """A follow-up from yesterday that waits for a trigger."""
    return FollowUpFactory.create(
        customer=dana,
        due_at=None,
        trigger=trigger,
        trigger_number=number,
        **{"created_at": NOW - DAY, **fields},
    )


def due_of(follow_up: FollowUp) -> datetime | None:
    follow_up.refresh_from_db()
    assert follow_up.next_dispatch_at == follow_up.due_at
    return follow_up.due_at


def visited(dana: Customer, times: int) -> None:
    Customer.objects.filter(pk=dana.pk).update(
        visit_count=times, first_visit_at=NOW - 90 * DAY, last_visit_at=NOW
    )


def test_the_next_visit_fires_once(dana: Customer, venue: Venue) -> None:
    waiting = armed(dana, "next_visit")
    visited(dana, 1)
    assert promises.fire_visit_triggers(dana, venue, NOW) == 1
    assert due_of(waiting) == NOW
    assert promises.fire_visit_triggers(dana, venue, NOW + HOUR) == 0
    assert due_of(waiting) == NOW


def test_a_visit_elsewhere_or_of_another_fires_nothing(
    dana: Customer, venue: Venue, elsewhere: Venue
) -> None:
    waiting = armed(dana, "next_visit")
    promises.fire_visit_triggers(dana, elsewhere, NOW)
    promises.fire_visit_triggers(CustomerFactory.create(home_venue=venue), venue, NOW)
    assert due_of(waiting) is None


def test_what_was_promised_during_a_visit_waits_for_the_next(dana: Customer, venue: Venue) -> None:
    VisitFactory.create(customer=dana, state=Visit.State.ARRIVED, arrived_at=NOW - 3 * HOUR)
    during = armed(dana, "next_visit", created_at=NOW - 2 * HOUR)
    before = armed(dana, "next_visit", created_at=NOW - 4 * HOUR)
    promises.fire_visit_triggers(dana, venue, NOW)
    assert (due_of(during), due_of(before)) == (None, NOW)


def test_a_visit_by_number_fires_when_it_is_reached(dana: Customer, venue: Venue) -> None:
    tenth = armed(dana, "nth_visit", 10)
    visited(dana, 9)
    promises.fire_visit_triggers(dana, venue, NOW)
    assert due_of(tenth) is None
    visited(dana, 10)
    promises.fire_visit_triggers(dana, venue, NOW)
    assert due_of(tenth) == NOW


def test_days_after_the_first_visit_keep_the_clock_of_the_venue(dana: Customer, venue: Venue) -> None:
    thanks = armed(dana, "first_visit", 2)
    promises.fire_visit_triggers(dana, venue, datetime(2026, 3, 28, 9, tzinfo=UTC))
    assert due_of(thanks) == datetime(2026, 3, 30, 8, tzinfo=UTC)  # still nine in London, on summer time


def test_a_complaint_put_right_fires_its_own(dana: Customer, venue: Venue) -> None:
    mended, open_still = ComplaintFactory.create_batch(2, customer=dana)
    ask = armed(dana, "complaint_resolved", 2, complaint=mended)
    wait = armed(dana, "complaint_resolved", 2, complaint=open_still)
    assert promises.fire_complaint_resolved(mended, NOW) == 1
    assert (due_of(ask), due_of(wait)) == (NOW + 2 * DAY, None)


def test_what_was_ended_does_not_fire(dana: Customer, venue: Venue, sam: Membership) -> None:
    waiting = armed(dana, "next_visit")
    promises.cancel(waiting.pk, sam, now=NOW, reason="Not needed")
    assert promises.fire_visit_triggers(dana, venue, NOW) == 0
