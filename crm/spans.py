"""How long something took, in words: Django's leave a gap in Chinese and call a day by its formal name."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.utils.timesince import timesince
from django.utils.translation import npgettext_lazy

UNITS: Final[dict[str, Any]] = {
    "year": npgettext_lazy("for so long", "%(num)d year", "%(num)d years", "num"),
    "month": npgettext_lazy("for so long", "%(num)d month", "%(num)d months", "num"),
    "week": npgettext_lazy("for so long", "%(num)d week", "%(num)d weeks", "num"),
    "day": npgettext_lazy("for so long", "%(num)d day", "%(num)d days", "num"),
    "hour": npgettext_lazy("for so long", "%(num)d hour", "%(num)d hours", "num"),
    "minute": npgettext_lazy("for so long", "%(num)d minute", "%(num)d minutes", "num"),
}


def span(earlier: datetime, later: datetime, *, depth: int = 2) -> str:
    """The time between two aware moments in its largest units, at most so many."""
    return timesince(earlier, later, time_strings=UNITS, depth=depth)
