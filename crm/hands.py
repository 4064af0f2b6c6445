"""Work that is done by several processes at once, in the order in which it was given out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from os import cpu_count
from typing import Final, TypeVar

import django

# Parts given out before the first is awaited: enough that no process waits for another.
_AHEAD: Final = 4

Part = TypeVar("Part")
Done = TypeVar("Done")


def by_many_hands(
    work: Callable[[Part], Done], parts: Iterable[Part], processes: int | None = None
) -> Iterator[Done]:
    """`work` done to each part by other processes (as many as there are cores), in the order of the parts.

    The work and the parts must be such as pickle can carry; the work may not use this one's connections. Only
    a few parts are under way at a time, so that they may be made and their results used one by one.
    """
    # Fresh processes, because a fork would share this one's database connection.
    context, under_way = get_context("spawn"), deque[Future[Done]]()
    with ProcessPoolExecutor(processes or cpu_count() or 1, context, initializer=django.setup) as pool:
        for part in parts:
            under_way.append(pool.submit(work, part))
            if len(under_way) > _AHEAD:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
