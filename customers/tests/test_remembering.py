"""What happens to a remembered thing: each verb, each way back, and two people at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from customers import remembering
from customers.models import Confirmation, Customer, Preference
from customers.tests.factories import CustomerFactory, PreferenceFactory
from staff.models import Membership, Staff, Venue

NOW = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(days=100)
MembershipOf = Callable[[Staff], Membership]


@pytest.fixture
def dana(venue: Venue) -> Customer:
    """A regular."""
    return CustomerFactory.create(preferred_name="Dana", home_venue=venue)


@pytest.fixture
def oat(dana: Customer) -> Preference:
    """What Dana likes, written down a while ago."""
    return PreferenceFactory.create(customer=dana, value="Oat milk", recorded_at=BEFORE)


def test_a_thing_is_remembered_with_who_and_when(dana: Customer, sam: Membership) -> None:
    row = remembering.remember(dana, sam, now=NOW, kind="need", value="Step-free", detail="Uses a frame")
    row.refresh_from_db()
    assert (row.customer, row.recorded_by, row.recorded_at) == (dana, sam.staff, NOW)
    assert (row.kind, row.value, row.detail, row.status) == ("need", "Step-free", "Uses a frame", "stated")


def test_a_confirmation_is_dated_and_makes_it_certain_again(oat: Preference, sam: Membership) -> None:
    assert oat.freshness(NOW).probability < 0.8
    heard = remembering.confirm(oat.pk, sam, now=NOW)
    oat.refresh_from_db()
    assert (oat.status, oat.confirmed_at, oat.confirmed_by) == ("confirmed", NOW, sam.staff)
    assert (heard.outcome, heard.at, heard.by) == ("confirmed", NOW, sam.staff)
    assert oat.freshness(NOW).probability == 1


def test_the_second_confirmation_of_one_hearing_is_told_of_the_first(
    oat: Preference, sam: Membership
) -> None:
    first = remembering.confirm(oat.pk, sam, now=NOW)
    with pytest.raises(remembering.AlreadyHeardError) as told:
        remembering.confirm(oat.pk, sam, now=NOW + timedelta(minutes=9))
    assert told.value.heard == first
    remembering.confirm(oat.pk, sam, now=NOW + timedelta(minutes=11))
    assert oat.confirmations.count() == 2


def test_undoing_a_confirmation_brings_back_what_was_there_before(oat: Preference, sam: Membership) -> None:
    remembering.confirm(oat.pk, sam, now=NOW)
    second = remembering.confirm(oat.pk, sam, now=NOW + timedelta(days=1))
    remembering.undo_hearing(second.pk, sam, now=NOW + timedelta(days=1))
    oat.refresh_from_db()
    assert (oat.status, oat.confirmed_at) == ("confirmed", NOW)
    first = oat.confirmations.get(undone_at=None)
    remembering.undo_hearing(first.pk, sam, now=NOW + timedelta(days=1))
    oat.refresh_from_db()
    assert (oat.status, oat.confirmed_at, oat.confirmed_by) == ("stated", None, None)
    assert oat.freshness(NOW).probability < 0.8


def test_an_earlier_confirmation_is_not_undone_over_a_later_one(oat: Preference, sam: Membership) -> None:
    first = remembering.confirm(oat.pk, sam, now=NOW)
    remembering.confirm(oat.pk, sam, now=NOW + timedelta(days=1))
    with pytest.raises(remembering.CannotUndoError):
        remembering.undo_hearing(first.pk, sam, now=NOW + timedelta(days=1))


def test_a_contradiction_makes_it_a_question_until_it_is_undone(oat: Preference, sam: Membership) -> None:
    remembering.confirm(oat.pk, sam, now=NOW)
    against = remembering.contradict(oat.pk, sam, now=NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=2)
    assert Preference.objects.get(pk=oat.pk).freshness(later).label == "ask"
    remembering.undo_hearing(against.pk, sam, now=later)
    assert Preference.objects.get(pk=oat.pk).freshness(later).label == "sure"
    with pytest.raises(remembering.CannotUndoError):
        remembering.undo_hearing(against.pk, sam, now=later)


def test_seeing_it_again_freshens_a_like_but_not_a_safety_fact(
    oat: Preference, dana: Customer, sam: Membership
) -> None:
    nuts = PreferenceFactory.create(
        customer=dana, kind="safety", category="peanut", recorded_at=NOW - timedelta(days=500)
    )
    for row in (oat, nuts):
        remembering.see_again(row.pk, sam, now=NOW)
    assert Preference.objects.get(pk=oat.pk).freshness(NOW).probability == 1
    assert Preference.objects.get(pk=nuts.pk).freshness(NOW).label == "ask"


def test_a_change_keeps_the_old_row_and_opens_one_that_supersedes_it(
    oat: Preference, sam: Membership
) -> None:
    soy = remembering.change(oat.pk, sam, now=NOW, why="changed", value="Soy milk")
    oat.refresh_from_db()
    assert (oat.value, oat.status, oat.retired_at, oat.retired_by, oat.retired_why) == (
        "Oat milk", "expired", NOW, sam.staff, "changed",
    )  # fmt: skip
    assert (soy.value, soy.supersedes, soy.category, soy.recorded_by) == (
        "Soy milk",
        oat,
        oat.category,
        sam.staff,
    )
    known = Preference.objects.filter(customer=oat.customer_id)
    assert list(known.known()) == [soy]
    assert list(known.known_on(NOW - timedelta(days=1))) == [oat]
    assert list(known.true_on(date(2026, 5, 11))) == [oat]
    assert list(known.true_on(date(2026, 5, 12))) == [soy]


def test_a_correction_says_that_the_old_one_was_never_true(oat: Preference, sam: Membership) -> None:
    soy = remembering.change(oat.pk, sam, now=NOW, why="misheard", was_wrong=True, value="Soy milk")
    oat.refresh_from_db()
    assert oat.status == "refuted"
    everything = Preference.objects.filter(customer=oat.customer_id)
    assert list(everything.true_on(date(2026, 3, 1))) == [soy]
    assert list(everything.known_on(NOW - timedelta(days=1))) == [oat]


def test_a_change_of_what_had_run_out_does_not_run_out_with_it(dana: Customer, sam: Membership) -> None:
    old = PreferenceFactory.create(customer=dana, recorded_at=BEFORE, valid_until=date(2026, 4, 1))
    new = remembering.change(old.pk, sam, now=NOW, why="changed", value="Soy milk")
    old.refresh_from_db()
    assert (old.valid_until, new.valid_from, new.valid_until) == (date(2026, 4, 1), date(2026, 5, 12), None)


def test_undoing_a_change_restores_the_old_row_and_leaves_no_trace_of_the_new(
    oat: Preference, sam: Membership
) -> None:
    soy = remembering.change(oat.pk, sam, now=NOW, why="changed", value="Soy milk")
    remembering.undo_change(soy.pk, sam, now=NOW)
    assert not Preference.objects.filter(pk=soy.pk).exists()
    oat.refresh_from_db()
    assert (oat.status, oat.retired_at, oat.retired_by, oat.retired_why, oat.valid_until) == (
        "stated", None, None, "", None,
    )  # fmt: skip


def test_a_change_that_was_confirmed_since_is_not_undone(oat: Preference, sam: Membership) -> None:
    soy = remembering.change(oat.pk, sam, now=NOW, why="changed", value="Soy milk")
    remembering.confirm(soy.pk, sam, now=NOW)
    with pytest.raises(remembering.CannotUndoError):
        remembering.undo_change(soy.pk, sam, now=NOW)


def test_a_change_says_nothing_of_who_wrote_it_or_when(oat: Preference, sam: Membership) -> None:
    with pytest.raises(TypeError, match="recorded_at"):
        remembering.change(oat.pk, sam, now=NOW, why="changed", recorded_at=BEFORE)


@pytest.mark.parametrize(
    ("verb", "status", "true_before"),
    [(remembering.retire, "expired", True), (remembering.refute, "refuted", False)],
)
def test_an_end_has_a_reason_and_can_be_undone(
    verb: Any, status: str, true_before: bool, oat: Preference, sam: Membership
) -> None:
    verb(oat.pk, sam, now=NOW, why="they told us so")
    oat.refresh_from_db()
    assert (oat.status, oat.retired_at, oat.retired_by, oat.retired_why) == (
        status, NOW, sam.staff, "they told us so",
    )  # fmt: skip
    rows = Preference.objects.filter(pk=oat.pk)
    assert not rows.known().exists()
    assert rows.true_on(date(2026, 3, 1)).exists() is true_before
    assert not rows.true_on(date(2026, 5, 13)).exists()
    remembering.undo_ending(oat.pk, sam)
    oat.refresh_from_db()
    assert (oat.status, oat.retired_at, oat.retired_why, oat.valid_until) == ("stated", None, "", None)


@pytest.mark.parametrize("again", ["confirm", "contradict", "see_again", "change", "retire", "refute"])
def test_nothing_happens_any_more_to_what_was_ended(again: str, oat: Preference, sam: Membership) -> None:
    remembering.retire(oat.pk, sam, now=NOW, why="they told us so")
    more = {"why": "too late"} if again in {"change", "retire", "refute"} else {}
    with pytest.raises(remembering.EndedError) as told:
        getattr(remembering, again)(oat.pk, sam, now=NOW + timedelta(minutes=1), **more)
    assert (told.value.row.retired_by, told.value.row.retired_why) == (sam.staff, "they told us so")


def test_undoing_what_was_just_written_removes_it_until_somebody_heard_it_again(
    dana: Customer, sam: Membership
) -> None:
    row = remembering.remember(dana, sam, now=NOW, kind="like", value="Window seat")
    remembering.undo_remember(row.pk, sam, now=NOW)
    assert not Preference.objects.exists()
    row = remembering.remember(dana, sam, now=NOW, kind="like", value="Window seat")
    remembering.confirm(row.pk, sam, now=NOW)
    with pytest.raises(remembering.CannotUndoError):
        remembering.undo_remember(row.pk, sam, now=NOW)


def test_only_who_wrote_it_takes_it_away_and_only_that_day(
    dana: Customer, oat: Preference, sam: Membership, manager: Staff, membership_of: MembershipOf
) -> None:
    row = remembering.remember(dana, sam, now=NOW, kind="safety", value="Peanuts", severity="severe")
    soy = remembering.change(oat.pk, sam, now=NOW, why="changed", value="Soy milk")
    for who, when in ((membership_of(manager), NOW), (sam, NOW + timedelta(days=1))):
        with pytest.raises(remembering.CannotUndoError):
            remembering.undo_remember(row.pk, who, now=when)
        with pytest.raises(remembering.CannotUndoError):
            remembering.undo_change(soy.pk, who, now=when)
    assert Preference.objects.known().count() == 2


def test_what_is_for_managers_only_does_not_exist_for_the_desk(
    dana: Customer, sam: Membership, manager: Staff, membership_of: MembershipOf
) -> None:
    secret = PreferenceFactory.create(customer=dana, discretion="managers_only", recorded_at=BEFORE)
    with pytest.raises(Preference.DoesNotExist):
        remembering.confirm(secret.pk, sam, now=NOW)
    assert remembering.confirm(secret.pk, membership_of(manager), now=NOW).preference_id == secret.pk


def both_at_once(first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """Run two verbs at the same time on connections of their own; what each gave or raised."""

    def run(verb: Callable[[], Any]) -> Any:
        try:
            return verb()
        except (remembering.EndedError, remembering.AlreadyHeardError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return [each.result() for each in (pool.submit(run, first), pool.submit(run, second))]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_at_once_one_is_told_and_one_row_holds(oat: Preference, sam: Membership) -> None:
    outcomes = both_at_once(
        lambda: remembering.change(oat.pk, sam, now=NOW, why="changed", value="Soy milk"),
        lambda: remembering.change(oat.pk, sam, now=NOW, why="changed", value="Rice milk"),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["EndedError", "Preference"]
    (holds,) = Preference.objects.filter(customer=oat.customer_id).known()
    assert holds in outcomes


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_counts(oat: Preference, sam: Membership) -> None:
    outcomes = both_at_once(
        lambda: remembering.confirm(oat.pk, sam, now=NOW), lambda: remembering.confirm(oat.pk, sam, now=NOW)
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyHeardError", "Confirmation"]
    assert Confirmation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_confirmation_that_loses_against_a_retirement_is_told(oat: Preference, sam: Membership) -> None:
    both_at_once(
        lambda: remembering.retire(oat.pk, sam, now=NOW, why="they told us so"),
        lambda: remembering.confirm(oat.pk, sam, now=NOW),
    )
    oat.refresh_from_db()
    # Whichever came first, the retirement is not lost under the confirmation.
    assert oat.retired_at == NOW
    assert oat.status == "expired"


@pytest.mark.parametrize(
    ("ends", "holds"),
    [
        (date(2026, 5, 20), (date(2026, 5, 12), date(2026, 5, 20))),
        (date(2026, 5, 1), (date(2026, 5, 1), date(2026, 5, 1))),
        (None, (date(2026, 5, 12), None)),
    ],
    ids=["later", "in the past", "never"],
)
def test_a_change_may_say_when_it_ends(
    ends: date | None, holds: tuple[date, date | None], oat: Preference, sam: Membership
) -> None:
    new = remembering.change(oat.pk, sam, now=NOW, why="changed", value="Soy milk", valid_until=ends)
    assert (new.valid_from, new.valid_until) == holds
