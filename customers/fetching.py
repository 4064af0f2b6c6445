"""From the steps of a question to candidates, and what this member of staff may know of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import BigIntegerField, CharField, F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, NullIf, Trim

from crm.prepared import Given, GivenMany, Prepared
from customers.fits import Candidate, Source, Text
from customers.gathering import REACHED_BY_NUMBER
from customers.models import ContactPoint, Preference, Relationship
from customers.steps import Step
from staff.models import Membership

# The time the database may take over one question; what it found by then is given.
TIMEOUT_MS: Final = 400

# One message to the server. The function sets the timeout back, so that the last answer is the list.
_FIND: Final = """
    SELECT set_config('customers.timeout_was', current_setting('statement_timeout'), true),
           set_config('statement_timeout', %s, true);
    SELECT * FROM customers_find(%s, %s, %s, %s, %s, %s)
"""


class Row(NamedTuple):
    """A customer who may fit, the step of the question that found them, and whether that was by memory."""

    id: int
    step: int
    full_name: str
    preferred_name: str
    native_name: str
    aliases: list[str]
    company: str
    tags: list[str]
    home_venue_id: int
    last_visit_at: datetime | None
    tier: int
    # Words heard in interactions that this member of staff may know: told of whom memory found.
    heard: tuple[Text, ...] = ()
    by_memory: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Every name, the one they are listed under first."""
        return tuple(
            dict.fromkeys(
                filter(None, [self.full_name, self.preferred_name, self.native_name, *self.aliases])
            )
        )

    @property
    def greeting_name(self) -> str:
        """What to call them to their face."""
        return self.preferred_name or self.native_name or self.full_name


@dataclass(slots=True)
class Known:
    """What is known of a customer besides their own row, as far as this member of staff may see it."""

    phones: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    safety: list[str] = field(default_factory=list)


def managers_of(membership: Membership) -> tuple[int, ...]:
    """Whose managers-only facts somebody may search: their venue's, and those of no venue (0)."""
    return (0, membership.venue_id) if membership.can("see_managers_only") else ()


class Finds(NamedTuple):
    """Customers who may fit, whether time ran out, and the steps left out as those before gave enough.

    `guessed` are those whom the steps otherwise taken found; None where they were not taken.
    """

    rows: list[Row]
    partial: bool = False
    left: Sequence[Step] = ()
    guessed: list[Row] | None = None


def find(
    steps: Sequence[Step],
    membership: Membership,
    *,
    limit: int,
    enough: int,
    expected: Collection[int],
    otherwise: Sequence[Step] = (),
) -> Finds:
    """Customers who may fit, in one message to the server.

    Steps are taken in turn until there are `enough`, and each gives a few times `limit` at the most; where
    nobody is found, all those `otherwise`. Of whom both a name and memory found, the step by memory is told.
    """
    every = [*steps, *otherwise]
    if not every:
        return Finds([])
    rows = _answer(every, len(steps), limit, [enough, membership.venue_id, list(expected)])
    found: dict[int, Row] = {}
    for row in rows:
        # Step 0 is nobody: it says that the time was up.
        if row[1]:
            # Who was found by memory after they were by name stays in their place.
            words = _heard(row[-1] or (), membership)
            found[row[0]] = Row._make((*row[:-1], words, every[row[1] - 1].by_memory))
    last = max((row[1] for row in rows), default=0)
    partial = any(not row[1] for row in rows)
    if otherwise and not any(0 < row[1] <= len(steps) for row in rows):
        return Finds([], partial, guessed=list(found.values()))
    # The database counts whom both a name and memory found twice, so it is asked of what it gave.
    all_taken = len(rows) < enough or steps[last - 1].settles
    return Finds(list(found.values()), partial, [] if all_taken else steps[last:])


def _answer(
    every: Sequence[Step], before_guesses: int, limit: int, rest: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """The rows that the database gives for these steps, of which so many come before the guesses."""
    misspelt = list(dict.fromkeys(one.misspelt for step in every for one in step.choices if one.misspelt))
    asked = [step.written(limit, misspelt) for step in every]
    near = ["{" + ",".join(map(str, keys)) + "}" for keys in misspelt]
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [str(TIMEOUT_MS), asked, before_guesses, near, *rest])
        # Within a request the history has gone on to the last answer already.
        while cursor.nextset():
            pass
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def known_of(
    customer_ids: Collection[int], membership: Membership, *, shown_only: bool = False
) -> defaultdict[int, Known]:
    """Contacts, companions and what is remembered of each of these customers, in one statement.

    `shown_only` leaves out what the list does not show: for those whose names fit already.
    """
    known = defaultdict(Known, {customer: Known() for customer in customer_ids})
    if not known:
        return known
    question = _shown(membership.role) if shown_only else _everything(membership.role)
    for customer, table, kind, text, rest in question.ask(ids=list(customer_ids), venue=membership.venue_id):
        _take_in(known[customer], table, kind, text, rest)
    return known


_THEM: Final = {"customer__in": GivenMany("ids", BigIntegerField())}
_HERE: Final[Any] = Given("venue", BigIntegerField())
# Under each of their names, as they are keyed (customers.gathering).
_EVERY_NAME: Final = Func(
    Value(" "),
    *(NullIf(name, Value("")) for name in ("name", "to__full_name", "to__preferred_name", "to__native_name")),
    function="concat_ws",
    output_field=CharField(),
)


@cache
def _shown(role: str) -> Prepared:
    """What the list shows of customers besides their names: to somebody with this role."""
    safety = _preferences(role).filter(kind=Preference.Kind.SAFETY)
    return Prepared(_contacts().union(_remembered(safety), all=True))


@cache
def _everything(role: str) -> Prepared:
    """The same, with all that may have been typed but the words heard: those come with whom they find."""
    companions = Relationship.objects.filter(**_THEM).annotate(who=_EVERY_NAME)
    return Prepared(
        _contacts().union(
            _lines(companions, "companion", "kind", "who", "note"),
            _remembered(_preferences(role)),
            all=True,
        )
    )


def _contacts() -> QuerySet[Any, Any]:
    return _lines(ContactPoint.objects.filter(**_THEM), "contact", "kind", "normalised", "is_primary")


def _preferences(role: str) -> QuerySet[Preference]:
    viewer = Membership(role=role, venue_id=_HERE)
    return Preference.objects.visible_to(viewer).known().filter(**_THEM)


def _remembered(preferences: QuerySet[Preference]) -> QuerySet[Any, Any]:
    rest = Trim(Concat("category", Value(" "), "detail", output_field=TextField()))
    return _lines(preferences.annotate(rest=rest), "remembered", "kind", "value", "rest")


def _lines(queryset: QuerySet[Any], table: str, kind: str, text: str, rest: str) -> QuerySet[Any, Any]:
    """Rows of one table in the columns that the three have in common."""
    return queryset.order_by().values_list(
        "customer_id", Value(table), F(kind), Cast(text, CharField()), Cast(rest, CharField())
    )


def _take_in(known: Known, table: str, kind: str, text: str, rest: str) -> None:
    """One line of what is known."""
    if table == "companion":
        known.texts.append(Text(Source.COMPANION, text, kind))
    elif table == "remembered":
        known.texts.append(Text(Source.REMEMBERED, text, kind))
        if rest:
            known.texts.append(Text(Source.REMEMBERED, rest, text))
        if kind == Preference.Kind.SAFETY:
            known.safety.append(text)
    elif kind in REACHED_BY_NUMBER:
        known.phones.insert(0 if rest == "true" else len(known.phones), text)
    else:
        known.addresses.append(text)


def by_name(row: Row, membership: Membership) -> Candidate:
    """A row as matching wants it, with its names alone."""
    return Candidate(
        customer_id=row.id,
        names=row.names,
        tier=row.tier,
        is_here=row.home_venue_id == membership.venue_id,
        last_seen=row.last_visit_at,
    )


def with_all(candidate: Candidate, row: Row, known: Known) -> Candidate:
    """The same with everything else that is known."""
    own = [Text(Source.COMPANY, row.company), *(Text(Source.TAG, tag) for tag in row.tags)]
    return replace(
        candidate,
        phones=tuple(known.phones),
        addresses=tuple(known.addresses),
        texts=(*known.texts, *row.heard, *own),
    )


def _heard(words: Iterable[str], membership: Membership) -> tuple[Text, ...]:
    """Those of the words heard of a customer that this member of staff may know."""
    allowed = {str(venue) for venue in managers_of(membership)}
    parted = [word.partition("@") for word in words]
    # Before the @ stands the venue whose managers may know the word behind it.
    return tuple(
        Text(Source.HEARD, secret or before)
        for before, _at, secret in parted
        if not secret or before in allowed
    )
