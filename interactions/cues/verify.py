"""One thing to reconfirm, put as a question: what is no longer likely, and what contradicts itself. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from interactions.cues.dossier import Dossier, Fact
from interactions.cues.draft import WHILE_HERE, Draft, fits_here, how_we_know, on_day, recency, visible_facts
from interactions.cues.touches import GUARDS, opposes, same_thing
from interactions.cues.words import Phrase, _

ASKABLE: Final = frozenset({"need", "like", "dislike", "style"})
SEVERITY: Final = {"need": 3.0, "dislike": 1.5, "like": 1.0, "style": 2.0, "avoid": 3.0}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A fact, and what goes against it: another fact, or something they had since."""

    fact: Fact
    against: str
    at: datetime
    other: Fact | None = None


def contradictions(dossier: Dossier) -> list[Contradiction]:
    """Facts of opposite kinds about the same thing, and facts that what they had since speaks against."""
    facts = list(visible_facts(dossier, "need", "like", "dislike", "style", "avoid"))
    stated = [fact for fact in facts if fact.status != "observed" or fact.seen > 1]
    found = [
        Contradiction(no, yes.value, yes.recorded_at, yes)
        for no in stated
        for yes in stated
        if yes.kind == "like" and yes.id != no.id and _are_opposite(no, yes)
    ]
    taken = {one.fact.id for one in found}
    return found + [one for fact in stated if fact.id not in taken for one in _spoken_against(dossier, fact)]


def _are_opposite(no: Fact, yes: Fact) -> bool:
    """Whether one fact speaks against the thing that another says they like."""
    return opposes(no, yes.value) or (no.kind in GUARDS and same_thing(no.value, yes.value))


def _spoken_against(dossier: Dossier, fact: Fact) -> list[Contradiction]:
    """The last thing they had since a fact was last heard that goes against it; at most one."""
    heard = fact.confirmed_at or fact.recorded_at
    for happening in dossier.happenings:
        if happening.at <= heard:
            break
        if dossier.hidden_by_company(happening.companions):
            continue
        for item in happening.items:
            if opposes(fact, item):
                return [Contradiction(fact, item, happening.at)]
    return []


def asked_about(dossier: Dossier) -> frozenset[int]:
    """The facts that are a question now, and so may not be asserted elsewhere on the card."""
    pairs = contradictions(dossier)
    both = {one.fact.id for one in pairs} | {one.other.id for one in pairs if one.other is not None}
    return frozenset(both | {fact.id for fact in _stale(dossier)})


def _stale(dossier: Dossier) -> list[Fact]:
    return [
        fact
        for fact in visible_facts(dossier, *ASKABLE)
        if fact.fresh.label == "ask" and not _seen_once(fact)
    ]


def _seen_once(fact: Fact) -> bool:
    return fact.status == "observed" and fact.seen < 2


def cues(dossier: Dossier) -> list[Draft]:
    """Every question that could be asked; the ranking lets one through."""
    pairs = contradictions(dossier)
    settled = {one.fact.id for one in pairs} | {one.other.id for one in pairs if one.other is not None}
    stale = [_question(dossier, fact) for fact in _stale(dossier) if fact.id not in settled]
    return [_both_sides(dossier, one) for one in pairs] + stale


def _question(dossier: Dossier, fact: Fact) -> Draft:
    return Draft(
        lane="verify",
        kind="reconfirm",
        key=fact.key,
        text=_("Still so: %(value)s?", value=fact.value),
        why=how_we_know(dossier.moment, fact),
        answers=("still_true", "changed", "not_now"),
        severity=SEVERITY[fact.kind],
        fit=max(fits_here(dossier.moment, fact), 0.1),
        recent=recency(dossier.moment, fact.confirmed_at or fact.recorded_at),
        stages=WHILE_HERE,
        about=fact.says,
        discretion=fact.discretion,
        label="ask",
    )


def _both_sides(dossier: Dossier, one: Contradiction) -> Draft:
    moment, fact = dossier.moment, one.fact
    heard = fact.confirmed_at or fact.recorded_at
    return Draft(
        lane="verify",
        kind="contradiction",
        key=fact.key,
        text=_("%(one)s or %(other)s: which holds now?", one=fact.value, other=one.against),
        why=(_sides(dossier, one),),
        answers=("still_true", "changed", "not_now"),
        severity=2 * SEVERITY[fact.kind],
        recent=recency(moment, max(heard, one.at)),
        stages=WHILE_HERE,
        discretion=max(fact.discretion, one.other.discretion if one.other else "", key=_secrecy),
        label="ask",
    )


def _sides(dossier: Dossier, one: Contradiction) -> Phrase:
    first = on_day(dossier.moment, one.fact.confirmed_at or one.fact.recorded_at)
    then = on_day(dossier.moment, one.at)
    params = {"one": one.fact.value, "first": first, "other": one.against, "then": then}
    if one.other is None:
        return _("%(one)s since %(first)s, yet had %(other)s %(then)s", **params)
    return _("%(one)s from %(first)s, %(other)s from %(then)s", **params)


def _secrecy(discretion: str) -> int:
    return ("", "say_aloud", "act_silently", "managers_only").index(discretion)
