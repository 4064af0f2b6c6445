"""Putting right what went wrong, step by step."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection

from customers.models import Customer
from customers.tests.factories import CustomerFactory
from interactions import lending, opinions, recovery
from interactions.models import Complaint, FollowUp, Interaction
from interactions.recovery import MovedOnError
from interactions.tests.factories import (
    ComplaintFactory,
    FeedbackFactory,
    FollowUpFactory,
    InteractionFactory,
    LoanFactory,
)
from staff.models import Membership, Venue
from staff.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def dana(venue: Venue) -> Customer:
    """A regular of the café."""
    return CustomerFactory.create(preferred_name="Dana", home_venue=venue)


@pytest.fixture
def complaint(dana: Customer, sam: Membership) -> Complaint:
    """A cold breakfast, as Sam heard of it."""
    return recovery.hear(
        dana, sam, now=NOW, about="Breakfast came cold", category="quality", words="Stone cold!", token="once"
    )


def steps(complaint: Complaint) -> list[tuple[str, str]]:
    return list(complaint.steps.values_list("state", "by__display_name"))


def owed(complaint: Complaint) -> list[FollowUp]:
    return list(FollowUp.objects.open().filter(complaint=complaint))


def test_heard_is_on_the_timeline_too(complaint: Complaint, dana: Customer) -> None:
    entry = Interaction.objects.get(customer=dana)
    assert (entry.kind, entry.summary, entry.words, entry.outcome) == (
        "complaint", "Breakfast came cold", "Stone cold!", "bad",
    )  # fmt: skip
    assert (complaint.interaction, complaint.state) == (entry, "heard")
    assert steps(complaint) == [("heard", "Sam")]


def test_a_form_sent_twice_is_one_complaint(complaint: Complaint, dana: Customer, sam: Membership) -> None:
    again = recovery.hear(dana, sam, now=NOW, about="Breakfast came cold", token="once")
    assert again == complaint
    assert (Complaint.objects.count(), Interaction.objects.count(), complaint.steps.count()) == (1, 1, 1)


def test_the_whole_way(complaint: Complaint, sam: Membership, morgan: Membership) -> None:
    recovery.take(complaint.pk, morgan, now=NOW, seen="heard")
    recovery.promise(
        complaint.pk, morgan, now=NOW, seen="owned", promised="A call tonight", due_at=NOW + 8 * HOUR
    )
    (call,) = owed(complaint)
    assert (call.text, call.kind, call.owner, call.due_at) == (
        "A call tonight", "recovery", morgan.staff, NOW + 8 * HOUR,
    )  # fmt: skip
    recovery.resolve(
        complaint.pk,
        morgan,
        now=NOW + 9 * HOUR,
        seen="promised",
        note="Called",
        offered="A brunch",
        cost=Decimal(20),
    )
    call.refresh_from_db()
    assert (call.state, call.outcome) == ("done", "Called")
    (ask,) = owed(complaint)
    assert ask.due_at == NOW + 9 * HOUR + 2 * DAY
    recovery.check(
        complaint.pk, sam, now=NOW + 3 * DAY, seen="resolved", reaction="good", words="All is well"
    )
    recovery.close(
        complaint.pk, morgan, now=NOW + 3 * DAY, seen="checked", root_cause="Pass", changed="A bell"
    )
    complaint.refresh_from_db()
    assert owed(complaint) == []
    assert steps(complaint) == [
        ("heard", "Sam"), ("owned", "Morgan"), ("promised", "Morgan"),
        ("resolved", "Morgan"), ("checked", "Sam"), ("closed", "Morgan"),
    ]  # fmt: skip
    assert (complaint.state, complaint.owner, complaint.offered, complaint.cost) == (
        "closed", morgan.staff, "A brunch", Decimal(20),
    )  # fmt: skip
    assert (complaint.changed, complaint.reaction) == ("A bell", "good")
    assert complaint.closed_at == NOW + 3 * DAY


def test_put_right_on_the_spot_has_an_owner(complaint: Complaint, sam: Membership) -> None:
    recovery.resolve(complaint.pk, sam, now=NOW, seen="heard", note="A fresh one at once")
    complaint.refresh_from_db()
    assert (complaint.state, complaint.owner) == ("resolved", sam.staff)


def test_a_new_promise_takes_the_place_of_the_old(complaint: Complaint, sam: Membership) -> None:
    promise = partial(recovery.promise, complaint.pk, sam, now=NOW)
    promise(seen="heard", promised="A call", due_at=NOW + HOUR)
    promise(seen="promised", promised="A letter", due_at=NOW + DAY)
    assert [each.text for each in owed(complaint)] == ["A letter"]


def test_not_good_yet_is_ours_again(complaint: Complaint, sam: Membership) -> None:
    recovery.resolve(complaint.pk, sam, now=NOW, seen="heard", note="Sent another")
    recovery.check(complaint.pk, sam, now=NOW + DAY, seen="resolved", reaction="bad", words="Cold as well")
    complaint.refresh_from_db()
    assert (complaint.state, complaint.resolved_at) == ("owned", None)
    assert owed(complaint) == []


def test_what_waits_for_it_to_be_put_right_comes_due(complaint: Complaint, sam: Membership) -> None:
    waits = FollowUpFactory.create(
        customer=complaint.customer,
        complaint=complaint,
        due_at=None,
        trigger="complaint_resolved",
        kind="gesture",
    )
    recovery.resolve(complaint.pk, sam, now=NOW, seen="heard", note="A fresh one")
    waits.refresh_from_db()
    assert waits.due_at == NOW


def test_closed_unchecked_says_why(complaint: Complaint, sam: Membership) -> None:
    recovery.resolve(complaint.pk, sam, now=NOW, seen="heard", note="A fresh one")
    with pytest.raises(ValueError, match="why"):
        recovery.close(complaint.pk, sam, now=NOW, seen="resolved")
    recovery.close(complaint.pk, sam, now=NOW, seen="resolved", note="They moved abroad")
    assert owed(complaint) == []


def test_a_promise_is_for_later(complaint: Complaint, sam: Membership) -> None:
    with pytest.raises(ValueError, match="later"):
        recovery.promise(complaint.pk, sam, now=NOW, seen="heard", promised="A call", due_at=NOW)


@pytest.mark.parametrize(
    "late",
    [
        partial(recovery.take, seen="heard"),
        partial(recovery.promise, seen="heard", promised="A call", due_at=NOW + HOUR),
        partial(recovery.resolve, seen="heard", note="Done"),
        partial(recovery.check, seen="resolved", reaction="good"),
        partial(recovery.close, seen="resolved", note="Gone"),
        partial(recovery.close, seen="owned", note="Gone"),
    ],
)
def test_the_second_person_is_told(
    late: Callable[..., Complaint], complaint: Complaint, sam: Membership, morgan: Membership
) -> None:
    recovery.take(complaint.pk, morgan, now=NOW, seen="heard")
    with pytest.raises(MovedOnError) as told:
        late(complaint.pk, sam, now=NOW)
    assert told.value.complaint.owner == morgan.staff
    assert len(steps(complaint)) == 2


def test_elsewhere_or_kept_secret_it_is_not_there(
    complaint: Complaint, sam: Membership, elsewhere: Venue
) -> None:
    lee = MembershipFactory.create(venue=elsewhere)
    with pytest.raises(Complaint.DoesNotExist):
        recovery.take(complaint.pk, lee, now=NOW, seen="heard")
    Interaction.objects.update(discretion="managers_only")
    with pytest.raises(Complaint.DoesNotExist):
        recovery.take(complaint.pk, sam, now=NOW, seen="heard")


@pytest.mark.django_db(transaction=True)
def test_two_who_take_it_at_once_are_one_owner(
    complaint: Complaint, sam: Membership, morgan: Membership
) -> None:
    start = threading.Barrier(2)
    told: list[str] = []

    def take(member: Membership) -> None:
        start.wait()
        try:
            recovery.take(complaint.pk, member, now=NOW, seen="heard")
            told.append("mine")
        except MovedOnError:
            told.append("too late")
        connection.close()

    threads = [threading.Thread(target=take, args=[member]) for member in (sam, morgan)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["mine", "too late"]
    assert len(steps(complaint)) == 2


def test_the_second_similar_one_in_sixty_days_is_marked(dana: Customer, sam: Membership) -> None:
    def once(days: int, **fields: object) -> Complaint:
        return ComplaintFactory.create(customer=dana, opened_at=NOW - days * DAY, **fields)

    long_ago = once(90, category="wait", about="Waited half an hour")
    first = once(20, category="wait", about="Waited twenty minutes")
    other = once(10, category="noise", about="A loud party")
    second = once(0, category="wait", about="Waited again")
    found = recovery.repeated([long_ago, first, other, second], sam)
    assert found == {second.pk: [first]}


def test_what_is_kept_secret_marks_nothing(dana: Customer, sam: Membership, morgan: Membership) -> None:
    secret = InteractionFactory.create(customer=dana, discretion="managers_only")
    first = ComplaintFactory.create(customer=dana, category="wait", opened_at=NOW - DAY, interaction=secret)
    second = ComplaintFactory.create(customer=dana, category="wait", opened_at=NOW)
    assert recovery.repeated([second], sam) == {}
    assert recovery.repeated([second], morgan) == {second.pk: [first]}


@pytest.mark.parametrize(
    ("scale", "score", "outcome", "is_low"),
    [
        ("csat", 1, "bad", True), ("csat", 2, "bad", True), ("csat", 3, "neutral", False),
        ("csat", 4, "good", False),
        ("nps", 6, "bad", True), ("nps", 7, "neutral", False), ("nps", 9, "good", False),
    ],
)  # fmt: skip
def test_a_score_is_on_the_timeline_and_low_ones_wait(
    scale: str, score: int, outcome: str, is_low: bool, dana: Customer, sam: Membership
) -> None:
    made = opinions.record(dana, sam, now=NOW, scale=scale, score=score, words="So so", token="x")
    assert opinions.record(dana, sam, now=NOW, scale=scale, score=score, token="x") == made
    assert Interaction.objects.get().outcome == outcome
    assert (made in type(made).objects.unanswered()) is is_low
    assert made.is_low is is_low


def test_a_low_score_is_answered_once(dana: Customer, sam: Membership, morgan: Membership) -> None:
    low = FeedbackFactory.create(customer=dana, score=1)
    opinions.answer(low.pk, sam, now=NOW, words="Called and said sorry")
    opinions.answer(low.pk, sam, now=NOW + HOUR, words="Again")
    with pytest.raises(opinions.AnsweredError):
        opinions.answer(low.pk, morgan, now=NOW, words="Me too")
    low.refresh_from_db()
    assert (low.answer, low.answered_by, low.answered_at) == ("Called and said sorry", sam.staff, NOW)
    assert not type(low).objects.unanswered().exists()


def test_lent_and_back_once(dana: Customer, sam: Membership, morgan: Membership) -> None:
    loan = lending.lend(dana, sam, now=NOW, what="Umbrella", due_at=NOW + DAY)
    lending.take_back(loan.pk, sam, now=NOW + HOUR)
    lending.take_back(loan.pk, sam, now=NOW + 2 * HOUR)
    loan.refresh_from_db()
    assert (loan.returned_at, loan.returned_to) == (NOW + HOUR, sam.staff)
    with pytest.raises(lending.ReturnedError):
        lending.take_back(loan.pk, morgan, now=NOW + HOUR)


def test_what_is_still_out_stands_first(dana: Customer, venue: Venue, elsewhere: Venue) -> None:
    back = LoanFactory.create(customer=dana, lent_at=NOW, returned_at=NOW)
    out = LoanFactory.create(customer=dana, lent_at=NOW - DAY)
    LoanFactory.create(customer=dana, venue=elsewhere)
    assert list(dana.loans.at(venue)) == [out, back]
