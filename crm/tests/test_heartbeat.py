"""The proof of life that beat's messages leave."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app
from django.utils import timezone

from crm.beat import Scheduler, note_beat
from crm.models import Heartbeat
from crm.tasks import heartbeat


@pytest.mark.django_db
def test_a_second_heartbeat_replaces_the_first() -> None:
    before = timezone.now()
    heartbeat()
    heartbeat()
    (only,) = Heartbeat.objects.all()
    assert only.name == "worker"
    assert before <= only.at <= timezone.now()


@pytest.mark.django_db(transaction=True)
def test_beat_shows_life_by_itself_and_again() -> None:
    note_beat()
    Heartbeat.objects.filter(name="beat").update(at=timezone.now() - timedelta(minutes=3))
    note_beat()
    (only,) = Heartbeat.objects.all()
    assert only.name == "beat"
    assert timezone.now() - only.at < timedelta(minutes=1)


def test_what_has_never_run_is_due_at_once_and_then_in_its_turn(tmp_path: Path) -> None:
    def scheduler() -> Scheduler:
        return Scheduler(app=current_app, schedule_filename=str(tmp_path / "schedule"))

    def due(beat: Scheduler) -> set[str]:
        return {name for name, entry in beat.schedule.items() if entry.is_due()[0]}

    first = scheduler()
    assert {"dispatch", "brief", "heartbeat"} <= due(first)
    assert "sort-into-tiers" not in due(first)

    for name in due(first):
        first.reserve(first.schedule[name])
    assert due(first) == set()
    first.close()
    again = scheduler()
    assert due(again) == set()
    again.close()
