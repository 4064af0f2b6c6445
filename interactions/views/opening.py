"""A customer opened, on the desk or on a page of their own: what both show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import pgettext

from customers.models import Customer
from interactions import timeline, usual
from interactions.cues import card_for, record_shown
from interactions.cues.draft import STAGES
from interactions.forms.log import LogForm
from interactions.models import Channel, Interaction
from staff.access import note_access
from staff.middleware import StaffRequest
from staff.models import AccessLog

Kind = Interaction.Kind
# What a contact most likely is, by how it came about.
FIRST_KIND: dict[str, str] = {
    Channel.PHONE: Kind.CALL,
    Channel.EMAIL: Kind.MESSAGE,
    Channel.CHAT: Kind.MESSAGE,
    Channel.SOCIAL: Kind.MESSAGE,
    Channel.WEB: Kind.MESSAGE,
}
# On the desk the card comes first; the rest of the timeline is one link away.
ON_DESK = 5


def find(request: StaffRequest, pk: int | str) -> Customer:
    """The customer with this number, or who they were merged into. Raises Http404, for a word too."""
    if not (isinstance(pk, int) or (pk.isascii() and pk.isdigit() and len(pk) < 19)):
        raise Http404
    known = Customer.objects.visible_to(request.membership).select_related(
        "home_venue", "merged_into__home_venue"
    )
    customer = get_object_or_404(known, pk=pk)
    return customer.merged_into or customer


def find_active(request: StaffRequest, pk: int) -> Customer:
    """A customer of whom something may be written down. Raises Http404."""
    return get_object_or_404(Customer.objects.visible_to(request.membership).active(), pk=pk)


def show(request: StaffRequest, customer: Customer, now: datetime, *, query: str = "") -> dict[str, Any]:
    """The card and what is around it; writes down that this person looked, and after which words."""
    action = AccessLog.Action.FOUND if query else AccessLog.Action.OPENED
    note_access(request, action, customer, detail=query)
    context = deal(request, customer, now)
    return context | {"usual": usual.is_on(context["card"])}


def deal(request: StaffRequest, customer: Customer, now: datetime) -> dict[str, Any]:
    """The card for the channel and the stage that were asked for; what it shows is kept as shown."""
    channel, stage = came_by(request), stage_of(request)
    card = card_for(customer, request.membership, now=now, channel=channel, stage=stage)
    record_shown(card, request.membership, now=now)
    return {"customer": customer, "card": card, "via": channel, "stage": stage, "stages": stage_names()}


def came_by(request: StaffRequest) -> str:
    """How they are in contact while they are open: what `via` was sent, else they stand here."""
    via = request.POST.get("via") or request.GET.get("via", "")
    return via if via in Channel.values else Channel.IN_PERSON


def stage_of(request: StaffRequest) -> str:
    """Where in the visit they are: what `stage` was sent, else they arrive."""
    stage = request.POST.get("stage") or request.GET.get("stage", "")
    return stage if stage in STAGES else "arrival"


def stage_names() -> list[tuple[str, str]]:
    """The stages of a visit in order, with their names."""
    names = {
        "before": pgettext("stage", "Before"),
        "arrival": pgettext("stage", "Arriving"),
        "during": pgettext("stage", "During"),
        "leaving": pgettext("stage", "Leaving"),
        "after": pgettext("stage", "After"),
    }
    return [(stage, names[stage]) for stage in STAGES]


def contact(
    request: StaffRequest,
    customer: Customer,
    now: datetime,
    *,
    place: str,
    form: LogForm | None = None,
) -> dict[str, Any]:
    """The log box and the timeline under it; `place` is "desk" or "customer"."""
    size = ON_DESK if place == "desk" else timeline.PAGE
    wanted = timeline.Filter.read(request.GET.get("channel", ""), request.GET.get("kind", ""))
    before = timeline.Place.read(request.GET.get("before", ""))
    return {
        "customer": customer,
        "form": form or LogForm(now=now, initial={"kind": FIRST_KIND.get(came_by(request), Kind.VISIT)}),
        "timeline": timeline.read(
            customer, request.membership, now=now, wanted=wanted, before=before, size=size
        ),
        "place": place,
        "channels": Channel.choices,
        "kinds": Interaction.Kind.choices,
    }
