"""The nightly check: the timeline holds every visit, and the counters say what the timeline does."""

from __future__ import annotations

import logging
from datetime import datetime

from interactions import capture, counters
from interactions.models import Visit
from staff.models import Venue

logger = logging.getLogger(__name__)

BATCH = 5_000


def reconcile_counters(batch: int = BATCH) -> list[counters.Drift]:
    """Look through all customers, mend the counters that drifted, and report each one mended.

    Safe to run at any time and twice: a customer is recounted under their own lock, alone.
    """
    mended = [drift for pk in counters.suspects(batch) if (drift := counters.mend(pk))]
    for drift in mended:
        logger.warning(
            "customer %s: counters mended from %s to %s", drift.customer_id, drift.said, drift.counted
        )
    return mended


def log_forgotten_visits(now: datetime) -> int:
    """Put on the timeline who arrived before this business day and was never logged; give how many."""
    forgotten = [
        pk
        for venue in Venue.objects.filter(closed_at=None)
        for pk in Visit.objects.at(venue)
        .never_logged(venue.day_starts_at(venue.business_day(now)))
        .values_list("pk", flat=True)
    ]
    return sum(capture.log_forgotten(pk, now=now) for pk in forgotten)
