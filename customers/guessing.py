"""Who may be meant where not all of what was typed fits: most evidence first. Pure.

A word that fits few of those who were fetched tells much, and one that fits all of them tells nothing: each
word counts as the surprise of its fit (in nats), less a part for each typo, and the words are added up. This
is the noisy channel of spelling correction (Kernighan, Church and Gale, 1990), its frequencies those of the
people fetched.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from math import log
from typing import Final

from customers.fits import NO_EVIDENCE, Fit, Match

# What the first typo of a word costs, and each further one.
_FIRST_TYPO: Final = 1.0
_NEXT_TYPO: Final = 2.0
# The database gives no more than some dozens for a word, so a word is at the rarest one of so many.
_RAREST: Final = 80
# Where most letters fit nothing, the word that does has to be one that half of all fetched do not have.
_ENOUGH: Final = log(2)
_MOST: Final = 0.5


def evidence(matches: Mapping[int, Match]) -> dict[int, float]:
    """How much speaks for each of those who may be meant, by customer; nothing for who is too unlikely."""
    words = max((len(found.costs) for found in matches.values()), default=0)
    by_word = [
        sorted(found.costs[word] for found in matches.values() if len(found.costs) > word)
        for word in range(words)
    ]
    return {
        customer: _weight(found.costs, by_word, _RAREST)
        for customer, found in matches.items()
        if found.fit != Fit.DISTANT
        or found.share >= _MOST
        or _weight(found.costs, by_word, len(matches)) >= _ENOUGH
    }


def _weight(costs: Sequence[float], by_word: Sequence[Sequence[float]], among: int) -> float:
    """The surprise of each word's fit: how few of so many fit as well or better."""
    return sum(
        max(0.0, log(max(1, among / bisect_right(ordered, cost))) - _penalty(cost))
        for cost, ordered in zip(costs, by_word, strict=False)
        if cost < NO_EVIDENCE
    )


def _penalty(cost: float) -> float:
    return _FIRST_TYPO * min(cost, 1) + _NEXT_TYPO * max(cost - 1, 0)
