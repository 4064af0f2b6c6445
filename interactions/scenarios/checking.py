"""Compares a card with what a scenario expects, and says each difference in words. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

HAN: Final = re.compile(r"[㐀-鿿]")
Card = Mapping[str, Any]
Expected = Mapping[str, Any]


def differences(card: Card, expect: Expected) -> list[str]:
    """Every way in which a card, as JSON, is not what was expected; none when all holds."""
    return [line for key, check in CHECKS.items() if key in expect for line in check(card, expect[key])]


def said_by(cue: Mapping[str, Any]) -> str:
    """The visible words of a cue."""
    return f"{cue['text']} {cue.get('why', '')}"


def greeting_of(card: Card) -> str:
    """The visible words of the greeting."""
    parts = card["greeting"].values()
    return " ".join(" ".join(part) if isinstance(part, list) else str(part) for part in parts)


def everything(card: Card) -> str:
    """All visible words of a card."""
    cues = (*card["safety"], *card["cues"], *card["folded"])
    held = (f"{one['text']} {one['reason']}" for one in card["held"])
    return "\n".join((greeting_of(card), *map(said_by, cues), *held))


def has(text: str, word: str) -> bool:
    """Whether the words stand in a text, whatever their case."""
    return word.casefold() in text.casefold()


def has_whole(text: str, word: str) -> bool:
    """Whether a word stands in a text by itself; Chinese has no spaces, so there it may stand anywhere."""
    if HAN.search(word):
        return has(text, word)
    return re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", text.casefold()) is not None


def _cue(where: str, cue: Mapping[str, Any], wanted: Expected) -> Iterable[str]:
    for key in ("lane", "kind", "ask", "acknowledge"):
        if key in wanted and cue.get(key) != wanted[key]:
            yield f"{where}: {key} is {cue.get(key)!r}, expected {wanted[key]!r}"
    for word in wanted.get("mentions", ()):
        if not has(said_by(cue), word):
            yield f"{where}: “{said_by(cue)}” does not mention “{word}”"


def _cues(name: str) -> Callable[[Card, list[Expected]], Iterable[str]]:
    def check(card: Card, wanted: list[Expected]) -> Iterable[str]:
        cues = card[name]
        if len(cues) != len(wanted):
            found = "; ".join(f"{cue['lane']}: {cue['text']}" for cue in cues) or "none"
            yield f"{name}: {len(cues)} shown ({found}), expected {len(wanted)}"
        for index, (cue, one) in enumerate(zip(cues, wanted, strict=False)):
            yield from _cue(f"{name}[{index}]", cue, one)

    return check


def _count(name: str) -> Callable[[Card, int], Iterable[str]]:
    def check(card: Card, wanted: int) -> Iterable[str]:
        if len(card[name]) != wanted:
            yield f"{name}: {len(card[name])}, expected {wanted}"

    return check


def _at(index: int, name: str) -> Callable[[Card, Expected], Iterable[str]]:
    def check(card: Card, wanted: Expected) -> Iterable[str]:
        if card["cues"]:
            yield from _cue(name, card["cues"][index], wanted)
        else:
            yield f"{name}: no cue is shown"

    return check


def _not_first(card: Card, wanted: list[str]) -> Iterable[str]:
    first = said_by(card["cues"][0]) if card["cues"] else ""
    return (f"first: mentions “{word}”" for word in wanted if has(first, word))


def _in_some(name: str, texts: Callable[[Card], Iterable[str]]) -> Callable[[Card, list[str]], Iterable[str]]:
    def check(card: Card, wanted: list[str]) -> Iterable[str]:
        told = list(texts(card))
        return (
            f"{name}: nothing mentions “{word}”" for word in wanted if not any(has(one, word) for one in told)
        )

    return check


def _shown(card: Card) -> list[str]:
    return [said_by(cue) for cue in card["cues"]]


def _folded(card: Card, wanted: list[str]) -> Iterable[str]:
    yield from _in_some("folded", lambda one: map(said_by, one["folded"]))(card, wanted)
    for word in wanted:
        if any(has(one, word) for one in _shown(card)):
            yield f"folded: “{word}” is shown"


def _held(card: Card, wanted: list[str]) -> Iterable[str]:
    yield from _in_some("held", lambda one: [held["text"] for held in one["held"]])(card, wanted)
    cues = [*map(said_by, card["safety"]), *_shown(card), *map(said_by, card["folded"])]
    for word in wanted:
        if any(has(one, word) for one in cues):
            yield f"held: “{word}” stands in a cue"


def _absent(card: Card, wanted: list[str]) -> Iterable[str]:
    told = everything(card)
    return (f"absent: “{word}” is on the card" for word in wanted if has_whole(told, word))


def _listed(name: str) -> Callable[[Card, list[str]], Iterable[str]]:
    def check(card: Card, wanted: list[str]) -> Iterable[str]:
        listed = card["contact"][name]
        return (f"{name}: {channel} is not in {listed}" for channel in wanted if channel not in listed)

    return check


CHECKS: Final[dict[str, Callable[[Card, Any], Iterable[str]]]] = {
    "safety": _cues("safety"),
    "cues": _cues("cues"),
    "cues_count": _count("cues"),
    "folded_count": _count("folded"),
    "first": _at(0, "first"),
    "last": _at(-1, "last"),
    "not_first": _not_first,
    "cues_mention": _in_some("cues", _shown),
    "folded_mentions": _folded,
    "greeting_mentions": _in_some("greeting", lambda card: [greeting_of(card)]),
    "anywhere": _in_some("card", lambda card: [everything(card)]),
    "absent": _absent,
    "held": _held,
    "allowed": _listed("allowed"),
    "refused": _listed("refused"),
}
