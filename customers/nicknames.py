"""Which names are short for which. Pure.

English ones come from the `nicknames` package (Apache-2.0, by Carlton Northern and Nick Crews, curated by
hand from genealogical sources); those of other languages stand in
data/short_forms.txt and were written for this project.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from nicknames import NickNamer

_SHORT_FORMS: Final = Path(__file__).with_name("data") / "short_forms.txt"


@lru_cache(maxsize=1)
def _other_languages() -> dict[str, frozenset[str]]:
    """The table of short forms, read both ways."""
    pairs: dict[str, set[str]] = {}
    for line in _SHORT_FORMS.read_text(encoding="ascii").splitlines()[1:]:
        full, _, shorts = line.partition(":")
        for short in shorts.split():
            pairs.setdefault(full, set()).add(short)
            pairs.setdefault(short, set()).add(full)
    return {name: frozenset(others) for name, others in pairs.items()}


@lru_cache(maxsize=1)
def _english() -> NickNamer:
    return NickNamer()


@lru_cache(maxsize=100_000)
def nicknames_of(word: str) -> frozenset[str]:
    """The other names of somebody called `word` (folded): bob gives robert, and robert gives bob, rob, …"""
    english = _english()
    found = (
        english.nicknames_of(word) | english.canonicals_of(word) | _other_languages().get(word, frozenset())
    )
    return frozenset(name for name in found if name.isalpha() and name.isascii() and len(name) > 1) - {word}
