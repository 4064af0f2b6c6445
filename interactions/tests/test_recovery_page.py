"""The pages of recovery and of what customers answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from customers.tests.factories import CustomerFactory
from interactions import recovery
from interactions.models import Complaint, Feedback, Interaction
from interactions.tests.factories import (
    ComplaintFactory,
    FeedbackFactory,
    FollowUpFactory,
    InteractionFactory,
)
from staff.models import Membership, Staff, Venue
from staff.tests.queries import assert_constant

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def dana(venue: Venue) -> Customer:
    """A regular of the café."""
    return CustomerFactory.create(preferred_name="Dana", full_name="Dana Whitfield", home_venue=venue)


@pytest.fixture
def complaint(dana: Customer, desk: Staff) -> Complaint:
    """A cold breakfast."""
    member = Membership.objects.select_related("staff", "venue").get(staff=desk)
    return recovery.hear(dana, member, now=timezone.now(), about="Breakfast came cold", words="Stone cold!")


@pytest.fixture
def addresses(dana: Customer, complaint: Complaint) -> list[tuple[str, str]]:
    """Every page and deed of recovery."""
    low = FeedbackFactory.create(customer=dana, score=1)
    return [
        ("get", reverse("recovery")),
        ("get", reverse("complaint", args=[complaint.pk])),
        ("get", reverse("complaint_step", args=[complaint.pk, "promise"])),
        ("post", reverse("complaint_step", args=[complaint.pk, "take"])),
        ("get", reverse("customer_complaints", args=[dana.pk])),
        ("post", reverse("customer_complaints", args=[dana.pk])),
        ("post", reverse("feedback", args=[dana.pk])),
        ("post", reverse("feedback_answer", args=[low.pk])),
    ]


def test_a_visitor_is_sent_to_sign_in(anonymous: Client, addresses: list[tuple[str, str]]) -> None:
    for method, address in addresses:
        assert reverse("account_login") in getattr(anonymous, method)(address)["Location"]


def test_a_stranger_sees_nothing(as_stranger: Client, addresses: list[tuple[str, str]]) -> None:
    for method, address in addresses:
        answer = getattr(as_stranger, method)(address)
        assert answer.status_code == 403, address
        assert "Dana" not in answer.content.decode()


def take(client: Client, complaint: Complaint, verb: str, **said: str) -> int:
    address = reverse("complaint_step", args=[complaint.pk, verb])
    status = client.post(address, {"seen": complaint.state, **said}).status_code
    complaint.refresh_from_db()
    return status


def test_the_way_by_its_buttons(as_desk: Client, as_manager: Client, complaint: Complaint) -> None:
    assert take(as_manager, complaint, "take") == 302
    assert take(as_manager, complaint, "promise", promised="A call", due_at="2099-05-12T18:00") == 302
    assert take(as_manager, complaint, "resolve", note="Called", offered="A brunch", cost="20") == 302
    assert take(as_desk, complaint, "check", reaction="good") == 302
    assert take(as_manager, complaint, "close", changed="A bell on the pass") == 302
    assert complaint.state == "closed"
    page = as_desk.get(reverse("complaint", args=[complaint.pk])).content.decode()
    for words in ("A brunch", "A bell on the pass", "Stone cold!", "Morgan", "Sam"):
        assert words in page
    assert "What comes next" not in page


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("promise", {"promised": "", "due_at": "2099-05-12T18:00"}),
        ("promise", {"promised": "A call", "due_at": "2001-05-12T18:00"}),
        ("resolve", {"note": ""}),
        ("resolve", {"note": "Done", "cost": "-1"}),
    ],
)
def test_a_step_told_wrongly_is_not_taken(
    verb: str, said: dict[str, str], as_desk: Client, complaint: Complaint
) -> None:
    assert take(as_desk, complaint, verb, **said) == 422
    assert complaint.state == "heard"


def test_the_second_person_is_told(as_desk: Client, as_manager: Client, complaint: Complaint) -> None:
    address = reverse("complaint_step", args=[complaint.pk, "take"])
    as_manager.post(address, {"seen": "heard"})
    answer = as_desk.post(address, {"seen": "heard"}, follow=True)
    assert "Somebody was quicker" in answer.content.decode()


def test_closed_unchecked_wants_a_reason(as_desk: Client, complaint: Complaint) -> None:
    take(as_desk, complaint, "resolve", note="A fresh one")
    assert take(as_desk, complaint, "close") == 422
    assert take(as_desk, complaint, "close", note="They moved abroad") == 302


@pytest.mark.parametrize("verb", ["forget", "check"])
def test_a_step_there_is_not(verb: str, as_desk: Client, complaint: Complaint) -> None:
    assert as_desk.get(reverse("complaint_step", args=[complaint.pk, verb])).status_code == 404


def test_elsewhere_and_what_is_kept_secret_is_not_found(
    as_desk: Client, as_manager: Client, dana: Customer, elsewhere: Venue
) -> None:
    other = ComplaintFactory.create(customer=dana, venue=elsewhere)
    secret = ComplaintFactory.create(
        customer=dana,
        about="A theft",
        interaction=InteractionFactory.create(discretion="managers_only", customer=dana),
    )
    assert as_manager.get(reverse("complaint", args=[other.pk])).status_code == 404
    assert as_manager.get(reverse("complaint", args=[secret.pk])).status_code == 200
    assert as_desk.get(reverse("complaint", args=[secret.pk])).status_code == 404
    assert (
        as_desk.post(reverse("complaint_step", args=[secret.pk, "take"]), {"seen": "heard"}).status_code
        == 404
    )
    for address in (reverse("recovery"), reverse("customer_complaints", args=[dana.pk])):
        assert "A theft" not in as_desk.get(address).content.decode()
        assert "A theft" in as_manager.get(address).content.decode()


def test_the_list_begins_with_what_waits_longest(as_desk: Client, dana: Customer) -> None:
    now = timezone.now()
    ComplaintFactory.create(customer=dana, about="New", category="noise", opened_at=now)
    ComplaintFactory.create(customer=dana, about="Old", category="wait", opened_at=now - 3 * DAY)
    ComplaintFactory.create(
        customer=dana, about="Gone", state="closed", closed_at=now, opened_at=now - 9 * DAY
    )
    rows = as_desk.get(reverse("recovery")).context["page"]
    assert [row.about for row in rows] == ["Old", "New"]
    closed = as_desk.get(reverse("recovery"), {"show": "closed"}).context["page"]
    assert [row.about for row in closed] == ["Gone"]


def test_the_second_similar_one_is_marked(as_desk: Client, dana: Customer) -> None:
    now = timezone.now()
    first = ComplaintFactory.create(
        customer=dana, category="wait", about="Slow once", opened_at=now - 9 * DAY, offered="A coffee"
    )
    again = ComplaintFactory.create(customer=dana, category="wait", about="Slow again", opened_at=now)
    assert as_desk.get(reverse("recovery")).content.decode().count("again within 60 days") == 1
    page = as_desk.get(reverse("complaint", args=[again.pk])).content.decode()
    assert "happened to them before" in page
    assert "A coffee" in page
    assert (
        "happened to them before" not in as_desk.get(reverse("complaint", args=[first.pk])).content.decode()
    )


def test_who_owns_it_is_no_owner_of_the_house(as_desk: Client, complaint: Complaint) -> None:
    Staff.objects.update(language="zh-hans")
    page = as_desk.get(reverse("complaint", args=[complaint.pk])).content.decode()
    assert "负责人" in page
    assert "业主" not in page


def test_words_that_help_in_their_language_too(as_desk: Client, complaint: Complaint) -> None:
    address = reverse("complaint", args=[complaint.pk])
    assert 'lang="zh"' not in as_desk.get(address).content.decode()
    Customer.objects.update(language="zh")
    page = as_desk.get(address).content.decode()
    assert '<dd lang="zh">换成是我' in page
    assert '<dd lang="en">In your place' in page
    assert "{staff}" not in page


def test_a_complaint_is_heard(as_desk: Client, dana: Customer, desk: Staff) -> None:
    said = {"about": "The music", "category": "noise", "severity": "minor", "channel": "phone", "token": "a"}
    address = reverse("customer_complaints", args=[dana.pk])
    as_desk.post(address, said)
    as_desk.post(address, said)
    heard = Complaint.objects.get()
    assert (heard.about, heard.category, heard.severity, heard.opened_by) == (
        "The music",
        "noise",
        "minor",
        desk,
    )
    assert Interaction.objects.get().channel == "phone"


def test_heard_wrongly_keeps_what_was_typed(as_desk: Client, dana: Customer) -> None:
    answer = as_desk.post(reverse("customer_complaints", args=[dana.pk]), {"about": "", "words": "So loud"})
    assert answer.status_code == 422
    assert "So loud" in answer.content.decode()


def test_a_low_score_waits_for_an_answer(as_desk: Client, as_manager: Client, dana: Customer) -> None:
    said = {"scale": "csat", "score": "2", "words": "Always so slow", "channel": "in_person"}
    as_desk.post(reverse("feedback", args=[dana.pk]), said)
    low = Feedback.objects.get()
    assert "Always so slow" in as_manager.get(reverse("recovery")).content.decode()
    as_manager.post(reverse("feedback_answer", args=[low.pk]), {"words": "Rang them"})
    assert "Always so slow" not in as_manager.get(reverse("recovery")).content.decode()
    assert "Rang them" in as_desk.get(reverse("customer_complaints", args=[dana.pk])).content.decode()
    answer = as_desk.post(reverse("feedback_answer", args=[low.pk]), {"words": "Me too"}, follow=True)
    assert "Already answered by Morgan" in answer.content.decode()


@pytest.mark.parametrize(
    "said", [{"scale": "csat", "score": "9"}, {"scale": "nps", "score": "11"}, {"score": ""}]
)
def test_a_score_off_its_scale_is_refused(said: dict[str, str], as_desk: Client, dana: Customer) -> None:
    filled = {"words": "Hm", "channel": "in_person", **said}
    answer = as_desk.post(reverse("feedback", args=[dana.pk]), filled)
    assert answer.status_code == 422
    assert "Hm" in answer.content.decode()
    assert not Feedback.objects.exists()


def test_an_answer_says_something(as_desk: Client, dana: Customer, elsewhere: Venue) -> None:
    low = FeedbackFactory.create(customer=dana, score=1)
    as_desk.post(reverse("feedback_answer", args=[low.pk]), {"words": ""})
    low.refresh_from_db()
    assert low.answered_at is None
    other = FeedbackFactory.create(customer=dana, venue=elsewhere, score=1)
    assert as_desk.post(reverse("feedback_answer", args=[other.pk]), {"words": "Hm"}).status_code == 404


def test_constant_queries(as_desk: Client, dana: Customer, desk: Staff, complaint: Complaint) -> None:
    def add_row() -> None:
        ComplaintFactory.create(customer=dana, owner=desk, category="wait")
        FeedbackFactory.create(customer=dana, score=1)
        FeedbackFactory.create(
            customer=dana, score=1, answered_at=timezone.now(), answered_by=desk, answer="Yes"
        )
        FollowUpFactory.create(customer=dana, complaint=complaint, owner=desk)
        complaint.steps.create(state="owned", by=desk)

    for address in (
        reverse("recovery"),
        reverse("customer_complaints", args=[dana.pk]),
        reverse("complaint", args=[complaint.pk]),
    ):
        assert_constant(as_desk, address, add_row)


def test_the_promise_stands_with_its_lateness_beside_the_target(
    as_desk: Client, complaint: Complaint, desk: Staff
) -> None:
    now = timezone.now()
    Complaint.objects.update(state="promised", promised="A call", due_at=now - 2 * DAY, owner=desk)
    page = as_desk.get(reverse("complaint", args=[complaint.pk])).content.decode()
    clock = page[page.index("complaint-clock") :]
    assert "promised for" in clock[: clock.index("</p>")]
    assert "2 days late" in clock[: clock.index("</p>")].replace("\xa0", " ")


def test_a_cost_is_in_the_money_of_the_venue(as_desk: Client, complaint: Complaint, venue: Venue) -> None:
    Venue.objects.filter(pk=venue.pk).update(currency="CNY")
    page = as_desk.get(reverse("complaint_step", args=[complaint.pk, "resolve"])).content.decode()
    assert "In CNY." in page


def test_what_is_owed_for_it_says_by_whom(
    as_desk: Client, complaint: Complaint, dana: Customer, desk: Staff
) -> None:
    FollowUpFactory.create(customer=dana, complaint=complaint, kind="recovery", text="Call her", owner=desk)
    page = as_desk.get(reverse("complaint", args=[complaint.pk])).content.decode()
    assert "Still owed" in page
    assert reverse("customer_follow_ups", args=[dana.pk]) in page
