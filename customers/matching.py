"""Whether and how a customer fits what was typed, and who comes first. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from typing import Final

from rapidfuzz.distance import OSA

from customers.asking import Question, may_have_typo, ways_to_part
from customers.names import Name, Part, take_apart
from customers.search_keys import ONE_TYPO_FROM, TWO_TYPOS_FROM, pieces_of, without_country_code
from customers.spelling import fold, is_han, spans_of

Span = tuple[int, int]


class Fit(IntEnum):
    """How well a customer fits, best first: the order of the list."""

    EXACT = 0
    FULL_NAME = 1
    STARTS = 2
    TYPO = 3
    MEMORY = 4
    LOOSE = 5
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
    """One thing known of a customer that a word may be found in. `label` is what it is, in plain words."""

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
    whole_words: int = 0
    likeness: float = 0.0


NO_MATCH: Final = Match(Fit.NOT, Source.NAME)


def match(question: Question, candidate: Candidate) -> Match:
    """How a customer fits what was typed; `NO_MATCH` when not at all, as after a clash of hashes."""
    if question.number:
        return min(
            _match_number(question, candidate), _match_words((question.number,), candidate), key=_better
        )
    if question.address:
        local = tuple(filter(None, (word for _, _, word in spans_of(question.address.partition("@")[0]))))
        return min(_match_address(question, candidate), _match_words(local, candidate), key=_better)
    return min(
        (_match_words(way, candidate) for way in ways_to_part(question.words)), key=_better, default=NO_MATCH
    )


def _better(match: Match) -> tuple[int, int, int, float]:
    return (match.fit, match.typos, -match.whole_words, -match.likeness)


# Numbers and addresses


def _match_number(question: Question, candidate: Candidate) -> Match:
    found = [_fit_number(question, number) for number in candidate.phones]
    return min(found, key=_better, default=NO_MATCH)


def _fit_number(question: Question, number: str) -> Match:
    """Whole, as its ending, inside, or all but a digit or two of the ending."""
    digits = fold(number)
    wholes = {digits, *without_country_code(number)}
    typed = question.numbers
    if wholes & set(typed) or any(_but_for_a_trunk_prefix(question.number, whole) for whole in wholes):
        return _number_match(Fit.EXACT, digits, len(digits) - 4)
    for way in typed:
        if digits.endswith(way):
            return _number_match(Fit.STARTS, digits, len(digits) - len(way))
    for way in typed:
        if way in digits:
            return Match(
                Fit.STARTS, Source.NUMBER, text=f"·· {way} ··", text_marks=((3, 3 + len(way)),), typos=1
            )
    if len(question.number) > _NEAR and digits.endswith(question.number[-_NEAR:]):
        return _number_match(Fit.LOOSE, digits, len(digits) - _NEAR)
    return NO_MATCH


_NEAR: Final = 6
# What is dialled in front of a national number at home, and of an international one abroad.
_IN_FRONT: Final = frozenset(
    {"0", "1", "8", "06", "01", "02", "044", "045", "00", "011", "010", "0011", "810"}
)


def _but_for_a_trunk_prefix(typed: str, whole: str) -> bool:
    """Whether the number is whole but for what is dialled in front: 8 916… in Russia, 06 1… in Hungary."""
    return len(whole) >= 7 and typed.endswith(whole) and typed[: -len(whole)] in _IN_FRONT


def _number_match(fit: Fit, digits: str, start: int) -> Match:
    """Only as much of the number as is needed to tell people apart is shown."""
    shown = max(len(digits) - start, 4)
    text = f"··{digits[-shown:]}"
    return Match(fit, Source.NUMBER, text=text, text_marks=((len(text) - (len(digits) - start), len(text)),))


def _match_address(question: Question, candidate: Candidate) -> Match:
    words = [word for _, _, word in spans_of(question.address)]
    found = []
    for address in candidate.addresses:
        if address.casefold() == question.address:
            found.append(Match(Fit.EXACT, Source.ADDRESS, text=address, text_marks=((0, len(address)),)))
        elif address.casefold().startswith(question.address):
            found.append(
                Match(
                    Fit.STARTS,
                    Source.ADDRESS,
                    text=address,
                    text_marks=((0, len(question.address)),),
                    whole_words=1,
                )
            )
        elif words and all(
            any(piece.startswith(word) for piece in pieces_of(address)) for word in words[:-1] or words
        ):
            found.append(Match(Fit.STARTS, Source.ADDRESS, text=address, typos=1))
    return min(found, key=_better, default=NO_MATCH)


# Words


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
    level: _Level
    typos: int = 0
    name: int = -1
    part: int = -1
    span: Span = (0, 0)
    likeness: float = 0.0
    nickname: str = ""
    text: Text | None = None

    @property
    def order(self) -> tuple[int, int, float, int]:
        return (self.level, self.typos, -self.likeness, self.name)


_NOWHERE: Final = _WordFit(_Level.NONE)


def _match_words(words: tuple[str, ...], candidate: Candidate) -> Match:
    """All words in the name, else some of them in what is remembered, else all but one."""
    if not words:
        return NO_MATCH
    names = [take_apart(name) for name in candidate.names]
    for place, name in enumerate(names):
        if " ".join(sorted(words)) in name.in_full or "".join(words) in name.in_full:
            return _whole_name(place, name, len(words))
    fits = _assigned(words, names)
    fits = [
        fit if fit.level < _Level.TYPO else min(fit, _in_texts(word, candidate), key=_in_order)
        for word, fit in zip(words, fits, strict=True)
    ]
    return _together(words, fits, candidate)


def _in_order(fit: _WordFit) -> tuple[int, int, float, int]:
    return fit.order


def _whole_name(place: int, name: Name, words: int) -> Match:
    span = (0, len(name.text))
    if place == 0:
        return Match(Fit.FULL_NAME, Source.NAME, marks=(span,), whole_words=words, likeness=1)
    return Match(
        Fit.FULL_NAME, Source.OTHER_NAME, text=name.text, text_marks=(span,), whole_words=words, likeness=1
    )


def _assigned(words: Sequence[str], names: Sequence[Name]) -> list[_WordFit]:
    """The best fit of each word in the names, no part of a name taken by two words."""
    every = [(word, fit) for word in range(len(words)) for fit in _in_names(words[word], names)]
    every.sort(key=lambda pair: pair[1].order)
    best: dict[int, _WordFit] = {}
    taken: set[tuple[int, int]] = set()
    for word, fit in every:
        if word in best or (fit.part >= 0 and (fit.name, fit.part) in taken):
            continue
        best[word] = fit
        taken.add((fit.name, fit.part))
    return [best.get(word, _NOWHERE) for word in range(len(words))]


def _in_names(word: str, names: Sequence[Name]) -> list[_WordFit]:
    """Each way in which a word fits the names."""
    found = []
    for place, name in enumerate(names):
        if is_han(word):
            found += _characters_fit(word, place, name)
            continue
        found += [_part_fit(word, place, number, part) for number, part in enumerate(name.parts)]
        if len(word) > 1 and any(way.startswith(word) for way in name.together):
            found.append(_WordFit(_Level.START, name=place, span=(0, len(name.text))))
        found += [_mistyped(word, way, place, -1, (0, len(name.text))) for way in name.joined]
    return found


def _characters_fit(word: str, place: int, name: Name) -> list[_WordFit]:
    """Chinese characters: as they stand in the name, else all of them somewhere in it."""
    written = fold(name.text) if len(fold(name.text)) == len(name.text) else name.text
    start = written.find(word)
    if start >= 0:
        level = _Level.WHOLE if len(word) == len(written) else _Level.START
        return [_WordFit(level, name=place, span=(start, start + len(word)), likeness=1)]
    if all(character in written for character in word):
        return [_WordFit(_Level.START, name=place, span=(0, len(written)), likeness=0.5)]
    return []


def _part_fit(word: str, place: int, number: int, part: Part) -> _WordFit:
    span = (part.start, part.end)
    if word in part.spellings:
        return _WordFit(_Level.WHOLE, 0, place, number, span, 1)
    starting = [way for way in part.spellings if way.startswith(word)]
    if starting:
        end = (
            part.start + len(word)
            if starting[0] == part.spellings[0] and part.end - part.start == len(starting[0])
            else part.end
        )
        return _WordFit(_Level.START, 0, place, number, (part.start, end), len(word) / len(starting[0]))
    nicknames = [name for name in part.nicknames if name.startswith(word) and len(word) >= min(3, len(name))]
    if nicknames:
        nickname = min(nicknames, key=len)
        return _WordFit(_Level.NICKNAME, 0, place, number, span, len(word) / len(nickname), nickname)
    return min(
        (_mistyped(word, way, place, number, span) for way in part.spellings), key=_in_order, default=_NOWHERE
    )


def _mistyped(word: str, way: str, name: int, part: int, span: Span) -> _WordFit:
    """With how many typos a word fits, and how like it is when with too many."""
    likeness = OSA.normalized_similarity(word, way)
    allowed = (
        (2 if len(word) >= TWO_TYPOS_FROM else 1) if may_have_typo(word) and len(way) >= ONE_TYPO_FROM else 0
    )
    typos = _typos(word, way, allowed)
    if allowed and typos <= allowed:
        return _WordFit(_Level.TYPO, typos, name, part, span, likeness)
    return _WordFit(_Level.NONE, 0, name, part, span, likeness)


def _typos(word: str, way: str, allowed: int) -> int:
    """Typos between a word and the start of another that it is nearest to: it may not be finished yet."""
    lengths = range(max(len(word) - allowed, 1), min(len(word) + allowed, len(way)) + 1)
    return min(
        (OSA.distance(word, way[:length], score_cutoff=allowed) for length in lengths), default=allowed + 1
    )


def _in_texts(word: str, candidate: Candidate) -> _WordFit:
    """A word in what is known besides the names."""
    for text in candidate.texts:
        for start, end, known in spans_of(text.text):
            place = known.find(word) if is_han(word) else (0 if known.startswith(word) else -1)
            if place >= 0:
                until = start + place + len(word) if end - start == len(known) else end
                return _WordFit(_Level.MEMORY, span=(start + place, until), likeness=1, text=text)
    for address in candidate.addresses:
        if any(piece.startswith(word) for piece in pieces_of(address)):
            return _WordFit(_Level.MEMORY, likeness=1, text=Text(Source.ADDRESS, address))
    if word.isdigit() and len(word) >= 3 and any(word in number for number in candidate.phones):
        text = Text(Source.NUMBER, f"··{word}")
        return _WordFit(_Level.MEMORY, span=(2, 2 + len(word)), likeness=1, text=text)
    return _NOWHERE


def _together(words: tuple[str, ...], fits: Sequence[_WordFit], candidate: Candidate) -> Match:
    """The fits of the words as the fit of the whole."""
    missing = [fit for fit in fits if fit.level == _Level.NONE]
    remembered = next((fit for fit in fits if fit.level == _Level.MEMORY), None)
    if len(missing) > 1 or (missing and (len(words) == 1 or missing[0].likeness < _LIKE_ENOUGH)):
        return NO_MATCH
    typos = sum(fit.typos for fit in fits)
    if missing:
        fit = Fit.LOOSE
    elif remembered:
        fit = Fit.MEMORY
    else:
        fit = Fit.TYPO if typos else Fit.STARTS
    return replace(
        _shown(fits, remembered, candidate),
        fit=fit,
        typos=typos,
        whole_words=sum(fit.level == _Level.WHOLE for fit in fits),
        likeness=sum(fit.likeness for fit in fits) / len(fits),
    )


_LIKE_ENOUGH: Final = 0.5


def _shown(fits: Sequence[_WordFit], remembered: _WordFit | None, candidate: Candidate) -> Match:
    """What to show of the fits: places in the listed name, and the one other text that tells most."""
    marks = tuple(sorted({fit.span for fit in fits if fit.name == 0 and fit.level < _Level.MEMORY}))
    if remembered and remembered.text:
        text = remembered.text
        spans = {fit.span for fit in fits if fit.text == text and fit.span[1]}
        return Match(Fit.MEMORY, text.source, marks, text.text, text.label, tuple(sorted(spans)))
    nickname = next((fit.nickname for fit in fits if fit.nickname), "")
    if nickname:
        return Match(Fit.STARTS, Source.NICKNAME, marks, nickname.title())
    other = next((fit.name for fit in fits if fit.name > 0 and fit.level < _Level.MEMORY), 0)
    if other:
        spans = {fit.span for fit in fits if fit.name == other}
        return Match(Fit.STARTS, Source.OTHER_NAME, marks, candidate.names[other], "", tuple(sorted(spans)))
    return Match(Fit.STARTS, Source.NAME, marks)
