"""What was lent to a customer, and its coming back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from customers.models import Customer
from interactions.models import Loan
from staff.models import Membership


class ReturnedError(Exception):
    """Somebody else took it back first."""

    def __init__(self, loan: Loan) -> None:
        super().__init__(f"loan {loan.pk} is back")
        self.loan = loan


def lend(
    customer: Customer, membership: Membership, *, now: datetime, what: str, due_at: datetime | None = None
) -> Loan:
    """Write down that something was lent, and until when if that was said."""
    return Loan.objects.create(
        customer=customer,
        venue=membership.venue,
        what=what.strip(),
        lent_at=now,
        lent_by=membership.staff,
        due_at=due_at,
    )


@transaction.atomic
def take_back(loan_id: int, membership: Membership, *, now: datetime) -> Loan:
    """It came back. Raises ReturnedError for a second person, DoesNotExist at another venue."""
    mine = Loan.objects.filter(venue=membership.venue_id).select_for_update(of=("self",))
    loan = mine.select_related("returned_to").get(pk=loan_id)
    if loan.returned_at and loan.returned_to_id != membership.staff_id:
        raise ReturnedError(loan)
    if not loan.returned_at:
        loan.returned_at, loan.returned_to = now, membership.staff
        loan.save(update_fields=["returned_at", "returned_to"])
    return loan


@transaction.atomic
def still_out(loan_id: int, membership: Membership) -> Loan:
    """Take back that it came back."""
    loan = Loan.objects.filter(venue=membership.venue_id).select_for_update().get(pk=loan_id)
    loan.returned_at = loan.returned_to = None
    loan.save(update_fields=["returned_at", "returned_to"])
    return loan
