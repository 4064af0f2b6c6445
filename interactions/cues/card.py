"""The card as it is handed out: plain words in one language, the same for page, e-mail and JSON. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue, said. `discretion`, `label` and `lane_name` are for the page; the JSON leaves them out."""

    lane: str
    kind: str
    key: str
    text: str
    why: str
    source: str
    answers: tuple[str, ...] = ()
    ask: bool = False
    acknowledge: bool = False
    discretion: str = "say_aloud"
    label: str = ""
    lane_name: str = ""
    answered: str = ""
    """What was answered on this business day, the last one."""
    severe: bool = False
    away: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    """The answers with their words."""
    answered_name: str = ""
    words: str = ""
    """What may be said or written to them, word for word."""
    sends: tuple[tuple[str, str], ...] = ()
    """The ways by which it may be sent: what to call each, and the address that opens it."""

    @property
    def complaint(self) -> int | None:
        """The complaint it is about, where its recovery can be opened from here."""
        table, _colon, pk = self.key.partition(":")
        return int(pk) if table == "complaint" and not self.away else None

    @property
    def element(self) -> str:
        """Its id on a page."""
        return "cue-" + re.sub(r"\W+", "-", self.key)

    @property
    def word(self) -> str:
        """Which word stands before a safety fact: to be asked, or known."""
        return "ask" if self.ask else "safety"

    @property
    def is_discreet(self) -> bool:
        """Whether a page folds its words until they are asked for."""
        return self.discretion != "say_aloud"

    def as_json(self) -> dict[str, object]:
        """The cue as `manage.py card --json` prints it."""
        told: dict[str, object] = {
            "lane": self.lane,
            "kind": self.kind,
            "text": self.text,
            "why": self.why,
            "source": self.source,
            "answers": list(self.answers),
        }
        return {**told, "ask": self.ask, "acknowledge": self.acknowledge} if self.lane == "safety" else told


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A follow-up that the card stopped, and the kind of reason; never its detail."""

    text: str
    reason: str
    source: str
    reason_name: str = ""

    def as_json(self) -> dict[str, object]:
        """The held follow-up as JSON."""
        return {"text": self.text, "reason": self.reason, "source": self.source}


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody who belongs to them and is here, or may speak for them; `customer` where we know them too."""

    name: str
    kind_name: str = ""
    customer: int | None = None
    is_here: bool = True

    def __str__(self) -> str:
        return f"{self.name} ({self.kind_name})" if self.kind_name else self.name


@dataclass(frozen=True, slots=True)
class Hello:
    """The greeting line, said."""

    name: str
    full_name: str = ""
    native_name: str = ""
    pronunciation: str = ""
    address: str = ""
    language: str = ""
    style: tuple[str, ...] = ()
    beside: tuple[Companion, ...] = ()
    question: str = ""

    def as_json(self) -> dict[str, object]:
        """The greeting as JSON, without its empty parts."""
        parts = {
            "name": self.name,
            "full_name": self.full_name,
            "native_name": self.native_name,
            "pronunciation": self.pronunciation,
            "form_of_address": self.address,
            "language": self.language,
            "style": list(self.style),
            "beside": [str(one) for one in self.beside],
            "question": self.question,
        }
        return {key: value for key, value in parts.items() if value}


@dataclass(frozen=True, slots=True)
class Card:
    """Everything to remember about one customer now."""

    customer_id: int
    greeting: Hello
    safety: tuple[Cue, ...] = ()
    cues: tuple[Cue, ...] = ()
    folded: tuple[Cue, ...] = ()
    held: tuple[HeldBack, ...] = ()
    allowed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    allowed_names: tuple[str, ...] = field(default=())
    refused_names: tuple[str, ...] = field(default=())

    def everything(self) -> Iterator[Cue]:
        """Every cue on it: the safety band, those shown and those folded."""
        yield from (*self.safety, *self.cues, *self.folded)

    def find(self, key: str, lane: str) -> Cue | None:
        """The cue with this key in this lane, or None when it is not on the card."""
        return next((cue for cue in self.everything() if cue.key == key and cue.lane == lane), None)

    def as_json(self) -> dict[str, object]:
        """The whole card in the form that the scenarios describe."""
        return {
            "greeting": self.greeting.as_json(),
            "safety": [cue.as_json() for cue in self.safety],
            "cues": [cue.as_json() for cue in self.cues],
            "folded": [cue.as_json() for cue in self.folded],
            "held": [one.as_json() for one in self.held],
            "contact": {"allowed": list(self.allowed), "refused": list(self.refused)},
        }
