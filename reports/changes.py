"""What was changed: by whom, where, from what to what, in plain words.

Every tracked table has an event table beside it with the row as it was before each change. What it
was changed to is the next event of the same row, or the row itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, cast

from django.apps import apps
from django.db.models import F, IntegerField, Model, OuterRef, Q, QuerySet, Subquery, Value

from staff.models import Staff, Venue

PAGE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Event = Any
"""A row of one of the event tables, which pghistory makes at run time."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the changes of all tables: just after this event."""

    at: datetime
    table: int
    pk: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.table}-{self.pk}"

    @classmethod
    def read(cls, text: str) -> Spot | None:
        """The spot that `str` wrote; None for anything else."""
        parts = text.split("-")
        if len(parts) != 3 or not all(p.isascii() and p.isdigit() and len(p) < 18 for p in parts):
            return None
        micros, table, pk = map(int, parts)
        try:
            return cls(EPOCH + timedelta(microseconds=micros), table, pk)
        except OverflowError:
            return None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one row: before, after (None where it was deleted), and the circumstances."""

    model: type[Model]
    before: Event
    after: Any | None
    at: datetime
    context: dict[str, Any]

    @property
    def spot(self) -> Spot:
        """Its place among all changes."""
        return Spot(self.at, list(event_tables()).index(self.model), self.before.pgh_id)


@cache
def event_tables() -> dict[type[Model], type[Model]]:
    """Every tracked table with the event table beside it, in a fixed order."""
    found = [model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
    pairs = [(cast("type[Model]", cast("Any", model).pgh_tracked_model), model) for model in found]
    return dict(sorted(pairs, key=lambda pair: pair[0]._meta.label_lower))


def made_at(venue: Venue) -> Q:
    """Changes made at this venue, or by the house itself, which works at none."""
    key = "pgh_context__metadata__venue"
    return Q(**{key: venue.pk}) | Q(pgh_context=None) | Q(**{key: None}) | Q(**{f"{key}__isnull": True})


def _below(spot: Spot, table: int) -> Q:
    """What stands below a spot in one table, in the order: newest, then by table, then newest number."""
    same = Q(pk__lt=spot.pk) if table == spot.table else Q() if table > spot.table else Q(pk__in=[])
    return Q(pgh_created_at__lt=spot.at) | (Q(pgh_created_at=spot.at) & same)


def _slices(
    venue: Venue, tables: Iterable[int], person: int | None, after: Spot | None
) -> list[QuerySet[Any]]:
    models = list(event_tables().values())
    slices = []
    for table in tables:
        rows = cast("Any", models[table]).objects.filter(made_at(venue))
        if person:
            rows = rows.filter(pgh_context__metadata__user=person)
        if after:
            rows = rows.filter(_below(after, table))
        rows = rows.order_by("-pgh_created_at", "-pgh_id").annotate(
            table=Value(table, output_field=IntegerField())
        )
        slices.append(rows.values_list("pgh_created_at", "table", "pgh_id")[: PAGE + 1])
    return slices


def page_of(
    venue: Venue, *, tables: Sequence[type[Model]] = (), person: int | None = None, after: Spot | None = None
) -> tuple[list[Change], str]:
    """A page of changes made at a venue, newest first, and the spot where the next begins (empty at the end).

    Takes the tables to look at (none means all), who made them (a key) and the spot to begin after.
    """
    numbers = [n for n, model in enumerate(event_tables()) if not tables or model in tables]
    slices = _slices(venue, numbers, person, after)
    found = slices[0]
    if len(slices) > 1:
        union = found.union(*slices[1:], all=True)
        found = union.order_by("-pgh_created_at", "table", "-pgh_id")[: PAGE + 1]
    places = list(found)
    shown = [Spot(*place) for place in places[:PAGE]]
    changes = _fetch(shown)
    return changes, str(shown[-1]) if len(places) > PAGE else ""


def _fetch(spots: Sequence[Spot]) -> list[Change]:
    """The changes at these spots, in their order; a fixed number of queries for each table among them."""
    found: dict[tuple[int, int], Change] = {}
    tables = list(event_tables().items())
    for table in sorted({spot.table for spot in spots}):
        model, events = tables[table]
        wanted = [spot.pk for spot in spots if spot.table == table]
        for change in _changes_of(model, events, wanted):
            found[table, change.before.pgh_id] = change
    return [found[spot.table, spot.pk] for spot in spots if (spot.table, spot.pk) in found]


def _changes_of(model: type[Model], events: type[Model], wanted: Sequence[int]) -> Iterable[Change]:
    manager = cast("Any", events).objects
    later = manager.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__gt=OuterRef("pgh_id")).order_by(
        "pgh_id"
    )
    rows = list(
        manager.filter(pgh_id__in=wanted)
        .annotate(next_id=Subquery(later.values("pgh_id")[:1]), said=F("pgh_context__metadata"))
        .order_by()
    )
    following = manager.in_bulk([row.next_id for row in rows if row.next_id])
    living = cast("Any", model).objects.in_bulk([row.pgh_obj_id for row in rows if not row.next_id])
    for row in rows:
        after = following.get(row.next_id) if row.next_id else living.get(row.pgh_obj_id)
        deleted = row.pgh_label == "before_delete"
        yield Change(model, row, None if deleted else after, row.pgh_created_at, row.said or {})


def changed_fields(change: Change) -> list[Any]:
    """The fields that differ before and after; none when only a secret did, or it was deleted."""
    if change.after is None:
        return []
    kept = {field.name for field in change.before._meta.fields}
    fields = [field for field in change.model._meta.fields if field.name in kept]
    return [
        field
        for field in fields
        if getattr(change.before, field.attname) != getattr(change.after, field.attname)
    ]


def people_behind(changes: Iterable[Change]) -> dict[int, str]:
    """The names of those who made the changes, by their key; one query."""
    ids = {change.context["user"] for change in changes if change.context.get("user")}
    return dict(Staff.objects.filter(pk__in=ids).values_list("pk", "display_name"))
