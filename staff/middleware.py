"""Which venue a request is about and as what, and who a change is put down to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pghistory.middleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers

from staff.addresses import client_address
from staff.models import Membership, Staff, Venue

SESSION_VENUE = "venue"


class StaffRequest(HttpRequest):
    """A request of a logged-in member of staff at a venue: what every guarded view is given."""

    user: Staff
    staff: Staff
    membership: Membership
    venue: Venue
    memberships: list[Membership]
    role: str
    client_address: str | None


class CurrentVenueMiddleware:
    """Puts `staff`, `memberships`, `membership`, `venue` and `role` on the request.

    All are None (or empty) for a visitor and for somebody without a membership. The venue is the one
    chosen in this session, else the one last worked at, else the first by name. The page speaks the
    person's language and tells the venue's time.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        bind_venue(request)
        bound: Any = request
        zone = bound.venue.zone if bound.venue else None
        language = bound.staff.language if bound.staff else translation.get_language()
        bound.LANGUAGE_CODE = language
        with timezone.override(zone), translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if bound.staff and not response.has_header("Cache-Control"):
            # What a guest must not find with the Back button is never kept by the browser.
            add_never_cache_headers(response)
        return response


def bind_venue(request: HttpRequest) -> None:
    """Find the person's memberships in one query and bind the chosen one to the request."""
    bound: Any = request
    bound.staff = request.user if request.user.is_authenticated else None
    bound.client_address = client_address(request.META, settings.TRUSTED_PROXIES)
    bound.memberships = []
    if bound.staff is not None:
        bound.memberships = list(bound.staff.memberships.current().select_related("venue"))
        wanted = request.session.get(SESSION_VENUE) or bound.staff.last_venue_id
        bound.memberships.sort(key=lambda m: m.venue_id != wanted)
    bound.membership = bound.memberships[0] if bound.memberships else None
    bound.venue = bound.membership.venue if bound.membership else None
    bound.role = bound.membership.role if bound.membership else None
    for membership in bound.memberships:
        membership.staff = bound.staff


class HistoryMiddleware(pghistory.middleware.HistoryMiddleware):
    """Writes beside every change who made it, at which venue and from which address."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """What is kept with each event of this request."""
        context: dict[str, Any] = super().get_context(request)
        venue = getattr(request, "venue", None)
        return {
            **context,
            "venue": venue.pk if venue else None,
            "address": getattr(request, "client_address", None),
        }
