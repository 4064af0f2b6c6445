"""Entering, listing, editing and archiving a customer through the pages."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from customers.forms.filters import PAGE_SIZE
from customers.models import ContactPoint, Customer
from customers.tests.factories import ContactPointFactory, CustomerFactory
from staff.models import Staff, Venue

SEEN = datetime(2026, 5, 1, 12, tzinfo=UTC)
NEW = "/customers/new/"


@pytest.fixture
def dana(venue: Venue) -> Customer:
    """A regular."""
    return CustomerFactory.create(
        preferred_name="Dana", full_name="Dana Whitfield", home_venue=venue, tags=["regular"]
    )


def as_typed(answer: Any) -> dict[str, str]:
    """What the browser would send back of the form on a page, untouched."""
    sent = {}
    for field in answer.context["form"]:
        value = field.value()
        sent[field.html_name] = (
            json.dumps(value) if isinstance(value, dict) else "" if value is None else value
        )
    return sent


def text_of(answer: Any) -> str:
    """The page as one line of text."""
    return " ".join(answer.content.decode().split())


# The list


def listed(answer: Any) -> list[Customer]:
    """The customers on a page of the list."""
    return list(answer.context["customers"])


def test_the_list_has_who_was_here_last_first_and_the_never_seen_above_them(
    as_desk: Client, venue: Venue
) -> None:
    early, late = (
        CustomerFactory.create(home_venue=venue, visit_count=1, first_visit_at=seen, last_visit_at=seen)
        for seen in (SEEN - timedelta(days=9), SEEN)
    )
    new = CustomerFactory.create(home_venue=venue)
    assert listed(as_desk.get("/customers/")) == [new, late, early]


def test_the_pages_of_the_list_hold_everybody_once(as_desk: Client, venue: Venue) -> None:
    seen = [None, SEEN, SEEN, SEEN - timedelta(days=1)]
    for at in range(2 * PAGE_SIZE + 5):
        last = seen[at % 4]
        CustomerFactory.create(
            home_venue=venue, visit_count=1 if last else 0, first_visit_at=last, last_visit_at=last
        )
    found: list[Customer] = []
    page = as_desk.get("/customers/?archived=")
    assert page.context["newer"] == ""
    while True:
        found += listed(page)
        if not page.context["older"]:
            break
        page = as_desk.get(f"/customers/{page.context['older']}")
        assert page.context["newer"] == "?"
    assert found == list(Customer.objects.recent_first())


def test_a_cursor_that_is_not_ours_shows_the_first_page(as_desk: Client, dana: Customer) -> None:
    assert listed(as_desk.get("/customers/?after=1234")) == [dana]


def test_the_list_narrows_by_venue_tag_and_archived(
    as_desk: Client, elsewhere: Venue, dana: Customer
) -> None:
    far = CustomerFactory.create(home_venue=elsewhere, tags=["press"])
    gone = CustomerFactory.create(
        home_venue=elsewhere, status="archived", archived_at=SEEN, archived_why="moved", tags=["press"]
    )
    assert set(listed(as_desk.get("/customers/"))) == {dana, far}
    assert listed(as_desk.get(f"/customers/?venue={elsewhere.pk}")) == [far]
    assert listed(as_desk.get("/customers/?tag=regular")) == [dana]
    assert listed(as_desk.get("/customers/?tag=reg")) == []
    assert listed(as_desk.get("/customers/?archived=on&tag=press")) == [gone]


def test_the_narrowing_is_kept_on_the_next_page(as_desk: Client, venue: Venue) -> None:
    CustomerFactory.create_batch(PAGE_SIZE + 1, home_venue=venue, tags=["press"])
    assert "tag=press" in as_desk.get("/customers/?tag=press").context["older"]


def test_a_merged_customer_is_in_no_list(as_desk: Client, dana: Customer, venue: Venue) -> None:
    CustomerFactory.create(home_venue=venue, status="merged", merged_into=dana)
    assert listed(as_desk.get("/customers/")) == [dana]


@pytest.mark.parametrize(("query", "words"), [("", "Nobody yet"), ("?tag=nothing", "Nobody fits")])
def test_an_empty_list_says_what_to_do(query: str, words: str, as_desk: Client) -> None:
    assert words in text_of(as_desk.get(f"/customers/{query}"))


# Entering


def test_the_form_begins_with_what_was_typed_at_the_look_up(as_desk: Client, venue: Venue) -> None:
    answer = as_desk.get(NEW, {"preferred_name": "Nia", "phone": "020 7946 0018", "email": "nia@example.com"})
    typed = as_typed(answer)
    assert (typed["preferred_name"], typed["phone"], typed["email"]) == (
        "Nia",
        "020 7946 0018",
        "nia@example.com",
    )
    assert answer.context["form"]["home_venue"].value() in {venue, venue.pk}


def test_a_customer_is_entered_with_phone_and_email(as_desk: Client, desk: Staff, venue: Venue) -> None:
    answer = as_desk.post(
        NEW,
        {
            "full_name": "Nia Bevan",
            "phone": "(020) 7946-0018",
            "email": "Nia@Example.com",
            "tags": "press, 常客，regular",
            "home_venue": venue.pk,
        },
    )
    nia = Customer.objects.get()
    assert answer.headers["Location"] == nia.get_absolute_url()
    assert (nia.full_name, nia.created_by, nia.version) == ("Nia Bevan", desk, 1)
    assert nia.tags == ["press", "常客", "regular"]
    kept = {contact.kind: contact for contact in nia.contacts.all()}
    assert (kept["phone"].value, kept["phone"].normalised) == ("(020) 7946-0018", "+442079460018")
    assert (kept["email"].value, kept["email"].normalised) == ("Nia@Example.com", "nia@example.com")
    assert kept["phone"].is_primary
    assert kept["email"].is_primary
    assert (kept["phone"].calls, kept["email"].email) == ("unknown", "unknown")


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"full_name": ""}, "preferred_name", "Write at least one name"),
        ({"phone": "12"}, "phone", "That is no phone number"),
        ({"email": "nia"}, "email", "valid email"),
        ({"birth_year": "84"}, "birth_year", "four digits"),
        ({"tags": "x" * 41}, "tags", "too long"),
        ({"home_venue": "987654"}, "home_venue", "valid choice"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    wrong: dict[str, str], field: str, words: str, as_desk: Client, venue: Venue
) -> None:
    typed = {"full_name": "Nia Bevan", "company": "Bevan & Söhne", "home_venue": str(venue.pk), **wrong}
    answer = as_desk.post(NEW, typed)
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    assert words in text_of(answer)
    assert "Bevan &amp; Söhne" in text_of(answer)
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"full_name": "Somebody New", "phone": "+44 20 7946 0018"},
        {"full_name": "Somebody New", "email": "DANA@example.com"},
        {"full_name": "dana whitfield"},
        {"preferred_name": "Dana Whitfield"},
        {"full_name": "Other Name", "native_name": "王小明"},
    ],
    ids=["same phone", "same e-mail", "same name", "same preferred name", "same native name"],
)
def test_who_might_be_the_same_is_shown_before_anything_is_saved(
    typed: dict[str, str], as_desk: Client, venue: Venue
) -> None:
    dana = CustomerFactory.create(full_name="Dana Whitfield", native_name="王小明", home_venue=venue)
    ContactPointFactory.create(customer=dana, value="020 7946 0018")
    ContactPointFactory.create(customer=dana, kind="email", value="dana@example.com")
    answer = as_desk.post(NEW, {**typed, "home_venue": venue.pk})
    assert answer.status_code == 409
    assert dana.get_absolute_url() in text_of(answer)
    assert Customer.objects.count() == 1
    again = as_desk.post(NEW, {**typed, "home_venue": venue.pk, "others": answer.context["numbers"]})
    assert again.status_code == 302
    assert Customer.objects.count() == 2


def test_somebody_who_was_not_shown_yet_is_shown_even_after_the_first_answer(
    as_desk: Client, dana: Customer, venue: Venue
) -> None:
    ContactPointFactory.create(customer=CustomerFactory.create(home_venue=venue), value="020 7946 0018")
    typed = {
        "full_name": "Dana Whitfield",
        "phone": "02079460018",
        "home_venue": venue.pk,
        "others": str(dana.pk),
    }
    assert as_desk.post(NEW, typed).status_code == 409


def test_an_archived_lookalike_is_shown_as_archived(as_desk: Client, dana: Customer, venue: Venue) -> None:
    Customer.objects.update(status="archived", archived_at=SEEN, archived_why="moved")
    answer = as_desk.post(NEW, {"full_name": "Dana Whitfield", "home_venue": venue.pk})
    assert "archived" in text_of(answer)


# Editing


def test_an_edit_changes_what_was_typed_and_counts_a_version(as_desk: Client, dana: Customer) -> None:
    address = reverse("customer_edit", args=[dana.pk])
    sent = as_typed(as_desk.get(address)) | {"pronunciation": "DAY-nuh", "tags": "regular, press"}
    assert as_desk.post(address, sent).headers["Location"] == dana.get_absolute_url()
    dana.refresh_from_db()
    assert (dana.pronunciation, dana.tags, dana.version) == ("DAY-nuh", ["regular", "press"], 2)


def test_saving_without_a_change_is_no_new_version(as_desk: Client, dana: Customer) -> None:
    address = reverse("customer_edit", args=[dana.pk])
    as_desk.post(address, as_typed(as_desk.get(address)))
    dana.refresh_from_db()
    assert dana.version == 1


def test_the_second_editor_is_told_who_wrote_what_and_loses_nothing(
    as_desk: Client, as_concierge: Client, dana: Customer
) -> None:
    address = reverse("customer_edit", args=[dana.pk])
    slow, fast = as_typed(as_desk.get(address)), as_typed(as_concierge.get(address))
    as_concierge.post(address, fast | {"company": "Bevan Ltd", "pronunciation": "DAH-na"})
    answer: Any = as_desk.post(
        address, slow | {"pronunciation": "DAY-nuh", "form_of_address": "Ms Whitfield"}
    )

    assert answer.status_code == 409
    told = {clash.name: clash for clash in answer.context["clashes"]}
    assert set(told) == {"company", "pronunciation"}
    assert (told["pronunciation"].theirs, told["pronunciation"].yours) == ("DAH-na", "DAY-nuh")
    assert (told["pronunciation"].by, told["pronunciation"].both) == ("Priya", True)
    assert (told["company"].theirs, told["company"].yours, told["company"].both) == ("Bevan Ltd", "", False)
    for words in ("Priya", "DAH-na", "DAY-nuh", "Bevan Ltd", "Ms Whitfield"):
        assert words in text_of(answer)
    dana.refresh_from_db()
    assert (dana.pronunciation, dana.form_of_address) == ("DAH-na", "")

    as_desk.post(address, as_typed(answer))
    dana.refresh_from_db()
    assert (dana.pronunciation, dana.form_of_address, dana.company) == (
        "DAY-nuh",
        "Ms Whitfield",
        "Bevan Ltd",
    )
    assert dana.version == 3


def test_whoever_edits_while_somebody_archives_loses_nothing(
    as_desk: Client, as_manager: Client, dana: Customer
) -> None:
    address = reverse("customer_edit", args=[dana.pk])
    typed = as_typed(as_desk.get(address)) | {"pronunciation": "DAY-nuh"}
    as_manager.post(reverse("customer_archive", args=[dana.pk]), {"why": "moved"})
    answer = as_desk.post(address, typed)
    assert answer.status_code == 409
    assert "is archived. Bring them back first." in text_of(answer)
    assert as_typed(answer)["pronunciation"] == "DAY-nuh"
    dana.refresh_from_db()
    assert dana.pronunciation == ""


def test_a_third_edit_meanwhile_is_told_again(as_desk: Client, as_concierge: Client, dana: Customer) -> None:
    address = reverse("customer_edit", args=[dana.pk])
    slow = as_typed(as_desk.get(address)) | {"pronunciation": "DAY-nuh"}
    as_concierge.post(address, as_typed(as_concierge.get(address)) | {"company": "Bevan Ltd"})
    answer: Any = as_desk.post(address, slow)
    as_concierge.post(address, as_typed(as_concierge.get(address)) | {"company": "Bevan & Co"})
    again: Any = as_desk.post(address, as_typed(answer))
    assert again.status_code == 409
    assert [clash.theirs for clash in again.context["clashes"]] == ["Bevan & Co"]


def test_the_other_editors_venue_is_named_and_not_numbered(
    as_desk: Client, as_concierge: Client, dana: Customer, elsewhere: Venue
) -> None:
    address = reverse("customer_edit", args=[dana.pk])
    slow = as_typed(as_desk.get(address)) | {"company": "Bevan Ltd"}
    as_concierge.post(address, as_typed(as_concierge.get(address)) | {"home_venue": elsewhere.pk})
    (clash,) = as_desk.post(address, slow).context["clashes"]
    assert (clash.theirs, clash.yours) == ("Lantern Garden", "Harbour Café")


@pytest.mark.parametrize("base", ["", "[]", "{}", '{"full_name": "x"}'])
def test_a_damaged_form_saves_nothing(base: str, as_desk: Client, dana: Customer) -> None:
    address = reverse("customer_edit", args=[dana.pk])
    sent = as_typed(as_desk.get(address)) | {"full_name": "Somebody else", "base": base}
    assert as_desk.post(address, sent).status_code == 422
    dana.refresh_from_db()
    assert dana.full_name == "Dana Whitfield"


def test_the_page_still_names_the_customer_when_the_new_name_is_wrong(
    as_desk: Client, dana: Customer
) -> None:
    address = reverse("customer_edit", args=[dana.pk])
    sent = as_typed(as_desk.get(address)) | {"full_name": "", "preferred_name": "", "birth_year": "12"}
    assert "Edit Dana Whitfield" in text_of(as_desk.post(address, sent))


# Archiving


def test_a_manager_archives_with_a_reason_and_brings_back(
    as_manager: Client, manager: Staff, dana: Customer
) -> None:
    page = reverse("details", args=[dana.pk])
    answer = as_manager.post(
        reverse("customer_archive", args=[dana.pk]), {"why": "Moved to Leeds"}, follow=True
    )
    assert "Moved to Leeds" in text_of(answer)
    dana.refresh_from_db()
    assert (dana.status, dana.archived_by, dana.archived_why) == ("archived", manager, "Moved to Leeds")
    assert dana.archived_at is not None
    twice = as_manager.post(reverse("customer_archive", args=[dana.pk]), {"why": "Again"}, follow=True)
    assert "archived them already" in text_of(twice)
    assert as_manager.post(reverse("customer_bring_back", args=[dana.pk])).headers["Location"] == page
    back = Customer.objects.get(pk=dana.pk)
    assert (back.status, back.archived_at, back.archived_by, back.archived_why) == ("active", None, None, "")


def test_archiving_wants_a_reason(as_manager: Client, dana: Customer) -> None:
    answer = as_manager.post(reverse("customer_archive", args=[dana.pk]), {"why": " "})
    assert answer.status_code == 422
    assert "Say why" in text_of(answer)
    dana.refresh_from_db()
    assert dana.status == "active"


@pytest.mark.parametrize("name", ["customer_archive", "customer_bring_back"])
def test_the_front_desk_neither_archives_nor_brings_back(name: str, as_desk: Client, dana: Customer) -> None:
    assert as_desk.post(reverse(name, args=[dana.pk]), {"why": "so"}).status_code == 403
    dana.refresh_from_db()
    assert dana.status == "active"
    assert reverse("customer_archive", args=[dana.pk]) not in text_of(
        as_desk.get(reverse("details", args=[dana.pk]))
    )


def test_a_merged_customer_leads_to_the_other_one_and_is_not_brought_back(
    as_manager: Client, dana: Customer, venue: Venue
) -> None:
    double = CustomerFactory.create(home_venue=venue, status="merged", merged_into=dana)
    page = as_manager.get(reverse("details", args=[double.pk]))
    assert reverse("details", args=[dana.pk]) in text_of(page)
    answer = as_manager.post(reverse("customer_bring_back", args=[double.pk]), follow=True)
    assert "cannot be brought back alone" in text_of(answer)
    double.refresh_from_db()
    assert double.status == "merged"


def test_contacts_of_a_new_customer_need_no_country_code_of_their_own_venue(
    as_desk: Client, venue: Venue
) -> None:
    Venue.objects.filter(pk=venue.pk).update(country="CN")
    as_desk.post(NEW, {"native_name": "王小明", "phone": "138 0013 8000", "home_venue": venue.pk})
    assert ContactPoint.objects.get().normalised == "+8613800138000"
