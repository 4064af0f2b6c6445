"""Whether and how words fit a customer's names and what is remembered of them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache
from itertools import chain, pairwise
from typing import Final

from rapidfuzz.distance import OSA

from customers.asking import may_have_typo
from customers.fits import NO_EVIDENCE, NO_MATCH, Candidate, Fit, Match, Source, Span, Text
from customers.names import Name, Part, take_apart
from customers.search_keys import (
    ONE_TYPO_FROM,
    SHORTEST_MEMORY,
    TWO_TYPOS_FROM,
    one_of_many,
    pieces_of,
    read_aloud,
)
from customers.spelling import fold, is_han, spans_of

# From here on a word that does not fit may still be the one that was meant.
_LIKE_ENOUGH: Final = 0.5
_SHORTEST_NICKNAME_START: Final = 3
# A single word of several that fits tells nothing when it is shorter.
_SHORTEST_TELLING: Final = 3
# How like a name is a word that is read as nobody of that name reads it, although it can be.
_UNUSUAL: Final = 0.9
# What it costs that a word is not finished, in typos.
_UNFINISHED: Final = 0.5


class _Level(IntEnum):
    """How well a single word fits."""

    WHOLE = 0
    START = 1
    NICKNAME = 2
    TYPO = 3
    MEMORY = 4
    NONE = 9


@dataclass(frozen=True, slots=True)
class _WordFit:
    """How one word fits: in which part of which name and where in it, or in which other text."""

    level: _Level
    typos: int = 0
    is_finished: bool = False
    name: int = -1
    part: int = -1
    span: Span = (0, 0)
    likeness: float = 0.0
    nickname: str = ""
    text: Text | None = None


_NOWHERE: Final = _WordFit(_Level.NONE)


def match_words(words: tuple[str, ...], candidate: Candidate) -> Match:
    """All words in the names, else some of them in what is remembered, else most of them."""
    if not words:
        return NO_MATCH
    names = [take_apart(name) for name in candidate.names]
    for place, name in enumerate(names):
        whole = {" ".join(sorted(words)), "".join(words)} & name.in_full
        if whole:
            return _whole_name(place, name, len(words), 1 if whole & name.usual else _UNUSUAL)
    fits = _assigned(words, names)
    fits = [
        fit if fit.level <= _Level.NICKNAME else _best([fit, *_in_texts(word, candidate)])
        for word, fit in zip(words, fits, strict=True)
    ]
    return _summed_up(words, fits, candidate)


def fits_as_it_stands(word: str, candidate: Candidate) -> bool:
    """Whether a word without any typo is to be found in a customer's names or in what is known of them."""
    in_names = _in_names(word, [take_apart(name) for name in candidate.names], alone=False)
    every = chain(in_names, _in_texts(word, candidate))
    return any(fit.level != _Level.NONE and not fit.typos for fit in every)


def _order(fit: _WordFit) -> tuple[int, int, float, int]:
    # A typo in a remembered word is worse than one in a name; a word as it stands is better than either.
    level = _Level.TYPO if fit.level == _Level.MEMORY and not fit.typos else fit.level
    return (level, fit.typos if level != _Level.NONE else 0, -fit.likeness, fit.name)


def _best(fits: Iterable[_WordFit]) -> _WordFit:
    return min(fits, key=_order, default=_NOWHERE)


def _whole_name(place: int, name: Name, words: int, likeness: float) -> Match:
    span = (0, len(name.text))
    found = Match(Fit.FULL_NAME, Source.NAME, whole_words=words, in_order=True, likeness=likeness)
    if place == 0:
        return replace(found, marks=(span,))
    return replace(found, source=Source.OTHER_NAME, text=name.text, text_marks=(span,))


def _assigned(words: Sequence[str], names: Sequence[Name]) -> list[_WordFit]:
    """The best fit of each word in the names, no word of theirs taken by two of those typed."""
    every = [
        (place, fit)
        for place, word in enumerate(words)
        for fit in _in_names(word, names, alone=len(words) == 1)
    ]
    every.sort(key=lambda pair: _order(pair[1]))
    theirs = [list(_told_apart(name)) for name in names]
    best: dict[int, _WordFit] = {}
    taken: set[tuple[str, int]] = set()
    for place, fit in every:
        part = theirs[fit.name][fit.part] if fit.part >= 0 else None
        if place in best or part in taken:
            continue
        best[place] = fit
        if part:
            taken.add(part)
    return [best.get(place, _NOWHERE) for place in range(len(words))]


def _told_apart(name: Name) -> Iterator[tuple[str, int]]:
    """Each word of a name, with how often it came before: Wilson of Ms Wilson is that of Deborah Wilson."""
    seen: Counter[str] = Counter()
    for part in name.parts:
        word = "".join(part.spellings[:1])
        yield word, seen[word]
        seen[word] += 1


def _in_names(word: str, names: Sequence[Name], *, alone: bool) -> Iterable[_WordFit]:
    """Each way in which a word fits the names."""
    for place, name in enumerate(names):
        if is_han(word):
            yield from _characters_fit(word, place, name)
            continue
        yield from (_part_fit(word, place, number, part) for number, part in enumerate(name.parts))
        whole = (0, len(name.text))
        if _stands_for(word, name, alone=alone):
            is_usual = any(way.startswith(word) for way in name.usual)
            yield _WordFit(
                _Level.START,
                is_finished=word in name.together,
                name=place,
                span=whole,
                likeness=1 if is_usual else _UNUSUAL,
            )
        yield from (replace(_mistyped(word, way), name=place, span=whole) for way in name.joined)


def _stands_for(word: str, name: Name, *, alone: bool) -> bool:
    """Whether a word stands for the name as a whole: run together, initials.

    Beside other words only what starts no single word of the name, or they would be counted twice.
    """
    if len(word) < 2 or not any(way.startswith(word) for way in name.together):
        return False
    if alone:
        return True
    long_enough = len(word) > 2 or is_han(name.text)
    return long_enough and not any(way.startswith(word) for part in name.parts for way in part.spellings)


def _characters_fit(word: str, place: int, name: Name) -> Iterable[_WordFit]:
    """Chinese characters: as they stand in the name, else all of them somewhere in it."""
    written = fold(name.text)
    start = written.find(word)
    if start >= 0:
        level = _Level.WHOLE if len(word) == len(written) else _Level.START
        yield _WordFit(level, name=place, span=(start, start + len(word)), likeness=1)
    elif all(character in written for character in word):
        yield _WordFit(_Level.START, name=place, span=(0, len(written)), likeness=0.5)


def _part_fit(word: str, place: int, number: int, part: Part) -> _WordFit:
    """How a word fits one part of a name, which stands where it stands."""
    fit = _in_part(word, part.spellings, part.nicknames)
    end, read = part.end, word
    if fit.level == _Level.START:
        read = starting = next(way for way in part.spellings if way.startswith(word))
        as_written = starting == part.spellings[0] and part.end - part.start == len(starting)
        end = part.start + len(word) if as_written else part.end
    likeness = _UNUSUAL if read in part.unusual and fit.level <= _Level.START else fit.likeness
    return _WordFit(
        fit.level, fit.typos, fit.is_finished, place, number, (part.start, end), likeness, fit.nickname
    )


@lru_cache(maxsize=20_000)
def _in_part(word: str, ways: tuple[str, ...], nicknames: frozenset[str]) -> _WordFit:
    """How a word fits a word of a name, wherever that stands: of many who share it asked once."""
    if word in ways:
        return _WordFit(_Level.WHOLE, is_finished=True, likeness=1)
    if any(way.startswith(word) for way in ways):
        return _WordFit(_Level.START, likeness=1)
    long_enough = [name for name in nicknames if len(word) >= min(_SHORTEST_NICKNAME_START, len(name))]
    nickname = min((name for name in long_enough if name.startswith(word)), key=len, default="")
    if nickname:
        return _WordFit(_Level.NICKNAME, likeness=1, nickname=nickname)
    return _best(_mistyped(word, way) for way in ways)


@lru_cache(maxsize=20_000)
def _mistyped(word: str, way: str) -> _WordFit:
    """With how many typos a word fits, and how like it is when with too many."""
    typos = typos_between(word, way)
    level = _Level.NONE if typos is None else _Level.TYPO
    if typos is None:
        typos = min(OSA.distance(word, way), OSA.distance(word, way[: len(word)]))
    is_finished = OSA.distance(word, way, score_cutoff=typos) <= typos
    return _WordFit(level, typos, is_finished, likeness=_likeness(word, way))


def typos_between(word: str, way: str) -> int | None:
    """Typos between a word and the start of another that it is nearest to; None for more than are allowed."""
    if not may_have_typo(word) or len(way) < ONE_TYPO_FROM:
        return None
    allowed = 2 if len(word) >= TWO_TYPOS_FROM else 1
    lengths = range(len(word) - allowed, min(len(word) + allowed, len(way)) + 1)
    typos = min((OSA.distance(word, way[:length], score_cutoff=allowed) for length in lengths), default=9)
    return typos if typos <= allowed else None


def _likeness(word: str, way: str) -> float:
    """From 0 to 1: how like a word is to the start of another of about its length."""
    return max(OSA.normalized_similarity(word, way), OSA.normalized_similarity(word, way[: len(word)]))


def _in_texts(word: str, candidate: Candidate) -> Iterable[_WordFit]:
    """Each way in which a word fits what is known besides the names."""
    for text in candidate.texts:
        for start, end, known in spans_of(text.text):
            yield _text_fit(word, known, start, end, text)
        if text.source == Source.COMPANION and any(way.startswith(word) for way in _aloud(text.text)):
            yield _WordFit(_Level.MEMORY, span=(0, len(text.text)), likeness=1, text=text)
    for address in candidate.addresses:
        if any(piece.startswith(word) for piece in pieces_of(address)):
            yield _WordFit(_Level.MEMORY, likeness=1, text=Text(Source.ADDRESS, address))
    if word.isdigit() and len(word) > 2 and any(word in number for number in candidate.phones):
        text = Text(Source.NUMBER, f"··{word}")
        yield _WordFit(_Level.MEMORY, span=(2, 2 + len(word)), likeness=1, text=text)


def _aloud(name: str) -> frozenset[str]:
    return read_aloud(name) if is_han(name) else frozenset()


def _text_fit(word: str, known: str, start: int, end: int, text: Text) -> _WordFit:
    """How a word fits one word of a text."""
    place = known.find(word) if is_han(word) else (0 if known.startswith(word) else -1)
    if place < 0 and known in one_of_many(word):
        return _WordFit(_Level.MEMORY, span=(start, end), likeness=1, text=text)
    if place >= 0:
        until = start + place + len(word) if end - start == len(known) else end
        return _WordFit(_Level.MEMORY, span=(start + place, until), likeness=1, text=text)
    # The first letters of a remembered word have to be right: no keys are kept for others.
    if known[:SHORTEST_MEMORY] != word[:SHORTEST_MEMORY]:
        return _NOWHERE
    typos = typos_between(word, known)
    if typos is None:
        return _NOWHERE
    return _WordFit(_Level.MEMORY, typos, span=(start, end), likeness=_likeness(word, known), text=text)


def _summed_up(words: tuple[str, ...], fits: Sequence[_WordFit], candidate: Candidate) -> Match:
    """The fits of the words as the fit of the whole."""
    fit = _fit_of_all(words, fits)
    if fit == Fit.NOT:
        return NO_MATCH
    letters = sum(map(len, words))
    in_names = [one for one in fits if one.part >= 0 and one.level < _Level.MEMORY]
    return replace(
        _shown(fits, candidate),
        fit=fit,
        typos=sum(one.typos for one in fits if one.level != _Level.NONE),
        whole_words=sum(one.level == _Level.WHOLE for one in fits[:-1]),
        in_order=all(first.part < second.part for first, second in pairwise(in_names)),
        likeness=sum(one.likeness * len(word) for one, word in zip(fits, words, strict=True)) / letters,
        costs=tuple(map(_cost, fits)),
        share=_letters_there(words, fits) / letters,
    )


def _letters_there(words: Sequence[str], fits: Sequence[_WordFit]) -> int:
    """How many of the letters typed are in words that fit."""
    return sum(len(word) for word, fit in zip(words, fits, strict=True) if fit.level != _Level.NONE)


def _cost(fit: _WordFit) -> float:
    """How far a word is from what it fits, in typos; an unfinished word is half a typo away."""
    if fit.level == _Level.NONE and fit.likeness < _LIKE_ENOUGH:
        return NO_EVIDENCE
    return fit.typos + (0 if fit.is_finished else _UNFINISHED)


def _fit_of_all(words: tuple[str, ...], fits: Sequence[_WordFit]) -> Fit:
    there = [(word, fit) for word, fit in zip(words, fits, strict=True) if fit.level != _Level.NONE]
    if len(there) < len(words):
        return _fit_of_some(words, fits, there)
    if any(fit.level == _Level.MEMORY for fit in fits):
        return Fit.MEMORY
    return Fit.TYPO if any(fit.typos for fit in fits) else Fit.STARTS


def _fit_of_some(words: tuple[str, ...], fits: Sequence[_WordFit], there: list[tuple[str, _WordFit]]) -> Fit:
    """Some words fit nowhere: is what is left enough?"""
    part = _letters_there(words, fits) / sum(map(len, words))
    if not there:
        return Fit.NOT
    if len(there) > 1 and part >= 0.4:
        return Fit.LOOSE
    like = all(fit.likeness >= _LIKE_ENOUGH for fit in fits)
    if like and len(there) == len(words) - 1:
        return Fit.LOOSE
    word, fit = there[0]
    return Fit.DISTANT if len(word) >= _SHORTEST_TELLING and fit.level < _Level.MEMORY else Fit.NOT


def _shown(fits: Sequence[_WordFit], candidate: Candidate) -> Match:
    """What to show of the fits: places in the listed name, and the one other text that tells most."""
    in_names = [fit for fit in fits if fit.name >= 0 and fit.level < _Level.MEMORY]
    marks = tuple(sorted({fit.span for fit in in_names if fit.name == 0}))
    text = next((fit.text for fit in fits if fit.text), None)
    if text:
        spans = tuple(sorted({fit.span for fit in fits if fit.text == text and fit.span[1]}))
        return Match(Fit.MEMORY, text.source, marks, text.text, text.label, spans)
    nickname = next((fit.nickname for fit in fits if fit.nickname), "")
    if nickname:
        return Match(Fit.STARTS, Source.NICKNAME, marks, nickname.title())
    other = next((fit.name for fit in in_names if fit.name), 0)
    if other:
        spans = tuple(sorted({fit.span for fit in in_names if fit.name == other}))
        return Match(Fit.STARTS, Source.OTHER_NAME, marks, candidate.names[other], "", spans)
    return Match(Fit.STARTS, Source.NAME, marks)
