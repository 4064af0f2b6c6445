"""What was given up, of all that is sent: shown with its error, tried again, let go, brought back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from interactions import briefing, messages, sending, unsent
from interactions.tests.factories import (
    BriefingLetterFactory,
    CustomerMessageFactory,
    DeliveryFactory,
    FollowUpFactory,
)
from interactions.tests.post_office import PostOffice
from staff.models import Staff, Venue
from staff.tests.queries import assert_constant

pytestmark = pytest.mark.django_db

ERRORS = {"reminder": "550 no such mailbox", "briefing": "552 mailbox full", "message": "554 refused"}
NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)


def lost(kind: str, venue: Venue, **fields: Any) -> Any:
    """Something of this kind that was given up."""
    fields = {"state": "dead", "error": ERRORS[kind], "attempts": 48, **fields}
    if kind == "briefing":
        return BriefingLetterFactory.create(briefing__shift__venue=venue, **fields)
    if kind == "message":
        return CustomerMessageFactory.create(customer__home_venue=venue, **fields)
    return DeliveryFactory.create(follow_up__customer__home_venue=venue, **fields)


@pytest.fixture
def dead(venue: Venue) -> dict[str, Any]:
    """One of each kind."""
    return {kind: lost(kind, venue) for kind in unsent.KINDS}


def step(client: Client, kind: str, row: Any, verb: str) -> Any:
    return client.post(reverse("unsent_step", args=[kind, row.pk, verb]), follow=True)


def test_everything_that_was_given_up_is_there_with_its_error(
    as_manager: Client, dead: dict[str, Any]
) -> None:
    page = as_manager.get(reverse("unsent")).content.decode()
    for error in ERRORS.values():
        assert error in page
    assert page.count("48 attempts") == 3


@pytest.mark.parametrize("kind", unsent.KINDS)
def test_try_again_starts_anew(kind: str, as_manager: Client, dead: dict[str, Any]) -> None:
    step(as_manager, kind, dead[kind], "retry")
    dead[kind].refresh_from_db()
    assert (dead[kind].state, dead[kind].attempts, dead[kind].claimed_until) == ("waiting", 0, None)
    assert dead[kind].send_at > timezone.now() - timedelta(minutes=1)
    step(as_manager, kind, dead[kind], "dismiss")
    dead[kind].refresh_from_db()
    assert dead[kind].state == "waiting"


@pytest.mark.parametrize("kind", unsent.KINDS)
def test_let_go_and_brought_back(kind: str, as_manager: Client, dead: dict[str, Any]) -> None:
    page = step(as_manager, kind, dead[kind], "dismiss").content.decode()
    dead[kind].refresh_from_db()
    assert dead[kind].state == "dismissed"
    back = f"{reverse('unsent_undo')}?{kind}={dead[kind].pk}"
    assert back in page
    as_manager.post(back)
    dead[kind].refresh_from_db()
    assert dead[kind].state == "dead"
    assert "cannot be taken back" in as_manager.post(back, follow=True).content.decode()


def test_let_go_leaves_what_is_owed(as_manager: Client, dead: dict[str, Any]) -> None:
    step(as_manager, "reminder", dead["reminder"], "dismiss")
    assert dead["reminder"].follow_up.state == "open"


@pytest.mark.parametrize("kind", unsent.KINDS)
def test_what_was_sent_is_not_sent_again(kind: str, as_manager: Client, dead: dict[str, Any]) -> None:
    type(dead[kind]).objects.update(state="sent", sent_at=timezone.now())
    for verb in ("retry", "dismiss"):
        step(as_manager, kind, dead[kind], verb)
    dead[kind].refresh_from_db()
    assert dead[kind].state == "sent"


def test_all_at_once_and_back(as_manager: Client, dead: dict[str, Any], elsewhere: Venue) -> None:
    theirs = [lost(kind, elsewhere) for kind in unsent.KINDS]
    page = as_manager.post(reverse("unsent_all", args=["dismiss"]), follow=True).content.decode()
    assert "3 were let go." in page
    assert {unsent.KINDS[kind].objects.get(pk=row.pk).state for kind, row in dead.items()} == {"dismissed"}
    back = "&".join(f"{kind}={row.pk}" for kind, row in dead.items())
    as_manager.post(f"{reverse('unsent_undo')}?{back}")
    page = as_manager.post(reverse("unsent_all", args=["retry"]), follow=True).content.decode()
    assert "3 go out again." in page
    assert {unsent.KINDS[kind].objects.get(pk=row.pk).state for kind, row in dead.items()} == {"waiting"}
    for row in theirs:
        row.refresh_from_db()
        assert row.state == "dead"


def test_elsewhere_it_is_not_found(as_manager: Client, elsewhere: Venue) -> None:
    for kind in unsent.KINDS:
        row = lost(kind, elsewhere)
        for verb in ("retry", "dismiss"):
            assert step(as_manager, kind, row, verb).status_code == 404
        type(row).objects.update(state="dismissed")
        as_manager.post(f"{reverse('unsent_undo')}?{kind}={row.pk}")
        row.refresh_from_db()
        assert row.state == "dismissed"
    assert "Nothing to see to" in as_manager.get(reverse("unsent")).content.decode()


def test_no_such_thing(as_manager: Client, dead: dict[str, Any]) -> None:
    row = dead["reminder"]
    assert step(as_manager, "pigeon", row, "retry").status_code == 404
    assert step(as_manager, "reminder", row, "eat").status_code == 404
    assert as_manager.post(reverse("unsent_all", args=["eat"])).status_code == 404
    as_manager.post(f"{reverse('unsent_undo')}?reminder=x&reminder={'9' * 30}&pigeon=1")


@pytest.mark.parametrize("who", ["anonymous", "as_stranger", "as_desk", "as_concierge"])
def test_it_is_for_managers(who: str, request: pytest.FixtureRequest, dead: dict[str, Any]) -> None:
    client = request.getfixturevalue(who)
    assert client.get(reverse("unsent")).status_code in {302, 403}
    assert client.post(reverse("unsent_all", args=["dismiss"])).status_code in {302, 403}
    for kind, row in dead.items():
        assert client.post(reverse("unsent_step", args=[kind, row.pk, "dismiss"])).status_code in {302, 403}
        row.refresh_from_db()
        assert row.state == "dead"


def test_the_follow_up_says_so_on_the_list(as_desk: Client, venue: Venue, desk: Staff) -> None:
    call = FollowUpFactory.create(customer__home_venue=venue, owner=desk)
    DeliveryFactory.create(follow_up=call, state="dead", error="550")
    assert "E-mail not delivered" in as_desk.get(reverse("follow_ups")).content.decode()


def test_what_is_still_being_tried_says_when(as_manager: Client, venue: Venue) -> None:
    for kind in unsent.KINDS:
        lost(kind, venue, state="waiting", attempts=2, next_attempt_at=timezone.now() + timedelta(hours=1))
    page = as_manager.get(reverse("unsent")).content.decode()
    assert "Still being tried" in page
    assert page.count("next attempt") == 3


@pytest.mark.parametrize("kind", unsent.KINDS)
def test_constant_queries(kind: str, as_manager: Client, venue: Venue) -> None:
    assert_constant(as_manager, reverse("unsent"), lambda: lost(kind, venue))


def test_more_than_the_page_shows_are_counted(
    as_manager: Client, venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interactions.views.unsent.SHOWN", 2)
    for kind in unsent.KINDS:
        lost(kind, venue)
    assert "The newest 2 are shown" in as_manager.get(reverse("unsent")).content.decode()


def test_a_refusal_for_good_of_each_kind_comes_here(
    venue: Venue, desk: Staff, post_office: PostOffice
) -> None:
    post_office.says = "550 no such mailbox"
    BriefingLetterFactory.create(
        briefing__shift__venue=venue,
        briefing__made_at=NOW,
        briefing__ends_at=NOW + timedelta(hours=4),
        recipient=desk,
        next_attempt_at=NOW,
    )
    CustomerMessageFactory.create(customer__home_venue=venue, next_attempt_at=NOW)
    for outbox in (briefing.TO_THE_SHIFT, messages.TO_CUSTOMERS):
        assert sending.send_waiting(lambda: NOW, outbox) == 0
    found = unsent.dead(venue, 10)
    assert {each.kind for each in found} == {"briefing", "message"}
    assert all("550" in each.row.error for each in found)


def test_what_the_house_itself_says_of_it_is_in_the_readers_language(
    as_manager: Client, manager: Staff, venue: Venue
) -> None:
    lost("message", venue, error="a complaint is open")
    Staff.objects.filter(pk=manager.pk).update(language="zh-hans")
    page = as_manager.get(reverse("unsent")).content.decode()
    assert "a complaint is open" not in page
    assert "有投诉未结束" in page
