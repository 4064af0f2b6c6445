"""The proof of life that beat's messages leave."""

from __future__ import annotations

import pytest
from django.utils import timezone

from crm.models import Heartbeat
from crm.tasks import heartbeat


@pytest.mark.django_db
def test_a_second_heartbeat_replaces_the_first() -> None:
    before = timezone.now()
    heartbeat()
    heartbeat()
    (only,) = Heartbeat.objects.all()
    assert only.name == "beat"
    assert before <= only.at <= timezone.now()
