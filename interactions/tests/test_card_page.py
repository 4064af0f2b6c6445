from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from customers.models import Confirmation
from customers.tests.factories import CustomerFactory, ImportantDateFactory, PreferenceFactory
from interactions.cues import card_for, record_shown
from interactions.models import CueAnswer, FollowUp
from interactions.tests.factories import (
    ComplaintFactory,
    FeedbackFactory,
    FollowUpFactory,
    InteractionFactory,
    LoanFactory,
    VisitFactory,
)
from staff.models import Membership, Staff, Venue

pytestmark = pytest.mark.django_db
MembershipOf = Callable[[Staff], Membership]


@pytest.fixture
def regular(venue: Venue, desk: Staff):
    """Somebody with something in every lane."""
    customer = CustomerFactory.create(home_venue=venue, preferred_name="Dana", pronunciation="DAY-nuh")
    now = timezone.now()
    PreferenceFactory.create(
        customer=customer, kind="safety", category="peanut", value="Peanut allergy", severity="severe",
        recorded_by=desk, recorded_at=now - timedelta(days=900),
    )  # fmt: skip
    PreferenceFactory.create(customer=customer, value="Window table", category="window", recorded_by=desk)
    FollowUpFactory.create(customer=customer, text="Call about the coat", owner=desk, due_at=now - timedelta(days=1))
    ComplaintFactory.create(customer=customer, about="Soup came cold")
    LoanFactory.create(customer=customer)
    FeedbackFactory.create(customer=customer)
    VisitFactory.create(customer=customer, note="Wants to talk about the party")
    local = now.astimezone(venue.zone)
    ImportantDateFactory.create(customer=customer, month=local.month, day=min(local.day, 28))
    InteractionFactory.create(
        customer=customer, staff=desk, occurred_at=now - timedelta(days=9), items=["Flat white"],
        summary="Talked about Lisbon",
    )  # fmt: skip
    return customer


def test_a_customer_page_shows_the_card(as_desk: Client, regular) -> None:
    page = as_desk.get(f"/customers/{regular.pk}/").content.decode()
    for words in ("DAY-nuh", "ASK", "Peanut allergy, severe", "Soup came cold", "Call about the coat", "Lisbon"):
        assert words in page
