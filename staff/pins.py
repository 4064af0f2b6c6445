"""Trying a PIN: what is right, what is wrong, and how long to wait after too many wrong ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from staff.models import Staff

FREE_FAILURES: Final = 4
"""This many wrong PINs in a row cost nothing; the fifth is the first that has to be waited for."""

FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of trying a PIN: right or not, and until when no other is looked at."""

    right: bool
    locked_until: datetime | None = None


def wait_after(failures: int) -> timedelta:
    """How long to wait after this many wrong PINs in a row: nothing up to four, then a minute, doubling."""
    if failures <= FREE_FAILURES:
        return timedelta(0)
    # Ten doublings are beyond the longest wait anyway.
    doublings: int = min(failures - FREE_FAILURES - 1, 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


@transaction.atomic
def try_pin(person: Staff, pin: str, *, now: datetime) -> Tried:
    """Try a PIN at an aware moment; counts the failures, and looks at no PIN while a wait runs.

    The person's row is locked, so that many tries at once are counted one by one.
    """
    locked = Staff.objects.select_for_update().get(pk=person.pk)
    if locked.pin_locked_until and locked.pin_locked_until > now:
        return Tried(right=False, locked_until=locked.pin_locked_until)
    right = locked.pin_fits(pin)
    locked.pin_failures = 0 if right else min(locked.pin_failures + 1, 1000)
    wait = wait_after(locked.pin_failures)
    locked.pin_locked_until = now + wait if wait else None
    locked.save(update_fields=["pin_failures", "pin_locked_until"])
    return Tried(right=right, locked_until=locked.pin_locked_until)


def forgive(person: Staff) -> None:
    """Forget the failures: the person has shown in a better way who they are."""
    Staff.objects.filter(pk=person.pk).update(pin_failures=0, pin_locked_until=None)
