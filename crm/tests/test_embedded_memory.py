"""The embedded server keeps pages in a part of the memory, however large or small that is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.embedded.memory import for_the_database, share_of

GIGABYTE = 2**30


@pytest.mark.parametrize(
    ("total", "megabytes"),
    [
        pytest.param(GIGABYTE // 4, 128, id="too little to share"),
        pytest.param(2 * GIGABYTE, 512, id="a small computer"),
        pytest.param(8 * GIGABYTE, 2048, id="a usual one"),
        pytest.param(256 * GIGABYTE, 4096, id="more than there is use for"),
    ],
)
def test_it_takes_a_quarter_and_neither_too_little_nor_too_much(total: int, megabytes: int) -> None:
    assert share_of(total) == megabytes


@given(st.integers(min_value=GIGABYTE, max_value=2**45))
def test_it_leaves_most_of_the_memory_to_others(total: int) -> None:
    assert share_of(total) * 2**20 <= total / 4


def test_this_machine_can_spare_it() -> None:
    assert 128 <= for_the_database() <= 4096
