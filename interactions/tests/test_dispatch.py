"""From what is due to who is told."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.models import Heartbeat
from customers import editing
from interactions import alive, dispatch, owing, promises
from interactions.models import Delivery, FollowUp
from interactions.tests.factories import FollowUpFactory
from staff.models import Membership, Role, Staff, Venue
from staff.tests.factories import MembershipFactory, RotaFactory, ShiftFactory, VenueFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)  # half past ten in London
HOUR = timedelta(hours=1)


def due(venue: Venue, at: datetime | None = NOW, **fields: object) -> FollowUp:
    """Something due at the venue that nobody was told of yet."""
    made = {"customer__home_venue": venue, "due_at": at, "next_dispatch_at": at, **fields}
    return FollowUpFactory.create(**made)


def told(follow_up: FollowUp) -> set[str]:
    """The names of those who are told by e-mail."""
    rows = Delivery.objects.filter(follow_up=follow_up, channel="email")
    return set(rows.values_list("recipient__display_name", flat=True))


def test_the_owner_is_told_once_on_each_channel(venue: Venue, desk: Staff, manager: Staff) -> None:
    call = due(venue, owner=desk)
    assert dispatch.dispatch(NOW) == 1
    assert dispatch.dispatch(NOW + HOUR) == 0
    app, email = Delivery.objects.order_by("channel")
    assert (app.channel, app.state, app.sent_at, app.recipient) == ("app", "sent", NOW, desk)
    assert (email.channel, email.state, email.recipient) == ("email", "waiting", desk)
    assert {app.occurrence, email.occurrence} == {call.due_at}


def test_what_was_due_a_month_ago_still_goes_out(venue: Venue, desk: Staff) -> None:
    call = due(venue, NOW - timedelta(days=31), owner=desk)
    dispatch.dispatch(NOW)
    assert told(call) == {"Sam"}


def test_what_is_not_due_or_ended_or_waits_is_left(venue: Venue, desk: Staff) -> None:
    due(venue, NOW + HOUR, owner=desk)
    due(venue, state="done", ended_at=NOW, owner=desk)
    due(venue, None, trigger="next_visit", owner=desk)
    assert dispatch.dispatch(NOW) == 0
    assert not Delivery.objects.exists()


def test_nobody_is_reminded_of_who_is_archived_until_they_are_brought_back(
    venue: Venue, desk: Staff, manager: Staff
) -> None:
    Heartbeat.objects.create(name="beat", at=NOW + HOUR)
    member, boss = (
        Membership.objects.select_related("staff", "venue").get(staff=who) for who in (desk, manager)
    )
    call = due(venue, owner=desk)
    editing.archive(call.customer_id, boss, "moved away", now=NOW)
    assert dispatch.dispatch(NOW) == 0
    reminders = alive.look(member, NOW + HOUR)
    assert (reminders.due, reminders.are_stalled) == (0, False)
    assert [section.rows for section in owing.sections(member, "all", NOW)] == [[], [], [], []]

    editing.bring_back(call.customer_id)
    assert alive.look(member, NOW + HOUR).due == 1
    assert dispatch.dispatch(NOW + HOUR) == 1
    assert told(call) == {"Sam"}


def test_a_role_is_everybody_who_has_it(venue: Venue, desk: Staff, concierge: Staff, manager: Staff) -> None:
    MembershipFactory.create(venue=venue, role=Role.FRONT_DESK, staff__display_name="Ana")
    MembershipFactory.create(role=Role.FRONT_DESK)
    call = due(venue, role=Role.FRONT_DESK)
    dispatch.dispatch(NOW)
    assert told(call) == {"Sam", "Ana"}


def test_a_role_is_who_is_on_shift_where_a_rota_says_so(venue: Venue, desk: Staff) -> None:
    ana = MembershipFactory.create(venue=venue, role=Role.FRONT_DESK, staff__display_name="Ana").staff
    early = ShiftFactory.create(venue=venue, starts=time(6), ends=time(14))
    late = ShiftFactory.create(venue=venue, starts=time(14), ends=time(22))
    RotaFactory.create(shift=early, staff=ana, day=NOW.date())
    RotaFactory.create(shift=late, staff=desk, day=NOW.date())
    morning, afternoon = due(venue, role=Role.FRONT_DESK), due(venue, NOW + 5 * HOUR, role=Role.FRONT_DESK)
    dispatch.dispatch(NOW)
    dispatch.dispatch(NOW + 5 * HOUR)
    assert (told(morning), told(afternoon)) == ({"Ana"}, {"Sam"})


@pytest.mark.parametrize(
    ("starts", "ends", "now", "on_shift"),
    [
        (time(22), time(6), datetime(2026, 5, 12, 23, tzinfo=UTC), True),  # midnight in London
        (time(22), time(6), datetime(2026, 5, 13, 4, 59, tzinfo=UTC), True),
        (time(22), time(6), datetime(2026, 5, 13, 5, tzinfo=UTC), False),
        (time(22), time(6), datetime(2026, 5, 12, 20, 59, tzinfo=UTC), False),
        (time(2), time(6), datetime(2026, 5, 13, 2, tzinfo=UTC), True),  # the night that ends the 12th
        (time(2), time(6), datetime(2026, 5, 12, 2, tzinfo=UTC), False),
    ],
)
def test_a_night_shift_belongs_to_the_day_it_began(
    venue: Venue, desk: Staff, starts: time, ends: time, now: datetime, on_shift: bool
) -> None:
    ana = MembershipFactory.create(venue=venue, role=Role.FRONT_DESK, staff__display_name="Ana").staff
    night = ShiftFactory.create(venue=venue, starts=starts, ends=ends)
    RotaFactory.create(shift=night, staff=ana, day=datetime(2026, 5, 12, tzinfo=UTC).date())
    call = due(venue, now, role=Role.FRONT_DESK)
    dispatch.dispatch(now)
    assert told(call) == ({"Ana"} if on_shift else {"Ana", "Sam"})


def test_an_owner_off_shift_is_told_and_so_are_those_on_it(venue: Venue, desk: Staff) -> None:
    ana = MembershipFactory.create(venue=venue, role=Role.FRONT_DESK, staff__display_name="Ana").staff
    RotaFactory.create(shift=ShiftFactory.create(venue=venue), staff=ana, day=NOW.date())
    call = due(venue, owner=desk)
    dispatch.dispatch(NOW)
    assert told(call) == {"Sam", "Ana"}


def test_nobodys_goes_to_the_managers(venue: Venue, desk: Staff, manager: Staff, owner: Staff) -> None:
    call = due(venue)
    dispatch.dispatch(NOW)
    assert told(call) == {"Morgan", "Olu"}


@pytest.mark.parametrize("left", ["the venue", "the house"])
def test_what_a_leaver_owned_goes_to_the_managers(
    venue: Venue, desk: Staff, manager: Staff, left: str
) -> None:
    call = due(venue, owner=desk)
    if left == "the venue":
        Membership.objects.filter(staff=desk).update(ended_at=timezone.now())
    else:
        Staff.objects.filter(pk=desk.pk).update(is_active=False)
    dispatch.dispatch(NOW)
    assert told(call) == {"Morgan"}


def test_without_managers_everybody_is_told(venue: Venue, desk: Staff, concierge: Staff) -> None:
    call = due(venue)
    dispatch.dispatch(NOW)
    assert told(call) == {"Sam", "Priya"}


def test_the_same_delivery_has_the_same_name_again(venue: Venue, desk: Staff) -> None:
    call = due(venue, owner=desk)
    dispatch.dispatch(NOW)
    names = set(Delivery.objects.values_list("message_id", flat=True))
    Delivery.objects.all().delete()
    FollowUp.objects.update(next_dispatch_at=NOW)
    dispatch.dispatch(NOW + HOUR)
    assert set(Delivery.objects.values_list("message_id", flat=True)) == names
    assert all(name.startswith(f"<{call.pk}.") and name.endswith("@localhost>") for name in names)


def test_put_off_is_told_again_then(venue: Venue, desk: Staff) -> None:
    call = due(venue, owner=desk)
    dispatch.dispatch(NOW)
    member = Membership.objects.select_related("staff", "venue").get(staff=desk)
    promises.snooze(call.pk, member, now=NOW, until=NOW + HOUR)
    dispatch.dispatch(NOW + HOUR)
    emails = Delivery.objects.filter(channel="email").order_by("occurrence")
    assert [(each.occurrence, each.state) for each in emails] == [(NOW, "withdrawn"), (NOW + HOUR, "waiting")]


def test_what_was_undone_is_told_after_all(venue: Venue, desk: Staff) -> None:
    call = due(venue, owner=desk)
    dispatch.dispatch(NOW)
    member = Membership.objects.select_related("staff", "venue").get(staff=desk)
    ended = promises.done(call.pk, member, now=NOW)
    promises.undo(ended.event or 0, member, now=NOW)
    dispatch.dispatch(NOW)
    email = Delivery.objects.get(channel="email")
    assert email.state == Delivery.State.WAITING


def test_a_handed_over_one_is_told_to_the_new_owner_alone(
    venue: Venue, desk: Staff, concierge: Staff
) -> None:
    call = due(venue, owner=desk)
    dispatch.dispatch(NOW)
    member = Membership.objects.select_related("staff", "venue").get(staff=desk)
    promises.hand_over(call.pk, member, now=NOW, owner=concierge)
    dispatch.dispatch(NOW)
    states = dict(Delivery.objects.filter(channel="email").values_list("recipient__display_name", "state"))
    assert states == {"Sam": "withdrawn", "Priya": "waiting"}


def test_more_than_a_batch_goes_out_in_one_go(venue: Venue, desk: Staff) -> None:
    for _each in range(5):
        due(venue, owner=desk)
    assert dispatch.dispatch(NOW, batch=2) == 5
    assert Delivery.objects.count() == 10


@pytest.mark.parametrize("venues", [1, 4])
def test_a_batch_costs_the_same_queries_however_large(venues: int) -> None:
    for each in (VenueFactory.create() for _number in range(venues)):
        MembershipFactory.create(venue=each)
        due(each)
    with CaptureQueriesContext(connection) as queries:
        dispatch.dispatch_batch(NOW)
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 7


@pytest.mark.django_db(transaction=True)
def test_two_dispatchers_at_once_take_different_ones(venue: Venue, desk: Staff) -> None:
    calls = [due(venue, owner=desk) for _each in range(6)]
    held, go_on = threading.Event(), threading.Event()

    def hold_two() -> None:
        with transaction.atomic():
            taken = list(FollowUp.objects.to_dispatch(NOW)[:2])
            assert len(taken) == 2
            held.set()
            assert go_on.wait(60)
        connection.close()

    other = threading.Thread(target=hold_two)
    other.start()
    assert held.wait(60)
    assert dispatch.dispatch(NOW) == 4  # did not wait for the two that are held
    go_on.set()
    other.join()
    assert dispatch.dispatch(NOW) == 2
    assert Delivery.objects.filter(channel="email").count() == len(calls)


@pytest.mark.django_db(transaction=True)
def test_many_dispatchers_write_each_delivery_once(venue: Venue, desk: Staff) -> None:
    for _each in range(40):
        due(venue, owner=desk)
    start = threading.Barrier(4)
    counts: list[int] = []

    def run() -> None:
        start.wait()
        counts.append(dispatch.dispatch(NOW, batch=3))
        connection.close()

    threads = [threading.Thread(target=run) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 40
    assert Delivery.objects.filter(channel="email").count() == 40
