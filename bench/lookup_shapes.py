"""What the look-up is asked when it is timed: questions of each shape, from the names and words there are."""

from __future__ import annotations

import random
from typing import Any

from django.db import connection

from customers.models import ContactPoint, Customer, Preference

Questions = dict[str, list[str]]
COMMON = ["ma", "li", "an", "wa", "mar", "ann", "张", "王", "李"]
TYPOS = frozenset({"one typo", "a typo in each of two words"})

_STARTS = """
    SELECT DISTINCT left(word, %s)
    FROM (SELECT DISTINCT unnest(string_to_array(lower(full_name), ' ')) AS word FROM customers_customer) AS w
    WHERE length(word) >= %s AND word ~ '^[a-z]+$' ORDER BY 1
"""


def questions(count: int, rng: random.Random) -> Questions:
    """Questions of each shape, about as many of each as asked for."""
    people = some(Customer.objects.exclude(full_name=""), "full_name", count, rng)
    native = some(Customer.objects.exclude(native_name=""), "native_name", count, rng)
    numbers = some(ContactPoint.objects.filter(kind="phone"), "normalised", count, rng)
    remembered = some(Preference.objects.exclude(discretion="managers_only"), "value", count, rng)
    words = [word for text in remembered for word in text.lower().split() if word.isalpha() and len(word) > 3]
    parted = [name.split() for name in people if len(name.split()) > 1]
    return {
        "common short ones": [typed for typed in COMMON for _ in range(max(count // len(COMMON), 1))],
        "every two letters": _prefixes(2),
        "every three letters": _prefixes(3),
        "one Chinese character": sorted({name[0] for name in native}),
        "Chinese name": native,
        "full name": people,
        "surname": [name[-1] for name in parted],
        "two beginnings": [f"{name[0][:3]} {name[-1][:3]}" for name in parted],
        "initial and surname": [f"{name[0][0]} {name[-1]}" for name in parted],
        "one typo": [_mistype(name[-1], rng) for name in parted if len(name[-1]) > 4],
        "a typo in each of two words": [
            f"{_mistype(name[0], rng)} {_mistype(name[-1], rng)}"
            for name in parted
            if len(min(name, key=len)) > 4
        ],
        "whole number": numbers,
        "last four digits": [number[-4:] for number in numbers],
        "three digits within": [number[4:7] for number in numbers],
        "what is remembered": words[:count],
        "name and what is remembered": [
            f"{name[0]} {word}" for name, word in zip(parted, words, strict=False)
        ],
        "nobody": [f"{_nonsense(rng)} {_nonsense(rng)}" for _ in range(count)],
    }


def some(rows: Any, field: str, count: int, rng: random.Random) -> list[str]:
    """Values of a field of rows picked by chance."""
    first, last = rows.order_by("pk").values_list("pk", flat=True).first(), rows.order_by("pk").last().pk
    found: list[str] = []
    while len(found) < count:
        row = (
            rows.filter(pk__gte=rng.randint(first, last)).order_by("pk").values_list(field, flat=True).first()
        )
        found += [row] if row else []
    return found


def _prefixes(length: int) -> list[str]:
    """Every beginning of so many letters that a word of a name has."""
    with connection.cursor() as cursor:
        cursor.execute(_STARTS, [length, length])
        return [row[0] for row in cursor.fetchall()]


def _mistype(word: str, rng: random.Random) -> str:
    place = rng.randrange(len(word) - 1)
    ways = [
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        word[:place] + word[place + 1 :],
        word[:place] + rng.choice("etaoin") + word[place + 1 :],
        word[:place] + word[place] + word[place:],
    ]
    return rng.choice(ways)


def _nonsense(rng: random.Random) -> str:
    return "".join(rng.choices("qxzjvkw", k=6))
