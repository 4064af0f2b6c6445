"""What somebody typed, told apart by shape, as the steps in which to look for it. Pure.

Steps (`customers.steps`) run in the order in which their finds are listed, until enough is found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import combinations, pairwise, permutations
from typing import Final

from customers import phones
from customers.search_keys import (
    ADDRESS,
    DIGITS,
    ENDING,
    FULL,
    LONGEST_ENDING,
    LONGEST_PREFIX,
    LONGEST_START,
    MEMORY,
    NAME,
    NUMBER,
    ONE_TYPO_FROM,
    PIECE,
    SHORTEST_DIGITS,
    SHORTEST_MEMORY,
    START,
    STOP_WORDS,
    TWO_TYPOS_FROM,
    in_threes,
    key,
    memory_kind,
    memory_start,
    one_of_many,
)
from customers.spelling import fold, is_han, tokens
from customers.steps import Choice, Step

LONGEST_TEXT: Final = 200
TOP_LEVEL: Final = "com org net de uk co cn fr es it at ch eu io info"
_MOST_WORDS: Final = 6
# The database function takes so many sets of choices.
_MOST_CHOICES: Final = 3
_FEWEST_FOR_NEAR: Final = 6
# So many digits are somebody's whole number, if they are anybody's.
_SHORTEST_WHOLE: Final = 7
# A word of so many letters may find somebody by itself though two others do not fit.
_LONG: Final = 5
# A number with what is said before it, and behind it the extension, which is not part of it.
_PHONE: Final = re.compile(
    r"(?:(?:tel|phone|ph|mobile|mob|cell|电话|手机)[.:]?)?([\s\d+()\[\]./_,\-\u2010-\u2015\u2212]+)"
    r"(?:(?:ext|x)\.?\s*\d{1,5})?",
    re.IGNORECASE,
)
# What stands behind the @, with it or without.
_DOMAIN: Final = re.compile(rf"@?[\w-]+(\.[\w-]+)*\.({'|'.join(TOP_LEVEL.split())})", re.IGNORECASE)
_DIALLED_ABROAD: Final = re.compile(r"^(0011|011|010|810|00)")


@dataclass(frozen=True)
class Question:
    """What was typed. `number` holds the digits when it is a phone number, `address` an e-mail address."""

    text: str
    words: tuple[str, ...] = ()
    number: str = ""
    normal_number: str = ""
    address: str = ""
    managers_of: tuple[int, ...] = ()

    @cached_property
    def steps(self) -> list[Step]:
        """Where to look, best finds first."""
        if self.number:
            return _number_steps(self)
        if self.address:
            return _address_steps(self)
        return _word_steps(self)

    @cached_property
    def guesses(self) -> list[Step]:
        """Where to look when nobody fits: for numbers that end almost so, and people whom most words fit."""
        if self.number:
            typed = self.number[-_FEWEST_FOR_NEAR:]
            return [Step((key(ENDING, typed),))] if len(self.number) > _FEWEST_FOR_NEAR else []
        return [] if self.address else _most_words(self)

    @property
    def is_of_names(self) -> bool:
        """Whether whoever fits by name fits by their names alone, and not by a number or an address."""
        return bool(self.words) and not any(word.isdigit() for word in self.words)

    @property
    def numbers(self) -> list[str]:
        """The digits in full with the country's code, as typed, and without what is dialled in front."""
        bare = _DIALLED_ABROAD.sub("", self.number)
        ways = [self.normal_number, self.number, bare, self.number.lstrip("0")]
        return list(dict.fromkeys(way for way in ways if len(way) >= SHORTEST_DIGITS))


def ask(text: str, *, country: str = "", managers_of: Sequence[int] = ()) -> Question:
    """Tell apart what was typed.

    `country` is the two letters of the country whose numbers need no country code; `managers_of` are the
    venues (0: any) whose managers-only facts may be searched.
    """
    # Chinese keyboards type digits, colons and @ in full width.
    text = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).strip()
    may_know = tuple(managers_of)
    if found := _PHONE.fullmatch(text):
        number = found[1].strip()
        digits = phones.digits(re.sub(r"\(0\)", "", number))
        if len(digits) >= SHORTEST_DIGITS:
            return Question(text, number=digits, normal_number=_normal(number, country), managers_of=may_know)
    if "@" in text.lstrip("@") or _DOMAIN.fullmatch(text):
        return Question(text, address=text.casefold().replace("mailto:", ""), managers_of=may_know)
    words = tuple(word for word in map(fold, tokens(text)) if word)[:_MOST_WORDS]
    return Question(text, words=words, managers_of=may_know)


def _normal(text: str, country: str) -> str:
    """The digits of the number in full; empty for what is too long to be one."""
    try:
        return phones.digits(phones.normalise(text, country))
    except ValueError:
        return ""


def _number_steps(question: Question) -> list[Step]:
    """The whole number, then numbers that end with it, then numbers that hold it."""
    is_long = len(question.number) >= _SHORTEST_WHOLE
    whole = [Step((key(NUMBER, number),), settles=is_long) for number in question.numbers]
    endings = [Step((key(ENDING, way[-LONGEST_ENDING:]),)) for way in question.numbers]
    # A number that holds a longer way of writing it holds the shorter one too.
    ways = [way for way in question.numbers if not any(o in way for o in question.numbers if o != way)]
    inside = [Step(_digit_keys(way)) for way in ways]
    remembered = [Step((), (Choice(_memory_keys(question, question.number)),), by_memory=True)]
    return _once([*whole, *endings, *inside, *remembered])


def _digit_keys(digits: str) -> tuple[int, ...]:
    return tuple(sorted(key(DIGITS, three) for three in in_threes(digits)))


def _address_steps(question: Question) -> list[Step]:
    """The whole address, then addresses with these pieces, then names with the words left of the @."""
    whole = Step((key(ADDRESS, question.address),))
    local, _, domain = question.address.partition("@")
    words = [fold(word) for word in tokens(f"{local} {domain}".replace("_", " "))]
    pieces = Step(
        tuple(key(PIECE, word[:LONGEST_PREFIX]) for word in words if len(word) > 1 and word not in _TLDS)
    )
    names = [fold(word) for word in tokens(local.replace("_", " "))]
    return _once(
        [
            whole,
            *([pieces] if pieces.needed else []),
            *_word_steps(Question(local, tuple(filter(None, names)))),
        ]
    )


_TLDS: Final = frozenset(TOP_LEVEL.split())


def _word_steps(question: Question) -> list[Step]:
    """Whole names, all words as prefixes, a typo, what is remembered, more typos, and both together."""
    words = question.words
    if not words:
        return []
    whole = tuple(dict.fromkeys((key(FULL, " ".join(sorted(words))), key(FULL, "".join(words)))))
    # One word that is somebody's whole name may be anything else as well: Olive.
    names = len(words) > 1 or (is_han(words[0]) and len(words[0]) > 1)
    exact = [Step((), (Choice(whole),), names=names) if len(whole) > 1 else Step(whole, names=names)]
    starts = _parted(words, unclear=False)
    said = _telling(words)
    remembered = _by_memory(said, lambda word: Choice(_memory_keys(question, word)))
    # Of one word these are the two steps before, which found all there are, or we would not get here. So they
    # are of several, of which one alone is long enough to be remembered.
    several = sum(len(word) >= SHORTEST_MEMORY for word in said) > 1
    both = _by_memory(said, lambda word: _spelt(word, _memory_keys(question, word)))
    mixed = [replace(both, unless_named=True, unless_several=True)] if several else []
    mistakable = [word for word in words if may_have_typo(word)]
    one_typo = [_choose(words, partial(_spelt_if, mistaken)) for mistaken in mistakable]
    # Beside an initial nearly everybody has something that fits, and it takes long to tell who.
    forgiving = [
        replace(step, unless_several=any(len(word) == 1 and not is_han(word) for word in words))
        for step in (*one_typo, remembered)
    ]
    # More typos are likely where few have one, and few are remembered by just these words.
    more = len(mistakable) > 1 or any(len(word) >= TWO_TYPOS_FROM for word in mistakable)
    typos = [replace(_choose(words, _spelt), unless_named=True, unless_several=True)] if more else []
    return _once([*exact, *starts, *forgiving, *typos, *mixed])


def _spelt_if(mistaken: str, word: str) -> Choice:
    """The word that is mistaken, with a typo; any other as it stands."""
    return Choice(near=word) if word == mistaken else Choice(_start_keys(word))


def _telling(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words that tell something; all of them where none does."""
    return tuple(word for word in words if word not in STOP_WORDS) or words


def _most_words(question: Question) -> list[Step]:
    """Some of the words, as others may be past recognition: each of two, two of three, neighbours of more."""
    # A short word of a name may look like one that tells nothing: Has, Van, Der.
    telling = _telling(question.words)
    words = telling if len(telling) > 1 else question.words
    if len(words) < 2:
        # Nothing fits a single word: what is remembered may be mistyped after its first letters.
        mistyped = words and may_have_typo(words[0])
        near_memory = _by_memory(words, lambda word: Choice(_near_memory_keys(question, word)))
        return [near_memory] if mistyped else []
    neighbours = combinations(words, len(words) - 1) if len(words) < 4 else pairwise(words)
    long = [(word,) for word in words if len(word) >= _LONG] if len(words) > 2 else []
    # Letters by themselves are the beginning of too many names to tell anything.
    some = [part for part in (*neighbours, *long) if any(len(word) > 1 or is_han(word) for word in part)]
    exact = [_guess(part, lambda word: Choice(_start_keys(word))) for part in some]
    near = [_guess(part, _spelt) for part in some if any(map(may_have_typo, part))]
    # What is remembered may be misspelt as well; a single word of that would be anything.
    parts = [words] if len(words) == 2 else [part for part in some if len(part) > 1]
    remembered = [
        _by_memory(part, lambda word: _spelt(word, _near_memory_keys(question, word))) for part in parts
    ]
    run_on = _parted(words, unclear=True)
    # Somebody is given with the first step that finds them: what is remembered has to be known by then.
    return _once([*remembered, *run_on, *exact, *near])


def _guess(part: Sequence[str], choice_of: Callable[[str], Choice]) -> Step:
    """Some of the words in the names, or in a number: that is known no more than what is remembered."""
    return replace(_choose(part, choice_of), by_memory=any(word.isdigit() for word in part))


def _choose(words: Sequence[str], choice_of: Callable[[str], Choice]) -> Step:
    """One key of each word; where more words have a choice than the database takes, of the longest.

    Of Chinese each character is a word: all of them together are few people's, the first alone many's.
    """
    each = [choice_of(part) for part in _parts(words)]
    needed = dict.fromkeys(key for one in each if len(one.keys) == 1 and not one.misspelt for key in one.keys)
    choices = [one for one in each if len(one.keys) > 1 or one.misspelt]
    return Step(tuple(needed), tuple(choices[:_MOST_CHOICES]))


def _by_memory(words: Sequence[str], choice_of: Callable[[str], Choice]) -> Step:
    """The same, of whom at least one word is remembered: whom all words name was found before.

    Of three words that each have a choice there is no room to say so.
    """
    step = _choose(words, choice_of)
    parts = _parts(words)
    named = {key for part in parts for key in _start_keys(part)}
    keys = dict.fromkeys(key for part in parts for key in choice_of(part).keys if key not in named)
    remembered = Choice(tuple(keys))
    choices = (remembered,) if len(parts) == 1 else (*step.choices, remembered)[:_MOST_CHOICES]
    return replace(step, choices=choices, by_memory=True)


def _parts(words: Sequence[str]) -> list[str]:
    """The words, and the characters of Chinese ones; the longest first, and none that tells nothing."""
    each = [part for word in words for part in (word if is_han(word) else (word,))]
    # What tells nothing has no key among what is remembered.
    telling = [part for part in each if not (is_han(part) and part in STOP_WORDS)] or each
    return sorted(dict.fromkeys(telling), key=len, reverse=True)


def ways_to_part(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The words as typed, then with two neighbours as one, or three: ann marie, de la rosa."""
    joined = [
        (*words[:place], "".join(words[place : place + count]), *words[place + count :])
        for count in (2, 3)
        for place in range(len(words) - count + 1)
        if not is_han("".join(words[place : place + count]))
    ]
    return [words, *joined]


def _parted(words: tuple[str, ...], *, unclear: bool) -> list[Step]:
    """Names that the words start, in each way to part them: those that keys tell from others, or the rest.

    What is run together stands for one word of a name: whom two words name is found by those. A long one has
    to have the key of its start, or michael peanut would find whoever is Michael P…. Where the first word is
    as long as a start, that does not tell them apart.
    """
    found = []
    ways = ways_to_part(words)
    if any(longer.startswith(word) for word, longer in permutations(words, 2)):
        # Whoever is called Wilson has both keys of w wilson: sooner found are those who are by one key.
        ways = [*ways[1:], words]
    for way in ways:
        together = [word for word in way if word not in words]
        if unclear == any(_runs_on(one, word) for one in together for word in words):
            long = [word for word in together if len(word) > LONGEST_PREFIX and may_have_typo(word)]
            keys = [
                *(key for word in way for key in _start_keys(word)),
                *(key(START, word[:LONGEST_START]) for word in long),
            ]
            found.append(Step(tuple(keys), unless_named=way != words))
    return found


def _runs_on(together: str, word: str) -> bool:
    """Whether what is run together shares its start with this word."""
    return len(word) >= LONGEST_START and together.startswith(word)


def _start_keys(word: str) -> tuple[int, ...]:
    """The keys of names that a word starts."""
    if is_han(word):
        return tuple(key(NAME, character) for character in word)
    if word.isdigit() and len(word) >= SHORTEST_DIGITS:
        return _digit_keys(word)
    return (key(NAME, word[:LONGEST_PREFIX]),)


def may_have_typo(word: str) -> bool:
    """Whether a word is long enough to be read with a typo."""
    return len(word) >= ONE_TYPO_FROM and word.isalpha() and word.isascii()


def _spelt(word: str, also: tuple[int, ...] = ()) -> Choice:
    """Names that a word would start with one typo mended (two from eight letters), and the keys `also`."""
    if not may_have_typo(word):
        return Choice((*_start_keys(word), *also))
    return Choice(also, far=word) if len(word) >= TWO_TYPOS_FROM else Choice(also, near=word)


def _memory_keys(question: Question, word: str) -> tuple[int, ...]:
    """The keys of what is remembered under a word, and of names and addresses it starts."""
    kinds = [MEMORY, *map(memory_kind, question.managers_of)]
    if is_han(word):
        return tuple(key(kind, word[0]) for kind in (NAME, *kinds))
    remembered = [key(kind, memory_start(way)) for way in one_of_many(word) for kind in kinds]
    if word.isdigit() and len(word) >= SHORTEST_DIGITS:
        return (key(ENDING, word[-LONGEST_ENDING:]), *remembered)
    return (key(NAME, word[:LONGEST_PREFIX]), key(PIECE, word[:LONGEST_PREFIX]), *remembered)


def _near_memory_keys(question: Question, word: str) -> tuple[int, ...]:
    """The same for a word that may hold a typo after its first letters."""
    start = word[:SHORTEST_MEMORY]
    kinds = [MEMORY, *map(memory_kind, question.managers_of)]
    return (*_memory_keys(question, word), *(key(kind, start) for kind in kinds))


def _once(steps: Iterable[Step]) -> list[Step]:
    return list(dict.fromkeys(steps))
