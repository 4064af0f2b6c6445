"""One question after a visit: whom it asks, what the public page does, and what a low score sets off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from crm.tests.browser import OpenPage
from customers.models import ContactPoint, Customer
from customers.tests.factories import ContactPointFactory, CustomerFactory
from interactions import links, messages, opinions, sending, surveys
from interactions.models import ContactRules, CustomerMessage, Feedback, FollowUp, Interaction, Survey
from interactions.tests.factories import ComplaintFactory, InteractionFactory, SurveyFactory
from interactions.tests.post_office import PostOffice
from staff.models import Membership, Staff, Venue

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MembershipOf = Callable[[Staff], Membership]


@pytest.fixture
def asking(venue: Venue, manager: Staff) -> ContactRules:
    """The venue asks how it was, a day after, and the manager answers for that."""
    Staff.objects.filter(pk=manager.pk).update(badge_number="204")
    return ContactRules.objects.create(
        venue=venue, asks="csat", asks_after_hours=20, asks_since=NOW - 100 * DAY, asks_for=manager
    )


def guest(venue: Venue, ago: timedelta = DAY, **fields: object) -> Customer:
    """Somebody who was here so long ago and may be written to."""
    person = CustomerFactory.create(home_venue=venue, **fields)
    ContactPointFactory.create(
        customer=person, kind="email", value=f"guest{person.pk}@example.com", email="yes"
    )
    InteractionFactory.create(customer=person, occurred_at=NOW - ago)
    return person


def test_it_asks_after_a_visit_and_once(venue: Venue, asking: ContactRules, post_office: PostOffice) -> None:
    person = guest(venue, preferred_name="Dana")
    InteractionFactory.create(customer=person, occurred_at=NOW - 2 * DAY)
    assert [surveys.ask_all(NOW), surveys.ask_all(NOW)] == [1, 0]
    survey = Survey.objects.get()
    assert survey.interaction is not None
    assert survey.interaction.occurred_at == NOW - DAY
    assert sending.send_waiting(lambda: NOW, messages.TO_CUSTOMERS) == 1
    (letter,) = post_office.letters
    assert letter["Subject"] == "How was it at Harbour Café?"
    body = letter.get_body(("plain",))
    assert body is not None
    assert f"http://localhost:8000{links.question(survey)}" in body.get_content()
    assert "List-Unsubscribe" in letter


def test_never_twice_within_ninety_days(venue: Venue, elsewhere: Venue, asking: ContactRules) -> None:
    person = guest(venue)
    SurveyFactory.create(customer=person, venue=elsewhere, asked_at=NOW - 89 * DAY)
    assert surveys.ask_all(NOW) == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyFactory.create(customer=person, venue=venue, asked_at=NOW)
    assert surveys.ask_all(NOW + DAY) == 1


def test_the_database_lets_others_be_asked(venue: Venue) -> None:
    for _each in range(2):
        SurveyFactory.create(customer__home_venue=venue, asked_at=NOW)
    assert Survey.objects.count() == 2


def test_never_while_a_complaint_is_open(venue: Venue, asking: ContactRules, post_office: PostOffice) -> None:
    unhappy, later = guest(venue), guest(venue)
    ComplaintFactory.create(customer=unhappy)
    assert surveys.ask_all(NOW) == 1
    ComplaintFactory.create(customer=later)
    assert sending.send_waiting(lambda: NOW, messages.TO_CUSTOMERS) == 0
    assert CustomerMessage.objects.get().error == "a complaint is open"


@pytest.mark.parametrize(
    "why_not",
    ["too soon", "too long ago", "before it was on", "not allowed", "archived", "managers only", "off"],
)
def test_whom_it_does_not_ask(venue: Venue, asking: ContactRules, why_not: str) -> None:
    person = guest(venue, {"too soon": 19 * HOUR, "too long ago": 6 * DAY}.get(why_not, DAY))
    if why_not == "before it was on":
        ContactRules.objects.update(asks_since=NOW - HOUR)
    if why_not == "not allowed":
        ContactPoint.objects.update(email="unknown")
    if why_not == "archived":
        Customer.objects.filter(pk=person.pk).update(status="archived", archived_at=NOW)
    if why_not == "managers only":
        Interaction.objects.update(discretion="managers_only")
    if why_not == "off":
        ContactRules.objects.update(asks="")
    assert surveys.ask_all(NOW) == 0
    assert not Survey.objects.exists()


def test_a_link_that_ran_out_is_not_sent_any_more(
    venue: Venue, asking: ContactRules, post_office: PostOffice
) -> None:
    guest(venue)
    surveys.ask_all(NOW)
    assert sending.send_waiting(lambda: NOW + 31 * DAY, messages.TO_CUSTOMERS) == 0
    assert CustomerMessage.objects.get().error == "too late to ask"


# The page.


@time_machine.travel(NOW, tick=False)
def test_an_answer_is_kept_without_cookie_or_script(venue: Venue) -> None:
    survey = SurveyFactory.create(customer__home_venue=venue, customer__preferred_name="Dana", asked_at=NOW)
    browser = Client(enforce_csrf_checks=True)
    asked = browser.get(links.question(survey))
    assert asked.status_code == 200
    page = asked.content.decode()
    assert "How satisfied were you with your visit to Harbour Café?" in page
    assert "Dana" not in page
    assert "<script" not in page
    answer = browser.post(links.question(survey), {"score": "5", "words": "Lovely"})
    assert "Thank you" in answer.content.decode()
    assert not asked.cookies
    assert not answer.cookies
    feedback = Feedback.objects.get()
    assert (feedback.customer, feedback.venue, feedback.score) == (survey.customer, venue, 5)
    entry = Interaction.objects.get(customer=survey.customer)
    assert (entry.kind, entry.channel, entry.outcome, entry.words) == ("feedback", "web", "good", "Lovely")
    assert not FollowUp.objects.exists()


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(("score", "hours"), [(1, 4), (2, 24)])
def test_a_low_score_is_owed_an_answer(
    venue: Venue, anonymous: Client, desk: Staff, membership_of: MembershipOf, score: int, hours: int
) -> None:
    survey = SurveyFactory.create(customer__home_venue=venue, asked_at=NOW)
    anonymous.post(links.question(survey), {"score": str(score), "words": "Cold  soup\nand slow"})
    owed = FollowUp.objects.get()
    assert owed.due_at == owed.next_dispatch_at == NOW + hours * HOUR
    assert (owed.role, owed.urgent, owed.kind) == ("manager", True, "recovery")
    assert owed.text == f"Answer their score: {score} of 5 “Cold soup and slow”"
    opinions.answer(Feedback.objects.get().pk, membership_of(desk), now=NOW + HOUR, words="Soup is free")
    owed.refresh_from_db()
    assert (owed.state, owed.outcome) == ("done", "Soup is free")


def test_an_answer_may_be_changed_for_a_day(venue: Venue, anonymous: Client) -> None:
    survey = SurveyFactory.create(customer__home_venue=venue, asked_at=NOW)
    link = links.question(survey)
    with time_machine.travel(NOW, tick=False):
        anonymous.post(link, {"score": "2", "words": "Cold soup"})
    with time_machine.travel(NOW + 23 * HOUR, tick=False):
        page = anonymous.get(link).content.decode()
        assert "You have answered already" in page
        assert "Cold soup" not in page
        assert "checked" not in page
        anonymous.post(link, {"score": "5", "words": ""})
    feedback = Feedback.objects.get()
    assert (feedback.score, feedback.words) == (5, "")
    assert Interaction.objects.get(customer=survey.customer).outcome == "good"
    assert FollowUp.objects.get().text == "Answer their score: 5 of 5"
    with time_machine.travel(NOW + 24 * HOUR, tick=False):
        assert anonymous.get(link).status_code == 410
        answer = anonymous.post(link, {"score": "1"})
        assert answer.status_code == 410
        assert "can no longer be changed" in answer.content.decode()
    feedback.refresh_from_db()
    assert feedback.score == 5


def test_a_link_runs_out(venue: Venue, anonymous: Client) -> None:
    survey = SurveyFactory.create(customer__home_venue=venue, asked_at=NOW)
    with time_machine.travel(NOW + 30 * DAY, tick=False):
        answer = anonymous.post(links.question(survey), {"score": "1"})
    assert answer.status_code == 410
    assert "run out" in answer.content.decode()
    assert not Feedback.objects.exists()


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("score", ["", "0", "6", "x", "9" * 40, "1\x00"])
def test_a_score_that_is_none_is_asked_again(venue: Venue, anonymous: Client, score: str) -> None:
    survey = SurveyFactory.create(customer__home_venue=venue, asked_at=NOW)
    answer = anonymous.post(links.question(survey), {"score": score, "words": "kept"})
    assert answer.status_code == 422
    assert "Choose one, please." in answer.content.decode()
    assert "kept" in answer.content.decode()
    assert not Feedback.objects.exists()


@time_machine.travel(NOW, tick=False)
def test_recommendation_goes_from_nought_to_ten(venue: Venue, anonymous: Client) -> None:
    survey = SurveyFactory.create(customer__home_venue=venue, asked_at=NOW, scale="nps")
    page = unescape(anonymous.get(links.question(survey)).content.decode())
    assert "How likely are you to recommend Harbour Café to a friend?" in page
    anonymous.post(links.question(survey), {"score": "0"})
    assert (Feedback.objects.get().scale, Feedback.objects.get().score) == ("nps", 0)
    assert FollowUp.objects.get().due_at == NOW + 4 * HOUR


@time_machine.travel(NOW, tick=False)
def test_the_page_speaks_the_customers_language(venue: Venue, anonymous: Client) -> None:
    survey = SurveyFactory.create(customer__home_venue=venue, asked_at=NOW, language="zh-hans")
    answer = anonymous.get(links.question(survey), headers={"Accept-Language": "en"})
    assert answer["Content-Language"] == "zh-hans"
    page = answer.content.decode()
    assert '<html lang="zh-hans">' in page
    assert "How satisfied" not in page


def test_asked_about_by_two_at_once_the_second_is_let_be(venue: Venue, asking: ContactRules) -> None:
    """What a second worker would do that read the same visits a moment before: the database refuses it."""
    person = guest(venue)
    (visit,) = surveys._to_ask(asking, NOW)
    assert surveys._ask(visit, asking, NOW) == 1
    assert surveys._ask(visit, asking, NOW) == 0
    other = InteractionFactory.create(customer=person, occurred_at=NOW - 2 * DAY)
    assert surveys._ask(other, asking, NOW) == 0
    assert CustomerMessage.objects.count() == 1


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(("scale", "scheme", "width"), [("csat", "light", 390), ("nps", "dark", 1024)])
def test_a_customer_answers_on_a_telephone(
    transactional_db: None,
    venue: Venue,
    open_page: OpenPage,
    language: str,
    scale: str,
    scheme: str,
    width: int,
) -> None:
    survey = SurveyFactory.create(customer__home_venue=venue, scale=scale, language=language)
    page = open_page(
        links.question(survey), None, color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    page.locator("input[type=radio]").first.check()
    page.locator("textarea").fill("很好")
    page.locator("button").click()
    page.wait_for_load_state()
    assert Feedback.objects.get().words == "很好"


@pytest.mark.parametrize(
    "wrong",
    [{"scale": "stars"}, {"language": "xx"}, {"quiet_until": NOW}, {"expires_at": NOW - DAY}],
)
def test_the_database_refuses_such_a_survey(venue: Venue, wrong: dict[str, object]) -> None:
    SurveyFactory.create(customer__home_venue=venue, asked_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Survey.objects.update(**wrong)
