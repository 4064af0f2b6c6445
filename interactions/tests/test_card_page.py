"""The card on real rows: what it costs, who sees what, and what a tap does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from customers.models import Confirmation, Customer, Preference
from customers.tests.factories import (
    ContactPointFactory,
    CustomerFactory,
    ImportantDateFactory,
    PreferenceFactory,
)
from interactions import counters
from interactions.cues import card_for, cards_for, record_shown
from interactions.models import CueAnswer, FollowUp
from interactions.tests.factories import (
    ComplaintFactory,
    CueAnswerFactory,
    FeedbackFactory,
    FollowUpFactory,
    InteractionFactory,
    LoanFactory,
    VisitFactory,
)
from staff.models import Membership, Staff, Venue

pytestmark = pytest.mark.django_db
MembershipOf = Callable[[Staff], Membership]
SECRET = "Going through a divorce"


def logged(customer: Customer, desk: Staff, count: int) -> None:
    """So many visits with items, shown cues and answers behind them."""
    now = timezone.now()
    for index in range(count):
        at = now - timedelta(days=index + 1)
        InteractionFactory.create(
            customer=customer, staff=desk, occurred_at=at, items=["Flat white", "Croissant"], summary="Talked"
        )
        FeedbackFactory.create(customer=customer, at=at)
        ComplaintFactory.create(
            customer=customer, opened_at=at, state="closed", reaction="good", resolved_at=at
        )
        FollowUpFactory.create(customer=customer, text=f"Call {index}", owner=desk, due_at=at)
        LoanFactory.create(customer=customer, lent_at=at)
        PreferenceFactory.create(customer=customer, recorded_by=desk, recorded_at=at, value=f"Thing {index}")
        CueAnswerFactory.create(
            customer=customer,
            by=desk,
            shown_at=at,
            business_day=(at - timedelta(days=1)).date(),
            cue_key=f"k:{count}:{index}",
        )
    counters.recount(customer.pk)


@pytest.fixture
def regular(venue: Venue, desk: Staff) -> Customer:
    """Somebody with something in every lane."""
    customer: Customer = CustomerFactory.create(
        home_venue=venue, preferred_name="Dana", pronunciation="DAY-nuh"
    )
    now = timezone.now()
    local = now.astimezone(venue.zone)
    PreferenceFactory.create(
        customer=customer, kind="safety", category="peanut", value="Peanut allergy", severity="severe",
        recorded_by=desk, recorded_at=now - timedelta(days=900),
    )  # fmt: skip
    PreferenceFactory.create(customer=customer, value="Window table", category="window", recorded_by=desk)
    PreferenceFactory.create(
        customer=customer, kind="topic", value=SECRET, category="family", discretion="managers_only"
    )
    FollowUpFactory.create(
        customer=customer, text="Call about the coat", owner=desk, due_at=now - timedelta(days=1)
    )
    ImportantDateFactory.create(customer=customer, month=local.month, day=min(local.day, 28))
    ContactPointFactory.create(customer=customer, sms="no")
    VisitFactory.create(customer=customer, note="Wants to talk about the party", expected_at=now)
    logged(customer, desk, 1)
    return customer


def the_card(customer: Customer, membership: Membership, **more: Any) -> str:
    card = card_for(customer, membership, now=timezone.now(), **more)
    return str(card.as_json())


def test_a_customer_page_shows_the_card(as_desk: Client, regular: Customer) -> None:
    page = as_desk.get(f"/customers/{regular.pk}/").content.decode()
    for words in (
        "DAY-nuh",
        "ASK",
        "Peanut allergy, severe",
        "Call about the coat",
        "Not now by text message",
    ):
        assert words in page
    assert SECRET not in page


def test_what_is_for_managers_is_theirs_alone(
    regular: Customer,
    desk: Staff,
    concierge: Staff,
    manager: Staff,
    owner: Staff,
    membership_of: MembershipOf,
) -> None:
    assert SECRET not in the_card(regular, membership_of(desk))
    assert SECRET not in the_card(regular, membership_of(concierge))
    assert SECRET in the_card(regular, membership_of(manager))
    assert SECRET in the_card(regular, membership_of(owner))


def test_its_queries_do_not_grow_with_what_is_known(
    regular: Customer,
    desk: Staff,
    membership_of: MembershipOf,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    membership = membership_of(desk)
    with django_assert_max_num_queries(10) as few:
        card_for(regular, membership, now=timezone.now())
    regular.preferences.all().update(retired_at=timezone.now(), retired_why="so")
    logged(regular, desk, 20)
    with django_assert_max_num_queries(10) as many:
        card_for(regular, membership, now=timezone.now())
    assert len(many) == len(few)


def test_it_speaks_the_viewers_language(regular: Customer, desk: Staff, membership_of: MembershipOf) -> None:
    with translation.override("zh-hans"):
        assert "Peanut allergy" in the_card(regular, membership_of(desk))


def test_it_refuses_what_it_does_not_know(
    regular: Customer, desk: Staff, membership_of: MembershipOf
) -> None:
    membership = membership_of(desk)
    with pytest.raises(ValueError, match="channel"):
        the_card(regular, membership, channel="pigeon")
    with pytest.raises(ValueError, match="stage"):
        the_card(regular, membership, stage="never")
    with pytest.raises(ValueError, match="offset"):
        card_for(regular, membership, now=timezone.now().replace(tzinfo=None))


def test_what_was_shown_is_kept_once_a_day_and_person(
    regular: Customer, desk: Staff, membership_of: MembershipOf
) -> None:
    membership, now = membership_of(desk), timezone.now()
    before = CueAnswer.objects.count()
    for _time in (1, 2):
        card = card_for(regular, membership, now=now)
        record_shown(card, membership, now=now)
    rows = CueAnswer.objects.filter(shown_at=now)
    assert rows.count() == len(card.safety) + len(card.cues) == CueAnswer.objects.count() - before
    assert set(rows.values_list("lane", flat=True)) >= {"safety", "owed"}


def key_of(row: Preference | FollowUp) -> str:
    return f"{'preference' if isinstance(row, Preference) else 'follow_up'}:{row.pk}"


def tap(client: Client, customer: Customer, key: str, lane: str, answer: str, *, htmx: bool = True):  # type: ignore[no-untyped-def]  # Django's test response has no public name
    headers = {"HX-Request": "true"} if htmx else {}
    form = {"key": key, "lane": lane, "answer": answer}
    return client.post(f"/customers/{customer.pk}/cue/", form, headers=headers)


def take_back(client: Client, customer: Customer, key: str, lane: str):  # type: ignore[no-untyped-def]  # as above
    form = {"key": key, "lane": lane}
    return client.post(f"/customers/{customer.pk}/cue/undo/", form, headers={"HX-Request": "true"})


def test_still_true_confirms_it_and_can_be_taken_back(
    as_desk: Client, regular: Customer, desk: Staff
) -> None:
    peanut = Preference.objects.get(value="Peanut allergy")
    response = tap(as_desk, regular, key_of(peanut), "safety", "still_true")
    assert "Noted: Still true." in response.content.decode()
    peanut.refresh_from_db()
    assert (peanut.status, peanut.confirmed_by) == ("confirmed", desk)
    assert CueAnswer.objects.get(cue_key=key_of(peanut)).answer == "still_true"

    row = take_back(as_desk, regular, key_of(peanut), "safety").content.decode()
    assert "ASK" in row
    peanut.refresh_from_db()
    assert (peanut.status, peanut.confirmed_at) == ("stated", None)
    assert CueAnswer.objects.get(cue_key=key_of(peanut)).answer == ""


def test_done_keeps_the_promise_and_can_be_taken_back(
    as_desk: Client, regular: Customer, desk: Staff
) -> None:
    promise = FollowUp.objects.get(text="Call about the coat")
    assert "Noted: Done." in tap(as_desk, regular, key_of(promise), "owed", "done").content.decode()
    promise.refresh_from_db()
    assert (promise.state, promise.ended_by) == ("done", desk)

    assert "Call about the coat" in take_back(as_desk, regular, key_of(promise), "owed").content.decode()
    promise.refresh_from_db()
    assert promise.state == "open"


def test_changed_opens_the_form_that_changes_it(as_desk: Client, regular: Customer) -> None:
    peanut = Preference.objects.get(value="Peanut allergy")
    form = f"/customers/{regular.pk}/preferences/{peanut.pk}/change/"
    assert tap(as_desk, regular, key_of(peanut), "safety", "changed")["HX-Redirect"] == form
    assert CueAnswer.objects.get(cue_key=key_of(peanut)).answer == "changed"


def test_without_a_script_it_goes_back_to_the_page_with_a_way_back(
    as_desk: Client, regular: Customer
) -> None:
    peanut = Preference.objects.get(value="Peanut allergy")
    response = tap(as_desk, regular, key_of(peanut), "safety", "asked", htmx=False)
    assert response["Location"] == f"/customers/{regular.pk}/"
    page = as_desk.get(response["Location"]).content.decode()
    assert "Noted: Asked." in page
    undo = f"/customers/{regular.pk}/cue/undo/?key=preference%3A{peanut.pk}&lane=safety"
    as_desk.post(undo)
    assert CueAnswer.objects.get(cue_key=key_of(peanut)).answer == ""


def test_asking_about_a_severe_fact_once_is_enough_for_the_day(
    as_desk: Client, regular: Customer, desk: Staff, membership_of: MembershipOf
) -> None:
    peanut = Preference.objects.get(value="Peanut allergy")
    assert card_for(regular, membership_of(desk), now=timezone.now()).safety[0].acknowledge
    tap(as_desk, regular, key_of(peanut), "safety", "asked")
    fact = card_for(regular, membership_of(desk), now=timezone.now()).safety[0]
    assert not fact.acknowledge
    assert fact.ask


def test_only_what_is_on_ones_card_can_be_answered(
    as_desk: Client, as_manager: Client, regular: Customer
) -> None:
    secret = Preference.objects.get(value=SECRET)
    assert tap(as_desk, regular, key_of(secret), "moment", "still_true").status_code == 404
    assert tap(as_manager, regular, key_of(secret), "moment", "still_true").status_code == 200
    assert tap(as_desk, regular, "preference:0", "today", "used").status_code == 404
    assert Confirmation.objects.filter(preference=secret).count() == 1


def test_an_answer_that_is_not_offered_is_refused(as_desk: Client, regular: Customer) -> None:
    promise = FollowUp.objects.get(text="Call about the coat")
    assert tap(as_desk, regular, key_of(promise), "owed", "still_true").status_code == 400


def test_a_colleagues_answer_is_theirs_to_take_back(
    as_desk: Client, as_concierge: Client, regular: Customer
) -> None:
    promise = FollowUp.objects.get(text="Call about the coat")
    tap(as_desk, regular, key_of(promise), "owed", "done")
    assert take_back(as_concierge, regular, key_of(promise), "owed").status_code == 204
    promise.refresh_from_db()
    assert promise.state == "done"


def test_a_stranger_answers_nothing(as_stranger: Client, anonymous: Client, regular: Customer) -> None:
    promise = FollowUp.objects.get(text="Call about the coat")
    assert tap(as_stranger, regular, key_of(promise), "owed", "done").status_code == 403
    assert tap(anonymous, regular, key_of(promise), "owed", "done").status_code == 302
    assert as_stranger.get(f"/customers/{regular.pk}/cue/").status_code == 405
    promise.refresh_from_db()
    assert promise.state == "open"


def test_a_complaint_leads_to_its_recovery_where_it_belongs(
    as_desk: Client, regular: Customer, venue: Venue, elsewhere: Venue
) -> None:
    here = ComplaintFactory.create(customer=regular, about="Soup was cold", category="quality")
    there = ComplaintFactory.create(
        customer=regular, venue=elsewhere, about="Bill was wrong", category="billing"
    )
    page = as_desk.get(f"/customers/{regular.pk}/").content.decode()
    assert f'href="/recovery/{here.pk}/"' in page
    assert f'href="/recovery/{there.pk}/"' not in page
    assert "at Lantern Garden" in page


def test_many_cards_are_the_same_as_each_alone_and_cost_as_much_as_one(
    venue: Venue, desk: Staff, membership_of: MembershipOf, django_assert_num_queries: Any
) -> None:
    member, now = membership_of(desk), timezone.now()
    people = [CustomerFactory.create(home_venue=venue, full_name=f"Guest {n}") for n in range(5)]
    for count, person in enumerate(people):
        logged(person, desk, 3 * count)
        ContactPointFactory.create(customer=person, sms="no")
        ImportantDateFactory.create(customer=person)
        PreferenceFactory.create(customer=person, kind="safety", severity="severe", value=f"Nuts {count}")
        PreferenceFactory.create(customer=person, value=SECRET, discretion="managers_only")
        VisitFactory.create(
            customer=person, expected_at=now + timedelta(hours=count), note="100 % by the window"
        )
    asked = [(person, now + timedelta(hours=3 * n)) for n, person in enumerate(people)]
    with django_assert_num_queries(9):
        together = cards_for(asked, member, stage="before")
    alone = [card_for(person, member, now=at, stage="before") for person, at in asked]
    assert together == alone
    assert len({card.customer_id for card in together}) == 5
    assert cards_for([], member) == []


def test_a_customer_who_is_not_there_has_no_card_among_many(
    venue: Venue, desk: Staff, membership_of: MembershipOf
) -> None:
    here, gone = CustomerFactory.create(home_venue=venue), Customer(pk=10**9)
    now = timezone.now()
    with pytest.raises(Customer.DoesNotExist):
        cards_for([(here, now), (gone, now)], membership_of(desk))
