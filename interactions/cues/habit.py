"""How often they come, how long they have been away, and when their days come round. Pure."""

from __future__ import annotations

import itertools
from datetime import date, datetime
from statistics import median

from customers.occasions import next_day
from interactions.cues.dossier import Anniversary, Dossier


def gap_days(dossier: Dossier) -> float | None:
    """Days since the visit before this one; None when there was none."""
    last = _last_visit_before_today(dossier)
    return (dossier.moment.now - last).total_seconds() / 86400 if last is not None else None


def _last_visit_before_today(dossier: Dossier) -> datetime | None:
    moment = dossier.moment
    last = dossier.person.last_visit_at
    if last is not None and moment.day_of(last) == moment.today:
        earlier = [
            one.at
            for one in dossier.happenings
            if one.kind == "visit" and moment.day_of(one.at) < moment.today
        ]
        return max(earlier, default=None)
    return last


def usual_gap_days(dossier: Dossier) -> float | None:
    """The days that usually lie between two of their visits; None for fewer than two visits."""
    moment, person = dossier.moment, dossier.person
    days = sorted(
        {moment.day_of(one.at) for one in dossier.happenings if one.kind == "visit"} - {moment.today}
    )
    gaps = [(later - earlier).days for earlier, later in itertools.pairwise(days)]
    if gaps:
        return float(median(gaps))
    if person.visit_count < 2 or person.first_visit_at is None or person.last_visit_at is None:
        return None
    return (person.last_visit_at - person.first_visit_at).total_seconds() / 86400 / (person.visit_count - 1)


def days_until(one: Anniversary, today: date) -> int:
    """Days until a day of the year comes round next: 0 today."""
    found: date = next_day(one.month, one.day, one.calendar, today)
    return (found - today).days
