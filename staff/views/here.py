"""Where somebody works now, and in which language they read."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from staff.access import needs
from staff.middleware import SESSION_VENUE, StaffRequest
from staff.models import Language, Staff


def way_back(request: HttpRequest, default: str = "/") -> str:
    """The address of ours that the form asks to go on to, else the default."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else default


@require_POST
@needs("work")
def choose_venue(request: StaffRequest) -> HttpResponse:
    """Work at another of one's venues from now on, also after the next login."""
    wanted = request.POST.get("venue", "")
    for membership in request.memberships:
        if str(membership.venue_id) == wanted:
            request.session[SESSION_VENUE] = membership.venue_id
            Staff.objects.filter(pk=request.staff.pk).update(last_venue=membership.venue_id)
            return redirect(way_back(request))
    raise Http404


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Read the pages in another language; a person's choice is kept with them, a visitor's in a cookie."""
    person: Staff | None = cast("Any", request).staff
    language = request.POST.get("language", "")
    if person and language in Language.values and check_for_language(language):
        Staff.objects.filter(pk=person.pk).update(language=language)
    return set_language(request)
