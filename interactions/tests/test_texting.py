"""Text messages to customers: through the venue's gateway, by a yes to just that, and never after a no."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from customers.models import ContactPoint, Customer
from customers.tests.factories import ContactPointFactory, CustomerFactory
from interactions import links, messages, playbooks, sending, signing, texting, webhooks
from interactions.models import (
    ContactRules,
    CustomerMessage,
    Interaction,
    MessageTemplate,
    PlaybookDeed,
    Webhook,
)
from interactions.tests.factories import (
    ComplaintFactory,
    CustomerMessageFactory,
    InteractionFactory,
    PlaybookFactory,
)
from interactions.tests.post_office import PostOffice
from interactions.tests.test_webhooks import Gateway, gateway
from staff.models import Membership, Staff, Venue

__all__ = ["gateway"]  # the other side, as a fixture
pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)  # half past ten in London
HOUR = timedelta(hours=1)
NUMBER = "+447946032177"
MembershipOf = Callable[[Staff], Membership]


@pytest.fixture
def dana(venue: Venue) -> Customer:
    """A customer who may be texted and not mailed."""
    person = CustomerFactory.create(home_venue=venue, preferred_name="Dana")
    ContactPointFactory.create(customer=person, kind="phone", value=NUMBER, sms="yes", calls="no")
    ContactPointFactory.create(customer=person, kind="email", value="dana@example.com", email="no")
    return person


@pytest.fixture
def signer(manager: Staff) -> Staff:
    """The manager, who has a number."""
    Staff.objects.filter(pk=manager.pk).update(badge_number="204")
    manager.refresh_from_db()
    return manager


@pytest.fixture
def secret(gateway: Gateway, venue: Venue, owner: Staff, membership_of: MembershipOf) -> str:
    """That of a webhook which texts customers."""
    member = membership_of(owner)
    return webhooks.connect(venue, member, url=gateway.url, now=NOW, texts_customers=True)


def written(person: Customer, signer: Staff, **fields: str) -> CustomerMessage:
    """A text message as a person approved it, due at once."""
    said = {"body": "Your table is ready.", "language": "en", "purpose": "written", **fields}
    message = messages.write(
        person, person.home_venue, now=NOW, signer=signer, subject="", channel="sms",
        occurrence=said.get("occurrence", "written:1"),
        purpose=said["purpose"], body=said["body"], language=said["language"],
    )  # fmt: skip
    CustomerMessage.objects.filter(pk=message.pk).update(next_attempt_at=NOW)
    return message


def came_first(person: Customer) -> None:
    """They were here once, half an hour ago."""
    at = NOW - HOUR / 2
    Customer.objects.filter(pk=person.pk).update(visit_count=1, first_visit_at=at, last_visit_at=at)
    InteractionFactory.create(customer=person, occurred_at=at)


def send(moment: datetime = NOW) -> int:
    return sending.send_waiting(lambda: moment, texting.TO_PHONES)


def test_it_is_posted_signed_and_says_who_answers_for_it(
    secret: str, gateway: Gateway, dana: Customer, signer: Staff
) -> None:
    message = written(dana, signer)
    assert send() == 1
    ((headers, body),) = gateway.posted
    told = json.loads(body)
    assert (told["type"], told["data"]["to"], told["data"]["language"]) == ("message.sms", NUMBER, "en")
    assert told["data"]["text"].split("\n") == [
        "Your table is ready.",
        "Morgan, staff number 204, Harbour Café",
        f"No more texts: http://localhost:8000{links.way_out(message)}",
    ]
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    assert headers["webhook-signature"] == signing.sign(secret, headers["webhook-id"], at, body)


def test_it_stands_on_the_timeline(secret: str, dana: Customer, signer: Staff) -> None:
    message = written(dana, signer)
    send()
    message.refresh_from_db()
    entry = Interaction.objects.get(customer=dana)
    assert (entry.kind, entry.channel, entry.staff) == ("message", "chat", signer)
    assert entry.summary == "Your table is ready."
    assert (message.state, message.interaction) == ("sent", entry)


def test_a_repeat_bears_the_same_id(secret: str, gateway: Gateway, dana: Customer, signer: Staff) -> None:
    written(dana, signer)
    gateway.status = 503
    assert send() == 0
    gateway.status = 200
    assert send(NOW + HOUR) == 1
    assert send(NOW + 2 * HOUR) == 0
    assert len({headers["webhook-id"] for headers, _body in gateway.posted}) == 1
    assert Interaction.objects.filter(customer=dana).count() == 1


@pytest.mark.parametrize(
    "contact", [{"sms": "no"}, {"sms": "unknown"}, {"normalised": "07946032177"}, {"kind": "whatsapp"}]
)
def test_who_did_not_say_yes_to_texts_is_not_texted(
    secret: str, dana: Customer, signer: Staff, contact: dict[str, str]
) -> None:
    ContactPoint.objects.filter(kind="phone").update(**contact)
    with pytest.raises(messages.CannotWriteError):
        written(dana, signer)


def test_a_yes_to_one_way_is_none_to_the_other(secret: str, dana: Customer, signer: Staff) -> None:
    assert messages.address_of(dana, "email") is None
    ContactPoint.objects.filter(kind="email").update(email="yes")
    ContactPoint.objects.filter(kind="phone").update(sms="no", calls="yes")
    assert messages.address_of(dana, "sms") is None


@pytest.mark.parametrize("change", ["no", "unknown"])
def test_a_no_in_between_is_honoured(
    secret: str, gateway: Gateway, dana: Customer, signer: Staff, change: str
) -> None:
    message = written(dana, signer)
    ContactPoint.objects.update(sms=change, email="yes")
    assert send() == 0
    message.refresh_from_db()
    assert (message.state, message.error) == ("withdrawn", "text messages to this number are not allowed")
    assert gateway.posted == []


@pytest.mark.parametrize("change", [{"is_live": False}, {"texts_customers": False}])
def test_a_gateway_that_was_not_meant_for_it_gets_nothing(
    secret: str, gateway: Gateway, dana: Customer, signer: Staff, change: dict[str, bool]
) -> None:
    message = written(dana, signer)
    Webhook.objects.update(**change)
    assert send() == 0
    message.refresh_from_db()
    assert (message.state, message.error) == ("withdrawn", "no text messages go out from here")
    assert gateway.posted == []


def test_it_waits_for_their_hours(secret: str, gateway: Gateway, dana: Customer, signer: Staff) -> None:
    ContactPoint.objects.filter(kind="phone").update(hours_from=time(17), hours_until=time(22))
    written(dana, signer)
    assert send() == 0
    assert send(datetime(2026, 5, 12, 16, tzinfo=UTC)) == 1


def test_what_goes_by_itself_keeps_silent_while_a_complaint_is_open(
    secret: str, gateway: Gateway, dana: Customer, signer: Staff
) -> None:
    by_itself = written(dana, signer, purpose="playbook")
    ComplaintFactory.create(customer=dana)
    assert send() == 0
    by_itself.refresh_from_db()
    assert (by_itself.state, by_itself.error) == ("withdrawn", "a complaint is open")


def test_each_outbox_takes_its_own(
    secret: str, gateway: Gateway, dana: Customer, signer: Staff, post_office: PostOffice
) -> None:
    written(dana, signer)
    CustomerMessageFactory.create(customer=dana, next_attempt_at=NOW)
    assert sending.send_waiting(lambda: NOW, messages.TO_CUSTOMERS) == 1
    assert (len(post_office.letters), len(gateway.posted)) == (1, 0)
    assert send() == 1
    assert (len(post_office.letters), len(gateway.posted)) == (1, 1)


# The way out.


def test_the_link_ends_texts_and_leaves_e_mails(
    secret: str, gateway: Gateway, dana: Customer, signer: Staff
) -> None:
    message = written(dana, signer)
    ContactPoint.objects.filter(kind="email").update(email="yes")
    partner = CustomerFactory.create(home_venue=dana.home_venue)
    ContactPointFactory.create(customer=partner, kind="phone", value=NUMBER, sms="yes")
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(links.way_out(message)).content.decode()
    assert "No more text messages?" in page
    assert "<script" not in page
    assert not ContactPoint.objects.filter(sms="no").exists()
    assert "sends no more text messages" in browser.post(links.way_out(message)).content.decode()
    # Whoever holds this telephone said no, in whosever name it is kept.
    assert ContactPoint.objects.filter(kind="phone", sms="no").count() == 2
    assert ContactPoint.objects.get(kind="email").email == "yes"
    assert send() == 0
    note = Interaction.objects.get(customer=dana)
    assert (note.kind, note.summary) == ("note", "Wants no more text messages")


# By a playbook.


def test_a_playbook_texts_who_allows_it(
    secret: str, gateway: Gateway, venue: Venue, dana: Customer, signer: Staff, membership_of: MembershipOf
) -> None:
    playbook = PlaybookFactory.create(venue=venue, text="", role="", template="thanks", way="sms")
    playbooks.switch(playbook.pk, membership_of(signer), on=True, now=NOW - HOUR)
    asked_by_mail = CustomerFactory.create(home_venue=venue)
    ContactPointFactory.create(customer=asked_by_mail, kind="email", value="tom@example.com", email="yes")
    for person in (dana, asked_by_mail):
        came_first(person)
    assert playbooks.run_all(NOW) == 1
    message = CustomerMessage.objects.get()
    assert (message.customer, message.channel, message.to, message.subject) == (dana, "sms", NUMBER, "")
    assert message.body == "Dear Dana, thank you for coming to Harbour Café. It was good to meet you."
    assert PlaybookDeed.objects.get(customer=asked_by_mail).outcome == "refusal"
    assert send() == 1


def test_a_number_without_its_country_is_not_texted_and_holds_up_nobody(
    secret: str, venue: Venue, dana: Customer, signer: Staff, membership_of: MembershipOf
) -> None:
    for _ in range(2):
        playbook = PlaybookFactory.create(venue=venue, text="", role="", template="thanks", way="sms")
        playbooks.switch(playbook.pk, membership_of(signer), on=True, now=NOW - HOUR)
    short = CustomerFactory.create(home_venue=venue)
    ContactPointFactory.create(customer=short, kind="phone", value="4417", normalised="4417", sms="yes")
    for person in (short, dana):
        came_first(person)
    playbooks.run_all(NOW)
    assert set(PlaybookDeed.objects.filter(customer=short).values_list("outcome", flat=True)) == {"refusal"}
    assert CustomerMessage.objects.filter(customer=dana).exists()


def test_what_goes_wrong_with_one_playbook_holds_up_no_other(
    secret: str,
    venue: Venue,
    dana: Customer,
    signer: Staff,
    membership_of: MembershipOf,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = PlaybookFactory.create(venue=venue, text="", role="", template="thanks", way="sms")
    sound = PlaybookFactory.create(venue=venue, text="Ring them")
    for playbook in (broken, sound):
        playbooks.switch(playbook.pk, membership_of(signer), on=True, now=NOW - HOUR)
    came_first(dana)

    def cannot(*args: Any, **said: Any) -> None:
        raise messages.CannotWriteError

    monkeypatch.setattr(messages, "write", cannot)
    assert playbooks.run_all(NOW) == 1
    assert PlaybookDeed.objects.get(outcome="made").playbook == sound
    assert str(broken.pk) in caplog.text


@pytest.mark.parametrize("missing", ["gateway", "words"])
def test_a_playbook_without_a_way_makes_nothing_and_says_so(
    secret: str, venue: Venue, dana: Customer, signer: Staff, membership_of: MembershipOf, missing: str
) -> None:
    playbook = PlaybookFactory.create(venue=venue, text="", role="", template="own", way="sms")
    words = {"subject_en": "A", "body_en": "B", "subject_zh": "C", "body_zh": "D"}
    if missing == "gateway":
        words |= {"short_en": "E", "short_zh": "F"}
        Webhook.objects.update(texts_customers=False)
    MessageTemplate.objects.create(venue=venue, slug="own", name="Own", **words)
    playbooks.switch(playbook.pk, membership_of(signer), on=True, now=NOW - HOUR)
    came_first(dana)
    assert playbooks.run_all(NOW) == 0
    assert PlaybookDeed.objects.get().outcome == "no_way"


def test_a_manager_chooses_it_for_a_playbook(secret: str, venue: Venue, as_manager: Client) -> None:
    address = reverse("house_playbook_new")
    rule = {
        "name": "Thanks", "occasion": "first_visit", "days": "0", "min_visits": "0", "template": "sms:thanks",
        "who": "nobody", "due_days": "0", "due_time": "09:00", "seen": "0",
    }  # fmt: skip
    saved = as_manager.post(address, rule)
    assert saved.status_code == 302
    playbook = venue.playbooks.get()
    assert (playbook.template, playbook.way) == ("thanks", "sms")
    assert as_manager.get(saved["Location"]).context["form"]["template"].value() == "sms:thanks"
    Webhook.objects.update(texts_customers=False)
    assert as_manager.post(address, rule | {"name": "Other"}).status_code == 422


# The pages of staff.


def test_staff_write_word_for_word(
    secret: str, venue: Venue, dana: Customer, signer: Staff, as_manager: Client
) -> None:
    address = reverse("customer_messages", args=[dana.pk])
    begun = as_manager.get(address, {"text": "thanks"})
    page = begun.content.decode()
    assert "Dear Dana, thank you for coming" in page
    assert NUMBER in page
    assert 'name="subject"' not in page
    said = {"body": "Come again.", "language": "en", "token": "t", "by": "sms", "send": "1"}
    assert as_manager.post(address, said | {"body": "x" * 301}).status_code == 422
    assert as_manager.post(address, said).status_code == 302
    message = CustomerMessage.objects.get()
    assert (message.channel, message.subject, message.body) == ("sms", "", "Come again.")
    assert "Come again." in as_manager.get(address).content.decode()


def test_by_e_mail_where_that_is_asked_for(
    secret: str, dana: Customer, signer: Staff, as_manager: Client
) -> None:
    ContactPoint.objects.filter(kind="email").update(email="yes")
    address = reverse("customer_messages", args=[dana.pk])
    assert 'name="subject"' in as_manager.get(address).content.decode()
    assert 'name="subject"' not in as_manager.get(address, {"by": "sms"}).content.decode()


def test_without_a_gateway_no_text_is_offered_or_taken(
    dana: Customer, signer: Staff, as_manager: Client
) -> None:
    address = reverse("customer_messages", args=[dana.pk])
    assert "They have not allowed e-mails, or left no address." in as_manager.get(address).content.decode()
    said = {"body": "Come again.", "language": "en", "token": "t", "by": "sms", "send": "1"}
    assert as_manager.post(address, said).status_code == 302
    assert not CustomerMessage.objects.exists()


def test_an_owner_says_whether_customers_are_texted(gateway: Gateway, as_owner: Client) -> None:
    address = reverse("house_webhook")
    as_owner.post(address, {"url": gateway.url})
    assert not Webhook.objects.texting().exists()
    as_owner.post(address, {"url": gateway.url, "texts_customers": "on"})
    assert Webhook.objects.texting().exists()
    assert as_owner.get(address).context["form"]["texts_customers"].value() is True


def test_a_text_is_worded_short_in_both_languages_or_in_none(venue: Venue, as_manager: Client) -> None:
    said = {
        "name": "Thanks", "subject_en": "A", "body_en": "B", "subject_zh": "C", "body_zh": "D",
        "short_en": "E",
    }  # fmt: skip
    address = reverse("house_message", args=["thanks"])
    assert as_manager.post(address, said).status_code == 422
    assert as_manager.post(address, said | {"short_zh": "F"}).status_code == 302
    assert messages.wordings(venue)["thanks"].said_by("sms", "zh-hans") == ("", "F")
    with pytest.raises(IntegrityError), transaction.atomic():
        MessageTemplate.objects.update(short_en="")


@pytest.mark.parametrize("wrong", [{"channel": "bird"}, {"body": ""}, {"channel": "email"}])
def test_the_database_refuses_such_a_message(
    secret: str, dana: Customer, signer: Staff, wrong: dict[str, Any]
) -> None:
    written(dana, signer)
    with pytest.raises(IntegrityError), transaction.atomic():
        CustomerMessage.objects.update(**wrong)


def test_the_database_refuses_a_playbook_that_writes_by_a_call(venue: Venue) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaybookFactory.create(venue=venue, text="", role="", template="thanks", way="phone")


def test_the_rules_are_the_venues(
    venue: Venue, secret: str, gateway: Gateway, dana: Customer, signer: Staff
) -> None:
    ContactRules.objects.create(venue=venue, hours_from=time(12), hours_until=time(20))
    written(dana, signer)
    assert send() == 0
    assert send(NOW + 2 * HOUR) == 1
