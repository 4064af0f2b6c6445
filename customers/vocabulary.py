"""The house's starting words: categories by industry, allergens, half-lives. Pure; its file is read once."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "vocabulary.json"


@functools.cache
def vocabulary() -> dict[str, Any]:
    """The whole data file, as it stands. Callers do not change it."""
    return dict(json.loads(DATA.read_text(encoding="utf-8")))


def half_life_days(kind: str, category: str = "") -> int | None:
    """After how many days a fact of this kind is as likely outdated as not; the category's own number wins.

    None for safety, which never fades: it is asked again instead. Raises KeyError for an unknown kind.
    """
    days = vocabulary()["half_life_days"]
    kinds: int | None = days[kind]
    if kinds is None:
        return None
    word = category.strip().lower()
    own = days.get(_in_english().get(word, word))
    return int(own) if own else kinds


@functools.cache
def _in_english() -> dict[str, str]:
    """The English source term of each Chinese category."""
    industries: dict[str, list[dict[str, str]]] = vocabulary()["industries"]
    return {term["zh"]: term["en"] for terms in industries.values() for term in terms}


def _in_language(terms: list[dict[str, str]], language: str) -> list[str]:
    key = "zh" if language.startswith("zh") else "en"
    return [term[key] for term in terms]


def label(term: str, language: str) -> str:
    """A source term in the language of the pages; any other word stays as it is."""
    return _in_chinese().get(term, term) if language.startswith("zh") else term


@functools.cache
def _in_chinese() -> dict[str, str]:
    """The Chinese word for every source term of every list."""
    words = vocabulary()
    lists = [words["allergens"]["terms"], *words["industries"].values()]
    lists += [terms for terms in words.values() if isinstance(terms, list)]
    return {term["en"]: term["zh"] for terms in lists for term in terms}


def categories(industry: str, language: str) -> list[str]:
    """What a house of this industry likes to remember, in the language of the pages; none if unknown."""
    return _in_language(vocabulary()["industries"].get(industry, []), language)


def allergens(language: str) -> list[str]:
    """The fourteen allergens that food law has declared, in the language of the pages."""
    return _in_language(vocabulary()["allergens"]["terms"], language)


def empathy(moment: str, language: str) -> str:
    """What to say at a moment ("complaint, opening") to somebody let down, in their language or English.

    It may hold {staff} and {badge}. Raises KeyError for an unknown moment.
    """
    said = {prompt["when"]: prompt for prompt in vocabulary()["empathy"]}
    return str(_in_language([said[moment]], language)[0])
