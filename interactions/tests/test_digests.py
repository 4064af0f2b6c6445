"""At most one e-mail a person and shift about what is not urgent; moved out of quiet hours, never dropped."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, time, timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from interactions import digests, dispatch, promises, sending, unsent
from interactions.models import Delivery, FollowUp
from interactions.tests.factories import FollowUpFactory
from interactions.tests.post_office import PostOffice
from staff.models import Membership, Role, Staff, Venue
from staff.tests.factories import MembershipFactory, RotaFactory, ShiftFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)  # half past ten in London
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def owed(venue: Venue, person: Staff | None, at: datetime = NOW, **fields: object) -> FollowUp:
    made = {"customer__home_venue": venue, "due_at": at, "next_dispatch_at": at, "owner": person, **fields}
    return FollowUpFactory.create(**made)


def run(now: datetime) -> int:
    """Dispatch and send as at this moment; give how many deliveries went out."""
    dispatch.dispatch(now)
    return sending.send_waiting(lambda: now)


def email_of(follow_up: FollowUp, person: Staff | None = None) -> Delivery:
    rows = Delivery.objects.filter(follow_up=follow_up, channel="email")
    return rows.get(recipient=person) if person else rows.get()


def plain(office: PostOffice, number: int = -1) -> str:
    body = office.letters[number].get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_what_is_due_together_is_one_letter(venue: Venue, desk: Staff, post_office: PostOffice) -> None:
    calls = [owed(venue, desk, text=f"Call number {n}", customer__full_name=f"Dana {n}") for n in range(3)]
    assert run(NOW) == 3
    (letter,) = post_office.letters
    assert letter["Subject"] == "3 things are due: Harbour Café"
    assert letter["Message-ID"] == email_of(calls[0]).message_id
    for call in calls:
        assert call.text in plain(post_office)
        assert call.customer.full_name in plain(post_office)
    assert {email_of(call).state for call in calls} == {"sent"}


def test_more_in_the_same_shift_waits_for_the_next(
    venue: Venue, desk: Staff, post_office: PostOffice
) -> None:
    owed(venue, desk)
    run(NOW)
    later = owed(venue, desk, NOW + HOUR, text="Call Tom")
    assert run(NOW + HOUR) == 0
    assert email_of(later).send_at == datetime(2026, 5, 13, 3, tzinfo=UTC)  # the next business day
    in_app = later.deliveries.get(channel="app")
    assert (in_app.state, in_app.sent_at) == ("sent", NOW + HOUR)  # on the list at once
    assert run(NOW + DAY) == 1
    assert "Call Tom" in plain(post_office)
    assert post_office.letters[-1]["Subject"].endswith("(22 hours late)") or "late" in plain(post_office)
    assert len(post_office.letters) == 2


def test_urgent_goes_at_once_and_alone(venue: Venue, desk: Staff, post_office: PostOffice) -> None:
    owed(venue, desk)
    run(NOW)
    fire = owed(venue, desk, NOW + HOUR, text="The kitchen is on fire", urgent=True)
    assert run(NOW + HOUR) == 1
    assert post_office.letters[-1]["Message-ID"] == email_of(fire).message_id
    assert "The kitchen is on fire" in post_office.letters[-1]["Subject"]


def test_what_was_done_meanwhile_is_left_out(venue: Venue, desk: Staff, post_office: PostOffice) -> None:
    kept, seen_to = owed(venue, desk, text="Call Dana"), owed(venue, desk, text="Call Tom")
    dispatch.dispatch(NOW)
    held = sending.claim(NOW)
    member = Membership.objects.select_related("staff", "venue").get(staff=desk)
    promises.done(seen_to.pk, member, now=NOW)
    sending._send_batch(held, lambda: NOW)
    assert "Call Tom" not in plain(post_office) + post_office.letters[0]["Subject"]
    assert (email_of(kept).state, email_of(seen_to).state) == ("sent", "withdrawn")


def test_a_repeat_bears_the_same_name_though_less_is_left(
    venue: Venue, desk: Staff, post_office: PostOffice
) -> None:
    calls = [owed(venue, desk) for _each in range(3)]
    post_office.drops = True
    assert run(NOW) == 0
    post_office.drops = False
    member = Membership.objects.select_related("staff", "venue").get(staff=desk)
    promises.done(calls[0].pk, member, now=NOW)
    owed(venue, desk, NOW + HOUR)
    assert run(NOW + HOUR) == 2  # what became due since is not in it
    first, second = post_office.letters
    assert first["Message-ID"] == second["Message-ID"]


def test_what_is_undone_after_its_digest_is_told_in_the_next(
    venue: Venue, desk: Staff, post_office: PostOffice
) -> None:
    owed(venue, desk)
    call = owed(venue, desk)
    dispatch.dispatch(NOW)
    member = Membership.objects.select_related("staff", "venue").get(staff=desk)
    ended = promises.done(call.pk, member, now=NOW)
    sending.send_waiting(lambda: NOW)
    promises.undo(ended.event or 0, member, now=NOW)
    assert run(NOW + HOUR) == 0
    assert run(NOW + DAY) == 1
    assert len(post_office.letters) == 2


def test_one_that_was_given_up_is_tried_again_by_itself(
    venue: Venue, desk: Staff, post_office: PostOffice
) -> None:
    calls = [owed(venue, desk), owed(venue, desk)]
    post_office.says = "550 no such mailbox"
    run(NOW)
    assert {email_of(call).state for call in calls} == {"dead"}
    post_office.says = None
    unsent.try_again(venue, NOW, "reminder", email_of(calls[1]).pk)
    assert run(NOW) == 1
    assert post_office.letters[0]["Message-ID"] == email_of(calls[1]).message_id


def test_an_owner_off_shift_hears_when_theirs_begins(venue: Venue, desk: Staff) -> None:
    ana = MembershipFactory.create(venue=venue, role=Role.FRONT_DESK, staff__display_name="Ana").staff
    early = ShiftFactory.create(venue=venue, starts=time(6), ends=time(14))
    late = ShiftFactory.create(venue=venue, starts=time(14), ends=time(22))
    RotaFactory.create(shift=early, staff=ana, day=NOW.date())
    RotaFactory.create(shift=late, staff=desk, day=NOW.date())
    call = owed(venue, desk)
    dispatch.dispatch(NOW)
    assert email_of(call, ana).send_at == NOW
    assert email_of(call, desk).send_at == datetime(2026, 5, 12, 13, tzinfo=UTC)
    urgent = owed(venue, desk, urgent=True)
    dispatch.dispatch(NOW)
    assert email_of(urgent, desk).send_at == NOW


def test_of_who_is_away_for_long_the_colleagues_hear_too(venue: Venue, desk: Staff) -> None:
    ana = MembershipFactory.create(venue=venue, role=Role.FRONT_DESK, staff__display_name="Ana").staff
    shift = ShiftFactory.create(venue=venue, starts=time(14), ends=time(22))
    RotaFactory.create(shift=shift, staff=desk, day=NOW.date() + 5 * DAY)
    RotaFactory.create(shift=shift, staff=ana, day=NOW.date())
    call = owed(venue, desk)
    dispatch.dispatch(NOW)  # before anybody's shift
    assert email_of(call, desk).send_at == datetime(2026, 5, 17, 13, tzinfo=UTC)
    assert email_of(call, ana).send_at == datetime(2026, 5, 12, 13, tzinfo=UTC)


def test_quiet_hours_move_what_is_due_and_it_says_how_late(
    venue: Venue, desk: Staff, post_office: PostOffice
) -> None:
    Staff.objects.filter(pk=desk.pk).update(quiet_from=time(9), quiet_until=time(12))
    calls = [owed(venue, desk), owed(venue, desk, urgent=True)]
    assert run(NOW) == 0
    noon = datetime(2026, 5, 12, 11, tzinfo=UTC)
    assert {email_of(call).send_at for call in calls} == {noon}
    assert run(noon) == 2
    assert "1\xa0hour late" in plain(post_office)


def test_an_attempt_that_failed_is_not_made_again_in_quiet_hours(
    venue: Venue, desk: Staff, post_office: PostOffice
) -> None:
    call = owed(venue, desk)
    post_office.says = "451 come back later"
    run(NOW)
    post_office.says = None
    Staff.objects.filter(pk=desk.pk).update(quiet_from=time(9), quiet_until=time(12))
    assert run(NOW + HOUR) == 0
    email = email_of(call)
    assert (email.state, email.attempts) == ("waiting", 1)
    assert email.next_attempt_at == datetime(2026, 5, 12, 11, tzinfo=UTC)


def test_quiet_hours_do_not_hold_on_shift(venue: Venue, desk: Staff) -> None:
    Staff.objects.filter(pk=desk.pk).update(quiet_from=time(9), quiet_until=time(12))
    RotaFactory.create(shift=ShiftFactory.create(venue=venue), staff=desk, day=NOW.date())
    call = owed(venue, desk)
    dispatch.dispatch(NOW)
    assert email_of(call).send_at == NOW


def test_what_waits_for_its_shift_is_not_late(venue: Venue, desk: Staff) -> None:
    owed(venue, desk)
    dispatch.dispatch(NOW)
    Delivery.objects.update(send_at=NOW + HOUR, created_at=NOW - HOUR)
    assert not Delivery.objects.late(NOW).exists()
    assert Delivery.objects.late(NOW + 2 * HOUR).exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_comes_into_a_digest_that_is_on_its_way(venue: Venue, desk: Staff) -> None:
    first, second = owed(venue, desk), owed(venue, desk, NOW + HOUR)
    dispatch.dispatch(NOW)
    taken, go_on = threading.Event(), threading.Event()

    def take() -> None:
        with transaction.atomic():
            rows = list(Delivery.objects.ready(NOW).select_for_update(of=("self",)))
            digests.close(rows, NOW)
            taken.set()
            assert go_on.wait(60)
        connection.close()

    sender = threading.Thread(target=take)
    sender.start()
    assert taken.wait(60)
    dispatcher = threading.Thread(target=_dispatch, args=(NOW + HOUR,))
    dispatcher.start()
    go_on.set()
    sender.join()
    dispatcher.join()
    assert email_of(first).digest_id != email_of(second).digest_id


@pytest.mark.django_db(transaction=True)
def test_a_digest_goes_out_whole_or_not_yet(venue: Venue, desk: Staff, post_office: PostOffice) -> None:
    calls = [owed(venue, desk) for _each in range(3)]
    dispatch.dispatch(NOW)
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT FROM interactions_delivery WHERE id = %s FOR UPDATE", [email_of(calls[1]).pk])
        assert sending.send_waiting(lambda: NOW) == 0
    assert post_office.letters == []
    assert sending.send_waiting(lambda: NOW) == 3
    assert [letter["Subject"] for letter in post_office.letters] == ["3 things are due: Harbour Café"]


@pytest.mark.django_db(transaction=True)
def test_nobody_holds_a_part_of_a_digest_that_another_takes(venue: Venue, desk: Staff) -> None:
    calls = [owed(venue, desk) for _each in range(3)]
    urgent = owed(venue, desk, urgent=True)
    dispatch.dispatch(NOW)
    lock = "SELECT id FROM interactions_delivery WHERE id = ANY(%s) FOR UPDATE NOWAIT"
    first, *others = (email_of(call).pk for call in calls)
    with psycopg.connect(**connection.get_connection_params()) as other, transaction.atomic():
        other.execute(lock, [[first]])
        assert sending.claim(NOW) == [email_of(urgent)]
        assert len(other.execute(lock, [others]).fetchall()) == 2


def test_a_digest_counts_once_however_much_is_in_it(venue: Venue, desk: Staff) -> None:
    calls = [owed(venue, desk) for _each in range(3)]
    later = owed(venue, desk, urgent=True)
    dispatch.dispatch(NOW)
    assert sending.claim(NOW, limit=1) == [email_of(call) for call in calls]
    assert sending.claim(NOW, limit=1) == [email_of(later)]


def test_what_is_in_a_digest_for_later_goes_out_with_it(
    venue: Venue, desk: Staff, post_office: PostOffice
) -> None:
    call, another = owed(venue, desk), owed(venue, desk)
    dispatch.dispatch(NOW)
    Delivery.objects.filter(pk=email_of(another).pk).update(next_attempt_at=NOW + HOUR)
    assert sending.send_waiting(lambda: NOW) == 2
    assert {email_of(call).state, email_of(another).state} == {"sent"}
    assert len(post_office.letters) == 1


def _dispatch(now: datetime) -> None:
    dispatch.dispatch(now)
    connection.close()


def test_a_dismissed_one_is_not_called_done(venue: Venue, desk: Staff) -> None:
    call = owed(venue, desk)
    dispatch.dispatch(timezone.now())
    Delivery.objects.filter(channel="email").update(state="dead", error="550 no such mailbox")
    unsent.dismiss(venue)
    email = email_of(call)
    assert email.state == "dismissed"
    assert "done" not in str(email.get_state_display())
