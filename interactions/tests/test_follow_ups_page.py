"""The pages of what we owe."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from customers.tests.factories import CustomerFactory, ImportantDateFactory
from interactions.models import FollowUp, FollowUpEvent, Loan
from interactions.tests.factories import (
    ComplaintFactory,
    FollowUpFactory,
    InteractionFactory,
    LoanFactory,
)
from staff.models import Staff, Venue
from staff.tests.queries import assert_constant

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def dana(venue: Venue) -> Customer:
    """A regular of the café."""
    return CustomerFactory.create(preferred_name="Dana", full_name="Dana Whitfield", home_venue=venue)


@pytest.fixture
def call(dana: Customer, desk: Staff) -> FollowUp:
    """A call that Sam promised for an hour ago."""
    return FollowUpFactory.create(
        customer=dana, text="Call Dana back", owner=desk, due_at=timezone.now() - HOUR
    )


@pytest.fixture
def addresses(dana: Customer, call: FollowUp) -> list[tuple[str, str]]:
    """Every page and deed of what we owe."""
    loan = LoanFactory.create(customer=dana)
    return [
        ("get", reverse("follow_ups")),
        ("get", reverse("follow_up_step", args=[call.pk, "snooze"])),
        ("post", reverse("follow_up_step", args=[call.pk, "done"])),
        ("post", reverse("follow_ups_bulk")),
        ("post", reverse("undo_follow_ups")),
        ("get", reverse("customer_follow_ups", args=[dana.pk])),
        ("post", reverse("customer_follow_ups", args=[dana.pk])),
        ("post", reverse("lend", args=[dana.pk])),
        ("post", reverse("loan_returned", args=[loan.pk])),
        ("post", reverse("loan_still_out", args=[loan.pk])),
    ]


def test_a_visitor_is_sent_to_sign_in(anonymous: Client, addresses: list[tuple[str, str]]) -> None:
    for method, address in addresses:
        answer = getattr(anonymous, method)(address)
        assert answer.status_code == 302, address
        assert reverse("account_login") in answer["Location"]


def test_a_stranger_sees_nothing(as_stranger: Client, addresses: list[tuple[str, str]]) -> None:
    for method, address in addresses:
        answer = getattr(as_stranger, method)(address)
        assert answer.status_code == 403, address
        assert "Dana" not in answer.content.decode()
    assert FollowUp.objects.get().state == "open"


@pytest.mark.parametrize(
    ("headers", "title"), [({}, "h1"), (HTMX | {"HX-Boosted": "true"}, "h1"), (HTMX, "h2")]
)
def test_a_step_has_a_title_as_a_page_and_as_a_dialog(
    as_desk: Client, call: FollowUp, headers: dict[str, str], title: str
) -> None:
    page = as_desk.get(reverse("follow_up_step", args=[call.pk, "snooze"]), headers=headers).content.decode()
    assert re.findall(r"<(h[12])[^>]*>\s*Put off\s*</\1>", page) == [title]
    form = page.partition('class="form due-form"')[2].partition("</form>")[0]
    assert ("data-close" in form) == (title == "h2")


def test_get_changes_nothing(as_desk: Client, call: FollowUp) -> None:
    for verb in ("done", "snooze", "hand-over", "cancel"):
        assert as_desk.get(reverse("follow_up_step", args=[call.pk, verb])).status_code == 200
    assert FollowUp.objects.get().state == "open"
    assert as_desk.get(reverse("follow_ups_bulk")).status_code == 405


def test_the_list_has_its_parts(as_desk: Client, call: FollowUp, dana: Customer, desk: Staff) -> None:
    tomorrow = timezone.now() + timedelta(days=2)
    FollowUpFactory.create(customer=dana, text="Send the invoice", owner=desk, due_at=tomorrow)
    FollowUpFactory.create(customer=dana, text="Offer a cake", due_at=None, trigger="next_visit")
    page = as_desk.get(reverse("follow_ups"))
    rows = {part.name: [row.text for row in part.rows] for part in page.context["sections"]}
    assert rows["overdue"] == ["Call Dana back"]
    assert rows["coming"] == ["Send the invoice"]
    assert rows["armed"] == ["Offer a cake"]
    assert "1\xa0hour late" in page.content.decode()
    assert '<span class="badge heed">Nobody\'s</span>' in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"recurrence": "FREQ=WEEKLY"}, "weekly"),
        ({"recurrence": "FREQ=MONTHLY;INTERVAL=3"}, "every 3 months"),
        ({"due_at": None, "trigger": "absent_days", "trigger_number": 30}, "when not seen for 30 days"),
        ({"due_at": None, "trigger": "nth_visit", "trigger_number": 10}, "at visit number 10"),
        ({"due_at": None, "trigger": "absent_rhythm"}, "when not seen for twice their rhythm"),
        ({"urgent": True}, "Urgent"),
        ({"role": "front_desk"}, "<span>Front desk</span>"),
    ],
)
def test_a_row_says_what_it_is(fields: dict[str, Any], words: str, as_desk: Client, dana: Customer) -> None:
    FollowUpFactory.create(customer=dana, **fields)
    assert words in as_desk.get(reverse("follow_ups")).content.decode()


@pytest.mark.parametrize(
    ("whose", "texts"),
    [
        ("for_me", {"mine", "desk's", "nobody's", "a leaver's"}),
        ("mine", {"mine"}),
        ("role", {"desk's"}),
        ("nobody", {"nobody's", "a leaver's"}),
        ("all", {"mine", "desk's", "nobody's", "a leaver's", "Morgan's"}),
    ],
)
def test_whose(
    whose: str,
    texts: set[str],
    as_desk: Client,
    dana: Customer,
    desk: Staff,
    manager: Staff,
    elsewhere: Venue,
) -> None:
    left = Staff.objects.create(email="left@example.com", display_name="Left")
    for text, fields in (
        ("mine", {"owner": desk}),
        ("desk's", {"role": "front_desk"}),
        ("nobody's", {}),
        ("a leaver's", {"owner": left}),
        ("Morgan's", {"owner": manager}),
        ("elsewhere", {"venue": elsewhere, "owner": desk}),
    ):
        FollowUpFactory.create(customer=dana, text=text, **fields)
    page = as_desk.get(reverse("follow_ups"), {"whose": whose})
    assert {row.text for part in page.context["sections"] for row in part.rows} == texts


@pytest.mark.parametrize("query", ["?whose=else", "?section=none", "?section=overdue&from=x"])
def test_what_there_is_not_is_not_found(query: str, as_desk: Client) -> None:
    assert as_desk.get(reverse("follow_ups") + query).status_code == 404


def test_a_long_list_goes_on_on_the_next_page(as_desk: Client, dana: Customer, desk: Staff) -> None:
    for number in range(53):
        due = timezone.now() - HOUR + timedelta(seconds=number)
        FollowUpFactory.create(customer=dana, text=f"Number {number}", owner=desk, due_at=due)
    first = as_desk.get(reverse("follow_ups"))
    assert "section=overdue" in first.content.decode()
    more = as_desk.get(reverse("follow_ups"), {"whose": "for_me", "section": "overdue", "from": "50"})
    assert [row.text for row in more.context["sections"][0].rows] == ["Number 50", "Number 51", "Number 52"]


def test_htmx_gets_the_list_alone(as_desk: Client, call: FollowUp) -> None:
    answer = as_desk.get(reverse("follow_ups"), headers=HTMX).content.decode()
    assert "Call Dana back" in answer
    assert "<html" not in answer


def test_done_with_one_tap_and_undone(as_desk: Client, call: FollowUp, desk: Staff) -> None:
    answer = as_desk.post(reverse("follow_up_step", args=[call.pk, "done"]), headers=HTMX)
    call.refresh_from_db()
    assert (call.state, call.ended_by) == ("done", desk)
    assert (answer.status_code, answer.content) == (200, b"")
    assert "follow-ups-changed" in answer["HX-Trigger"]
    undo = FollowUpEvent.objects.latest("pk").pk
    assert f"?change={undo}" in answer["HX-Trigger"]
    as_desk.post(f"{reverse('undo_follow_ups')}?change={undo}")
    call.refresh_from_db()
    assert call.state == "open"


def test_without_scripts_it_leads_back_to_where_it_was(as_desk: Client, call: FollowUp) -> None:
    there = reverse("customer_follow_ups", args=[call.customer_id])
    answer = as_desk.post(
        reverse("follow_up_step", args=[call.pk, "done"]), {"outcome": "Pleased", "next": there}, follow=True
    )
    assert answer.redirect_chain == [(there, 302)]
    assert "Pleased" in answer.content.decode()
    assert "Undo" in answer.content.decode()


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_it_leads_nowhere_else(there: str, as_desk: Client, call: FollowUp) -> None:
    answer = as_desk.post(reverse("follow_up_step", args=[call.pk, "done"]), {"next": there})
    assert answer["Location"] == reverse("follow_ups")


def test_the_second_person_is_told(as_desk: Client, as_concierge: Client, call: FollowUp) -> None:
    as_concierge.post(reverse("follow_up_step", args=[call.pk, "done"]))
    answer = as_desk.post(reverse("follow_up_step", args=[call.pk, "done"]), follow=True)
    assert "already done, by Priya" in answer.content.decode()


def test_put_off_until_tomorrow_morning(as_desk: Client, call: FollowUp, venue: Venue) -> None:
    as_desk.post(reverse("follow_up_step", args=[call.pk, "snooze"]), {"until": "tomorrow"})
    call.refresh_from_db()
    assert call.due_at is not None
    local = call.due_at.astimezone(venue.zone)
    assert (local.hour, local.minute) == (9, 0)
    assert local.date() == timezone.now().astimezone(venue.zone).date() + timedelta(days=1)


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("snooze", {}),
        ("snooze", {"until": "pick"}),
        ("snooze", {"until": "pick", "at": "2001-01-01T09:00"}),
        ("cancel", {"reason": ""}),
        ("hand-over", {"who": "staff:0"}),
        ("hand-over", {}),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    verb: str, said: dict[str, str], as_desk: Client, call: FollowUp
) -> None:
    answer = as_desk.post(reverse("follow_up_step", args=[call.pk, verb]), said, headers=HTMX)
    assert answer.status_code == 422
    assert "has-error" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    call.refresh_from_db()
    assert call.state == "open"


def test_handed_to_a_colleague_or_a_role(as_desk: Client, call: FollowUp, concierge: Staff) -> None:
    address = reverse("follow_up_step", args=[call.pk, "hand-over"])
    as_desk.post(address, {"who": f"staff:{concierge.pk}"})
    call.refresh_from_db()
    assert (call.owner, call.role) == (concierge, "")
    as_desk.post(address, {"who": "role:manager"})
    call.refresh_from_db()
    assert (call.owner, call.role) == (None, "manager")


def test_it_cannot_be_handed_to_somebody_elsewhere(as_desk: Client, call: FollowUp, stranger: Staff) -> None:
    answer = as_desk.post(
        reverse("follow_up_step", args=[call.pk, "hand-over"]), {"who": f"staff:{stranger.pk}"}
    )
    assert answer.status_code == 422


def test_elsewhere_it_is_not_found(as_desk: Client, dana: Customer, elsewhere: Venue) -> None:
    other = FollowUpFactory.create(customer=dana, venue=elsewhere)
    for verb in ("done", "snooze"):
        assert as_desk.post(reverse("follow_up_step", args=[other.pk, verb])).status_code == 404
    as_desk.post(reverse("follow_ups_bulk"), {"verb": "done", "pk": [other.pk]})
    other.refresh_from_db()
    assert other.state == "open"


def test_no_such_verb(as_desk: Client, call: FollowUp) -> None:
    assert as_desk.post(reverse("follow_up_step", args=[call.pk, "forget"])).status_code == 404
    assert as_desk.post(reverse("follow_ups_bulk"), {"verb": "forget", "pk": [call.pk]}).status_code == 404


def test_all_that_are_ticked(as_desk: Client, as_concierge: Client, dana: Customer, call: FollowUp) -> None:
    others = FollowUpFactory.create_batch(2, customer=dana)
    as_concierge.post(reverse("follow_up_step", args=[call.pk, "done"]))
    ticked = [call.pk, *(other.pk for other in others)]
    answer = as_desk.post(reverse("follow_ups_bulk"), {"verb": "snooze:tomorrow", "pk": ticked}, follow=True)
    words = answer.content.decode()
    assert "2 changed." in words
    assert "Somebody was quicker with: Call Dana back" in words
    assert {other.due_at for other in FollowUp.objects.open()} == {FollowUp.objects.open()[0].due_at}
    assert all(each.snoozed_from for each in FollowUp.objects.open())


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"verb": "done"}, "Tick what it is about first"),
        ({"verb": "cancel", "reason": ""}, "Say why it is called off"),
        ({"verb": ""}, "Choose what to do with what is ticked"),
    ],
)
def test_ticked_wrongly(said: dict[str, str], words: str, as_desk: Client, call: FollowUp) -> None:
    ticked = {} if said["verb"] == "done" else {"pk": [call.pk]}
    answer = as_desk.post(reverse("follow_ups_bulk"), {**said, **ticked}, follow=True)
    assert words in answer.content.decode()
    assert FollowUp.objects.get().state == "open"


def test_refused_without_scripts_what_was_ticked_stays_ticked_once(
    as_desk: Client, dana: Customer, call: FollowUp
) -> None:
    other = FollowUpFactory.create(customer=dana, due_at=call.due_at)
    there = f"{reverse('follow_ups')}?whose=all"
    said = {"verb": "cancel", "reason": "", "pk": [call.pk], "next": there}
    answer = as_desk.post(reverse("follow_ups_bulk"), said, follow=True)
    page = answer.content.decode()
    assert f'value="{call.pk}" form="bulk" checked' in page
    assert f'value="{other.pk}" form="bulk">' in page
    assert answer.context["here"] == there


def test_bulk_can_be_undone_at_once(as_desk: Client, dana: Customer) -> None:
    pks = [each.pk for each in FollowUpFactory.create_batch(3, customer=dana)]
    as_desk.post(reverse("follow_ups_bulk"), {"verb": "cancel", "reason": "A mistake", "pk": pks})
    events = FollowUpEvent.objects.values_list("pk", flat=True)
    query = "&".join(f"change={event}" for event in events)
    as_desk.post(f"{reverse('undo_follow_ups')}?{query}")
    assert FollowUp.objects.open().count() == 3


def test_undo_too_late_says_so(as_desk: Client, call: FollowUp) -> None:
    answer = as_desk.post(f"{reverse('undo_follow_ups')}?change=999999", follow=True)
    assert "cannot be taken back" in answer.content.decode()


def add(client: Client, dana: Customer, **said: object) -> FollowUp | None:
    filled = {"text": "Call back", "when": "tomorrow", "who": "nobody", "kind": "promise", **said}
    client.post(reverse("customer_follow_ups", args=[dana.pk]), filled)
    return FollowUp.objects.order_by("-pk").first()


def test_add_with_a_time(as_desk: Client, dana: Customer, desk: Staff, venue: Venue) -> None:
    made = add(
        as_desk, dana, when="pick", at="2099-05-12T09:30", who=f"staff:{desk.pk}", repeats="FREQ=WEEKLY"
    )
    assert made is not None
    assert made.due_at is not None
    assert f"{made.due_at.astimezone(venue.zone):%Y-%m-%d %H:%M}" == "2099-05-12 09:30"
    assert (made.owner, made.created_by, made.venue) == (desk, desk, venue)
    assert made.recurrence == "FREQ=WEEKLY;BYDAY=TU;BYHOUR=9;BYMINUTE=30"


def test_add_with_a_trigger(as_desk: Client, dana: Customer) -> None:
    birthday = ImportantDateFactory.create(customer=dana)
    complaint = ComplaintFactory.create(customer=dana)
    for when, number, expected in (
        ("next_visit", "", ("next_visit", None)),
        ("nth_visit", "10", ("nth_visit", 10)),
        ("absent_days", "30", ("absent_days", 30)),
        ("absent_rhythm", "", ("absent_rhythm", None)),
        ("first_visit", "", ("first_visit", None)),
        (f"before:{birthday.pk}", "3", ("before_date", 3)),
        (f"resolved:{complaint.pk}", "", ("complaint_resolved", None)),
    ):
        made = add(as_desk, dana, when=when, number=number)
        assert made is not None
        assert (made.trigger, made.trigger_number) == expected
    assert FollowUp.objects.get(trigger="before_date").important_date == birthday
    assert FollowUp.objects.get(trigger="complaint_resolved").complaint == complaint


@pytest.mark.parametrize(
    "said",
    [
        {"text": ""},
        {"when": "whenever"},
        {"when": "pick"},
        {"when": "pick", "at": "2001-01-01T09:00"},
        {"when": "nth_visit"},
        {"when": "next_visit", "repeats": "FREQ=DAILY"},
        {"counts_from_contact": "on"},
    ],
)
def test_add_wrongly_keeps_what_was_typed(said: dict[str, str], as_desk: Client, dana: Customer) -> None:
    filled = {"text": "Call about the fern", "when": "tomorrow", "who": "nobody", "kind": "promise", **said}
    answer = as_desk.post(reverse("customer_follow_ups", args=[dana.pk]), filled)
    assert answer.status_code == 422
    assert filled["text"] in answer.content.decode()
    assert not FollowUp.objects.exists()


def test_a_complaint_kept_from_the_desk_is_not_named(
    as_desk: Client, as_manager: Client, dana: Customer
) -> None:
    secret = InteractionFactory.create(customer=dana, kind="complaint", discretion="managers_only")
    complaint = ComplaintFactory.create(customer=dana, interaction=secret, about="A theft in the house")
    FollowUpFactory.create(customer=dana, complaint=complaint)
    for address in (reverse("follow_ups"), reverse("customer_follow_ups", args=[dana.pk])):
        assert "A theft" not in as_desk.get(address).content.decode()
        assert "A theft" in as_manager.get(address).content.decode()


def test_constant_queries(as_desk: Client, dana: Customer, desk: Staff, venue: Venue) -> None:
    def add_row() -> None:
        due = timezone.now() - HOUR
        complaint = ComplaintFactory.create(customer=dana)
        FollowUpFactory.create(customer=dana, owner=desk, due_at=due, complaint=complaint, created_by=desk)
        FollowUpFactory.create(customer=dana, state="done", ended_at=due, ended_by=desk)
        LoanFactory.create(customer=dana, lent_by=desk)

    for address in (reverse("follow_ups"), reverse("customer_follow_ups", args=[dana.pk])):
        assert_constant(as_desk, address, add_row)


def test_lend_and_take_back(as_desk: Client, dana: Customer, desk: Staff) -> None:
    as_desk.post(reverse("lend", args=[dana.pk]), {"what": "Umbrella"})
    loan = Loan.objects.get()
    assert (loan.what, loan.lent_by) == ("Umbrella", desk)
    as_desk.post(reverse("loan_returned", args=[loan.pk]))
    loan.refresh_from_db()
    assert loan.returned_to == desk
    as_desk.post(reverse("loan_still_out", args=[loan.pk]))
    loan.refresh_from_db()
    assert loan.returned_at is None


def test_lent_wrongly(as_desk: Client, dana: Customer) -> None:
    address = reverse("lend", args=[dana.pk])
    assert as_desk.post(address, {"what": ""}).status_code == 422
    assert as_desk.post(address, {"what": "Book", "due_at": "2001-01-01T09:00"}).status_code == 422
    assert not Loan.objects.exists()


def test_the_second_person_is_told_it_came_back(
    as_desk: Client, as_concierge: Client, dana: Customer
) -> None:
    loan = LoanFactory.create(customer=dana)
    as_concierge.post(reverse("loan_returned", args=[loan.pk]))
    answer = as_desk.post(reverse("loan_returned", args=[loan.pk]), follow=True)
    assert "came back before" in answer.content.decode()


def test_a_loan_elsewhere_is_not_found(as_desk: Client, dana: Customer, elsewhere: Venue) -> None:
    loan = LoanFactory.create(customer=dana, venue=elsewhere)
    assert as_desk.post(reverse("loan_returned", args=[loan.pk])).status_code == 404
    assert as_desk.post(reverse("loan_still_out", args=[loan.pk])).status_code == 404
