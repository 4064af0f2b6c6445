"""One's own calendar feed: the address of it, and what a calendar program reads there."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from crm import toasts
from crm.pages import render_page
from interactions import calendars
from staff.access import needs
from staff.middleware import StaffRequest


@require_safe
@needs("work")
@never_cache
def own(request: StaffRequest) -> HttpResponse:
    """Whether there is a feed, since when, and when it was last read."""
    return _page(request)


@require_POST
@needs("work")
@never_cache
def make(request: StaffRequest) -> HttpResponse:
    """Make a new address, which ends the old one, and show it this once."""
    token = calendars.make_feed(request.staff, timezone.now())
    return _page(request, settings.SITE_URL + reverse("calendar_feed", args=[token]))


@require_POST
@needs("work")
def revoke(request: StaffRequest) -> HttpResponse:
    """Take the address back: from now on it opens nothing."""
    request.staff.calendar_feeds.all().revoke(timezone.now())
    return toasts.go_on(request, reverse("own_calendar"), _("Taken back. The old address opens nothing now."))


@require_safe
@never_cache
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar that an address opens, for whoever holds it; without a login, as programs read it."""
    found = calendars.feed_of(token, timezone.now())
    if found is None:
        raise Http404
    with translation.override(found.staff.language):
        body = calendars.calendar_of(found.staff, timezone.now())
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="regulars.ics"'
    return answer


def _page(request: StaffRequest, address: str = "") -> HttpResponse:
    live = request.staff.calendar_feeds.live().first()
    return render_page(request, "interactions/own_calendar.html", {"feed": live, "address": address})
