"""Where somebody works, in which language they read, and what a person without membership sees."""

from __future__ import annotations

from datetime import time

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from staff.models import Membership, Staff, Venue
from staff.tests.cast import LogIn
from staff.tests.factories import PASSWORD, MembershipFactory
from staff.tests.queries import assert_constant


def venue_of(client: Client) -> Venue:
    """The venue at which this browser works."""
    return client.get("/me/").wsgi_request.venue  # type: ignore[attr-defined,no-any-return]  # by the middleware


@pytest.fixture
def both(desk: Staff, elsewhere: Venue) -> Staff:
    """The front desk, who also works at the other venue."""
    MembershipFactory.create(staff=desk, venue=elsewhere, role="manager")
    return desk


def test_the_first_venue_by_name_until_one_is_chosen(both: Staff, venue: Venue, log_in: LogIn) -> None:
    assert venue_of(log_in(both)) == venue


def test_choosing_a_venue_lasts_over_the_next_login(both: Staff, elsewhere: Venue, log_in: LogIn) -> None:
    answer = log_in(both).post("/venue/", {"venue": elsewhere.pk, "next": "/me/"})

    assert answer["Location"] == "/me/"
    assert venue_of(log_in(both)) == elsewhere


def test_the_choice_is_this_browsers_own(both: Staff, venue: Venue, elsewhere: Venue, log_in: LogIn) -> None:
    here, there = log_in(both), log_in(both)
    here.post("/venue/", {"venue": venue.pk})
    there.post("/venue/", {"venue": elsewhere.pk})

    assert (venue_of(here), venue_of(there)) == (venue, elsewhere)


def test_the_role_is_the_one_there(both: Staff, elsewhere: Venue, log_in: LogIn) -> None:
    client = log_in(both)
    assert client.get("/reports/").status_code == 403

    client.post("/venue/", {"venue": elsewhere.pk})

    assert client.get("/reports/").status_code == 200


@pytest.mark.parametrize("wanted", ["", "x", "0", "999999999"])
def test_a_venue_where_one_does_not_work(as_desk: Client, wanted: str) -> None:
    assert as_desk.post("/venue/", {"venue": wanted}).status_code == 404


def test_a_venue_that_exists_but_is_not_ones_own(as_desk: Client, elsewhere: Venue) -> None:
    assert as_desk.post("/venue/", {"venue": elsewhere.pk}).status_code == 404


def test_the_way_on_stays_in_the_house(as_desk: Client, venue: Venue) -> None:
    answer = as_desk.post("/venue/", {"venue": venue.pk, "next": "//evil.example/"})

    assert answer["Location"] == "/"


def test_only_post_changes_the_venue(as_desk: Client) -> None:
    assert as_desk.get("/venue/").status_code == 405


def test_an_ended_membership_opens_nothing(as_desk: Client, desk: Staff) -> None:
    desk.memberships.update(ended_at=timezone.now())

    answer = as_desk.get("/me/")

    assert answer.status_code == 403
    assert "no venue" in answer.content.decode()


def test_a_closed_venue_opens_nothing(as_desk: Client, venue: Venue) -> None:
    Venue.objects.filter(pk=venue.pk).update(closed_at=timezone.now())

    assert as_desk.get("/me/").status_code == 403


@pytest.mark.parametrize(
    "path", ["/me/", "/house/", "/reports/", "/house/audit/", "/reports/return-rate.csv"]
)
def test_the_stranger_sees_nothing_but_why(as_stranger: Client, venue: Venue, path: str) -> None:
    answer = as_stranger.get(path)

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "no venue" in page
    assert venue.name not in page
    assert 'href="/house/' not in page


def test_the_stranger_chooses_no_venue(as_stranger: Client, venue: Venue) -> None:
    assert as_stranger.post("/venue/", {"venue": venue.pk}).status_code == 403


def test_logging_in_speaks_the_persons_language(desk: Staff, anonymous: Client) -> None:
    Staff.objects.filter(pk=desk.pk).update(language="zh-hans")
    anonymous.post("/accounts/login/", {"login": desk.email, "password": PASSWORD})

    answer = anonymous.get("/me/", headers={"accept-language": "en"})

    assert answer["Content-Language"] == "zh-hans"
    assert 'lang="zh-hans"' in answer.content.decode()


def test_choosing_a_language_is_kept_with_the_person(as_desk: Client, desk: Staff, log_in: LogIn) -> None:
    answer = as_desk.post("/language/", {"language": "zh-hans", "next": "/me/"})

    assert answer["Location"] == "/me/"
    assert log_in(desk).get("/me/")["Content-Language"] == "zh-hans"


def test_the_persons_language_wins_over_an_old_cookie(as_desk: Client) -> None:
    as_desk.cookies["django_language"] = "zh-hans"

    assert as_desk.get("/me/")["Content-Language"] == "en"


def test_a_language_that_we_do_not_speak(as_desk: Client, desk: Staff) -> None:
    as_desk.post("/language/", {"language": "tlh"})

    desk.refresh_from_db()
    assert desk.language == "en"


def test_a_visitor_chooses_a_language_too(anonymous: Client) -> None:
    anonymous.post("/language/", {"language": "zh-hans"})

    assert anonymous.get("/accounts/login/")["Content-Language"] == "zh-hans"


def test_errors_speak_the_persons_language(as_desk: Client, desk: Staff) -> None:
    Staff.objects.filter(pk=desk.pk).update(language="zh-hans")

    assert as_desk.get("/house/")["Content-Language"] == "zh-hans"


def test_nobody_signs_up(anonymous: Client) -> None:
    fields = {"email": "me@example.com", "password1": PASSWORD, "password2": PASSWORD}

    anonymous.post("/accounts/signup/", fields)

    assert not Staff.objects.exists()


def test_guessing_a_password_is_stopped(desk: Staff, anonymous: Client) -> None:
    cache = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "guessing"}}
    with override_settings(CACHES=cache):
        for guess in range(5):
            anonymous.post("/accounts/login/", {"login": desk.email, "password": f"guess {guess}"})
        answer = anonymous.post("/accounts/login/", {"login": desk.email, "password": PASSWORD})

    assert answer.status_code == 200
    assert "_auth_user_id" not in anonymous.session


def test_the_second_step_can_be_set_up(as_desk: Client) -> None:
    page = as_desk.get("/me/").content.decode()

    assert 'href="/accounts/2fa/"' in page
    assert 'href="/accounts/password/change/"' in page
    assert as_desk.get("/accounts/2fa/").status_code == 200


def test_the_profile_changes_name_and_language_and_nothing_else(as_desk: Client, desk: Staff) -> None:
    fields = {"display_name": "Samira", "language": "zh-hans", "email": "x@example.com", "badge_number": "1"}

    answer = as_desk.post("/me/", fields)

    desk.refresh_from_db()
    assert answer.status_code == 302
    assert (desk.display_name, desk.language) == ("Samira", "zh-hans")
    assert (desk.email, desk.badge_number) == ("sam@example.com", "")


def test_a_profile_without_a_name(as_desk: Client, desk: Staff) -> None:
    answer = as_desk.post("/me/", {"display_name": "", "language": "en"})

    assert answer.status_code == 422
    assert answer.context["staff"].display_name == "Sam"


def test_quiet_hours_are_kept_and_taken_away(as_desk: Client, desk: Staff) -> None:
    named = {"display_name": "Sam", "language": "en"}
    as_desk.post("/me/", named | {"quiet_from": "22:00", "quiet_until": "07:00"})
    desk.refresh_from_db()
    assert (desk.quiet_from, desk.quiet_until) == (time(22), time(7))
    as_desk.post("/me/", named)
    desk.refresh_from_db()
    assert (desk.quiet_from, desk.quiet_until) == (None, None)


@pytest.mark.parametrize("half", [{"quiet_from": "22:00"}, {"quiet_from": "22:00", "quiet_until": "22:00"}])
def test_half_of_quiet_hours_is_refused(as_desk: Client, desk: Staff, half: dict[str, str]) -> None:
    answer = as_desk.post("/me/", {"display_name": "Sam", "language": "en"} | half)
    desk.refresh_from_db()
    assert (answer.status_code, desk.quiet_from) == (422, None)


def test_setting_a_pin_asks_for_the_password(as_desk: Client, desk: Staff) -> None:
    wrong = as_desk.post("/me/pin/", {"pin": "4711", "password": "nonsense"})
    desk.refresh_from_db()
    assert (wrong.status_code, desk.pin_hash) == (422, "")

    right = as_desk.post("/me/pin/", {"pin": "4711", "password": PASSWORD})
    desk.refresh_from_db()
    assert right.status_code == 302
    assert desk.pin_fits("4711")
    assert "4711" not in desk.pin_hash


@pytest.mark.parametrize("pin", ["123", "12a4", "1234", "4321", "7777", "１２３９", "00000000"])
def test_a_pin_that_is_none_or_is_guessed_first(as_desk: Client, desk: Staff, pin: str) -> None:
    answer = as_desk.post("/me/pin/", {"pin": pin, "password": PASSWORD})

    desk.refresh_from_db()
    assert (answer.status_code, desk.pin_hash) == (422, "")


def test_an_empty_pin_takes_it_away(as_desk: Client, desk: Staff) -> None:
    desk.set_pin("4711")
    desk.save()

    as_desk.post("/me/pin/", {"pin": "", "password": PASSWORD})

    desk.refresh_from_db()
    assert not desk.pin_hash


def test_a_page_costs_the_same_with_many_venues(as_desk: Client, desk: Staff) -> None:
    assert_constant(as_desk, "/me/", lambda: MembershipFactory.create(staff=desk))


def test_visitors_are_sent_to_log_in(anonymous: Client) -> None:
    for path in ("/me/", "/house/", "/reports/"):
        assert anonymous.get(path)["Location"] == f"/accounts/login/?next={path}"
    assert anonymous.post("/venue/", {"venue": 1}).status_code == 302
    assert not Membership.objects.exists()
