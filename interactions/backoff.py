"""How long to wait before trying again. Pure: the chance comes in as an argument."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=1)
# With the waits above, between twenty hours and two days: an outage over a night is survived.
MOST_ATTEMPTS: Final = 48


def retry_after(attempts: int, chance: float, first: timedelta = FIRST_WAIT) -> timedelta:
    """The wait after so many failed attempts (1 or more): `first`, doubled each time, up to an hour.

    `chance`, from 0 up to 1, takes away up to half of it, so that what failed together does not come back
    together ("equal jitter", Brooker, Exponential Backoff and Jitter, 2015).
    """
    # Beyond a few doublings the longest wait has been reached, and larger powers would overflow.
    doublings: int = 2 ** min(attempts - 1, 20)
    whole = min(first * doublings, LONGEST_WAIT)
    return whole - whole / 2 * chance
