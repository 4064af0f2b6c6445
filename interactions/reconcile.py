"""The nightly check that what is counted on a customer is what their timeline says."""

from __future__ import annotations

import logging

from interactions import counters

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
