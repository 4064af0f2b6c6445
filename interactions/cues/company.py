"""Who is with them today, who belongs to them, and who must not be named because they are not here. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from interactions.cues.dossier import ACT_SILENTLY, Dossier, Relation, lowered
from interactions.cues.draft import Draft
from interactions.cues.words import Joined, Phrase

# Those who come to the phone or write for somebody.
SPEAK_FOR_THEM: Final = frozenset({"assistant", "carer"})
# Lanes in which a cue that names somebody who is not here is left out; elsewhere it is told silently.
MAY_BE_LEFT_OUT: Final = frozenset({"today", "moment", "verify"})
CHINESE: Final = re.compile(r"[㐀-鿿]")


@dataclass(frozen=True, slots=True)
class Beside:
    """Somebody who belongs to them and is here, or who may speak for them."""

    name: str
    kind: str
    customer: int | None = None
    is_here: bool = True


def beside(dossier: Dossier) -> tuple[Beside, ...]:
    """Who of those who belong to them is here today; on other channels, who may speak for them."""
    is_here = dossier.moment.channel == "in_person"
    here = dossier.company or frozenset()
    return tuple(
        Beside(one.name, one.kind, one.customer, is_here)
        for one in dossier.relations
        if (_is_here(one, here) if is_here else one.kind in SPEAK_FOR_THEM)
    )


def _is_here(one: Relation, here: frozenset[str]) -> bool:
    """Whether today's company names them; a booking often gives the first name alone."""
    names = lowered(frozenset({one.name, one.name.split()[0] if one.name.split() else one.name}))
    return bool(names & here)


def not_here(dossier: Dossier) -> frozenset[str]:
    """The names of those who came with them before and, as far as we know, are not with them now."""
    here = dossier.company or frozenset()
    return frozenset(
        name.strip()
        for one in dossier.happenings
        if dossier.hidden_by_company(one.companions)
        for name in one.companions
        if name.strip() and name.strip().casefold() not in here
    )


def discreet(drafts: Iterable[Draft], dossier: Dossier) -> list[Draft]:
    """The cues without those that name somebody who is not here; what is owed or must be is told silently."""
    absent = not_here(dossier)
    if not absent:
        return list(drafts)
    kept = (_quieted(draft, absent) for draft in drafts)
    return [draft for draft in kept if draft is not None]


def _quieted(draft: Draft, absent: frozenset[str]) -> Draft | None:
    told = " ".join((*_words(draft.text), *(word for one in draft.why for word in _words(one)), draft.about))
    if not any(names(told, name) for name in absent):
        return draft
    if draft.lane in MAY_BE_LEFT_OUT:
        return None
    secret = max(draft.discretion, ACT_SILENTLY, key=("say_aloud", ACT_SILENTLY, "managers_only").index)
    return replace(draft, discretion=secret)


def names(text: str, name: str) -> bool:
    """Whether a name stands in a text as a word of its own; Chinese has no spaces, so there anywhere."""
    if CHINESE.search(name):
        return name in text
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _words(value: object) -> Iterator[str]:
    """Everything said in a phrase that is somebody's own words."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Phrase):
        for part in value.params.values():
            yield from _words(part)
    elif isinstance(value, Joined):
        for part in value.parts:
            yield from _words(part)
