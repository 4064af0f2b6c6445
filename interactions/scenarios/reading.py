"""Reads a scenario file: every key known, every value good, or an error that says where and why. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

Parser = Callable[[str, Any], Any]
Row = dict[str, Any]


class BadScenarioError(Exception):
    """A file that cannot be used: which key, and why."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}" if key else reason)
        self.key = key
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Scenario:
    """A situation as plain values: moments aware, choices by their codes, rows as dictionaries."""

    now: datetime
    venue: Row
    viewer: Row
    channel: str
    unavailable: list[str]
    customers: list[Row]
    expect: Row | None
    name: str = ""


def read_file(path: Path) -> Scenario:
    """The scenario in a file. Raises BadScenarioError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadScenarioError("", f"cannot be read: {error}") from error
    try:
        data = json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise BadScenarioError("", f"is not JSON: {error}") from error
    return read(data)


def read(data: object) -> Scenario:
    """The scenario in parsed JSON. Raises BadScenarioError."""
    row = record(SCENARIO, needed=("now", "venue", "customers"))("", data)
    if not row["customers"]:
        raise BadScenarioError("customers", "needs at least one customer")
    row.pop("why", None)
    viewer = {"name": "Viewer", "role": "front_desk"} | row.pop("viewer", {})
    defaults: Row = {"channel": "in_person", "unavailable": [], "expect": None, "name": ""}
    return Scenario(viewer=viewer, **{**defaults, **row})


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise BadScenarioError(key, "is given twice")
        found[key] = value
    return found


# What a value may be. Each takes where it stands and what was written, and gives what it means.


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


CHANNEL: Final = choice(
    "in_person", "phone", "email", "chat", "social", "web", also={"social media": "social", "e-mail": "email"}
)
ROLE: Final = choice("front_desk", "concierge", "manager", "owner")
DISCRETION: Final = choice(
    "say_aloud", "act_silently", "managers_only", also={"act on silently": "act_silently"}
)
OUTCOME: Final = choice("good", "neutral", "bad", also={"neither": "neutral"})
INDUSTRY: Final = choice(
    "hotel", "restaurant", "cafe", "salon", "clinic", "retail", "advisory",
    also={"café": "cafe", "shop": "retail", "spa": "salon", "bar": "restaurant", "adviser": "advisory", "advisers": "advisory"},
)  # fmt: skip
DAYPART: Final = choice(
    "morning",
    "midday",
    "afternoon",
    "evening",
    "night",
    also={"breakfast": "morning", "lunch": "midday", "dinner": "evening"},
)
ALLOWED: Final = choice("yes", "no", "unknown", also={"not asked": "unknown"})
ANSWER: Final = choice(
    "used", "still_true", "changed", "not_now", "done", "asked", "", also={"ignored": "", "none": ""}
)

VENUE: Final[dict[str, Parser]] = {
    "name": words, "industry": INDUSTRY, "time_zone": zone, "language": words,
    "slug": text, "business_day_starts": clock, "country": words, "currency": words,
}  # fmt: skip
AT_VENUE: Final = either(words, record(VENUE, needed=("name",)))
VIEWER: Final[dict[str, Parser]] = {
    "name": words, "role": ROLE, "badge_number": name_of_row, "language": words, "email": words,
}  # fmt: skip

CONTACT: Final[dict[str, Parser]] = {
    "id": name_of_row, "value": words, "label": text, "is_primary": yes_or_no,
    "kind": choice("phone", "email", "wechat", "whatsapp", "line", "instagram", "other", also={"e-mail": "email"}),
    "calls": ALLOWED, "sms": ALLOWED, "email": ALLOWED,
    "hours": hours, "hours_from": clock, "hours_until": clock, "normalised": text,
}  # fmt: skip
DATE: Final[dict[str, Parser]] = {
    "id": name_of_row, "label": text, "month": between(1, 12), "day": between(1, 31), "year": between(1880, 2200),
    "kind": choice(
        "birthday", "anniversary", "child_birthday", "name_day", "membership", "renewal", "other",
        also={"child's birthday": "child_birthday"},
    ),
    "calendar": choice("gregorian", "lunar", also={"chinese": "lunar", "chinese lunar": "lunar", "solar": "gregorian"}),
}  # fmt: skip
RELATIONSHIP: Final[dict[str, Parser]] = {
    "id": name_of_row, "name": words, "note": text,
    "kind": choice("partner", "child", "parent", "assistant", "friend", "colleague", "carer", "pet", "other"),
    "customer": between(0, 10**4), "to": between(0, 10**4),
}  # fmt: skip
PREFERENCE: Final[dict[str, Parser]] = {
    "id": name_of_row, "category": text, "value": words, "detail": text,
    "kind": choice("safety", "need", "like", "dislike", "avoid", "style", "topic"),
    "severity": choice("severe", "moderate", "mild", "ask", also={"ask every time": "ask"}),
    "status": choice("stated", "observed", "confirmed", "expired", "refuted"),
    "discretion": DISCRETION, "venue": AT_VENUE, "channels": list_of(CHANNEL), "dayparts": list_of(DAYPART),
    "valid_from": day, "valid_until": day, "half_life_days": between(1, 10**5),
    "recorded_by": words, "recorded_at": moment, "source": name_of_row, "source_interaction": name_of_row,
    "confirmed_by": words, "confirmed_at": moment, "supersedes": name_of_row,
    "retired_at": moment, "retired_by": words, "retired_why": text, "why": text,
}  # fmt: skip
ITEM: Final = either(
    record({"name": words, "quantity": between(1, 1000), "price": money}, needed=("name",)),
    lambda at, value: {"name": words(at, value)},
)
INTERACTION: Final[dict[str, Parser]] = {
    "id": name_of_row, "at": moment, "occurred_at": moment, "channel": CHANNEL, "venue": AT_VENUE, "staff": words,
    "kind": choice(
        "visit", "call", "message", "request", "compliment", "complaint", "gesture", "no_show", "feedback",
        "handover", "note",
    ),
    "summary": text, "words": text, "outcome": OUTCOME, "amount": money, "discretion": DISCRETION,
    "party": either(between(1, 1000), names), "party_size": between(1, 1000), "companions": list_of(words),
    "items": list_of(ITEM), "source": text, "external_id": text,
}  # fmt: skip
CASE_STATE: Final = choice(
    "heard", "owned", "promised", "resolved", "checked", "closed", also={"done": "resolved"}
)
COMPLAINT: Final[dict[str, Parser]] = {
    "id": name_of_row, "about": words, "words": text, "venue": AT_VENUE, "interaction": name_of_row,
    "category": choice(
        "wait", "quality", "noise", "cleanliness", "staff_manner", "billing", "booking", "product_fault",
        "privacy", "other",
    ),
    "severity": choice("minor", "serious", "grave", also={"mild": "minor", "moderate": "serious", "severe": "grave"}),
    "state": CASE_STATE, "opened_at": moment, "opened_by": words, "owner": words, "promised": text, "due_at": moment,
    "resolved_at": moment, "checked_at": moment, "closed_at": moment, "reaction": OUTCOME, "offered": text,
    "cost": money, "root_cause": text, "changed": text,
    "steps": list_of(record({"state": CASE_STATE, "at": moment, "by": words, "note": text, "words": text})),
}  # fmt: skip
FOLLOW_UP: Final[dict[str, Parser]] = {
    "id": name_of_row, "text": words, "category": text, "due_at": moment, "on": trigger, "venue": AT_VENUE,
    "kind": choice("promise", "reminder", "gesture", "date", "playbook", "recovery"),
    "owner": words, "role": ROLE, "urgent": yes_or_no, "recurrence": text, "outcome": text, "ended_at": moment,
    "state": choice("open", "done", "cancelled", also={"canceled": "cancelled"}),
    "origin": choice("manual", "playbook", "complaint", "capture", "import"),
    "complaint": name_of_row, "interaction": name_of_row, "created_at": moment, "created_by": words,
}  # fmt: skip
VISIT: Final[dict[str, Parser]] = {
    "id": name_of_row, "expected_at": moment, "arrived_at": moment, "left_at": moment, "venue": AT_VENUE,
    "state": choice("expected", "arrived", "left", "no_show", "cancelled", also={"canceled": "cancelled"}),
    "party": either(between(1, 1000), names), "party_size": between(1, 1000), "companions": list_of(words),
    "note": text, "occasion": text, "interaction": name_of_row,
}  # fmt: skip
FEEDBACK: Final[dict[str, Parser]] = {
    "id": name_of_row, "at": moment, "scale": choice("csat", "nps"), "score": between(0, 10), "words": text,
    "answered": yes_or_no, "answered_at": moment, "answered_by": words, "recorded_by": words,
    "interaction": name_of_row, "venue": AT_VENUE,
}  # fmt: skip
LOAN: Final[dict[str, Parser]] = {
    "id": name_of_row, "what": words, "lent_at": moment, "lent_by": words, "due_at": moment, "venue": AT_VENUE,
    "returned": yes_or_no, "returned_at": moment, "returned_to": words,
}  # fmt: skip
SHOWN: Final[dict[str, Parser]] = {
    "id": name_of_row, "cue_of": name_of_row, "cue": name_of_row, "answer": ANSWER, "at": moment, "shown_at": moment,
    "answered_at": moment, "by": words, "kind": text,
    "lane": choice("safety", "owed", "must", "today", "moment", "verify"),
}  # fmt: skip

CUSTOMER: Final[dict[str, Parser]] = {
    "id": name_of_row, "name": words, "full_name": text, "preferred_name": text, "native_name": text,
    "pronunciation": text, "form_of_address": text, "language": text, "birth_year": between(1880, 2100),
    "home_venue": AT_VENUE, "company": text, "aliases": list_of(words), "tags": list_of(words),
    "status": choice("active", "archived"), "visit_count": between(0, 10**6), "first_visit_at": moment,
    "last_visit_at": moment,
    "contacts": list_of(record(CONTACT, needed=("kind", "value"))),
    "dates": list_of(record(DATE, needed=("kind", "month", "day"))),
    "relationships": list_of(record(RELATIONSHIP, needed=("kind",))),
    "preferences": list_of(record(PREFERENCE, needed=("kind", "value"))),
    "interactions": list_of(record(INTERACTION)),
    "complaints": list_of(record(COMPLAINT, needed=("about", "opened_at"))),
    "follow_ups": list_of(record(FOLLOW_UP, needed=("text",))),
    "visits": list_of(record(VISIT)),
    "feedback": list_of(record(FEEDBACK, needed=("at", "score"))),
    "loans": list_of(record(LOAN, needed=("what",))),
    "card_history": list_of(record(SHOWN)),
}  # fmt: skip

CUE: Final = record(
    {
        "lane": choice("safety", "owed", "must", "today", "moment", "verify"),
        "kind": text, "mentions": names, "ask": yes_or_no, "acknowledge": yes_or_no,
    }
)  # fmt: skip
EXPECT: Final[dict[str, Parser]] = {
    "safety": list_of(CUE), "cues": list_of(CUE), "first": CUE, "last": CUE,
    "cues_count": between(0, 3), "folded_count": between(0, 10**4),
    **dict.fromkeys(
        ("not_first", "cues_mention", "folded_mentions", "greeting_mentions", "anywhere", "absent", "held"), names
    ),
    **dict.fromkeys(("allowed", "refused"), names),
}  # fmt: skip

SCENARIO: Final[dict[str, Parser]] = {
    "name": text, "why": text, "now": moment, "venue": record(VENUE, needed=("name", "time_zone")),
    "viewer": record(VIEWER), "channel": CHANNEL, "unavailable": list_of(words),
    "customers": list_of(record(CUSTOMER)), "expect": record(EXPECT),
}  # fmt: skip
