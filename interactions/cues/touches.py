"""Whether one thing touches another: an offer an avoid, an item an allergy, a complaint an older one. Pure.

The table of foods and other matters, with its sources, is `interactions/data/foods.json`; it is read
once. Words are compared in both scripts: English by word, with plurals folded, Chinese by characters.
Where it matters for safety, doubt is a touch.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from interactions.cues.dossier import Fact

DATA: Final = Path(__file__).resolve().parent.parent / "data" / "foods.json"

# Facts that can hold something back; other kinds do so where they name a diet or say "no …".
GUARDS: Final = frozenset({"safety", "avoid", "dislike"})
HOLDING: Final = frozenset({"safety", "avoid"})

WORD: Final = re.compile(r"[㐀-鿿]|[^\W\d_㐀-鿿]+(?:['’][^\W\d_㐀-鿿]+)?")
CHINESE: Final = re.compile(r"[㐀-鿿]+")
NEGATION: Final = re.compile(
    r"\b(no|not|non|free|without|never|avoid|avoids)\b|不|无|免|忌|别|勿", re.IGNORECASE
)

# Characters that say how, not what, as the small words of the data file do in English.
EMPTY_CHINESE: Final = re.compile(
    "[不要别请勿的了吗和与给她他您你我们提到说问在是有对过敏避免一瓶杯份送个很太再也都就只能会可以喜欢]"
)

# Characters that say at, by or on, and a seat as such.
PLACES_CHINESE: Final = re.compile("[坐座位靠边旁附近桌子在]")


@dataclass(frozen=True, slots=True)
class Table:
    """The data file, folded for look-up: a phrase leads to the matters that it names or that it holds."""

    names: dict[str, frozenset[str]]
    holds: dict[str, frozenset[str]]
    lookalikes: dict[str, frozenset[str]]
    diets: dict[str, frozenset[str]]
    one_means_all: frozenset[str]
    anything: frozenset[str]
    """Dishes that do not say what is in them."""
    allergens: frozenset[str]
    small: frozenset[str]
    """Words that say how, not what; two texts that share only these have nothing in common."""
    longest: int


@functools.cache
def table() -> Table:
    """The table of foods, read once."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    names: dict[str, set[str]] = {}
    holds: dict[str, set[str]] = {}
    for matter, entry in data["matters"].items():
        for listed, index in ((entry["names"], names), (entry["holds"], holds)):
            for phrase in listed:
                index.setdefault(folded(phrase), set()).add(matter)
    rest: list[dict[str, frozenset[str]]] = [
        {folded(phrase): frozenset(matters) for phrase, matters in data[part].items()}
        for part in ("lookalikes", "diets")
    ]
    anything = frozenset(folded(phrase) for phrase in data["could_hold_anything"])
    phrases_known = (*names, *holds, *rest[0], *rest[1], *anything)
    longest = max(len(phrase.split()) for phrase in phrases_known)
    small = frozenset(words_of(data["small_words"]))
    return Table(
        names=_frozen(names),
        holds=_frozen(holds),
        lookalikes=rest[0],
        diets=rest[1],
        one_means_all=frozenset(data["one_means_all"]),
        anything=anything,
        allergens=frozenset(data["allergens"]),
        small=small,
        longest=longest,
    )


def _frozen(index: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {phrase: frozenset(matters) for phrase, matters in index.items()}


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared; each Chinese character is one."""
    return [_stem(word) for word in WORD.findall(text.casefold())]


@functools.lru_cache(maxsize=8192)
def folded(phrase: str) -> str:
    """A phrase as the table keeps it. Kept, because the same items come back at every visit."""
    return " ".join(words_of(phrase))


def _stem(word: str) -> str:
    """A word without its ending; rough, and the same on both sides."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes", "oes")):
        return word[:-2]
    if len(word) > 5 and word.endswith(("ing", "ed")):
        return word[:-3] if word.endswith("ing") else word[:-2]
    return (
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
    )


def phrases(words: list[str], longest: int) -> Iterator[tuple[int, int, str]]:
    """Every run of words with its bounds, the longest first at each place."""
    for start in range(len(words)):
        for end in range(min(len(words), start + longest), start, -1):
            yield start, end, " ".join(words[start:end])


@functools.lru_cache(maxsize=4096)
def matters(text: str, *, named_only: bool = False) -> frozenset[str]:
    """What a text is about, by the table: what it names, and unless told otherwise what its dishes hold."""
    known, words = table(), words_of(text)
    found: set[str] = set()
    masked: set[int] = set()
    for start, end, phrase in phrases(words, known.longest):
        if phrase in known.lookalikes and masked.isdisjoint(range(start, end)):
            masked.update(range(start, end))
            found |= frozenset() if named_only else known.lookalikes[phrase]
    for start, end, phrase in phrases(words, known.longest):
        if not masked.intersection(range(start, end)):
            found |= known.names.get(phrase, frozenset())
            found |= frozenset() if named_only else known.holds.get(phrase, frozenset())
    return frozenset(found)


@functools.lru_cache(maxsize=4096)
def _in_doubt(text: str) -> frozenset[str]:
    """What an offer may be about: a dish that does not say what is in it may hold any allergen."""
    known = table()
    may_hold = any(phrase in known.anything for _s, _e, phrase in phrases(words_of(text), known.longest))
    return matters(text) | (known.allergens if may_hold else frozenset())


@functools.lru_cache(maxsize=4096)
def _ruled_out(text: str) -> frozenset[str]:
    known, words = table(), words_of(text)
    found: set[str] = set()
    for _start, _end, phrase in phrases(words, known.longest):
        found |= known.diets.get(phrase, frozenset())
    if NEGATION.search(text):
        # "No coriander" rules it out; "Earl Grey, no milk" says how they like their tea.
        rest = [word for word in words if word not in known.small and not NEGATION.fullmatch(word)]
        found |= known.names.get(" ".join(rest), frozenset())
    return frozenset(found)


def ruled_out(fact: Fact) -> frozenset[str]:
    """What a fact rules out by naming a diet, or by a plain "no …"."""
    return _ruled_out(fact.category) | _ruled_out(fact.value)


@functools.lru_cache(maxsize=4096)
def gist(text: str) -> frozenset[str]:
    """The words that say what a text is about: no small words, and Chinese by pairs of characters."""
    plain = {
        word
        for word in words_of(text)
        if not CHINESE.match(word) and word not in table().small and len(word) > 2
    }
    for run in CHINESE.findall(text):
        for piece in EMPTY_CHINESE.split(run):
            plain |= {piece} if len(piece) == 1 else {piece[at : at + 2] for at in range(len(piece) - 1)}
    return frozenset(plain - {""})


def holds_back(fact: Fact) -> bool:
    """Whether a fact can hold a follow-up or a suggestion at all."""
    return fact.kind in GUARDS or bool(ruled_out(fact))


def touches(guard: Fact, text: str, category: str = "") -> bool:
    """Whether a follow-up or suggestion may go against a fact; in doubt it does."""
    if guard.kind not in GUARDS:
        return bool(ruled_out(guard) & matters(f"{category} {text}"))
    if category and folded(category) == folded(guard.category):
        return True
    offered = _in_doubt(f"{category} {text}") if guard.kind in HOLDING else matters(f"{category} {text}")
    if _about(guard, guard.says) & offered:
        return True
    return bool(gist(guard.says) & gist(f"{category} {text}"))


def _about(guard: Fact, text: str) -> frozenset[str]:
    """What a guard is about: for safety all that its words hold; else what they name, or speak for."""
    everything = matters(text)
    if guard.kind == "safety":
        return everything
    return matters(text, named_only=True) | (everything & table().one_means_all)


def opposes(fact: Fact, text: str) -> bool:
    """Whether something liked or had goes against a fact. In doubt only for safety: a habit is a habit."""
    if fact.kind == "safety":
        return bool(matters(fact.says) & matters(text)) or _is_named_in(fact, text)
    if fact.kind not in GUARDS:
        return bool(ruled_out(fact) & matters(text))
    about = _about(fact, fact.category) | matters(fact.value, named_only=True)
    return bool(about & matters(text)) or _is_named_in(fact, text)


def _is_named_in(fact: Fact, text: str) -> bool:
    """Whether all that a fact's value is about stands in a text."""
    about = gist(fact.value)
    return bool(about) and about <= gist(text)


@functools.lru_cache(maxsize=4096)
def _core(text: str) -> frozenset[str]:
    """What is left of a text without small words and without the place it is said to be at."""
    plain = {word for word in words_of(text) if not CHINESE.match(word) and word not in table().small}
    chinese = EMPTY_CHINESE.sub("", PLACES_CHINESE.sub("", "".join(CHINESE.findall(text))))
    return frozenset(plain | set(chinese))


def same_thing(one: str, other: str) -> bool:
    """Whether two texts name one thing: "Window seat" and "Sitting by the window"."""
    return bool(_core(one)) and _core(one) == _core(other)


def alike(one: str, other: str) -> bool:
    """Whether two texts tell the same story in other words: most of the shorter one's words are shared."""
    first, second = gist(one), gist(other)
    shared = len(first & second)
    return shared >= 2 and shared * 2 >= min(len(first), len(second))


def first_touched(guards: Iterable[Fact], text: str, category: str = "") -> Fact | None:
    """The gravest fact that a follow-up or suggestion goes against: safety, then an avoid, then the rest."""
    order = {"safety": 0, "avoid": 1}
    found = [guard for guard in guards if touches(guard, text, category)]
    return min(found, key=lambda guard: (order.get(guard.kind, 2), guard.id), default=None)
