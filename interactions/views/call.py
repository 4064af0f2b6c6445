"""An incoming call: the card of who calls, a choice, or who it may be."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm.pages import render_page
from customers.calling import who_calls
from interactions.models import Channel
from staff.access import needs
from staff.middleware import StaffRequest


@require_safe
@needs("work")
@never_cache
def call(request: StaffRequest) -> HttpResponse:
    """Who calls from this number; one person is opened on the desk, with the card for the phone."""
    caller = who_calls(request.GET.get("number", ""), request.membership, now=timezone.now())
    if len(caller.known) == 1:
        opened = {"q": caller.number, "customer": str(caller.known[0].customer_id), "via": str(Channel.PHONE)}
        return redirect(f"{reverse('desk')}?{urlencode(opened)}")
    return render_page(request, "interactions/call.html", {"caller": caller})
