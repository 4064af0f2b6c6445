"""Every address of the house at once: closed to strangers, and each page usable by everybody.

A new address has to be named here: the first test fails until somebody has decided what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from playwright.sync_api import Page

from crm.tests.browser import OpenPage
from customers.models import Customer, Preference
from interactions import links
from interactions.models import Complaint, Interaction, Playbook, Survey
from reports.demo.arrivals import expect_guests
from reports.demo.build import build
from reports.demo.house import House
from staff.models import Language, Membership, Shift, Staff
from staff.tests.cast import LogIn

NOW = datetime(2026, 3, 11, 9, 30, tzinfo=UTC)

# Open to all by design: they show nothing of anybody.
OPEN = {
    "livez", "readyz", "set_language", "style_guide", "choose_language", "lock", "unlock",
    # Given to customers on a signed link; with a wrong one they are a plain page.
    "survey", "unsubscribe",
    # Opens by what is in the address itself, for a calendar program; anything else is not found.
    "calendar_feed",
}  # fmt: skip
# Asked for every minute by pages left open: tells a stranger nothing, without a word.
SILENT = {"follow_ups_due"}
# Asked by other programs, which cannot log in on a page: refused with a number alone.
FOR_PROGRAMS = {"api_lookup"}
# Need a login and no membership: they are about the person alone.
OWN = {"profile", "own_pin", "choose_venue"}
# What a link opens, with the names of the rows it is about.
PAGES: dict[str, dict[str, str]] = {
    "desk": {},
    "call": {},
    "arrivals": {},
    "arrivals_choose": {},
    "out_today": {},
    "customers": {},
    "customer_new": {},
    "customer": {"pk": "customer"},
    "details": {"pk": "customer"},
    "customer_edit": {"pk": "customer"},
    "people": {"pk": "customer"},
    "people_edit": {"pk": "customer", "panel": "panel", "row": "contact"},
    "preferences": {"pk": "customer"},
    "preference_history": {"pk": "customer", "row": "preference"},
    "preference_change": {"pk": "customer", "row": "preference"},
    "preference_retire": {"pk": "customer", "row": "preference"},
    "preference_refute": {"pk": "customer", "row": "preference"},
    "customer_follow_ups": {"pk": "customer"},
    "customer_complaints": {"pk": "customer"},
    "correct": {"pk": "interaction"},
    "follow_ups": {},
    "unsent": {},
    "briefing": {},
    "own_calendar": {},
    "house_webhook": {},
    "recovery": {},
    "complaint": {"pk": "complaint"},
    "reports": {},
    "house": {},
    "house_venues": {},
    "house_venue_new": {},
    "house_venue": {"pk": "venue"},
    "house_shifts": {},
    "house_shift_new": {},
    "house_shift": {"pk": "shift"},
    "house_rota": {},
    "house_people": {},
    "house_person_new": {},
    "house_person": {"pk": "person"},
    "house_terminals": {},
    "house_vocabularies": {},
    "house_playbooks": {},
    "house_playbook_new": {},
    "house_playbook": {"pk": "playbook"},
    "house_messages": {},
    "house_message": {"slug": "text"},
    "customer_messages": {"pk": "guest"},
    "survey": {"token": "question"},
    "unsubscribe": {"token": "way_out"},
    "house_audit": {},
    "house_changes": {},
    "profile": {},
    "lock": {},
    "style_guide": {},
}
# What a button sends, a fragment fills in, or a file answers.
ACTIONS = {
    "customer_archive", "people_add", "preference_add", "choose_venue", "choose_language", "unlock",
    "own_pin", "house_shift_delete", "house_rota_remove", "house_person_end", "house_person_invite",
    "house_person_pin", "house_terminal_enrol", "house_terminal_revoke", "customer_bring_back",
    "out_today_add", "out_today_back", "out_today_again", "card", "card_json",
    "people_remove", "people_undo", "preference_confirm", "preference_undo", "lookup", "desk_day", "log",
    "log_usual", "cue_answer", "cue_undo", "expect", "undo_log", "visit_step", "follow_ups_due",
    "follow_ups_bulk", "undo_follow_ups", "follow_up_step", "unsent_step", "unsent_all", "unsent_undo",
    "complaint_step", "complaint_undo", "feedback", "feedback_answer", "lend", "loan_returned",
    "loan_still_out", "handover_leave", "handover_sign", "handover_unsign", "handover_take_back",
    "house_playbook_switch", "house_playbook_undo", "message_call_back",
    "house_webhook_rotate", "house_webhook_test", "house_webhook_off",
    "own_calendar_make", "own_calendar_revoke", "calendar_feed",
    "api_lookup", "api_schema", "report_csv", "house_mail", "livez", "readyz", "set_language",
}  # fmt: skip
FILL_INS: dict[str, Any] = {
    "kind": "reminder",
    "panel": "contacts",
    "verb": "done",
    "slug": "visits",
    "name": "x.log",
    "token": "x",
}


def ours(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every named address that is not allauth's."""
    for entry in resolver.url_patterns:
        where = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from ours(entry, where)
        elif not where.startswith("accounts/"):
            yield entry.name or where, entry


def address(name: str, pattern: URLPattern) -> str:
    """The address with something plausible in each place."""
    converters = pattern.pattern.converters
    return reverse(name, kwargs={key: FILL_INS.get(key, 1) for key in converters})


def test_every_address_is_a_page_or_an_action() -> None:
    names = {name for name, _ in ours(get_resolver())}
    assert names - PAGES.keys() - ACTIONS == set()
    assert (PAGES.keys() | ACTIONS) - names == set()


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_passes_without_a_login(anonymous: Client, method: str) -> None:
    for name, pattern in ours(get_resolver()):
        if name in OPEN:
            continue
        answer = getattr(anonymous, method)(address(name, pattern))
        if name in SILENT:
            assert answer.content == b"" or answer.status_code == 405
        elif name in FOR_PROGRAMS:
            assert answer.status_code in {401, 405}, f"{method} {name} answered {answer.status_code}"
        elif answer.status_code != 405:
            assert answer.status_code == 302, f"{method} {name} answered {answer.status_code}"
            assert answer["Location"].startswith("/accounts/login/"), name


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_sees_nothing(as_stranger: Client, method: str) -> None:
    for name, pattern in ours(get_resolver()):
        if name in OPEN | OWN:
            continue
        answer = getattr(as_stranger, method)(address(name, pattern))
        if name in SILENT:
            assert answer.content == b"" or answer.status_code == 405
            continue
        assert answer.status_code in {403, 405}, f"{method} {name} answered {answer.status_code}"


@pytest.fixture
def house(transactional_db: None) -> House:
    """The demo business, small."""
    made = build(customers=110, interactions=700, seed=1, now=NOW)
    expect_guests(made, NOW, 1)
    return made


def rows() -> dict[str, Any]:
    """The rows that the pages are about."""
    dana = Customer.objects.get(full_name="Dana Whitfield")
    # The demo is of a day long ago; a link that ran out shows another page.
    Survey.objects.update(expires_at=timezone.now() + timedelta(days=1))
    survey = Survey.objects.select_related("message")[0]
    assert survey.message is not None
    return {
        "playbook": Playbook.objects.filter(venue=dana.home_venue_id, deeds__isnull=False)[0].pk,
        "text": "thanks",
        "guest": survey.customer_id,
        "question": links.question(survey).split("/")[-2],
        "way_out": links.way_out(survey.message).split("/")[-2],
        "customer": dana.pk,
        "panel": "contacts",
        "contact": dana.contacts.all()[0].pk,
        "preference": Preference.objects.filter(customer=dana)[0].pk,
        "interaction": Interaction.objects.filter(customer=dana, kind="visit")[0].pk,
        "complaint": Complaint.objects.filter(customer=dana)[0].pk,
        "venue": dana.home_venue_id,
        "shift": Shift.objects.filter(venue=dana.home_venue_id)[0].pk,
        "person": Membership.objects.filter(venue=dana.home_venue_id, role="front_desk")[0].pk,
    }


def faults(page: Page) -> list[str]:
    """What axe finds, and whether the page has to be scrolled sideways."""
    found = [
        f"{violation['id']}: {violation['help']} at {violation['nodes'][0]['target']}"
        for violation in Axe().run(page).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("scrolls sideways")
    return found


# A page that is fit to be seen has not been tried; and counting what it passes through takes long.
@pytest.mark.no_cover
@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [
        (Language.ENGLISH, "light", 1024),
        (Language.ENGLISH, "dark", 390),
        (Language.CHINESE, "light", 390),
        (Language.CHINESE, "dark", 1024),
    ],
)
def test_every_page_is_fit_for_everybody(
    house: House, open_page: OpenPage, language: Language, scheme: str, width: int
) -> None:
    owner = house.staff("helen")
    Staff.objects.update(language=language)
    owner.refresh_from_db()
    known = rows()
    found = {}
    page = open_page("/", owner, color_scheme=scheme, viewport={"width": width, "height": 800})
    for name, places in PAGES.items():
        answer = page.goto(reverse(name, kwargs={key: known[row] for key, row in places.items()}))
        assert answer is not None
        assert answer.status == 200, f"{name} answered {answer.status}"
        if name == "lock":
            page = open_page("/", owner, color_scheme=scheme, viewport={"width": width, "height": 800})
        elif troubles := faults(page):
            found[name] = troubles
    assert found == {}


@pytest.mark.browser
def test_the_way_in_is_fit_for_everybody(db: None, open_page: OpenPage) -> None:
    page = open_page("/accounts/login/", None, viewport={"width": 390, "height": 800})
    assert faults(page) == []
    assert page.evaluate("document.activeElement.type") == "email"
    page.goto("/accounts/password/reset/")
    assert faults(page) == []


def test_the_cast_covers_who_is_turned_away(log_in: LogIn, desk: Staff) -> None:
    client = log_in(desk)
    for name in ("reports", "house", "house_audit", "house_people"):
        assert client.get(reverse(name)).status_code == 403, name
