"""Milliseconds: of a call, of what the database does in it, and their percentiles."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection

Times = list[float]


def timed(work: Callable[..., object], *given: object, **named: object) -> float:
    """Milliseconds of one call with what is given."""
    begun = time.perf_counter()
    work(*given, **named)
    return (time.perf_counter() - begun) * 1000


@contextmanager
def database_time() -> Iterator[Times]:
    """The milliseconds of each statement inside, as its caller waits: sent, done, and the answer received."""
    spent: Times = []

    def run(execute: Callable[..., Any], *statement: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(*statement)
        finally:
            spent.append((time.perf_counter() - begun) * 1000)

    with connection.execute_wrapper(run):
        yield spent


@dataclass(frozen=True, slots=True)
class Cuts:
    """The median and the 95th and 99th percentile of some times."""

    median: float
    most: float
    nearly_all: float

    def __str__(self) -> str:
        return f"{self.median:.2f} / {self.most:.2f} / {self.nearly_all:.2f}"

    def as_json(self) -> dict[str, float]:
        """For the process that compares databases."""
        return asdict(self)


def cuts(times: Times) -> Cuts:
    """Median, 95th and 99th percentile."""
    hundredths = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    return Cuts(hundredths[49], hundredths[94], hundredths[98])
