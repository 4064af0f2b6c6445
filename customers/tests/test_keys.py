"""Search keys are what the function gives, after every verb and whoever is first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from customers import belongings, editing, keys, remembering, tasks, tiers
from customers.filling import fill
from customers.management.commands import reindex
from customers.models import ContactPoint, Customer, Preference, Relationship, SearchKeys
from customers.search_keys import NAME, Facts, key, keys_of
from customers.tests.factories import (
    ContactPointFactory,
    CustomerFactory,
    PreferenceFactory,
    RelationshipFactory,
)
from staff.models import Membership, Staff, Venue

NOW = timezone.now()


@pytest.fixture
def as_boss(manager: Staff, membership_of: Callable[[Staff], Membership]) -> Membership:
    return membership_of(manager)


@pytest.fixture
def dana(venue: Venue) -> Customer:
    customer = CustomerFactory.create(preferred_name="Dana", full_name="Dana Whitfield", home_venue=venue)
    keys.refresh([customer.pk])
    return customer


def right(customer: Customer) -> bool:
    """Whether the customer's keys are right; and not for having none."""
    return keys.wrong([customer.pk]) == [] and SearchKeys.objects.filter(pk=customer.pk).exists()


def test_keys_are_what_the_function_gives(dana: Customer) -> None:
    ContactPointFactory.create(customer=dana, value="020 7946 0958")
    ContactPointFactory.create(customer=dana, kind="email", value="dana@example.com")
    RelationshipFactory.create(customer=dana, kind="pet", name="Biscuit")
    PreferenceFactory.create(customer=dana, value="Oat flat white", category="drink")
    assert keys.wrong([dana.pk]) == [dana.pk], "factories write no keys: a forgotten refresh is seen"

    keys.refresh([dana.pk])

    facts = Facts(
        names=["Dana Whitfield", "Dana"],
        phones=["+442079460958"],
        addresses=["dana@example.com"],
        companions=["Biscuit"],
    )
    written = set(SearchKeys.objects.get(pk=dana.pk).keys)
    assert written > set(keys_of(facts))
    assert right(dana)


def test_keys_are_right_after_every_verb(venue: Venue, as_boss: Membership) -> None:
    contact = ContactPoint(kind="phone", value="020 7946 0958", normalised="+442079460958")
    dana = editing.create(as_boss, {"full_name": "Dana Whitfield", "home_venue": venue}, [contact], now=NOW)
    assert right(dana)
    editing.edit(dana.pk, 1, {"full_name": "Dana Moss", "tags": ["press"]})
    assert right(dana)

    said = remembering.remember(dana, as_boss, now=NOW, kind="like", value="Oat milk")
    assert right(dana)
    remembering.confirm(said.pk, as_boss, now=NOW)
    said = remembering.change(said.pk, as_boss, now=NOW, why="moved on", value="Soy milk")
    assert right(dana)
    remembering.undo_change(said.pk, as_boss, now=NOW)
    assert right(dana)
    other = remembering.remember(
        dana, as_boss, now=NOW, kind="topic", value="Sailing", discretion="managers_only"
    )
    assert right(dana)
    remembering.retire(other.pk, as_boss, now=NOW, why="sold the boat")
    assert right(dana)
    remembering.undo_ending(other.pk, as_boss)
    assert right(dana)
    remembering.refute(other.pk, as_boss, now=NOW, why="never did")
    assert right(dana)
    remembering.undo_remember(
        remembering.remember(dana, as_boss, now=NOW, kind="like", value="Tea").pk, as_boss, now=NOW
    )
    assert right(dana)

    pet = Relationship(customer=dana, kind="pet", name="Biscuit")
    belongings.keep(pet)
    assert right(dana)
    event = belongings.remove(pet)
    assert right(dana)
    belongings.restore(Relationship, dana.pk, event)
    assert right(dana)

    editing.archive(dana.pk, as_boss, "moved away", now=NOW)
    assert keys.wrong([dana.pk]) == []
    assert not SearchKeys.objects.filter(pk=dana.pk).exists()
    editing.bring_back(dana.pk)
    assert right(dana)


def test_nothing_is_written_where_nothing_changed(dana: Customer) -> None:
    def version() -> tuple[str, str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT xmin, ctid FROM customers_searchkeys WHERE customer_id = %s", [dana.pk])
            row: tuple[str, str] = cursor.fetchone()
        return row

    keys.hear(dana.pk, ["oat", "croissant"])
    before = version()

    keys.refresh([dana.pk])
    keys.hear(dana.pk, ["croissant", "oat"])

    assert version() == before


def test_words_heard_are_kept_newest_first_and_so_many(dana: Customer) -> None:
    keys.hear(dana.pk, [f"word{n}" for n in range(58)])
    keys.hear(dana.pk, ["oat", "word3", "croissant", "scone"])

    heard = SearchKeys.objects.get(pk=dana.pk).heard

    assert heard[:4] == ["oat", "croissant", "scone", "word0"]
    assert len(heard) == 60
    assert right(dana)


def test_nothing_is_heard_of_those_who_are_put_away(dana: Customer, as_boss: Membership) -> None:
    editing.archive(dana.pk, as_boss, "moved away", now=NOW)

    keys.hear(dana.pk, ["oat"])

    assert not SearchKeys.objects.filter(pk=dana.pk).exists()


def test_a_change_that_is_rolled_back_leaves_the_keys(dana: Customer) -> None:
    before = SearchKeys.objects.get(pk=dana.pk).keys

    def break_off() -> None:
        Customer.objects.filter(pk=dana.pk).update(full_name="Tom Okafor")
        keys.refresh([dana.pk])
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        break_off()

    assert SearchKeys.objects.get(pk=dana.pk).keys == before


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_lose_no_key(dana: Customer) -> None:
    """The second waits for the first to end and then sees what it wrote."""
    first_has_refreshed, second_is_waiting = threading.Event(), threading.Event()

    def first() -> None:
        with transaction.atomic():
            RelationshipFactory.create(customer=dana, kind="pet", name="Biscuit")
            keys.refresh([dana.pk])
            first_has_refreshed.set()
            assert second_is_waiting.wait(60)
            assert somebody_waits_for_a_lock()
        connection.close()

    def second() -> None:
        assert first_has_refreshed.wait(60)
        with transaction.atomic():
            PreferenceFactory.create(customer=dana, value="Oat milk")
            second_is_waiting.set()
            keys.refresh([dana.pk])
        connection.close()

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert right(dana)


def somebody_waits_for_a_lock() -> bool:
    """Whether another connection comes to wait for a lock, within ten seconds."""
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return True
            cursor.execute("SELECT pg_sleep(0.01), pg_stat_clear_snapshot()")
    return False


def test_those_whose_companion_is_renamed_get_new_keys(dana: Customer, venue: Venue) -> None:
    tom = CustomerFactory.create(full_name="Tom Okafor", home_venue=venue)
    RelationshipFactory.create(customer=dana, to=tom, name="")
    keys.refresh([tom.pk])

    Customer.objects.filter(pk=tom.pk).update(full_name="Tomasz Okafor")
    keys.refresh([tom.pk])

    assert right(dana)


# Very many at once


def test_filling_gives_the_same_keys_as_refreshing(venue: Venue, dana: Customer) -> None:
    for n in range(30):
        customer = CustomerFactory.create(
            full_name=f"Łukasz {n} O'Brien", native_name="曾国藩", home_venue=venue
        )
        ContactPointFactory.create(customer=customer)
        PreferenceFactory.create(customer=customer, value='a "quoted", {braced} \\ thing\tor two')
    SearchKeys.objects.all().delete()
    everybody = list(Customer.objects.values_list("pk", flat=True))
    done: list[int] = []

    assert fill(done.append) == sum(done) == len(everybody)
    assert keys.wrong(everybody) == []
    assert fill() == 0


def test_filling_very_many_rebuilds_the_indexes(venue: Venue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("customers.filling._MANY", 10)
    monkeypatch.setattr("customers.filling.BATCH", 7)
    Customer.objects.bulk_create(Customer(full_name=f"Dana {n}", home_venue=venue) for n in range(40))

    assert fill(processes=2) == 40

    assert keys.wrong(list(Customer.objects.values_list("pk", flat=True))) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE indexname LIKE 'search_keys_tier_%'")
        assert cursor.fetchone()[0] == 4


def test_reindex_puts_wrong_keys_right(
    dana: Customer, venue: Venue, capsys: pytest.CaptureFixture[str]
) -> None:
    CustomerFactory.create(full_name="Tom Okafor", home_venue=venue)
    SearchKeys.objects.filter(pk=dana.pk).update(keys=[1, 2, 3])

    call_command("reindex", verbosity=0)

    assert "2 customers" in capsys.readouterr().out
    assert keys.wrong(list(Customer.objects.values_list("pk", flat=True))) == []


def test_reindex_goes_on_where_it_was_broken_off(
    dana: Customer, venue: Venue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path)
    later = CustomerFactory.create(full_name="Tom Okafor", home_venue=venue)
    SearchKeys.objects.filter(pk=dana.pk).update(keys=[1, 2, 3])
    (tmp_path / "reindex-at").write_text(f"{dana.pk} {reindex.rules()}")

    call_command("reindex", verbosity=0)

    assert SearchKeys.objects.get(pk=dana.pk).keys == [1, 2, 3]
    assert right(later)
    call_command("reindex", verbosity=0)
    assert right(dana)
    assert not (tmp_path / "reindex-at").exists()


@pytest.mark.parametrize("kept", ["", "\n", "nowhere", "999999", "999999 0a1b2c3d"])
def test_reindex_starts_anew_where_its_place_cannot_be_read(
    kept: str, dana: Customer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path)
    SearchKeys.objects.filter(pk=dana.pk).update(keys=[1, 2, 3])
    (tmp_path / "reindex-at").write_text(kept)

    call_command("reindex", verbosity=0)

    assert right(dana)
    assert list(tmp_path.iterdir()) == []


def test_the_nightly_proof_puts_right_what_is_wrong(
    dana: Customer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "sample", lambda count: [dana.pk])
    assert tasks.prove_search_keys() == 0
    SearchKeys.objects.filter(pk=dana.pk).update(keys=[1, 2, 3])

    assert tasks.prove_search_keys() == 1

    assert right(dana)
    assert "search keys were wrong" in caplog.text


def test_a_sample_is_of_customers_who_are_there(dana: Customer) -> None:
    assert set(keys.sample(1000)) <= set(Customer.objects.values_list("pk", flat=True))


# Tiers


def test_the_regular_and_recent_are_in_the_first_tier(venue: Venue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiers, "_AT_LEAST", (1, 2, 3))

    def last_seen(days_ago: int, visits: int) -> Customer:
        at = NOW - timedelta(days=days_ago)
        customer = CustomerFactory.create(
            home_venue=venue, visit_count=visits, first_visit_at=at, last_visit_at=at
        )
        keys.refresh([customer.pk])
        return customer

    order = [last_seen(1, 80), last_seen(10, 40), last_seen(100, 3), last_seen(900, 200)]

    moved = tasks.sort_into_tiers()

    found = dict(SearchKeys.objects.values_list("pk", "tier"))
    assert [found[row.pk] for row in order] == [0, 1, 2, 3]
    assert moved == 3
    assert tasks.sort_into_tiers() == 0


def test_tiers_of_nobody(db: None) -> None:
    assert tasks.sort_into_tiers() == 0


def test_keys_of_names_are_asked_for_by_the_same_hash(dana: Customer) -> None:
    assert SearchKeys.objects.filter(keys__contains=[key(NAME, "whit")]).get().pk == dana.pk
    assert not Preference.objects.exists()
