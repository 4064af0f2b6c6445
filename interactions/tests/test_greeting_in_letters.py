"""The line of the greeting in a letter, whichever of its parts are there."""

from itertools import combinations
from typing import Any

import pytest
from django.template.loader import render_to_string

from interactions.cues.card import Hello

PARTS: dict[str, Any] = {
    "pronunciation": "DAY-nuh",
    "address": "Dr",
    "language": "English",
    "style": ("brisk", "no jokes"),
}


@pytest.mark.parametrize("names", [names for n in range(1, 5) for names in combinations(PARTS, n)], ids=str)
def test_the_parts_that_are_there_stand_with_a_dot_between_them(names: tuple[str, ...]) -> None:
    hello = Hello("Dana", **{name: PARTS[name] for name in names})
    line = render_to_string("interactions/mail/greeting.txt", {"hello": hello})
    count = len(names) + ("style" in names)
    assert len([part for part in line.split(" · ") if part.strip()]) == count
    assert line.count("·") == count - 1
