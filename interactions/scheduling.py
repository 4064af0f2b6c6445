"""When something is due, on the wall clock of a venue. Pure: zones and moments come in as arguments.

What is decided here, once:

- A recurring time keeps its wall clock when the clocks change.
- A wall-clock time that does not exist (the clocks went forward over it) is read with the offset in force
  before the change, so 02:30 becomes 03:30; one that exists twice means the first. Both as RFC 5545, 3.3.5.
- "Monthly on the 31st" falls on the last day of a shorter month, and "yearly on 29 February" on the 28th:
  the SKIP=BACKWARD of RFC 7529.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

MORNING: Final = time(9)
# Far more occurrences than anybody would let lie; a rule that needs more of them has come to its end.
MOST_SKIPPED: Final = 20_000

FREQUENCIES: Final = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
PARTS: Final = {
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYHOUR", "BYMINUTE", "BYSETPOS",
    "WKST",
}  # fmt: skip


class RuleError(ValueError):
    """A recurrence rule that cannot be kept, said in words."""


def on_the_clock(wall: datetime, zone: tzinfo) -> datetime:
    """The UTC moment at which a venue's clock shows this naive time; see above for none and for two."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def at_time(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The UTC moment of a day and a time on the venue's clock."""
    return on_the_clock(datetime.combine(day, clock.replace(tzinfo=None)), zone)


def days_later(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same time on the venue's clock so many days later (or, if negative, earlier)."""
    return on_the_clock(_wall(moment, zone) + timedelta(days=days), zone)


def next_time(moment: datetime, clock: time, zone: ZoneInfo) -> datetime:
    """The first moment at or after this one at which the venue's clock shows the time."""
    today = moment.astimezone(zone).date()
    found = at_time(today, clock, zone)
    return found if found >= moment else at_time(today + timedelta(days=1), clock, zone)


def in_an_hour(now: datetime, zone: ZoneInfo) -> datetime:
    """An hour from now, to the minute; an hour of real time, whatever the clocks do."""
    return (now + timedelta(hours=1)).astimezone(UTC).replace(second=0, microsecond=0)


def tomorrow_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """Nine tomorrow on the venue's clock."""
    return at_time(now.astimezone(zone).date() + timedelta(days=1), MORNING, zone)


def next_week(now: datetime, zone: ZoneInfo) -> datetime:
    """Nine on the Monday after this one, on the venue's clock."""
    today = now.astimezone(zone).date()
    return at_time(today + timedelta(days=7 - today.weekday()), MORNING, zone)


def anchored(rule: str, first: datetime, zone: ZoneInfo) -> str:
    """The rule with what it leaves to its first occurrence written out, so that later ones cannot drift.

    "FREQ=MONTHLY" first due on the 31st at nine becomes "FREQ=MONTHLY;BYMONTHDAY=31;BYHOUR=9;BYMINUTE=0": a
    February in between does not turn the 31st into the 28th for good. Raises RuleError.
    """
    parts, wall = parse(rule), _wall(first, zone)
    by_day = parts.get("BYDAY") or parts.get("BYMONTHDAY")
    if parts["FREQ"] == "WEEKLY" and not by_day:
        parts["BYDAY"] = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[wall.weekday()]
    if parts["FREQ"] == "YEARLY" and not by_day:
        parts.setdefault("BYMONTH", str(wall.month))
    if parts["FREQ"] in {"MONTHLY", "YEARLY"} and not by_day:
        parts["BYMONTHDAY"] = str(wall.day)
    return _joined(_timed(parts, wall))


def at_its_time(rule: str, first: datetime, zone: ZoneInfo) -> str:
    """The rule with only the time of day written out: for one that counts from whatever day it is told."""
    return _joined(_timed(parse(rule), _wall(first, zone)))


def from_contact(contact: datetime, due: datetime, zone: ZoneInfo) -> datetime:
    """What a cadence counts from: the day of the contact, at the time of day at which it is due."""
    return at_time(contact.astimezone(zone).date(), _wall(due, zone).time(), zone)


def following(rule: str, due: datetime, after: datetime, zone: ZoneInfo) -> tuple[datetime, str] | None:
    """The first occurrence later than both moments, and the rule as it goes on from there.

    `due` is the occurrence that the rule counts from. Occurrences in between are one thing that was late,
    not many. None when the rule has come to its end. Raises RuleError.
    """
    parts = parse(anchored(rule, due, zone))
    left = int(parts.pop("COUNT", MOST_SKIPPED))
    times = rrulestr(_joined(_clamping(parts)), dtstart=_wall(due, zone), ignoretz=True).xafter(
        _wall(due, zone), count=MOST_SKIPPED
    )
    for used, wall in enumerate(times, start=1):
        if used >= left:
            return None
        moment = on_the_clock(wall, zone)
        if moment > max(due, after):
            ends = "COUNT" in rule.upper()
            return moment, _joined({**parse(rule), "COUNT": str(left - used)} if ends else parse(rule))
    return None


def parse(rule: str) -> dict[str, str]:
    """The parts of a rule by name, in capitals. Raises RuleError, in words, for one that cannot be kept."""
    pairs = [part.partition("=") for part in rule.upper().removeprefix("RRULE:").split(";") if part.strip()]
    parts = {name.strip(): value.strip() for name, _equals, value in pairs}
    if parts.get("FREQ") not in FREQUENCIES:
        raise RuleError("a rule says FREQ=DAILY, WEEKLY, MONTHLY or YEARLY")
    if unknown := sorted(set(parts) - PARTS):
        raise RuleError(f"rules here do not use {', '.join(unknown)}")
    for name in {"INTERVAL", "COUNT"} & set(parts):
        if not parts[name].isdigit() or not 0 < int(parts[name]) <= 1000:
            raise RuleError(f"{name} is a number from 1 to 1000")
    try:
        rrulestr(_joined(parts), dtstart=datetime(2000, 1, 1), ignoretz=True)  # noqa: DTZ001 - a wall clock has no zone
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise RuleError(f"not a rule of RFC 5545: {rule}") from error
    return parts


def _clamping(parts: dict[str, str]) -> dict[str, str]:
    """The rule such that a day a month does not have falls on its last."""
    day = parts.get("BYMONTHDAY", "")
    single_month = parts["FREQ"] == "MONTHLY" or parts.get("BYMONTH", "").isdigit()
    if not (day.isdigit() and int(day) > 28 and single_month) or "BYSETPOS" in parts or "BYDAY" in parts:
        return parts
    days = ",".join(str(each) for each in range(28, int(day) + 1))
    return {**parts, "BYMONTHDAY": days, "BYSETPOS": "-1"}


def _timed(parts: dict[str, str], wall: datetime) -> dict[str, str]:
    return {"BYHOUR": str(wall.hour), "BYMINUTE": str(wall.minute)} | parts


def _joined(parts: dict[str, str]) -> str:
    return ";".join(
        f"{name}={parts[name]}" for name in sorted(parts, key=lambda name: (name != "FREQ", name))
    )


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the venue's clock shows, without a zone."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)
