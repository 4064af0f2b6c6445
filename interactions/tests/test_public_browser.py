"""The question to a customer on a phone, without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from crm.tests.browser import OpenPage
from interactions import links
from interactions.tests.factories import SurveyFactory
from staff.models import Venue

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_what_is_missing_is_said_on_one_line(
    transactional_db: None, venue: Venue, open_page: OpenPage
) -> None:
    survey = SurveyFactory.create(customer__home_venue=venue, language="zh-hans", scale="nps")
    page = open_page(links.question(survey), None, java_script_enabled=False, **PHONE)
    page.get_by_role("button").click()
    error = page.locator("fieldset .error span")
    expect(error).to_be_visible()
    box, score = error.bounding_box(), page.locator("fieldset label").first.bounding_box()
    assert box is not None
    assert score is not None
    assert box["height"] < score["height"]
