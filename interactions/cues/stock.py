"""Whether something cannot be had today. Pure."""

from __future__ import annotations

from collections.abc import Collection

from interactions.cues.touches import folded, matters, words_of

MILK = ("milk", "奶")


def is_out(item: str, unavailable: Collection[str]) -> bool:
    """Whether an item is named as out, or is made with a plant milk that is: oat milk, an oat flat white."""
    return any(folded(item) == folded(name) or _is_made_with(item, name) for name in unavailable)


def _is_made_with(item: str, milk: str) -> bool:
    """Whether an item is a milk drink with this kind of milk in the milk's place."""
    *plant, last = words_of(milk) or [""]
    words = words_of(item)
    if last not in MILK or not plant or not set(plant) <= set(words):
        return False
    rest = [word for word in words if word not in plant]
    joined = "".join(rest) if last == "奶" else " ".join(rest)
    return "milk" in matters(joined)
