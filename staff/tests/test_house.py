"""The House pages: who may see them, who may change what, and what they cost."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError
from django.test import Client, override_settings

from staff import invitations, roster
from staff.models import Membership, Rota, Shift, Staff, Terminal, Venue
from staff.tests.cast import LogIn
from staff.tests.factories import (
    PASSWORD,
    MembershipFactory,
    RotaFactory,
    ShiftFactory,
    StaffFactory,
    TerminalFactory,
    VenueFactory,
)
from staff.tests.queries import assert_constant

SEEN_BY_MANAGERS = [
    "/house/venues/",
    "/house/shifts/",
    "/house/shifts/new/",
    "/house/rota/",
    "/house/staff/",
    "/house/terminals/",
]
FOR_OWNERS = ["/house/venues/new/", "/house/staff/new/"]
SUNDAY = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("path", SEEN_BY_MANAGERS)
def test_managers_and_owners_see_the_house(
    as_desk: Client, as_concierge: Client, as_manager: Client, as_owner: Client, path: str
) -> None:
    answers = [client.get(path).status_code for client in (as_desk, as_concierge, as_manager, as_owner)]

    assert answers == [403, 403, 200, 200]


@pytest.mark.parametrize("path", FOR_OWNERS)
def test_owners_alone_manage_staff_and_venues(
    as_desk: Client, as_concierge: Client, as_manager: Client, as_owner: Client, path: str
) -> None:
    answers = [client.get(path).status_code for client in (as_desk, as_concierge, as_manager, as_owner)]

    assert answers == [403, 403, 403, 200]


@pytest.mark.parametrize("path", SEEN_BY_MANAGERS + FOR_OWNERS)
def test_strangers_and_visitors_see_none_of_it(as_stranger: Client, anonymous: Client, path: str) -> None:
    assert as_stranger.get(path).status_code == 403
    assert anonymous.get(path)["Location"].startswith("/accounts/login/")


def test_a_manager_can_change_nobody(as_manager: Client, desk: Staff) -> None:
    pk = desk.memberships.get().pk

    answers = [
        as_manager.get(f"/house/staff/{pk}/").status_code,
        as_manager.post(f"/house/staff/{pk}/", {"role": "owner"}).status_code,
        as_manager.post(f"/house/staff/{pk}/end/").status_code,
        as_manager.post(f"/house/staff/{pk}/pin/").status_code,
        as_manager.post(f"/house/staff/{pk}/invite/").status_code,
        as_manager.post("/house/staff/new/", {"email": "x@example.com"}).status_code,
    ]

    assert answers == [403] * 6
    assert desk.memberships.get().role == "front_desk"


def test_an_owner_cannot_reach_into_another_venue(as_owner: Client, elsewhere: Venue) -> None:
    other: Membership = MembershipFactory.create(venue=elsewhere)
    shift: Shift = ShiftFactory.create(venue=elsewhere)
    row: Rota = RotaFactory.create(shift=shift, day=date(2026, 11, 22))

    answers = [
        as_owner.post(f"/house/staff/{other.pk}/", {"role": "owner"}).status_code,
        as_owner.post(f"/house/staff/{other.pk}/end/").status_code,
        as_owner.post(f"/house/shifts/{shift.pk}/", {}).status_code,
        as_owner.post(f"/house/shifts/{shift.pk}/delete/").status_code,
        as_owner.post(f"/house/rota/{row.pk}/remove/").status_code,
        as_owner.get(f"/house/venues/{elsewhere.pk}/").status_code,
    ]

    assert answers == [404] * 6


# Venues

VENUE = {
    "name": "Harbour Bar",
    "industry": "cafe",
    "time_zone": "Europe/Berlin",
    "business_day_starts": "05:30",
    "language": "en",
    "country": "de",
    "currency": "eur",
}


def test_an_owner_changes_the_venue(as_owner: Client, venue: Venue) -> None:
    answer = as_owner.post(f"/house/venues/{venue.pk}/", VENUE)

    venue.refresh_from_db()
    assert answer.status_code == 302
    assert (venue.name, venue.time_zone, venue.country, venue.currency) == (
        "Harbour Bar",
        "Europe/Berlin",
        "DE",
        "EUR",
    )
    assert venue.business_day_starts.isoformat() == "05:30:00"
    assert venue.slug == "harbour-cafe"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"time_zone": "Europe/Atlantis"},
        {"country": "DEU"},
        {"country": "1x"},
        {"currency": "€"},
    ],
)
def test_a_venue_that_cannot_be(as_owner: Client, venue: Venue, wrong: dict[str, str]) -> None:
    assert as_owner.post(f"/house/venues/{venue.pk}/", {**VENUE, **wrong}).status_code == 422


def test_whoever_opens_a_venue_owns_it(as_owner: Client, owner: Staff) -> None:
    as_owner.post("/house/venues/new/", {**VENUE, "slug": "harbour-bar"})

    assert owner.memberships.get(venue__slug="harbour-bar").role == "owner"


def test_a_slug_that_is_taken(as_owner: Client, venue: Venue) -> None:
    assert as_owner.post("/house/venues/new/", {**VENUE, "slug": venue.slug}).status_code == 422
    assert Venue.objects.count() == 1


# Shifts and the rota

SHIFT = {"name": "Early", "starts": "06:00", "ends": "14:00", "weekdays": ["0", "6"]}


def test_a_manager_adds_changes_and_takes_away_a_shift(as_manager: Client, venue: Venue) -> None:
    as_manager.post("/house/shifts/new/", SHIFT)
    shift = venue.shifts.get()
    assert (shift.name, shift.weekdays) == ("Early", [0, 6])

    as_manager.post(f"/house/shifts/{shift.pk}/", {**SHIFT, "ends": "02:00"})
    shift.refresh_from_db()
    assert shift.ends.hour == 2
    assert "the next day" in as_manager.get("/house/shifts/").content.decode()

    as_manager.post(f"/house/shifts/{shift.pk}/delete/")
    assert not venue.shifts.exists()


@pytest.mark.parametrize("wrong", [{"name": ""}, {"ends": "06:00"}, {"weekdays": []}, {"weekdays": ["7"]}])
def test_a_shift_that_cannot_be(as_manager: Client, venue: Venue, wrong: dict[str, object]) -> None:
    assert as_manager.post("/house/shifts/new/", {**SHIFT, **wrong}).status_code == 422


def test_two_shifts_of_one_name(as_manager: Client, venue: Venue) -> None:
    ShiftFactory.create(venue=venue, name="EARLY")

    assert as_manager.post("/house/shifts/new/", SHIFT).status_code == 422


@time_machine.travel(SUNDAY, tick=False)
def test_putting_somebody_down_and_taking_them_off(
    log_in: LogIn, manager: Staff, venue: Venue, desk: Staff
) -> None:
    as_manager = log_in(manager)
    shift = ShiftFactory.create(venue=venue)
    fields = {"staff": desk.pk, "shift": shift.pk, "days": ["2026-11-16", "2026-11-22"]}

    for _ in range(2):  # twice is as good as once
        assert as_manager.post("/house/rota/", fields).status_code == 302
    assert sorted(str(row.day) for row in Rota.objects.all()) == ["2026-11-16", "2026-11-22"]

    as_manager.post(f"/house/rota/{Rota.objects.earliest('day').pk}/remove/")
    assert [str(row.day) for row in Rota.objects.all()] == ["2026-11-22"]


@time_machine.travel(SUNDAY, tick=False)
def test_the_rota_refuses_what_makes_no_sense(
    log_in: LogIn, manager: Staff, venue: Venue, desk: Staff, stranger: Staff
) -> None:
    as_manager = log_in(manager)
    shift = ShiftFactory.create(venue=venue, weekdays=[0])
    fields = {"staff": desk.pk, "shift": shift.pk, "days": ["2026-11-16"]}

    wrongs: list[dict[str, object]] = [
        {"staff": stranger.pk},
        {"days": ["2026-11-22"]},
        {"days": ["2026-11-23"]},
        {"days": []},
    ]
    for wrong in wrongs:
        assert as_manager.post("/house/rota/", {**fields, **wrong}).status_code == 422
    assert not Rota.objects.exists()


@pytest.mark.parametrize("week", ["x", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_a_week_that_is_none(as_manager: Client, week: str) -> None:
    assert as_manager.get(f"/house/rota/?week={week}").status_code == 404


@time_machine.travel(datetime(2026, 11, 23, 3, 0, tzinfo=UTC), tick=False)
def test_before_the_business_day_starts_it_is_still_last_week(
    log_in: LogIn, manager: Staff, venue: Venue
) -> None:
    ShiftFactory.create(venue=venue)

    assert log_in(manager).get("/house/rota/").context["days"][0] == date(2026, 11, 16)


# People

NEW = {"email": "New@Example.com", "display_name": "Nia", "role": "concierge", "language": "zh-hans"}


def link_in(text: str) -> str:
    """The path of the link that sets a password."""
    found = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", text)
    assert found
    return found[1]


def test_adding_somebody_who_then_chooses_a_password(
    as_owner: Client, venue: Venue, anonymous: Client
) -> None:
    assert as_owner.post("/house/staff/new/", NEW).status_code == 302

    person = Staff.objects.get(email="new@example.com")
    assert person.memberships.get().role == "concierge"
    assert not person.has_usable_password()
    (sent,) = mail.outbox
    assert sent.to == ["new@example.com"]

    chosen = anonymous.get(link_in(str(sent.body)), follow=True)
    path = chosen.redirect_chain[-1][0]
    anonymous.post(path, {"password1": PASSWORD, "password2": PASSWORD})
    person.refresh_from_db()
    assert person.check_password(PASSWORD)

    anonymous.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert anonymous.get("/me/").status_code == 200


def test_the_link_works_once(as_owner: Client, anonymous: Client) -> None:
    as_owner.post("/house/staff/new/", NEW)
    person = Staff.objects.get(email="new@example.com")
    link = link_in(str(mail.outbox[0].body))
    person.set_password(PASSWORD)
    person.save()

    path = anonymous.get(link, follow=True).request["PATH_INFO"]
    anonymous.post(path, {"password1": "another-long-one", "password2": "another-long-one"})

    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_somebody_known_from_elsewhere_keeps_name_and_password(
    as_owner: Client, elsewhere: Venue, venue: Venue
) -> None:
    known = StaffFactory.create(email="new@example.com", display_name="Nia Bevan")
    MembershipFactory.create(staff=known, venue=elsewhere)

    as_owner.post("/house/staff/new/", NEW)

    known.refresh_from_db()
    assert known.display_name == "Nia Bevan"
    assert known.check_password(PASSWORD)
    assert known.memberships.count() == 2
    assert "password/reset" not in mail.outbox[0].body


def test_somebody_who_comes_back(as_owner: Client) -> None:
    known = StaffFactory.create(email="new@example.com", is_active=False)

    as_owner.post("/house/staff/new/", NEW)

    known.refresh_from_db()
    assert known.is_active


def test_somebody_who_works_here_already(as_owner: Client, desk: Staff) -> None:
    answer = as_owner.post("/house/staff/new/", {**NEW, "email": "SAM@example.com"})

    assert answer.status_code == 422
    assert desk.memberships.count() == 1
    assert not mail.outbox


def test_a_badge_number_that_another_has(as_owner: Client) -> None:
    StaffFactory.create(badge_number="7")

    assert as_owner.post("/house/staff/new/", {**NEW, "badge_number": "7"}).status_code == 422


def test_adding_the_same_person_twice_at_once_is_refused_by_the_database(venue: Venue, desk: Staff) -> None:
    fields = {"email": desk.email, "display_name": "Sam", "language": "en", "badge_number": ""}
    with pytest.raises(IntegrityError, match="membership_once_a_venue"):
        roster.add(**fields, venue=venue, role="manager", now=SUNDAY)


def test_a_mail_that_does_not_go_out_is_said(as_owner: Client) -> None:
    closed = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": 9,  # the port that discards: nobody listens
    }
    with override_settings(**closed):
        answer = as_owner.post("/house/staff/new/", NEW, follow=True)

    assert "did not go out" in answer.content.decode()
    assert Staff.objects.get(email="new@example.com").memberships.exists()


def test_the_invitation_speaks_the_persons_language(owner: Staff, venue: Venue) -> None:
    person = StaffFactory.create(language="en")
    membership = MembershipFactory.create(staff=person, venue=venue)

    assert invitations.send(membership, owner)

    assert mail.outbox[0].subject == "You now work at Harbour Café with Regulars"


def test_sending_it_again(as_owner: Client, desk: Staff) -> None:
    as_owner.post(f"/house/staff/{desk.memberships.get().pk}/invite/")

    assert mail.outbox[0].to == [desk.email]


def test_an_owner_changes_a_role_and_takes_a_pin_away(as_owner: Client, desk: Staff) -> None:
    desk.set_pin("4711")
    desk.pin_failures = 7
    desk.save()
    pk = desk.memberships.get().pk

    as_owner.post(f"/house/staff/{pk}/", {"role": "manager"})
    as_owner.post(f"/house/staff/{pk}/pin/")

    desk.refresh_from_db()
    assert desk.memberships.get().role == "manager"
    assert (desk.pin_hash, desk.pin_failures) == ("", 0)


def test_an_end_closes_every_door_at_once(as_owner: Client, as_desk: Client, desk: Staff) -> None:
    assert as_desk.get("/me/").status_code == 200

    as_owner.post(f"/house/staff/{desk.memberships.get().pk}/end/")

    assert as_desk.get("/me/").status_code == 403


def test_a_role_that_does_not_exist(as_owner: Client, desk: Staff) -> None:
    assert as_owner.post(f"/house/staff/{desk.memberships.get().pk}/", {"role": "king"}).status_code == 422


# What the pages cost


def test_the_pages_cost_the_same_with_many_rows(as_manager: Client, venue: Venue, manager: Staff) -> None:
    shift = ShiftFactory.create(venue=venue)
    today = venue.business_day(datetime.now(tz=UTC))

    assert_constant(as_manager, "/house/venues/", VenueFactory.create)
    assert_constant(as_manager, "/house/shifts/", lambda: ShiftFactory.create(venue=venue))
    assert_constant(as_manager, "/house/staff/", lambda: MembershipFactory.create(venue=venue))
    assert_constant(as_manager, "/house/rota/", lambda: RotaFactory.create(shift=shift, day=today))
    assert_constant(
        as_manager, "/house/terminals/", lambda: TerminalFactory.create(venue=venue, enrolled_by=manager)
    )
    assert Terminal.objects.count() == 20
