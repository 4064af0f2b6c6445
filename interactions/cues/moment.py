"""What makes this moment: dates, milestones, a first visit, a long absence, the last thread, a gesture. Pure.

No gesture breaks a safety fact or an avoid, and nothing is celebrated loudly while a failure stands open.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from interactions.cues import owed
from interactions.cues.dossier import SAY_ALOUD, Anniversary, Dossier, Fact, Happening, Lent, Todo
from interactions.cues.draft import (
    ALWAYS,
    COMING_AND_GOING,
    UNTIL_THEY_SIT,
    WHILE_HERE,
    Draft,
    fits_here,
    how_we_know,
    on_day,
    recency,
    value_of,
    visible_facts,
)
from interactions.cues.habit import days_until, gap_days, usual_gap_days
from interactions.cues.holding import Sorted, is_due
from interactions.cues.reach import reach
from interactions.cues.touches import touches
from interactions.cues.words import CHANNELS, DATES, Day, Joined, Phrase, _, ngettext

GESTURES: Final = frozenset({"gesture", "date", "playbook"})
MILESTONES: Final = {10: _("10th visit"), 25: _("25th visit"), 50: _("50th visit"), 100: _("100th visit")}
AHEAD, THREAD_DAYS, LONG_DAYS = 7, 120, 42
ENOUGH_VISITS: Final = 3
THREAD_LENGTH: Final = 160
# Told in the lanes where they belong, or no conversation at all.
NOT_A_THREAD: Final = frozenset({"complaint", "feedback", "no_show"})


def cues(dossier: Dossier, todos: Sorted) -> list[Draft]:
    """Every cue about the moment that no avoid forbids to mention."""
    found: list[Draft | None] = [
        _first_visit(dossier),
        _absence(dossier),
        _milestone(dossier),
        _thread(dossier),
        _check(dossier),
        _closing(dossier),
    ]
    found += [_date(dossier, one) for one in dossier.dates]
    found += [_gesture(dossier, todo) for todo in todos.free if todo.kind in GESTURES]
    found += [_loan(dossier, lent) for lent in dossier.loans]
    found += [_topic(dossier, fact) for fact in visible_facts(dossier, "topic")]
    return [draft for draft in found if draft is not None and not _forbidden(dossier, draft.about)]


def _forbidden(dossier: Dossier, about: str) -> bool:
    return bool(about) and any(guard.kind == "avoid" and touches(guard, about) for guard in dossier.guards)


def is_first_visit(dossier: Dossier) -> bool:
    """Whether they were never here before, as far as anything tells."""
    moment = dossier.moment
    seen = any(
        one.channel == "in_person" and moment.day_of(one.at) < moment.today and one.kind != "no_show"
        for one in dossier.happenings
    )
    return dossier.visit_number == 1 and not seen and not dossier.cases


def _first_visit(dossier: Dossier) -> Draft | None:
    if dossier.moment.channel != "in_person" or not is_first_visit(dossier):
        return None
    return Draft(
        lane="moment",
        kind="first_visit",
        key="first_visit",
        text=_("First visit"),
        why=(_("nothing is known of an earlier one"),),
        severity=3.0,
        stages=UNTIL_THEY_SIT,
    )


def _milestone(dossier: Dossier) -> Draft | None:
    text = MILESTONES.get(dossier.visit_number)
    if text is None or dossier.moment.channel != "in_person":
        return None
    return Draft(
        lane="moment",
        kind="milestone",
        key=f"milestone:{dossier.visit_number}",
        text=text,
        why=(_("%(count)s visits before this one", count=dossier.visit_number - 1), *_quietly(dossier)),
        severity=2.0,
        stages=COMING_AND_GOING,
    )


def _absence(dossier: Dossier) -> Draft | None:
    """At least three visits before, and away for more than twice the usual and more than six weeks."""
    gap, usual = gap_days(dossier), usual_gap_days(dossier)
    before = dossier.visit_number - 1
    if gap is None or usual is None or before < ENOUGH_VISITS or gap <= max(LONG_DAYS, 2 * usual):
        return None
    weeks, every = int(gap // 7), max(1, round(usual))
    return Draft(
        lane="moment",
        kind="long_absence",
        key="long_absence",
        text=ngettext(
            "Long absence: not seen for %(n)s week", "Long absence: not seen for %(n)s weeks", weeks
        ),
        why=(ngettext("used to come every day", "used to come every %(n)s days", every),),
        severity=2.2,
        stages=UNTIL_THEY_SIT,
    )


def _thread(dossier: Dossier) -> Draft | None:
    """What the last conversation was about; today's own visit is still going on."""
    moment = dossier.moment
    for one in dossier.happenings:
        going_on = one.kind == "visit" and moment.day_of(one.at) == moment.today
        if one.kind in NOT_A_THREAD or going_on or not (one.summary or one.words):
            continue
        if moment.days_since(one.at) > THREAD_DAYS:
            return None
        return None if dossier.hidden_by_company(one.companions) else _thread_cue(dossier, one)
    return None


def _thread_cue(dossier: Dossier, one: Happening) -> Draft:
    told = one.summary or one.words
    short = told if len(told) <= THREAD_LENGTH else told[: THREAD_LENGTH - 1].rstrip() + "…"
    on = on_day(dossier.moment, one.at)
    return Draft(
        lane="moment",
        kind="thread",
        key=one.key,
        text=_("Last time: %(told)s", told=short),
        why=(_("%(name)s, %(day)s", name=one.staff, day=on) if one.staff else _("from %(day)s", day=on),),
        severity=0.8,
        recent=recency(dossier.moment, one.at),
        stages=WHILE_HERE,
        about=f"{one.summary} {one.words}",
        discretion=one.discretion,
    )


def _date(dossier: Dossier, one: Anniversary) -> Draft | None:
    days = days_until(one, dossier.moment.today)
    if not 0 <= days <= AHEAD:
        return None
    what: Phrase = DATES.get(one.kind, DATES["other"])
    if one.label:
        what = _("%(what)s (%(label)s)", what=what, label=one.label)
    when = Day(dossier.moment.today + timedelta(days=days), dossier.moment.today)
    source = _("by the lunar calendar") if one.calendar == "lunar" else _("from their dates")
    return Draft(
        lane="moment",
        kind="date",
        key=one.key,
        text=_("%(what)s %(day)s", what=what, day=when),
        why=_quietly(dossier) or (source,),
        severity=3.0 if days == 0 else 1.5,
        recent=1 / (1 + days / 7),
        stages=COMING_AND_GOING,
        about=f"{one.kind.replace('_', ' ')} {one.label}",
    )


def _quietly(dossier: Dossier) -> tuple[Phrase, ...]:
    return (_("keep it quiet until what we owe is settled"),) if owed.is_open(dossier) else ()


def _gesture(dossier: Dossier, todo: Todo) -> Draft | None:
    """A kindness that is due; whoever comes first may do it, so that nobody owns it is no news."""
    if not is_due(dossier, todo):
        return None
    return Draft(
        lane="moment",
        kind="gesture",
        key=todo.key,
        text=_("%(what)s", what=todo.text),
        why=(
            *(owed.whose(todo) if todo.owner or todo.role else ()),
            *owed.at_venue(todo.elsewhere),
            *owed.lateness(dossier, todo.due_at),
            *owed.when_triggered(todo),
        ),
        answers=("used", "not_now") if todo.elsewhere else ("done", "not_now"),
        severity=1.8 if todo.kind == "gesture" else 1.6,
        about=f"{todo.category} {todo.text}",
    )


def _loan(dossier: Dossier, lent: Lent) -> Draft:
    moment = dossier.moment
    since, by = on_day(moment, lent.lent_at), lent.lent_by
    is_late = lent.due_at is not None and lent.due_at < moment.now
    why = _("lent by %(name)s %(day)s", name=by, day=since) if by else _("lent %(day)s", day=since)
    return Draft(
        lane="moment",
        kind="loan",
        key=lent.key,
        text=_("They still have: %(what)s", what=lent.what),
        why=(why, *owed.lateness(dossier, lent.due_at)),
        severity=1.7 if is_late else 1.1,
        recent=recency(moment, lent.lent_at),
        stages=ALWAYS - {"during"},
        about=lent.what,
    )


def _topic(dossier: Dossier, fact: Fact) -> Draft:
    fit, once = fits_here(dossier.moment, fact), fact.status == "observed" and fact.seen < 2
    value = value_of(fact)
    return Draft(
        lane="moment",
        kind="topic",
        key=fact.key,
        text=_("%(value)s? Seen once", value=value) if once else value,
        why=how_we_know(dossier.moment, fact),
        answers=("used", "still_true", "changed", "not_now"),
        severity=1.2,
        fit=max(fit, 0.1),
        sure=max(fact.fresh.probability, 0.1),
        recent=recency(dossier.moment, fact.confirmed_at or fact.recorded_at),
        fold=fit == 0.0 or once or fact.fresh.label == "ask",
        stages=WHILE_HERE | {"leaving"},
        about=fact.says,
        discretion=fact.discretion,
        label=fact.fresh.label,
    )


def _check(dossier: Dossier) -> Draft | None:
    if dossier.moment.stage != "during":
        return None
    return Draft(
        lane="moment",
        kind="check",
        key="check",
        text=_("Ask whether everything is as it should be"),
        why=(_("what is said now can still be put right today"),),
        severity=2.5,
        stages=frozenset({"during"}),
        discretion=SAY_ALOUD,
    )


def _closing(dossier: Dossier) -> Draft | None:
    """At the end they are given somebody to ask for, on paper or by a channel that they allow."""
    moment = dossier.moment
    if moment.stage not in {"leaving", "after"} or not moment.viewer:
        return None
    allowed, _refused = reach(dossier)
    params = {"name": moment.viewer, "badge": moment.badge}
    given = _("Give them your name: %(name)s", **params)
    if moment.badge:
        given = _("Give them your name and number: %(name)s, %(badge)s", **params)
    by = Joined(tuple(CHANNELS[one] for one in allowed))
    return Draft(
        lane="moment",
        kind="closing",
        key="closing",
        text=given,
        why=(
            _("they allow %(channels)s", channels=by) if allowed else _("in person; no message was allowed"),
        ),
        answers=("done", "not_now"),
        severity=2.5,
        stages=frozenset({"leaving", "after"}),
    )
