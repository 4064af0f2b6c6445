"""What we owe: repeated failures, open complaints, promises due, low scores nobody answered. Pure.

Nothing here fades. A complaint that was mended is folded and never reopened.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from interactions.cues.dossier import Case, Dossier, Score, Todo
from interactions.cues.draft import Draft, on_day
from interactions.cues.failures import kinds_of
from interactions.cues.holding import Sorted, is_due
from interactions.cues.reach import how_to_reach
from interactions.cues.touches import alike
from interactions.cues.words import COMPLAINT_ABOUT, ROLES, Clock, Phrase, _, ngettext

KINDS: Final = frozenset({"promise", "reminder", "recovery"})
AGAIN_WITHIN: Final = timedelta(days=60)
STILL_WORTH_KNOWING: Final = 365
ABOUT_ONE_THING: Final = timedelta(days=3)

REPEATED, OVERDUE, OPEN, LATE, DUE, LOW_SCORE, UNCHECKED = 40.0, 10.0, 8.0, 7.0, 4.0, 3.0, 5.0
GRAVITY: Final = {"grave": 1.5, "serious": 1.0, "minor": 0.7}


def cues(dossier: Dossier, todos: Sorted) -> list[Draft]:
    """Everything owed: what stands now, and folded what is mended or not yet due."""
    chains = {case.id: similar_before(dossier.cases, case) for case in dossier.cases}
    cases = [_case(dossier, case, chains) for case in dossier.cases]
    carried = {case.id for case in dossier.cases if not _is_settled(dossier, case)}
    promises = [todo for todo in todos.free if todo.kind in KINDS and todo.complaint not in carried]
    found = cases + [_promise(dossier, todo) for todo in promises] + [_low_score(dossier)]
    return [draft for draft in found if draft is not None]


def is_open(dossier: Dossier) -> bool:
    """Whether a failure of ours stands open or a promise is overdue: no moment to celebrate loudly."""
    now = dossier.moment.now
    broken = any(
        todo.kind in KINDS and todo.due_at is not None and todo.due_at < now for todo in dossier.todos
    )
    return broken or any(not _is_settled(dossier, case) for case in dossier.cases)


def similar_before(cases: tuple[Case, ...], case: Case) -> list[Case]:
    """The earlier complaints that a complaint repeats, oldest first.

    Each is of the same category as it, or says the same in other words, within 60 days of the next.
    """
    chain: list[Case] = []
    for one in sorted(cases, key=lambda one: (one.opened_at, one.id), reverse=True):
        last = chain[-1] if chain else case
        is_earlier = (one.opened_at, one.id) < (last.opened_at, last.id)
        if is_earlier and last.opened_at - one.opened_at <= AGAIN_WITHIN and _is_same_failure(one, case):
            chain.append(one)
    return chain[::-1]


def _is_same_failure(one: Case, other: Case) -> bool:
    if not _kinds(one).isdisjoint(_kinds(other)):
        return True
    return alike(f"{one.about} {one.words}", f"{other.about} {other.words}")


def _kinds(case: Case) -> frozenset[str]:
    """What kind of failure it is: by its category, and by the words in which it was told."""
    return kinds_of(f"{case.about} {case.words}") | ({case.category} - {"", "other"})


def _is_settled(dossier: Dossier, case: Case) -> bool:
    """Whether nothing more is owed for it: closed or checked, unless they said that it was not put right."""
    if case.reaction == "good" and case.resolved_at is not None:
        return True
    if case.state not in {"closed", "checked"}:
        return False
    ended = case.closed_at or case.checked_at or case.resolved_at or case.opened_at
    return case.reaction != "bad" or dossier.moment.now - ended > AGAIN_WITHIN


def _is_current(dossier: Dossier, case: Case) -> bool:
    """Whether a repeated failure still stands: open, or lately closed without a good word from them."""
    if not _is_settled(dossier, case):
        return True
    return case.reaction != "good" and dossier.moment.now - case.opened_at <= AGAIN_WITHIN


def _case(dossier: Dossier, case: Case, chains: dict[int, list[Case]]) -> Draft | None:
    """The cue of one complaint; `chains` gives for each what it repeats."""
    later = [one for one in dossier.cases if case in chains[one.id]]
    if chains[case.id] and not later and _is_current(dossier, case):
        return _repeat(dossier, case, chains[case.id])
    if any(_is_current(dossier, one) for one in later) and _says_no_more(dossier, case):
        return None
    return _mended(dossier, case) if _is_settled(dossier, case) else _open(dossier, case)


def _says_no_more(dossier: Dossier, case: Case) -> bool:
    """Whether the cue about its repetition tells all there is: no promise of its own is waiting."""
    return _is_settled(dossier, case) or not case.promised


def _repeat(dossier: Dossier, case: Case, before: list[Case]) -> Draft:
    count, about = len(before) + 1, COMPLAINT_ABOUT.get(case.category, COMPLAINT_ABOUT["other"])
    params = {"about": about, "what": case.about}
    if count == 2:
        text = _("Second complaint of this kind (%(about)s): %(what)s", **params)
    elif count == 3:
        text = _("Third complaint of this kind (%(about)s): %(what)s", **params)
    else:
        text = _("Complaint number %(count)s of this kind (%(about)s): %(what)s", count=count, **params)
    first = on_day(dossier.moment, before[-1].opened_at)
    why = [_("after “%(what)s” %(day)s", what=before[-1].about, day=first)]
    if case.promised and not _is_settled(dossier, case):
        why.append(_("promised: %(what)s", what=case.promised))
        why += _deadline(dossier, case)
    return Draft(
        lane="owed",
        kind="repeated_failure",
        key=case.key,
        text=text,
        why=(_("fetch the manager"), *why),
        away=bool(case.elsewhere),
        severity=REPEATED * GRAVITY.get(case.severity, 1.0) * count / 2,
    )


def _open(dossier: Dossier, case: Case) -> Draft:
    heard = on_day(dossier.moment, case.opened_at)
    severity = GRAVITY.get(case.severity, 1.0)
    promised, due = _promised(dossier, case)
    if promised:
        by = _("promised by %(name)s after “%(what)s”, %(day)s", name=case.owner, what=case.about, day=heard)
        ours = _("promised after “%(what)s”, %(day)s", what=case.about, day=heard)
        why = (by if case.owner else ours, *due, *how_to_reach(dossier, promised))
        is_late = case.due_at is not None and case.due_at < dossier.moment.now
        return _case_draft(
            case,
            "complaint_promise",
            _("%(what)s", what=promised),
            why,
            severity * (OVERDUE if is_late else OPEN),
        )
    if case.state in {"resolved", "checked", "closed"}:
        text = _("Ask whether it is put right: %(what)s", what=case.about)
        if case.reaction == "bad":
            text = _("Not put right, they said: %(what)s", what=case.about)
        why = (_("complained %(day)s", day=heard), *_owner(case))
        return _case_draft(case, "complaint_check", text, why, severity * UNCHECKED)
    why = (_("heard %(day)s", day=heard), *(_owner(case) or (_("nobody owns it yet"),)))
    return _case_draft(
        case, "complaint", _("Open complaint: %(what)s", what=case.about), why, severity * OPEN
    )


def _promised(dossier: Dossier, case: Case) -> tuple[str, tuple[Phrase, ...]]:
    """What was promised for a complaint that is not yet put right, and by when."""
    if case.state not in {"heard", "owned", "promised"}:
        return "", ()
    if case.promised:
        return case.promised, _deadline(dossier, case)
    linked = [todo for todo in dossier.todos if todo.complaint == case.id]
    linked.sort(key=lambda todo: (todo.due_at is None, todo.due_at or todo.created_at, todo.id))
    return (linked[0].text, lateness(dossier, linked[0].due_at)) if linked else ("", ())


def _deadline(dossier: Dossier, case: Case) -> tuple[Phrase, ...]:
    return lateness(dossier, case.due_at)


def _owner(case: Case) -> tuple[Phrase, ...]:
    owned = (_("%(name)s owns it", name=case.owner),) if case.owner else ()
    return (*owned, *at_venue(case.elsewhere))


def _case_draft(case: Case, kind: str, text: Phrase, why: tuple[Phrase, ...], severity: float) -> Draft:
    return Draft(
        lane="owed", kind=kind, key=case.key, text=text, why=why, severity=severity, away=bool(case.elsewhere)
    )


def _mended(dossier: Dossier, case: Case) -> Draft | None:
    """One that was put right within the last year: behind the fold, so that it is not brought up."""
    if dossier.moment.days_since(case.opened_at) > STILL_WORTH_KNOWING:
        return None
    return Draft(
        lane="owed",
        kind="mended",
        key=case.key,
        text=_("Put right: %(what)s", what=case.about),
        why=(_("complained %(day)s; settled, leave it closed", day=on_day(dossier.moment, case.opened_at)),),
        answers=(),
        severity=0.1,
        fold=True,
    )


def lateness(dossier: Dossier, due_at: datetime | None) -> tuple[Phrase, ...]:
    """How late something is, or when it is due; nothing where no time was given."""
    if due_at is None:
        return ()
    moment, local = dossier.moment, due_at.astimezone(dossier.moment.zone)
    days = moment.days_since(due_at)
    if due_at < moment.now:
        if days >= 1:
            return (ngettext("%(n)s day overdue", "%(n)s days overdue", days),)
        return (_("overdue since %(time)s", time=Clock(local.time())),)
    return (_("due %(day)s at %(time)s", day=on_day(moment, due_at), time=Clock(local.time())),)


def _promise(dossier: Dossier, todo: Todo) -> Draft | None:
    if not is_due(dossier, todo):
        return None
    moment = dossier.moment
    days = moment.days_since(todo.due_at) if todo.due_at is not None else 0
    is_late = todo.due_at is not None and todo.due_at < moment.now
    severity = (
        (LATE if is_late else DUE) * (1.5 if todo.urgent else 1.0) * (1.1 if todo.kind == "promise" else 1.0)
    )
    return Draft(
        lane="owed",
        kind=todo.kind,
        key=todo.key,
        text=_("%(what)s", what=todo.text),
        why=(
            *whose(todo),
            *at_venue(todo.elsewhere),
            *lateness(dossier, todo.due_at),
            *when_triggered(todo),
            *how_to_reach(dossier, todo.text),
        ),
        answers=("used", "not_now") if todo.elsewhere else ("done", "not_now"),
        severity=severity * (1 + min(days, 30) / 100),
    )


def whose(todo: Todo) -> tuple[Phrase, ...]:
    """Who is to do it."""
    role = ROLES.get(todo.role)
    if todo.owner:
        name = todo.owner
        return (
            _("promised by %(name)s", name=name)
            if todo.kind == "promise"
            else _("for %(name)s to do", name=name),
        )
    if role is not None:
        return (_("for %(role)s to do", role=role),)
    return (_("nobody owns it yet"),)


def at_venue(name: str) -> tuple[Phrase, ...]:
    """Where it is owed, when not here."""
    return (_("at %(venue)s", venue=name),) if name else ()


def when_triggered(todo: Todo) -> tuple[Phrase, ...]:
    """What it waited for, where that is not a time."""
    if todo.due_at is not None or not todo.trigger:
        return ()
    number = {"n": todo.number}
    return {
        "next_visit": (_("for the next visit"),),
        "nth_visit": (_("for visit number %(n)s", **number),),
        "absent_days": (
            ngettext("when not seen for %(n)s day", "when not seen for %(n)s days", todo.number),
        ),
    }.get(todo.trigger, (_("its time has come"),))


def _low_score(dossier: Dossier) -> Draft | None:
    """The latest low score that nobody answered, by word or by a complaint opened about it."""
    waiting = [
        score
        for score in dossier.scores
        if score.is_low and not score.answered and not _taken_up(dossier, score)
    ]
    if not waiting:
        return None
    score = max(waiting, key=lambda one: (one.at, one.id))
    on = on_day(dossier.moment, score.at)
    given = _("given %(day)s", day=on)
    return Draft(
        lane="owed",
        kind="low_score",
        key=score.key,
        text=_("Low score, %(score)s of %(top)s: nobody has answered", score=score.score, top=score.top),
        why=(_("“%(words)s”", words=score.words), given) if score.words else (given,),
        severity=LOW_SCORE,
    )


def _taken_up(dossier: Dossier, score: Score) -> bool:
    return any(abs(case.opened_at - score.at) <= ABOUT_ONE_THING for case in dossier.cases)
