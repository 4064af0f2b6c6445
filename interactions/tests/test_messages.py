"""What is written to customers: only where they allow it, at their hours, once, and never after a no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from customers.models import ContactPoint, Customer
from customers.tests.factories import ContactPointFactory, CustomerFactory
from interactions import links, messages, sending
from interactions.models import ContactRules, CustomerMessage, Interaction, MessageTemplate
from interactions.tests.factories import ComplaintFactory, CustomerMessageFactory
from interactions.tests.post_office import PostOffice
from staff.models import Membership, Staff, Venue

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)  # half past ten in London
HOUR = timedelta(hours=1)
MembershipOf = Callable[[Staff], Membership]


def at(moment: datetime) -> sending.Clock:
    return lambda: moment


def send(moment: datetime = NOW) -> int:
    return sending.send_waiting(at(moment), messages.TO_CUSTOMERS)


@pytest.fixture
def dana(venue: Venue) -> Customer:
    """A customer who may be written to."""
    person = CustomerFactory.create(home_venue=venue, preferred_name="Dana")
    ContactPointFactory.create(customer=person, kind="email", value="Dana@example.com", email="yes")
    return person


@pytest.fixture
def signer(manager: Staff) -> Staff:
    """The manager, who has a number."""
    Staff.objects.filter(pk=manager.pk).update(badge_number="204")
    manager.refresh_from_db()
    return manager


def written(person: Customer, signer: Staff, **fields: str) -> CustomerMessage:
    """A message as a person approved it, due at once."""
    said = {
        "subject": "Thank you",
        "body": "It was good\nto meet you.\n\nCome again.",
        "language": "en",
        **fields,
    }
    message = messages.write(
        person,
        person.home_venue,
        now=NOW - messages.MAY_CALL_BACK,
        occurrence=said.pop("occurrence", "written:1"),
        purpose=said.pop("purpose", "written"),
        signer=signer,
        subject=said["subject"],
        body=said["body"],
        language=said["language"],
    )
    CustomerMessage.objects.filter(pk=message.pk).update(next_attempt_at=NOW)
    return message


def body_of(letter: EmailMessage, kind: str) -> str:
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def test_it_is_signed_and_has_a_way_out(dana: Customer, signer: Staff, post_office: PostOffice) -> None:
    message = written(dana, signer)
    assert send() == 1
    (letter,) = post_office.letters
    assert (letter["To"], letter["Subject"]) == ("dana@example.com", "Thank you")
    assert letter["From"].startswith("Harbour Café <") or "=?utf-8?" in letter["From"]
    assert letter["Message-ID"] == message.message_id
    address = f"http://localhost:8000{links.way_out(message)}"
    assert letter["List-Unsubscribe"].strip() == f"<{address}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        body = body_of(letter, kind)
        assert "Come again." in body
        assert "Morgan, staff number 204, Harbour Café" in body
        assert address in body


def test_it_stands_on_the_timeline(dana: Customer, signer: Staff, post_office: PostOffice) -> None:
    message = written(dana, signer)
    send()
    message.refresh_from_db()
    entry = Interaction.objects.get(customer=dana)
    assert (entry.kind, entry.channel, entry.staff, entry.occurred_at) == ("message", "email", signer, NOW)
    assert "Come again." in entry.summary
    assert (message.state, message.interaction) == ("sent", entry)


def test_the_same_occasion_is_written_once(dana: Customer, signer: Staff, post_office: PostOffice) -> None:
    assert written(dana, signer) == written(dana, signer, subject="Again")
    assert send() + send() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        CustomerMessageFactory.create(customer=dana, occurrence="written:1")


def test_a_repeat_bears_the_same_name_and_is_logged_once(
    dana: Customer, signer: Staff, post_office: PostOffice
) -> None:
    written(dana, signer)
    post_office.drops = True
    assert send() == 0
    post_office.drops = False
    assert send(NOW + HOUR) == 1
    first, second = post_office.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert Interaction.objects.filter(customer=dana).count() == 1


@pytest.mark.parametrize("said", ["no", "unknown"])
def test_who_did_not_say_yes_is_not_written_to(dana: Customer, signer: Staff, said: str) -> None:
    ContactPoint.objects.update(email=said)
    with pytest.raises(messages.CannotWriteError):
        written(dana, signer)


def test_nobody_signs_without_a_number(dana: Customer, desk: Staff) -> None:
    with pytest.raises(messages.CannotWriteError):
        written(dana, desk)


@pytest.mark.parametrize("change", ["no", "unknown"])
def test_a_no_in_between_is_honoured(
    dana: Customer, signer: Staff, post_office: PostOffice, change: str
) -> None:
    message = written(dana, signer)
    ContactPoint.objects.update(email=change)
    assert send() == 0
    message.refresh_from_db()
    assert (message.state, message.error) == ("withdrawn", "e-mails to this address are not allowed")
    assert post_office.letters == []


def test_what_is_sent_by_itself_keeps_silent_while_a_complaint_is_open(
    dana: Customer, signer: Staff, post_office: PostOffice
) -> None:
    by_hand = written(dana, signer)
    by_itself = written(dana, signer, occurrence="playbook:1", purpose="playbook")
    ComplaintFactory.create(customer=dana)
    assert send() == 1
    by_hand.refresh_from_db()
    by_itself.refresh_from_db()
    assert (by_hand.state, by_itself.state, by_itself.error) == ("sent", "withdrawn", "a complaint is open")


def test_it_waits_for_the_hours_of_the_venue_and_theirs(
    dana: Customer, signer: Staff, post_office: PostOffice
) -> None:
    ContactRules.objects.create(venue=dana.home_venue, hours_from=time(9), hours_until=time(20))
    ContactPoint.objects.update(hours_from=time(17), hours_until=time(22))
    message = written(dana, signer)
    assert send() == 0
    message.refresh_from_db()
    five = datetime(2026, 5, 12, 16, tzinfo=UTC)
    assert (message.state, message.attempts, message.next_attempt_at) == ("waiting", 0, five)
    assert send(five) == 1


def test_their_hours_decide_where_the_venues_leave_none(
    dana: Customer, signer: Staff, post_office: PostOffice
) -> None:
    ContactRules.objects.create(venue=dana.home_venue, hours_from=time(9), hours_until=time(12))
    ContactPoint.objects.update(hours_from=time(21), hours_until=time(22))
    written(dana, signer)
    assert send() == 0
    assert send(datetime(2026, 5, 12, 20, tzinfo=UTC)) == 1


def test_it_can_be_called_back_until_it_is_going_out(
    dana: Customer, signer: Staff, membership_of: MembershipOf, post_office: PostOffice
) -> None:
    message = written(dana, signer)
    assert messages.call_back(message.pk, membership_of(signer)).state == "withdrawn"
    assert send() == 0
    with pytest.raises(messages.GoneError):
        messages.call_back(message.pk, membership_of(signer))


def test_words_cannot_break_the_header(dana: Customer, signer: Staff, post_office: PostOffice) -> None:
    written(dana, signer, subject="Hello\nBcc: everybody@example.com")
    send()
    (letter,) = post_office.letters
    assert letter["Bcc"] is None
    assert letter["Subject"] == "Hello Bcc: everybody@example.com"


@pytest.mark.parametrize(
    ("spoken", "house", "written_in"),
    [
        ("zh", "en", "zh-hans"),
        ("zh-CN", "en", "zh-hans"),
        ("en_GB", "zh-hans", "en"),
        ("", "zh-hans", "zh-hans"),
        ("fr", "en", "en"),
    ],
)
def test_it_is_in_their_language_where_we_write_it(
    venue: Venue, spoken: str, house: str, written_in: str
) -> None:
    venue.language = house
    assert messages.language_for(CustomerFactory.build(language=spoken), venue) == written_in


def test_the_closing_line_is_in_the_language_of_the_message(
    dana: Customer, signer: Staff, post_office: PostOffice
) -> None:
    message = written(dana, signer, language="zh-hans")
    assert "204" in message.signature
    assert message.signature != "Morgan, staff number 204, Harbour Café"


# The way out.


def test_one_click_unsubscribes_at_once(
    dana: Customer, signer: Staff, anonymous: Client, post_office: PostOffice
) -> None:
    message = written(dana, signer)
    other = CustomerFactory.create(home_venue=dana.home_venue)
    ContactPointFactory.create(customer=other, kind="email", value="dana@example.com", email="yes")
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(links.way_out(message), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    # Whoever reads this mailbox said no, in whosever name it is kept.
    assert set(ContactPoint.objects.values_list("email", flat=True)) == {"no"}
    assert send() == 0
    message.refresh_from_db()
    assert message.state == "withdrawn"
    note = Interaction.objects.get(customer=dana)
    assert (note.kind, note.summary) == ("note", "Wants no more e-mails")
    assert strict.post(links.way_out(message)).status_code == 200
    assert Interaction.objects.filter(customer=dana).count() == 1


def test_looking_does_not_unsubscribe(dana: Customer, signer: Staff, anonymous: Client) -> None:
    message = written(dana, signer)
    page = anonymous.get(links.way_out(message))
    assert page.status_code == 200
    assert "No more e-mails" in page.content.decode()
    assert ContactPoint.objects.get().email == "yes"


def test_the_way_out_tells_nothing_of_the_customer(dana: Customer, signer: Staff, anonymous: Client) -> None:
    message = written(dana, signer)
    for answer in (anonymous.get(links.way_out(message)), anonymous.post(links.way_out(message))):
        page = answer.content.decode().lower()
        assert "dana" not in page
        assert "<script" not in page
        assert not answer.cookies
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("token", ["x", "1", "1:abc", "1:AAAA-BBBB", "٣:x", "a" * 500])
@pytest.mark.parametrize("name", ["unsubscribe", "survey"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_link_is_a_plain_page(
    dana: Customer, signer: Staff, anonymous: Client, name: str, method: str, token: str
) -> None:
    written(dana, signer)
    answer = getattr(anonymous, method)(reverse(name, args=[token]))
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "This link does not work" in page
    assert "Harbour" not in page
    assert ContactPoint.objects.get().email == "yes"


def test_a_link_of_one_kind_does_not_open_the_other(dana: Customer, signer: Staff, anonymous: Client) -> None:
    token = links.way_out(written(dana, signer)).strip("/").rpartition("/")[2]
    assert anonymous.get(reverse("survey", args=[token])).status_code == 404


# The pages of staff.


def test_staff_write_word_for_word(dana: Customer, signer: Staff, as_manager: Client) -> None:
    address = reverse("customer_messages", args=[dana.pk])
    begun = as_manager.get(address, {"text": "thanks"})
    page = begun.content.decode()
    assert "Dear Dana," in page
    assert "Morgan, staff number 204, Harbour Café" in page
    token = begun.context["form"]["token"].value()
    said = {"subject": "Hello", "body": "Come again.", "language": "en", "token": token, "send": "1"}
    for _twice in range(2):
        assert as_manager.post(address, said).status_code == 302
    message = CustomerMessage.objects.get()
    assert (message.subject, message.body, message.approved_by) == ("Hello", "Come again.", signer)
    assert as_manager.post(reverse("message_call_back", args=[message.pk])).status_code == 302
    message.refresh_from_db()
    assert (message.state, message.error) == ("withdrawn", "called back by Morgan")


def test_the_page_says_why_nothing_can_be_written(venue: Venue, as_desk: Client, dana: Customer) -> None:
    page = as_desk.get(reverse("customer_messages", args=[dana.pk])).content.decode()
    assert "you have none yet" in page
    ContactPoint.objects.update(email="no")
    page = as_desk.get(reverse("customer_messages", args=[dana.pk])).content.decode()
    assert "They have not allowed e-mails" in page
    said = {"subject": "Hello", "body": "Hi", "language": "en", "token": "t", "send": "1"}
    as_desk.post(reverse("customer_messages", args=[dana.pk]), said)
    assert not CustomerMessage.objects.exists()


def test_another_venues_message_is_not_there(elsewhere: Venue, as_manager: Client) -> None:
    theirs = CustomerMessageFactory.create(customer__home_venue=elsewhere)
    assert as_manager.post(reverse("message_call_back", args=[theirs.pk])).status_code == 404


def test_a_venue_words_its_texts_itself(venue: Venue, as_manager: Client, dana: Customer) -> None:
    address = reverse("house_message", args=["thanks"])
    said = {
        "name": "Thanks",
        "subject_en": "Cheers",
        "body_en": "Dear {name}, thank you from {venue}.",
        "subject_zh": "谢谢",
        "body_zh": "{name},谢谢。",
    }
    assert as_manager.post(address, said | {"body_en": "Dear {surname}"}).status_code == 422
    assert as_manager.post(address, said).status_code == 302
    wording = messages.wordings(venue)["thanks"]
    assert wording.is_own
    assert wording.in_language("zh-hans") == ("谢谢", "{name},谢谢。")
    assert messages.filled(wording.body_en, dana, venue) == "Dear Dana, thank you from Harbour Café."
    assert as_manager.post(reverse("house_message", args=["new"]), said).status_code == 422
    assert (
        as_manager.post(reverse("house_message", args=["new"]), said | {"name": "Other"}).status_code == 302
    )
    assert as_manager.get(reverse("house_message", args=["nothing"])).status_code == 404


def test_what_was_given_up_is_said(venue: Venue, as_manager: Client) -> None:
    CustomerMessageFactory.create(customer__home_venue=venue, state="dead", error="550 no")
    assert "1 message was given up" in as_manager.get(reverse("house_messages")).content.decode()


RULES: dict[str, object] = {
    "weekly_cap": 1,
    "hours_from": "10:00",
    "hours_until": "19:00",
    "asks": "",
    "asks_after_hours": 4,
}


def test_rules_are_kept_and_asking_is_signed(venue: Venue, manager: Staff, as_manager: Client) -> None:
    said = {
        "weekly_cap": 1,
        "hours_from": "10:00",
        "hours_until": "19:00",
        "asks": "csat",
        "asks_after_hours": 4,
    }
    assert as_manager.post(reverse("house_messages"), said).status_code == 422
    Staff.objects.filter(pk=manager.pk).update(badge_number="204")
    assert as_manager.post(reverse("house_messages"), said).status_code == 302
    rules = ContactRules.objects.get()
    assert (rules.venue, rules.weekly_cap, rules.asks, rules.asks_for) == (venue, 1, "csat", manager)
    assert rules.asks_since is not None
    as_manager.post(reverse("house_messages"), said | {"asks": ""})
    assert ContactRules.objects.filter(asks="", asks_since=None).exists()


@pytest.mark.parametrize("wrong", [{"weekly_cap": 0}, {"hours_until": "10:00"}, {"asks_after_hours": 999}])
def test_rules_that_cannot_be_kept_are_refused(as_manager: Client, wrong: dict[str, object]) -> None:
    assert as_manager.post(reverse("house_messages"), RULES | wrong).status_code == 422


def test_the_house_page_is_for_managers(as_desk: Client) -> None:
    for name in ("house_messages", "house_playbooks", "house_playbook_new"):
        assert as_desk.get(reverse(name)).status_code == 403, name


@pytest.mark.parametrize("rows", [1, 20])
def test_the_pages_ask_as_much_for_one_as_for_twenty(
    venue: Venue, as_manager: Client, rows: int, django_assert_max_num_queries: Any
) -> None:
    person = CustomerFactory.create(home_venue=venue)
    contact = ContactPointFactory.create(customer=person, kind="email", value="a@example.com", email="yes")
    for n in range(rows):
        state = {"state": "dead", "error": "no"} if n % 2 else {}
        CustomerMessageFactory.create(customer=person, contact=contact, **state)
    with django_assert_max_num_queries(14):
        as_manager.get(reverse("customer_messages", args=[person.pk]))
    with django_assert_max_num_queries(14):
        as_manager.get(reverse("house_messages"))


# What the database refuses, whoever asks.


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": ""},
        {"body": ""},
        {"to": ""},
        {"signature": ""},
        {"channel": "bird"},
        {"purpose": "fun"},
        {"state": "lost"},
        {"state": "sent"},
        {"state": "dead"},
    ],
)
def test_the_database_refuses_such_a_message(venue: Venue, wrong: dict[str, str]) -> None:
    CustomerMessageFactory.create(customer__home_venue=venue)
    with pytest.raises(IntegrityError), transaction.atomic():
        CustomerMessage.objects.update(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekly_cap": 0},
        {"weekly_cap": 21},
        {"hours_until": time(9)},
        {"asks": "csat"},
        {"asks": "stars"},
        {"asks_after_hours": 121},
    ],
)
def test_the_database_refuses_such_rules(venue: Venue, wrong: dict[str, object]) -> None:
    ContactRules.objects.create(venue=venue)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactRules.objects.update(**wrong)


def test_the_database_refuses_a_text_without_words_and_two_of_one_name(venue: Venue) -> None:
    words = {"subject_en": "a", "body_en": "b", "subject_zh": "c", "body_zh": "d"}
    MessageTemplate.objects.create(venue=venue, slug="one", name="One", **words)
    for wrong in ({"slug": "one", "name": "Two"}, {"slug": "two", "name": "one"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            MessageTemplate.objects.create(venue=venue, **wrong, **words)
    for name in ("name", "slug", *words):
        with pytest.raises(IntegrityError), transaction.atomic():
            MessageTemplate.objects.update(**{name: ""})


def test_the_letter_bears_its_own_styles_and_fetches_nothing(
    dana: Customer, signer: Staff, post_office: PostOffice
) -> None:
    written(dana, signer, language="zh-hans")
    send()
    page = body_of(post_office.letters[0], "html")
    assert '<html lang="zh-hans">' in page
    for forbidden in ("<style", "<link", "<img", "<script", " class=", "url(", "src="):
        assert forbidden not in page
    assert page.count("style=") > 6
