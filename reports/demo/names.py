"""Names for made-up customers: skewed as real ones are, in the scripts the venues meet."""

from __future__ import annotations

import bisect
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from pypinyin import Style, lazy_pinyin


@dataclass(frozen=True, slots=True)
class Name:
    """One person's names as they would be written down."""

    full: str
    preferred: str
    native: str
    language: str
    form_of_address: str
    pronunciation: str


class Skewed:
    """A pool in which the n-th entry is chosen in proportion to 1 / (n + 3): common names are common."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.totals = list(itertools.accumulate(1 / (n + 3) for n in range(len(words))))

    def pick(self, rng: Random) -> str:
        """One of the words."""
        return self.words[bisect.bisect(self.totals, rng.random() * self.totals[-1])]


_WORDS: Final[dict[str, list[str]]] = json.loads(
    (Path(__file__).parent / "data" / "names.json").read_text(encoding="utf-8")
)


def _made(country: str) -> list[str]:
    """Surnames put together from a start and an end: rarer than the real ones, and far more."""
    return [start + end for start in _WORDS[f"{country}_starts"] for end in _WORDS[f"{country}_ends"]]


_POOLS: Final = {
    **{name: Skewed(words) for name, words in _WORDS.items()},
    "en_surnames": Skewed(_WORDS["en_surnames"] + _made("en")),
    "de_surnames": Skewed(_WORDS["de_surnames"] + _made("de")),
}
_ZH_READINGS: Final = {
    "曾": "Zeng", "单": "Shan", "仇": "Qiu", "解": "Xie", "区": "Ou", "朴": "Piao", "乐": "Yue", "盖": "Ge",
    "查": "Zha", "覃": "Qin", "尹": "Yin", "任": "Ren", "吕": "Lü", "肖": "Xiao",
}  # fmt: skip
_SAY: Final = {
    "Siobhan": "shi-VAWN", "Aoife": "EE-fa", "Niamh": "NEEV", "Dana": "DAY-nuh", "Rhys": "REESE",
    "Ffion": "FEE-on",    "Ngozi": "en-GOH-zee", "Chioma": "chee-OH-ma", "Ayşe": "eye-SHEH", "Jörg": "YURG",
    "Krzysztof": "KSHISH-tof",
}  # fmt: skip


def _western(rng: Random, country: str) -> Name:
    woman = rng.random() < 0.52
    given = _POOLS[f"{country}_{'women' if woman else 'men'}"].pick(rng)
    surname = _POOLS[f"{country}_surnames"].pick(rng)
    if woman and rng.random() < 0.03:
        surname = f"{surname}-{_POOLS[f'{country}_surnames'].pick(rng)}"
    title = {("en", True): "Ms", ("en", False): "Mr", ("de", True): "Frau", ("de", False): "Herr"}[
        country, woman
    ]
    formal = rng.random() < (0.6 if country == "de" else 0.1)
    return Name(
        full=f"{given} {surname}",
        preferred=f"{title} {surname}" if formal else given,
        native="",
        language=country,
        form_of_address=title if formal else "",
        pronunciation=_SAY.get(given, ""),
    )


def romanise(surname: str, given: str) -> str:
    """A Chinese name in pinyin without tones, surname first: 曾, 晓梅 is "Zeng Xiaomei"."""
    first = _ZH_READINGS.get(surname) or "".join(lazy_pinyin(surname, style=Style.NORMAL)).capitalize()
    return f"{first} {''.join(lazy_pinyin(given, style=Style.NORMAL)).capitalize()}"


def _chinese(rng: Random) -> Name:
    woman = rng.random() < 0.5
    surname = _POOLS["zh_surnames"].pick(rng)
    if rng.random() < 0.55:
        given = _POOLS["zh_women" if woman else "zh_men"].pick(rng)
    else:
        given = _POOLS["zh_characters"].pick(rng) + _POOLS["zh_characters"].pick(rng)
    address = f"{surname}{'女士' if woman else '先生'}"
    romanised = rng.random() < 0.6
    return Name(
        full=romanise(surname, given) if romanised else "",
        preferred=address if rng.random() < 0.7 else "",
        native=surname + given,
        language="zh",
        form_of_address="女士" if woman else "先生",
        pronunciation="",
    )


def make_name(rng: Random, country: str) -> Name:
    """One person's name at a venue of a country (GB, DE or CN): mostly its own people, some travellers."""
    chance = rng.random()
    if country == "CN":
        return _chinese(rng) if chance < 0.88 else _western(rng, "en")
    home = "de" if country == "DE" else "en"
    if chance < 0.8:
        return _western(rng, home)
    return _western(rng, "en" if home == "de" else "de") if chance < 0.92 else _chinese(rng)
