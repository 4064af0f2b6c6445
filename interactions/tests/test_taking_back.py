"""Taking back a step of a recovery, opening one again, and taking one over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from customers.tests.factories import CustomerFactory
from interactions import promises, recovery, taking_back
from interactions.models import Complaint, ComplaintStep, FollowUp
from interactions.recovery import MovedOnError
from interactions.tests.factories import FollowUpFactory
from staff.models import Membership, Staff, Venue

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
STATE = (
    "state", "owner", "promised", "due_at", "resolved_at", "checked_at", "closed_at", "reopened_at",
    "reaction", "offered", "cost", "cause", "root_cause", "changed",
)  # fmt: skip


@pytest.fixture
def complaint(venue: Venue, sam: Membership) -> Complaint:
    """A cold breakfast, as Sam heard of it."""
    dana: Customer = CustomerFactory.create(preferred_name="Dana", home_venue=venue)
    return recovery.hear(dana, sam, now=NOW, about="Breakfast came cold", token="once")


def as_it_stands(complaint: Complaint) -> dict[str, Any]:
    owed = FollowUp.objects.open().filter(complaint=complaint).order_by("id")
    row = Complaint.objects.filter(pk=complaint.pk).values(*STATE).get()
    return {**row, "owed": list(owed.values_list("text", "due_at", "owner"))}


def last(complaint: Complaint, membership: Membership) -> ComplaintStep:
    found = taking_back.last_undoable(complaint, membership)
    assert found is not None
    return found


STEPS: list[tuple[str, Callable[..., Complaint]]] = [
    ("heard", recovery.take),
    ("owned", partial(recovery.promise, promised="A call", due_at=NOW + 8 * HOUR)),
    ("promised", partial(recovery.promise, promised="A letter", due_at=NOW + 9 * HOUR)),
    ("promised", partial(recovery.resolve, note="Called", offered="A brunch", cost=Decimal(20))),
    ("resolved", partial(recovery.check, reaction="good", words="All is well")),
    ("checked", partial(recovery.close, cause="slip", root_cause="The pass", changed="A bell")),
    ("closed", partial(recovery.reopen, note="Cold again")),
]


def test_every_step_can_be_taken_back_and_taken_again(complaint: Complaint, sam: Membership) -> None:
    for seen, step in STEPS:
        before = as_it_stands(complaint)
        assert before["state"] == seen
        step(complaint.pk, sam, now=NOW, seen=seen)
        after = as_it_stands(complaint)
        assert after != before
        taking_back.undo(last(complaint, sam).pk, sam, now=NOW + HOUR)
        assert as_it_stands(complaint) == before
        step(complaint.pk, sam, now=NOW, seen=seen)
        assert as_it_stands(complaint) == after
    assert complaint.steps.filter(undone_at=NOW + HOUR, undone_by=sam.staff).count() == len(STEPS)


def test_what_waited_for_it_waits_again(complaint: Complaint, sam: Membership) -> None:
    waits = FollowUpFactory.create(
        customer=complaint.customer, complaint=complaint, due_at=None, trigger="complaint_resolved",
        kind="gesture",
    )  # fmt: skip
    recovery.resolve(complaint.pk, sam, now=NOW, seen="heard", note="A fresh one")
    taking_back.undo(last(complaint, sam).pk, sam, now=NOW)
    waits.refresh_from_db()
    assert (waits.due_at, waits.next_dispatch_at) == (None, None)


def test_what_a_colleague_changed_since_stays(
    complaint: Complaint, sam: Membership, morgan: Membership
) -> None:
    recovery.promise(complaint.pk, sam, now=NOW, seen="heard", promised="A call", due_at=NOW + HOUR)
    call = FollowUp.objects.get()
    recovery.promise(complaint.pk, sam, now=NOW, seen="promised", promised="A letter", due_at=NOW + HOUR)
    letter = FollowUp.objects.exclude(pk=call.pk).get()
    promises.done(letter.pk, morgan, now=NOW)
    taking_back.undo(last(complaint, sam).pk, sam, now=NOW)
    letter.refresh_from_db()
    call.refresh_from_db()
    assert (letter.state, call.state) == ("done", "open")


def test_the_first_step_and_one_twice_are_not_taken_back(complaint: Complaint, sam: Membership) -> None:
    assert taking_back.last_undoable(complaint, sam) is None
    with pytest.raises(MovedOnError):
        taking_back.undo(complaint.steps.get().pk, sam, now=NOW)
    recovery.take(complaint.pk, sam, now=NOW, seen="heard")
    step = last(complaint, sam)
    taking_back.undo(step.pk, sam, now=NOW)
    with pytest.raises(MovedOnError):
        taking_back.undo(step.pk, sam, now=NOW)


def test_only_the_last_step(complaint: Complaint, sam: Membership) -> None:
    recovery.take(complaint.pk, sam, now=NOW, seen="heard")
    first = last(complaint, sam)
    recovery.promise(complaint.pk, sam, now=NOW, seen="owned", promised="A call", due_at=NOW + HOUR)
    with pytest.raises(MovedOnError):
        taking_back.undo(first.pk, sam, now=NOW)


def test_not_after_the_complaint_was_changed_otherwise(complaint: Complaint, sam: Membership) -> None:
    recovery.take(complaint.pk, sam, now=NOW, seen="heard")
    Complaint.objects.update(severity="grave")
    with pytest.raises(MovedOnError):
        taking_back.undo(last(complaint, sam).pk, sam, now=NOW)


def test_a_colleagues_step_is_a_managers_to_take_back(
    complaint: Complaint, sam: Membership, morgan: Membership
) -> None:
    recovery.take(complaint.pk, morgan, now=NOW, seen="heard")
    assert taking_back.last_undoable(complaint, sam) is None
    recovery.take(complaint.pk, sam, now=NOW, seen="owned")
    taking_back.undo(last(complaint, morgan).pk, morgan, now=NOW)
    complaint.refresh_from_db()
    assert complaint.owner == morgan.staff


def test_taken_over_with_what_is_owed(complaint: Complaint, sam: Membership, morgan: Membership) -> None:
    recovery.promise(complaint.pk, sam, now=NOW, seen="heard", promised="A call", due_at=NOW + HOUR)
    recovery.take(complaint.pk, morgan, now=NOW, seen="promised")
    complaint.refresh_from_db()
    assert (complaint.state, complaint.owner) == ("promised", morgan.staff)
    assert FollowUp.objects.open().get().owner == morgan.staff
    assert "Sam" in complaint.steps.latest("id").note
    count = complaint.steps.count()
    recovery.take(complaint.pk, morgan, now=NOW, seen="promised")
    assert complaint.steps.count() == count


def test_opened_again_it_is_its_owners_or_nobodys(
    complaint: Complaint, sam: Membership, morgan: Membership
) -> None:
    def close_and_reopen() -> tuple[str, Staff | None]:
        recovery.resolve(complaint.pk, morgan, now=NOW, seen=complaint.state, note="A fresh one")
        recovery.close(complaint.pk, morgan, now=NOW, seen="resolved", note="Moved away")
        recovery.reopen(complaint.pk, sam, now=NOW + HOUR, seen="closed", note="Cold", words="Again!")
        complaint.refresh_from_db()
        return complaint.state, complaint.owner

    assert close_and_reopen() == ("owned", morgan.staff)
    assert (complaint.reopened_at, complaint.resolved_at, complaint.closed_at) == (NOW + HOUR, None, None)
    step = complaint.steps.latest("id")
    assert (step.kind, step.by, step.note, step.words) == ("reopened", sam.staff, "Cold", "Again!")
    Membership.objects.filter(pk=morgan.pk).update(ended_at=NOW + HOUR, started_at=NOW)
    assert close_and_reopen() == ("heard", None)


def test_the_buttons(as_desk: Client, as_manager: Client, complaint: Complaint) -> None:
    page = reverse("complaint", args=[complaint.pk])
    as_desk.post(reverse("complaint_step", args=[complaint.pk, "take"]), {"seen": "heard", "words": "Brr"})
    step = complaint.steps.latest("id")
    assert step.words == "Brr"
    undo = reverse("complaint_undo", args=[step.pk])
    assert undo in as_desk.get(page).content.decode()
    said = as_desk.post(undo, follow=True).content.decode()
    assert "Taken back" in said
    assert "Taken back by Sam" in said
    assert "not the last any more" in as_desk.post(undo, follow=True).content.decode()
    complaint.refresh_from_db()
    assert complaint.state == "heard"


def test_opening_again_by_its_button(as_desk: Client, complaint: Complaint, sam: Membership) -> None:
    recovery.resolve(complaint.pk, sam, now=NOW, seen="heard", note="A fresh one")
    recovery.close(complaint.pk, sam, now=NOW, seen="resolved", note="Moved away")
    address = reverse("complaint_step", args=[complaint.pk, "reopen"])
    assert as_desk.post(address, {"seen": "closed", "note": ""}).status_code == 422
    assert as_desk.post(address, {"seen": "closed", "note": "Cold again"}).status_code == 302
    page = as_desk.get(reverse("complaint", args=[complaint.pk])).content.decode()
    assert "Opened again" in page
    assert "Cold again" in page


def test_a_step_elsewhere_is_not_there(as_desk: Client, complaint: Complaint, elsewhere: Venue) -> None:
    recovery.take(complaint.pk, Membership.objects.get(), now=NOW, seen="heard")
    Complaint.objects.update(venue=elsewhere)
    step = complaint.steps.latest("id")
    assert as_desk.post(reverse("complaint_undo", args=[step.pk])).status_code == 404
