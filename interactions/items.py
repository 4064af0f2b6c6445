"""What was ordered or done, from one typed line. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

# "2 flat white", "2 × flat white", "2x flat white", and the same the other way round.
BEFORE = re.compile(r"^(?P<quantity>\d{1,3})(?:\s*[x×*]\s*|\s+)(?P<name>\D.*)$", re.IGNORECASE)
AFTER = re.compile(r"^(?P<name>.*\S)\s*(?:\s[x*]|×)\s*(?P<quantity>\d{1,3})$", re.IGNORECASE)
BETWEEN = re.compile(r"[,;\n，、；]+")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing had: its name, how many, and the price of one in the venue's currency, when known."""

    name: str
    quantity: int = 1
    price: Decimal | None = None


def read_item(text: str) -> Item:
    """The item that "2 flat white", "flat white x2" or "flat white" names."""
    text = " ".join(text.split())
    found = BEFORE.match(text) or AFTER.match(text)
    quantity = int(found["quantity"]) if found else 1
    if found is None or quantity == 0:
        return Item(text)
    return Item(found["name"].strip(), quantity)


def read_items(line: str) -> tuple[Item, ...]:
    """The items of a line in which commas, semicolons or new lines stand between them; in either script."""
    return tuple(read_item(part) for part in BETWEEN.split(line) if part.strip())


def as_line(items: Iterable[tuple[str, int]]) -> str:
    """The line that `read_items` reads back as these names and quantities."""
    return ", ".join(name if quantity == 1 else f"{quantity} × {name}" for name, quantity in items)
