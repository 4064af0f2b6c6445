"""The demo business: the same for the same seed and day, and true to its own rules."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from crm.hands import by_many_hands
from customers.keys import wrong
from customers.models import ContactPoint, Customer, ImportantDate, Preference
from customers.tests.factories import PreferenceFactory
from interactions.models import Complaint, FollowUp, Interaction, Visit
from interactions.reconcile import reconcile_counters
from interactions.tests.factories import InteractionFactory
from reports.demo import build as building
from reports.demo.arrivals import ENOUGH, keep_coming
from reports.demo.build import Chunk, build, make_people
from reports.demo.copying import as_text
from reports.demo.house import is_demo
from reports.demo.menu import MENUS
from reports.demo.people import MOST_INTERACTIONS, Person, Place, make_person, share_out
from reports.demo.tables import Ids, ids_after
from staff.models import Membership, Role, Staff, Venue

NOW = datetime(2026, 3, 11, 9, 30, tzinfo=UTC)


def place(country: str = "GB", industry: str = "cafe") -> Place:
    return Place(1, country, zoneinfo.ZoneInfo("Europe/London"), MENUS[industry], (1, 2, 3))


def person(index: int, count: int = 12, country: str = "GB", industry: str = "cafe") -> Person:
    return make_person(index, Random(index), NOW, count, place(country, industry))


@given(customers=st.integers(0, 3_000), spare=st.integers(0, 20_000))
def test_shares_add_up_to_what_was_asked_for(customers: int, spare: int) -> None:
    shares = share_out(customers, customers + spare)
    assert len(shares) == customers
    assert sum(shares) == (customers + spare if customers else 0)
    assert all(share >= 1 for share in shares)


def test_a_few_regulars_come_very_often_and_most_seldom() -> None:
    shares = sorted(share_out(2_000, 40_000))
    assert shares[-1] > 20 * shares[1_000]
    assert shares[-1] <= MOST_INTERACTIONS + 1


@given(index=st.integers(0, 10_000), count=st.integers(0, 40))
def test_nothing_of_a_made_up_person_lies_in_the_future(index: int, count: int) -> None:
    made = person(index, count)
    assert len(made.events) == count
    assert all(event.at <= NOW for event in made.events)
    assert made.visits() == sorted(made.visits())
    assert all(told.recorded_at <= (told.confirmed_at or NOW) <= NOW for told in made.facts)
    assert all(trouble.opened_at < (trouble.resolved_at or NOW) for trouble in made.troubles)


def test_the_same_seed_makes_the_same_person() -> None:
    assert person(7) == person(7)
    assert person(7) != person(8)


def test_chinese_guests_come_with_and_without_romanisation() -> None:
    guests = [person(n, 1, "CN", "restaurant").name for n in range(200)]
    chinese = [name for name in guests if name.native]
    assert 0 < sum(1 for name in chinese if not name.full) < len(chinese)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "\\N"),
        ("tab\there\nand \\", "tab\\there\\nand \\\\"),
        (["a b", 'say "x"'], '{"a b","say \\\\"x\\\\""}'),
        ([1, 2], "{1,2}"),
        (True, "t"),
        (4.5, "4.5"),
    ],
)
def test_values_are_written_as_copy_reads_them(value: object, text: str) -> None:
    assert as_text(value) == text


def chunks(*counts: int) -> list[Chunk]:
    ids: Ids = dict.fromkeys((Customer, Preference, Interaction, Complaint), 1)
    made = []
    for first, count in zip((0, *counts), counts, strict=False):
        made.append(Chunk(first, [6] * count, 1, NOW, [place(), place("CN", "restaurant")], ids))
        ids = ids_after(ids, count, 6 * count)
    return made


def test_many_hands_make_the_same_people_as_one_and_no_number_twice() -> None:
    alone = list(map(make_people, chunks(60, 60)))

    assert list(by_many_hands(make_people, chunks(60, 60), processes=2)) == alone

    for copied in zip(*(batches for _count, batches in alone), strict=True):
        statement, lines = copied[0][0], "".join(lines for _statement, lines in copied)
        numbers = [int(line.split("\t")[0]) for line in lines.splitlines()]
        if '("id"' in statement:
            assert len(numbers) == len(set(numbers)) > 0


def test_a_demo_by_many_hands_is_as_true(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "_MANY", 100)
    monkeypatch.setattr(building, "CHUNK", 50)

    build(customers=170, interactions=1_000, seed=3, now=NOW)

    assert (Customer.objects.count(), Interaction.objects.count()) == (170, 1_000)
    assert reconcile_counters() == []
    assert wrong(Customer.objects.values_list("pk", flat=True)) == []
    # Those who come later are numbered after those who were copied in.
    last = Customer.objects.latest("pk")
    PreferenceFactory.create(customer=last)
    InteractionFactory.create(customer=last)


@pytest.fixture
def demo(db: None) -> None:
    build(customers=150, interactions=1_500, seed=3, now=NOW)


@pytest.mark.usefixtures("demo")
def test_it_makes_as_many_as_asked_for_with_counters_that_are_right() -> None:
    assert Customer.objects.count() == 150
    assert Interaction.objects.count() == 1_500
    assert reconcile_counters() == []
    assert wrong(Customer.objects.values_list("pk", flat=True)) == []
    assert is_demo()


@pytest.mark.usefixtures("demo")
def test_it_has_the_texture_of_the_real_thing() -> None:
    assert set(Membership.objects.values_list("role", flat=True)) == set(Role.values)
    assert 12 <= Staff.objects.count() <= 14
    assert ContactPoint.objects.filter(normalised="+442079460321").count() == 3
    assert Customer.objects.filter(full_name="Anna Müller").count() == 2
    assert Customer.objects.filter(full_name="").exclude(native_name="").exists()
    assert FollowUp.objects.due_by(NOW).filter(kind="recovery").exists()
    nia = Customer.objects.get(full_name="Nia Bevan")
    assert Complaint.objects.filter(customer=nia, category="wait").count() == 2
    dana = Customer.objects.get(full_name="Dana Whitfield")
    for complaint in Complaint.objects.filter(customer__in=[nia, dana]).prefetch_related("steps"):
        states = [step.state for step in complaint.steps.all()]
        assert states[:2] == ["heard", "owned"]
        assert states[-1] == complaint.state
        assert complaint.steps.all()[0].words == complaint.words != ""
    assert ImportantDate.objects.filter(customer=dana, month=NOW.month, day=NOW.day).exists()
    old = Preference.objects.filter(kind="safety", recorded_at__lt=NOW - timedelta(days=1_000))
    assert old.filter(confirmed_at=None).exists()
    assert Preference.objects.filter(discretion="managers_only").exists()


@pytest.mark.usefixtures("demo")
def test_new_rows_can_be_added_after_those_that_were_copied_in() -> None:
    venue = Venue.objects.get(slug="harbour-cafe")
    added = Customer.objects.create(full_name="New Guest", home_venue=venue)
    assert Interaction.objects.create(customer=added, venue=venue).pk > 1_500


@pytest.mark.usefixtures("demo")
def test_guests_are_always_expected_in_the_next_hours() -> None:
    venues = {venue.slug: venue for venue in Venue.objects.all()}
    later = NOW + timedelta(days=4)
    assert keep_coming(venues, NOW, 3) > 0
    assert keep_coming(venues, later, 3) > 0
    for venue in venues.values():
        soon = Visit.objects.at(venue).expected_between(later, later + timedelta(hours=6))
        assert soon.count() >= ENOUGH
    assert keep_coming(venues, later, 3) == 0


@pytest.mark.django_db
def test_the_command_makes_it_once_and_says_why_not_twice(
    settings: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.VAR_DIR = tmp_path  # type: ignore[attr-defined]  # pytest-django's fixture has no type
    call_command("demo", customers=120, interactions=600, verbosity=0)
    lines = (tmp_path / "demo-logins.txt").read_text().splitlines()
    assert {line.split("\t")[0] for line in lines} == set(Role.values)
    with pytest.raises(CommandError, match="make reset"):
        call_command("demo", customers=120, interactions=600, verbosity=0)


@pytest.mark.django_db
def test_arrivals_need_a_demo_business() -> None:
    with pytest.raises(CommandError, match="make demo"):
        call_command("demo", arrivals=True)
