"""What a report is: a table whose numbers add up, with its definition in plain words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

Cell = int | float | str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what it is about, and its numbers."""

    label: str
    cells: Sequence[Cell]
    bar: int = 0
    """The length of the bar beside it, in percent of the longest."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The one number of a report, and what it means."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A report as page and file show it: the same numbers in both."""

    slug: str
    title: str
    definition: str
    headings: Sequence[str]
    rows: Sequence[Row]
    total: Row | None = None
    headlines: Sequence[Headline] = field(default_factory=tuple)
    has_bars: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to count yet."""
        return not any(cell for row in self.rows for cell in row.cells)

    def as_lines(self) -> list[list[Cell]]:
        """Every line of the file: the rows and the total."""
        lines = [*self.rows, *([self.total] if self.total else [])]
        return [[row.label, *row.cells] for row in lines]


def with_bars(rows: Sequence[Row], column: int = 0) -> list[Row]:
    """The rows, each with a bar as long as its number in that column."""
    numbers = [_number(row.cells[column]) for row in rows]
    longest = max(numbers, default=0)
    return [
        Row(row.label, row.cells, round(100 * number / longest) if longest else 0)
        for row, number in zip(rows, numbers, strict=True)
    ]


def summed(label: str, rows: Sequence[Row]) -> Row:
    """The total of rows whose cells are all counts."""
    columns = zip(*(row.cells for row in rows), strict=True)
    return Row(label, [sum(int(_number(cell)) for cell in column) for column in columns])


def share(part: int, whole: int) -> str:
    """A share in whole percent; a dash where there is nothing to have a share of."""
    return f"{round(100 * part / whole)}%" if whole else "–"


def hours(time: timedelta | None) -> float | None:
    """A length of time in hours, to one place."""
    return None if time is None else round(time / timedelta(hours=1), 1)


def _number(cell: Cell) -> float:
    return cell if isinstance(cell, int | float) else 0
