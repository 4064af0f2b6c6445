"""When something is due, on the wall clock of a venue. Pure: zones and moments come in as arguments.

What is decided here, once:

- A recurring time keeps its wall clock when the clocks change.
- A wall-clock time that does not exist (the clocks went forward over it) is read with the offset in force
  before the change, so 02:30 becomes 03:30; one that exists twice means the first. Both as RFC 5545, 3.3.5.
- "Monthly on the 31st" falls on the last day of a shorter month, and "yearly on 29 February" on the 28th:
  the SKIP=BACKWARD of RFC 7529.
- An end given as a day (UNTIL=20260531) includes that day; one in UTC means that moment on the venue's clock.
"""

from __future__ import annotations

import functools
import itertools
import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr

MORNING: Final = time(9)
# Far more occurrences than anybody would let lie; a rule that needs more of them has come to its end.
MOST_SKIPPED: Final = 20_000
# python-dateutil looks for the next day until the year 9999. From here it does not look long: by single days,
# and by weeks, months and years. Both stretches hold two leap years at least.
NEAR_THE_END: Final = {"DAILY": datetime(9990, 1, 1)}  # noqa: DTZ001 - a wall clock has no zone
FAR_ENOUGH: Final = datetime(9960, 1, 1)  # noqa: DTZ001 - the same
# With an interval these may miss each other for good, depending on where the rule starts.
MAY_MISS: Final = {"DAILY": {"BYDAY", "BYMONTHDAY", "BYMONTH"}, "MONTHLY": {"BYMONTH"}}

FREQUENCIES: Final = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
PARTS: Final = {
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYHOUR", "BYMINUTE", "BYSETPOS",
    "WKST",
}  # fmt: skip
VALUE: Final = re.compile(r"[A-Z0-9,+-]+")


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
    whole = _joined(_ended(_timed(parts, wall), zone))
    parse(whole)
    return whole


def at_its_time(rule: str, first: datetime, zone: ZoneInfo) -> str:
    """The rule with only the time of day written out: for one that counts from whatever day it is told."""
    return _joined(_ended(_timed(parse(rule), _wall(first, zone)), zone))


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
    start = _wall(due, zone)
    times = _rule(parts, start).xafter(start, count=MOST_SKIPPED)
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
    if len(parts) < len(pairs) or not all(VALUE.fullmatch(value) for value in parts.values()):
        raise RuleError(f"not a rule of RFC 5545: {rule}")
    try:
        _until(parts)
        comes_round = _comes_round(_joined(parts))
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise RuleError(f"not a rule of RFC 5545: {rule}") from error
    if not comes_round:
        raise RuleError(f"a rule that does not come round: {rule}")
    return parts


@functools.lru_cache(maxsize=500)
def _comes_round(rule: str) -> bool:
    """Whether it surely comes more than once, its end left aside: 30 February would be looked for forever."""
    parts = dict(part.split("=") for part in rule.split(";"))
    if parts.get("INTERVAL", "1") != "1" and MAY_MISS.get(parts["FREQ"], set()) & set(parts):
        return False
    endless = {name: value for name, value in parts.items() if name not in {"COUNT", "UNTIL"}}
    start = NEAR_THE_END.get(parts["FREQ"], FAR_ENOUGH)
    return len(list(itertools.islice(_rule(endless, start), 2))) == 2


def _rule(parts: dict[str, str], start: datetime) -> rrule | rruleset:
    found: rrule | rruleset = rrulestr(_joined(_clamping(parts)), dtstart=start, ignoretz=True)
    return found


def _until(parts: dict[str, str]) -> datetime | None:
    """Its end as it is written; ValueError for what is no day."""
    until = parts.get("UNTIL")
    if until is None:
        return None
    whole = until if "T" in until else f"{until}T235959"
    zone = UTC if whole.endswith("Z") else None
    return datetime.strptime(whole.removesuffix("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=zone)


def _ended(parts: dict[str, str], zone: ZoneInfo) -> dict[str, str]:
    """The rule with its end, if it has one, on the venue's clock."""
    until = _until(parts)
    if until is None:
        return parts
    return {**parts, "UNTIL": f"{until if until.tzinfo is None else _wall(until, zone):%Y%m%dT%H%M%S}"}


def _clamping(parts: dict[str, str]) -> dict[str, str]:
    """The rule such that a day a month does not have falls on its last."""
    months = "," in parts.get("BYMONTH", "") and not {"BYDAY", "BYSETPOS"} & set(parts)
    if parts["FREQ"] == "YEARLY" and months and parts.get("INTERVAL", "1") == "1":
        # Every year in these months is every month that is one of them.
        parts = {**parts, "FREQ": "MONTHLY"}
    day = parts.get("BYMONTHDAY", "")
    yearly = parts["FREQ"] == "YEARLY" and parts.get("BYMONTH", "").isdigit()
    single_month = parts["FREQ"] == "MONTHLY" or yearly
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
