"""Promising something on a customer's page: when, how often, and what cannot be."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from customers.tests.factories import CustomerFactory, ImportantDateFactory
from interactions import promises
from interactions.models import FollowUp
from interactions.tests.factories import ComplaintFactory, FollowUpFactory
from staff.models import Venue

pytestmark = pytest.mark.django_db


@pytest.fixture
def dana(venue: Venue) -> Customer:
    """A regular of the café."""
    return CustomerFactory.create(preferred_name="Dana", home_venue=venue)


def add(client: Client, dana: Customer, **said: object) -> FollowUp | None:
    """Send the form; the promise it made, if it made one."""
    filled = {"text": "Call back", "when": "tomorrow", "who": "nobody", "kind": "promise", **said}
    client.post(reverse("customer_follow_ups", args=[dana.pk]), filled)
    return FollowUp.objects.order_by("-pk").first()


@pytest.mark.parametrize(
    ("said", "rule", "words"),
    [
        (
            {"repeats": "FREQ=WEEKLY", "days": ["MO", "TH"], "times": "6"},
            "FREQ=WEEKLY;BYDAY=MO,TH;BYHOUR=9;BYMINUTE=30;COUNT=6",
            "weekly, Mon Thu, 6 times to go",
        ),
        (
            {"repeats": "FREQ=WEEKLY", "days": ["MO", "TU", "WE", "TH", "FR"]},
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9;BYMINUTE=30",
            "weekly, Monday to Friday",
        ),
        (
            {"repeats": "own", "own_rule": "rrule:freq=monthly;byday=-1fr"},
            "FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=9;BYMINUTE=30",
            "monthly, the last Friday",
        ),
        (
            {"repeats": "FREQ=DAILY", "last_day": "2099-05-20"},
            "FREQ=DAILY;BYHOUR=9;BYMINUTE=30;UNTIL=20990520T235959",
            "daily, until 20 May 2099",
        ),
        (
            {"repeats": "own", "own_rule": "FREQ=MONTHLY;BYMONTHDAY=1,15"},
            "FREQ=MONTHLY;BYHOUR=9;BYMINUTE=30;BYMONTHDAY=1,15",
            "FREQ=MONTHLY;BYHOUR=9;BYMINUTE=30;BYMONTHDAY=1,15",
        ),
        (
            {"repeats": "own", "own_rule": "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1"},
            "FREQ=MONTHLY;BYDAY=MO,TU;BYHOUR=9;BYMINUTE=30;BYSETPOS=-1",
            "FREQ=MONTHLY;BYDAY=MO,TU;BYHOUR=9;BYMINUTE=30;BYSETPOS=-1",
        ),
    ],
)
def test_with_a_rule(said: dict[str, Any], rule: str, words: str, as_desk: Client, dana: Customer) -> None:
    made = add(as_desk, dana, when="pick", at="2099-05-12T09:30", **said)
    assert made is not None
    assert made.recurrence == rule
    page = as_desk.get(reverse("customer_follow_ups", args=[dana.pk])).content.decode()
    assert words in page


@pytest.mark.parametrize(
    "said",
    [
        {"when": "nth_visit", "number": "0"},
        {"when": "absent_days", "number": "0"},
        {"repeats": "own"},
        {"repeats": "own", "own_rule": "every full moon"},
        {"repeats": "own", "own_rule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"},
        {"repeats": "own", "own_rule": "FREQ=DAILY;COUNT=2", "times": "3"},
        {"repeats": "FREQ=DAILY", "times": "0"},
        {"repeats": "FREQ=DAILY", "last_day": "2001-01-01"},
        {"repeats": "FREQ=DAILY", "last_day": "2099-01-01", "times": "3"},
        {"repeats": "FREQ=WEEKLY", "days": "XX"},
    ],
)
def test_what_cannot_be_is_refused_and_kept(said: dict[str, str], as_desk: Client, dana: Customer) -> None:
    filled = {"text": "About the fern", "when": "tomorrow", "who": "nobody", "kind": "promise", **said}
    answer = as_desk.post(reverse("customer_follow_ups", args=[dana.pk]), filled)
    assert answer.status_code == 422
    assert "About the fern" in answer.content.decode()
    assert not FollowUp.objects.exists()


def test_a_form_sent_twice_is_one_promise(as_desk: Client, dana: Customer) -> None:
    token = str(uuid.uuid4())
    add(as_desk, dana, token=token)
    add(as_desk, dana, token=token)
    assert FollowUp.objects.count() == 1
    add(as_desk, CustomerFactory.create(home_venue=dana.home_venue), token=token)
    assert FollowUp.objects.count() == 2
    page = as_desk.get(reverse("customer_follow_ups", args=[dana.pk])).content.decode()
    assert 'name="token" value="' in page


def test_on_a_date_itself_and_every_year(as_desk: Client, dana: Customer) -> None:
    when = f"before:{ImportantDateFactory.create(customer=dana).pk}"
    for wrong in (
        {"number": ""},
        {"number": "301"},
        {"number": "3", "repeats": "FREQ=WEEKLY"},
        {"number": "3", "repeats": "FREQ=YEARLY", "counts_from_contact": "on"},
        {"number": "3", "repeats": "FREQ=YEARLY", "times": "2"},
    ):
        assert add(as_desk, dana, when=when, **wrong) is None
    made = add(as_desk, dana, when=when, number="0", repeats="FREQ=YEARLY")
    assert made is not None
    assert (made.trigger_number, made.recurrence) == (0, "FREQ=YEARLY")


def test_what_would_never_happen_is_not_offered(as_desk: Client, dana: Customer) -> None:
    seen = timezone.now()
    Customer.objects.filter(pk=dana.pk).update(visit_count=10, first_visit_at=seen, last_visit_at=seen)
    assert add(as_desk, dana, when="nth_visit", number="10") is None
    mended = ComplaintFactory.create(customer=dana, state="resolved", opened_at=seen, resolved_at=seen)
    assert add(as_desk, dana, when=f"resolved:{mended.pk}") is None
    assert add(as_desk, dana, when="nth_visit", number="11") is not None


@pytest.mark.parametrize("verb", ["done", "bulk"])
def test_what_a_colleague_took_back_meanwhile_is_gone(
    verb: str, as_desk: Client, dana: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = FollowUpFactory.create(customer=dana)
    locked = promises._locked

    def taken_back(*args: Any) -> FollowUp:
        FollowUp.objects.filter(pk=call.pk).delete()
        return locked(*args)

    # Between the look at the list and the lock, which no test could hit by waiting.
    monkeypatch.setattr(promises, "_locked", taken_back)
    if verb == "bulk":
        said = {"pk": [call.pk], "verb": "done"}
        answer = as_desk.post(reverse("follow_ups_bulk"), said, follow=True)
        assert "0 changed. 1 is not there any more." in answer.content.decode()
    else:
        answer = as_desk.post(reverse("follow_up_step", args=[call.pk, "done"]), follow=True)
        assert "not there any more" in answer.content.decode()
