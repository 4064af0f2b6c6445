"""The main job from end to end, in a browser: find, read, log, promise, and be told when its time comes."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from crm.tests.browser import OpenPage
from customers import keys
from customers.models import Customer
from customers.tests.factories import ContactPointFactory, CustomerFactory, PreferenceFactory
from interactions import dispatch, sending
from interactions.models import FollowUp, Interaction
from staff.models import Staff, Venue
from staff.tests.factories import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def dana(venue: Venue, desk: Staff) -> Customer:
    """A regular with something that must not go wrong."""
    made: Customer = CustomerFactory.create(
        preferred_name="Dana", full_name="Dana Whitfield", home_venue=venue
    )
    ContactPointFactory.create(customer=made, value="020 7946 4417")
    PreferenceFactory.create(customer=made, kind="safety", value="Peanut allergy", severity="severe")
    keys.refresh([made.pk])
    return made


def test_a_regular_is_found_read_logged_and_called_back(
    open_page: OpenPage, desk: Staff, dana: Customer
) -> None:
    page = open_page("/", None, viewport={"width": 1024, "height": 768})
    page.get_by_label("Email").fill(desk.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")

    # Three letters find her, and what to remember stands first.
    expect(page.get_by_role("combobox", name="Find a customer")).to_be_focused()
    page.keyboard.type("dan", delay=20)
    expect(page.locator('#found [role="option"]')).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(f'[data-opened="{dana.pk}"]')).to_be_focused()
    expect(page.locator(".safety-band")).to_contain_text("Peanut allergy")

    page.keyboard.press("l")
    page.keyboard.type("Oat flat white, sat by the window")
    page.keyboard.press("Enter")
    expect(page.locator(".timeline .entry").first).to_contain_text("Oat flat white, sat by the window")
    dana.refresh_from_db()
    assert Interaction.objects.get(customer=dana).staff == desk
    assert dana.visit_count == 1

    # `p` leads to the promise, with the first field under the fingers.
    page.locator("[data-opened]").focus()
    page.keyboard.press("p")
    expect(page.get_by_label("What do we owe?")).to_be_focused()
    page.keyboard.type("Call about the invoice")
    page.get_by_label("When", exact=True).select_option("hour")
    page.get_by_role("button", name="Promise", exact=True).click()
    expect(page.locator(".follow-up")).to_contain_text("Call about the invoice")

    # Its time has not come: nothing is due, and nobody is written to.
    page.goto(reverse("desk"))
    expect(page.locator("#due-badge .count")).to_have_text("0")
    expect(page.get_by_role("region", name="Due now")).to_contain_text("Nothing is due")
    dispatch.dispatch(timezone.now())
    sending.send_waiting()
    assert mail.outbox == []

    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1), tick=True):
        dispatch.dispatch(timezone.now())
        sending.send_waiting()
        page.goto(reverse("desk"))
        expect(page.locator("#due-badge .count")).to_have_text("1")
        due = page.get_by_role("region", name="Due now").get_by_role("link", name="Call about the invoice")
        due.click()
        expect(page.locator(f'[data-opened="{dana.pk}"]')).to_be_visible()
        expect(page.locator("#card-name").locator("xpath=ancestor::*[@data-opened]")).to_contain_text(
            "Call about the invoice"
        )
    (letter,) = mail.outbox
    assert letter.to == [desk.email]
    assert "Call about the invoice" in letter.body
    assert FollowUp.objects.get().state == "open"
