"""What the frame of every page does in a browser, tried on the page that shows the style."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from crm.tests.browser import OpenPage
from staff.models import Staff

STYLE = "/house/style"
PHONE = {"width": 390, "height": 844}
COUNTER = {"width": 1024, "height": 768}

pytestmark = pytest.mark.browser


@pytest.fixture
def page(open_page: OpenPage, desk: Staff) -> Page:
    """The style page at the counter."""
    return open_page(STYLE, desk, viewport=COUNTER, color_scheme="light")


def test_slash_finds_from_anywhere_but_not_while_writing(page: Page) -> None:
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.locator("#id_note").focus()
    page.keyboard.press("/")
    expect(page.locator("#id_note")).to_be_focused()
    expect(page.locator("#id_note")).to_have_value("/")


def test_arrows_choose_and_the_box_keeps_the_focus(page: Page) -> None:
    box = page.locator("#q")
    box.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#result-2")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#result-1")).to_have_attribute("aria-selected", "false")
    expect(box).to_have_attribute("aria-activedescendant", "result-2")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(box).to_have_attribute("aria-activedescendant", "result-3")
    expect(box).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#result-3$"))


def test_escape_empties_the_box_and_numbers_open(page: Page) -> None:
    page.locator("#q").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#q")).to_have_value("")
    page.locator("h1").click()
    page.keyboard.press("2")
    expect(page).to_have_url(re.compile("#result-2$"))


def test_question_mark_shows_the_keys_and_escape_leaves(page: Page) -> None:
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("#key-sheet")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#key-sheet")).to_be_hidden()


def test_one_key_hides_the_screen_even_from_the_box(page: Page) -> None:
    page.locator("#q").focus()
    page.keyboard.press("F9")
    expect(page).to_have_url(re.compile("/lock"))
    expect(page.get_by_text("Whitfield")).to_have_count(0)


def test_the_cover_stands_while_the_house_does_not_answer(page: Page) -> None:
    page.evaluate("document.getElementById('lock-form').remove()")
    page.keyboard.press("F9")
    expect(page.locator("#cover")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#cover")).to_be_visible()


def test_a_menu_opens_is_walked_by_arrows_and_gives_the_focus_back(page: Page) -> None:
    opener = page.locator("[popovertarget=style-menu]")
    opener.click()
    menu = page.locator("#style-menu")
    expect(menu).to_be_visible()
    expect(opener).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("link", name="Edit")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(menu.get_by_role("button", name="Archive…")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_menu_hangs_on_its_button(page: Page) -> None:
    opener = page.locator("[popovertarget=style-menu]")
    opener.click()
    button, menu = opener.bounding_box(), page.locator("#style-menu").bounding_box()
    assert button is not None
    assert menu is not None
    assert abs(menu["y"] - (button["y"] + button["height"])) <= 8
    assert 0 <= menu["x"] <= COUNTER["width"] - menu["width"]


def test_a_dialog_takes_the_focus_and_gives_it_back(page: Page) -> None:
    opener = page.locator(".page-head [data-dialog=style-dialog]")
    opener.click()
    expect(page.locator("#style-why")).to_be_focused()
    page.locator("#style-dialog").get_by_role("button", name="Cancel").click()
    expect(page.locator("#style-dialog")).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_theme_is_kept_and_shown_from_the_first_paint(page: Page) -> None:
    page.locator("[popovertarget=staff-menu]").click()
    page.locator("[data-set-theme=dark]").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(27, 24, 21)"


def test_leaving_with_something_written_asks_first(page: Page) -> None:
    asked: list[str] = []

    def answer(dialog) -> None:  # type: ignore[no-untyped-def]  # playwright's Dialog is passed by its own emitter
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.locator("#id_note").fill("allergic to penicillin")
    page.goto("/accounts/logout/")
    assert asked == ["beforeunload"]


def test_a_summary_of_errors_takes_the_focus_and_leads_to_the_field(page: Page) -> None:
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary a").first.click()
    expect(page.locator("#id_preferred_name")).to_be_focused()
    expect(page.locator("#id_preferred_name")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_preferred_name")).to_have_accessible_description(
        "As they like to hear it at the counter. This field is required."
    )


def test_whoever_was_signed_out_meanwhile_is_led_to_sign_in(open_page: OpenPage, desk: Staff) -> None:
    page = open_page("/", desk, viewport=COUNTER)
    page.context.clear_cookies()
    page.locator("#q").press_sequentially("da")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    expect(page.locator("html")).to_contain_text("Sign in")


def test_a_toast_is_announced_keeps_three_and_goes_when_dismissed(page: Page) -> None:
    for number in range(5):
        page.evaluate(
            "n => document.dispatchEvent(new CustomEvent('toast', {detail: {text: `Logged ${n}`}}))", number
        )
    toasts = page.locator("#toasts .toast")
    expect(toasts).to_have_count(3)
    expect(page.get_by_role("status").filter(has_text="Logged 4")).to_be_visible()
    toasts.last.get_by_role("button", name="Dismiss").click()
    expect(toasts).to_have_count(2)


def test_the_sign_of_waiting_holds_back_and_takes_no_room(page: Page) -> None:
    spinner = page.locator(".search > .spinner")
    before = page.locator("#q").bounding_box()
    spinner.evaluate("element => element.classList.add('shown')")
    delays = spinner.evaluate("element => element.getAnimations().map(a => a.effect.getTiming().delay)")
    assert max(delays) == 400
    assert page.locator("#q").bounding_box() == before


def test_a_thumb_hits_every_control(open_page: OpenPage, desk: Staff) -> None:
    page = open_page(STYLE, desk, viewport=PHONE, has_touch=True, is_mobile=True)
    small = page.evaluate(
        """() => [...document.querySelectorAll(
            "button, .button, .chip, .bottom-bar a, summary, select, input, label:has(> input)")]
          .filter(e => e.checkVisibility() && !e.matches(".link, label > input, :disabled"))
          .map(e => [e.textContent.trim().slice(0, 20) || e.id, e.getBoundingClientRect().height])
          .filter(([, height]) => height < 43.5)"""
    )
    assert small == []


@pytest.mark.parametrize("width", [320, 390, 640, 768, 1024, 1280, 1920])
def test_nothing_runs_off_the_side(open_page: OpenPage, desk: Staff, width: int) -> None:
    page = open_page(STYLE, desk, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, COUNTER], ids=["phone", "counter"])
def test_axe_finds_nothing(open_page: OpenPage, desk: Staff, scheme: str, viewport: dict[str, int]) -> None:
    page = open_page(STYLE, desk, viewport=viewport, color_scheme=scheme)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_paper_carries_no_controls(page: Page) -> None:
    page.emulate_media(media="print")
    expect(page.locator(".topbar")).to_be_hidden()
    expect(page.locator("#q")).to_be_hidden()
    expect(page.locator(".answers").first).to_be_hidden()
    expect(page.locator("#card-name")).to_be_visible()
