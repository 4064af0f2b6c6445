"""Makes what a scenario says was shown and answered before."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.utils import translation

from customers.models import Confirmation, Preference
from interactions.models import (
    CueAnswer,
)
from interactions.scenarios.build import KEYS, Build
from interactions.scenarios.values import BadScenarioError, Row
from staff.models import Staff

LANE_OF: Final = {
    "complaint": "owed", "follow_up": "owed", "feedback": "owed", "visit": "today", "usual": "today",
    "suggestion": "today",
}  # fmt: skip
LANE_OF_KIND: Final = {
    "safety": "safety", "avoid": "must", "need": "must", "style": "must", "like": "today", "dislike": "today",
}  # fmt: skip


def play(build: Build, rows: list[Row]) -> None:
    """What was shown before, and answered: the answers do to a fact what they do on the page."""
    with translation.override("en"):
        dealt = build.deal() if rows else None
    for index, given in enumerate(rows):
        place = f"customers[0].card_history[{index}]"
        key = _cue_key(build, given, place)
        now_on_card = {cue.key: cue for cue in dealt.everything()} if dealt else {}
        at = given.get("shown_at") or given.get("at") or given.get("answered_at") or build.now
        answer, cue = given.get("answer", ""), now_on_card.get(key)
        lane = given.get("lane") or (cue.lane if cue else _lane(build, key))
        by: Any = build.person(given.get("by")) or build.membership.staff
        CueAnswer.objects.update_or_create(
            customer=build.rows["customers[0]"],
            cue_key=key,
            by=by,
            business_day=build.venue.business_day(at),
            defaults={
                "venue": build.venue,
                "cue_kind": given.get("kind") or (cue.kind if cue else key.partition(":")[0]),
                "lane": lane,
                "shown_at": at,
                "answer": answer,
                "answered_at": (given.get("answered_at") or at) if answer else None,
            },
        )
        _heard_again(build, given, answer, at, by)


def _cue_key(build: Build, given: Row, place: str) -> str:
    name = given.get("cue_of") or given.get("cue") or given.get("cue_key")
    if not name:
        raise BadScenarioError(f"{place}.cue_of", "is missing")
    if name in build.rows:
        row = build.rows[name]
        return f"{KEYS[type(row)]}:{row.pk}"
    return str(name)


def _lane(build: Build, key: str) -> str:
    table = key.partition(":")[0]
    if table == "preference":
        row: Any = next(
            row for row in build.rows.values() if isinstance(row, Preference) and key.endswith(f":{row.pk}")
        )
        return LANE_OF_KIND.get(row.kind, "moment")
    return LANE_OF.get(table, "moment")


def _heard_again(build: Build, given: Row, answer: str, at: datetime, by: Staff) -> None:
    row = build.rows.get(given.get("cue_of", ""))
    if not isinstance(row, Preference) or answer not in {"still_true", "changed"} or at < row.recorded_at:
        return
    outcome = Confirmation.Outcome.CONFIRMED if answer == "still_true" else Confirmation.Outcome.CONTRADICTED
    Confirmation.objects.create(preference=row, outcome=outcome, at=at, by=by)
    if answer == "still_true" and (row.confirmed_at is None or row.confirmed_at < at):
        row.status, row.confirmed_at, row.confirmed_by = Preference.Status.CONFIRMED, at, by
        row.save(update_fields=["status", "confirmed_at", "confirmed_by"])
