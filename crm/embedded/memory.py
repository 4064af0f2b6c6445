"""How much of a machine's memory the embedded server may keep pages in."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

import psutil

# Where the kernel says what a container may use: the second version of its control groups, and the first.
_LIMITS: Final = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
# It is taken as pages are read, so a small house takes little whatever is allowed.
_PART: Final = 4
_LEAST_MB: Final = 128
# All that the look-up reads of a million customers, and some room.
_MOST_MB: Final = 4096


def for_the_database() -> int:
    """Megabytes for PostgreSQL's `shared_buffers` on this machine, or in this container."""
    return share_of(min([psutil.virtual_memory().total, *_allowed()]))


def share_of(total: int) -> int:
    """The megabytes of a machine with so many bytes: a quarter, and enough to work with."""
    return min(max(total // _PART // 2**20, _LEAST_MB), _MOST_MB)


def _allowed() -> list[int]:
    found = []
    for path in _LIMITS:
        # "max", or no such file: nobody has limited us.
        with contextlib.suppress(OSError, ValueError):
            found.append(int(path.read_text()))
    return found
