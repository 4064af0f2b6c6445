"""One made-up customer with everything we know of them. Pure: the same for the same seed, index and day."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final, NamedTuple

from reports.demo.menu import PETS, Fact, Menu
from reports.demo.names import Name, make_name

LONGEST_HISTORY: Final = timedelta(days=5 * 365)
MOST_INTERACTIONS: Final = 1500
MOST_FACTS: Final = 4


@dataclass(frozen=True, slots=True)
class Place:
    """A venue as the generator needs it."""

    venue_id: int
    country: str
    zone: zoneinfo.ZoneInfo
    menu: Menu
    staff_ids: tuple[int, ...]


class Contact(NamedTuple):
    """How to reach somebody, already normalised, with the three uses."""

    kind: str
    value: str
    normalised: str
    calls: str
    sms: str
    email: str


class Event(NamedTuple):
    """One interaction with its items."""

    at: datetime
    channel: str
    kind: str
    staff_id: int
    summary: str
    words: str
    outcome: str
    amount: float | None
    party_size: int | None
    items: list[tuple[str, int, float]]


class Remembered(NamedTuple):
    """One preference and when it was told and heard again."""

    fact: Fact
    status: str
    staff_id: int
    recorded_at: datetime
    confirmed_at: datetime | None


class Owed(NamedTuple):
    """One follow-up that is still open or was done."""

    text: str
    due_at: datetime
    created_at: datetime
    owner_id: int
    done_at: datetime | None


class Trouble(NamedTuple):
    """One complaint, closed or not."""

    category: str
    about: str
    opened_at: datetime
    owner_id: int
    resolved_at: datetime | None


@dataclass(slots=True)
class Person:
    """A customer and all rows about them."""

    name: Name
    place: Place
    birth_year: int | None
    company: str
    tags: list[str]
    created_at: datetime
    contacts: list[Contact] = field(default_factory=list)
    pets: list[str] = field(default_factory=list)
    dates: list[tuple[str, int, int, str]] = field(default_factory=list)
    facts: list[Remembered] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    owed: list[Owed] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    scores: list[tuple[int, datetime, str]] = field(default_factory=list)
    lent: list[tuple[str, datetime, int]] = field(default_factory=list)

    def visits(self) -> list[datetime]:
        """When they came, oldest first."""
        return [event.at for event in self.events if event.kind == "visit"]


def share_out(customers: int, interactions: int) -> list[int]:
    """How many interactions each customer has: a few have very many, most have few. They add up exactly."""
    if customers == 0:
        return []
    step = next(p for p in (7_919, 104_729, 15_485_863) if customers % p)
    weights = [((index * step) % customers + 1) ** -0.6 for index in range(customers)]
    spare = max(interactions - customers, 0)
    scale = spare / sum(weights)
    base = 1 if interactions >= customers else 0
    shares = [min(base + int(weight * scale), MOST_INTERACTIONS) for weight in weights]
    missing = interactions - sum(shares)
    index = 0
    while missing > 0:
        shares[index % customers] += 1
        missing -= 1
        index += step
    return shares


def make_person(index: int, rng: Random, now: datetime, count: int, place: Place) -> Person:
    """The index-th customer, with `count` interactions before the aware moment `now`."""
    name = make_name(rng, place.country)
    person = Person(
        name=name,
        place=place,
        birth_year=rng.randint(1940, 2006) if rng.random() < 0.2 else None,
        company=rng.choice(COMPANIES) if rng.random() < 0.06 else "",
        tags=[rng.choice(TAGS)] if rng.random() < 0.08 else [],
        created_at=now,
    )
    person.events = _events(rng, now, count, place)
    first = person.events[0].at if person.events else now - timedelta(days=rng.randint(1, 900))
    person.created_at = first
    person.contacts = _contacts(index, rng, name, place.country)
    if rng.random() < 0.06:
        person.pets.append(rng.choice(PETS))
    if rng.random() < 0.35:
        lunar = place.country == "CN" and rng.random() < 0.3
        person.dates.append(
            ("birthday", rng.randint(1, 12), rng.randint(1, 28), "lunar" if lunar else "gregorian")
        )
    if rng.random() < 0.05:
        person.dates.append(("anniversary", rng.randint(1, 12), rng.randint(1, 28), "gregorian"))
    _remember(person, rng, now)
    _owe(person, rng, now)
    return person


COMPANIES: Final = (
    "Thornbridge Law",
    "Nordlicht Verlag",
    "Quay Advisers",
    "沪江贸易",
    "Brandt & Söhne",
    "Harbour Council",
)
TAGS: Final = ("neighbour", "press", "wine club", "book group", "trade", "老街坊")


def _events(rng: Random, now: datetime, count: int, place: Place) -> list[Event]:
    """A history with a rhythm: a weekday and hour they like, a usual with exceptions; some stopped coming."""
    if count == 0:
        return []
    menu = place.menu
    rhythm = min(rng.lognormvariate(2.6, 0.9), LONGEST_HISTORY.days / (count + 1))
    stopped = rng.random() < 0.22
    at = now.astimezone(place.zone) - timedelta(
        days=rng.uniform(90, 500) if stopped else rng.uniform(0.1, rhythm)
    )
    hour, weekday = rng.choice(menu.hours), rng.randrange(7)
    usual, side = rng.choice(menu.items), rng.choice(menu.sides)
    loyal = rng.uniform(0.5, 0.95)
    events: list[Event] = []
    for _ in range(count):
        if rng.random() < 0.5 and rhythm > 4:
            at -= timedelta(days=(at.weekday() - weekday) % 7)
        at = at.replace(hour=hour, minute=rng.randrange(60), second=0, microsecond=0)
        if at <= now:
            events.append(_event(rng, at, place, usual, side, loyal))
        else:
            events.append(
                _event(rng, now - timedelta(minutes=rng.randint(5, 300)), place, usual, side, loyal)
            )
        at -= timedelta(days=max(rhythm * rng.uniform(0.5, 1.5), 0.04))
    events.reverse()
    events.sort(key=lambda event: event.at)
    return events


def _contact(at: datetime, staff_id: int, summary: str, *, called: bool) -> Event:
    """A call, or else an e-mail: nothing was ordered, and nobody came."""
    channel, kind = ("phone", "call") if called else ("email", "message")
    return Event(at, channel, kind, staff_id, summary, "", "", None, None, [])


def _event(
    rng: Random, at: datetime, place: Place, usual: tuple[str, float], side: tuple[str, float], loyal: float
) -> Event:
    menu, chance = place.menu, rng.random()
    staff_id = rng.choice(place.staff_ids)
    if chance > 0.93:
        called = chance < 0.975
        return _contact(at, staff_id, rng.choice(menu.calls), called=called)
    item, price = usual if rng.random() < loyal else rng.choice(menu.items)
    items = [(item, 1 if rng.random() < 0.9 else 2, price)]
    if rng.random() < 0.4:
        extra, extra_price = side if rng.random() < 0.7 else rng.choice(menu.sides)
        items.append((extra, 1, extra_price))
    outcome, words = "", ""
    if chance < 0.08:
        outcome, words = "good", rng.choice(menu.words_good)
    elif chance < 0.09:
        outcome, words = "bad", rng.choice(menu.words_bad)
    return Event(
        at=at,
        channel="in_person",
        kind="visit",
        staff_id=staff_id,
        summary=rng.choice(menu.notes) if chance < 0.35 else "",
        words=words,
        outcome=outcome,
        amount=round(sum(quantity * price for _, quantity, price in items), 2),
        party_size=rng.choice((1, 1, 1, 2, 2, 3, 4)) if chance < 0.6 else None,
        items=items,
    )


def _contacts(index: int, rng: Random, name: Name, country: str) -> list[Contact]:
    contacts = []
    if rng.random() < 0.9:
        # Every fiftieth shares the number of the one before: a family, or a couple with one phone.
        contacts.append(_phone(index - 1 if index % 50 == 7 else index, rng, country))
    if rng.random() < 0.55:
        local = "".join(
            ch for ch in name.full.lower().replace(" ", ".") if ch.isascii() and (ch.isalnum() or ch == ".")
        )
        address = f"{local or 'guest'}{index}@example.{'cn' if country == 'CN' else 'com'}"
        contacts.append(Contact("email", address, address, "unknown", "unknown", rng.choice(_USES)))
    return contacts


_USES: Final = ("yes", "yes", "unknown", "no")


def _phone(index: int, rng: Random, country: str) -> Contact:
    digits = f"{(index * 7_368_787) % 100_000_000:08d}"
    written, normalised = {
        "GB": (f"07{digits[:1]}{digits[1:3]} {digits[3:6]} {digits[6:]}7", f"+447{digits}7"),
        "DE": (f"0151 {digits}", f"+49151{digits}"),
        "CN": (f"138 {digits[:4]} {digits[4:]}", f"+86138{digits}"),
    }[country]
    return Contact("phone", written, normalised, rng.choice(_USES), rng.choice(_USES), "unknown")


def _remember(person: Person, rng: Random, now: datetime) -> None:
    """Most regulars told us one or two things, some of it long ago, some of it heard again since."""
    if rng.random() > 0.3 + min(len(person.events), 40) / 80:
        return
    place = person.place
    for fact in rng.sample(place.menu.facts, k=rng.choice((1, 1, 2, 2, 3, MOST_FACTS))):
        told = rng.choice(person.events).at if person.events else person.created_at
        again = told + (now - told) * rng.random() if rng.random() < 0.35 else None
        status = (
            "confirmed" if again else ("observed" if fact.kind == "like" and rng.random() < 0.3 else "stated")
        )
        person.facts.append(Remembered(fact, status, rng.choice(place.staff_ids), told, again))


def _owe(person: Person, rng: Random, now: datetime) -> None:
    """A few are owed something; a few had trouble; some told us a score; some have our umbrella."""
    place, menu = person.place, person.place.menu
    who = rng.choice(place.staff_ids)
    if rng.random() < 0.03:
        due = now + timedelta(hours=rng.uniform(-60, 24 * 12))
        person.owed.append(Owed(rng.choice(menu.promises), due, min(due, now) - timedelta(days=2), who, None))
    elif rng.random() < 0.04:
        due = now - timedelta(days=rng.uniform(2, 200))
        done = min(due + timedelta(hours=rng.uniform(-40, 8)), now)
        person.owed.append(Owed(rng.choice(menu.promises), due, due - timedelta(days=2), who, done))
    if person.events and rng.random() < 0.02:
        category, about = rng.choice(menu.complaints)
        opened = rng.choice(person.events).at
        mended = opened + timedelta(hours=rng.uniform(1, 72))
        person.troubles.append(Trouble(category, about, opened, who, mended if mended < now else None))
    if person.events and rng.random() < 0.05:
        person.scores.append((rng.choice((5, 5, 5, 4, 4, 3, 2, 1)), rng.choice(person.events).at, ""))
    if person.events and rng.random() < 0.01:
        person.lent.append((rng.choice(menu.loans), person.events[-1].at, who))
