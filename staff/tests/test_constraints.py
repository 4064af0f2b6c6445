"""What the database refuses, also when every form is bypassed."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import Model
from django.db.utils import DataError
from django.utils import timezone

from staff.models import AccessLog, ApiKey, Membership, Rota, Shift, Staff, Terminal, Venue
from staff.tests.factories import RotaFactory, ShiftFactory, StaffFactory, TerminalFactory


def refused(row: Model, **wrong: Any) -> str:
    """Which constraint refuses the row with these values, written past every form."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).update(**wrong)
    return str(caught.value.__cause__.diag.constraint_name)  # type: ignore[union-attr]  # psycopg's diagnosis


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"name": ""}, "venue_name_given"),
        ({"industry": "circus"}, "venue_industry_known"),
        ({"language": "tlh"}, "venue_language_known"),
        ({"country": "gb"}, "venue_country_two_letters"),
        ({"currency": "GB"}, "venue_currency_three_letters"),
    ],
)
def test_venue(venue: Venue, wrong: dict[str, Any], constraint: str) -> None:
    assert refused(venue, **wrong) == constraint


def test_venue_in_a_zone_that_does_not_exist(venue: Venue) -> None:
    with pytest.raises(DataError), transaction.atomic():
        Venue.objects.filter(pk=venue.pk).update(time_zone="Europe/Atlantis")


def test_two_venues_of_one_slug(venue: Venue, elsewhere: Venue) -> None:
    assert "slug" in refused(elsewhere, slug=venue.slug)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"name": ""}, "shift_named"),
        ({"starts": time(6), "ends": time(6)}, "shift_takes_time"),
        ({"weekdays": []}, "shift_has_weekdays"),
        ({"weekdays": [7]}, "shift_weekdays_real"),
        ({"weekdays": [-1]}, "shift_weekdays_real"),
    ],
)
def test_shift(venue: Venue, wrong: dict[str, Any], constraint: str) -> None:
    assert refused(ShiftFactory.create(venue=venue), **wrong) == constraint


def test_two_shifts_of_one_name_at_a_venue(venue: Venue) -> None:
    ShiftFactory.create(venue=venue, name="Early")
    late: Shift = ShiftFactory.create(venue=venue, name="Late")

    assert refused(late, name="EARLY") == "shift_name_once_a_venue"


def test_one_name_for_shifts_of_two_venues(venue: Venue, elsewhere: Venue) -> None:
    ShiftFactory.create(venue=venue, name="Early")

    assert ShiftFactory.create(venue=elsewhere, name="Early").pk


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"email": "SAM@EXAMPLE.COM"}, "staff_email_once"),
        ({"badge_number": "7"}, "staff_badge_once"),
        ({"display_name": ""}, "staff_name_given"),
        ({"language": "tlh"}, "staff_language_known"),
        ({"quiet_from": "22:00"}, "staff_quiet_hours_whole"),
        ({"quiet_until": "07:00"}, "staff_quiet_hours_whole"),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, "staff_quiet_hours_whole"),
    ],
)
def test_staff(desk: Staff, wrong: dict[str, Any], constraint: str) -> None:
    Staff.objects.filter(pk=desk.pk).update(badge_number="7")

    assert refused(StaffFactory.create(), **wrong) == constraint


def test_many_people_without_a_badge(db: None) -> None:
    assert {StaffFactory.create().badge_number for _ in range(2)} == {""}


def test_one_current_membership_a_venue(venue: Venue, desk: Staff) -> None:
    with pytest.raises(IntegrityError, match="membership_once_a_venue"), transaction.atomic():
        Membership.objects.create(staff=desk, venue=venue, role="concierge")


def test_a_new_membership_after_the_old_one_ended(venue: Venue, desk: Staff) -> None:
    desk.memberships.update(ended_at=timezone.now())

    assert Membership.objects.create(staff=desk, venue=venue, role="concierge").pk


def test_membership_role(desk: Staff) -> None:
    assert refused(desk.memberships.get(), role="king") == "membership_role_known"


def test_membership_that_ends_before_it_starts(desk: Staff) -> None:
    membership = desk.memberships.get()
    before = membership.started_at - timedelta(seconds=1)

    assert refused(membership, ended_at=before) == "membership_ends_after_start"


def test_rota_twice(venue: Venue, desk: Staff) -> None:
    shift = ShiftFactory.create(venue=venue)
    row: Rota = RotaFactory.create(shift=shift, staff=desk, day="2026-11-22")
    RotaFactory.create(shift=shift, staff=desk, day="2026-11-23")

    assert refused(row, day="2026-11-23") == "rota_once"


def test_terminal_without_a_name(venue: Venue, manager: Staff) -> None:
    assert refused(TerminalFactory.create(venue=venue, enrolled_by=manager), name="") == "terminal_named"


def test_two_terminals_of_one_name_at_a_venue(venue: Venue, manager: Staff) -> None:
    TerminalFactory.create(venue=venue, enrolled_by=manager, name="Counter")
    other: Terminal = TerminalFactory.create(venue=venue, enrolled_by=manager, name="Bar")

    assert refused(other, name="COUNTER") == "terminal_name_once_a_venue"


def test_the_name_of_a_terminal_that_was_taken_back_is_free(venue: Venue, manager: Staff) -> None:
    TerminalFactory.create(venue=venue, enrolled_by=manager, name="Counter", revoked_at=timezone.now())

    assert TerminalFactory.create(venue=venue, enrolled_by=manager, name="Counter").pk


def test_two_terminals_of_one_token(venue: Venue, manager: Staff) -> None:
    one, other = (TerminalFactory.create(venue=venue, enrolled_by=manager) for _ in range(2))

    assert "token_hash" in refused(other, token_hash=one.token_hash)


@pytest.fixture
def looked(venue: Venue, desk: Staff) -> AccessLog:
    """A line of the access log."""
    return AccessLog.objects.create(
        staff=desk, venue=venue, action="opened", subject="customer", subject_id=1
    )


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [({"subject": ""}, "access_subject_given"), ({"action": "guessed"}, "access_action_known")],
)
def test_access_log(venue: Venue, desk: Staff, wrong: dict[str, Any], constraint: str) -> None:
    line = {"staff": desk, "venue": venue, "action": "opened", "subject": "customer", **wrong}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AccessLog.objects.create(**line)


def test_the_access_log_is_only_added_to(looked: AccessLog) -> None:
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        AccessLog.objects.filter(pk=looked.pk).update(subject_id=2)
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        AccessLog.objects.filter(pk=looked.pk).delete()
    with (
        pytest.raises(ProgrammingError, match="Cannot update or delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM staff_accesslog")

    assert AccessLog.objects.filter(pk=looked.pk, subject_id=1).exists()


def test_who_looked_cannot_be_deleted(looked: AccessLog, desk: Staff) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        desk.delete()


def test_a_change_is_kept_without_the_secret(desk: Staff) -> None:
    desk.set_pin("4711")
    desk.save()
    event = desk.events.get()  # type: ignore[attr-defined]  # by tracked()

    assert event.display_name == "Sam"
    assert not hasattr(event, "pin_hash")
    assert not hasattr(event, "password")


def test_key_of_another_program(desk: Staff) -> None:
    key = ApiKey.objects.create(membership=desk.memberships.get(), name="Telephone", token_hash="a")

    assert refused(key, name="") == "api_key_named"
    assert refused(key, revoked_at=key.made_at - timedelta(seconds=1)) == "api_key_revoked_after_made"


def test_two_keys_of_one_token(desk: Staff) -> None:
    ApiKey.objects.create(membership=desk.memberships.get(), name="Telephone", token_hash="a")
    with pytest.raises(IntegrityError, match="token_hash"), transaction.atomic():
        ApiKey.objects.create(membership=desk.memberships.get(), name="Till", token_hash="a")


def test_the_day_starts_when_the_venue_says(venue: Venue) -> None:
    zone = venue.zone

    assert venue.business_day(datetime(2026, 11, 22, 3, 59, tzinfo=zone)).isoformat() == "2026-11-21"
    assert venue.business_day(datetime(2026, 11, 22, 4, 0, tzinfo=zone)).isoformat() == "2026-11-22"
