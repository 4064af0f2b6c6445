"""Every address is sent garbage: it may refuse, say what is wrong or ignore it, but it never breaks.

The addresses come from the list of them, the forms from the pages themselves, so that a new page or
field is tried without being named here.
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import product
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, resolve, reverse
from django.utils import timezone

from customers.tests.factories import (
    ContactPointFactory,
    CustomerFactory,
    ImportantDateFactory,
    PreferenceFactory,
    RelationshipFactory,
)
from interactions import links
from interactions.models import CustomerMessage, HandoverNote, Survey
from interactions.tests.factories import (
    ComplaintFactory,
    CustomerMessageFactory,
    DeliveryFactory,
    FeedbackFactory,
    FollowUpFactory,
    InteractionFactory,
    LoanFactory,
    PlaybookFactory,
    SurveyFactory,
    VisitFactory,
)
from reports.tests.test_every_page import ours
from staff.models import Shift, Staff, Venue

NASTY = [
    "a\x00b",
    "9" * 30,
    "9" * 5000,
    "-1",
    "²",
    "0001-01-01",
    "9999-12-31",
    "253402300799999999-1-1",
    "253402300799999999-99999999999999999999",
    "%(name)s %s {0} {name} <script>alert(1)</script>\u202e\U0001f600",
    "x\r\n" * 3000,
    "' \" \\ ; --",
]
# What garbage passes through has not been tried by it; and counting that takes as long again.
pytestmark = pytest.mark.no_cover
# Forms check most things by themselves, so they are sent fewer.
TYPED = ["a\x00b", "9" * 30, "-1", "9999-12-31T23:59"]
# What the addresses read from the query string: `git grep 'GET.get'` tells.
ASKED: dict[str, list[str]] = {
    "desk": ["customer", "q", "via", "channel", "kind", "before"],
    "lookup": ["q"],
    "call": ["number"],
    "api_lookup": ["number"],
    "arrivals": ["day"],
    "arrivals_choose": ["q"],
    "customers": ["venue", "tag", "archived", "after"],
    "customer_new": ["full_name", "home_venue", "phone", "birth_year"],
    "customer": ["via", "channel", "kind", "before"],
    "people": ["panel"],
    "preferences": ["on", "sense"],
    "cue_undo": ["key", "lane"],
    "follow_ups": ["whose", "section", "from"],
    "follow_up_step": ["next"],
    "undo_follow_ups": ["change"],
    "unsent_undo": ["reminder", "briefing", "message"],
    "briefing": ["shift", "day", "print"],
    "handover_unsign": ["note"],
    "recovery": ["show", "page"],
    "customer_messages": ["text"],
    "house_playbook_new": ["from"],
    "house_playbook_undo": ["change"],
    "reports": ["days"],
    "report_csv": ["days"],
    "house_rota": ["week"],
    "house_audit": ["after", "staff", "action", "customer"],
    "house_changes": ["after", "staff", "kind"],
}
FILL_INS: dict[str, Any] = {
    "panel": "contacts",
    "kind": "reminder",
    "event": 1,
    "name": "x.log",
    "slug": "visits",
}
# Pages from which the forms are taken: one that ends the session would end the test.
NOT_SENT = {"lock", "unlock", "account_logout", "choose_venue"}


@pytest.fixture
def places(owner: Staff, venue: Venue) -> dict[str, int]:
    """One row of everything, by the first part of its address."""
    customer = CustomerFactory.create(home_venue=venue, full_name="Dana Whitfield")
    at = {"customer": customer, "venue": venue}
    ImportantDateFactory.create(customer=customer)
    RelationshipFactory.create(customer=customer)
    follow_up = FollowUpFactory.create(**at)
    shift = Shift.objects.create(
        venue=venue, name="Day", starts="08:00", ends="16:00", weekdays=[0, 1, 2, 3, 4, 5, 6]
    )
    return {
        "customers": customer.pk,
        "contacts": ContactPointFactory.create(customer=customer).pk,
        "preferences": PreferenceFactory.create(customer=customer).pk,
        "interactions": InteractionFactory.create(**at, staff=owner).pk,
        "visits": VisitFactory.create(**at).pk,
        "follow-ups": follow_up.pk,
        "recovery": ComplaintFactory.create(**at).pk,
        "feedback": FeedbackFactory.create(**at, score=1).pk,
        "loans": LoanFactory.create(**at).pk,
        "playbooks": PlaybookFactory.create(venue=venue).pk,
        "messages": CustomerMessageFactory.create(**at, state="dead", error="550").pk,
        "survey": SurveyFactory.create(**at).pk,
        "unsent": DeliveryFactory.create(follow_up=follow_up, recipient=owner).pk,
        "notes": HandoverNote.objects.create(
            venue=venue, text="The till sticks", written_by=owner, written_at=timezone.now()
        ).pk,
        "shifts": shift.pk,
        "house": owner.memberships.get().pk,
    }


def number(where: str, places: dict[str, int]) -> int:
    """The number of the row that an address is about."""
    return next((places[part] for part in places if f"/{part}/" in f"/{where}" and part in places), 1)


def addresses(places: dict[str, int]) -> Iterator[tuple[str, str]]:
    """The name of every address, and the address of a row that is there."""
    for name, pattern in ours(get_resolver()):
        fill: dict[str, Any] = {}
        for key in pattern.pattern.converters:
            if key == "row":
                fill[key] = places["preferences" if "preference" in name else "contacts"]
            elif key == "pk":
                part = str(pattern.pattern).split("/<", maxsplit=1)[0].rsplit("/", maxsplit=1)[-1]
                fill[key] = places.get(part, places["house"])
            elif key == "token" and name == "survey":
                fill[key] = links.question(Survey.objects.get(pk=places["survey"])).split("/")[-2]
            elif key == "token":
                fill[key] = links.way_out(CustomerMessage.objects.get(pk=places["messages"])).split("/")[-2]
            else:
                fill[key] = FILL_INS.get(key, "done")
        yield name, reverse(name, kwargs=fill)


def broken(client: Client, method: str, url: str, data: dict[str, Any] | None = None, **more: Any) -> str:
    """What broke, in one line; empty when the address answered. What was written is taken back."""
    client.raise_request_exception = False
    with transaction.atomic():
        answer = client.generic(
            method,
            url,
            urlencode(data or {}, doseq=True),
            content_type="application/x-www-form-urlencoded",
            **more,
        )
        transaction.set_rollback(True)
    if answer.status_code < 500:
        return ""
    kind, error = getattr(answer, "exc_info", ("", "", None))[:2]
    return f"{method} {url[:120]}: {getattr(kind, '__name__', kind)} {str(error)[:160]}"


Fields = dict[str, list[str]]


class Forms(HTMLParser):
    """The forms of a page that are sent: address, fields as they stand, and what their buttons add."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, Fields, list[Fields]]] = []
        self.action: str | None = None
        self.select, self.is_text = "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = has.get("action", "") if has.get("method", "").lower() == "post" else None
            self.found += [(self.action, {}, [])] if self.action is not None else []
        if self.action is None:
            return
        _action, fields, buttons = self.found[-1]
        name = has.get("name", self.select)
        if tag == "select":
            self.select = has.get("name", "")
            fields[self.select] = []
        elif tag == "option" and self.select and ("selected" in has or not fields[self.select]):
            fields[self.select] = [has.get("value", "")]
        elif tag == "textarea" and name:
            fields[name] = [""]
        elif tag == "button" and has.get("type", "submit") == "submit":
            buttons += [{name: [has.get("value", "")]} if name else {}]
        elif tag == "input" and name and name != "csrfmiddlewaretoken":
            is_choice = has.get("type") in {"checkbox", "radio"}
            if not is_choice or "checked" in has or name not in fields:
                fields[name] = [has.get("value", "on" if is_choice else "")]

    def handle_endtag(self, tag: str) -> None:
        self.select = "" if tag == "select" else self.select
        self.action = None if tag == "form" else self.action


def forms(client: Client, places: dict[str, int]) -> Iterator[tuple[str, Fields, list[Fields]]]:
    """Every form of every page with its buttons, each kind once."""
    seen = set()
    for _name, url in addresses(places):
        page = client.get(url)
        if page.status_code != 200 or "html" not in page.headers.get("Content-Type", ""):
            continue
        for action, fields, buttons in Forms(page.content.decode()).found:
            where = urljoin(url, action)
            match = resolve(urlsplit(where).path)
            presses = [each for place, each in enumerate(buttons) if each not in buttons[:place]] or [{}]
            names = sorted({*fields, *(name for press in presses for name in press)})
            kind = (match.url_name, match.kwargs.get("verb"), match.kwargs.get("panel"), *names)
            if kind not in seen and match.url_name not in NOT_SENT:
                seen.add(kind)
                yield where, fields, presses


# In parts, so that all processes have a share of what takes longest.
PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_no_form_breaks_on_what_is_typed(as_owner: Client, places: dict[str, int], part: int) -> None:
    found: set[tuple[str, str]] = set()
    for url, fields, presses in list(forms(as_owner, places))[part::PARTS]:
        filled = {name: values if values != [""] else ["7"] for name, values in fields.items()}
        for press in presses:
            for sent in (fields | press, filled | press, press):
                found.add((broken(as_owner, "POST", url, sent), f"as it stands, {press}"))
            for name, nasty in product({**fields, **press}, TYPED):
                sent = filled | press | {name: [nasty]}
                found.add((broken(as_owner, "POST", url, sent), f"{name}={nasty[:20]!r}, {press}"))
    told = sorted(each for each in found if each[0])
    assert not told, "\n".join(map(str, told))


# These answer to nothing but a button.
SENT = {"cue_undo", "undo_follow_ups", "house_playbook_undo"}


@pytest.mark.parametrize("htmx", [False, True])
def test_no_address_breaks_on_what_it_is_asked(as_owner: Client, places: dict[str, int], htmx: bool) -> None:
    headers = {"HX-Request": "true"} if htmx else {}
    found = set()
    for name, url in addresses(places):
        for key in ASKED.get(name, []):
            for nasty in NASTY:
                also = {"section": "coming"} if key == "from" else {}
                method = "POST" if name in SENT else "GET"
                asked = f"{url}?{urlencode({**also, key: nasty})}"
                found.add(broken(as_owner, method, asked, headers=headers))
    told = sorted(found - {""})
    assert not told, "\n".join(told)
