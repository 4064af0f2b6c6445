"""The lock screen, the shared terminal and switching by PIN."""

from __future__ import annotations

import time

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from staff.models import AccessLog, Staff, Terminal, Venue
from staff.terminals import COOKIE, hashed
from staff.tests.cast import LogIn
from staff.tests.factories import MembershipFactory
from staff.tests.queries import assert_constant


def give_pin(person: Staff, pin: str) -> Staff:
    """The person, with this PIN."""
    person.set_pin(pin)
    person.save(update_fields=["pin_hash"])
    return person


@pytest.fixture
def terminal(as_manager: Client) -> Client:
    """A browser that a manager has made a terminal and then locked."""
    as_manager.post("/house/terminals/enrol/", {"name": "Counter"})
    as_manager.post("/lock/")
    return as_manager


def who(client: Client) -> str | None:
    """The key of whoever is logged in."""
    return client.session.get("_auth_user_id")


def test_locking_ends_the_session_and_shows_nothing_of_the_house(as_desk: Client, desk: Staff) -> None:
    give_pin(desk, "4711")
    key = as_desk.session.session_key

    answer = as_desk.post("/lock/", {"next": "/me/"}, follow=True)

    assert answer.redirect_chain == [("/lock/", 302)]
    assert who(as_desk) is None
    assert as_desk.session.session_key != key
    assert "Harbour" not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("path", ["/me/", "/house/", "/reports/"])
def test_nothing_can_be_reached_while_locked(as_manager: Client, path: str) -> None:
    as_manager.post("/lock/")

    assert as_manager.get(path)["Location"].startswith("/accounts/login/")


def test_pages_are_not_kept_by_the_browser(as_manager: Client) -> None:
    assert "no-store" in as_manager.get("/me/")["Cache-Control"]
    assert "no-store" in as_manager.get("/reports/")["Cache-Control"]


def test_looking_at_the_lock_screen_locks_nothing(as_desk: Client, desk: Staff) -> None:
    assert as_desk.get("/lock/").status_code == 200
    assert who(as_desk) == str(desk.pk)


def test_whoever_hid_the_screen_comes_back_to_where_they_were(as_desk: Client, desk: Staff) -> None:
    give_pin(desk, "4711")
    as_desk.post("/lock/", {"next": "/me/"})

    answer = as_desk.post("/lock/open/", {"person": desk.pk, "pin": "4711"})

    assert answer["Location"] == "/me/"
    assert who(as_desk) == str(desk.pk)


def test_the_way_back_never_leads_out_of_the_house(as_desk: Client, desk: Staff) -> None:
    give_pin(desk, "4711")
    as_desk.post("/lock/", {"next": "https://evil.example/"})

    assert as_desk.post("/lock/open/", {"person": desk.pk, "pin": "4711"})["Location"] == "/"


def test_locking_twice_keeps_the_way_back(as_desk: Client, desk: Staff) -> None:
    give_pin(desk, "4711")
    as_desk.post("/lock/", {"next": "/me/"})
    as_desk.post("/lock/")

    assert as_desk.post("/lock/open/", {"person": desk.pk, "pin": "4711"})["Location"] == "/me/"


def test_nobody_else_comes_in_by_pin_where_there_is_no_terminal(
    as_desk: Client, desk: Staff, manager: Staff
) -> None:
    give_pin(manager, "4711")
    as_desk.post("/lock/")

    assert as_desk.post("/lock/open/", {"person": manager.pk, "pin": "4711"}).status_code == 422
    assert who(as_desk) is None


def test_a_fresh_browser_takes_no_pin(anonymous: Client, desk: Staff) -> None:
    give_pin(desk, "4711")

    assert anonymous.post("/lock/open/", {"person": desk.pk, "pin": "4711"}).status_code == 422
    assert "Sam" not in anonymous.get("/lock/").content.decode()


def test_enrolling_keeps_only_the_hash_of_the_token(as_manager: Client, venue: Venue, manager: Staff) -> None:
    answer = as_manager.post("/house/terminals/enrol/", {"name": "Counter"})

    cookie = answer.cookies[COOKIE]
    terminal = Terminal.objects.get()
    assert terminal.token_hash == hashed(cookie.value)
    assert cookie.value not in terminal.token_hash
    assert (terminal.venue, terminal.enrolled_by, terminal.name) == (venue, manager, "Counter")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_second_terminal_of_the_same_name_is_refused_in_words(as_manager: Client, log_in: LogIn) -> None:
    as_manager.post("/house/terminals/enrol/", {"name": "Counter"})

    answer = as_manager.post("/house/terminals/enrol/", {"name": "counter"})

    assert answer.status_code == 422
    assert Terminal.objects.count() == 1


def test_the_terminal_offers_whoever_works_here_and_has_a_pin(
    terminal: Client, desk: Staff, concierge: Staff, stranger: Staff
) -> None:
    give_pin(desk, "4711")
    give_pin(stranger, "4711")

    page = terminal.get("/lock/").content.decode()

    assert "Sam" in page
    assert "Priya" not in page
    assert "Stranger" not in page


def test_switching_by_pin_makes_a_session_of_its_own(terminal: Client, desk: Staff, manager: Staff) -> None:
    give_pin(desk, "4711")
    give_pin(manager, "1989")
    terminal.post("/lock/open/", {"person": manager.pk, "pin": "1989"})
    before = terminal.session.session_key
    session = terminal.session
    session["secret"] = "of the manager"
    session.save()

    answer = terminal.post("/lock/open/", {"person": desk.pk, "pin": "4711"})

    assert answer["Location"] == "/"
    assert who(terminal) == str(desk.pk)
    assert terminal.session.session_key != before
    assert "secret" not in terminal.session


def test_the_old_session_is_dead_after_a_switch(terminal: Client, desk: Staff, manager: Staff) -> None:
    give_pin(desk, "4711")
    give_pin(manager, "1989")
    terminal.post("/lock/open/", {"person": manager.pk, "pin": "1989"})
    stolen = Client()
    stolen.cookies["sessionid"] = terminal.session.session_key or ""
    assert stolen.get("/me/").status_code == 200

    terminal.post("/lock/open/", {"person": desk.pk, "pin": "4711"})

    assert stolen.get("/me/").status_code == 302


def test_another_person_does_not_land_where_the_first_was(as_manager: Client, desk: Staff) -> None:
    give_pin(desk, "4711")
    as_manager.post("/house/terminals/enrol/", {"name": "Counter"})
    as_manager.post("/lock/", {"next": "/reports/"})

    assert as_manager.post("/lock/open/", {"person": desk.pk, "pin": "4711"})["Location"] == "/"


def test_a_switch_works_at_the_terminals_venue(
    terminal: Client, desk: Staff, venue: Venue, elsewhere: Venue
) -> None:
    give_pin(desk, "4711")
    desk.memberships.create(venue=elsewhere, role="front_desk")
    Staff.objects.filter(pk=desk.pk).update(last_venue=elsewhere)

    terminal.post("/lock/open/", {"person": desk.pk, "pin": "4711"})

    assert terminal.get("/me/").wsgi_request.venue == venue  # type: ignore[attr-defined]  # by the middleware


def test_a_wrong_pin_says_so_and_five_say_when_to_come_back(terminal: Client, desk: Staff) -> None:
    give_pin(desk, "4711")
    wrong = {"person": desk.pk, "pin": "0815"}

    pages = [terminal.post("/lock/open/", wrong) for _ in range(5)]
    right = terminal.post("/lock/open/", {"person": desk.pk, "pin": "4711"})

    assert {page.status_code for page in [*pages, right]} == {422}
    assert "not the PIN" in pages[3].content.decode()
    assert "Try again at" in pages[4].content.decode()
    assert "Try again at" in right.content.decode()
    assert who(terminal) is None


def test_no_name_chosen(terminal: Client) -> None:
    answer = terminal.post("/lock/open/", {"pin": "4711"})

    assert answer.status_code == 422


def test_after_the_end_of_a_membership_the_pin_opens_nothing(terminal: Client, desk: Staff) -> None:
    give_pin(desk, "4711")
    desk.memberships.update(ended_at=timezone.now())

    assert terminal.post("/lock/open/", {"person": desk.pk, "pin": "4711"}).status_code == 422


def test_a_terminal_that_was_taken_back_knows_nobody(terminal: Client, desk: Staff, log_in: LogIn) -> None:
    give_pin(desk, "4711")
    boss = log_in(Staff.objects.get(display_name="Morgan"))
    boss.post(f"/house/terminals/{Terminal.objects.get().pk}/revoke/")

    assert "Sam" not in terminal.get("/lock/").content.decode()
    assert terminal.post("/lock/open/", {"person": desk.pk, "pin": "4711"}).status_code == 422


def test_the_terminal_of_another_venue_cannot_be_taken_back(
    terminal: Client, elsewhere: Venue, log_in: LogIn, stranger: Staff
) -> None:
    stranger.memberships.create(venue=elsewhere, role="manager")

    assert log_in(stranger).post(f"/house/terminals/{Terminal.objects.get().pk}/revoke/").status_code == 404


def test_what_is_looked_at_there_names_the_terminal(terminal: Client, manager: Staff) -> None:
    give_pin(manager, "1989")
    terminal.post("/lock/open/", {"person": manager.pk, "pin": "1989"})

    terminal.get("/reports/return-rate.csv")

    assert AccessLog.objects.get().terminal == Terminal.objects.get()


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"])
def test_a_switch_takes_less_than_two_seconds_with_the_real_hash(terminal: Client, desk: Staff) -> None:
    give_pin(desk, "4711")
    start = time.process_time()

    answer = terminal.post("/lock/open/", {"person": desk.pk, "pin": "4711"})

    assert answer.status_code == 302
    assert time.process_time() - start < 2


def test_the_lock_screen_costs_the_same_for_many(terminal: Client, venue: Venue) -> None:
    def add() -> None:
        give_pin(MembershipFactory.create(venue=venue).staff, "4711")

    assert_constant(terminal, "/lock/", add)
