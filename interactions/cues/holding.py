"""Which follow-ups may stand on the card, and which a safety fact or an avoid holds back. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from interactions.cues.dossier import Dossier, Fact, Todo
from interactions.cues.habit import days_until, gap_days, usual_gap_days
from interactions.cues.touches import HOLDING, first_touched, ruled_out


@dataclass(frozen=True, slots=True)
class Held:
    """A follow-up that is held, and what kind of fact holds it; "manager" where the viewer may not know."""

    todo: Todo
    reason: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """The open follow-ups: those that may be acted on, and those held."""

    free: tuple[Todo, ...]
    held: tuple[Held, ...]


def sort(dossier: Dossier) -> Sorted:
    """Hold every open follow-up that touches a safety fact, an avoid, or what a diet rules out."""
    visible = {fact.id for fact in dossier.facts}
    guards = [fact for fact in dossier.guards if fact.kind in HOLDING or ruled_out(fact)]
    free, held = [], []
    for todo in sorted(
        dossier.todos, key=lambda one: (one.due_at is None, one.due_at or one.created_at, one.id)
    ):
        fact = first_touched(guards, todo.text, todo.category)
        if fact is None:
            free.append(todo)
        else:
            held.append(Held(todo, _reason(fact, visible)))
    return Sorted(tuple(free), tuple(held))


def _reason(fact: Fact, visible: set[int]) -> str:
    return fact.kind if fact.id in visible else "manager"


def is_due(dossier: Dossier, todo: Todo) -> bool:
    """Whether a follow-up's time has come: due by the end of this business day, or its trigger fires."""
    if todo.due_at is not None:
        return dossier.moment.days_since(todo.due_at) >= 0
    fires = TRIGGERS.get(todo.trigger)
    return fires is not None and fires(dossier, todo)


def _next_visit(dossier: Dossier, todo: Todo) -> bool:
    """This visit is the one, unless the follow-up was only written down during it."""
    moment = dossier.moment
    made_today = moment.day_of(todo.created_at) == moment.today
    came_today = dossier.visit_number == dossier.person.visit_count
    return moment.channel == "in_person" and not (made_today and came_today)


def _nth_visit(dossier: Dossier, todo: Todo) -> bool:
    return dossier.moment.channel == "in_person" and dossier.visit_number >= todo.number


def _absent_days(dossier: Dossier, todo: Todo) -> bool:
    return (gap_days(dossier) or 0) >= todo.number > 0


def _absent_rhythm(dossier: Dossier, _todo: Todo) -> bool:
    return (gap_days(dossier) or 0) > 2 * (usual_gap_days(dossier) or float("inf"))


def _first_visit(dossier: Dossier, _todo: Todo) -> bool:
    return dossier.person.visit_count > 0


def _complaint_resolved(dossier: Dossier, todo: Todo) -> bool:
    return any(case.id == todo.complaint and case.resolved_at is not None for case in dossier.cases)


def _before_date(dossier: Dossier, todo: Todo) -> bool:
    return any(0 <= days_until(one, dossier.moment.today) <= todo.number for one in dossier.dates)


TRIGGERS: Final[dict[str, Callable[[Dossier, Todo], bool]]] = {
    "next_visit": _next_visit,
    "nth_visit": _nth_visit,
    "absent_days": _absent_days,
    "absent_rhythm": _absent_rhythm,
    "first_visit": _first_visit,
    "complaint_resolved": _complaint_resolved,
    "before_date": _before_date,
}
