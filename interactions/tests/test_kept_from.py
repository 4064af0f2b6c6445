"""What a manager keeps to the managers is kept wherever it led: owed, asked, told by mail, on the card."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from customers.tests.factories import CustomerFactory
from interactions import letters
from interactions.models import FollowUp, Interaction
from interactions.tests.factories import (
    ComplaintFactory,
    DeliveryFactory,
    FeedbackFactory,
    FollowUpFactory,
    InteractionFactory,
)
from staff.models import Membership, Staff, Venue

WORDS = "the waiter was drunk"


@pytest.fixture
def dana(venue: Venue) -> Customer:
    return CustomerFactory.create(home_venue=venue, full_name="Dana Whitfield")


@pytest.fixture
def kept(dana: Customer, manager: Staff) -> Interaction:
    return InteractionFactory.create(
        customer=dana, staff=manager, kind="complaint", discretion="managers_only", summary=WORDS, words=WORDS
    )


@pytest.fixture
def owed(dana: Customer, kept: Interaction) -> FollowUp:
    """Owed to nobody in particular since a minute ago, because of what is kept."""
    complaint = ComplaintFactory.create(customer=dana, interaction=kept, about=WORDS)
    due = timezone.now() - timedelta(minutes=1)
    return FollowUpFactory.create(
        customer=dana, complaint=complaint, kind="recovery", text=f"Ask whether it is good now: {WORDS}",
        due_at=due,
    )  # fmt: skip


def pages(customer: Customer) -> list[str]:
    whose = [f"{reverse('follow_ups')}?whose={each}" for each in ("for_me", "role", "nobody", "all")]
    named = ("customer", "customer_follow_ups", "customer_complaints")
    return ["/", f"/?customer={customer.pk}", *whose, *(reverse(name, args=[customer.pk]) for name in named)]


def test_what_follows_from_it_is_owed_out_of_sight(
    dana: Customer, owed: FollowUp, as_desk: Client, as_manager: Client
) -> None:
    for page in pages(dana):
        assert WORDS not in as_desk.get(page).content.decode(), page
    for page in ("/", reverse("follow_ups"), reverse("customer_follow_ups", args=[dana.pk])):
        assert WORDS in as_manager.get(page).content.decode(), page


def test_nor_is_it_counted_or_touched(
    owed: FollowUp, as_desk: Client, desk: Staff, membership_of: Callable[[Staff], Membership]
) -> None:
    assert not FollowUp.objects.of(membership_of(desk)).exists()
    for verb in ("done", "snooze", "hand-over", "cancel"):
        assert as_desk.get(reverse("follow_up_step", args=[owed.pk, verb])).status_code == 404
    assert as_desk.post(reverse("follow_up_step", args=[owed.pk, "done"])).status_code == 404


def test_who_was_given_it_knows_of_it(
    owed: FollowUp, desk: Staff, concierge: Staff, membership_of: Callable[[Staff], Membership]
) -> None:
    FollowUp.objects.update(owner=desk)
    assert FollowUp.objects.of(membership_of(desk)).exists()
    assert not FollowUp.objects.visible_to(membership_of(concierge)).exists()


def test_no_mail_tells_it(owed: FollowUp, desk: Staff, manager: Staff) -> None:
    now = timezone.now()
    to_desk = DeliveryFactory.create(follow_up=owed, recipient=desk)
    to_manager = DeliveryFactory.create(follow_up=owed, recipient=manager)
    assert letters.letter_for(to_desk, now) is None
    assert letters.letter_for(to_manager, now) is not None


def test_a_low_score_noted_in_it_is_not_on_the_card(
    dana: Customer, kept: Interaction, as_desk: Client, as_manager: Client
) -> None:
    FeedbackFactory.create(customer=dana, interaction=kept, score=1, words=WORDS)
    Interaction.objects.update(summary="", words="")
    page = reverse("customer", args=[dana.pk])
    assert WORDS not in as_desk.get(page).content.decode()
    assert "Low score" not in as_desk.get(page).content.decode()
    assert WORDS in as_manager.get(page).content.decode()


def test_who_logged_it_cannot_take_away_what_a_manager_kept(
    kept: Interaction, desk: Staff, as_desk: Client
) -> None:
    Interaction.objects.update(staff=desk, kind="visit", source="desk")
    as_desk.post(reverse("undo_log", args=[kept.pk]))
    assert Interaction.objects.filter(pk=kept.pk).exists()


def test_what_it_said_while_it_was_kept_is_not_among_the_earlier_wordings(
    kept: Interaction, desk: Staff, as_desk: Client, as_manager: Client
) -> None:
    Interaction.objects.update(staff=desk, kind="visit", source="desk")
    Interaction.objects.update(discretion="say_aloud", summary="Came with friends", words="")
    page = reverse("correct", args=[kept.pk])
    assert WORDS not in as_desk.get(page).content.decode()
    assert WORDS in as_manager.get(page).content.decode()
