"""The steps of a question: which keys somebody must have, and how the database is told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from customers.search_keys import FAR, LONGEST_START, START, TYPO, far_rests, key, left_out

# Where so many are found, somebody of whom more must be forgiven is hardly meant; so says the database too.
SEVERAL: Final = 5
# A list is taken to hold so many at the least.
SHORTEST_LIST: Final = 10


@dataclass(frozen=True, slots=True)
class Choice:
    """Keys of which one must be there: these, or those of names that a word may be meant for.

    Such names are `near` it, with one typo, or `far`, with two, as words of eight letters may have.
    """

    keys: tuple[int, ...] = ()
    near: str = ""
    far: str = ""

    @property
    def misspelt(self) -> tuple[int, ...]:
        """The keys of the names that are meant; nothing where no word may be misspelt."""
        if self.far:
            return _far_keys(self.far)
        return _near_keys(self.near) if self.near else ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of looking: keys that must all be there, and choices of which one each must be.

    Whom a step that settles the question finds was meant, and nobody else is looked for. Whom a step that
    names finds bears all that was typed as their name; a step `unless_named` is passed over then, and one
    `unless_several` where several were found. Whom a step finds by memory may have none of the words in their
    names.
    """

    needed: tuple[int, ...]
    choices: tuple[Choice, ...] = ()
    settles: bool = False
    names: bool = False
    by_memory: bool = False
    unless_named: bool = False
    unless_several: bool = False

    def written(self, limit: int, misspelt: Sequence[tuple[int, ...]]) -> str:
        """As the database function reads it, when a list holds `limit`: signs, how many at the most, keys.

        Behind a choice with a word that may be `misspelt` is its place among the keys of those.
        """
        signs = {
            "!": self.settles,
            "=": self.names,
            "~": self.unless_named,
            "?": self.by_memory,
            "<": self.unless_several,
        }
        sign = "".join(sign for sign, has in signs.items() if has)
        most = int(max(limit, SHORTEST_LIST) * self._lists)
        choices = (
            _array(one.keys) + (f"w{misspelt.index(one.misspelt) + 1}" if one.misspelt else "")
            for one in self.choices
        )
        return ";".join((f"{sign}{most}", _array(self.needed), *choices))

    @property
    def _lists(self) -> float:
        """How many lists it may give, as more or fewer of those whom it finds do not fit."""
        if self.names:
            return 1
        if self.by_memory:
            # Few do not, and what is known of each is read.
            return 1.5
        return 4 if any(choice.far for choice in self.choices) else 2


@lru_cache(maxsize=1_000)
def _near_keys(word: str) -> tuple[int, ...]:
    """The keys of the starts that a word is, but for one typo, as far as starts go."""
    start, shorter = word[:LONGEST_START], word[: LONGEST_START - 1]
    places = range(len(start))
    # One letter is another; one is too many; one is missing; two have changed places.
    found = {key(TYPO, left_out(start, place)) for place in places}
    found |= {key(START, start[:place] + start[place + 1 :]) for place in places}
    found |= {key(TYPO, f"{place}{shorter[:place]}_{shorter[place:]}") for place in range(len(shorter) + 1)}
    found |= {
        key(START, start[:place] + start[place + 1] + start[place] + start[place + 2 :])
        for place in places[:-1]
    }
    return tuple(sorted(found))


@lru_cache(maxsize=1_000)
def _far_keys(word: str) -> tuple[int, ...]:
    """The keys of the starts of which a long word is one, but for two typos."""
    return tuple(sorted(key(FAR, rest) for rest in far_rests(word)))


def _array(keys: Iterable[int]) -> str:
    return "{" + ",".join(map(str, keys)) + "}"
