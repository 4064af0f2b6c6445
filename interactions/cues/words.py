"""The words of the card, waiting to be said in the viewer's language. Pure.

A phrase keeps its English source and what fills it; `render` translates at the edge. The builders are
called `_` and `ngettext`, as the collector of messages expects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final


@dataclass(frozen=True, slots=True)
class Phrase:
    """A message and its parameters; with `many`, the plural form for `number`."""

    source: str
    params: Mapping[str, object] = field(default_factory=dict)
    many: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is said in words: today, yesterday, Sunday, 8 March, February 2023."""

    on: date
    today: date


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day."""

    at: time


@dataclass(frozen=True, slots=True)
class Joined:
    """Several things said one after the other, with commas."""

    parts: tuple[object, ...]


def _(source: str, **params: object) -> Phrase:
    """A phrase to be translated."""
    return Phrase(source, params)


def ngettext(one: str, many: str, number: int, **params: object) -> Phrase:
    """A phrase whose form depends on a number, which it may name as %(n)s."""
    return Phrase(one, {"n": number, **params}, many, number)


def said(text: str) -> Phrase:
    """Words that are somebody's own and are not translated."""
    return Phrase("", {"text": text})


def day(moment: datetime | date, today: date) -> Day:
    """The day of a moment already on the venue's clock."""
    return Day(moment.date() if isinstance(moment, datetime) else moment, today)


LANES: Final = {
    "safety": _("Safety"),
    "owed": _("Owed"),
    "must": _("Must"),
    "today": _("Today"),
    "moment": _("Moment"),
    "verify": _("Verify"),
}

COMPLAINT_ABOUT: Final = {
    "wait": _("wait"),
    "quality": _("quality"),
    "noise": _("noise"),
    "cleanliness": _("cleanliness"),
    "staff_manner": _("staff manner"),
    "billing": _("billing"),
    "booking": _("booking"),
    "product_fault": _("product fault"),
    "privacy": _("privacy"),
    "other": _("something else"),
}

SEVERITY: Final = {
    "severe": _("severe"),
    "moderate": _("moderate"),
    "mild": _("mild"),
    "ask": _("ask every time"),
}

DATES: Final = {
    "birthday": _("Birthday"),
    "anniversary": _("Anniversary"),
    "child_birthday": _("Child's birthday"),
    "name_day": _("Name day"),
    "membership": _("Membership day"),
    "renewal": _("Renewal"),
    "other": _("A day that matters"),
}

RELATIONS: Final = {
    "partner": _("partner"),
    "child": _("child"),
    "parent": _("parent"),
    "assistant": _("assistant"),
    "friend": _("friend"),
    "colleague": _("colleague"),
    "carer": _("carer"),
    "pet": _("pet"),
}

ROLES: Final = {
    "front_desk": _("the front desk"),
    "concierge": _("the concierge"),
    "manager": _("the manager"),
    "owner": _("the owner"),
}

CHANNELS: Final = {
    "phone": _("phone"),
    "sms": _("text message"),
    "email": _("email"),
    "chat": _("chat"),
    "social": _("social media"),
}

ANSWERS: Final = {
    "used": _("Used"),
    "still_true": _("Still true"),
    "changed": _("Changed"),
    "not_now": _("Not now"),
    "done": _("Done"),
    "asked": _("Asked"),
}

HELD_BY: Final = {
    "avoid": _("an avoid"),
    "safety": _("a safety fact"),
    "need": _("a need"),
    "dislike": _("a dislike"),
    "manager": _("ask a manager"),
}

# Evidence by weekday, Monday first: each a sentence of its own, because languages inflect them.
WEEKDAY_EVIDENCE: Final = (
    _("%(hits)s of the last %(visits)s Mondays"),
    _("%(hits)s of the last %(visits)s Tuesdays"),
    _("%(hits)s of the last %(visits)s Wednesdays"),
    _("%(hits)s of the last %(visits)s Thursdays"),
    _("%(hits)s of the last %(visits)s Fridays"),
    _("%(hits)s of the last %(visits)s Saturdays"),
    _("%(hits)s of the last %(visits)s Sundays"),
)
