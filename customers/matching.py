"""Whether and how a customer fits what was typed. Pure."""

from __future__ import annotations

from typing import Final

from customers.asking import Question, ways_to_part
from customers.fits import NO_MATCH, Candidate, Fit, Match, Source, best
from customers.matching_words import fits_as_it_stands, match_words
from customers.search_keys import pieces_of, without_country_code
from customers.spelling import fold, spans_of

# So many last digits must be the same for a number to be a guess.
_NEAR: Final = 6
# What is dialled in front of a national number at home, and of an international one abroad.
_DIALLED: Final = "0 1 8 06 01 02 044 045 00 011 010 0011 810"
_IN_FRONT: Final = frozenset(_DIALLED.split())


def match(question: Question, candidate: Candidate) -> Match:
    """How a customer fits what was typed; `NO_MATCH` when not at all, as after a clash of hashes."""
    if question.number:
        return best([_match_number(question, candidate), match_words((question.number,), candidate)])
    if question.address:
        local = tuple(word for _, _, word in spans_of(question.address.partition("@")[0]))
        return best([_match_address(question, candidate), match_words(local, candidate)])
    found = match_words(question.words, candidate)
    if found.fit <= Fit.STARTS:
        return found
    # Words run together are a habit of writing, not a guess: they have to fit as they are.
    together = [
        match_words(way, candidate)
        for way in ways_to_part(question.words)[1:]
        if all(fits_as_it_stands(word, candidate) for word in set(way) - set(question.words))
    ]
    return best([found, *(one for one in together if one.fit <= Fit.MEMORY and not one.typos)])


def _match_number(question: Question, candidate: Candidate) -> Match:
    return best(_fit_number(question, number) for number in candidate.phones)


def _fit_number(question: Question, number: str) -> Match:
    """Whole, as its ending, inside, or with the same last digits."""
    digits = fold(number)
    wholes = {digits, *without_country_code(number)}
    typed = question.numbers
    if wholes & set(typed) or any(_but_for_what_is_dialled(question.number, whole) for whole in wholes):
        return _number_match(Fit.EXACT, digits, 4)
    for way in typed:
        if digits.endswith(way):
            return _number_match(Fit.STARTS, digits, len(way))
    for way in typed:
        if way in digits:
            text = f"·· {way} ··"
            return Match(Fit.STARTS, Source.NUMBER, text=text, text_marks=((3, 3 + len(way)),), typos=1)
    if len(question.number) > _NEAR and digits.endswith(question.number[-_NEAR:]):
        return _number_match(Fit.LOOSE, digits, _NEAR)
    return NO_MATCH


def _but_for_what_is_dialled(typed: str, whole: str) -> bool:
    """Whether the number is whole but for what is dialled in front: 8 916… in Russia, 06 1… in Hungary."""
    return len(whole) >= 7 and typed.endswith(whole) and typed[: -len(whole)] in _IN_FRONT


def _number_match(fit: Fit, digits: str, length: int) -> Match:
    """The last digits fit. No more of the number is shown than is needed to tell people apart."""
    text = f"··{digits[-max(length, 4) :]}"
    return Match(fit, Source.NUMBER, text=text, text_marks=((len(text) - length, len(text)),))


def _match_address(question: Question, candidate: Candidate) -> Match:
    return best(_fit_address(question, address) for address in candidate.addresses)


def _fit_address(question: Question, address: str) -> Match:
    """Whole, by its start, or by its pieces: the last one typed may not be finished."""
    typed, there = question.address, address.casefold()
    mark = ((0, len(typed)),)
    if there == typed:
        return Match(Fit.EXACT, Source.ADDRESS, text=address, text_marks=mark)
    if there.startswith(typed):
        return Match(Fit.STARTS, Source.ADDRESS, text=address, text_marks=mark, whole_words=1)
    words, pieces = [word for _, _, word in spans_of(typed)], pieces_of(address)
    if words and all(any(piece.startswith(word) for piece in pieces) for word in words[:-1] or words):
        return Match(Fit.STARTS, Source.ADDRESS, text=address, typos=1)
    return NO_MATCH
