"""Everything that happened with one customer, newest first, a page at a time.

A page begins where the last one ended, by the moment and number of its last entry, so the thousandth
page costs what the first does, and an entry logged meanwhile shifts nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from customers.models import Customer
from interactions import capture
from interactions.models import Channel, Interaction
from staff.models import Membership

PAGE = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Written down so much later than it happened that the reader should know.
LATER = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the timeline: just after the entry with this moment and number."""

    at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.pk}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place that `str` wrote; None for anything else."""
        micros, _, pk = text.partition("-")
        if not (micros.isascii() and micros.isdigit() and pk.isascii() and pk.isdigit() and len(text) < 40):
            return None
        try:
            return cls(EPOCH + timedelta(microseconds=int(micros)), int(pk))
        except OverflowError:
            return None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries to show; an empty word shows all."""

    channel: str = ""
    kind: str = ""

    @classmethod
    def read(cls, channel: str, kind: str) -> Filter:
        """The filter that these words ask for; a word that names nothing asks for nothing."""
        return cls(
            channel if channel in Channel.values else "", kind if kind in Interaction.Kind.values else ""
        )

    def __bool__(self) -> bool:
        return bool(self.channel or self.kind)


@dataclass(frozen=True, slots=True)
class Entry:
    """One interaction, and what the reader may do with it."""

    interaction: Interaction
    may_undo: bool
    may_correct: bool
    corrected: bool
    written_later: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, newest first, and where the next page begins; empty when there is none."""

    entries: Sequence[Entry]
    older: str
    filter: Filter


ALL = Filter()


def read(
    customer: Customer,
    membership: Membership,
    *,
    now: datetime,
    wanted: Filter = ALL,
    before: Place | None = None,
    size: int = PAGE,
) -> Page:
    """One page of what this person may read of a customer's timeline, in a fixed number of queries."""
    rows = Interaction.objects.of(customer).visible_to(membership).newest_first()
    if wanted.channel:
        rows = rows.filter(channel=wanted.channel)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if before:
        rows = rows.older_than(before.at, before.pk)
    found = list(rows.select_related("staff", "venue").prefetch_related("items", "events")[: size + 1])
    shown = found[:size]
    older = str(Place(shown[-1].occurred_at, shown[-1].pk)) if len(found) > size else ""
    return Page([_entry(row, membership, now) for row in shown], older, wanted)


def _entry(row: Interaction, membership: Membership, now: datetime) -> Entry:
    return Entry(
        interaction=row,
        may_undo=capture.may_undo(row, membership, now),
        may_correct=capture.may_correct(row, membership),
        corrected=bool(row.events.all()),
        written_later=row.created_at - row.occurred_at > LATER,
    )
