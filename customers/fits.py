"""What it means for a customer to fit what was typed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Final

Span = tuple[int, int]
# The cost of a word that fits nowhere.
NO_EVIDENCE: Final = 9.0


class Fit(IntEnum):
    """How well a customer fits, best first: the order of the list."""

    EXACT = 0
    FULL_NAME = 1
    STARTS = 2
    TYPO = 3
    MEMORY = 4
    LOOSE = 5
    # One word of two, and nothing like the other: worth showing where it is rare.
    DISTANT = 6
    NOT = 9


class Source(IntEnum):
    """What it was that fitted."""

    NAME = 0
    OTHER_NAME = 1
    NICKNAME = 2
    NUMBER = 3
    ADDRESS = 4
    COMPANION = 5
    COMPANY = 6
    TAG = 7
    REMEMBERED = 8
    HEARD = 9


@dataclass(frozen=True, slots=True)
class Text:
    """One thing known of a customer that a word may be found in. `label` is what kind of thing it is."""

    source: Source
    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer as far as is needed to match and rank. `names[0]` is the one they are listed under."""

    customer_id: int
    names: tuple[str, ...]
    tier: int
    is_here: bool
    last_seen: datetime | None
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    texts: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """How a customer fits: where in the listed name, and the other text that fitted with the places in it."""

    fit: Fit
    source: Source
    marks: tuple[Span, ...] = ()
    text: str = ""
    label: str = ""
    text_marks: tuple[Span, ...] = ()
    typos: int = 0
    # Words that are whole words of the name; the last one typed may not be finished.
    whole_words: int = 0
    in_order: bool = False
    likeness: float = 0.0
    # Of each word typed how far it is from what it fits, in typos; and the part of the letters that fit.
    costs: tuple[float, ...] = ()
    share: float = 1.0

    @property
    def order(self) -> tuple[int, int, int, bool, float]:
        """Smaller is better."""
        return (self.fit, self.typos, -self.whole_words, not self.in_order, -self.likeness)


NO_MATCH: Final = Match(Fit.NOT, Source.NAME)


def best(matches: Iterable[Match]) -> Match:
    """The best of several ways to fit."""
    return min(matches, key=lambda match: match.order, default=NO_MATCH)
