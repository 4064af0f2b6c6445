"""Who is calling: a phone number to one person, a choice, or a guess."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from customers.fits import Fit
from customers.lookup import Hit, look_up
from staff.models import Membership

_LISTED: Final = 9
# What softphones hand over whole: "Dana" <sip:+442079460958@exchange;user=phone>.
_ADDRESS: Final = re.compile(r"\b(?:sips?|tel|callto):([^@;>]*)", re.IGNORECASE)

# Who is expected at somebody's venue today: registered by the app above, because imports point downward only.
ExpectedAt = Callable[[Membership, datetime], Collection[int]]
_expected_at: list[ExpectedAt] = []


def tell_who_is_expected(source: ExpectedAt) -> None:
    """Register where the customers expected today come from: of several callers they stand first."""
    _expected_at.append(source)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose number it is (`known`, several when they share it), or else whose it may be (`guesses`)."""

    number: str = ""
    known: list[Hit] = field(default_factory=list)
    guesses: list[Hit] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For the API."""
        return {
            "number": self.number,
            "known": [hit.as_json() for hit in self.known],
            "guesses": [hit.as_json() for hit in self.guesses],
        }


def who_calls(number: str, membership: Membership | None, *, now: datetime) -> Caller:
    """Whose number this is, as a telephone gives it: in any formatting, or nothing when it is withheld."""
    # In an address a plus means a space, and telephone systems forget to write it otherwise.
    number = f"+{number.strip()}" if number.startswith(" ") else number.strip()
    if address := _ADDRESS.search(number):
        number = address.group(1)
    if membership is None or not any(map(str.isdecimal, number)):
        return Caller()
    expected = {customer for source in _expected_at for customer in source(membership, now)}
    hits = look_up(number, membership, now=now, limit=_LISTED, expected=expected).hits
    known = [hit for hit in hits if hit.fit == Fit.EXACT]
    return Caller(number, known, [] if known else hits)
