"""What a value in a scenario may be: each parser takes where it stands and what was written. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

Parser = Callable[[str, Any], Any]
Row = dict[str, Any]


class BadScenarioError(Exception):
    """A file that cannot be used: which key, and why."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}" if key else reason)
        self.key = key
        self.reason = reason


def text(at: str, value: Any) -> str:
    """Any words, none included."""
    if not isinstance(value, str):
        raise BadScenarioError(at, f"must be text, not {json.dumps(value)}")
    return value


def words(at: str, value: Any) -> str:
    """Words, and not none."""
    if not text(at, value).strip():
        raise BadScenarioError(at, "must not be empty")
    return str(value)


def name_of_row(at: str, value: Any) -> str:
    """The id of a row: text or a number."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadScenarioError(at, "must be text or a whole number")
    return str(value)


def yes_or_no(at: str, value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise BadScenarioError(at, "must be true or false")
    return value


def number(at: str, value: Any, *, least: int = 0, most: int = 10**9) -> int:
    """A whole number within bounds."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadScenarioError(at, f"must be a whole number, not {json.dumps(value)}")
    if not least <= value <= most:
        raise BadScenarioError(at, f"must lie between {least} and {most}, not {value}")
    return value


def between(least: int, most: int) -> Parser:
    """A whole number from least to most."""
    return lambda at, value: number(at, value, least=least, most=most)


def money(at: str, value: Any) -> Decimal:
    """An amount: a number, or one written as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise BadScenarioError(at, "must be an amount")
    try:
        found = Decimal(str(value))
    except InvalidOperation as error:
        raise BadScenarioError(at, f"must be an amount, not {value!r}") from error
    if not found.is_finite() or found < 0:
        raise BadScenarioError(at, f"must be an amount of 0 or more, not {value!r}")
    return found


def moment(at: str, value: Any) -> datetime:
    """A date and time with its offset."""
    try:
        found = datetime.fromisoformat(text(at, value))
    except ValueError as error:
        raise BadScenarioError(at, f"must be a date and time, not {value!r}") from error
    if found.tzinfo is None:
        raise BadScenarioError(at, f"needs its offset, such as +00:00: {value!r}")
    return found


def day(at: str, value: Any) -> date:
    """A date, or a moment of which the date counts."""
    try:
        return datetime.fromisoformat(text(at, value)).date()
    except ValueError as error:
        raise BadScenarioError(at, f"must be a date, not {value!r}") from error


def clock(at: str, value: Any) -> time:
    """A time of day."""
    try:
        return time.fromisoformat(text(at, value))
    except ValueError as error:
        raise BadScenarioError(at, f"must be a time of day, not {value!r}") from error


def hours(at: str, value: Any) -> tuple[time, time]:
    """Two times of day with a dash between them."""
    start, dash, end = text(at, value).replace("–", "-").partition("-")
    if not dash:
        raise BadScenarioError(at, f"must be hours such as 14:00-17:00, not {value!r}")
    return clock(at, start.strip()), clock(at, end.strip())


def zone(at: str, value: Any) -> str:
    """The name of an IANA time zone."""
    try:
        ZoneInfo(words(at, value))
    except (KeyError, ValueError, OSError) as error:
        raise BadScenarioError(at, f"is no time zone: {value!r}") from error
    return str(value)


def folded(value: str) -> str:
    """A code, however its words are joined: "child's birthday" is child_birthday."""
    return "_".join(value.strip().lower().replace("'s", "").replace("’s", "").replace("-", " ").split())


def choice(*codes: str, also: Mapping[str, str] | None = None) -> Parser:
    """One of the codes, written in any of the usual ways."""
    known = {folded(code).replace("_", ""): code for code in codes}
    known |= {folded(word).replace("_", ""): code for word, code in (also or {}).items()}

    def parse(at: str, value: Any) -> str:
        found = known.get(folded(text(at, value)).replace("_", ""))
        if found is None:
            raise BadScenarioError(at, f"must be one of {', '.join(codes)}, not {value!r}")
        return found

    return parse


def list_of(parse: Parser) -> Parser:
    """A list in which everything is of one kind."""

    def parse_all(at: str, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise BadScenarioError(at, "must be a list")
        return [parse(f"{at}[{index}]", one) for index, one in enumerate(value)]

    return parse_all


def names(at: str, value: Any) -> list[str]:
    """A list of words, or one of them."""
    return [words(at, value)] if isinstance(value, str) else list(list_of(words)(at, value))


def either(*parsers: Parser) -> Parser:
    """The first that fits; the reason is that of the first."""

    def parse(at: str, value: Any) -> Any:
        reasons = []
        for one in parsers:
            try:
                return one(at, value)
            except BadScenarioError as error:
                reasons.append(error)
        raise reasons[0]

    return parse


def record(keys: Mapping[str, Parser], needed: Iterable[str] = ()) -> Parser:
    """An object with these keys and no others. A null is as if the key were not there."""

    def parse(at: str, value: Any) -> Row:
        if not isinstance(value, dict):
            raise BadScenarioError(at, "must be an object")
        inside = f"{at}." if at else ""
        for key in value:
            if key not in keys:
                raise BadScenarioError(
                    f"{inside}{key}", f"unknown key; known here: {', '.join(sorted(keys))}"
                )
        given = {key: one for key, one in value.items() if one is not None}
        for key in needed:
            if key not in given:
                raise BadScenarioError(f"{inside}{key}", "is missing")
        return {key: keys[key](f"{inside}{key}", one) for key, one in given.items()}

    return parse


def trigger(at: str, value: Any) -> Row:
    """What a follow-up waits for: {"visit": "next"}, {"visit": 3} or {"absent_days": 42}."""
    keys = {"visit": either(between(1, 10**6), choice("next")), "absent_days": between(1, 10**5)}
    found: Row = record(keys)(at, value)
    if len(found) != 1:
        raise BadScenarioError(at, 'must say either "visit" or "absent_days"')
    return found
