"""Whether the house says truthfully that it works."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from crm import health
from crm.models import Heartbeat


@pytest.fixture
def _fresh_beat(db: None) -> None:
    for name in ("beat", "worker"):
        Heartbeat.objects.create(name=name, at=timezone.now())


def send_message(waiting_for: timedelta) -> None:
    """Put a message into the queue that could have been taken for so long."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgmq.create('celery')")
        cursor.execute("SELECT pgmq.send('celery', '{}'::jsonb)")
        cursor.execute(
            "UPDATE pgmq.q_celery SET vt = now() - make_interval(secs => %s)", [waiting_for.total_seconds()]
        )


def test_livez_asks_nobody(client: Client) -> None:
    answer = client.get("/livez")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.usefixtures("_fresh_beat")
def test_readyz_is_ready_when_all_is_well(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "faults": {}}


@pytest.mark.usefixtures("_fresh_beat")
@pytest.mark.parametrize("name", ["beat", "worker"])
def test_readyz_misses_a_sign_of_life(client: Client, name: str) -> None:
    Heartbeat.objects.filter(name=name).update(at=timezone.now() - timedelta(minutes=3))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert list(answer.json()["faults"]) == [name]
    Heartbeat.objects.filter(name=name).delete()
    assert list(client.get("/readyz").json()["faults"]) == [name]


@pytest.mark.usefixtures("_fresh_beat")
def test_readyz_sees_messages_that_nobody_takes(client: Client) -> None:
    send_message(timedelta(minutes=4))
    assert client.get("/readyz").status_code == 200
    send_message(timedelta(minutes=6))
    assert list(client.get("/readyz").json()["faults"]) == ["queue"]


@pytest.mark.usefixtures("_fresh_beat")
def test_readyz_misses_a_migration(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'crm'")
    assert "not applied" in client.get("/readyz").json()["faults"]["migrations"]


@pytest.mark.django_db
def test_readyz_tells_of_a_database_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(connection, "cursor", gone)
    assert health.find_faults() == {"database": "cannot be used: DatabaseError"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_nothing_is_changed_by_asking(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
