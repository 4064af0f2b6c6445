"""From a dossier to an ordered hand of cues: every lane asked once, then ranked. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from interactions.cues import holding, moment, must, owed, safety, today, verify
from interactions.cues.company import discreet
from interactions.cues.dossier import Dossier
from interactions.cues.draft import Draft
from interactions.cues.greeting import Greeting, greeting
from interactions.cues.ranking import Ranked, rank
from interactions.cues.reach import reach


@dataclass(frozen=True, slots=True)
class Hand:
    """The card before it is said in a language."""

    greeting: Greeting
    safety: tuple[Draft, ...]
    ranked: Ranked
    held: tuple[holding.Held, ...]
    allowed: tuple[str, ...]
    refused: tuple[str, ...]


def deal(dossier: Dossier) -> Hand:
    """Everything the card says of a dossier; the same for the same facts in any order."""
    todos = holding.sort(dossier)
    band = tuple(safety.cues(dossier))
    drafts = [
        *owed.cues(dossier, todos),
        *must.cues(dossier),
        *today.cues(dossier),
        *moment.cues(dossier, todos),
        *verify.cues(dossier),
    ]
    ranked = rank(discreet(drafts, dossier), dossier)
    allowed, refused = reach(dossier)
    hello = greeting(dossier, nothing_to_say=not ranked.shown)
    return Hand(hello, band, ranked, todos.held, allowed, refused)
