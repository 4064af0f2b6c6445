"""Deliveries that were given up: why, and to try again or let them go. For managers."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from crm import toasts
from crm.pages import render_page
from interactions.models import Delivery
from staff.access import needs
from staff.middleware import StaffRequest

SHOWN = 100


@require_safe
@needs("see_house")
@never_cache
def index(request: StaffRequest) -> HttpResponse:
    """What could not be delivered, the latest first, and what is still being tried."""
    here = Delivery.objects.filter(follow_up__venue=request.venue).select_related(
        "follow_up__customer", "recipient"
    )
    context = {
        "dead": here.filter(state=Delivery.State.DEAD).order_by("-id")[:SHOWN],
        "trying": here.waiting().filter(attempts__gt=0).order_by("next_attempt_at", "id")[:SHOWN],
        "now": timezone.now(),
    }
    return render_page(request, "interactions/unsent.html", context)


@require_POST
@needs("see_house")
def retry(request: StaffRequest, pk: int) -> HttpResponse:
    """Try this one again from the beginning; doing so twice changes nothing."""
    delivery = get_object_or_404(Delivery, pk=pk, follow_up__venue=request.venue)
    delivery.try_again(timezone.now())
    text = _("It goes out again within half a minute.")
    return toasts.go_on(request, reverse("unsent"), text)


@require_POST
@needs("see_house")
def dismiss(request: StaffRequest, pk: int) -> HttpResponse:
    """Let this one go: the follow-up itself stays owed."""
    delivery = get_object_or_404(Delivery, pk=pk, follow_up__venue=request.venue)
    delivery.dismiss()
    return toasts.go_on(request, reverse("unsent"), _("Let go. The follow-up itself stays on the list."))
