"""The search keys of a customer: plain facts in, whole numbers out. Pure.

A key is the hash of a short text with a mark for its kind in front, so that one array of int4 with one index
serves every shape of question, and a question is a set of keys that must all or partly be there. What was
found is verified against the texts themselves (`customers.matching`), so a rare clash of hashes costs
nothing. The same functions make the keys that are asked for (`customers.asking`).

kind of key                what it is made from
name                       every prefix of every word of every name: spellings, readings, nicknames, initials
start                      prefixes of words that may be misspelt; nicknames and initials are not among them
full                       a whole name, its words in alphabetical order
number, ending, digits     a phone number whole, its endings, every three digits in a row
address, piece             an e-mail address or handle whole, prefixes of its pieces
memory                     prefixes of remembered words, companions, company, tags
managers                   the same for what only managers of a venue (0: any venue) may know

Misspelt words are not among them: there are far more people than words of names. Each beginning of a word is
kept once for the whole house (`Start`), with the keys it is found by when it is misspelt:

start                      the beginning itself
typo                       the same with one letter left out, and where (see `left_out`)
far                        a long word with up to two letters left out of its first eight (SymSpell, W. Garbe)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Final
from zlib import crc32

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from customers.names import take_apart
from customers.spelling import folded_words, is_han

LONGEST_PREFIX: Final = 10
# Of a remembered word only these prefixes are kept: the rest of a longer question is verified anyway.
MEMORY_LENGTHS: Final = (3, 4, 6)
SHORTEST_MEMORY: Final = MEMORY_LENGTHS[0]
ONE_TYPO_FROM: Final = 4
TWO_TYPOS_FROM: Final = 8
LONGEST_ENDING: Final = 8
SHORTEST_DIGITS: Final = 3
_SHORTEST_FAR: Final = TWO_TYPOS_FROM - 1
# A word with a letter too many is one of these typed; of longer ones the start tells enough.
_SHORTEST_START: Final = ONE_TYPO_FROM - 1
LONGEST_START: Final = TWO_TYPOS_FROM
# Behind a word of seven letters that has no more.
_END: Final = "."
_SHORTEST_NICKNAME_PREFIX: Final = 3
# Of longer words a start is kept, which the plural shares.
_LONGEST_PLURAL: Final = max(MEMORY_LENGTHS)
# Words that tell nothing of a person.
_TELLING_NOTHING: Final = """
    a an and are as at be but by for from had has have he her his i in is it its like likes no not of on
    or our she so than that the their them they this to was were with you your
    der die das und ein eine mit von zu im am
    的 了 是 在 和 有 不 他 她 们 很 要
"""
STOP_WORDS: Final = frozenset(_TELLING_NOTHING.split())

NAME, START, TYPO, FAR, FULL = "n", "s", "t", "f", "="
NUMBER, ENDING, DIGITS = "#", "e", "d"
ADDRESS, PIECE = "@", "p"
MEMORY, MANAGERS = "m", "M"


@dataclass(frozen=True, slots=True)
class Remembered:
    """A remembered text, for everybody (`managers_of` is None), or for managers of that venue (0: of any)."""

    text: str
    managers_of: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one customer, as far as it can be searched."""

    names: Sequence[str] = ()
    phones: Sequence[str] = ()
    addresses: Sequence[str] = ()
    companions: Sequence[str] = ()
    company: str = ""
    tags: Sequence[str] = ()
    remembered: Sequence[Remembered] = ()
    # Words heard in interactions: "oat", or "7@lawsuit" for managers of venue 7 alone.
    heard: Sequence[str] = ()


def key(kind: str, text: str) -> int:
    """The signed 32-bit hash of a text of one kind."""
    return _signed(crc32(f"{kind}:{text}".encode()))


def _signed(hashed: int) -> int:
    return hashed - (1 << 32) if hashed >= 1 << 31 else hashed


def keys_of(facts: Facts) -> list[int]:
    """Every key of a customer, each once, in ascending order."""
    found: set[int] = set()
    for name in facts.names:
        found |= _name_keys(name)
    for phone in facts.phones:
        found |= _phone_keys(phone)
    for address in facts.addresses:
        found |= _address_keys(address)
    for text in (*facts.companions, facts.company, *facts.tags):
        found.update(_memory_keys(MEMORY, text))
    for name in filter(is_han, facts.companions):
        found.update(key(MEMORY, way[:length]) for way in read_aloud(name) for length in MEMORY_LENGTHS)
    for thing in facts.remembered:
        found.update(_memory_keys(memory_kind(thing.managers_of), thing.text))
    for word in facts.heard:
        venue, _, secret = word.partition("@")
        found.update(_memory_keys(memory_kind(int(venue)), secret) if secret else _memory_keys(MEMORY, word))
    return sorted(found)


def keys_for_rows(rows: Iterable[Facts]) -> Iterator[list[int]]:
    """`keys_of` for many customers. Words are remembered, so a million cost a minute or two on one core."""
    return map(keys_of, rows)


def memory_kind(managers_of: int | None) -> str:
    """The kind of key of a remembered word that everybody (None) or managers of a venue alone may know."""
    return MEMORY if managers_of is None else f"{MANAGERS}{managers_of}"


@lru_cache(maxsize=10_000)
def _name_keys(text: str) -> frozenset[int]:
    name = take_apart(text)
    found: set[int] = set()
    for part in name.parts:
        for way in part.spellings:
            found |= _word_keys(way)
        for nickname in part.nicknames:
            found |= _prefix_keys(NAME, nickname, min(_SHORTEST_NICKNAME_PREFIX, len(nickname)))
    for way in name.together:
        found |= _prefix_keys(NAME, way, 2)
    for way in name.joined:
        found |= _word_keys(way)
    found.update(key(FULL, whole) for whole in name.in_full)
    return frozenset(found)


@lru_cache(maxsize=20_000)
def _word_keys(word: str) -> frozenset[int]:
    """A word of a name: its prefixes, and those that may be misspelt; of Chinese characters, each of them."""
    if is_han(word):
        return frozenset(key(NAME, character) for character in word)
    return _prefix_keys(NAME, word, 1) | {key(START, start) for start in _starts(word)}


@lru_cache(maxsize=50_000)
def _prefix_keys(kind: str, word: str, shortest: int) -> frozenset[int]:
    """`key` of every prefix; each hash is carried on from the one before it, which is many times faster."""
    hashed, found = crc32(f"{kind}:".encode()), []
    for length, letter in enumerate(word[:LONGEST_PREFIX], 1):
        hashed = crc32(letter.encode(), hashed)
        if length >= shortest:
            found.append(_signed(hashed))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Start:
    """A beginning of a word of a name, kept once for all who bear it: keys alone, and no text."""

    # The key that those have who bear it.
    key: int
    # What is asked for when it is misspelt.
    near: tuple[int, ...]
    # The keys of its own beginnings: whoever is found by one of those is found already.
    above: tuple[int, ...]


@lru_cache(maxsize=20_000)
def misspellable(name: str) -> frozenset[str]:
    """The words of a name, each way they are written, that somebody may be looked for by misspelt."""
    taken = take_apart(name)
    words = {way for part in taken.parts for way in part.spellings} | set(taken.joined)
    return frozenset(word for word in words if _starts(word))


def start_keys(words: Iterable[str]) -> set[int]:
    """The keys of the starts of these words (`misspellable`), which the house has to keep."""
    return {key(START, start) for word in words for start in _starts(word)}


def starts_of(words: Iterable[str]) -> list[Start]:
    """The starts of these words (`misspellable`), each once."""
    return [_start(text) for text in sorted({start for word in words for start in _starts(word)})]


def _starts(word: str) -> list[str]:
    """The beginnings of a word, and one of seven letters whole; none of a word that is too short."""
    if len(word) < ONE_TYPO_FROM or not word.isascii():
        return []
    starts = [word[:length] for length in range(_SHORTEST_START, min(len(word), LONGEST_START) + 1)]
    return [*starts, word + _END] if len(word) == _SHORTEST_FAR else starts


def _start(text: str) -> Start:
    word = text.removesuffix(_END)
    near = {key(START, text)}
    if len(text) >= ONE_TYPO_FROM and word == text:
        near |= {key(TYPO, left_out(text, place)) for place in range(len(text))}
    if len(word) == TWO_TYPOS_FROM or word != text:
        near |= {key(FAR, rest) for rest in far_rests(word)}
    above = [key(START, text[:length]) for length in range(_SHORTEST_START, len(text))]
    return Start(key(START, text), tuple(sorted(near)), tuple(above))


def left_out(word: str, place: int) -> str:
    """The word without the letter at a place, marked with the place.

    Two words that differ in one letter share the text made by leaving that letter out of both; without the
    place, words two edits apart would share it too.
    """
    return f"{place}{word[:place]}_{word[place + 1 :]}"


@lru_cache(maxsize=1_000)
def far_rests(word: str) -> frozenset[str]:
    """The first eight letters with none, one or two of them left out."""
    start = word[:TWO_TYPOS_FROM]
    rests = {start}
    for count in (1, 2):
        rests |= {"".join(kept) for kept in combinations(start, len(start) - count)}
    return frozenset(rests)


def _phone_keys(number: str) -> set[int]:
    """A number written + and digits, or bare digits: whole, without its country code, and in part."""
    digits = re.sub(r"\D", "", number)
    found = {key(NUMBER, digits)} | {key(NUMBER, part) for part in without_country_code(number)}
    found |= {key(ENDING, digits[-length:]) for length in range(SHORTEST_DIGITS, LONGEST_ENDING + 1)}
    return found | {key(DIGITS, three) for three in in_threes(digits)}


def without_country_code(number: str) -> tuple[str, ...]:
    """The national part of a number written + and digits; nothing for bare digits."""
    digits = re.sub(r"\D", "", number)
    lengths = (length for length in (1, 2, 3) if int(digits[:length] or 0) in COUNTRY_CODE_TO_REGION_CODE)
    length = next(lengths, 0) if number.startswith("+") else 0
    return (digits[length:],) if length and len(digits) > length else ()


def in_threes(digits: str) -> set[str]:
    """Every three digits in a row."""
    return {digits[place : place + SHORTEST_DIGITS] for place in range(len(digits) - SHORTEST_DIGITS + 1)}


def _address_keys(address: str) -> set[int]:
    """An e-mail address or another handle: whole, and prefixes of its pieces."""
    found = {key(ADDRESS, address.casefold())}
    for piece in pieces_of(address):
        found |= _prefix_keys(PIECE, piece, 2)
    return found


def pieces_of(address: str) -> list[str]:
    """What an address is made of: words left and right of @, the left part as one; no top-level domain."""
    local, _, domain = address.casefold().partition("@")
    left, right = folded_words(local.replace("_", " ")), folded_words(domain)
    return list(dict.fromkeys([*left, "".join(left), *(right[:-1] or right)]))


@lru_cache(maxsize=20_000)
def _memory_keys(kind: str, text: str) -> frozenset[int]:
    found: set[int] = set()
    for word in memory_words(text):
        if is_han(word):
            found.update(key(kind, character) for character in word if character not in STOP_WORDS)
        else:
            found |= {key(kind, word[:length]) for length in MEMORY_LENGTHS}
    return frozenset(found)


def memory_start(word: str) -> str:
    """The longest kept prefix of a remembered word that starts with this one."""
    return word[: max((length for length in MEMORY_LENGTHS if length <= len(word)), default=len(word))]


def one_of_many(word: str) -> tuple[str, ...]:
    """A word as typed, and without the s that makes many of it where that is short: oats, cats."""
    is_short = word.endswith("s") and SHORTEST_MEMORY < len(word) <= _LONGEST_PLURAL
    return (word, word[:-1]) if is_short else (word,)


def read_aloud(name: str) -> frozenset[str]:
    """What may be typed in letters for a companion's Chinese name: doudou for 豆豆."""
    return frozenset(way for way in take_apart(name).together if len(way) >= SHORTEST_MEMORY)


@lru_cache(maxsize=20_000)
def memory_words(text: str) -> tuple[str, ...]:
    """The words of a remembered text that tell something."""
    return tuple(word for word in folded_words(text) if word not in STOP_WORDS)


Row = tuple[int, int, Facts]


def as_lines(rows: Iterable[Row]) -> str:
    """Customers with their tiers, their keys and the words heard, as lines of COPY's text format."""
    return "".join(
        f"{customer}\t{tier}\t{_array(keys_of(facts))}\t{_array(map(_quoted, facts.heard))}\n"
        for customer, tier, facts in rows
    )


def _array(values: Iterable[object]) -> str:
    return f"{{{','.join(map(str, values))}}}"


def _quoted(word: str) -> str:
    """A word in an array; words are folded, so they hold no quote, backslash or tab."""
    return f'"{word}"'
