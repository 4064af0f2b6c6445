"""Reading the items of a typed line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interactions.items import Item, as_line, read_items


@pytest.mark.parametrize(
    ("line", "items"),
    [
        ("flat white", [Item("flat white")]),
        ("2 flat white, croissant", [Item("flat white", 2), Item("croissant")]),
        ("2 × flat white", [Item("flat white", 2)]),
        ("2x tea; scone", [Item("tea", 2), Item("scone")]),
        ("flat white x2", [Item("flat white", 2)]),
        ("拿铁×2，可颂、茶", [Item("拿铁", 2), Item("可颂"), Item("茶")]),
        ("  , ,", []),
        ("", []),
        ("7up", [Item("7up")]),
        ("Room 12", [Item("Room 12")]),
        ("0 sugar", [Item("0 sugar")]),
        ("2", [Item("2")]),
    ],
)
def test_lines_as_people_type_them(line: str, items: list[Item]) -> None:
    assert list(read_items(line)) == items


names = st.text(st.characters(categories=["L"]), min_size=2, max_size=20)


@given(st.lists(st.tuples(names, st.integers(1, 999))))
def test_what_is_written_is_read_back(items: list[tuple[str, int]]) -> None:
    assert read_items(as_line(items)) == tuple(Item(name, quantity) for name, quantity in items)
