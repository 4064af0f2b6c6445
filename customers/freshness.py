"""How likely a remembered thing is still true. Pure: time comes in, nothing is looked up.

    freshness(kind, category, status, recorded_at,
              *, confirmations, contradictions, half_life_days, now, severity="")
        -> Freshness(probability, label)        label: "sure" | "fading" | "ask"

Forgetting follows the power law of FSRS-4.5 (J. Ye, "A Stochastic Shortest Path Algorithm for Optimizing
Spaced Repetition Scheduling", KDD 2022, and the open-spaced-repetition project):

    R(t) = (1 + 19/81 · t/S) ^ -1/2        S: the time after which R = 0.9

The house thinks in half-lives. R = 1/2 where 19/81 · t/S = 3, so with half-life H the same curve reads

    R(t) = (1 + 3 · t/H) ^ -1/2            R(0) = 1, R(0.08 H) = 0.9, R(H) = 0.5, R(5 H) = 0.25

Hearing it again starts the clock anew and stretches the half-life: the more it had faded, the more its
survival tells (H grows by up to three times, and not at all when it was heard a moment ago). Being
contradicted halves the half-life and makes it a question until somebody confirms it. An observed thing
starts lower than one that we were told.

Safety never fades. It is "ask" when it was only observed, contradicted, or confirmed longer ago than its
confirmation interval, and never "fading". Status expired or refuted is probability 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Final, Literal

from customers import vocabulary

Label = Literal["sure", "fading", "ask"]

SURE: Final = 0.7
"""From this probability on we say it as it is; below it, we say that it may have changed."""

ASK: Final = 0.5
"""Below this probability it is as likely outdated as not: a question, not a fact."""

OBSERVED_PRIOR: Final = 0.8
CONTRADICTED_FACTOR: Final = 0.5
GROWTH: Final = 2.0
SAFETY_INTERVAL: Final = timedelta(days=365)
"""How long a safety fact may stand before it is asked again, unless its row says otherwise."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How sure we still are: 0 to 1, and the word for it."""

    probability: float
    label: Label


@dataclass(frozen=True, slots=True)
class _Memory:
    """What is known of one thing at a moment: since when, how durable, whether it was contradicted."""

    since: datetime
    half_life: timedelta
    prior: float
    contradicted: bool = False

    def kept(self, at: datetime) -> float:
        """How much of it is left by forgetting alone."""
        return float((1 + 3 * max((at - self.since) / self.half_life, 0.0)) ** -0.5)

    def probability(self, at: datetime) -> float:
        """How likely it is still true."""
        return self.kept(at) * self.prior * (CONTRADICTED_FACTOR if self.contradicted else 1.0)

    def confirmed(self, at: datetime) -> _Memory:
        """Heard again: the clock starts anew, and what had faded most gains most."""
        grown = self.half_life * (1 + GROWTH * (1 - self.kept(at)))
        # No cap: as 1 - R(t) is at most 1.5 t/H, this adds at most three times the time that has passed.
        return _Memory(at, grown, prior=1.0)

    def denied(self, at: datetime) -> _Memory:
        """Contradicted: it lasts half as long from here, and is a question until it is confirmed."""
        # What is left at this moment stays; the clock is set to where the faster curve stands there.
        return _Memory(at - (at - self.since) / 2, self.half_life / 2, self.prior, contradicted=True)


def _remember(
    start: _Memory, confirmations: Iterable[datetime], contradictions: Iterable[datetime], now: datetime
) -> _Memory:
    """Live through what was heard up to now, in order; of one moment, the confirmation is the later word."""
    heard = sorted(chain(((at, True) for at in confirmations), ((at, False) for at in contradictions)))
    memory = start
    for at, confirms in heard:
        if start.since <= at <= now:
            memory = memory.confirmed(at) if confirms else memory.denied(at)
    return memory


def is_heard_again(kind: str, outcome: str) -> bool:
    """Whether a confirmation of this outcome starts the clock anew for a fact of this kind.

    Seeing again what would be dangerous to get wrong does not replace asking.
    """
    return outcome == "confirmed" or (outcome == "observed" and kind != "safety")


def freshness(
    kind: str,
    category: str,
    status: str,
    recorded_at: datetime,
    *,
    confirmations: Iterable[datetime],
    contradictions: Iterable[datetime],
    half_life_days: int | None,
    now: datetime,
    severity: str = "",
) -> Freshness:
    """How sure we are at an aware moment `now` that one remembered thing is still true.

    Takes the row's kind, category and status by their names in the table, when it was written down, every
    moment at which it was confirmed or seen again and at which it was contradicted (undone ones left out;
    those after `now` do not count), the row's own half-life in days or None for the vocabulary's, and for
    a safety fact its severity ("ask" is asked every time). Gives the probability and its label:
    "sure", "fading" or "ask". Raises KeyError for a kind that the vocabulary does not know.
    """
    if status in {"expired", "refuted"}:
        return Freshness(0.0, "ask")
    days = half_life_days or vocabulary.half_life_days(kind, category)
    half_life = timedelta(days=days) if days else SAFETY_INTERVAL
    prior = OBSERVED_PRIOR if status == "observed" else 1.0
    memory = _remember(_Memory(recorded_at, half_life, prior), confirmations, contradictions, now)
    if kind == "safety":
        return _safety(memory, half_life, now, every_time=severity == "ask")
    probability = memory.probability(now)
    return Freshness(
        probability, "sure" if probability >= SURE else "fading" if probability >= ASK else "ask"
    )


def _safety(memory: _Memory, interval: timedelta, now: datetime, *, every_time: bool) -> Freshness:
    """A safety fact: as likely as on the day it was said, and a question once that day is too long ago."""
    probability = memory.prior * (CONTRADICTED_FACTOR if memory.contradicted else 1.0)
    doubtful = every_time or memory.contradicted or memory.prior < 1.0 or now - memory.since > interval
    return Freshness(probability, "ask" if doubtful else "sure")
