"""The House pages of playbooks: tried, changed, switched on and off, taken back."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from customers.tests.factories import CustomerFactory
from interactions import playbooks
from interactions.models import FollowUp, Playbook, PlaybookDeed
from interactions.ready_made import PLAYBOOKS, playbooks_for
from interactions.tests.factories import FollowUpFactory, InteractionFactory, PlaybookFactory
from staff.models import Industry, Staff, Venue

pytestmark = pytest.mark.django_db

RULE: dict[str, Any] = {
    "name": "Thanks",
    "occasion": "first_visit",
    "days": 0,
    "date_kind": "",
    "words": "",
    "min_visits": 0,
    "tag": "",
    "template": "",
    "text": "Thank them",
    "category": "",
    "way": "",
    "who": "role:concierge",
    "due_days": 1,
    "due_time": "09:00",
    "seen": 0,
}
NEW = "/house/playbooks/new/"


def first_visit(venue: Venue, name: str = "Dana") -> Customer:
    at = timezone.now() - timedelta(days=3)
    person = CustomerFactory.create(
        home_venue=venue, preferred_name=name, visit_count=1, first_visit_at=at, last_visit_at=at
    )
    InteractionFactory.create(customer=person, occurred_at=at)
    return person


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


@pytest.mark.parametrize("industry", Industry.values)
def test_every_industry_finds_ready_made_ones_that_can_be_saved(
    industry: str, venue: Venue, as_manager: Client
) -> None:
    Venue.objects.filter(pk=venue.pk).update(industry=industry)
    page = text_of(as_manager.get(reverse("house_playbooks")))
    slugs = {each.slug for each in playbooks_for(industry)}
    assert {"first-visit", "birthday", "drifting", "mended", "low-score"} <= slugs
    # Something that is due again, and something once a year, whatever the house.
    assert {each.fields["occasion"] for each in playbooks_for(industry)} >= {"had", "yearly"}
    for each in PLAYBOOKS:
        address = f"{NEW}?from={each.slug}"
        assert (address in page) == (each.slug in slugs)
    for slug in slugs:
        form = as_manager.get(NEW, {"from": slug}).context["form"]
        typed = {field.name: "" if field.value() is None else field.value() for field in form}
        assert as_manager.post(f"{NEW}?from={slug}", typed).status_code == 302, slug
    assert set(Playbook.objects.values_list("ready_made", flat=True)) == slugs
    assert not Playbook.objects.exclude(switched_on_at=None).exists()


def test_a_ready_made_one_shows_whom_it_would_have_met(venue: Venue, as_manager: Client) -> None:
    first_visit(venue)
    page = text_of(as_manager.get(NEW, {"from": "first-visit"}))
    assert "Would have made 1 last month" in page
    assert "Dana Whitfield" in page
    assert not FollowUp.objects.exists()
    assert as_manager.get(NEW, {"from": "nothing"}).status_code == 404


def test_what_is_typed_is_tried_without_saving(venue: Venue, as_manager: Client) -> None:
    first_visit(venue)
    page = text_of(as_manager.post(NEW, RULE | {"try": "1"}))
    assert "Would have made 1 last month" in page
    page = text_of(as_manager.post(NEW, RULE | {"try": "1", "min_visits": 2}))
    assert "Would have made 0 last month" in page
    assert not Playbook.objects.exists()


def test_it_is_saved_changed_and_taken_back(venue: Venue, as_manager: Client) -> None:
    assert as_manager.post(NEW, RULE).status_code == 302
    playbook = Playbook.objects.get()
    assert (playbook.venue, playbook.role, playbook.owner, playbook.is_on) == (
        venue,
        "concierge",
        None,
        False,
    )
    address = reverse("house_playbook", args=[playbook.pk])
    answer = as_manager.post(address, RULE | {"text": "Write a card"}, follow=True)
    page = text_of(answer)
    assert "Write a card" in page
    assert "what to do: Thank them → Write a card" in page.replace("<del>", "").replace("</del>", "")
    assert "Morgan" in page
    assert as_manager.post(address, RULE | {"text": "Something else"}).status_code == 409
    change = playbook.events.get().pk
    as_manager.post(f"{reverse('house_playbook_undo')}?change={change}")
    playbook.refresh_from_db()
    assert playbook.text == "Thank them"
    answer = as_manager.post(f"{reverse('house_playbook_undo')}?change={change}", follow=True)
    assert "cannot be taken back" in text_of(answer)


def test_it_is_switched_on_and_off_with_a_way_back(venue: Venue, as_manager: Client) -> None:
    playbook = PlaybookFactory.create(venue=venue)
    on, off = (reverse("house_playbook_switch", args=[playbook.pk, verb]) for verb in ("on", "off"))
    assert "On since" in text_of(as_manager.post(on, follow=True))
    as_manager.post(off)
    assert not Playbook.objects.get().is_on
    change = playbook.events.order_by("-pk")[0].pk
    as_manager.post(f"{reverse('house_playbook_undo')}?change={change}")
    assert Playbook.objects.get().is_on
    assert as_manager.post(reverse("house_playbook_switch", args=[playbook.pk, "up"])).status_code == 404


def test_who_has_no_number_switches_on_nothing_that_writes(
    venue: Venue, manager: Staff, as_manager: Client
) -> None:
    as_manager.post(NEW, RULE | {"template": "thanks"})
    playbook = Playbook.objects.get()
    assert (playbook.template, playbook.text, playbook.role) == ("thanks", "", "")
    on = reverse("house_playbook_switch", args=[playbook.pk, "on"])
    assert "names a staff number" in text_of(as_manager.post(on, follow=True))
    Staff.objects.filter(pk=manager.pk).update(badge_number="204")
    as_manager.post(on)
    playbook.refresh_from_db()
    assert playbook.switched_by == manager


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "THERE already"}, "name"),
        ({"text": ""}, "text"),
        ({"occasion": "date"}, "date_kind"),
        ({"occasion": "had"}, "words"),
        ({"occasion": "away"}, "days"),
        ({"days": 4000}, "days"),
        ({"due_days": 366}, "due_days"),
        ({"who": "staff:0"}, "who"),
        ({"template": "nothing"}, "template"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    venue: Venue, as_manager: Client, wrong: dict[str, Any], field: str
) -> None:
    PlaybookFactory.create(venue=venue, name="There already")
    answer = as_manager.post(NEW, RULE | wrong)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_another_venues_playbook_is_not_there(elsewhere: Venue, as_manager: Client) -> None:
    theirs = PlaybookFactory.create(venue=elsewhere, name="Theirs")
    assert as_manager.get(reverse("house_playbook", args=[theirs.pk])).status_code == 404
    assert as_manager.post(reverse("house_playbook_switch", args=[theirs.pk, "on"])).status_code == 404
    assert "Theirs" not in text_of(as_manager.get(reverse("house_playbooks")))


def test_a_follow_up_says_which_playbook_made_it(venue: Venue, as_desk: Client) -> None:
    PlaybookFactory.create(
        venue=venue, name="Warm welcome", on_since=timezone.now() - timedelta(days=5), role="front_desk"
    )
    person = first_visit(venue)
    assert playbooks.run_all(timezone.now()) == 1
    for address in (reverse("follow_ups"), reverse("customer_follow_ups", args=[person.pk])):
        assert "Playbook “Warm welcome”" in text_of(as_desk.get(address)), address


@pytest.mark.parametrize("rows", [1, 20])
def test_the_pages_ask_as_much_for_one_as_for_twenty(
    venue: Venue, as_manager: Client, rows: int, django_assert_max_num_queries: Any
) -> None:
    playbook = PlaybookFactory.create(venue=venue, on_since=timezone.now())
    for n in range(rows):
        other = PlaybookFactory.create(venue=venue)
        person = first_visit(venue, f"Dana{n}")
        owed = FollowUpFactory.create(customer=person)
        PlaybookDeed.objects.create(
            playbook=playbook,
            customer=person,
            occasion="first",
            came_at=timezone.now(),
            outcome="made",
            follow_up=owed,
        )
        Playbook.objects.filter(pk=playbook.pk).update(days=n + 1)
        assert other.pk
    with django_assert_max_num_queries(9):
        as_manager.get(reverse("house_playbooks"))
    with django_assert_max_num_queries(30):
        as_manager.get(reverse("house_playbook", args=[playbook.pk]))


def test_what_has_to_be_said_is_not_called_optional(venue: Venue, as_manager: Client) -> None:
    page = as_manager.get(NEW).content.decode()
    assert "optional" not in page[page.index("What to do") :][:60]
    assert "optional" in page[page.index("What it touches") :][:60]
