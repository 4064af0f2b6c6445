"""One card for each stage of a visit, and answers that are given on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from customers.models import Customer
from customers.tests.factories import ContactPointFactory, CustomerFactory, PreferenceFactory
from interactions.cues import card_for
from interactions.cues.card import Cue
from interactions.models import CueAnswer
from staff.models import AccessLog, Membership, Staff, Venue

pytestmark = pytest.mark.django_db
MembershipOf = Callable[[Staff], Membership]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def dana(venue: Venue) -> Customer:
    """Somebody who allows text messages and e-mail."""
    customer: Customer = CustomerFactory.create(home_venue=venue, preferred_name="Dana", language="en")
    ContactPointFactory.create(customer=customer, value="+44 20 7946 0111", sms="yes", calls="no")
    ContactPointFactory.create(customer=customer, kind="email", value="dana@example.com", email="yes")
    return customer


def closing(customer: Customer, membership: Membership) -> Cue:
    with translation.override("en"):
        card = card_for(customer, membership, now=timezone.now(), stage="leaving")
    return next(cue for cue in card.cues if cue.kind == "closing")


def test_the_card_alone_comes_for_each_stage(as_desk: Client, dana: Customer) -> None:
    leaving = as_desk.get(reverse("card", args=[dana.pk]), {"stage": "leaving"}, headers=HTMX)
    assert leaving.content.decode().lstrip().startswith("<article")
    assert "Give them your name" in leaving.content.decode()
    arriving = as_desk.get(reverse("card", args=[dana.pk]), headers=HTMX).content.decode()
    assert "Give them your name" not in arriving
    during = as_desk.get(reverse("card", args=[dana.pk]), {"stage": "during"}, headers=HTMX)
    assert "everything is as it should be" in during.content.decode()
    assert AccessLog.objects.filter(subject_id=dana.pk).count() == 3


def test_the_card_is_told_as_json_too_and_the_look_is_kept(as_desk: Client, dana: Customer) -> None:
    told = as_desk.get(reverse("card_json", args=[dana.pk]), {"stage": "leaving"}).json()
    assert set(told) == {"greeting", "safety", "cues", "folded", "held", "contact"}
    assert "closing" in [cue["kind"] for cue in told["cues"]]
    assert told["contact"] == {"allowed": ["sms", "email"], "refused": ["phone"]}
    assert AccessLog.objects.get(subject_id=dana.pk).detail == "json"


def test_a_stage_that_there_is_not_is_the_arrival(as_desk: Client, dana: Customer) -> None:
    page = as_desk.get(reverse("card", args=[dana.pk]), {"stage": "x", "via": "y"}, headers=HTMX)
    assert page.status_code == 200
    assert page.context["stage"] == "arrival"


def test_without_a_script_it_is_their_page_with_that_card(as_desk: Client, dana: Customer) -> None:
    page = as_desk.get(reverse("card", args=[dana.pk]), {"stage": "leaving"}, follow=True)
    assert page.redirect_chain == [(f"{reverse('customer', args=[dana.pk])}?stage=leaving", 302)]
    assert "Give them your name" in page.content.decode()


def test_a_stranger_gets_no_card(client: Client, dana: Customer, stranger: Staff) -> None:
    assert client.get(reverse("card", args=[dana.pk])).status_code == 302
    client.force_login(stranger)
    for name in ("card", "card_json"):
        assert client.get(reverse(name, args=[dana.pk]), headers=HTMX).status_code != 200


def test_an_answer_is_for_the_card_on_which_it_was_given(as_desk: Client, dana: Customer) -> None:
    said = {"key": "closing", "lane": "moment", "answer": "done"}
    url = reverse("cue_answer", args=[dana.pk])
    assert as_desk.post(url, said, headers=HTMX).status_code == 404
    row = as_desk.post(url, said | {"stage": "leaving", "via": "in_person"}, headers=HTMX)
    assert row.status_code == 200
    assert CueAnswer.objects.get(cue_key="closing").answer == "done"
    back = as_desk.post(
        reverse("cue_undo", args=[dana.pk]), {**said, "stage": "leaving", "via": "in_person"}, headers=HTMX
    )
    assert "Give them your name" in back.content.decode()


def test_what_is_said_on_the_phone_is_answered_there(as_desk: Client, dana: Customer, desk: Staff) -> None:
    promise = PreferenceFactory.create(
        customer=dana, kind="topic", value="The sailing trip", recorded_at=timezone.now() - timedelta(days=2)
    )
    page = as_desk.get(reverse("desk"), {"customer": str(dana.pk), "via": "phone"}).content.decode()
    assert '<input type="hidden" name="via" value="phone">' in page
    said = {"key": f"preference:{promise.pk}", "lane": "moment", "answer": "used", "via": "phone"}
    assert as_desk.post(reverse("cue_answer", args=[dana.pk]), said, headers=HTMX).status_code == 200


def test_the_closing_words_may_be_sent_by_what_they_allow(
    dana: Customer, desk: Staff, membership_of: MembershipOf
) -> None:
    desk.badge_number = "4711"
    desk.save()
    cue = closing(dana, membership_of(desk))
    assert desk.display_name in cue.words
    assert "4711" in cue.words
    assert "sent you that" in cue.words
    written = cue.words.removesuffix(" I have sent you that.")
    assert {name: unquote(href).partition("?body=")[::2] for name, href in cue.sends} == {
        "text message": ("sms:+442079460111", written),
        "email": ("mailto:dana@example.com", written),
    }


def test_they_are_in_the_customers_language_and_only_by_what_was_allowed(
    dana: Customer, desk: Staff, membership_of: MembershipOf
) -> None:
    dana.contacts.update(sms="unknown", email="no")
    Customer.objects.filter(pk=dana.pk).update(language="zh-hans")
    cue = closing(dana, membership_of(desk))
    assert "请直接找我" in cue.words
    assert "已发" not in cue.words
    assert cue.sends == ()
