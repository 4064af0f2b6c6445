"""Work given to several processes comes back in order."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from crm.hands import by_many_hands


def doubled_elsewhere(number: int) -> tuple[int, bool]:
    return number * 2, os.environ["MADE_BY"] != str(os.getpid())


def test_it_is_done_in_order_by_others_and_given_out_bit_by_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADE_BY", str(os.getpid()))
    asked: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(30):
            asked.append(number)
            yield number

    done = by_many_hands(doubled_elsewhere, numbers(), processes=2)

    assert next(done) == (0, True)
    assert len(asked) < 10
    assert list(done) == [(2 * number, True) for number in range(1, 30)]


def test_what_went_wrong_there_goes_wrong_here() -> None:
    with pytest.raises(ZeroDivisionError):
        list(by_many_hands((1).__floordiv__, [1, 0], processes=1))
