"""Sending what waits to be told, through a real mail server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from customers import editing
from customers.tests.factories import ContactPointFactory, PreferenceFactory
from interactions import dispatch, promises, sending
from interactions.backoff import FIRST_WAIT, LONGEST_WAIT, MOST_ATTEMPTS, retry_after
from interactions.models import Delivery, FollowUp
from interactions.tests.factories import ComplaintFactory, FollowUpFactory
from interactions.tests.post_office import PostOffice
from staff.models import Membership, Staff, Venue

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def owed(venue: Venue, person: Staff | None, **fields: object) -> Delivery:
    """The e-mail of a call that was due at half past ten on the venue's clock."""
    made = {"customer__home_venue": venue, "text": "Call Dana back", "due_at": NOW, "next_dispatch_at": NOW}
    call = FollowUpFactory.create(owner=person, **{**made, **fields})
    dispatch.dispatch(NOW)
    return Delivery.objects.get(follow_up=call, channel="email")


def body_of(letter: EmailMessage, kind: str) -> str:
    """One of the two bodies of a letter: plain or html."""
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def at(moment: datetime) -> sending.Clock:
    return lambda: moment


def test_the_owner_gets_a_letter_that_says_all(venue: Venue, desk: Staff, post_office: PostOffice) -> None:
    delivery = owed(venue, desk, customer__full_name="Dana Whitfield")
    assert sending.send_waiting(at(NOW)) == 1
    (letter,) = post_office.letters
    assert letter["To"] == desk.email
    assert letter["Subject"] == "Dana Whitfield: Call Dana back"
    assert letter["Message-ID"] == delivery.message_id
    for kind in ("plain", "html"):
        body = body_of(letter, kind)
        assert "Call Dana back" in body
        assert "Dana Whitfield" in body
        assert "10:30" in body
        assert f"http://localhost:8000/customers/{delivery.follow_up.customer_id}/" in body
    delivery.refresh_from_db()
    assert (delivery.state, delivery.sent_at, delivery.attempts) == ("sent", NOW, 1)


def test_it_says_how_late_it_is(venue: Venue, desk: Staff, post_office: PostOffice) -> None:
    owed(venue, desk)
    sending.send_waiting(at(NOW + 3 * HOUR))
    assert post_office.letters[0]["Subject"].endswith("(3 hours late)")


def test_it_speaks_the_readers_language(venue: Venue, desk: Staff, post_office: PostOffice) -> None:
    Staff.objects.update(language="zh-hans")
    owed(venue, desk)
    sending.send_waiting(at(NOW))
    assert '<html lang="zh-hans">' in body_of(post_office.letters[0], "html")


def test_words_cannot_break_the_header(venue: Venue, desk: Staff, post_office: PostOffice) -> None:
    owed(venue, desk, text="Call\nBcc: everybody@example.com <b>")
    sending.send_waiting(at(NOW))
    (letter,) = post_office.letters
    assert letter["Bcc"] is None
    assert "<b>" not in body_of(letter, "html")


def test_it_names_the_complaint_it_is_about(venue: Venue, desk: Staff, post_office: PostOffice) -> None:
    complaint = ComplaintFactory.create(customer__home_venue=venue, about="Breakfast came cold")
    owed(venue, desk, customer=complaint.customer, complaint=complaint, kind="recovery")
    sending.send_waiting(at(NOW))
    assert "Breakfast came cold" in body_of(post_office.letters[0], "plain")


def test_the_card_in_it_shows_what_its_reader_may_see(
    venue: Venue, desk: Staff, manager: Staff, post_office: PostOffice
) -> None:
    for person in (desk, manager):
        delivery = owed(venue, person)
        customer = delivery.follow_up.customer
        told = {"customer": customer, "recorded_at": NOW - HOUR, "recorded_by": manager, "venue": venue}
        PreferenceFactory.create(kind="safety", severity="severe", value="Peanut allergy", **told)
        PreferenceFactory.create(kind="avoid", value="The divorce", discretion="managers_only", **told)
    sending.send_waiting(at(NOW))
    letters = {str(letter["To"]): letter for letter in post_office.letters}
    for kind in ("plain", "html"):
        for person in (desk, manager):
            body = body_of(letters[person.email], kind)
            assert "Peanut allergy" in body
            assert body.count("Call Dana back") == (1 if kind == "plain" else 2)  # not again in the card
        assert "The divorce" not in body_of(letters[desk.email], kind)
        assert "The divorce" in body_of(letters[manager.email], kind)


@pytest.mark.parametrize("verb", ["done", "snooze", "archive"])
def test_what_was_seen_to_in_between_is_not_sent(
    verb: str, venue: Venue, desk: Staff, post_office: PostOffice
) -> None:
    delivery = owed(venue, desk)
    (held,) = sending.claim(NOW)
    member = Membership.objects.select_related("staff", "venue").get(staff=desk)
    if verb == "done":
        promises.done(delivery.follow_up_id, member, now=NOW)
    elif verb == "archive":
        editing.archive(delivery.follow_up.customer_id, member, "moved away", now=NOW)
    else:
        promises.snooze(delivery.follow_up_id, member, now=NOW, until=NOW + HOUR)
    sending._send_batch([held], at(NOW))
    delivery.refresh_from_db()
    assert (post_office.letters, delivery.state) == ([], "withdrawn")


def test_handed_over_in_an_outage_it_is_told_to_the_new_owner_alone(
    venue: Venue, desk: Staff, manager: Staff, post_office: PostOffice
) -> None:
    delivery = owed(venue, desk, urgent=True)
    member = Membership.objects.select_related("staff", "venue").get(staff=desk)
    batch = sending.claim(NOW)
    post_office.says = "451 try later"
    letter, _kept = sending._letter_for(batch, NOW, sending.TO_STAFF)
    assert letter is not None
    # The worker has the letter in its hands; the server refuses it, and so it would be tried again.
    promises.hand_over(delivery.follow_up_id, member, now=NOW, owner=manager)
    sending._try_later(batch, "451 try later", NOW)
    post_office.says = None
    dispatch.dispatch(NOW)
    sending.send_waiting(at(NOW + HOUR))
    assert [letter["To"] for letter in post_office.letters] == [manager.email]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.claimed_until) == ("withdrawn", None)


def test_given_up_after_it_was_done_is_no_dead_letter(venue: Venue, desk: Staff) -> None:
    delivery = owed(venue, desk)
    member = Membership.objects.select_related("staff", "venue").get(staff=desk)
    (held,) = sending.claim(NOW)
    promises.done(delivery.follow_up_id, member, now=NOW)
    sending._note([held], state=Delivery.State.DEAD, error="550 no such mailbox")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.claimed_until) == ("withdrawn", None)


def test_what_went_out_while_it_was_done_is_noted_as_sent(venue: Venue, desk: Staff) -> None:
    delivery = owed(venue, desk)
    member = Membership.objects.select_related("staff", "venue").get(staff=desk)
    (held,) = sending.claim(NOW)
    promises.done(delivery.follow_up_id, member, now=NOW)
    assert sending._note([held], state=Delivery.State.SENT, sent_at=NOW)
    delivery.refresh_from_db()
    assert delivery.state == "sent"


def test_done_and_undone_while_a_worker_holds_it_is_told_once(
    venue: Venue, desk: Staff, post_office: PostOffice
) -> None:
    delivery = owed(venue, desk, urgent=True)
    member = Membership.objects.select_related("staff", "venue").get(staff=desk)
    held = sending.claim(NOW)
    changed = promises.done(delivery.follow_up_id, member, now=NOW)
    assert sending._letter_for(held, NOW, sending.TO_STAFF) == (None, [])
    held = sending.claim(NOW)  # nobody holds what must not be sent
    assert held == []
    promises.undo(changed.event or 0, member, now=NOW)
    dispatch.dispatch(NOW)
    held = sending.claim(NOW)
    changed = promises.done(delivery.follow_up_id, member, now=NOW)
    promises.undo(changed.event or 0, member, now=NOW)
    dispatch.dispatch(NOW)
    assert sending.claim(NOW) == []  # its worker has it still
    assert sending._send_batch(held, at(NOW)) == 1
    assert sending.send_waiting(at(NOW + sending.LEASE)) == 0
    assert len(post_office.letters) == 1


def test_whoever_left_is_not_written_to_and_somebody_else_is(
    venue: Venue, desk: Staff, manager: Staff, post_office: PostOffice
) -> None:
    owed(venue, desk)
    Membership.objects.filter(staff=desk).update(ended_at=timezone.now())
    assert sending.send_waiting(at(NOW)) == 0
    dispatch.dispatch(NOW)
    sending.send_waiting(at(NOW))
    assert [letter["To"] for letter in post_office.letters] == [manager.email]


def test_two_workers_do_not_take_the_same(venue: Venue, desk: Staff) -> None:
    owed(venue, desk)
    assert len(sending.claim(NOW)) == 1
    assert sending.claim(NOW) == []


def test_what_a_dead_worker_held_is_sent_when_its_lease_is_over(
    venue: Venue, desk: Staff, post_office: PostOffice
) -> None:
    owed(venue, desk)
    sending.claim(NOW)
    assert sending.send_waiting(at(NOW + sending.LEASE - timedelta(seconds=1))) == 0
    assert sending.send_waiting(at(NOW + sending.LEASE)) == 1
    assert len(post_office.letters) == 1


def test_a_lease_lost_on_the_way_writes_nothing(venue: Venue, desk: Staff) -> None:
    delivery = owed(venue, desk)
    (slow,) = sending.claim(NOW)
    sending.claim(NOW + sending.LEASE)
    assert not sending._note([slow], state=Delivery.State.SENT, sent_at=NOW)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("waiting", 2)


def test_a_slow_batch_leaves_the_rest_untried(venue: Venue, desk: Staff, post_office: PostOffice) -> None:
    delivery = owed(venue, desk)
    batch = sending.claim(NOW)
    moments = iter([NOW, NOW + sending.MAY_START])
    sending._send_batch(batch, lambda: next(moments))
    delivery.refresh_from_db()
    assert (post_office.letters, delivery.attempts, delivery.claimed_until) == ([], 0, None)


def test_a_no_for_now_is_tried_again_later(venue: Venue, desk: Staff, post_office: PostOffice) -> None:
    post_office.says = "451 come back later"
    delivery = owed(venue, desk)
    assert sending.send_waiting(at(NOW)) == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("waiting", 1)
    assert "come back later" in delivery.error
    assert NOW + FIRST_WAIT / 2 <= delivery.next_attempt_at <= NOW + FIRST_WAIT
    post_office.says = None
    assert sending.send_waiting(at(NOW + FIRST_WAIT)) == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == ("sent", "")


@pytest.mark.parametrize("where", ["says", "says_to_recipient"])
def test_a_no_for_good_is_left_to_a_person(
    where: str, venue: Venue, desk: Staff, post_office: PostOffice
) -> None:
    setattr(post_office, where, "550 no such mailbox")
    delivery = owed(venue, desk)
    sending.send_waiting(at(NOW))
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.DEAD
    assert delivery.error == "550 no such mailbox"


def test_an_outage_makes_all_wait_and_loses_none(
    venue: Venue, desk: Staff, post_office: PostOffice, settings: Settings
) -> None:
    owed(venue, desk)
    owed(venue, desk)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert sending.send_waiting(at(NOW)) == 0
    assert set(Delivery.objects.filter(channel="email").values_list("state", "attempts")) == {("waiting", 1)}
    settings.EMAIL_PORT = port
    assert sending.send_waiting(at(NOW + HOUR)) == 2


def test_a_server_that_dies_after_accepting_gets_it_again_under_the_same_name(
    venue: Venue, desk: Staff, post_office: PostOffice
) -> None:
    post_office.drops = True
    delivery = owed(venue, desk)
    assert sending.send_waiting(at(NOW)) == 0
    post_office.drops = False
    assert sending.send_waiting(at(NOW + HOUR)) == 1
    assert [letter["Message-ID"] for letter in post_office.letters] == [delivery.message_id] * 2


def test_in_the_end_it_is_given_up_and_says_why(venue: Venue, desk: Staff, post_office: PostOffice) -> None:
    post_office.says = "451 full"
    delivery = owed(venue, desk)
    Delivery.objects.update(attempts=MOST_ATTEMPTS - 1)
    sending.send_waiting(at(NOW))
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.DEAD
    assert "full" in delivery.error


def test_what_kills_its_worker_each_time_is_given_up_too(venue: Venue, desk: Staff) -> None:
    delivery = owed(venue, desk)
    Delivery.objects.update(attempts=MOST_ATTEMPTS)
    assert sending.claim(NOW) == []
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.DEAD
    assert delivery.error


def test_without_a_mail_server_letters_are_files(
    venue: Venue, desk: Staff, settings: Settings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    delivery = owed(venue, desk)
    assert sending.send_waiting(at(NOW)) == 1
    (file,) = (tmp_path / "mail").iterdir()
    assert f"Message-ID: {delivery.message_id}" in file.read_text()


def test_nothing_waiting_sends_nothing() -> None:
    assert sending.send_waiting(at(NOW)) == 0
    assert not FollowUp.objects.exists()


@given(attempts=st.integers(1, 10_000), chance=st.floats(0, 1, exclude_max=True))
def test_waits_grow_to_an_hour_and_are_spread_over_half(attempts: int, chance: float) -> None:
    whole = retry_after(attempts, 0)
    assert whole == min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT)
    assert whole / 2 <= retry_after(attempts, chance) <= whole
    assert retry_after(attempts + 1, 0) >= whole


def test_giving_up_takes_more_than_a_day() -> None:
    shortest = sum((retry_after(attempts, 0.999) for attempts in range(1, MOST_ATTEMPTS)), timedelta())
    assert timedelta(hours=20) < shortest < timedelta(days=3)


def test_what_is_the_managers_alone_is_called_so(
    venue: Venue, manager: Staff, post_office: PostOffice
) -> None:
    customer = owed(venue, manager).follow_up.customer
    told = {"customer": customer, "recorded_at": NOW - HOUR, "recorded_by": manager, "venue": venue}
    PreferenceFactory.create(kind="avoid", value="The divorce", discretion="managers_only", **told)
    PreferenceFactory.create(kind="avoid", value="His brother", discretion="act_silently", **told)
    sending.send_waiting(at(NOW))
    for kind in ("plain", "html"):
        body = body_of(post_office.letters[0], kind)
        assert body.count("managers only") == 1
        assert body.count("act silently") == 1


def test_it_is_the_whole_card_with_what_is_held_and_how_to_reach_them(
    venue: Venue, desk: Staff, post_office: PostOffice
) -> None:
    wine = {"text": "Send a bottle of wine", "kind": "gesture", "customer__pronunciation": "DAY-nuh"}
    customer = owed(venue, desk, **wine).follow_up.customer
    PreferenceFactory.create(
        customer=customer, kind="avoid", value="Alcohol", category="alcohol", recorded_at=NOW - HOUR
    )
    ContactPointFactory.create(customer=customer, kind="phone", value="+447946032177", calls="no", sms="yes")
    sending.send_waiting(at(NOW))
    for kind in ("plain", "html"):
        body = body_of(post_office.letters[0], kind)
        assert "say DAY-nuh" in body
        assert "Held: Send a bottle of wine" in body
        assert "May be reached by text message." in body
        assert "Not now by phone." in body
