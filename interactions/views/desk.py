"""The desk: one search box, the card in place, and the day beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm.pages import render_page, wants_fragment
from customers.lookup import look_up
from interactions import panes
from interactions.views import opening
from staff.access import needs
from staff.middleware import StaffRequest

LISTED = 9


@require_safe
@needs("work")
@never_cache
def desk(request: StaffRequest) -> HttpResponse:
    """The whole desk, or only the customer who is being opened in place."""
    now = timezone.now()
    context = _opened(request, now)
    if not wants_fragment(request):
        context |= _found(request, now) | {"panes": panes.read(request.membership, now=now)}
    return render_page(request, "interactions/desk.html", context, partial="card")


@require_safe
@needs("work")
@never_cache
def lookup(request: StaffRequest) -> HttpResponse:
    """Who is meant by what was typed so far; as a page of its own it is the desk with the results."""
    if not wants_fragment(request):
        return desk(request)
    context = _found(request, timezone.now())
    return render_page(request, "interactions/desk.html", context, partial="results")


@require_safe
@needs("work")
@never_cache
def day(request: StaffRequest) -> HttpResponse:
    """The lists beside the look-up, which the desk asks for again each minute."""
    context = {"panes": panes.read(request.membership, now=timezone.now())}
    return render_page(request, "interactions/desk.html", context, partial="day")


def _opened(request: StaffRequest, now: datetime) -> dict[str, Any]:
    pk = request.GET.get("customer", "")
    if not pk:
        return {}
    customer = opening.find(request, pk)
    shown = opening.show(request, customer, now, query=request.GET.get("q", ""))
    return shown | opening.contact(request, customer, now, place="desk")


def _found(request: StaffRequest, now: datetime) -> dict[str, Any]:
    query = " ".join(request.GET.get("q", "").split())
    if not query:
        return {"query": ""}
    expected = panes.ids_expected_today(request.membership, now)
    found = look_up(query, request.membership, now=now, limit=LISTED, expected=expected)
    return {"query": query, "found": found}
