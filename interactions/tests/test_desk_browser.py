"""The desk as it is worked: by keyboard, with late answers, with a thumb, without scripts."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, Request, Route, expect

from crm.tests.browser import OpenPage
from customers import keys
from customers.models import Customer
from customers.tests.factories import ContactPointFactory, CustomerFactory, PreferenceFactory
from interactions.models import Interaction
from interactions.tests.factories import FollowUpFactory, InteractionFactory, VisitFactory
from staff.models import Language, Staff, Venue
from staff.tests.factories import PASSWORD

pytestmark = pytest.mark.browser

COUNTER = {"width": 1024, "height": 768}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def regular(venue: Venue, name: str, number: str) -> Customer:
    """Somebody who can be looked up by name and by phone."""
    made: Customer = CustomerFactory.create(
        preferred_name=name, full_name=f"{name} Whitfield", home_venue=venue
    )
    ContactPointFactory.create(customer=made, value=number)
    keys.refresh([made.pk])
    return made


@pytest.fixture
def dana(venue: Venue, desk: Staff) -> Customer:
    made = regular(venue, "Dana", "020 7946 4417")
    PreferenceFactory.create(customer=made, kind="safety", value="Peanut allergy", severity="severe")
    return made


@pytest.fixture
def danny(venue: Venue, desk: Staff) -> Customer:
    return regular(venue, "Danny", "020 7946 9021")


@pytest.fixture
def tom(venue: Venue, desk: Staff) -> Customer:
    return regular(venue, "Tom", "020 7946 0038")


def box(page: Page) -> Any:
    return page.get_by_role("combobox", name="Find a customer")


def card(page: Page) -> Any:
    return page.locator("#card-name")


def options(page: Page) -> Any:
    return page.locator('#found [role="option"]')


def look_for(page: Page, text: str) -> None:
    """Type and wait for the answer to what was typed."""
    box(page).fill(text)
    expect(page.locator(f'#found [data-query="{text}"]')).to_be_visible()


class Held:
    """Requests to one address, which wait until they are let go."""

    def __init__(self, page: Page, address: re.Pattern[str]) -> None:
        self.page = page
        self.routes: list[Route] = []
        # A function of its own: playwright cannot look into a list's.
        page.route(address, self.hold)

    def hold(self, route: Route) -> None:
        """Keep one for later."""
        self.routes.append(route)

    def wait(self) -> None:
        """Until one has come."""
        while not self.routes:
            self.page.evaluate("new Promise(requestAnimationFrame)")

    def let_go(self) -> None:
        """Let all go on; one that the page gave up in between is no matter."""
        for route in self.routes:
            route.continue_()
        self.routes.clear()


class TestStory:
    def test_by_the_keyboard_alone(
        self, open_page: OpenPage, desk: Staff, dana: Customer, danny: Customer
    ) -> None:
        page = open_page("/", None, viewport=COUNTER)
        page.get_by_label("Email").focus()
        page.keyboard.type(desk.email)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(box(page)).to_be_focused()
        page.keyboard.type("dan", delay=30)
        expect(options(page)).to_have_count(2)
        page.keyboard.press("ArrowDown")
        first = options(page).first
        expect(first).to_have_attribute("aria-selected", "true")
        expect(box(page)).to_have_attribute("aria-activedescendant", "result-1")
        chosen = first.get_attribute("data-customer")
        page.keyboard.press("Enter")
        opened = page.locator("[data-opened]")
        expect(opened).to_be_focused()
        assert opened.get_attribute("data-opened") == chosen
        page.keyboard.press("/")
        expect(box(page)).to_be_focused()
        page.keyboard.type("4417")
        expect(options(page)).to_have_count(1)
        page.keyboard.press("Enter")
        expect(page.locator(f'[data-opened="{dana.pk}"]')).to_be_focused()
        expect(page.locator(".safety-band")).to_contain_text("Peanut allergy")
        page.keyboard.press("l")
        page.keyboard.type("Sat by the window")
        page.keyboard.press("Enter")
        entry = page.locator(".timeline .entry").first
        expect(entry).to_contain_text("Sat by the window")
        expect(page.get_by_role("textbox", name="What happened with Dana?")).to_have_value("")
        expect(page.locator("#toasts")).to_contain_text("Logged: Dana.")
        expect(page.locator("#pane-seen + ul")).to_contain_text("Dana Whitfield")
        assert Interaction.objects.get(customer=dana).staff == desk

    def test_one_key_logs_and_one_press_takes_it_back(
        self, open_page: OpenPage, desk: Staff, dana: Customer
    ) -> None:
        page = open_page(f"/?customer={dana.pk}", desk)
        page.keyboard.press("u")
        expect(page.locator(".timeline .entry")).to_have_count(1)
        page.locator("#toasts").get_by_role("button", name="Undo").click()
        expect(page.locator("#timeline")).to_contain_text("Nothing logged yet")
        assert not Interaction.objects.exists()

    def test_esc_leads_back_to_the_box_and_slash_from_anywhere(
        self, open_page: OpenPage, desk: Staff, dana: Customer
    ) -> None:
        page = open_page("/", desk)
        look_for(page, "dan")
        page.keyboard.press("Enter")
        expect(page.locator("[data-opened]")).to_be_focused()
        page.keyboard.press("Escape")
        expect(box(page)).to_be_focused()
        page.keyboard.press("Escape")
        expect(box(page)).to_have_value("")
        expect(options(page)).to_have_count(0)
        page.goto("/arrivals/")
        page.keyboard.press("/")
        expect(box(page)).to_be_focused()

    def test_back_leads_to_who_was_open_before(
        self, open_page: OpenPage, desk: Staff, dana: Customer, tom: Customer
    ) -> None:
        page = open_page("/", desk)
        for name in ("Dana", "Tom"):
            look_for(page, name)
            page.keyboard.press("Enter")
            expect(card(page)).to_contain_text(name)
        expect(page).to_have_url(re.compile(rf"/\?customer={tom.pk}$"))
        expect(page).to_have_title("Tom Whitfield · Regulars")
        page.go_back()
        expect(card(page)).to_contain_text("Dana")
        look_for(page, "Tom")


class TestNumbers:
    def test_digits_can_be_typed_as_a_phone_number(
        self, open_page: OpenPage, desk: Staff, dana: Customer
    ) -> None:
        page = open_page("/", desk)
        page.keyboard.type("417", delay=20)
        expect(options(page)).to_have_count(1)
        page.keyboard.press("ArrowDown")
        page.keyboard.type("1")
        expect(box(page)).to_have_value("4171")
        expect(card(page)).to_have_count(0)

    def test_after_an_arrow_a_digit_opens(
        self, open_page: OpenPage, desk: Staff, dana: Customer, danny: Customer
    ) -> None:
        page = open_page("/", desk)
        look_for(page, "dan")
        second = options(page).nth(1).get_attribute("data-customer")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("2")
        expect(page.locator("[data-opened]")).to_have_attribute("data-opened", str(second))
        expect(box(page)).to_have_value("dan")

    def test_with_alt_it_opens_at_once(
        self, open_page: OpenPage, desk: Staff, dana: Customer, danny: Customer
    ) -> None:
        page = open_page("/", desk)
        look_for(page, "dan")
        second = options(page).nth(1).get_attribute("data-customer")
        page.keyboard.press("Alt+2")
        expect(page.locator("[data-opened]")).to_have_attribute("data-opened", str(second))


class TestSlowHouse:
    def test_an_older_answer_is_never_painted_over_a_newer(
        self, open_page: OpenPage, desk: Staff, dana: Customer, tom: Customer
    ) -> None:
        page = open_page("/", desk)
        held = Held(page, re.compile(r"/lookup/\?q=to$"))
        box(page).fill("to")
        held.wait()
        look_for(page, "dana")
        held.let_go()
        page.evaluate("new Promise(done => requestIdleCallback(done))")
        expect(options(page)).to_have_count(1)
        expect(options(page)).to_contain_text("Dana")

    def test_even_when_the_older_request_was_not_given_up(
        self, open_page: OpenPage, desk: Staff, dana: Customer, tom: Customer
    ) -> None:
        page = open_page("/", desk)
        held = Held(page, re.compile(r"/lookup/\?q=to$"))
        page.evaluate("void htmx.ajax('GET', '/lookup/?q=to', {target: '#found'})")
        held.wait()
        look_for(page, "dana")
        with page.expect_response(re.compile(r"/lookup/\?q=to$")) as late:
            held.let_go()
        late.value.finished()
        page.evaluate("new Promise(done => requestIdleCallback(done))")
        expect(options(page)).to_contain_text("Dana")

    def test_enter_waits_for_the_answer_to_what_was_typed(
        self, open_page: OpenPage, desk: Staff, dana: Customer, tom: Customer
    ) -> None:
        page = open_page("/", desk)
        look_for(page, "tom")
        held = Held(page, re.compile(r"/lookup/\?q=dana$"))
        box(page).fill("dana")
        page.keyboard.press("Enter")
        held.wait()
        expect(card(page)).to_have_count(0)
        held.let_go()
        expect(card(page)).to_contain_text("Dana")
        expect(page.locator("[data-opened]")).to_be_focused()

    def test_the_keys_stay_at_the_row_that_was_answered(
        self, open_page: OpenPage, desk: Staff, dana: Customer
    ) -> None:
        page = open_page(f"/?customer={dana.pk}", desk)
        row = page.locator(".safety-band li").filter(has_text="Peanut allergy")
        row.get_by_role("button").first.focus()
        page.keyboard.press("Enter")
        expect(row).to_contain_text("Noted")
        expect(row).to_be_focused()
        page.keyboard.press("Tab")
        expect(row.get_by_role("button", name="Undo")).to_be_focused()

    def test_no_key_logs_for_the_one_before_while_the_next_is_opened(
        self, open_page: OpenPage, desk: Staff, dana: Customer, tom: Customer
    ) -> None:
        VisitFactory.create(customer=tom, state="arrived", arrived_at=timezone.now())
        page = open_page(f"/?customer={dana.pk}", desk)
        held = Held(page, re.compile(rf"/\?customer={tom.pk}$"))
        page.locator("#day").get_by_role("link", name="Tom Whitfield").click()
        held.wait()
        page.keyboard.press("u")
        held.let_go()
        expect(card(page)).to_contain_text("Tom")
        page.keyboard.press("u")
        expect(page.locator(".timeline .entry")).to_have_count(1)
        assert Interaction.objects.get().customer == tom

    def test_nobody_found_puts_enter_on_the_way_to_create_them(
        self, open_page: OpenPage, desk: Staff
    ) -> None:
        page = open_page("/", desk)
        look_for(page, "zebedee")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="New customer with this")).to_be_focused()
        expect(page.locator("#found-said")).to_have_text("Nobody found")

    def test_a_click_aimed_at_what_stood_there_before_opens_nobody(
        self, open_page: OpenPage, desk: Staff, dana: Customer
    ) -> None:
        page = open_page("/", desk)
        page.clock.install()
        page.reload()
        box(page).fill("dana")
        page.clock.run_for(150)
        expect(options(page)).to_have_count(1)
        page.clock.pause_at(timezone.now() + timedelta(hours=1))
        opened: list[Request] = []
        page.on("request", lambda request: opened.append(request) if "customer=" in request.url else None)
        page.evaluate("htmx.trigger('#q', 'search')")
        box(page).fill("dan")
        page.clock.run_for(150)
        expect(page.locator('#found [data-query="dan"]')).to_be_visible()
        options(page).click()
        assert opened == []
        page.clock.run_for(400)
        options(page).click()
        expect(card(page)).to_contain_text("Dana")

    def test_the_lists_refresh_and_leave_the_typing_alone(
        self, open_page: OpenPage, desk: Staff, dana: Customer
    ) -> None:
        page = open_page("/", desk)
        page.clock.install()
        page.reload()
        box(page).fill("wal")
        VisitFactory.create(customer=dana, expected_at=timezone.now() + timedelta(seconds=1))
        page.clock.run_for(61_000)
        expect(page.locator("#day")).to_contain_text("Dana Whitfield")
        expect(box(page)).to_be_focused()
        expect(box(page)).to_have_value("wal")


class TestNothingTypedIsLost:
    LINE = "Asked for the quiet corner"

    def line(self, page: Page) -> Any:
        return page.get_by_role("textbox", name="What happened with")

    def test_it_waits_while_somebody_else_is_open_and_over_a_reload(
        self, open_page: OpenPage, desk: Staff, dana: Customer, tom: Customer
    ) -> None:
        page = open_page(f"/?customer={dana.pk}", desk)
        self.line(page).fill(self.LINE)
        look_for(page, "tom")
        page.keyboard.press("Enter")
        expect(card(page)).to_contain_text("Tom")
        expect(self.line(page)).to_have_value("")
        page.goto(f"/customers/{dana.pk}/")
        expect(self.line(page)).to_have_value(self.LINE)
        self.line(page).press("Enter")
        expect(page.locator(".timeline")).to_contain_text(self.LINE)
        page.reload()
        expect(self.line(page)).to_have_value("")

    def test_a_failure_of_the_house_keeps_it(self, open_page: OpenPage, desk: Staff, dana: Customer) -> None:
        page = open_page(f"/?customer={dana.pk}", desk)
        page.route("**/log/", lambda route: route.fulfill(status=500, body="no"))
        self.line(page).fill(self.LINE)
        self.line(page).press("Enter")
        expect(page.locator("#toasts")).to_contain_text("did not work")
        expect(self.line(page)).to_have_value(self.LINE)
        page.unroute("**/log/")
        self.line(page).press("Enter")
        expect(page.locator(".timeline")).to_contain_text(self.LINE)

    def test_an_answer_that_was_lost_on_the_way_is_not_logged_twice(
        self, open_page: OpenPage, desk: Staff, dana: Customer
    ) -> None:
        page = open_page(f"/?customer={dana.pk}", desk)

        def lose(route: Route) -> None:
            route.fetch()
            route.abort()

        page.route("**/log/", lose, times=1)
        self.line(page).fill(self.LINE)
        self.line(page).press("Enter")
        expect(page.locator("#toasts")).to_contain_text("No connection")
        page.reload()
        expect(self.line(page)).to_have_value(self.LINE)
        self.line(page).press("Enter")
        expect(page.locator("#toasts")).to_contain_text("Logged")
        assert Interaction.objects.count() == 1

    def test_what_is_wrong_is_said_beside_the_line(
        self, open_page: OpenPage, desk: Staff, dana: Customer
    ) -> None:
        page = open_page(f"/?customer={dana.pk}", desk)
        self.line(page).press("Enter")
        expect(page.locator(".error-summary")).to_contain_text("Write what happened")


class TestWithoutScripts:
    def test_the_whole_way(self, open_page: OpenPage, desk: Staff, dana: Customer) -> None:
        page = open_page("/", desk, java_script_enabled=False)
        page.locator("#q").fill("dana")
        page.locator("#q").press("Enter")
        options(page).click()
        expect(card(page)).to_contain_text("Dana")
        page.get_by_role("textbox", name="What happened with Dana?").fill("By hand")
        page.get_by_role("button", name="Log", exact=True).click()
        expect(page.locator(".timeline")).to_contain_text("By hand")
        expect(page.locator("#toasts")).to_contain_text("Logged: Dana.")
        page.locator("#toasts").get_by_role("button", name="Undo").click()
        expect(page.locator("#timeline")).to_contain_text("Nothing logged yet")

    def test_the_timeline_has_older_pages(self, open_page: OpenPage, desk: Staff, dana: Customer) -> None:
        for n in range(25):
            InteractionFactory.create(
                customer=dana, staff=desk, occurred_at=timezone.now() - timedelta(days=n), summary=f"[{n}]"
            )
        plain = open_page(f"/customers/{dana.pk}/", desk, java_script_enabled=False)
        plain.get_by_role("link", name="Older").click()
        expect(plain.locator(".entry")).to_have_count(5)
        page = open_page(f"/customers/{dana.pk}/", desk)
        page.get_by_role("link", name="Older").click()
        expect(page.locator(".entry")).to_have_count(25)
        expect(page.get_by_role("link", name="Older")).to_have_count(0)


class TestPhone:
    def test_the_card_takes_the_screen_and_look_up_is_a_thumb_away(
        self, open_page: OpenPage, desk: Staff, dana: Customer
    ) -> None:
        VisitFactory.create(customer=dana, expected_at=timezone.now() + timedelta(seconds=1))
        page = open_page("/", desk, **PHONE)
        page.locator("#day").get_by_role("link", name="Dana Whitfield").tap()
        expect(card(page)).to_be_in_viewport()
        expect(page.locator(".safety-band")).to_be_in_viewport()
        tops = [
            place.evaluate("element => element.getBoundingClientRect().top")
            for place in (card(page), page.locator("#day"))
        ]
        assert tops == sorted(tops)
        page.get_by_role("link", name="Look up").tap()
        expect(box(page)).to_be_focused()
        look_for(page, "dana")
        found = options(page)
        expect(found).to_be_in_viewport()


@pytest.mark.parametrize("language", [Language.ENGLISH, Language.CHINESE])
@pytest.mark.parametrize("viewport", [COUNTER, PHONE["viewport"]], ids=["counter", "phone"])
def test_axe_finds_nothing(
    open_page: OpenPage, desk: Staff, dana: Customer, tom: Customer, language: str, viewport: dict[str, int]
) -> None:
    desk.language = language
    desk.save(update_fields=["language"])
    made = InteractionFactory.create(customer=dana, staff=desk, words="Lovely", items=["Tea"])
    InteractionFactory.create(customer=dana, discretion="act_silently", outcome="bad")
    VisitFactory.create(customer=dana, expected_at=timezone.now() - timedelta(minutes=1), party_size=3)
    VisitFactory.create(customer=tom, state="arrived", arrived_at=timezone.now())
    FollowUpFactory.create(customer=tom, owner=desk)
    page = open_page("/", desk, viewport=viewport)
    paths = [
        "/",
        "/?q=zebedee",
        f"/?q=dan&customer={dana.pk}",
        f"/customers/{dana.pk}/",
        f"/interactions/{made.pk}/correct/",
        f"/customers/{dana.pk}/expect/",
        "/arrivals/",
        "/arrivals/new/?q=dan",
    ]
    for path in paths:
        page.goto(path)
        for folded in page.locator("main details").all():
            folded.evaluate("details => details.open = true")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path
