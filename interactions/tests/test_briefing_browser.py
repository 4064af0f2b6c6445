"""The briefing on paper."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import expect

from crm.tests.browser import OpenPage
from customers.tests.factories import CustomerFactory, PreferenceFactory
from interactions.models import HandoverNote
from interactions.tests.factories import ComplaintFactory, FollowUpFactory, VisitFactory
from staff.models import Language, Shift, Staff, Venue

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

NOW = datetime(2026, 5, 12, 5, 30, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def pages_of(paper: bytes) -> int:
    """How many sheets a PDF has."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", paper))


@pytest.fixture
def twelve(venue: Venue, desk: Staff, manager: Staff) -> Shift:
    """A shift with twelve guests, each with an allergy and more to remember than a card shows."""
    shift = Shift.objects.create(
        venue=venue, name="Early", starts=time(7), ends=time(15), weekdays=list(range(7))
    )
    for rank in range(12):
        guest = CustomerFactory.create(
            home_venue=venue, full_name=f"Alexandra Featherstonehaugh {rank}", preferred_name="Alexandra"
        )
        VisitFactory.create(
            customer=guest,
            expected_at=NOW + (90 + 15 * rank) * MINUTE,
            party_size=4,
            occasion="Anniversary",
            note="By the window, if the corner table is taken",
        )
        known = {"customer": guest, "recorded_at": NOW - timedelta(days=700), "recorded_by": manager}
        PreferenceFactory.create(kind="safety", severity="severe", value="Peanut and sesame allergy", **known)
        PreferenceFactory.create(kind="avoid", value="Does not want to be asked about the move", **known)
        PreferenceFactory.create(kind="need", value="A quiet room, away from the lift", **known)
        PreferenceFactory.create(kind="like", value="Oat flat white, extra hot, in the blue cup", **known)
        FollowUpFactory.create(customer=guest, due_at=NOW + 60 * MINUTE, owner=desk)
    for rank in range(8):
        text = "Find out whether the oat milk is gluten free"
        FollowUpFactory.create(customer=guest, text=text, due_at=NOW - rank * HOUR, owner=manager)
    ComplaintFactory.create(customer=guest, about="Breakfast came cold", opened_at=NOW)
    for text in ("The till sticks: press twice.", "Table nine wobbles, the carpenter comes at ten."):
        HandoverNote.objects.create(venue=venue, text=text, written_by=manager, written_at=NOW)
    return shift


@pytest.mark.parametrize("language", [Language.ENGLISH, Language.CHINESE])
def test_twelve_guests_are_one_page(
    language: Language, twelve: Shift, desk: Staff, open_page: OpenPage
) -> None:
    Staff.objects.update(language=language)
    with time_machine.travel(NOW, tick=True):
        page: Any = open_page(f"{reverse('briefing')}?shift={twelve.pk}&day=2026-05-12", desk)
    assert page.locator(".guest").count() == 12
    for size in ("A4", "Letter"):
        assert pages_of(page.pdf(format=size)) == 1, size
    page.emulate_media(media="print")
    assert page.locator(".guest-safety").first.is_visible()
    assert page.locator(".guest .fact").last.is_visible()
    assert not page.locator(".handover-form").is_visible()


def test_a_name_from_the_right_leaves_the_rest_in_order(
    venue: Venue, desk: Staff, open_page: OpenPage
) -> None:
    guest = CustomerFactory.create(
        home_venue=venue, preferred_name="محمد الأنصاري", full_name="محمد الأنصاري"
    )
    VisitFactory.create(customer=guest, party_size=4)
    page = open_page(reverse("briefing"), desk)
    name, people = (page.locator(f".guest-head {which}").bounding_box() for which in (".name", ".note"))
    assert name is not None
    assert people is not None
    assert people["x"] >= name["x"] + name["width"] - 1


def test_no_box_is_ticked_on_paper(twelve: Shift, desk: Staff, open_page: OpenPage) -> None:
    page = open_page(reverse("briefing"), desk)
    page.emulate_media(media="print")
    box = page.locator(".handover input").first
    assert box.evaluate("box => getComputedStyle(box).appearance") == "none"
    assert box.evaluate("box => getComputedStyle(box).backgroundImage") == "none"


def test_the_button_asks_for_paper(twelve: Shift, desk: Staff, open_page: OpenPage) -> None:
    page = open_page(reverse("briefing"), desk)
    page.context.add_init_script("window.print = () => { document.documentElement.dataset.printed = 'yes'; }")
    page.get_by_role("link", name="Print").click()
    expect(page.locator("html[data-printed]")).to_be_attached()
