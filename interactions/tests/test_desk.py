"""The desk: what it shows to whom, in place and as a page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers import keys
from customers.models import Customer, Preference
from customers.tests.factories import CustomerFactory, PreferenceFactory
from interactions.models import CueAnswer, Visit
from interactions.tests.factories import FollowUpFactory, InteractionFactory, VisitFactory
from staff.models import AccessLog, Staff, Venue

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
PAGES = ["/", "/?q=dana", "/lookup/?q=dana", "/desk/day/"]


def regular(venue: Venue, name: str = "Dana", **fields: Any) -> Customer:
    """Somebody who can be looked up."""
    made = CustomerFactory.create(
        preferred_name=name, full_name=f"{name} Whitfield", home_venue=venue, **fields
    )
    keys.refresh([made.pk])
    return made


@pytest.fixture
def dana(venue: Venue) -> Customer:
    return regular(venue)


def text_of(client: Client, path: str, *, htmx: bool = False) -> str:
    answer = client.get(path, headers=HTMX if htmx else {})
    assert answer.status_code == 200
    return answer.content.decode()


class TestWhoMay:
    @pytest.mark.parametrize("path", PAGES)
    def test_a_visitor_is_sent_to_log_in(self, anonymous: Client, path: str) -> None:
        answer = anonymous.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/login/")

    @pytest.mark.parametrize("path", PAGES)
    def test_a_stranger_sees_nothing(self, as_stranger: Client, dana: Customer, path: str) -> None:
        answer = as_stranger.get(path)
        assert answer.status_code == 403
        assert "Whitfield" not in answer.content.decode()

    def test_a_stranger_opens_nobody(self, as_stranger: Client, dana: Customer) -> None:
        assert as_stranger.get(f"/?customer={dana.pk}").status_code == 403
        assert not AccessLog.objects.filter(subject="customer").exists()

    @pytest.mark.parametrize("role", ["as_desk", "as_concierge", "as_manager", "as_owner"])
    def test_everybody_who_works_here_may(
        self, role: str, dana: Customer, request: pytest.FixtureRequest
    ) -> None:
        client = request.getfixturevalue(role)
        assert "Dana Whitfield" in text_of(client, f"/?customer={dana.pk}")

    @pytest.mark.parametrize("path", ["/", "/lookup/", "/desk/day/"])
    def test_it_is_only_read(self, as_desk: Client, path: str) -> None:
        assert as_desk.post(path).status_code == 405


class TestLookUp:
    def test_the_plain_form_answers_with_the_whole_desk(self, as_desk: Client, dana: Customer) -> None:
        page = text_of(as_desk, "/?q=dan")
        assert "<!DOCTYPE html>" in page
        assert f'href="/?q=dan&amp;customer={dana.pk}"' in page
        assert 'value="dan"' in page

    def test_htmx_gets_the_results_alone(self, as_desk: Client, dana: Customer) -> None:
        part = text_of(as_desk, "/lookup/?q=dan", htmx=True)
        assert "<html" not in part
        assert "<mark>Dan</mark>a Whitfield" in part
        assert 'data-query="dan"' in part

    def test_the_same_address_is_a_page_too(self, as_desk: Client, dana: Customer) -> None:
        assert "<!DOCTYPE html>" in text_of(as_desk, "/lookup/?q=dan")

    def test_nobody_found_offers_to_create_with_what_was_typed(self, as_desk: Client, venue: Venue) -> None:
        part = text_of(as_desk, "/lookup/?q=Zebedee+Quill", htmx=True)
        assert "Nobody found for “Zebedee Quill”" in part
        assert 'href="/customers/new/?full_name=Zebedee+Quill"' in part

    def test_what_was_typed_is_escaped(self, as_desk: Client, venue: Venue) -> None:
        assert "<script>x" not in text_of(as_desk, "/lookup/?q=<script>x", htmx=True)

    def test_who_is_expected_is_marked(self, as_desk: Client, dana: Customer) -> None:
        VisitFactory.create(customer=dana, expected_at=timezone.now() + timedelta(minutes=1))
        assert "expected today" in text_of(as_desk, "/lookup/?q=dan", htmx=True)

    def test_it_is_never_kept_by_a_cache(self, as_desk: Client, dana: Customer) -> None:
        for path in (*PAGES, f"/?customer={dana.pk}", f"/customers/{dana.pk}/"):
            assert "no-store" in as_desk.get(path).headers["Cache-Control"]
            assert "HX-Request" in as_desk.get(path).headers["Vary"]


class TestOpening:
    def test_in_place_it_is_the_card_alone(self, as_desk: Client, dana: Customer) -> None:
        part = text_of(as_desk, f"/?customer={dana.pk}", htmx=True)
        assert "<html" not in part
        assert f'data-opened="{dana.pk}"' in part
        assert "cue-card" in part

    def test_back_gives_the_whole_page(self, as_desk: Client, dana: Customer) -> None:
        headers = {**HTMX, "HX-History-Restore-Request": "true"}
        answer = as_desk.get(f"/?customer={dana.pk}", headers=headers)
        assert "<!DOCTYPE html>" in answer.content.decode()

    def test_who_looked_is_written_down(self, as_desk: Client, desk: Staff, dana: Customer) -> None:
        as_desk.get(f"/?customer={dana.pk}", headers=HTMX)
        row = AccessLog.objects.get(subject="customer", subject_id=dana.pk)
        assert (row.staff, row.action, row.detail) == (desk, AccessLog.Action.OPENED, "")

    def test_and_after_which_words(self, as_desk: Client, dana: Customer) -> None:
        as_desk.get(f"/?q=dan&customer={dana.pk}", headers=HTMX)
        row = AccessLog.objects.get(subject="customer", subject_id=dana.pk)
        assert (row.action, row.detail) == (AccessLog.Action.FOUND, "dan")

    def test_looking_for_somebody_is_not_looking_at_them(self, as_desk: Client, dana: Customer) -> None:
        as_desk.get("/lookup/?q=dan", headers=HTMX)
        assert not AccessLog.objects.filter(subject="customer").exists()

    def test_what_the_card_showed_is_kept(self, as_desk: Client, dana: Customer) -> None:
        PreferenceFactory.create(customer=dana, kind="safety", value="Peanuts", severity="severe")
        as_desk.get(f"/?customer={dana.pk}", headers=HTMX)
        assert CueAnswer.objects.filter(customer=dana, lane="safety").exists()

    @pytest.mark.parametrize("pk", ["0", "999999999", "abc", "-1", "99999999999999999999999", "１"])
    def test_nobody_of_that_number(self, as_desk: Client, pk: str) -> None:
        assert as_desk.get("/", {"customer": pk}).status_code == 404

    def test_a_merged_customer_opens_who_they_are_now(self, as_desk: Client, dana: Customer) -> None:
        double = regular(dana.home_venue, "Danna", status="merged", merged_into=dana)
        assert f'data-opened="{dana.pk}"' in text_of(as_desk, f"/?customer={double.pk}", htmx=True)

    def test_a_call_is_logged_as_a_call(self, as_desk: Client, dana: Customer) -> None:
        part = text_of(as_desk, f"/?customer={dana.pk}&via=phone", htmx=True)
        assert '<option value="call" selected>' in part

    def test_an_archived_customer_has_no_log_box(self, as_desk: Client, venue: Venue) -> None:
        gone = regular(venue, status="archived", archived_at=timezone.now())
        part = text_of(as_desk, f"/?customer={gone.pk}", htmx=True)
        assert "cue-card" in part
        assert "What happened?" not in part


class TestDay:
    def test_the_three_lists(self, as_desk: Client, desk: Staff, venue: Venue) -> None:
        now = timezone.now()
        tom, nia, ada = (regular(venue, name) for name in ("Tom", "Nia", "Ada"))
        VisitFactory.create(customer=tom, expected_at=now + timedelta(seconds=5), party_size=4)
        InteractionFactory.create(customer=nia, occurred_at=now)
        FollowUpFactory.create(customer=ada, text="Call about the coat", owner=desk)
        part = text_of(as_desk, "/desk/day/", htmx=True)
        assert "Tom Whitfield" in part
        assert "party of 4" in part
        assert "Nia Whitfield" in part
        assert "Call about the coat" in part

    def test_what_is_elsewhere_or_not_now_stays_out(
        self, as_desk: Client, manager: Staff, venue: Venue, elsewhere: Venue
    ) -> None:
        now = timezone.now()
        person = regular(venue, "Elsa")
        VisitFactory.create(customer=person, venue=elsewhere, expected_at=now)
        VisitFactory.create(customer=person, expected_at=now + timedelta(days=2))
        VisitFactory.create(customer=person, expected_at=now, state=Visit.State.CANCELLED)
        InteractionFactory.create(customer=person, venue=elsewhere, occurred_at=now)
        InteractionFactory.create(customer=person, occurred_at=now - timedelta(days=2))
        InteractionFactory.create(customer=person, occurred_at=now, channel="phone", kind="call")
        FollowUpFactory.create(customer=person, owner=manager)
        FollowUpFactory.create(customer=person, due_at=now + timedelta(hours=1))
        assert "Elsa" not in text_of(as_desk, "/desk/day/", htmx=True)

    def test_what_only_managers_may_read_is_theirs_here_too(
        self, as_desk: Client, as_manager: Client, venue: Venue
    ) -> None:
        InteractionFactory.create(
            customer=regular(venue, "Elsa"), discretion=Preference.Discretion.MANAGERS_ONLY
        )
        assert "Elsa" not in text_of(as_desk, "/desk/day/", htmx=True)
        assert "Elsa" in text_of(as_manager, "/desk/day/", htmx=True)

    def test_somebody_logged_twice_stands_there_once(self, as_desk: Client, dana: Customer) -> None:
        for _time in range(3):
            InteractionFactory.create(customer=dana)
        assert text_of(as_desk, "/desk/day/", htmx=True).count("Dana Whitfield") == 1

    def test_who_is_here_says_so(self, as_desk: Client, dana: Customer) -> None:
        VisitFactory.create(customer=dana, state=Visit.State.ARRIVED, arrived_at=timezone.now())
        assert "here" in text_of(as_desk, "/desk/day/", htmx=True)

    def test_who_is_late_is_marked_until_three_hours_are_over(self, as_desk: Client, venue: Venue) -> None:
        now = timezone.now()
        VisitFactory.create(customer=regular(venue, "Late"), expected_at=now - timedelta(minutes=5))
        VisitFactory.create(customer=regular(venue, "Lost"), expected_at=now - timedelta(hours=4))
        part = text_of(as_desk, "/desk/day/", htmx=True)
        assert "Late Whitfield" in part
        assert "Lost Whitfield" not in part

    def test_more_than_fit_are_counted(self, as_desk: Client, venue: Venue) -> None:
        for n in range(8):
            VisitFactory.create(
                customer=regular(venue, f"Guest{n}"), expected_at=timezone.now() + timedelta(seconds=n)
            )
        assert "2 more today" in text_of(as_desk, "/desk/day/", htmx=True)


class TestQueries:
    """Twenty rows cost as many questions to the database as one."""

    @staticmethod
    def fill(venue: Venue, staff: Staff, count: int) -> Customer:
        now = timezone.now()
        for n in range(count):
            person = regular(venue, f"Dana{n}")
            VisitFactory.create(customer=person, expected_at=now + timedelta(seconds=n))
            VisitFactory.create(customer=person, state=Visit.State.ARRIVED, arrived_at=now)
            FollowUpFactory.create(customer=person, owner=staff)
            InteractionFactory.create(customer=person, items=["Tea"])
        for _more in range(count):
            InteractionFactory.create(customer=person, items=["Tea", "Scone"])
        return person

    @pytest.mark.parametrize(
        "path", ["/", "/?q=dana", "/lookup/?q=dana", "/desk/day/", "/?customer={pk}", "/customers/{pk}/"]
    )
    def test_twenty_cost_as_one(self, as_desk: Client, desk: Staff, venue: Venue, path: str) -> None:
        one = self.fill(venue, desk, 1)
        as_desk.get(path.format(pk=one.pk))
        with CaptureQueriesContext(
            connection,
        ) as few:
            as_desk.get(path.format(pk=one.pk))
        twenty = self.fill(venue, desk, 20)
        as_desk.get(path.format(pk=twenty.pk))
        with CaptureQueriesContext(connection) as many:
            as_desk.get(path.format(pk=twenty.pk))
        assert len(many) == len(few)
