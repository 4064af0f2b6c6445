"""Who is calling: a phone number to one person, a choice, or a guess."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from customers.fits import Fit
from customers.lookup import Hit, look_up
from staff.models import Membership

_LISTED: Final = 9


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
    if not any(map(str.isdecimal, number)):
        return Caller()
    hits = look_up(number, membership, now=now, limit=_LISTED).hits
    known = [hit for hit in hits if hit.fit == Fit.EXACT]
    return Caller(number, known, [] if known else hits)
