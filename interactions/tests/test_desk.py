"""The desk: what it shows to whom, in place and as a page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from customers.models import Customer
from customers.tests.factories import CustomerFactory
from interactions.tests.factories import FollowUpFactory, InteractionFactory, VisitFactory
from staff.models import AccessLog, Venue

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def dana(venue: Venue) -> Customer:
    return CustomerFactory.create(preferred_name="Dana", full_name="Dana Whitfield", home_venue=venue)


def test_smoke(as_desk: Client, dana: Customer) -> None:
    assert as_desk.get("/").status_code == 200
    assert as_desk.get("/?q=dan").status_code == 200
    assert as_desk.get(f"/?customer={dana.pk}").status_code == 200
    assert as_desk.get(f"/?customer={dana.pk}", headers=HTMX).status_code == 200
    assert as_desk.get("/lookup/?q=dan", headers=HTMX).status_code == 200
    assert as_desk.get("/desk/day/", headers=HTMX).status_code == 200
    assert as_desk.get(f"/customers/{dana.pk}/").status_code == 200
    assert as_desk.get("/arrivals/").status_code == 200
    assert as_desk.get(f"/customers/{dana.pk}/expect/").status_code == 200
