"""The small lists that the database hands over as JSON, made into plain data. Pure."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from interactions.cues.dossier import Contact, Lent, Relation, Score


def score(row: dict[str, Any]) -> Score:
    """What they answered when asked."""
    return Score(
        id=row["id"],
        at=datetime.fromisoformat(row["at"]),
        scale=row["scale"],
        score=row["score"],
        words=row["words"],
        answered=row["answered_at"] is not None,
    )


def relation(row: dict[str, Any]) -> Relation:
    """Somebody who belongs to them, by the name they are known under."""
    name = row["name"] or row["called"] or row["full"] or row["native"] or ""
    return Relation(name=name, kind=row["kind"], customer=row["to"])


def lent(row: dict[str, Any]) -> Lent:
    """Something of ours that they have."""
    return Lent(
        id=row["id"],
        what=row["what"],
        lent_at=datetime.fromisoformat(row["lent_at"]),
        due_at=datetime.fromisoformat(row["due_at"]) if row["due_at"] else None,
        lent_by=row["by"] or "",
    )


def contact(row: dict[str, Any]) -> Contact:
    """A way to reach them."""
    start, end = row["hours_from"], row["hours_until"]
    hours = (time.fromisoformat(start), time.fromisoformat(end)) if start and end else None
    return Contact(
        kind=row["kind"],
        calls=row["calls"],
        sms=row["sms"],
        email=row["email"],
        hours=hours,
        value=row["normalised"],
    )
