"""Where the benches write: each its own section of bench/RESULTS.md, between markers of its own."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
_TITLE = "# What it costs\n\nEach section is written by a bench, which writes it anew each time it is run.\n"


def write_section(name: str, text: str) -> None:
    """Put the text (Markdown, without its heading) under the heading `name`, in place of what stood there."""
    old = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else _TITLE
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    section = f"{begin}\n## {name}\n\n{text.strip()}\n\n{machine()}\n{end}"
    there = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    new = there.sub(lambda _: section, old) if there.search(old) else f"{old.rstrip()}\n\n{section}\n"
    RESULTS.write_text(new, encoding="utf-8")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown, every column but the first to the right."""
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join(["---", *["--:"] * (len(head) - 1)]) + " |"]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def machine() -> str:
    """On what it was measured, and when."""
    when, python = f"{datetime.now(UTC):%Y-%m-%d}", platform.python_version()
    return f"*Measured {when} on {os.cpu_count()} cores ({platform.machine()}), Python {python}.*"
