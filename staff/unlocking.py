"""The lock screen: hiding everything at once, and coming back by PIN."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, cast

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest

from staff import pins
from staff.middleware import SESSION_VENUE
from staff.models import Staff, StaffQuerySet, Terminal
from staff.terminals import terminal_of

HIDDEN_BY: Final = "hidden_by"
HIDDEN_AT: Final = "hidden_at"


def hide(request: HttpRequest, came_from: str) -> None:
    """End the session here and now; remember only who hid the screen and where they were."""
    person: Staff | None = cast("Any", request).staff
    kept: dict[str, Any] = {HIDDEN_BY: person.pk, HIDDEN_AT: came_from} if person else {}
    kept = kept or {key: request.session.get(key) for key in (HIDDEN_BY, HIDDEN_AT)}
    logout(request)
    request.session.update(kept)


def hid(request: HttpRequest) -> int | None:
    """The key of the person who hid this screen, who most likely comes back to it."""
    return cast("int | None", request.session.get(HIDDEN_BY))


def may_unlock(request: HttpRequest) -> StaffQuerySet:
    """Who may come in by PIN at this browser.

    At a terminal everybody who works at its venue and has a PIN; elsewhere whoever hid the screen.
    """
    people = Staff.objects.get_queryset().with_pin()
    terminal = terminal_of(request)
    if terminal:
        return people.working_at(terminal.venue)
    return people.filter(pk=hid(request) or 0, is_active=True)


def unlock(request: HttpRequest, person: Staff, pin: str, *, now: datetime) -> tuple[pins.Tried, str]:
    """Let the person in if the PIN is right, in a session of their own; gives the outcome and where to go.

    The old session, its key and all that it held are thrown away first.
    """
    tried = pins.try_pin(person, pin, now=now)
    if not tried.right:
        return tried, ""
    same = hid(request) == person.pk
    back = request.session.get(HIDDEN_AT) or "/" if same else "/"
    terminal = terminal_of(request)
    request.session.flush()
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    if terminal:
        request.session[SESSION_VENUE] = terminal.venue_id
        Terminal.objects.filter(pk=terminal.pk).update(last_seen_at=now)
    return tried, back
