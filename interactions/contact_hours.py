"""At what hours a customer may be written to. Pure: moments and zones come in as arguments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from interactions import scheduling
from interactions.cues.reach import within

Hours = tuple[time, time]
# A day with a change of clocks may skip an hour; no two of these do.
LOOKS_AHEAD: Final = 3


def next_allowed(moment: datetime, zone: ZoneInfo, windows: Sequence[Hours]) -> datetime | None:
    """The first moment at or after this one that lies in every window on the clock of the zone.

    A window that ends before it starts runs past midnight. None when there is no such moment, because
    the windows have nothing in common.
    """
    today = moment.astimezone(zone).date()
    for at in sorted({moment, *_starts(today, zone, windows)}):
        clock = at.astimezone(zone).time().replace(tzinfo=None)
        if at >= moment and all(within(hours, clock) for hours in windows):
            return at
    return None


def _starts(today: date, zone: ZoneInfo, windows: Sequence[Hours]) -> list[datetime]:
    """When each window opens in the next days: only then can a moment become allowed."""
    return [
        scheduling.at_time(today + timedelta(days=ahead), start, zone)
        for ahead in range(LOOKS_AHEAD)
        for start, _end in windows
    ]
