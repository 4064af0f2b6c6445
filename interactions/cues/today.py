"""What fits today: the usual, what they like here and now, what the booking says, one new idea. Pure."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from interactions.cues import stock, usual, verify
from interactions.cues.dossier import Booking, Dossier, Fact
from interactions.cues.draft import (
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
from interactions.cues.touches import HOLDING, folded, gist, opposes, touches
from interactions.cues.words import WEEKDAY_EVIDENCE, Clock, Joined, Phrase, _

ENOUGH_VISITS: Final = 3
SURE_ENOUGH: Final = 0.5
STILL_A_HABIT: Final = 540
"""After so many days without it, it is no longer what they usually have."""

ENOUGH_PEOPLE: Final = 2
AHEAD: Final = 14


def cues(dossier: Dossier) -> list[Draft]:
    """Every cue about today: the usual first in weight, then the booking, then likes and dislikes."""
    habit = habits(dossier)
    return [
        *_usual(dossier, habit),
        *_idea(dossier, habit),
        *_bookings(dossier),
        *_preferences(dossier, habit),
    ]


@dataclass(frozen=True, slots=True)
class Habit:
    """What they usually have here, best first, and the visits it was read from."""

    scores: tuple[usual.ItemScore, ...] = ()
    visits: tuple[usual.Visit, ...] = ()

    @property
    def items(self) -> list[str]:
        """The names of the items."""
        return [str(one.item) for one in self.scores]


def habits(dossier: Dossier) -> Habit:
    """What they will likely have now at this venue; nothing that goes against a safety fact or an avoid."""
    moment = dossier.moment
    spelt = {folded(item): item for one in reversed(dossier.happenings) for item in one.items}
    visits: list[usual.Visit] = [
        (one.at.astimezone(moment.zone), one.venue, [spelt[folded(item)] for item in one.items])
        for one in reversed(dossier.happenings)
        if one.items and not dossier.hidden_by_company(one.companions)
    ]
    here = [visit for visit in visits if visit[1] == moment.venue]
    if len(here) < ENOUGH_VISITS:
        return Habit((), tuple(here))
    ranked = usual.predict(visits, venue=moment.venue, at=moment.local, stats=dossier.stats)
    return Habit(tuple(one for one in ranked if _is_habit(dossier, one))[:3], tuple(here))


def _is_habit(dossier: Dossier, one: usual.ItemScore) -> bool:
    seen = one.evidence
    return (
        one.confidence >= SURE_ENOUGH
        and seen.hits >= ENOUGH_VISITS
        and seen.last_at is not None
        and dossier.moment.days_since(seen.last_at) <= STILL_A_HABIT
        and may_offer(dossier, str(one.item))
    )


def may_offer(dossier: Dossier, item: str) -> bool:
    """Whether nothing we know, hidden from this viewer or not, speaks against offering an item."""
    return not any(opposes(guard, item) for guard in dossier.guards)


def is_out(dossier: Dossier, item: str) -> bool:
    """Whether the venue is out of an item today."""
    return stock.is_out(item, dossier.moment.unavailable)


def _evidence(one: usual.ItemScore) -> Phrase:
    seen = one.evidence
    if seen.weekday is None:
        return _("%(hits)s of the last %(visits)s visits", hits=seen.hits, visits=seen.visits)
    return replace(WEEKDAY_EVIDENCE[seen.weekday], params={"hits": seen.hits, "visits": seen.visits})


def _usual(dossier: Dossier, habit: Habit) -> list[Draft]:
    if not habit.scores:
        return []
    best = habit.scores[0]
    there = [item for item in habit.items if not is_out(dossier, item)]
    out = [item for item in habit.items if is_out(dossier, item)]
    why, text = [_evidence(best)], _("The usual: %(items)s", items=Joined(tuple(there)))
    if out:
        text, extra = _out_today(dossier, habit, there, out)
        why += extra
    return [
        Draft(
            lane="today",
            kind="usual",
            key="usual",
            text=text,
            why=tuple(why),
            answers=("used", "changed", "not_now"),
            severity=1.4,
            sure=best.confidence,
            stages=WHILE_HERE,
        )
    ]


def _out_today(
    dossier: Dossier, habit: Habit, there: list[str], out: list[str]
) -> tuple[Phrase, list[Phrase]]:
    """What to say when the usual is out, and why what is offered instead is."""
    gone = Joined(tuple(out))
    found = _instead(dossier, habit, out)
    if found is None:
        if there:
            return _("The usual: %(items)s; %(out)s is out today", items=Joined(tuple(there)), out=gone), []
        return _("The usual, %(out)s, is out today", out=gone), []
    item, at = str(found[0]), on_day(dossier.moment, found[1])
    why = [_("took %(item)s instead %(day)s", item=item, day=at)]
    if there:
        params = {"items": Joined(tuple(there)), "out": gone, "instead": item}
        return _("The usual: %(items)s; %(out)s is out today, offer %(instead)s", **params), why
    return _("The usual, %(out)s, is out today: offer %(instead)s", out=gone, instead=item), why


def _instead(dossier: Dossier, habit: Habit, out: list[str]) -> tuple[Hashable, datetime] | None:
    taken = usual.instead(habit.visits, out)
    allowed = (
        (item, at)
        for item, at in taken
        if not is_out(dossier, str(item)) and may_offer(dossier, str(item)) and item not in habit.items
    )
    return next(allowed, None)


def _idea(dossier: Dossier, habit: Habit) -> list[Draft]:
    """One thing they have not had that people with the same usual take."""
    had = {folded(item) for one in dossier.happenings for item in one.items}
    for idea in dossier.ideas if habit.scores else ():
        fits = idea.usual == habit.items[0].strip().lower()
        new = folded(idea.item) not in had and not is_out(dossier, idea.item)
        if fits and new and idea.people >= ENOUGH_PEOPLE and not _held(dossier, idea.item):
            usual_item = habit.items[0]
            return [
                Draft(
                    lane="today",
                    kind="suggestion",
                    key=f"suggestion:{folded(idea.item)}"[:80],
                    text=_("They may like %(item)s; not had yet", item=idea.item),
                    why=(
                        _(
                            "%(people)s others whose usual is %(item)s take it",
                            people=idea.people,
                            item=usual_item,
                        ),
                    ),
                    severity=0.3,
                    sure=idea.share,
                    filler=True,
                    stages=WHILE_HERE,
                    about=idea.item,
                )
            ]
    return []


def _held(dossier: Dossier, item: str) -> bool:
    return any(touches(guard, item) for guard in dossier.guards)


def _bookings(dossier: Dossier) -> list[Draft]:
    moment, now = dossier.moment, dossier.booking
    found = [_booking(dossier, now, fold=False)] if now else []
    for later in sorted(dossier.bookings, key=lambda one: (one.at, one.id)):
        days = -moment.days_since(later.at)
        if later.state == "expected" and later.venue == moment.venue and 0 < days <= AHEAD:
            found.append(_booking(dossier, later, fold=True))
            break
    return [draft for draft in found if draft is not None]


def _booking(dossier: Dossier, booking: Booking, *, fold: bool) -> Draft | None:
    """What the booking says, without what an avoid forbids to mention; nothing said, no cue."""
    parts = [part for part in (booking.occasion, booking.note) if part and not _forbidden(dossier, part)]
    if len(parts) == 2 and gist(parts[0]) <= gist(parts[1]):
        parts = parts[1:]
    if not parts:
        return None
    local = booking.at.astimezone(dossier.moment.zone)
    at = {"day": on_day(dossier.moment, booking.at), "time": Clock(local.time())}
    return Draft(
        lane="today",
        kind="booking",
        key=booking.key,
        text=_("Booking: %(says)s", says=Joined(tuple(parts))),
        why=(
            _("party of %(people)s, %(day)s at %(time)s", people=booking.party_size, **at)
            if booking.party_size
            else _("%(day)s at %(time)s", **at),
        ),
        severity=1.6,
        fold=fold,
        stages=WHILE_HERE if booking.occasion else UNTIL_THEY_SIT,
        about=" ".join(parts),
    )


def _forbidden(dossier: Dossier, text: str) -> bool:
    """Whether an avoid forbids to bring something up."""
    return any(guard.kind == "avoid" and touches(guard, text) for guard in dossier.guards)


def _preferences(dossier: Dossier, habit: Habit) -> list[Draft]:
    asked = verify.asked_about(dossier)
    return [
        _preference(dossier, habit, fact)
        for fact in visible_facts(dossier, "like", "dislike")
        if fact.id not in asked and not _goes_against(dossier, fact)
    ]


def _goes_against(dossier: Dossier, fact: Fact) -> bool:
    """Whether liking this goes against a safety fact or an avoid, even one that the viewer may not see."""
    return fact.kind == "like" and any(
        guard.kind in HOLDING and opposes(guard, fact.value) for guard in dossier.guards
    )


def _preference(dossier: Dossier, habit: Habit, fact: Fact) -> Draft:
    fit, once = fits_here(dossier.moment, fact), fact.status == "observed" and fact.seen < 2
    told_already = any(gist(item) and gist(item) <= gist(fact.value) for item in habit.items)
    value = value_of(fact)
    if once:
        value = _("%(value)s? Seen once", value=value)
    elif fact.kind == "like" and is_out(dossier, fact.value):
        value = _("%(value)s: out today", value=value)
    elif fact.kind == "dislike":
        value = _("Dislikes: %(value)s", value=value)
    return Draft(
        lane="today",
        kind=fact.kind,
        key=fact.key,
        text=value,
        why=how_we_know(dossier.moment, fact),
        answers=("used", "still_true", "changed", "not_now"),
        severity=1.1 if fact.kind == "dislike" else 1.0,
        fit=max(fit, 0.1),
        sure=max(fact.fresh.probability, 0.1),
        recent=recency(dossier.moment, fact.confirmed_at or fact.recorded_at),
        fold=fit == 0.0 or once or told_already,
        stages=WHILE_HERE,
        about=fact.says,
        discretion=fact.discretion,
        label=fact.fresh.label,
    )
