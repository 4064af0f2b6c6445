"""The look-up: from what was typed to the right person, and why.

Typed text → `asking` (which keys to look for, in steps) → one question to the database → `matching` (does
each candidate really fit, and how well) → the list. What somebody may not see is neither matched nor counted:
managers-only facts have keys of their own, which only managers' questions contain, and what is shown is read
through `visible_to`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from customers.asking import Question, ask
from customers.entering import fields_of
from customers.fetching import Finds, Known, Row, by_name, find, known_of, managers_of, with_all
from customers.fits import Candidate, Fit, Match, Source, Span
from customers.guessing import evidence
from customers.matching import match
from customers.phones import ending
from customers.reasons import why
from customers.steps import SEVERAL, SHORTEST_LIST, Step
from staff.models import Membership

_ALL: Final = 1_000
# A list shorter than this is filled up with guesses.
_FILLED_UP_TO: Final = 5
# Behind somebody who fits nobody is guessed while the last word has fewer letters: it may be any word yet.
_SHORTEST_GUESSED: Final = 3


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
    Two statements to the database, and two or three more where a short list is filled up with guesses.
    """
    if membership is None:
        return Found()
    question = ask(text, country=membership.venue.country, managers_of=managers_of(membership))
    fitting, partial = _ranked(question, membership, limit, expected)
    listed = fitting[:limit]
    untold = {one.candidate.customer_id for one in listed if one.known is None}
    known = known_of(untold, membership, shown_only=True)
    hits = [_hit(one, one.known or known[one.candidate.customer_id], expected) for one in listed]
    return Found(hits, partial, fields_of(question.text))


def ranked(
    text: str, membership: Membership, *, limit: int = 10, expected: Collection[int] = frozenset()
) -> list[Fitting]:
    """Everybody fetched for a list of `limit` who fits, best first, with what ranks them: for benches."""
    question = ask(text, country=membership.venue.country, managers_of=managers_of(membership))
    return _ranked(question, membership, limit, expected)[0]


@dataclass(frozen=True, slots=True)
class Fitting:
    """A customer who fits, with what is known of them where needed. Equal `order` is equally good."""

    order: tuple[Any, ...]
    match: Match
    candidate: Candidate
    row: Row
    known: Known | None = None


def _ranked(
    question: Question, membership: Membership, limit: int, expected: Collection[int]
) -> tuple[list[Fitting], bool]:
    """Those who fit, best first; a short list is filled up with those who may be meant all the same."""
    fitting, finds = _found(question, question.steps, membership, limit, expected, otherwise=question.guesses)
    guessed, partial = finds.guessed, finds.partial
    if finds.left and not partial and len(fitting) < limit:
        # Enough were found, but not enough of them fit.
        more, finds = _found(question, finds.left, membership, limit, expected)
        fitting, partial = sorted(fitting + _without(fitting, more), key=_place), finds.partial
    room = min(limit, _FILLED_UP_TO) - len(fitting)
    if partial or room < 1 or not question.guesses or (fitting and _is_enough(question, fitting[0].match)):
        return fitting, partial
    if guessed is None:
        finds = find(question.guesses, membership, limit=limit, enough=_ALL, expected=expected)
        guessed, partial = finds.rows, finds.partial
    guesses = _guesses(question, guessed, membership, limit, expected)
    return fitting + _without(fitting, guesses)[:room], partial


def _found(
    question: Question,
    steps: Sequence[Step],
    membership: Membership,
    limit: int,
    expected: Collection[int],
    *,
    otherwise: Sequence[Step] = (),
) -> tuple[list[Fitting], Finds]:
    """Those who fit of whom these steps find, and what they found."""
    finds = find(steps, membership, limit=limit, enough=limit, expected=expected, otherwise=otherwise)
    fitting = _fitting(question, finds.rows, membership, limit, expected)
    named = any(one.match.fit <= Fit.FULL_NAME for one in fitting)
    fitting = [one for one in fitting if one.match.fit < Fit.LOOSE]
    several = len(fitting) >= SEVERAL
    left = [s for s in finds.left if not ((s.unless_named and named) or (s.unless_several and several))]
    return fitting, finds._replace(left=left)


def _without(listed: list[Fitting], others: list[Fitting]) -> list[Fitting]:
    """The others who are not listed yet."""
    them = {one.candidate.customer_id for one in listed}
    return [one for one in others if one.candidate.customer_id not in them]


def _is_enough(question: Question, found: Match) -> bool:
    """Whether the best who fits leaves nothing to guess: by one word, in full, or with a word just begun."""
    if len(question.words) < 2:
        return True
    # Of initials no more is typed.
    whole = found.whole_words >= sum(len(word) > 1 for word in question.words)
    in_full = found.fit <= Fit.FULL_NAME or (
        not found.typos and (found.fit == Fit.MEMORY or (found.fit == Fit.STARTS and whole))
    )
    return in_full or len(question.words[-1]) < _SHORTEST_GUESSED


def _guesses(
    question: Question, rows: list[Row], membership: Membership, limit: int, expected: Collection[int]
) -> list[Fitting]:
    """Those of the rows who may be meant, the likeliest first."""
    if question.number:
        return _fitting(question, rows, membership, limit, expected)
    remembered = {row.id for row in rows if row.by_memory}
    fitting = _matched(question, rows, membership, known_of(remembered, membership), expected)
    speaks = evidence({one.candidate.customer_id: one.match for one in fitting})
    likely = [
        replace(one, order=_order_of_guess(one, speaks[one.candidate.customer_id]))
        for one in fitting
        if one.candidate.customer_id in speaks
    ]
    return sorted(likely, key=_place)


def _fitting(
    question: Question, rows: list[Row], membership: Membership, limit: int, expected: Collection[int]
) -> list[Fitting]:
    """Those of the rows who fit, by name, and only where that leaves room by anything else that is known.

    Of whom a name found no more is asked: whoever is remembered by what was typed is found by that as well.
    """
    by_words = not (question.number or question.address)
    fitting = _matched(question, rows if by_words else [], membership, {}, expected)
    named = [one for one in fitting if one.match.fit <= Fit.TYPO]
    if len(named) >= limit:
        return named[:limit]
    listed = {one.candidate.customer_id for one in named}
    asked = (row for row in rows if row.by_memory or not question.is_of_names)
    others = [row for row in asked if row.id not in listed]
    if not others:
        return named
    # Rows come best first: what is known of further ones is asked only where these do not fill the list.
    found = named
    at_once = 2 * max(limit, SHORTEST_LIST)
    for start in range(0, len(others), at_once):
        part = others[start : start + at_once]
        untold = [one.row for one in found if one.known is None]
        known = _known(question, [*untold, *part], membership)
        found = [one if one.known else replace(one, known=known[one.candidate.customer_id]) for one in found]
        found += _matched(question, part, membership, known, expected)
        if sum(one.match.fit < Fit.LOOSE for one in found) >= limit:
            break
    return sorted(found, key=_place)


def _known(question: Question, rows: Iterable[Row], membership: Membership) -> Mapping[int, Known]:
    """What is known of those found: of whom a number found, what the list shows, with their numbers in it."""
    told = {row.id: bool(question.number) and not row.by_memory for row in rows}
    known: defaultdict[int, Known] = defaultdict(Known)
    for shown_only in set(told.values()):
        them = [customer for customer, by_number in told.items() if by_number == shown_only]
        known |= known_of(them, membership, shown_only=shown_only)
    return known


def _matched(
    question: Question,
    rows: Iterable[Row],
    membership: Membership,
    known: Mapping[int, Known],
    expected: Collection[int],
) -> list[Fitting]:
    """Those of the rows who fit, best first: by their names, and by all that is known where it is given."""
    fitting = []
    for row in rows:
        candidate, told = by_name(row, membership), known.get(row.id)
        if told is not None:
            candidate = with_all(candidate, row, told)
        found = match(question, candidate)
        if found.fit != Fit.NOT:
            fitting.append(Fitting(_order(found, candidate, expected), found, candidate, row, told))
    return sorted(fitting, key=_place)


def _place(one: Fitting) -> tuple[Any, ...]:
    """Where in the list somebody stands: the same order whenever it is asked for."""
    return one.order, one.candidate.names[0], one.candidate.customer_id


def _order(found: Match, candidate: Candidate, expected: Collection[int]) -> tuple[Any, ...]:
    """Better fits first; of equals, those expected today, regulars of this venue, and the recently seen."""
    seen = candidate.last_seen.timestamp() if candidate.last_seen else 0.0
    # A word with a typo that is finished is nearer than one of which more letters follow.
    typos = sum(found.costs) if found.fit == Fit.TYPO else found.typos
    return (
        found.fit,
        typos,
        found.source == Source.NICKNAME,
        candidate.customer_id not in expected,
        not candidate.is_here,
        candidate.tier,
        -found.whole_words,
        not found.in_order,
        -round(found.likeness, 3),
        -seen,
        # Where nothing else tells: a word that is finished, rather than one of which more letters follow.
        sum(found.costs),
    )


def _order_of_guess(one: Fitting, evidence_of_it: float) -> tuple[Any, ...]:
    """More evidence first, then more alike; of equals the same as above."""
    return (Fit.LOOSE, -round(evidence_of_it, 3), -round(one.match.likeness, 1), *one.order[2:])


def _hit(fitting: Fitting, known: Known, expected: Collection[int]) -> Hit:
    """What the list shows of one customer."""
    found, candidate, row = fitting.match, fitting.candidate, fitting.row
    reason, marks = why(found)
    return Hit(
        customer_id=candidate.customer_id,
        name=candidate.names[0],
        greeting_name=row.greeting_name,
        phone_ending=ending(known.phones[0]) if known.phones else "",
        why=reason,
        marks=found.marks,
        why_marks=marks,
        safety=known.safety,
        last_seen=candidate.last_seen,
        expected=candidate.customer_id in expected,
        is_here=candidate.is_here,
        fit=found.fit,
    )
