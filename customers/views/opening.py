"""Fetching the customer that an address names, as every page about one does."""

from __future__ import annotations

from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from crm.toasts import on_next_page
from customers.models import Customer
from staff.access import note_access
from staff.middleware import StaffRequest
from staff.models import AccessLog


def fetch(request: StaffRequest, pk: int) -> Customer:
    """The customer, if this person may see them; 404 otherwise."""
    seen = Customer.objects.visible_to(request.membership).select_related(
        "home_venue", "archived_by", "created_by"
    )
    return get_object_or_404(seen, pk=pk)


def open_page(request: StaffRequest, pk: int) -> Customer:
    """The customer, with a note that this person looked."""
    customer = fetch(request, pk)
    note_access(request, AccessLog.Action.OPENED, customer)
    return customer


def is_put_away(request: StaffRequest, customer: Customer) -> bool:
    """Whether nothing may be added to this customer; the next page then says so."""
    if customer.status == Customer.Status.ACTIVE:
        return False
    on_next_page(request, put_away_words(customer), heed=True)
    return True


def put_away_words(customer: Customer) -> str:
    """Why nothing may be added to this customer."""
    return _("Nothing was saved: %s is archived. Bring them back first.") % customer.name


def sent(request: StaffRequest) -> QueryDict | None:
    """What a form sent, even where that is nothing; None while it is only shown."""
    return request.POST if request.method == "POST" else None
