"""The briefing of a shift: made once, sent to its people, and showing each what is theirs to know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from customers.tests.factories import CustomerFactory, PreferenceFactory
from interactions import briefing, sending, tasks, turns
from interactions.models import Briefing, BriefingLetter, HandoverNote
from interactions.tests.factories import (
    ComplaintFactory,
    FollowUpFactory,
    InteractionFactory,
    VisitFactory,
)
from interactions.tests.post_office import PostOffice
from staff.models import AccessLog, Membership, Rota, Shift, Staff, Venue
from staff.tests.queries import assert_constant

pytestmark = pytest.mark.django_db

# A Tuesday, half past six on the venue's clock.
NOW = datetime(2026, 5, 12, 5, 30, tzinfo=UTC)
DAY = date(2026, 5, 12)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def early(venue: Venue) -> Shift:
    """Seven to three, every day."""
    return Shift.objects.create(
        venue=venue, name="Early", starts=time(7), ends=time(15), weekdays=[0, 1, 2, 3, 4, 5, 6]
    )


@pytest.fixture
def dana(venue: Venue) -> Customer:
    """A regular of the café."""
    return CustomerFactory.create(preferred_name="Dana", full_name="Dana Whitfield", home_venue=venue)


@pytest.fixture
def expected(dana: Customer, manager: Staff) -> Customer:
    """Dana at eight, with an old allergy and a thing that is the managers' alone."""
    VisitFactory.create(customer=dana, expected_at=NOW + 90 * MINUTE, party_size=2, occasion="Birthday")
    told = {"customer": dana, "recorded_at": NOW - timedelta(days=900), "recorded_by": manager}
    PreferenceFactory.create(kind="safety", severity="severe", value="Peanut allergy", **told)
    PreferenceFactory.create(kind="avoid", value="The divorce", discretion="managers_only", **told)
    return dana


def down(person: Staff, shift: Shift, day: date = DAY) -> None:
    Rota.objects.create(shift=shift, staff=person, day=day)


def test_a_night_shift_belongs_to_the_evening_it_starts(venue: Venue) -> None:
    late = Shift(venue=venue, name="Late", starts=time(22), ends=time(6), weekdays=[1])
    small = Shift(venue=venue, name="Small hours", starts=time(2), ends=time(5), weekdays=[1])
    zone = ZoneInfo("Europe/London")
    evening, night = (turns.turn_of(each, DAY, venue) for each in (late, small))
    assert evening.starts == datetime(2026, 5, 12, 22, tzinfo=zone)
    assert evening.ends == datetime(2026, 5, 13, 6, tzinfo=zone)
    assert (night.starts, night.ends) == (
        datetime(2026, 5, 13, 2, tzinfo=zone), datetime(2026, 5, 13, 5, tzinfo=zone),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("at", "name"),
    [(NOW, "Early"), (NOW + 4 * HOUR, "Early"), (NOW + 8 * HOUR, "Late"), (NOW + 20 * HOUR, "Early")],
)
def test_the_next_shift_is_wanted_an_hour_ahead(at: datetime, name: str, venue: Venue, early: Shift) -> None:
    Shift.objects.create(venue=venue, name="Late", starts=time(15), ends=time(23), weekdays=list(range(7)))
    wanted = turns.next_up(turns.around(venue, venue.shifts.all(), at), at)
    assert wanted is not None
    assert wanted.name == name


def test_it_is_made_three_quarters_of_an_hour_before_and_once(early: Shift, desk: Staff) -> None:
    down(desk, early)
    assert briefing.brief(NOW - 16 * MINUTE) == 0
    assert briefing.brief(NOW - 15 * MINUTE) == 1
    assert briefing.brief(NOW) == 0
    made = Briefing.objects.get()
    assert (made.day, made.ends_at) == (DAY, NOW + 8 * HOUR + 30 * MINUTE)


def test_after_a_silence_it_is_made_while_the_shift_runs_and_not_after(early: Shift, desk: Staff) -> None:
    down(desk, early)
    assert briefing.brief(NOW + 9 * HOUR) == 0
    assert briefing.brief(NOW + 8 * HOUR) == 1


def test_only_for_days_on_which_it_is_worked(early: Shift, desk: Staff) -> None:
    down(desk, early)
    Shift.objects.update(weekdays=[4])
    assert briefing.brief(NOW) == 0
    assert not Briefing.objects.exists()


def test_who_is_put_down_later_is_told_too_and_who_left_is_not(
    early: Shift, desk: Staff, manager: Staff, concierge: Staff
) -> None:
    down(desk, early)
    briefing.brief(NOW)
    down(manager, early)
    down(concierge, early)
    Membership.objects.filter(staff=concierge).update(ended_at=timezone.now())
    assert briefing.brief(NOW + 5 * MINUTE) == 1
    assert set(BriefingLetter.objects.values_list("recipient", flat=True)) == {desk.pk, manager.pk}


def test_a_closed_venue_is_not_briefed(early: Shift, desk: Staff, venue: Venue) -> None:
    down(desk, early)
    Venue.objects.update(closed_at=NOW)
    assert briefing.brief(NOW) == 0


def body_of(letter: EmailMessage, kind: str) -> str:
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def send(at: datetime = NOW) -> int:
    return sending.send_waiting(lambda: at, briefing.TO_THE_SHIFT)


def test_the_letter_says_all_and_to_each_what_is_theirs(
    early: Shift, desk: Staff, manager: Staff, expected: Customer, post_office: PostOffice, venue: Venue
) -> None:
    for person in (desk, manager):
        down(person, early)
    FollowUpFactory.create(customer=expected, text="Bring the cake", due_at=NOW + HOUR, owner=desk)
    FollowUpFactory.create(customer=expected, text="Next week only", due_at=NOW + 24 * HOUR)
    ComplaintFactory.create(customer=expected, about="Breakfast came cold")
    HandoverNote.objects.create(venue=venue, text="The till sticks", written_by=manager, written_at=NOW)
    briefing.brief(NOW)
    assert send() == 2
    letters = {str(letter["To"]): letter for letter in post_office.letters}
    for person in (desk, manager):
        letter = letters[person.email]
        assert letter["Subject"] == "Briefing: Early, Harbour Café"
        assert letter["Message-ID"] == BriefingLetter.objects.get(recipient=person).message_id
        for kind in ("plain", "html"):
            body = body_of(letter, kind)
            for words in (
                "08:00", "Dana Whitfield", "2 people", "Birthday", "Peanut allergy", "Ask again",
                "Bring the cake", "Breakfast came cold", "The till sticks",
            ):  # fmt: skip
                assert words in body, (kind, words)
            assert "Next week only" not in body
            assert ("The divorce" in body) == (person == manager)
    assert send() == 0


def test_every_letter_bears_its_own_styles_and_fetches_nothing(
    early: Shift, desk: Staff, expected: Customer, post_office: PostOffice
) -> None:
    down(desk, early)
    briefing.brief(NOW)
    send()
    page = body_of(post_office.letters[0], "html")
    for forbidden in ("<style", "<link", "<img", "<script", " class=", "url(", "src="):
        assert forbidden not in page
    assert page.count("style=") > 10


def test_it_speaks_the_readers_language(
    early: Shift, desk: Staff, expected: Customer, post_office: PostOffice
) -> None:
    Staff.objects.update(language="zh-hans")
    down(desk, early)
    briefing.brief(NOW)
    send()
    assert "班前简报" in str(post_office.letters[0]["Subject"])


def test_a_mail_outage_only_delays_it(
    early: Shift, desk: Staff, expected: Customer, post_office: PostOffice
) -> None:
    down(desk, early)
    briefing.brief(NOW)
    post_office.says = "451 later"
    assert send() == 0
    post_office.says = None
    assert send(NOW + HOUR) == 1


def test_it_is_not_sent_when_the_shift_is_over_or_its_reader_left(
    early: Shift, desk: Staff, manager: Staff, post_office: PostOffice
) -> None:
    down(desk, early)
    briefing.brief(NOW)
    assert send(NOW + 10 * HOUR) == 0
    assert BriefingLetter.objects.get().state == "withdrawn"
    down(manager, early)
    briefing.brief(NOW)
    Membership.objects.filter(staff=manager).update(ended_at=timezone.now())
    assert send() == 0
    assert not post_office.letters


def test_beat_makes_and_sends_it(venue: Venue, desk: Staff, post_office: PostOffice) -> None:
    always = Shift.objects.create(
        venue=venue, name="Always", starts=time(0, 1), ends=time(0), weekdays=list(range(7))
    )
    today = venue.business_day(timezone.now())
    for ahead in (-1, 0, 1):
        down(desk, always, today + timedelta(days=ahead))
    tasks.brief_shifts()
    assert len(post_office.letters) >= 1


def test_the_page_shows_what_its_reader_may_see(
    as_desk: Client, as_manager: Client, expected: Customer, early: Shift
) -> None:
    secret = InteractionFactory.create(customer=expected, discretion="managers_only")
    ComplaintFactory.create(customer=expected, about="A theft", interaction=secret)
    address = f"{reverse('briefing')}?shift={early.pk}&day={DAY.isoformat()}"
    for client, sees in ((as_desk, False), (as_manager, True)):
        page = client.get(address).content.decode()
        assert "Peanut allergy" in page
        assert "Dana Whitfield" in page
        assert ("The divorce" in page) == sees
        assert ("A theft" in page) == sees
    assert AccessLog.objects.filter(subject="briefing", action="opened").count() == 2
    as_desk.get(address + "&print=1")
    assert AccessLog.objects.filter(subject="briefing", action="printed").count() == 1


def test_without_shifts_it_is_the_whole_day(as_desk: Client, dana: Customer) -> None:
    # In the last hour before a business day begins, the briefing is that day's.
    VisitFactory.create(customer=dana, expected_at=timezone.now() + timedelta(hours=1))
    page = as_desk.get(reverse("briefing")).content.decode()
    assert "The whole day" in page
    assert "Dana Whitfield" in page


@pytest.mark.parametrize(
    "query", ["shift=0", "shift=x", "day=x", "shift=²", "day=9999-12-31", "shift=" + "9" * 40]
)
def test_a_shift_there_is_not(as_desk: Client, query: str, early: Shift) -> None:
    assert as_desk.get(f"{reverse('briefing')}?{query}").status_code == 404


def test_another_venues_shift_is_not_there(as_desk: Client, elsewhere: Venue) -> None:
    other = Shift.objects.create(
        venue=elsewhere, name="Early", starts=time(7), ends=time(15), weekdays=list(range(7))
    )
    assert as_desk.get(f"{reverse('briefing')}?shift={other.pk}").status_code == 404


def test_a_stranger_sees_nothing(as_stranger: Client, anonymous: Client, expected: Customer) -> None:
    assert as_stranger.get(reverse("briefing")).status_code == 403
    assert reverse("account_login") in anonymous.get(reverse("briefing"))["Location"]


def test_constant_queries_but_for_the_cards(
    as_desk: Client, desk: Staff, manager: Staff, expected: Customer, early: Shift, venue: Venue
) -> None:
    def add_row() -> None:
        FollowUpFactory.create(customer=expected, owner=desk, due_at=NOW)
        ComplaintFactory.create(customer=expected, owner=desk)
        note = {"venue": venue, "text": "The till sticks", "written_by": manager, "written_at": NOW}
        HandoverNote.objects.create(**note)
        HandoverNote.objects.create(**note, signed_by=desk, signed_at=timezone.now())
        PreferenceFactory.create(customer=expected, kind="safety", value="Sesame", recorded_at=NOW)

    assert_constant(as_desk, f"{reverse('briefing')}?shift={early.pk}&day={DAY.isoformat()}", add_row)


def test_as_many_queries_for_thirty_guests_as_for_one(as_desk: Client, venue: Venue, early: Shift) -> None:
    def add_row() -> None:
        guest = CustomerFactory.create(home_venue=venue)
        PreferenceFactory.create(customer=guest, kind="safety", value="Sesame", recorded_at=NOW)
        InteractionFactory.create(customer=guest, occurred_at=NOW - 24 * HOUR, items=["Flat white"])
        VisitFactory.create(customer=guest, expected_at=NOW + 2 * HOUR)

    add_row()
    assert_constant(as_desk, f"{reverse('briefing')}?shift={early.pk}&day={DAY.isoformat()}", add_row)


def test_what_is_held_is_said_to_be(
    early: Shift, desk: Staff, as_desk: Client, dana: Customer, post_office: PostOffice
) -> None:
    down(desk, early)
    VisitFactory.create(customer=dana, expected_at=NOW + 2 * HOUR)
    PreferenceFactory.create(
        customer=dana, kind="avoid", value="Alcohol", category="alcohol", recorded_at=NOW
    )
    FollowUpFactory.create(customer=dana, text="Send a bottle of wine", kind="gesture", due_at=NOW + HOUR)
    page = as_desk.get(f"{reverse('briefing')}?shift={early.pk}&day={DAY.isoformat()}").content.decode()
    assert "Held: Send a bottle of wine" in page
    briefing.brief(NOW)
    send()
    for kind in ("plain", "html"):
        assert "Held: Send a bottle of wine" in body_of(post_office.letters[0], kind)


def test_where_nobody_is_down_the_managers_are_told(
    early: Shift, desk: Staff, manager: Staff, owner: Staff, post_office: PostOffice
) -> None:
    assert briefing.brief(NOW) == 2
    assert send() == 2
    assert {str(letter["To"]) for letter in post_office.letters} == {manager.email, owner.email}
    down(desk, early)
    assert briefing.brief(NOW) == 1


def test_a_manager_told_in_their_place_is_left_in_peace_and_who_is_down_is_not(
    early: Shift, desk: Staff, manager: Staff, post_office: PostOffice
) -> None:
    Staff.objects.update(quiet_from=time(20), quiet_until=time(9))
    briefing.brief(NOW)
    assert send() == 0
    letter = BriefingLetter.objects.get(recipient=manager)
    assert (letter.state, letter.next_attempt_at) == ("waiting", datetime(2026, 5, 12, 8, tzinfo=UTC))
    down(desk, early)
    briefing.brief(NOW)
    assert send() == 1
    assert [str(letter["To"]) for letter in post_office.letters] == [desk.email]
    assert send(letter.next_attempt_at) == 1


def test_beyond_the_first_guests_stand_without_their_cards(
    membership_of: Callable[[Staff], Membership],
    desk: Staff,
    early: Shift,
    dana: Customer,
    venue: Venue,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(briefing, "CARDS", 3)
    for minute in range(briefing.CARDS + 2):
        VisitFactory.create(customer=dana, expected_at=NOW + HOUR + minute * MINUTE)
    sheet = briefing.compose(membership_of(desk), turns.turn_of(early, DAY, venue), NOW)
    assert [guest.card is None for guest in sheet.guests] == [False] * briefing.CARDS + [True] * 2
