"""Who might be the same person, asked before a new customer is saved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from customers.models import ContactPoint, Customer
from staff.models import Membership

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A customer who might be the same, and in what they agree."""

    customer: Customer
    why: str


def lookalikes(
    names: Iterable[str], contacts: Iterable[ContactPoint], membership: Membership
) -> list[Lookalike]:
    """Customers with the same phone number, e-mail address or name: at most five, surest first."""
    seen = Customer.objects.visible_to(membership).exclude(status=Customer.Status.MERGED)
    reached = seen.reached_at((contact.kind, contact.normalised) for contact in contacts)
    named = seen.named(*(name.strip() for name in names))
    found: dict[int, Lookalike] = {}
    for customer in reached.select_related("home_venue").recent_first()[:SHOWN]:
        found[customer.pk] = Lookalike(customer, _("same number or address"))
    for customer in named.select_related("home_venue").recent_first()[:SHOWN]:
        found.setdefault(customer.pk, Lookalike(customer, _("same name")))
    return list(found.values())[:SHOWN]
