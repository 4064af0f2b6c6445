"""Everything the card may know about one customer at one moment, as plain data. Pure.

`load` fills it in a fixed number of queries; the lanes read it. There is no year of birth in it: nothing
on the card may come from somebody's age.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from customers.freshness import Freshness
from interactions.cues.usual import ItemStats

SAY_ALOUD: Final = "say_aloud"
ACT_SILENTLY: Final = "act_silently"
MANAGERS_ONLY: Final = "managers_only"

# Where each part of the day begins, on the venue's clock.
DAYPARTS: Final = ((5, "morning"), (11, "midday"), (14, "afternoon"), (18, "evening"), (22, "night"))


@dataclass(frozen=True, slots=True)
class Moment:
    """When, where, how and for whom the card is shown. `now` is aware; times of day are the venue's."""

    now: datetime
    zone: ZoneInfo
    day_starts: time
    venue: int
    channel: str = "in_person"
    stage: str = "arrival"
    unavailable: frozenset[str] = frozenset()
    overnight: bool = False
    """Whether guests stay here over night, so that an arrival of an earlier day is still a visit of today."""
    viewer: str = ""
    badge: str = ""

    def day_of(self, moment: datetime) -> date:
        """The business day of an aware moment: before the day starts it is still yesterday."""
        local = moment.astimezone(self.zone)
        return local.date() - timedelta(days=local.time() < self.day_starts)

    @property
    def today(self) -> date:
        """The business day."""
        return self.day_of(self.now)

    @property
    def local(self) -> datetime:
        """The moment on the venue's clock."""
        return self.now.astimezone(self.zone)

    @property
    def daypart(self) -> str:
        """The part of the day, as preferences name it."""
        hour = self.local.hour
        return next((name for start, name in reversed(DAYPARTS) if hour >= start), "night")

    def days_since(self, moment: datetime) -> int:
        """How many business days lie between a moment and now; negative when it is still to come."""
        return (self.today - self.day_of(moment)).days


@dataclass(frozen=True, slots=True)
class Person:
    """Who they are and what to call them."""

    name: str
    full_name: str = ""
    native_name: str = ""
    pronunciation: str = ""
    form_of_address: str = ""
    language: str = ""
    visit_count: int = 0
    first_visit_at: datetime | None = None
    last_visit_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One remembered thing."""

    id: int
    kind: str
    value: str
    recorded_at: datetime
    fresh: Freshness
    category: str = ""
    detail: str = ""
    severity: str = ""
    status: str = "stated"
    discretion: str = SAY_ALOUD
    venue: int | None = None
    channels: frozenset[str] = frozenset()
    dayparts: frozenset[str] = frozenset()
    recorded_by: str = ""
    confirmed_at: datetime | None = None
    confirmed_by: str = ""
    seen: int = 1
    """How often it was observed or heard, this row included."""
    companions: frozenset[str] = frozenset()
    """Who was there when it was written down."""

    @property
    def key(self) -> str:
        """What answers are kept under."""
        return f"preference:{self.id}"

    @property
    def says(self) -> str:
        """All that tells what it is about."""
        return f"{self.category} {self.value}"


@dataclass(frozen=True, slots=True)
class Happening:
    """One contact."""

    id: int
    at: datetime
    kind: str = "visit"
    channel: str = "in_person"
    venue: int | None = None
    staff: str = ""
    summary: str = ""
    words: str = ""
    outcome: str = ""
    discretion: str = SAY_ALOUD
    companions: frozenset[str] = frozenset()
    items: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What answers are kept under."""
        return f"interaction:{self.id}"


@dataclass(frozen=True, slots=True)
class Case:
    """A complaint and how far its recovery has come."""

    id: int
    category: str
    about: str
    opened_at: datetime
    state: str = "heard"
    severity: str = "serious"
    words: str = ""
    owner: str = ""
    promised: str = ""
    due_at: datetime | None = None
    resolved_at: datetime | None = None
    checked_at: datetime | None = None
    closed_at: datetime | None = None
    reaction: str = ""
    elsewhere: str = ""
    """The name of the venue, where it is another."""

    @property
    def key(self) -> str:
        """What answers are kept under."""
        return f"complaint:{self.id}"


@dataclass(frozen=True, slots=True)
class Todo:
    """An open follow-up."""

    id: int
    kind: str
    text: str
    created_at: datetime
    category: str = ""
    due_at: datetime | None = None
    trigger: str = ""
    number: int = 0
    owner: str = ""
    role: str = ""
    urgent: bool = False
    complaint: int | None = None
    elsewhere: str = ""
    """The name of the venue, where it is another; only there can it be ended."""

    @property
    def key(self) -> str:
        """What answers are kept under."""
        return f"follow_up:{self.id}"


@dataclass(frozen=True, slots=True)
class Booking:
    """A visit that is expected or under way."""

    id: int
    state: str
    at: datetime
    venue: int
    party_size: int | None = None
    companions: frozenset[str] = frozenset()
    occasion: str = ""
    note: str = ""

    @property
    def key(self) -> str:
        """What answers are kept under."""
        return f"visit:{self.id}"


@dataclass(frozen=True, slots=True)
class Score:
    """What they answered when asked how it was."""

    id: int
    at: datetime
    scale: str
    score: int
    words: str = ""
    answered: bool = False

    @property
    def key(self) -> str:
        """What answers are kept under."""
        return f"feedback:{self.id}"

    @property
    def top(self) -> int:
        """The best score of its scale."""
        return 5 if self.scale == "csat" else 10

    @property
    def is_low(self) -> bool:
        """2 or less of 5, 6 or less of 10."""
        return self.score <= (2 if self.scale == "csat" else 6)


@dataclass(frozen=True, slots=True)
class Lent:
    """Something of ours that they have."""

    id: int
    what: str
    lent_at: datetime
    due_at: datetime | None = None
    lent_by: str = ""

    @property
    def key(self) -> str:
        """What answers are kept under."""
        return f"loan:{self.id}"


@dataclass(frozen=True, slots=True)
class Anniversary:
    """A day of the year that matters."""

    id: int
    kind: str
    month: int
    day: int
    year: int | None = None
    label: str = ""
    calendar: str = "gregorian"

    @property
    def key(self) -> str:
        """What answers are kept under."""
        return f"date:{self.id}"


@dataclass(frozen=True, slots=True)
class Relation:
    """Somebody who belongs to them; `customer` where they are one of ours."""

    name: str
    kind: str
    customer: int | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A way to reach them, what it may be used for, and between which hours on the venue's clock."""

    kind: str
    calls: str = "unknown"
    sms: str = "unknown"
    email: str = "unknown"
    hours: tuple[time, time] | None = None
    value: str = ""
    """The number or address itself; on the card it stands in nothing but what opens it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How the showings of one cue went, over the last ninety days."""

    days: int = 0
    """On how many business days it was shown."""
    used: int = 0
    ignored: int = 0
    """On how many business days before today nobody answered it, or somebody said not now."""
    today: frozenset[str] = frozenset()
    """What was answered today."""
    lane: str = ""


@dataclass(frozen=True, slots=True)
class Idea:
    """Something that people with the same usual also have, and how many of them do."""

    usual: str
    """The usual, in lower case."""
    item: str
    people: int
    share: float


@dataclass(frozen=True, slots=True)
class Dossier:
    """One customer, as this viewer may know them; `guards` also hold what the viewer may not read."""

    moment: Moment
    person: Person
    facts: tuple[Fact, ...] = ()
    guards: tuple[Fact, ...] = ()
    """Every safety fact, avoid and dislike that is known, hidden ones too: they hold what touches them."""
    happenings: tuple[Happening, ...] = ()
    """The latest contacts, newest first."""
    cases: tuple[Case, ...] = ()
    todos: tuple[Todo, ...] = ()
    bookings: tuple[Booking, ...] = ()
    scores: tuple[Score, ...] = ()
    loans: tuple[Lent, ...] = ()
    dates: tuple[Anniversary, ...] = ()
    contacts: tuple[Contact, ...] = ()
    relations: tuple[Relation, ...] = ()
    shown: Mapping[str, Shown] = field(default_factory=dict)
    ideas: tuple[Idea, ...] = ()
    stats: ItemStats = field(default_factory=ItemStats)
    """How the whole house orders what they had here."""

    @property
    def booking(self) -> Booking | None:
        """The visit of this business day at this venue: the one under way, else the nearest."""
        moment = self.moment
        today = [
            one
            for one in self.bookings
            if one.venue == moment.venue
            and (moment.day_of(one.at) == moment.today or (moment.overnight and one.state == "arrived"))
        ]
        return min(
            today, key=lambda one: (one.state != "arrived", abs(one.at - moment.now), one.id), default=None
        )

    @property
    def company(self) -> frozenset[str] | None:
        """Who is with them today, in lower case; None when nobody has told us."""
        booking = self.booking
        if booking is None:
            return None
        if booking.companions or booking.party_size == 1:
            return lowered(booking.companions)
        return None

    def hidden_by_company(self, companions: frozenset[str]) -> bool:
        """Whether what came from a visit with these people stays out of sight: today's company is another.

        Face to face, not knowing who is here counts as somebody else.
        """
        if not companions:
            return False
        company = self.company
        if company is None:
            return self.moment.channel == "in_person"
        return lowered(companions) != company

    @property
    def visit_number(self) -> int:
        """Which visit this is: the one under way, or the one that a contact now would be."""
        last = self.person.last_visit_at
        came_today = last is not None and self.moment.day_of(last) == self.moment.today
        return self.person.visit_count + (0 if came_today else 1)


def lowered(names: frozenset[str]) -> frozenset[str]:
    """Names as they are compared."""
    return frozenset(name.strip().casefold() for name in names)
