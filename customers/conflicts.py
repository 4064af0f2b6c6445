"""Two people edited one customer: what each of them wrote, field by field, and who was first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.history import events_of
from customers.models import Customer
from staff.models import Staff

LOOKED_BACK = 50


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that somebody else changed while this person was editing."""

    name: str
    label: str
    theirs: str
    yours: str
    by: str
    at: datetime | None
    both: bool
    """Whether this person changed it too; if not, theirs was simply taken over."""


def plain(row: Customer, names: list[str]) -> dict[str, str]:
    """These fields as the form shows them: texts, lists with commas, a venue by its number."""
    return {name: _plain(getattr(row, f"{name}_id" if name == "home_venue" else name)) for name in names}


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else str(value)


def merged(base: Mapping[str, str], theirs: Mapping[str, str], yours: Mapping[str, str]) -> dict[str, str]:
    """What to put into the form now: each person's own changes, and where both changed a field, yours."""
    return {name: theirs[name] if mine == base[name] else mine for name, mine in yours.items()}


def clashes(row: Customer, mine: Customer, base: Mapping[str, str], labels: Mapping[str, str]) -> list[Clash]:
    """Every field of `row` that is no longer what the editor of `mine` started from, with who changed it.

    `labels` are the names of the fields as the form shows them.
    """
    theirs, yours = plain(row, list(base)), plain(mine, list(base))
    moved = [name for name, value in theirs.items() if value != base[name]]
    authors = _authors(row, moved)
    return [
        Clash(
            name=name,
            label=labels[name],
            theirs=_shown(row, name, theirs),
            yours=_shown(mine, name, yours),
            by=authors[name][0] if name in authors else "",
            at=authors[name][1] if name in authors else None,
            both=yours[name] not in {base[name], theirs[name]},
        )
        for name in moved
    ]


def _shown(row: Customer, name: str, texts: Mapping[str, str]) -> str:
    return row.home_venue.name if name == "home_venue" else texts[name]


def _authors(row: Customer, names: list[str]) -> dict[str, tuple[str, datetime]]:
    """For each field the person and the moment of its latest change, as the history has it."""
    found: dict[str, tuple[Any, datetime]] = {}
    after: Any = row
    for event in events_of(row).select_related("pgh_context")[:LOOKED_BACK]:
        for name in names:
            if name not in found and plain(event, [name]) != plain(after, [name]):
                context = event.pgh_context
                found[name] = (context.metadata.get("user") if context else None, event.pgh_created_at)
        after = event
    people = Staff.objects.in_bulk({person for person, _ in found.values() if person})
    return {
        name: (people[person].display_name if person in people else "", at)
        for name, (person, at) in found.items()
    }
