"""Which kinds of failure a complaint tells of, whatever category it was filed under. Pure.

The words are in `interactions/data/failures.json`, which is read once; they are compared as `touches`
compares foods: English by word with its endings folded, Chinese by characters.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Final

from interactions.cues.touches import folded, phrases, words_of

DATA: Final = Path(__file__).resolve().parent.parent / "data" / "failures.json"


@functools.cache
def _kinds() -> tuple[dict[str, frozenset[str]], int]:
    """The kinds that each phrase tells of, and how many words the longest phrase has."""
    known: dict[str, set[str]] = {}
    for kind, told in json.loads(DATA.read_text(encoding="utf-8"))["kinds"].items():
        for phrase in told:
            known.setdefault(folded(phrase), set()).add(kind)
    longest = max(len(phrase.split()) for phrase in known)
    return {phrase: frozenset(kinds) for phrase, kinds in known.items()}, longest


@functools.lru_cache(maxsize=1024)
def kinds_of(text: str) -> frozenset[str]:
    """The kinds of failure that a text tells of, by the codes of the complaint categories; none if unsaid."""
    known, longest = _kinds()
    none: frozenset[str] = frozenset()
    return none.union(*(known.get(phrase, none) for _start, _end, phrase in phrases(words_of(text), longest)))
