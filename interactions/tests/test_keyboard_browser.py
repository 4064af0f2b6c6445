"""What we owe, worked with the keyboard alone: the focus is never lost, nor what was ticked or typed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from crm.tests.browser import OpenPage
from customers.tests.factories import CustomerFactory
from interactions.models import FollowUp
from interactions.tests.factories import DeliveryFactory, FollowUpFactory
from staff.models import Staff, Venue

pytestmark = pytest.mark.browser

HOUR = timedelta(hours=1)


@pytest.fixture
def owed(venue: Venue, desk: Staff) -> list[FollowUp]:
    """Three calls that are overdue, the longest first."""
    dana = CustomerFactory.create(preferred_name="Dana", home_venue=venue)
    now = timezone.now()
    return [
        FollowUpFactory.create(customer=dana, text=text, owner=desk, due_at=now - hours * HOUR)
        for text, hours in (("First call", 3), ("Second call", 2), ("Third call", 1))
    ]


def row(page: Page, text: str) -> Any:
    return page.locator(".follow-up").filter(has_text=text)


def tick(page: Page, text: str) -> Any:
    return row(page, text).get_by_role("checkbox")


def done_by_keyboard(page: Page, text: str) -> None:
    row(page, text).get_by_role("button", name="Done").focus()
    page.keyboard.press("Enter")


def test_after_done_the_next_row_has_the_focus(
    owed: list[FollowUp], desk: Staff, open_page: OpenPage
) -> None:
    page = open_page(reverse("follow_ups"), desk)
    done_by_keyboard(page, "Second call")
    expect(row(page, "Second call")).to_have_count(0)
    expect(row(page, "Third call").get_by_role("button", name="Done")).to_be_focused()
    page.keyboard.press("Enter")
    expect(row(page, "Third call")).to_have_count(0)
    expect(row(page, "First call").get_by_role("button", name="Done")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#follow-ups")).to_be_focused()


def test_what_is_taken_back_has_the_focus_again(
    owed: list[FollowUp], desk: Staff, open_page: OpenPage
) -> None:
    page = open_page(reverse("follow_ups"), desk)
    done_by_keyboard(page, "Second call")
    expect(row(page, "Third call").get_by_role("button", name="Done")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(row(page, "Second call").get_by_role("button", name="Done")).to_be_focused()
    assert FollowUp.objects.open().count() == 3


def test_a_dialog_gives_the_focus_back(owed: list[FollowUp], desk: Staff, open_page: OpenPage) -> None:
    page = open_page(reverse("follow_ups"), desk)
    row(page, "First call").get_by_role("link", name="Put off").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Put off").get_by_label("Until")).to_be_focused()
    page.keyboard.press("Escape")
    expect(row(page, "First call").get_by_role("link", name="Put off")).to_be_focused()
    more = row(page, "First call").get_by_role("button", name="More for")
    more.focus()
    page.keyboard.press("Enter")
    for _press in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Call off").get_by_label("Why?")).to_be_focused()
    page.keyboard.press("Escape")
    expect(more).to_be_focused()


def test_who_called_one_off_is_at_the_next(owed: list[FollowUp], desk: Staff, open_page: OpenPage) -> None:
    page = open_page(reverse("follow_ups"), desk)
    row(page, "First call").get_by_role("button", name="More for").focus()
    page.keyboard.press("Enter")
    for _press in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_label("Why?")).to_be_focused()
    page.keyboard.type("They moved away")
    page.keyboard.press("Enter")
    expect(row(page, "First call")).to_have_count(0)
    expect(row(page, "Second call").get_by_role("button", name="More for")).to_be_focused()


def test_what_was_let_go_hands_the_focus_to_the_next(
    owed: list[FollowUp], manager: Staff, open_page: OpenPage
) -> None:
    for follow_up in owed:
        DeliveryFactory.create(follow_up=follow_up, state="dead", error="550 no such mailbox")
    page = open_page(reverse("unsent"), manager)
    row(page, "Second call").get_by_role("button", name="Let go").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Let go.")).to_be_visible()
    expect(row(page, "Second call")).to_have_count(0)
    expect(page.locator(".follow-up :focus")).to_have_text("Let go: First call")


def test_enter_on_a_tick_asks_what_to_do(owed: list[FollowUp], desk: Staff, open_page: OpenPage) -> None:
    page = open_page(reverse("follow_ups"), desk)
    tick(page, "First call").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Choose what to do")).to_be_visible()
    expect(tick(page, "First call")).to_be_checked()
    assert FollowUp.objects.open().count() == 3


def test_enter_in_the_reason_calls_off(owed: list[FollowUp], desk: Staff, open_page: OpenPage) -> None:
    page = open_page(reverse("follow_ups"), desk)
    tick(page, "First call").check()
    bar = page.get_by_role("form", name="All that are ticked")
    bar.locator("summary", has_text="Call off").press("Enter")
    bar.get_by_label("Why?").fill("They moved away")
    bar.get_by_label("Why?").press("Enter")
    expect(row(page, "First call")).to_have_count(0)
    assert FollowUp.objects.get(text="First call").state == "cancelled"


def test_a_refusal_leaves_the_ticks(owed: list[FollowUp], desk: Staff, open_page: OpenPage) -> None:
    page = open_page(reverse("follow_ups"), desk)
    tick(page, "First call").check()
    bar = page.get_by_role("form", name="All that are ticked")
    bar.locator("summary", has_text="Call off").press("Enter")
    button = bar.get_by_role("button", name="Call off")
    page.evaluate("addEventListener('follow-ups-changed', () => { document.body.dataset.changed = 'yes'; })")
    button.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Say why")).to_be_visible()
    assert page.evaluate("document.body.dataset.changed") is None
    expect(tick(page, "First call")).to_be_checked()
    expect(button).to_be_focused()


def test_one_seen_to_leaves_the_ticks_on_the_others(
    owed: list[FollowUp], desk: Staff, open_page: OpenPage
) -> None:
    page = open_page(reverse("follow_ups"), desk)
    tick(page, "First call").check()
    row(page, "Third call").get_by_role("button", name="Done").press("Enter")
    expect(row(page, "Third call")).to_have_count(0)
    expect(tick(page, "First call")).to_be_checked()
    expect(page.locator("[data-ticked]")).to_have_text("1")
