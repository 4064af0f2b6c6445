"""Shared counter screens: enrolling a browser as one, knowing it again, taking it back."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from staff.models import Staff, Terminal, Venue

COOKIE: Final = "terminal"
# The longest that browsers keep a cookie.
COOKIE_AGE: Final = timedelta(days=400)
_UNREAD: Final = object()


def hashed(token: str) -> str:
    """What is kept of a token: long and random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def enrol(response: HttpResponse, *, venue: Venue, name: str, by: Staff, now: datetime) -> Terminal:
    """Make the browser that gets this response a terminal. IntegrityError if the name is taken."""
    token = secrets.token_urlsafe(32)
    terminal = Terminal.objects.create(
        venue=venue, name=name, token_hash=hashed(token), enrolled_by=by, enrolled_at=now, last_seen_at=now
    )
    response.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return terminal


def terminal_of(request: HttpRequest) -> Terminal | None:
    """The terminal that this browser is, if it is one and was not revoked. One query a request at most."""
    bound: Any = request
    found = getattr(bound, "terminal", _UNREAD)
    if found is _UNREAD:
        token = request.COOKIES.get(COOKIE)
        found = Terminal.objects.in_use().filter(token_hash=hashed(token)).first() if token else None
        bound.terminal = found
    return found if isinstance(found, Terminal) else None


def revoke(terminal: Terminal, *, now: datetime) -> None:
    """Take the terminal back: from this moment on nobody switches by PIN there. Safe to repeat."""
    Terminal.objects.in_use().filter(pk=terminal.pk).update(revoked_at=now)
