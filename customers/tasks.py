"""Work on customers in the background."""

from __future__ import annotations

import logging

from celery import shared_task

from customers import keys, tiers

SAMPLE = 500

logger = logging.getLogger(__name__)


@shared_task
def sort_into_tiers() -> int:
    """Move customers who have become more or less regular; gives how many moved."""
    return tiers.sort_out()


@shared_task
def prove_search_keys() -> int:
    """Put right those of a sample of customers whose keys are not what they should be; gives how many."""
    wrong = keys.wrong(keys.sample(SAMPLE))
    if wrong:
        logger.error("search keys were wrong for %d of %d customers: %s", len(wrong), SAMPLE, wrong[:10])
        keys.rebuild(wrong)
    return len(wrong)
