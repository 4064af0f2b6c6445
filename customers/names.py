"""A written name taken apart: its words, where they stand, and what may be typed for each. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from customers.nicknames import nicknames_of
from customers.readings import (
    in_context,
    name_readings,
    readings_of,
    split_surname,
    surname_readings,
    usual_surname_readings,
    usual_together,
    whole_readings,
)
from customers.spelling import WORD_AS_WRITTEN, fold, is_han, spellings

_MARKS: Final = "'’‘ʼʻ`´′"
_MOST_WORDS: Final = 6
_SHORTEST_PIECE: Final = 3
_SAME: Final = {"st": "saint", "saint": "st", "al": "el", "el": "al"}
_ARTICLE: Final = "ال"


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a name, or one character of a Chinese one, and where it stands in the name as written."""

    start: int
    end: int
    spellings: tuple[str, ...]
    nicknames: frozenset[str] = frozenset()
    # Those of the spellings that are readings which nobody of this name goes by: 曾 is zeng, and can be ceng.
    unusual: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart. `together` is what stands for the name as a whole: run together, initials."""

    text: str
    parts: tuple[Part, ...]
    together: frozenset[str]
    # The name as somebody types it in full: words in alphabetical order, one entry for each way to write it.
    in_full: frozenset[str]
    # Run together in the usual order: the one form of `together` that is long enough to be mistyped.
    joined: tuple[str, ...]
    # Of `together` and `in_full` what is typed by those who read the name as its family does.
    usual: frozenset[str]


@lru_cache(maxsize=20_000)
def take_apart(text: str) -> Name:
    """The words of a name with everything that may be typed for them."""
    written = unicodedata.normalize("NFC", text)
    runs = list(WORD_AS_WRITTEN.finditer(written))[:_MOST_WORDS]
    parts: list[Part] = []
    together: set[str] = set()
    in_full: set[str] = set()
    joined: list[str] = []
    usual: set[str] = set()
    plain = [run for run in runs if not is_han(run.group())]
    for run in runs:
        if is_han(run.group()):
            parts += _characters(run)
            together |= name_readings(run.group())[1]
            wholes = whole_readings(run.group())
            in_full |= {" ".join(sorted(form.split())) for form in wholes} | {fold(run.group())}
            usual |= {" ".join(sorted(form.split())) for form in usual_together(run.group())} | {
                fold(run.group())
            }
            joined += [form for form in wholes if " " not in form][:1]
        else:
            parts.append(_word(run, given=len(plain) == 1 or run is not plain[-1]))
    if plain:
        latin = [part for part in parts if part.spellings and not is_han(written[part.start : part.end])]
        run_together, whole = _run_together(latin), _written_in_full(latin)
        together |= run_together
        in_full |= whole
        usual |= run_together | whole
    return Name(
        written, tuple(parts), frozenset(together), frozenset(in_full), tuple(joined), frozenset(usual)
    )


def _word(run: re.Match[str], *, given: bool) -> Part:
    """A word of a name in an alphabet; a given name has nicknames too."""
    pieces = re.split(f"[{_MARKS}]", run.group())
    ways = list(spellings("".join(pieces)))
    if len(pieces) > 1:
        ways += [way for way in spellings(pieces[-1]) if len(way) >= _SHORTEST_PIECE]
    ways += [other for way in ways for other in _written_otherwise(way, run.group())]
    nicknames = frozenset(name for way in ways for name in nicknames_of(way)) if given else frozenset()
    return Part(run.start(), run.end(), tuple(dict.fromkeys(ways)), nicknames - set(ways))


def _written_otherwise(way: str, written: str) -> Iterator[str]:
    """What else people write for a word: Mac and Mc, Saint and St, el and al, Arabic without its article."""
    if way.startswith("mac") and len(way) > len("mac") + 2:
        yield "mc" + way.removeprefix("mac")
    elif way.startswith("mc") and len(way) > len("mc") + 2:
        yield "mac" + way.removeprefix("mc")
    elif way in _SAME:
        yield _SAME[way]
    elif written.startswith(_ARTICLE) and len(written) > len(_ARTICLE) + 1:
        yield fold(written.removeprefix(_ARTICLE))


def _characters(run: re.Match[str]) -> list[Part]:
    """A Chinese name: the surname, then each character of the given name, with what is typed for it."""
    name = fold(run.group())
    surname, given = split_surname(name)
    start = run.start()
    parts = []
    if surname:
        ways = (surname, *surname_readings(surname))
        parts.append(_read(start, ways, usual_surname_readings(surname)))
    for place, (character, usual) in enumerate(zip(given, in_context(given), strict=True)):
        parts.append(_read(start + len(surname) + place, (character, *readings_of(character)), usual))
    return parts


def _read(start: int, ways: tuple[str, ...], usual: tuple[str, ...]) -> Part:
    """Characters, which are the first of the ways to type them, then the readings."""
    characters, *readings = ways
    spellings = tuple(dict.fromkeys([characters, *usual, *readings]))
    return Part(start, start + len(characters), spellings, unusual=frozenset(readings) - set(usual))


def _run_together(parts: list[Part]) -> set[str]:
    """Words run together from each place on, surname first, initials, and initial with surname."""
    words = [part.spellings[0] for part in parts]
    if len(words) < 2:
        return set()
    rest = ["".join(words[place:]) for place in range(len(words) - 1)]
    initials = "".join(word[0] for word in words)
    return {
        *rest,
        words[-1] + "".join(words[:-1]),
        words[0][0] + words[-1],
        words[-1] + words[0][0],
        initials,
    }


def _written_in_full(parts: list[Part]) -> set[str]:
    """All words in alphabetical order, spelt plainly and otherwise; run together, surname last or first."""
    most = max((len(part.spellings) for part in parts), default=0)
    ways = ([part.spellings[min(way, len(part.spellings) - 1)] for part in parts] for way in range(most))
    plain = [part.spellings[0] for part in parts]
    return {
        *(" ".join(sorted(words)) for words in ways),
        "".join(plain),
        "".join([*plain[-1:], *plain[:-1]]),
    }
