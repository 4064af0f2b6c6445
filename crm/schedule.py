"""What beat will send next, reckoned from the schedule in the settings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from celery.schedules import maybe_schedule
from django.conf import settings


def next_runs(now: datetime) -> list[tuple[str, datetime]]:
    """Each thing that beat sends, with the latest moment by which it does so again; the next one first."""
    found = [
        (name, now + _wait(entry["schedule"], now)) for name, entry in settings.CELERY_BEAT_SCHEDULE.items()
    ]
    return sorted(found, key=lambda run: (run[1], run[0]))


def _wait(when: Any, now: datetime) -> timedelta:
    """How long at most until a schedule comes round, whether it is a number of seconds or a time of day."""
    schedule: Any = maybe_schedule(when)
    left: timedelta = schedule.remaining_estimate(now)
    return max(left, timedelta())
