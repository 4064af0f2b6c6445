"""What the demo's venues sell, say and hear, in each venue's language: read from data/menus.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that might be remembered of a customer here."""

    kind: str
    category: str
    value: str
    severity: str = ""
    discretion: str = "say_aloud"
    dayparts: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """One venue's items with prices, the notes staff write, and the facts people tell."""

    items: tuple[tuple[str, float], ...]
    sides: tuple[tuple[str, float], ...]
    notes: tuple[str, ...]
    words_good: tuple[str, ...]
    words_bad: tuple[str, ...]
    calls: tuple[str, ...]
    facts: tuple[Fact, ...]
    promises: tuple[str, ...]
    complaints: tuple[tuple[str, str], ...]
    loans: tuple[str, ...]
    occasions: tuple[str, ...]
    hours: tuple[int, ...]


PETS: Final = ("Biscuit", "Rex", "Luna", "Milo", "Bella", "Bruno", "豆豆", "Poppy")


def _fact(row: dict[str, Any]) -> Fact:
    return Fact(**{**row, "dayparts": tuple(row.get("dayparts", ()))})


def _menu(rows: dict[str, list[Any]]) -> Menu:
    plain: dict[str, Any] = {name: tuple(row) for name, row in rows.items()}
    for name in ("items", "sides"):
        plain[name] = tuple((what, float(price)) for what, price in rows[name])
    plain["complaints"] = tuple((category, about) for category, about in rows["complaints"])
    plain["facts"] = tuple(_fact(row) for row in rows["facts"])
    return Menu(**plain)


def _read() -> dict[str, Menu]:
    text = (Path(__file__).parent / "data" / "menus.json").read_text(encoding="utf-8")
    return {industry: _menu(rows) for industry, rows in json.loads(text).items()}


# By industry.
MENUS: Final = _read()
