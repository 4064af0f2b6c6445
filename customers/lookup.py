"""The look-up: from what was typed to the right person, and why.

Typed text → `asking` (which keys to look for, in steps) → one question to the database → `matching` (does
each candidate really fit, and how well) → the list. What somebody may not see is neither matched nor counted:
managers-only facts have keys of their own, which only managers' questions contain, and what is shown is read
through `visible_to`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import CharField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, Trim
from django.utils.translation import gettext as _

from customers.asking import Question, ask
from customers.gathering import REACHED_BY_NUMBER
from customers.fits import Candidate, Fit, Match, Source, Span, Text
from customers.matching import match
from customers.models import ContactPoint, Customer, Preference, Relationship
from customers.phones import ending
from customers.spelling import is_han
from staff.models import Membership

# The time the database may take over one question; what it found by then is given.
TIMEOUT_MS: Final = 400
# Candidates fetched for a list, at the least: some fall away when they are matched, and the rest are ranked.
_CANDIDATES: Final = 40
# One word of two, and nothing like the other, is a guess: a few of them, and only where there is nothing better.
_MOST_DISTANT: Final = 5

_FIND: Final = """
    SET LOCAL statement_timeout = %s;
    SELECT c.id, found.step, c.full_name, c.preferred_name, c.native_name, c.aliases, c.company, c.tags,
           c.home_venue_id, c.last_visit_at, keys.tier, keys.heard
    FROM customers_find(%s, %s, %s, %s, %s) AS found
    LEFT JOIN customers_customer AS c ON c.id = found.customer_id
    LEFT JOIN customers_searchkeys AS keys ON keys.customer_id = found.customer_id
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """One customer in the list: who, and why they are in it.

    `marks` are the places in `name` that were typed, `why_marks` those in `why`; `name_parts` and
    `why_parts` give the same as (text, is marked) to print.
    """

    customer_id: int
    name: str
    greeting_name: str
    phone_ending: str
    why: str
    marks: tuple[Span, ...]
    why_marks: tuple[Span, ...]
    safety: list[str]
    last_seen: datetime | None
    expected: bool
    is_here: bool
    fit: Fit

    @property
    def name_parts(self) -> list[tuple[str, bool]]:
        """The name in pieces, each with whether it was typed."""
        return parts(self.name, self.marks)

    @property
    def why_parts(self) -> list[tuple[str, bool]]:
        """The reason in pieces, each with whether it was typed."""
        return parts(self.why, self.why_marks)

    def as_json(self) -> dict[str, Any]:
        """For the command line and the API."""
        return {
            "customer_id": self.customer_id,
            "name": self.name,
            "greeting_name": self.greeting_name,
            "phone_ending": self.phone_ending,
            "fit": self.fit.name.lower(),
            "why": self.why,
            "marks": [list(span) for span in self.marks],
            "why_marks": [list(span) for span in self.why_marks],
            "safety": self.safety,
            "last_seen": self.last_seen.isoformat() if self.last_seen else None,
            "expected": self.expected,
        }


@dataclass(frozen=True, slots=True)
class Found:
    """The list. `partial` says that time ran out; `create_with` holds what was typed in the right fields."""

    hits: list[Hit] = field(default_factory=list)
    partial: bool = False
    create_with: dict[str, str] = field(default_factory=dict)

    @property
    def is_sure(self) -> bool:
        """Whether somebody fits all of what was typed, so that nobody new is likely meant."""
        return any(hit.fit < Fit.LOOSE for hit in self.hits)

    def as_json(self) -> dict[str, Any]:
        """For the command line and the API."""
        return {
            "hits": [hit.as_json() for hit in self.hits],
            "partial": self.partial,
            "create_with": self.create_with,
        }


def parts(text: str, marks: Iterable[Span]) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it lies in one of the marks, which are in order."""
    found, at = [], 0
    for start, end in marks:
        if start > at:
            found.append((text[at:start], False))
        if end > max(start, at):
            found.append((text[max(start, at) : end], True))
        at = max(at, end)
    return [*found, (text[at:], False)] if at < len(text) else found


def look_up(
    text: str,
    membership: Membership | None,
    *,
    now: datetime,
    limit: int = 10,
    expected: Collection[int] = frozenset(),
) -> Found:
    """Who is meant by what was typed, best first.

    `membership` is who asks, and where: it decides what may be matched and shown, which regulars come
    first, and how phone numbers are read; None finds nobody. `expected` are customers expected today.
    Three statements to the database, whatever is found.
    """
    if membership is None:
        return Found()
    question = ask(text, country=membership.venue.country, managers_of=_managers_of(membership))
    fitting, partial = _ranked(question, membership, limit, expected)
    return Found([_hit(one, expected) for one in fitting[:limit]], partial, create_with(question))


def ranked(
    text: str, membership: Membership, *, limit: int = 10, expected: Collection[int] = frozenset()
) -> list[Fitting]:
    """Everybody who was fetched for a list of `limit` and fits, best first, with what ranks them; for measuring."""
    question = ask(text, country=membership.venue.country, managers_of=_managers_of(membership))
    return _ranked(question, membership, limit, expected)[0]


@dataclass(slots=True)
class _Known:
    """What is known of a customer besides their own row, as far as this member of staff may see it."""

    phones: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    safety: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fitting:
    """A customer who fits, with what is known of them. Equal `order` is equally good."""

    order: tuple[Any, ...]
    match: Match
    candidate: Candidate
    row: dict[str, Any]
    known: _Known


def _ranked(
    question: Question, membership: Membership, limit: int, expected: Collection[int]
) -> tuple[list[Fitting], bool]:
    rows, partial = _candidates(question, membership, limit, expected)
    known = _known_of([row["id"] for row in rows], membership)
    candidates = [_candidate(row, known[row["id"]], membership) for row in rows]
    matches = [match(question, candidate) for candidate in candidates]
    common = Counter(row["step"] for row, found in zip(rows, matches, strict=True) if found.fit == Fit.DISTANT)
    fitting = [
        Fitting(_order(found, candidate, expected, common[row["step"]]), found, candidate, row, known[row["id"]])
        for row, candidate, found in zip(rows, candidates, matches, strict=True)
        if found.fit != Fit.NOT
    ]
    fitting.sort(key=lambda one: (one.order, one.candidate.names[0], one.candidate.customer_id))
    distant = [one for one in fitting if one.match.fit == Fit.DISTANT]
    others = fitting[: len(fitting) - len(distant)]
    is_sure = bool(others) and others[0].match.fit < Fit.LOOSE
    return others if is_sure else others + distant[:_MOST_DISTANT], partial


def _managers_of(membership: Membership) -> tuple[int, ...]:
    """Whose managers-only facts somebody may search: their venue's, and those of no venue (0)."""
    return (0, membership.venue_id) if membership.can("see_managers_only") else ()


_COLUMNS: Final = (
    "id", "step", "full_name", "preferred_name", "native_name", "aliases", "company", "tags", "home_venue_id",
    "last_visit_at", "tier", "heard",
)  # fmt: skip


def _candidates(
    question: Question, membership: Membership, limit: int, expected: Collection[int]
) -> tuple[list[dict[str, Any]], bool]:
    """Customers who may fit, and whether time ran out before all were found."""
    steps = [str(step) for step in question.steps]
    if not steps:
        return [], False
    wanted = max(limit * 2, _CANDIDATES)
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [TIMEOUT_MS, steps, wanted, limit, membership.venue_id, list(expected)])
        # Within a request the history puts a statement of its own before ours and goes on to the last answer.
        while len(cursor.description or ()) != len(_COLUMNS) and cursor.nextset():
            pass
        rows = [dict(zip(_COLUMNS, row, strict=True)) for row in cursor.fetchall()]
        if connection.in_atomic_block:
            cursor.execute("SET LOCAL statement_timeout = DEFAULT")
    found = [row for row in rows if row["id"] is not None]
    return found, len(found) < len(rows)


def _known_of(customer_ids: list[int], membership: Membership) -> defaultdict[int, _Known]:
    """Contacts, companions and what is remembered of these customers, in one statement."""
    known: defaultdict[int, _Known] = defaultdict(_Known)
    if not customer_ids:
        return known
    of_them = {"customer__in": customer_ids}
    contacts = _lines(ContactPoint.objects.filter(**of_them), "contact", "kind", "normalised", "is_primary")
    companions = _lines(
        Relationship.objects.filter(**of_them).annotate(who=_FIRST_NAME_GIVEN),
        "companion",
        "kind",
        "who",
        "note",
    )
    remembered = _lines(
        Preference.objects.visible_to(membership)
        .known()
        .filter(**of_them)
        .annotate(rest=Trim(Concat("category", Value(" "), "detail", output_field=TextField()))),
        "remembered",
        "kind",
        "value",
        "rest",
    )
    for customer, table, kind, text, rest in contacts.union(companions, remembered, all=True):
        _take_in(known[customer], table, kind, text, rest)
    return known


_FIRST_NAME_GIVEN: Final = Coalesce(
    NullIf("name", Value("")),
    NullIf("to__full_name", Value("")),
    NullIf("to__preferred_name", Value("")),
    "to__native_name",
)


def _lines(queryset: QuerySet[Any], table: str, kind: str, text: str, rest: str) -> QuerySet[Any, Any]:
    """Rows of one table in the columns that the three have in common."""
    return queryset.order_by().values_list(
        "customer_id", Value(table), F(kind), Cast(text, CharField()), Cast(rest, CharField())
    )


def _take_in(known: _Known, table: str, kind: str, text: str, rest: str) -> None:
    """One line of what is known."""
    if table == "companion":
        known.texts.append(Text(Source.COMPANION, text, str(Relationship.Kind(kind).label)))
    elif table == "remembered":
        known.texts.append(Text(Source.REMEMBERED, text, str(Preference.Kind(kind).label)))
        if rest:
            known.texts.append(Text(Source.REMEMBERED, rest, text))
        if kind == Preference.Kind.SAFETY:
            known.safety.append(text)
    elif kind in REACHED_BY_NUMBER:
        known.phones.insert(0 if rest == "true" else len(known.phones), text)
    else:
        known.addresses.append(text)


def _candidate(row: dict[str, Any], known: _Known, membership: Membership) -> Candidate:
    """A row with what is known, as matching wants it."""
    listed = row["full_name"] or row["preferred_name"] or row["native_name"]
    names = [listed, row["preferred_name"], row["native_name"], *row["aliases"]]
    own = [Text(Source.COMPANY, row["company"]), *(Text(Source.TAG, tag) for tag in row["tags"])]
    return Candidate(
        customer_id=row["id"],
        names=tuple(dict.fromkeys(filter(None, names))),
        tier=row["tier"],
        is_here=row["home_venue_id"] == membership.venue_id,
        last_seen=row["last_visit_at"],
        phones=tuple(known.phones),
        addresses=tuple(known.addresses),
        texts=(*known.texts, *own, *_heard(row["heard"], membership)),
    )


def _heard(words: Iterable[str], membership: Membership) -> Iterable[Text]:
    """The words heard of a customer that this member of staff may know."""
    allowed = {str(venue) for venue in _managers_of(membership)}
    for word in words:
        venue, _at, secret = word.partition("@")
        if not secret:
            yield Text(Source.HEARD, word)
        elif venue in allowed:
            yield Text(Source.HEARD, secret)


def _order(found: Match, candidate: Candidate, expected: Collection[int], common: int) -> tuple[Any, ...]:
    """Better fits first; of equals, those expected today, regulars of this venue, and the recently seen.

    `common` is how many fit by the same one word of two: the rarer it is, the more it tells.
    """
    seen = candidate.last_seen.timestamp() if candidate.last_seen else 0.0
    guess = found.fit >= Fit.LOOSE
    return (
        found.fit,
        common if found.fit == Fit.DISTANT else 0,
        -found.likeness if guess else found.typos,
        found.source == Source.NICKNAME,
        candidate.customer_id not in expected,
        not candidate.is_here,
        candidate.tier,
        -found.whole_words,
        not found.in_order,
        -found.likeness if found.fit == Fit.TYPO else 0,
        -seen,
    )


def _hit(fitting: Fitting, expected: Collection[int]) -> Hit:
    """What the list shows of one customer."""
    found, candidate, row, known = fitting.match, fitting.candidate, fitting.row, fitting.known
    why, marks = _why(found)
    return Hit(
        customer_id=candidate.customer_id,
        name=candidate.names[0],
        greeting_name=row["preferred_name"] or row["native_name"] or row["full_name"],
        phone_ending=ending(known.phones[0]) if known.phones else "",
        why=why,
        marks=found.marks,
        why_marks=marks,
        safety=known.safety,
        last_seen=candidate.last_seen,
        expected=candidate.customer_id in expected,
        is_here=candidate.is_here,
        fit=found.fit,
    )


def _why(found: Match) -> tuple[str, tuple[Span, ...]]:
    """Why a customer is in the list, in plain words, and the places in them that were typed."""
    before = _label(found)
    if not found.text:
        return before, ()
    before = f"{before}: "
    return before + found.text, tuple(
        (start + len(before), end + len(before)) for start, end in found.text_marks
    )


def _label(found: Match) -> str:
    """What it was that fitted."""
    plain = {
        Fit.FULL_NAME: _("the whole name"),
        Fit.STARTS: _("name starts so"),
        Fit.TYPO: _("spelt almost so"),
        Fit.LOOSE: _("partly so"),
        Fit.DISTANT: _("partly so"),
    }
    labels = {
        Source.OTHER_NAME: _("also called"),
        Source.NICKNAME: _("short name"),
        Source.NUMBER: _number_label(found),
        Source.ADDRESS: _("address"),
        Source.COMPANY: _("company"),
        Source.TAG: _("tag"),
        Source.HEARD: _("came up in a visit"),
    }
    return labels.get(found.source) or found.label or plain.get(found.fit, _("name"))


def _number_label(found: Match) -> str:
    """How a number fitted."""
    if found.fit == Fit.EXACT:
        return _("this number")
    if found.fit == Fit.LOOSE:
        return _("number ends almost so")
    return _("number holds this") if found.typos else _("number ends so")


def create_with(question: Question) -> dict[str, str]:
    """What was typed, in the fields of a new customer that it belongs in."""
    if question.number:
        return {"phone": question.text}
    if question.address:
        return {"email": question.text}
    words = question.text.split()
    number = " ".join(
        word for word in words if any(map(str.isdigit, word)) and not any(map(str.isalpha, word))
    )
    name = " ".join(word for word in words if any(map(str.isalpha, word)))
    found = {"native_name" if is_han(name) else "full_name": name.title() if name.islower() else name}
    return {key: value for key, value in {**found, "phone": number}.items() if value}
