"""The proof of life that beat's messages leave."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.beat import note_beat
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
