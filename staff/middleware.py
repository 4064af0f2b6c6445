"""Which venue a request is about and as what, and who a change is put down to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pghistory.middleware
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from staff.models import Membership, Staff, Venue

SESSION_VENUE = "venue"


class StaffRequest(HttpRequest):
    """A request of a logged-in member of staff at a venue: what every guarded view is given."""

    user: Staff
    staff: Staff
    membership: Membership
    venue: Venue
    role: str


class CurrentVenueMiddleware:
    """Puts `staff`, `memberships`, `membership`, `venue` and `role` on the request.

    All are None (or empty) for a visitor and for somebody without a membership. The venue is the one
    chosen in this session, else the one last worked at, else the first by name.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        bind_venue(request)
        venue = request.venue  # type: ignore[attr-defined]  # bound one line above
        if venue is not None:
            timezone.activate(venue.zone)
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()
            translation.deactivate()


def bind_venue(request: HttpRequest) -> None:
    """Find the person's memberships in one query and bind the chosen one to the request."""
    bound: Any = request
    bound.staff = request.user if request.user.is_authenticated else None
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
        return {**context, "venue": venue.pk if venue else None, "address": request.META.get("REMOTE_ADDR")}
