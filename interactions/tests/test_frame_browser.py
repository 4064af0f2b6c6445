"""The frame in a real browser, where words are as wide as they are."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from crm.tests.browser import OpenPage
from interactions.tests.factories import ComplaintFactory, FollowUpFactory
from staff.models import Role, Staff, Venue
from staff.tests.factories import MembershipFactory

pytestmark = pytest.mark.browser
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_nothing_lies_over_anything_at_a_counter(
    transactional_db: None, owner: Staff, elsewhere: Venue, open_page: OpenPage
) -> None:
    MembershipFactory.create(staff=owner, venue=elsewhere, role=Role.OWNER)
    Staff.objects.filter(pk=owner.pk).update(display_name="Wilhelmina Featherstonehaugh")
    page = open_page(reverse("house"), owner, viewport={"width": 1009, "height": 768})
    last, due = (page.locator(which).last.bounding_box() for which in (".nav a", "#due-badge"))
    assert last is not None
    assert due is not None
    assert last["x"] + last["width"] <= due["x"]
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_badge_of_a_phone_is_live(
    transactional_db: None, venue: Venue, desk: Staff, open_page: OpenPage
) -> None:
    page = open_page(reverse("customers"), desk, **PHONE)
    badge = page.locator("#due-on-phone")
    expect(badge).to_be_hidden()
    FollowUpFactory.create(customer__home_venue=venue, owner=desk, due_at=timezone.now())
    expect(badge).to_have_text("1")
    expect(badge).to_be_visible()


def test_who_looks_is_named_on_paper_alone(transactional_db: None, desk: Staff, open_page: OpenPage) -> None:
    page = open_page(reverse("briefing"), desk)
    named = page.locator(".page-head .only-print")
    expect(named).to_be_hidden()
    page.emulate_media(media="print")
    expect(named).to_be_visible()


def test_one_long_word_does_not_widen_a_phone(
    transactional_db: None, venue: Venue, desk: Staff, open_page: OpenPage
) -> None:
    complaint = ComplaintFactory.create(
        customer__home_venue=venue, about="Donaudampfschifffahrtsgesellschaftskapitänsmütze was wet"
    )
    page = open_page(reverse("complaint", args=[complaint.pk]), desk, **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
