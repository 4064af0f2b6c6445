"""A cue before it is ordered and said: what it claims, why, and how much it weighs. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from interactions.cues.dossier import SAY_ALOUD, Dossier, Fact, Moment
from interactions.cues.words import Day, Phrase, _, day, said

STAGES: Final = ("before", "arrival", "during", "leaving", "after")
DETAILED: Final = frozenset({"safety", "need", "like", "dislike"})
ALWAYS: Final = frozenset(STAGES)
UNTIL_THEY_SIT: Final = frozenset({"before", "arrival"})
WHILE_HERE: Final = frozenset({"before", "arrival", "during"})
COMING_AND_GOING: Final = frozenset({"before", "arrival", "leaving"})


@dataclass(frozen=True, slots=True)
class Draft:
    """One cue on its way to the card.

    `severity`, `fit`, `sure` and `recent` are what the ranking multiplies; `fold` keeps it behind
    "N more" however it ranks; a `filler` is shown only where room is left; `about` is what an avoid
    or a safety fact can hold it by.
    """

    lane: str
    kind: str
    key: str
    text: Phrase
    why: tuple[Phrase, ...] = ()
    answers: tuple[str, ...] = ("used", "not_now")
    severity: float = 1.0
    fit: float = 1.0
    sure: float = 1.0
    recent: float = 1.0
    fold: bool = False
    filler: bool = False
    away: bool = False
    """Whether it belongs to another venue, where alone its own page opens."""
    stages: frozenset[str] = ALWAYS
    about: str = ""
    discretion: str = SAY_ALOUD
    label: str = ""
    ask: bool = False
    acknowledge: bool = False
    severe: bool = False


def recency(moment: Moment, at: datetime) -> float:
    """1 for today, one half after half a year, never 0."""
    return 180 / (180 + max(moment.days_since(at), 0))


def on_day(moment: Moment, at: datetime) -> Day:
    """A moment as the day it was on the venue's clock."""
    return day(at.astimezone(moment.zone), moment.local.date())


def how_we_know(moment: Moment, fact: Fact) -> tuple[Phrase, ...]:
    """Who told us, when, and whether we heard it again: one short line."""
    on, by = on_day(moment, fact.recorded_at), fact.recorded_by
    if fact.status == "observed":
        return (_observed(fact, on, by),)
    if fact.confirmed_at is not None:
        again = on_day(moment, fact.confirmed_at)
        if fact.confirmed_by:
            return (_("confirmed %(day)s with %(name)s", day=again, name=fact.confirmed_by),)
        return (_("confirmed %(day)s", day=again),)
    told = _("told %(name)s %(day)s", day=on, name=by) if by else _("told us %(day)s", day=on)
    return (told,) if fact.fresh.label == "sure" else (told, _("not confirmed since"))


def _observed(fact: Fact, on: Day, by: str) -> Phrase:
    if fact.seen > 1:
        return _("observed %(times)s times, last %(day)s; they have not said so", times=fact.seen, day=on)
    if by:
        return _("observed once by %(name)s %(day)s; they have not said so", name=by, day=on)
    return _("observed once %(day)s; they have not said so", day=on)


def value_of(fact: Fact) -> Phrase:
    """A fact in its own words, with the detail that helps to act on it.

    Only where it may be said aloud; and never of an avoid, a topic or a style: those give no reasons.
    """
    if fact.detail and fact.discretion == SAY_ALOUD and fact.kind in DETAILED:
        return _("%(value)s: %(detail)s", value=fact.value, detail=fact.detail)
    return said(fact.value)


def fits_here(moment: Moment, fact: Fact) -> float:
    """How well a fact fits this hour, channel and venue: 0 not at all, 0.8 where it is not limited."""
    if fact.venue is not None and fact.venue != moment.venue:
        return 0.0
    if fact.channels and moment.channel not in fact.channels:
        return 0.0
    if fact.dayparts and moment.daypart not in fact.dayparts:
        return 0.0
    return 1.0 if fact.dayparts or fact.channels or fact.venue is not None else 0.8


def visible_facts(dossier: Dossier, *kinds: str) -> Iterable[Fact]:
    """The facts of these kinds that may stand on the card in today's company."""
    return (
        fact
        for fact in dossier.facts
        if fact.kind in kinds and not dossier.hidden_by_company(fact.companions)
    )
