"""How words are brought to one spelling before they are compared. Pure.

Everything that is indexed and everything that is typed goes through `fold`, so that case, accents,
apostrophes, full-width letters and scripts other than Latin and Chinese make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final

from anyascii import anyascii

# Marks that people type in a name or leave out: O'Brien and OBrien are one spelling.
_APOSTROPHES: Final = dict.fromkeys(map(ord, "'’‘ʼʻ`´′"))
_WORD: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+|[^\W_\u3400-\u9fff\U00020000-\U0003ffff]+")
# The same in a text as it is written, with the marks left in, so that places in it can be told.
WORD_AS_WRITTEN: Final = re.compile(
    r"[\u3400-\u9fff\U00020000-\U0003ffff]+"
    r"|[^\W_\u3400-\u9fff\U00020000-\U0003ffff]+(?:['’‘ʼʻ`´′][^\W_\u3400-\u9fff\U00020000-\U0003ffff]+)*"
)
_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
# How letters are written by people whose keyboard lacks them: Müller is Muller or Mueller, Đorđe is Djordje;
# a long ō of Japanese is written ou, oo or oh.
_WRITTEN_OUT: Final = tuple(
    map(
        str.maketrans,
        (
            {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "đ": "dj"},
            {"ō": "ou", "ū": "uu"},
            {"ō": "oo"},
            {"ō": "oh"},
        ),
    )
)

_SIMPLER_CHARACTERS: Final = Path(__file__).with_name("data") / "simplified.txt"


@lru_cache(maxsize=1)
def _simpler() -> dict[int, str]:
    """For each traditional character the one that the mainland writes instead."""
    lines = _SIMPLER_CHARACTERS.read_text(encoding="utf-8").splitlines()
    pairs = (pair for line in lines if not line.startswith("#") for pair in line.split())
    return {ord(pair[0]): pair[1] for pair in pairs}


def is_han(text: str) -> bool:
    """Whether the text holds a Chinese character."""
    return bool(_HAN.search(text))


def tokens(text: str) -> list[str]:
    """The words of a text as written, lower case, runs of Chinese characters apart from the rest.

    Apostrophes are dropped; hyphens and every other mark part words.
    """
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES))


@lru_cache(maxsize=50_000)
def fold(token: str) -> str:
    """One word in plain lower-case ASCII, or in simplified characters when it is Chinese. May be empty."""
    if is_han(token):
        return token.translate(_simpler())
    # NFKC first joins letter and accent, so that anyascii sees the letter it knows.
    return "".join(c for c in anyascii(unicodedata.normalize("NFKC", token)).casefold() if c.isalnum())


@lru_cache(maxsize=20_000)
def spellings(token: str) -> tuple[str, ...]:
    """Every plain spelling of one word: with its accents dropped, and with them written out."""
    written = unicodedata.normalize("NFC", token).casefold()
    ways = (fold(token), *(fold(written.translate(letters)) for letters in _WRITTEN_OUT))
    return tuple(dict.fromkeys(word for word in ways if word))


def folded_words(text: str) -> list[str]:
    """The words of a text, each in its first plain spelling."""
    return [word for word in map(fold, tokens(text)) if word]


@lru_cache(maxsize=50_000)
def spans_of(text: str) -> tuple[tuple[int, int, str], ...]:
    """Where each word of a text starts and ends, and the word folded."""
    runs = WORD_AS_WRITTEN.finditer(text)
    found = ((run.start(), run.end(), fold(run.group().casefold().translate(_APOSTROPHES))) for run in runs)
    return tuple((start, end, word) for start, end, word in found if word)
