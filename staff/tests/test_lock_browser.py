"""The counter screen in a real browser: one key hides it, Back does not bring it back, a PIN is quick."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from crm.tests.browser import OpenPage
from staff.models import Membership, Staff, Terminal
from staff.terminals import COOKIE, hashed
from staff.tests.factories import MembershipFactory, VenueFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pair() -> list[Staff]:
    """Two who work at one counter, each with a PIN."""
    venue = VenueFactory.create(name="Harbour Café")
    people = []
    for name, pin in (("Sam", "4711"), ("Priya", "1989")):
        person = MembershipFactory.create(venue=venue, role="manager", staff__display_name=name).staff
        person.set_pin(pin)
        person.save()
        people.append(person)
    return people


@pytest.fixture
def counter(pair: list[Staff], open_page: OpenPage) -> Page:
    """The browser at the counter, enrolled, with the first of the two at the reports."""
    venue = Membership.objects.filter(staff=pair[0]).get().venue
    Terminal.objects.create(venue=venue, name="Counter", token_hash=hashed("token"), enrolled_by=pair[0])
    page = open_page("/me/", pair[0])
    page.context.add_cookies([{"name": COOKIE, "value": "token", "url": page.url.removesuffix("/me/")}])
    page.goto("/reports/")
    return page


def test_one_key_hides_and_back_shows_nothing(counter: Page) -> None:
    counter.keyboard.press("F9")
    counter.wait_for_url("**/lock/")
    expect(counter.get_by_role("heading", name="The screen is hidden")).to_be_visible()

    counter.go_back()

    counter.wait_for_url("**/accounts/login/**")
    assert "Return rate" not in counter.content()


def test_another_person_is_in_by_six_keys_alone(counter: Page) -> None:
    counter.keyboard.press("F9")
    counter.wait_for_url("**/lock/")

    counter.keyboard.type("p1989")
    counter.keyboard.press("Enter")
    counter.wait_for_url(lambda url: "/lock/" not in url)

    expect(counter.get_by_role("button", name="Priya")).to_be_visible()


def test_whoever_hid_it_types_the_pin_and_is_back(counter: Page) -> None:
    counter.keyboard.press("F9")
    counter.wait_for_url("**/lock/")

    counter.keyboard.type("4711")
    counter.keyboard.press("Enter")

    counter.wait_for_url("**/reports/")
    expect(counter.get_by_role("heading", level=1)).to_be_visible()


def test_a_wrong_pin_is_said_beside_the_field(counter: Page) -> None:
    counter.keyboard.press("F9")
    counter.wait_for_url("**/lock/")

    counter.keyboard.type("0000")
    counter.keyboard.press("Enter")

    expect(counter.locator("#id_pin_error")).to_contain_text("not the PIN")


def test_it_works_without_scripts(pair: list[Staff], open_page: OpenPage) -> None:
    page = open_page("/me/", pair[0], java_script_enabled=False)
    page.get_by_role("button", name="Lock").click()
    page.wait_for_url("**/lock/")

    page.get_by_label("PIN").fill("4711")
    page.get_by_role("button", name="Open").click()

    page.wait_for_url("**/me/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
