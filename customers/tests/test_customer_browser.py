"""The customer's pages in a real browser: changed in place, said in a toast, taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from customers.models import Customer
from customers.tests.factories import CustomerFactory, PreferenceFactory
from staff.models import Staff, Venue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]


@pytest.fixture
def dana(venue: Venue) -> Customer:
    """A regular."""
    return CustomerFactory.create(preferred_name="Dana", full_name="Dana Whitfield", home_venue=venue)


def test_a_number_is_added_corrected_and_taken_back_in_place(
    open_page: OpenPage, desk: Staff, dana: Customer
) -> None:
    page = open_page(reverse("people", args=[dana.pk]), desk)
    page.get_by_text("Add a number or address").click()
    contacts = page.locator("#contacts")
    contacts.get_by_label("Kind").select_option("phone")
    contacts.get_by_role("textbox", name="Number or address").fill("12")
    contacts.get_by_role("button", name="Add").click()
    expect(contacts.locator(".field.has-error")).to_contain_text("no phone number")
    expect(contacts.get_by_role("textbox", name="Number or address")).to_have_value("12")

    contacts.get_by_role("textbox", name="Number or address").fill("020 7946 0018")
    contacts.get_by_role("button", name="Add").click()
    expect(contacts.get_by_role("link", name="020 7946 0018", exact=True)).to_be_visible()
    expect(page.locator(".toast")).to_contain_text("Saved")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("No number, no address")).to_be_visible()
    assert not dana.contacts.exists()


def test_still_true_is_said_in_a_toast_and_taken_back(
    open_page: OpenPage, desk: Staff, dana: Customer
) -> None:
    row: Any = PreferenceFactory.create(customer=dana, value="Oat milk")
    page = open_page(reverse("preferences", args=[dana.pk]), desk)
    page.get_by_role("button", name="Still true").click()
    expect(page.locator(".toast")).to_contain_text("Oat milk")
    row.refresh_from_db()
    assert row.status == "confirmed"
    with page.expect_navigation():
        page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("As it was before.")
    row.refresh_from_db()
    assert row.status == "stated"


def test_what_is_acted_on_silently_is_read_only_once_it_is_opened(
    open_page: OpenPage, desk: Staff, dana: Customer
) -> None:
    PreferenceFactory.create(
        customer=dana, kind="avoid", value="No alcohol", detail="Recovering", discretion="act_silently"
    )
    page = open_page(reverse("preferences", args=[dana.pk]), desk)
    expect(page.get_by_text("No alcohol")).to_be_hidden()
    expect(page.get_by_text("Recovering")).to_be_hidden()
    page.get_by_text("Act silently").click()
    expect(page.get_by_text("No alcohol")).to_be_visible()
    expect(page.get_by_text("Recovering")).to_be_visible()


@pytest.mark.parametrize("name", ["details", "people", "preferences", "customer_edit"])
def test_nothing_runs_over_the_edge_of_a_phone(
    name: str, open_page: OpenPage, desk: Staff, venue: Venue
) -> None:
    long = "Maximiliane-Theodora Freifrau von Schwarzenberg-Hohenlohe-Donaueschingen"
    customer = CustomerFactory.create(
        full_name=long, native_name="王小明", home_venue=venue, tags=["Stammgast"]
    )
    customer.contacts.create(
        kind="email", value="a@donaudampfschifffahrtsgesellschaft-hohenlohe.example.com", normalised="a"
    )
    PreferenceFactory.create(
        customer=customer, value="Donaudampfschifffahrtsgesellschaftskapitänsmützenfarbe"
    )
    page = open_page(reverse(name, args=[customer.pk]), desk, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
