"""Whether reminders go out, and how many are due, as every page says it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.models import Heartbeat
from interactions import alive
from interactions.models import Delivery
from interactions.tests.factories import (
    BriefingLetterFactory,
    CustomerMessageFactory,
    DeliveryFactory,
    FollowUpFactory,
)
from staff.models import Membership, Staff, Venue

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def look(person: Staff) -> alive.Reminders:
    member = Membership.objects.select_related("staff", "venue").get(staff=person)
    return alive.look(member, timezone.now())


@pytest.fixture
def beating() -> None:
    Heartbeat.objects.create(name="beat", at=timezone.now() - MINUTE)


def test_before_beat_ever_ran(desk: Staff) -> None:
    assert look(desk).never_ran
    assert look(desk).are_stalled


@pytest.mark.usefixtures("beating")
def test_all_is_well(desk: Staff, venue: Venue) -> None:
    FollowUpFactory.create(customer__home_venue=venue, next_dispatch_at=timezone.now())
    assert not look(desk).are_stalled


def test_a_silent_beat_says_since_when(desk: Staff) -> None:
    since = timezone.now() - 6 * MINUTE
    Heartbeat.objects.create(name="beat", at=since)
    assert look(desk).silent_since == since


@pytest.mark.usefixtures("beating")
def test_a_worker_that_is_gone_says_since_when(desk: Staff) -> None:
    since = timezone.now() - 6 * MINUTE
    Heartbeat.objects.create(name="worker", at=since)
    assert look(desk).silent_since == since


def test_those_who_watch_are_told_of_the_oldest(venue: Venue) -> None:
    assert alive.fault() == ""
    moved = DeliveryFactory.create(send_at=timezone.now() + MINUTE, created_at=timezone.now() - 9 * MINUTE)
    assert alive.fault() == ""
    Delivery.objects.filter(pk=moved.pk).update(send_at=timezone.now() - 6 * MINUTE)
    assert "for 36" in alive.fault()
    due = timezone.now() - 7 * MINUTE
    FollowUpFactory.create(customer__home_venue=venue, due_at=due, next_dispatch_at=due)
    assert "for 42" in alive.fault()


@pytest.mark.usefixtures("beating")
def test_something_due_that_nobody_dispatched(desk: Staff, elsewhere: Venue) -> None:
    since = timezone.now() - 6 * MINUTE
    FollowUpFactory.create(customer__home_venue=elsewhere, due_at=since, next_dispatch_at=since)
    assert look(desk).waiting_since == since


@pytest.mark.usefixtures("beating")
def test_an_email_that_does_not_go_out(desk: Staff) -> None:
    since = timezone.now() - 6 * MINUTE
    waiting = DeliveryFactory.create(created_at=since, next_attempt_at=timezone.now() + 30 * MINUTE)
    assert look(desk).waiting_since == since
    Delivery.objects.filter(pk=waiting.pk).update(state=Delivery.State.SENT, sent_at=timezone.now())
    assert not look(desk).are_stalled


@pytest.mark.usefixtures("beating")
@pytest.mark.parametrize(
    ("factory", "waits", "words"),
    [
        (CustomerMessageFactory, "message", "A message to a customer has been waiting to go out since"),
        (BriefingLetterFactory, "briefing", "A briefing has been waiting to go out since"),
        (DeliveryFactory, "reminder", "A reminder has been waiting to go out since"),
    ],
)
def test_whatever_is_to_be_sent_is_late_after_five_minutes(
    factory: Any, waits: str, words: str, desk: Staff, as_desk: Client
) -> None:
    since = timezone.now() - 6 * MINUTE
    row = factory.create(send_at=since, next_attempt_at=timezone.now() + 30 * MINUTE)
    assert (look(desk).waiting_since, look(desk).waits) == (since, waits)
    assert f"the oldest {waits} has waited" in alive.fault()
    assert words in as_desk.get(reverse("desk")).content.decode()
    # What was moved to other hours is not late before then.
    type(row).objects.update(send_at=timezone.now() + 30 * MINUTE)
    assert not look(desk).are_stalled
    assert alive.fault() == ""


@pytest.mark.usefixtures("beating")
def test_the_oldest_of_all_is_told(desk: Staff) -> None:
    now = timezone.now()
    DeliveryFactory.create(send_at=now - 7 * MINUTE)
    CustomerMessageFactory.create(send_at=now - 9 * MINUTE)
    BriefingLetterFactory.create(send_at=now - 8 * MINUTE)
    assert (look(desk).waiting_since, look(desk).waits) == (now - 9 * MINUTE, "message")


def test_due_counts_mine_my_roles_and_nobodys(
    desk: Staff, manager: Staff, venue: Venue, elsewhere: Venue
) -> None:
    assert look(desk).due == 0
    for fields in (
        {"owner": desk},
        {"role": "front_desk"},
        {},
        {"owner": Staff.objects.create(email="left@example.com", display_name="Left")},
        {"role": "concierge"},  # nobody here is one
        {"owner": manager},
        {"role": "manager"},
        {"owner": desk, "due_at": timezone.now() + MINUTE},
        {"owner": desk, "state": "done", "ended_at": timezone.now()},
        {"owner": desk, "customer__home_venue": elsewhere},
    ):
        FollowUpFactory.create(**{"customer__home_venue": venue, **fields})
    assert look(desk).due == 5


def test_one_query(desk: Staff, django_assert_num_queries: object) -> None:
    member = Membership.objects.select_related("staff", "venue").get(staff=desk)
    with django_assert_num_queries(1):  # type: ignore[operator]  # a fixture without a public type
        alive.look(member, timezone.now())


def test_every_page_says_so(as_desk: Client) -> None:
    page = as_desk.get(reverse("follow_ups")).content.decode()
    assert "Reminders have not run yet" in page
    Heartbeat.objects.create(name="beat", at=timezone.now())
    assert "Reminders have not run yet" not in as_desk.get(reverse("follow_ups")).content.decode()


def test_the_frame_asks_again_by_itself(as_desk: Client, desk: Staff, venue: Venue) -> None:
    FollowUpFactory.create(customer__home_venue=venue, owner=desk)
    answer = as_desk.get(reverse("follow_ups_due"), headers={"HX-Request": "true"}).content.decode()
    assert 'id="due-badge"' in answer
    assert '<span class="count due">1</span>' in answer
    assert '<span class="count due" id="due-on-phone" hx-swap-oob="true">1</span>' in answer
    assert 'id="reminders-banner"' in answer
    assert "<html" not in answer


def test_lists_are_told_when_the_number_has_changed(as_desk: Client, desk: Staff, venue: Venue) -> None:
    address = reverse("follow_ups_due")
    asks = {"HX-Request": "true"}
    assert "HX-Trigger" not in as_desk.get(f"{address}?was=0", headers=asks)
    FollowUpFactory.create(customer__home_venue=venue, owner=desk)
    assert "follow-ups-arrived" in as_desk.get(f"{address}?was=0", headers=asks)["HX-Trigger"]
    assert "HX-Trigger" not in as_desk.get(f"{address}?was=1", headers=asks)


@pytest.mark.parametrize("who", ["anonymous", "as_stranger"])
def test_nothing_for_who_has_no_place_here(who: str, request: pytest.FixtureRequest) -> None:
    answer = request.getfixturevalue(who).get(reverse("follow_ups_due"))
    assert (answer.status_code, answer.content) == (204, b"")
