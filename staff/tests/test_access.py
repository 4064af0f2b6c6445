"""The access log: who looked at whom, written by every page that shows somebody."""

from __future__ import annotations

from typing import Any, cast

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import Client, RequestFactory, override_settings
from django.test.utils import isolate_apps
from django.utils.functional import SimpleLazyObject

from staff.access import needs, note_access
from staff.addresses import client_address
from staff.middleware import StaffRequest, bind_venue
from staff.models import AccessLog, Staff, Terminal, Venue
from staff.terminals import COOKIE, hashed
from staff.tests.factories import TerminalFactory


def request_of(person: Staff, **headers: Any) -> StaffRequest:
    """A request of this person, as the middleware hands it to a view."""
    request: Any = RequestFactory().get("/", **headers)
    request.session = SessionStore()
    # As the login middleware has it: not the person, but a promise of one.
    request.user = SimpleLazyObject(lambda: Staff.objects.get(pk=person.pk))
    bind_venue(request)
    return cast("StaffRequest", request)


def test_what_is_written_down(desk: Staff, venue: Venue) -> None:
    note_access(request_of(desk), AccessLog.Action.OPENED, venue, detail="x" * 300)

    line = AccessLog.objects.get()
    assert (line.staff, line.venue, line.terminal) == (desk, venue, None)
    assert (line.action, line.subject, line.subject_id) == ("opened", "venue", venue.pk)
    assert (line.detail, line.address) == ("x" * 200, "127.0.0.1")


@isolate_apps("staff")
def test_a_proxy_is_written_down_under_its_tables_name(desk: Staff, venue: Venue) -> None:
    class Renamed(Venue):
        class Meta:
            proxy = True
            app_label = "staff"

    note_access(request_of(desk), AccessLog.Action.FOUND, Renamed(pk=venue.pk))

    assert AccessLog.objects.get().subject == "venue"


def test_a_list_is_written_down_by_its_name(desk: Staff) -> None:
    note_access(request_of(desk), AccessLog.Action.EXPORTED, "customers")

    line = AccessLog.objects.get()
    assert (line.subject, line.subject_id) == ("customers", None)


def test_the_terminal_is_named_until_it_is_taken_back(desk: Staff, venue: Venue) -> None:
    terminal: Terminal = TerminalFactory.create(venue=venue, enrolled_by=desk, token_hash=hashed("token"))
    note_access(request_of(desk, HTTP_COOKIE=f"{COOKIE}=token"), AccessLog.Action.OPENED, venue)
    terminal.revoked_at = terminal.enrolled_at
    terminal.save()
    note_access(request_of(desk, HTTP_COOKIE=f"{COOKIE}=token"), AccessLog.Action.OPENED, venue)

    assert [line.terminal for line in AccessLog.objects.order_by("pk")] == [terminal, None]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "nonsense", None),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_the_address_behind_proxies(proxies: int, forwarded: str, expected: str | None) -> None:
    meta = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded}

    assert client_address(meta, proxies) == expected


def test_a_unix_socket_has_no_address() -> None:
    assert client_address({"REMOTE_ADDR": ""}, 0) is None


@override_settings(TRUSTED_PROXIES=1)
def test_the_log_has_the_address_of_the_browser(desk: Staff, venue: Venue) -> None:
    note_access(request_of(desk, HTTP_X_FORWARDED_FOR="203.0.113.9"), AccessLog.Action.OPENED, venue)

    assert AccessLog.objects.get().address == "203.0.113.9"


def test_a_change_is_put_down_to_who_made_it_and_from_where(
    as_owner: Client, owner: Staff, desk: Staff, venue: Venue
) -> None:
    membership = desk.memberships.get()

    as_owner.post(f"/house/staff/{membership.pk}/", {"role": "manager"})

    event = membership.events.get()  # type: ignore[attr-defined]  # by tracked()
    assert event.role == "front_desk"
    assert event.pgh_context.metadata["user"] == owner.pk
    assert event.pgh_context.metadata["venue"] == venue.pk
    assert event.pgh_context.metadata["address"] == "127.0.0.1"


def test_an_unknown_ability_is_refused_when_the_page_is_written() -> None:
    with pytest.raises(ValueError, match="unknown ability"):
        needs("fly")


def test_a_request_without_a_login_names_nobody(db: None) -> None:
    request: Any = HttpRequest()
    request.user = type("Visitor", (), {"is_authenticated": False})()
    request.session = SessionStore()

    bind_venue(request)

    assert (request.staff, request.venue, request.memberships) == (None, None, [])


def test_a_wrong_password_is_told_and_nothing_is_called_saved(anonymous: Client, desk: Staff) -> None:
    answer = anonymous.post("/accounts/login/", {"login": desk.email, "password": "not this one"})
    page = answer.content.decode()
    assert "are not correct" in page
    assert "Not saved" not in page
