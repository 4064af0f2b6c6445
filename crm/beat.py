"""Beat's own sign of life, which needs neither a broker nor a worker."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Any, Final

from celery.beat import PersistentScheduler
from django.conf import settings
from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)

EVERY_SECONDS: Final = 20.0


class Scheduler(PersistentScheduler):
    """Celery's scheduler, which also writes down that it is alive."""

    _noted_at = 0.0

    def setup_schedule(self) -> None:
        """Read the schedule. What has never run is due at once: what waits must not wait for an interval."""
        super().setup_schedule()
        for name, own in settings.CELERY_BEAT_SCHEDULE.items():
            entry, every = self.schedule[name], own["schedule"]
            if not entry.total_run_count and isinstance(every, float):
                entry.last_run_at = entry.default_now() - timedelta(seconds=every)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due; seconds until there is something again. Shows life first."""
        if time.monotonic() > self._noted_at + EVERY_SECONDS or not self._noted_at:
            self._noted_at = time.monotonic()
            note_beat()
        return min(float(super().tick(*args, **kwargs)), EVERY_SECONDS)


def note_beat() -> None:
    """Write down that beat is alive, if the database can be asked; beat goes on in any case."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO crm_heartbeat (name, at) VALUES ('beat', now())"
                " ON CONFLICT (name) DO UPDATE SET at = excluded.at"
            )
    except DatabaseError as error:
        logger.warning("beat could not show that it is alive: %s", error)
    finally:
        connection.close()
