"""What we owe, as it is worked in a browser: by mouse, with a thumb, without scripts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from crm.tests.browser import OpenPage
from customers.models import Customer
from customers.tests.factories import CustomerFactory
from interactions import recovery
from interactions.models import FollowUp
from interactions.tests.factories import DeliveryFactory, FeedbackFactory, FollowUpFactory, LoanFactory
from staff.models import Language, Membership, Staff, Venue

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def dana(venue: Venue, desk: Staff) -> Customer:
    """A regular to whom Sam owes a call since an hour, and a cake at the next visit."""
    made: Customer = CustomerFactory.create(
        preferred_name="Dana", full_name="Dana Whitfield", home_venue=venue
    )
    due = timezone.now() - timedelta(hours=1)
    FollowUpFactory.create(customer=made, text="Call Dana back", owner=desk, due_at=due)
    FollowUpFactory.create(customer=made, text="Offer a cake", owner=desk, due_at=None, trigger="next_visit")
    return made


def row(page: Page, text: str) -> Any:
    return page.locator(".follow-up").filter(has_text=text)


def test_done_and_undone_in_place(dana: Customer, desk: Staff, open_page: OpenPage) -> None:
    page = open_page(reverse("follow_ups"), desk)
    expect(page.locator("#due-badge .count")).to_have_text("1")
    row(page, "Call Dana back").get_by_role("button", name="Done").click()
    expect(row(page, "Call Dana back")).to_have_count(0)
    expect(page.locator("#due-badge .count")).to_have_text("0")
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "Call Dana back")).to_have_count(1)
    assert FollowUp.objects.get(text="Call Dana back").state == "open"


def test_put_off_in_a_dialog(dana: Customer, desk: Staff, open_page: OpenPage) -> None:
    page = open_page(reverse("follow_ups"), desk)
    row(page, "Call Dana back").get_by_role("link", name="Put off").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("At", exact=True)).to_be_hidden()
    dialog.get_by_label("Until").select_option("pick")
    expect(dialog.get_by_label("At", exact=True)).to_be_visible()  # and so not called optional
    dialog.get_by_role("button", name="Put off").click()
    expect(dialog.get_by_text("Say when.").first).to_be_visible()
    dialog.get_by_label("Until").select_option("tomorrow")
    dialog.get_by_role("button", name="Put off").click()
    expect(dialog).to_be_hidden()
    expect(row(page, "Call Dana back")).to_contain_text("tomorrow 09:00")


def test_all_of_a_section_at_once(dana: Customer, desk: Staff, open_page: OpenPage) -> None:
    FollowUpFactory.create(customer=dana, text="Send the invoice", owner=desk)
    page = open_page(reverse("follow_ups"), desk)
    bar = page.get_by_role("form", name="All that are ticked")
    expect(bar).to_be_hidden()
    page.get_by_role("region", name="Due").get_by_label("Tick all").check()
    expect(bar.locator("output")).to_have_text("2")
    bar.get_by_text("Put off").click()
    bar.get_by_role("button", name="Next week").click()
    expect(page.get_by_role("status").filter(has_text="2 changed.")).to_be_visible()
    assert FollowUp.objects.filter(snoozed_from__isnull=False).count() == 2


def test_without_scripts(dana: Customer, desk: Staff, open_page: OpenPage) -> None:
    page = open_page(reverse("follow_ups"), desk, java_script_enabled=False)
    row(page, "Call Dana back").get_by_role("link", name="Put off").click()
    page.get_by_label("Until").select_option("next_week")
    page.locator("main").get_by_role("button", name="Put off").click()
    expect(page).to_have_url(f"{page.url.split('/follow-ups/')[0]}{reverse('follow_ups')}")
    expect(row(page, "Call Dana back")).to_contain_text("09:00")
    row(page, "Call Dana back").get_by_role("button", name="Done").click()
    expect(row(page, "Call Dana back")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "Call Dana back")).to_have_count(1)


@pytest.mark.parametrize("language", Language.values)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_these_pages(
    language: str, scheme: str, dana: Customer, manager: Staff, open_page: OpenPage
) -> None:
    Staff.objects.update(language=language)
    member = Membership.objects.select_related("staff", "venue").get(staff=manager)
    complaint = recovery.hear(dana, member, now=timezone.now(), about="Breakfast came cold", words="Cold!")
    FeedbackFactory.create(customer=dana, score=1, words="Slow")
    LoanFactory.create(customer=dana, lent_by=manager)
    DeliveryFactory.create(follow_up=FollowUp.objects.first(), state="dead", error="550 no such mailbox")
    page = open_page(f"{reverse('follow_ups')}?whose=all", manager, color_scheme=scheme, locale=language)
    for address in (
        f"{reverse('follow_ups')}?whose=all",
        reverse("customer_follow_ups", args=[dana.pk]),
        reverse("recovery"),
        reverse("complaint", args=[complaint.pk]),
        reverse("customer_complaints", args=[dana.pk]),
        reverse("unsent"),
    ):
        page.goto(address)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}\n{found.generate_report()}"


def test_a_long_refusal_lies_over_no_button(dana: Customer, manager: Staff, open_page: OpenPage) -> None:
    error = "550 5.1.1 User unknown in the table " + "x" * 120
    DeliveryFactory.create(follow_up=FollowUp.objects.first(), state="dead", error=error)
    page = open_page(reverse("unsent"), manager, viewport={"width": 1024, "height": 768})
    words, steps = (page.locator(f".follow-up-{part}") for part in ("said", "steps"))
    ends = words.locator("code").evaluate("code => code.getBoundingClientRect().right")
    assert ends <= steps.last.evaluate("steps => steps.getBoundingClientRect().left")


def test_nothing_is_wider_than_a_phone(dana: Customer, manager: Staff, open_page: OpenPage) -> None:
    member = Membership.objects.select_related("staff", "venue").get(staff=manager)
    complaint = recovery.hear(dana, member, now=timezone.now(), about="Breakfast came cold " * 9)
    page = open_page(f"{reverse('follow_ups')}?whose=all", manager, **PHONE)
    for address in (
        f"{reverse('follow_ups')}?whose=all",
        reverse("customer_follow_ups", args=[dana.pk]),
        reverse("recovery"),
        reverse("complaint", args=[complaint.pk]),
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
