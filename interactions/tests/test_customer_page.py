"""A customer's page: the timeline, logging, taking back, putting right."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.models import Customer, Preference
from customers.tests.factories import CustomerFactory
from interactions import capture, timeline
from interactions.models import Interaction
from interactions.tests.factories import InteractionFactory
from staff.models import AccessLog, Role, Staff, Venue
from staff.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
DAY = timedelta(days=1)


@pytest.fixture
def dana(venue: Venue) -> Customer:
    return CustomerFactory.create(preferred_name="Dana", full_name="Dana Whitfield", home_venue=venue)


def page_of(client: Client, customer: Customer, query: str = "", *, htmx: bool = False) -> str:
    answer = client.get(f"/customers/{customer.pk}/{query}", headers=HTMX if htmx else {})
    assert answer.status_code == 200
    return answer.content.decode()


def send(client: Client, customer: Customer, *, htmx: bool = True, **fields: Any) -> Any:
    data = {"kind": "visit", "token": str(uuid.uuid4()), "place": "customer", **fields}
    return client.post(f"/customers/{customer.pk}/log/", data, headers=HTMX if htmx else {})


def toast_of(answer: Any) -> dict[str, Any]:
    return dict(json.loads(answer.headers["HX-Trigger"])["toast"])


class TestWhoMay:
    def paths(self, customer: Customer, made: Interaction) -> list[tuple[str, str]]:
        at = f"/customers/{customer.pk}/"
        return [
            ("get", at),
            ("post", f"{at}log/"),
            ("post", f"{at}usual/"),
            ("post", f"/interactions/{made.pk}/undo/"),
            ("get", f"/interactions/{made.pk}/correct/"),
            ("post", f"/interactions/{made.pk}/correct/"),
        ]

    def test_a_visitor_logs_in_and_a_stranger_gets_nothing(
        self, anonymous: Client, as_stranger: Client, dana: Customer
    ) -> None:
        made = InteractionFactory.create(customer=dana, summary="Sat outside")
        for method, path in self.paths(dana, made):
            assert getattr(anonymous, method)(path).headers["Location"].startswith("/accounts/login/"), path
            answer = getattr(as_stranger, method)(path)
            assert answer.status_code == 403, path
            assert "Sat outside" not in answer.content.decode()
        assert list(Interaction.objects.values_list("summary", flat=True)) == ["Sat outside"]

    def test_who_looked_is_written_down_once_an_opening(self, as_desk: Client, dana: Customer) -> None:
        page_of(as_desk, dana)
        page_of(as_desk, dana, "?kind=visit", htmx=True)
        assert AccessLog.objects.filter(subject="customer", subject_id=dana.pk).count() == 1

    def test_a_merged_customer_leads_to_who_they_are_now(self, as_desk: Client, dana: Customer) -> None:
        double = CustomerFactory.create(home_venue=dana.home_venue, status="merged", merged_into=dana)
        answer = as_desk.get(f"/customers/{double.pk}/")
        assert answer.headers["Location"] == f"/customers/{dana.pk}/"


class TestTimeline:
    def test_an_entry_says_what_whose_words_items_who_and_where(
        self, as_desk: Client, dana: Customer, elsewhere: Venue, concierge: Staff
    ) -> None:
        InteractionFactory.create(
            customer=dana,
            venue=elsewhere,
            staff=concierge,
            channel="phone",
            kind="call",
            summary="Asked for the quiet table",
            words="Not by the kitchen, please",
            items=["Set menu"],
        )
        page = page_of(as_desk, dana)
        for words in ("Asked for the quiet table", "Not by the kitchen", "Set menu", "Priya", elsewhere.name):
            assert words in page

    def test_an_empty_one_says_what_to_do(self, as_desk: Client, dana: Customer) -> None:
        assert "Nothing logged yet" in page_of(as_desk, dana)

    @pytest.mark.parametrize(
        ("query", "shown"), [("?channel=phone", "By phone"), ("?kind=gesture", "A gesture")]
    )
    def test_it_can_be_filtered(self, as_desk: Client, dana: Customer, query: str, shown: str) -> None:
        InteractionFactory.create(customer=dana, summary="By phone", channel="phone", kind="call")
        InteractionFactory.create(customer=dana, summary="A gesture", kind="gesture")
        part = page_of(as_desk, dana, query, htmx=True)
        assert [words for words in ("By phone", "A gesture") if words in part] == [shown]

    def test_a_filter_that_finds_nothing_says_so(self, as_desk: Client, dana: Customer) -> None:
        InteractionFactory.create(customer=dana)
        assert "Nothing of that kind" in page_of(as_desk, dana, "?kind=gesture")

    def test_a_filter_that_does_not_exist_shows_all(self, as_desk: Client, dana: Customer) -> None:
        InteractionFactory.create(customer=dana, summary="Here")
        assert "Here" in page_of(as_desk, dana, "?kind=nonsense&channel=x&before=drop")

    def test_pages_follow_one_another_without_gap_or_double(self, dana: Customer, as_desk: Client) -> None:
        now = timezone.now()
        for n in range(45):  # in groups of three at the very same moment
            InteractionFactory.create(customer=dana, occurred_at=now - n // 3 * DAY, summary=f"[{n}]")
        seen: list[int] = []
        query = ""
        for _page in range(3):
            page = as_desk.get(f"/customers/{dana.pk}/{query}")
            shown = page.context["timeline"]
            seen += [entry.interaction.pk for entry in shown.entries]
            query = f"?before={shown.older}"
        assert shown.older == ""
        assert len(seen) == len(set(seen)) == 45
        whole = Interaction.objects.newest_first().values_list("pk", flat=True)
        assert seen == list(whole)

    def test_what_is_logged_meanwhile_shifts_nothing(self, dana: Customer, as_desk: Client) -> None:
        for n in range(25):
            InteractionFactory.create(customer=dana, occurred_at=timezone.now() - n * DAY)
        first = as_desk.get(f"/customers/{dana.pk}/").context["timeline"]
        InteractionFactory.create(customer=dana)
        second = as_desk.get(f"/customers/{dana.pk}/?before={first.older}").context["timeline"]
        assert len(second.entries) == 5
        assert not {e.interaction.pk for e in first.entries} & {e.interaction.pk for e in second.entries}

    def test_older_entries_come_alone_and_keep_the_filter(self, dana: Customer, as_desk: Client) -> None:
        for n in range(41):
            InteractionFactory.create(customer=dana, occurred_at=timezone.now() - n * DAY)
        older = as_desk.get(f"/customers/{dana.pk}/?kind=visit").context["timeline"].older
        part = page_of(as_desk, dana, f"?kind=visit&before={older}", htmx=True)
        assert "What happened" not in part
        assert part.count('class="entry"') == 20
        assert "kind=visit&amp;before=" in part

    def test_a_long_story_is_read_by_its_index_and_as_far_as_it_is_shown(
        self, dana: Customer, as_desk: Client
    ) -> None:
        now = timezone.now()
        Interaction.objects.bulk_create(
            Interaction(customer=person, venue=dana.home_venue, occurred_at=now - n * DAY)
            for person in (dana, CustomerFactory.create(home_venue=dana.home_venue))
            for n in range(1000)
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE interactions_interaction")
            place = timeline.Place(now - 500 * DAY, 10**9)
            rows = Interaction.objects.of(dana).newest_first().older_than(place.at, place.pk)[:21]
            sql, params = rows.query.sql_with_params()
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
            plan = json.dumps(cursor.fetchone()[0])
        assert "interaction_timeline" in plan
        assert '"Node Type": "Sort"' not in plan
        assert "OFFSET" not in sql

    def test_what_only_managers_may_read(self, as_desk: Client, as_manager: Client, dana: Customer) -> None:
        InteractionFactory.create(
            customer=dana, summary="Threatened a lawsuit", discretion=Preference.Discretion.MANAGERS_ONLY
        )
        assert "lawsuit" not in page_of(as_desk, dana)
        assert "lawsuit" not in page_of(as_desk, dana, "?kind=visit", htmx=True)
        assert "Nothing logged yet" in page_of(as_desk, dana)
        assert "lawsuit" in page_of(as_manager, dana)

    def test_managers_of_another_venue_may_not(self, dana: Customer, elsewhere: Venue, log_in: Any) -> None:
        other = MembershipFactory.create(venue=elsewhere, role=Role.MANAGER).staff
        InteractionFactory.create(
            customer=dana, summary="Threatened a lawsuit", discretion=Preference.Discretion.MANAGERS_ONLY
        )
        assert "lawsuit" not in page_of(log_in(other), dana)

    def test_what_is_acted_on_silently_is_folded(self, as_desk: Client, dana: Customer) -> None:
        InteractionFactory.create(
            customer=dana, summary="Came alone this time", discretion=Preference.Discretion.ACT_SILENTLY
        )
        folded = page_of(as_desk, dana).split('<details class="discreet">')
        assert "Came alone" not in folded[0]
        assert "Came alone" in folded[-1].split("</details>")[0]

    def test_twenty_entries_cost_as_many_questions_as_one(
        self, as_desk: Client, desk: Staff, dana: Customer
    ) -> None:
        InteractionFactory.create(customer=dana, staff=desk, items=["Tea"])
        page_of(as_desk, dana)
        with CaptureQueriesContext(connection) as one:
            page_of(as_desk, dana)
        for _time in range(19):
            InteractionFactory.create(customer=dana, items=["Tea", "Scone"])
        with CaptureQueriesContext(connection) as twenty:
            page_of(as_desk, dana)
        assert len(twenty) == len(one)


class TestPlace:
    def test_it_is_read_as_it_was_written(self) -> None:
        place = timeline.Place(timezone.now(), 42)
        assert timeline.Place.read(str(place)) == place

    @pytest.mark.parametrize("text", ["", "-", "1", "1-", "-1", "a-b", "١-٢", "9" * 30 + "-1", "1-2-3"])
    def test_anything_else_is_no_place(self, text: str) -> None:
        assert timeline.Place.read(text) is None


class TestLog:
    def test_one_line_is_enough(self, as_desk: Client, desk: Staff, dana: Customer) -> None:
        answer = send(as_desk, dana, summary="Sat by the window")
        assert answer.status_code == 200
        assert "Sat by the window" in answer.content.decode()
        assert "<html" not in answer.content.decode()
        made = Interaction.objects.get()
        assert (made.staff, made.kind, made.channel) == (desk, "visit", "in_person")
        assert toast_of(answer)["undo"] == f"/interactions/{made.pk}/undo/"

    def test_enter_twice_logs_once(self, as_desk: Client, dana: Customer) -> None:
        token = str(uuid.uuid4())
        for _press in range(2):
            assert send(as_desk, dana, summary="Once", token=token).status_code == 200
        assert Interaction.objects.count() == 1

    def test_the_box_comes_back_empty_with_a_new_token(self, as_desk: Client, dana: Customer) -> None:
        token = str(uuid.uuid4())
        part = send(as_desk, dana, summary="Once", token=token).content.decode()
        assert token not in part
        assert 'value="Once"' not in part

    def test_a_call_is_by_phone_unless_somebody_says_otherwise(self, as_desk: Client, dana: Customer) -> None:
        send(as_desk, dana, summary="Rang", kind="call")
        send(as_desk, dana, summary="Rang", kind="call", channel="chat")
        assert list(Interaction.objects.order_by("pk").values_list("channel", flat=True)) == ["phone", "chat"]

    def test_everything_that_can_be_said(self, as_desk: Client, dana: Customer, venue: Venue) -> None:
        yesterday = timezone.localtime(timezone.now() - DAY, venue.zone).replace(
            second=0, microsecond=0, fold=0
        )
        send(
            as_desk,
            dana,
            summary="Lunch",
            items="2 soup, bread",
            words="Lovely",
            outcome="good",
            occurred_at=yesterday.strftime("%Y-%m-%dT%H:%M"),
            party_size="3",
            companions="Robin, Ada",
            amount="41.50",
            discretion="act_silently",
        )
        made = Interaction.objects.get()
        assert [(item.name, item.quantity) for item in made.items.all()] == [("soup", 2), ("bread", 1)]
        assert (made.words, made.outcome, made.occurred_at) == ("Lovely", "good", yesterday)
        assert (made.party_size, made.companions, str(made.amount)) == (3, ["Robin", "Ada"], "41.50")
        assert made.discretion == "act_silently"

    @pytest.mark.parametrize(
        ("fields", "trouble"),
        [
            ({}, "Write what happened"),
            ({"summary": "x", "occurred_at": "2999-01-01T10:00"}, "still to come"),
            ({"summary": "x", "kind": "complaint"}, "not one of the available choices"),
            ({"summary": "x", "amount": "-1"}, "greater than or equal to 0"),
            ({"summary": "x", "items": "a" * 130}, "too long"),
            ({"summary": "x", "companions": "a" * 90}, "too long"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
        self, as_desk: Client, dana: Customer, fields: dict[str, str], trouble: str
    ) -> None:
        for htmx in (True, False):
            answer = (
                send(as_desk, dana, htmx=htmx, words="Their very words", **fields)
                if fields
                else send(as_desk, dana, htmx=htmx)
            )
            page = answer.content.decode()
            assert answer.status_code == 422
            assert trouble in page
            if fields:
                assert "Their very words" in page
        assert not Interaction.objects.exists()

    def test_without_scripts_it_goes_back_to_where_it_was(self, as_desk: Client, dana: Customer) -> None:
        answer = send(as_desk, dana, htmx=False, summary="Plain")
        assert answer.headers["Location"] == f"/customers/{dana.pk}/"
        answer = send(as_desk, dana, htmx=False, summary="Plain", place="desk")
        assert answer.headers["Location"] == f"/?customer={dana.pk}"
        assert "Logged: Dana." in as_desk.get("/").content.decode()

    def test_an_archived_customer_takes_no_entries(self, as_desk: Client, venue: Venue) -> None:
        gone = CustomerFactory.create(home_venue=venue, status="archived", archived_at=timezone.now())
        assert send(as_desk, gone, summary="Hello").status_code == 404

    def test_looking_does_not_log(self, as_desk: Client, dana: Customer) -> None:
        assert as_desk.get(f"/customers/{dana.pk}/log/").status_code == 405


class TestUsual:
    def test_it_logs_what_they_always_have(self, as_desk: Client, dana: Customer) -> None:
        for n in range(1, 9):
            InteractionFactory.create(
                customer=dana, occurred_at=timezone.now() - n * DAY, items=["Oat flat white"]
            )
        assert "Log the usual" in page_of(as_desk, dana)
        data = {"token": "t", "place": "desk"}
        for _press in range(2):
            answer = as_desk.post(f"/customers/{dana.pk}/usual/", data, headers=HTMX)
        assert "Log the usual" in answer.content.decode()
        made = Interaction.objects.newest_first()[0]
        assert [item.name for item in made.items.all()] == ["Oat flat white"]
        assert Interaction.objects.count() == 9

    def test_without_a_habit_it_logs_a_visit(self, as_desk: Client, dana: Customer) -> None:
        assert "Log a visit" in page_of(as_desk, dana)
        as_desk.post(f"/customers/{dana.pk}/usual/", {"token": "t"}, headers=HTMX)
        made = Interaction.objects.get()
        assert (made.kind, made.items.count()) == ("visit", 0)

    def test_the_line_beside_it_can_still_be_logged(self, as_desk: Client, dana: Customer) -> None:
        token = str(uuid.uuid4())
        as_desk.post(f"/customers/{dana.pk}/usual/", {"token": token}, headers=HTMX)
        send(as_desk, dana, summary="And a parcel", token=token)
        assert Interaction.objects.count() == 2


class TestUndo:
    def test_the_toast_takes_it_back(self, as_desk: Client, dana: Customer) -> None:
        undo = toast_of(send(as_desk, dana, summary="Oops"))["undo"]
        answer = as_desk.post(undo, headers={"Sec-Fetch-Dest": "empty"})
        assert answer.status_code == 204
        dana.refresh_from_db()
        assert dana.visit_count == 0
        assert "Taken back." in page_of(as_desk, dana)

    def test_twice_is_no_harm(self, as_desk: Client, dana: Customer) -> None:
        undo = toast_of(send(as_desk, dana, summary="Oops"))["undo"]
        as_desk.post(undo)
        assert "taken back already" in as_desk.post(undo, follow=True).content.decode()

    def test_a_colleague_is_told_why_not(self, as_desk: Client, as_manager: Client, dana: Customer) -> None:
        undo = toast_of(send(as_desk, dana, summary="Mine"))["undo"]
        assert "no longer be taken back" in as_manager.post(undo, follow=True).content.decode()
        assert Interaction.objects.count() == 1

    def test_only_ones_own_entries_offer_it(
        self, as_desk: Client, as_manager: Client, dana: Customer
    ) -> None:
        undo = toast_of(send(as_desk, dana, summary="Mine"))["undo"]
        assert undo in page_of(as_desk, dana)
        assert undo not in page_of(as_manager, dana)


class TestCorrect:
    @pytest.fixture
    def made(self, dana: Customer, desk: Staff) -> Interaction:
        made: Interaction = InteractionFactory.create(
            customer=dana, staff=desk, summary="Flat wite", items=["Flat wite"]
        )
        return made

    def data(self, made: Interaction, **fields: Any) -> dict[str, Any]:
        moment = timezone.localtime(made.occurred_at, made.venue.zone)
        return {
            "seen": 0,
            "kind": made.kind,
            "channel": made.channel,
            "summary": made.summary,
            "items": "Flat white",
            "occurred_at": moment.strftime("%Y-%m-%dT%H:%M"),
            "discretion": made.discretion,
            **fields,
        }

    def test_the_form_begins_with_what_it_says(self, as_desk: Client, made: Interaction) -> None:
        page = as_desk.get(f"/interactions/{made.pk}/correct/").content.decode()
        assert page.count('value="Flat wite"') == 2

    def test_it_is_put_right_and_the_old_words_are_kept(
        self, as_desk: Client, dana: Customer, made: Interaction
    ) -> None:
        path = f"/interactions/{made.pk}/correct/"
        answer = as_desk.post(path, self.data(made, summary="Flat white"))
        assert answer.headers["Location"] == f"/customers/{dana.pk}/"
        before = made.occurred_at
        made.refresh_from_db()
        assert (made.summary, made.occurred_at) == ("Flat white", before)
        assert [item.name for item in made.items.all()] == ["Flat white"]
        assert "Flat wite" in as_desk.get(path).content.decode()
        assert "corrected" in page_of(as_desk, dana)

    def test_what_was_logged_as_the_clocks_went_back_keeps_its_hour(
        self, as_desk: Client, made: Interaction
    ) -> None:
        second_half_past_one = datetime(2025, 10, 26, 1, 30, 20, tzinfo=UTC)
        made.occurred_at = second_half_past_one
        made.save()
        data = self.data(made, summary="Tea", seen=capture.version_of(made))
        answer = as_desk.post(f"/interactions/{made.pk}/correct/", data)
        assert answer.status_code == 302
        made.refresh_from_db()
        assert (made.summary, made.occurred_at) == ("Tea", second_half_past_one)

    def test_the_second_of_two_sees_what_the_first_wrote(
        self, as_desk: Client, as_manager: Client, made: Interaction
    ) -> None:
        path = f"/interactions/{made.pk}/correct/"
        as_manager.post(path, self.data(made, summary="Theirs"))
        answer = as_desk.post(path, self.data(made, summary="Mine"))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Theirs" in page
        assert 'value="Mine"' in page
        again = as_desk.post(path, self.data(made, summary="Mine", seen=1))
        assert again.status_code == 302
        made.refresh_from_db()
        assert made.summary == "Mine"

    def test_a_colleague_may_not(self, as_concierge: Client, made: Interaction) -> None:
        answer = as_concierge.post(
            f"/interactions/{made.pk}/correct/", self.data(made, summary="No"), follow=True
        )
        assert "Only who logged it" in answer.content.decode()
        made.refresh_from_db()
        assert made.summary == "Flat wite"

    def test_what_somebody_may_not_read_is_not_there(
        self, as_desk: Client, dana: Customer, desk: Staff
    ) -> None:
        hidden = InteractionFactory.create(customer=dana, staff=desk, discretion="managers_only")
        assert as_desk.get(f"/interactions/{hidden.pk}/correct/").status_code == 404
