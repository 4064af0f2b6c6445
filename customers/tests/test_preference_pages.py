"""What we remember of a customer, through the pages: by role, by verb, and looking back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer, Preference
from customers.tests.factories import CustomerFactory, PreferenceFactory
from staff.models import Staff, Venue

HTMX = {"HX-Request": "true"}
LIKE = {
    "kind": "like",
    "value": "Oat milk",
    "category": "drink",
    "status": "stated",
    "discretion": "say_aloud",
}
SECRET = "Dispute with her son over the estate"


@pytest.fixture
def dana(venue: Venue) -> Customer:
    """A regular."""
    return CustomerFactory.create(preferred_name="Dana", full_name="Dana Whitfield", home_venue=venue)


def remembered(client: Client, customer: Customer, query: str = "") -> Any:
    """The page with what we remember of a customer."""
    return client.get(reverse("preferences", args=[customer.pk]) + query)


def verb(name: str, customer: Customer, row: Preference) -> str:
    """The address of what can be done to one remembered thing."""
    return reverse(f"preference_{name}", args=[customer.pk, row.pk])


def undo_of(answer: Any) -> str:
    """The address behind the undo button of the toast on the page."""
    (message,) = list(answer.context["messages"])
    return str(message.extra_tags)


def words_of(answer: Any) -> str:
    """The page as one line of text."""
    return " ".join(answer.content.decode().split())


# Reading


def test_things_stand_by_kind_with_safety_first_and_how_sure_we_are(as_desk: Client, dana: Customer) -> None:
    now = timezone.now()
    PreferenceFactory.create(customer=dana, kind="like", value="Oat milk", recorded_at=now)
    PreferenceFactory.create(
        customer=dana, kind="topic", value="Sailing", recorded_at=now - timedelta(days=400)
    )
    PreferenceFactory.create(
        customer=dana, kind="need", category="step-free", recorded_at=now - timedelta(days=500)
    )
    PreferenceFactory.create(
        customer=dana,
        kind="safety",
        category="peanut",
        severity="severe",
        recorded_at=now - timedelta(days=500),
    )
    groups = remembered(as_desk, dana).context["groups"]
    assert [(group.kind, [each.label for each in group.rows]) for group in groups] == [
        ("safety", ["ask"]),
        ("need", ["fading"]),
        ("like", ["sure"]),
        ("topic", ["ask"]),
    ]


def test_each_says_who_wrote_it_and_when_it_was_confirmed(
    as_desk: Client, dana: Customer, desk: Staff, concierge: Staff
) -> None:
    PreferenceFactory.create(
        customer=dana,
        status="confirmed",
        recorded_by=desk,
        recorded_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
        confirmed_by=concierge,
        confirmed_at=datetime(2026, 4, 2, 12, tzinfo=UTC),
        dayparts=["morning"],
        channels=["in_person"],
        valid_until=date(2030, 1, 1),
    )
    page = words_of(remembered(as_desk, dana))
    for words in (
        "Sam",
        "1 March 2026",
        "confirmed 2 April 2026 (Priya)",
        "morning · in person",
        "until 1 January 2030",
    ):
        assert words in page


def test_nothing_remembered_says_what_to_do(as_desk: Client, dana: Customer) -> None:
    assert "Nothing remembered yet" in words_of(remembered(as_desk, dana))


def test_what_is_acted_on_silently_is_folded_with_its_details(as_desk: Client, dana: Customer) -> None:
    PreferenceFactory.create(
        customer=dana,
        kind="avoid",
        value="No alcohol",
        detail="Recovering",
        category="alcohol",
        discretion="act_silently",
    )
    page = words_of(remembered(as_desk, dana))
    folded = page[page.index('<details class="discreet">') :]
    folded = folded[: folded.index("</details>")]
    for secret in ("No alcohol", "Recovering", "alcohol"):
        assert secret in folded
        assert page.replace(folded, "").count(secret) == 0 or secret == "alcohol"
    assert "Act silently</summary>" in folded


# Discretion


@pytest.mark.parametrize("query", ["", "?on=2026-05-01&sense=known", "?on=2026-05-01&sense=true"])
def test_what_is_for_managers_only_is_neither_shown_nor_counted_to_others(
    query: str, as_desk: Client, as_concierge: Client, as_manager: Client, dana: Customer
) -> None:
    told = datetime(2026, 3, 1, 12, tzinfo=UTC)
    PreferenceFactory.create(customer=dana, kind="topic", value="Sailing", recorded_at=told)
    hidden = {"customer": dana, "kind": "topic", "discretion": "managers_only", "recorded_at": told}
    PreferenceFactory.create(value=SECRET, **hidden)
    PreferenceFactory.create(
        value="An older secret", retired_at=timezone.now(), retired_why="settled", **hidden
    )
    for client in (as_desk, as_concierge):
        answer = remembered(client, dana, query)
        assert SECRET not in words_of(answer)
        assert "older secret" not in words_of(answer)
        assert [len(group.rows) for group in answer.context["groups"]] == [1]
        assert not answer.context.get("ended")
    assert SECRET in words_of(remembered(as_manager, dana, query))


def test_a_managers_fact_of_one_venue_is_not_for_managers_of_another(
    as_manager: Client, dana: Customer, elsewhere: Venue
) -> None:
    PreferenceFactory.create(customer=dana, value=SECRET, discretion="managers_only", venue=elsewhere)
    assert SECRET not in words_of(remembered(as_manager, dana))


@pytest.mark.parametrize("name", ["history", "change", "retire", "refute", "confirm"])
def test_what_is_for_managers_only_is_not_there_for_the_desk(
    name: str, as_desk: Client, dana: Customer
) -> None:
    row = PreferenceFactory.create(customer=dana, discretion="managers_only")
    ask = as_desk.post if name == "confirm" else as_desk.get
    assert ask(verb(name, dana, row)).status_code == 404


def test_the_history_of_a_thing_hides_the_wording_that_was_for_managers_only(
    as_desk: Client, as_manager: Client, dana: Customer
) -> None:
    old = PreferenceFactory.create(
        customer=dana,
        value=SECRET,
        discretion="managers_only",
        retired_at=timezone.now(),
        retired_why="said openly",
    )
    new = PreferenceFactory.create(customer=dana, value="Family is a hard topic", supersedes=old)
    assert SECRET not in words_of(as_desk.get(verb("history", dana, new)))
    assert SECRET in words_of(as_manager.get(verb("history", dana, new)))


def test_only_who_can_read_it_again_may_write_for_managers_only(
    as_desk: Client, as_manager: Client, dana: Customer
) -> None:
    secret = LIKE | {"discretion": "managers_only"}
    assert as_desk.post(reverse("preference_add", args=[dana.pk]), secret).status_code == 422
    assert "managers_only" not in words_of(remembered(as_desk, dana))
    assert as_manager.post(reverse("preference_add", args=[dana.pk]), secret).status_code == 302


def test_a_safety_fact_may_not_be_for_managers_only(as_manager: Client, dana: Customer) -> None:
    typed = LIKE | {"kind": "safety", "discretion": "managers_only"}
    answer = as_manager.post(reverse("preference_add", args=[dana.pk]), typed)
    assert answer.status_code == 422
    assert "whoever serves must know it" in words_of(answer)
    assert not Preference.objects.exists()


# Writing


def test_a_thing_is_written_down_and_can_be_undone(as_desk: Client, dana: Customer, desk: Staff) -> None:
    more = {"detail": "Warm", "dayparts": ["morning"], "channels": ["phone"], "valid_until": "2030-01-01"}
    answer = as_desk.post(reverse("preference_add", args=[dana.pk]), LIKE | more, follow=True)
    row = Preference.objects.get()
    assert (row.value, row.detail, row.recorded_by, row.status) == ("Oat milk", "Warm", desk, "stated")
    assert (row.dayparts, row.channels, row.valid_until) == (["morning"], ["phone"], date(2030, 1, 1))
    as_desk.post(undo_of(answer))
    assert not Preference.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"value": " "}, "value", "required"),
        ({"kind": ""}, "kind", "required"),
        ({"severity": "severe"}, "severity", "Only a safety fact"),
        ({"valid_from": "2026-05-02", "valid_until": "2026-05-01"}, "valid_until", "ends before it begins"),
        ({"dayparts": ["tea time"]}, "dayparts", "valid choice"),
        ({"channels": ["pigeon"]}, "channels", "valid choice"),
        ({"status": "confirmed"}, "status", "valid choice"),
        ({"value": "x" * 201}, "value", "at most 200"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    wrong: dict[str, Any], field: str, words: str, headers: dict[str, str], as_desk: Client, dana: Customer
) -> None:
    typed = LIKE | {"detail": "From the small jug"} | wrong
    answer = as_desk.post(reverse("preference_add", args=[dana.pk]), typed, headers=headers)
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    assert "From the small jug" in words_of(answer)
    assert not Preference.objects.exists()


def test_categories_are_suggested_from_the_vocabulary_of_the_house(as_desk: Client, dana: Customer) -> None:
    page = words_of(remembered(as_desk, dana))
    assert '<option value="milk type">' in page
    assert '<option value="peanut">' in page
    chinese = words_of(
        as_desk.get(reverse("preferences", args=[dana.pk]), headers={"Accept-Language": "zh-hans"})
    )
    assert '<option value="奶类">' in chinese or '<option value="milk type">' in chinese


def test_htmx_gets_the_lists_with_a_toast_that_undoes(as_desk: Client, dana: Customer) -> None:
    answer = as_desk.post(reverse("preference_add", args=[dana.pk]), LIKE, headers=HTMX)
    assert words_of(answer).startswith('<div class="columns" id="remembered">')
    row = Preference.objects.get()
    assert reverse("preference_undo", args=[dana.pk, "remember", row.pk]) in answer.headers["HX-Trigger"]


# Hearing, changing, ending


def test_still_true_is_one_tap_with_a_way_back(as_desk: Client, dana: Customer, desk: Staff) -> None:
    row = PreferenceFactory.create(customer=dana, recorded_at=timezone.now() - timedelta(days=300))
    answer = as_desk.post(verb("confirm", dana, row), follow=True)
    row.refresh_from_db()
    assert (row.status, row.confirmed_by) == ("confirmed", desk)
    as_desk.post(undo_of(answer))
    row.refresh_from_db()
    assert (row.status, row.confirmed_by) == ("stated", None)


def test_the_second_to_confirm_is_told_who_was_first(
    as_desk: Client, as_concierge: Client, dana: Customer
) -> None:
    row = PreferenceFactory.create(customer=dana)
    as_concierge.post(verb("confirm", dana, row))
    assert "Priya has just confirmed it." in words_of(as_desk.post(verb("confirm", dana, row), follow=True))
    assert row.confirmations.count() == 1


def test_a_change_supersedes_and_can_be_undone(as_desk: Client, dana: Customer) -> None:
    row = PreferenceFactory.create(
        customer=dana, value="Oat milk", detail="Warm", recorded_at=timezone.now() - timedelta(days=9)
    )
    typed = LIKE | {"value": "Soy milk", "detail": "Warm"}
    answer = as_desk.post(verb("change", dana, row), typed, follow=True)
    new = Preference.objects.known().get()
    assert (new.value, new.detail, new.supersedes) == ("Soy milk", "Warm", row)
    row.refresh_from_db()
    assert (row.value, row.status, row.retired_why) == ("Oat milk", "expired", "changed")
    as_desk.post(undo_of(answer))
    assert Preference.objects.known().get() == row


def test_a_correction_refutes_the_old_wording(as_desk: Client, dana: Customer) -> None:
    row = PreferenceFactory.create(customer=dana, value="Oat milk")
    as_desk.post(verb("change", dana, row), LIKE | {"value": "Goat milk", "was_wrong": "1"})
    row.refresh_from_db()
    assert (row.status, row.retired_why) == ("refuted", "written down wrong")


def test_a_change_that_changes_nothing_is_refused(as_desk: Client, dana: Customer) -> None:
    row = PreferenceFactory.create(customer=dana, value="Oat milk", category="drink")
    answer = as_desk.post(verb("change", dana, row), LIKE)
    assert answer.status_code == 422
    assert "Nothing differs" in words_of(answer)


def test_the_second_to_change_is_told_and_can_save_over_the_first(
    as_desk: Client, as_concierge: Client, dana: Customer
) -> None:
    row = PreferenceFactory.create(
        customer=dana, value="Oat milk", recorded_at=timezone.now() - timedelta(days=9)
    )
    as_concierge.post(verb("change", dana, row), LIKE | {"value": "Soy milk"})
    typed = LIKE | {"value": "Rice milk", "detail": "She said so twice"}
    answer = as_desk.post(verb("change", dana, row), typed)
    assert answer.status_code == 409
    newer = Preference.objects.known().get()
    for words in (
        "Priya ended this",
        "Soy milk",
        "Rice milk",
        "She said so twice",
        verb("change", dana, newer),
    ):
        assert words in words_of(answer)
    as_desk.post(verb("change", dana, newer), typed)
    assert Preference.objects.known().get().value == "Rice milk"
    assert Preference.objects.count() == 3


def test_a_change_of_what_was_retired_meanwhile_is_kept_to_be_written_anew(
    as_desk: Client, as_concierge: Client, dana: Customer
) -> None:
    row = PreferenceFactory.create(customer=dana, value="Oat milk")
    as_concierge.post(verb("retire", dana, row), {"why": "they told us so"})
    answer = as_desk.post(verb("change", dana, row), LIKE | {"value": "Rice milk"})
    assert answer.status_code == 409
    assert "they told us so" in words_of(answer)
    assert f'action="{reverse("preference_add", args=[dana.pk])}"' in words_of(answer)


@pytest.mark.parametrize(("name", "status"), [("retire", "expired"), ("refute", "refuted")])
def test_an_end_wants_a_reason_and_can_be_undone(
    name: str, status: str, as_desk: Client, dana: Customer
) -> None:
    row = PreferenceFactory.create(customer=dana, value="Oat milk")
    assert as_desk.get(verb(name, dana, row)).status_code == 200
    refused = as_desk.post(verb(name, dana, row), {"why": " "})
    assert refused.status_code == 422
    assert "Say why" in words_of(refused)
    answer = as_desk.post(verb(name, dana, row), {"why": "we misheard"}, follow=True)
    row.refresh_from_db()
    assert (row.status, row.retired_why) == (status, "we misheard")
    assert "1 no longer held" in words_of(answer)
    as_desk.post(undo_of(answer))
    row.refresh_from_db()
    assert (row.status, row.retired_at) == ("stated", None)


@pytest.mark.parametrize("name", ["confirm", "retire", "refute"])
def test_who_comes_too_late_is_told_who_ended_it_and_why(
    name: str, as_desk: Client, as_concierge: Client, dana: Customer
) -> None:
    row = PreferenceFactory.create(customer=dana)
    as_concierge.post(verb("retire", dana, row), {"why": "they told us so"})
    answer = as_desk.post(verb(name, dana, row), {"why": "late"}, follow=True)
    assert "Priya ended this" in words_of(answer)
    row.refresh_from_db()
    assert row.retired_why == "they told us so"


def test_an_undo_that_comes_too_late_says_so(as_desk: Client, as_concierge: Client, dana: Customer) -> None:
    undo = undo_of(as_desk.post(reverse("preference_add", args=[dana.pk]), LIKE, follow=True))
    row = Preference.objects.get()
    as_concierge.post(verb("confirm", dana, row))
    assert "Something has happened to it since" in words_of(as_desk.post(undo, follow=True))
    assert Preference.objects.get() == row


@pytest.mark.parametrize("name", ["forget", "remember", "change", "ending", "hearing"])
def test_an_undo_of_what_is_not_there_is_not_found(name: str, as_desk: Client, dana: Customer) -> None:
    assert as_desk.post(reverse("preference_undo", args=[dana.pk, name, 987654])).status_code == 404


def test_rows_of_somebody_else_are_out_of_reach(as_desk: Client, dana: Customer) -> None:
    other = PreferenceFactory.create()
    for name in ("change", "retire", "refute", "history"):
        assert as_desk.get(verb(name, dana, other)).status_code == 404
    assert as_desk.post(verb("confirm", dana, other)).status_code == 404
    assert as_desk.post(reverse("preference_undo", args=[dana.pk, "remember", other.pk])).status_code == 404


# Looking back


def test_what_was_known_and_what_was_true_on_a_day_are_two_questions(as_desk: Client, dana: Customer) -> None:
    march = datetime(2026, 3, 1, 12, tzinfo=UTC)
    may = datetime(2026, 5, 1, 12, tzinfo=UTC)
    wrong = PreferenceFactory.create(
        customer=dana,
        value="Cow milk",
        status="refuted",
        recorded_at=march,
        retired_at=may,
        retired_why="misheard",
    )
    late = PreferenceFactory.create(
        customer=dana, value="Oat milk", recorded_at=may, valid_from=date(2026, 1, 1), supersedes=wrong
    )

    def rows(query: str) -> list[Preference]:
        groups = remembered(as_desk, dana, query).context["groups"]
        return [each.row for group in groups for each in group.rows]

    assert rows("") == [late]
    assert rows("?on=2026-04-01&sense=known") == [wrong]
    assert rows("?on=2026-04-01&sense=true") == [late]
    assert rows("?on=2026-02-01&sense=known") == []
    assert rows("?on=2025-12-31&sense=true") == []


@pytest.mark.parametrize("query", ["?on=yesterday", "?on=", "?sense=perhaps&on=2026-05-01"])
def test_a_day_that_is_none_shows_what_we_know_now(query: str, as_desk: Client, dana: Customer) -> None:
    PreferenceFactory.create(customer=dana, value="Oat milk")
    answer = remembered(as_desk, dana, query)
    assert "Oat milk" in words_of(answer)
    assert 'id="remembered"' in words_of(answer)


def test_the_history_tells_every_wording_hearing_and_end(as_desk: Client, dana: Customer) -> None:
    row = PreferenceFactory.create(
        customer=dana, value="Oat milk", recorded_at=timezone.now() - timedelta(days=9)
    )
    as_desk.post(verb("confirm", dana, row))
    as_desk.post(verb("change", dana, row), LIKE | {"value": "Soy milk"})
    page = words_of(as_desk.get(verb("history", dana, row)))
    places = [page.index(words) for words in ("Soy milk", "No longer so", "Still true", "Oat milk")]
    assert places == sorted(places)
