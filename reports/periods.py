"""The stretch of time that a report is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from staff.models import Venue

CHOICES: Final = (30, 90, 365)
DEFAULT: Final = 90


@dataclass(frozen=True, slots=True)
class Period:
    """Whole business days of a venue up to and with the present one, and the moments they start and end."""

    venue: Venue
    days: int
    now: datetime

    @classmethod
    def read(cls, text: str, venue: Venue, now: datetime) -> Period:
        """The period of as many days as the text says, if it is one we offer; else of ninety."""
        days = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else DEFAULT
        return cls(venue, days if days in CHOICES else DEFAULT, now)

    @property
    def last_day(self) -> date:
        """The present business day."""
        return self.venue.business_day(self.now)

    @property
    def first_day(self) -> date:
        """The first business day that counts."""
        return self.last_day - timedelta(days=self.days - 1)

    @property
    def start(self) -> datetime:
        """The moment from which on things count."""
        return self.venue.day_starts_at(self.first_day)
