"""What is said of the look-up's figures: how they compare, and which aims they meet."""

from __future__ import annotations

from typing import Any, Final

from bench.lookup_shapes import TYPOS
from bench.results import table
from bench.timing import Cuts

Measured = dict[str, dict[str, Any]]

# The aims.
FLOORS, MOST_MS, MOST_MS_FOR_TYPOS, GROWTH = 5, 10, 25, 3
EMPTY_PAGES, BARE_ROWS, BARE_VISITS = 2, 6, 2

NEW: Final = "a new customer: the bare row, with keys"
NOTED: Final = "a visit noted: without its words, with them"


def compared(named: tuple[str, tuple[Cuts, Cuts]]) -> list[str]:
    """A row of a table: a name, two measurements, and their ratios."""
    name, (one, other) = named
    return [
        name, str(one), str(other), f"{other.median / one.median:.2f}", f"{other.most / one.most:.2f}",
    ]  # fmt: skip


def aims(
    floor: Cuts,
    shapes: dict[str, tuple[Cuts, Cuts]],
    whole: dict[str, tuple[Cuts, Cuts]],
    written: dict[str, tuple[Cuts, Cuts]],
) -> list[list[str]]:
    """Each aim, what was measured of it, and whether it was met."""
    slow = {shape: database.most for shape, (database, _) in shapes.items()}
    plain = {shape: most for shape, most in slow.items() if shape not in TYPOS}
    least = FLOORS * floor.most
    over = [shape for shape, most in slow.items() if most > least]
    pages = max(listed.median / empty.median for empty, listed in whole.values())
    rows = {name: other.median / one.median for name, (one, other) in written.items()}
    return [
        _aim(
            f"95th percentile of the database within {FLOORS} × the floor's ({least:.1f} ms), every shape",
            "over it: " + ", ".join(over) if over else f"{max(slow.values()):.1f} ms at the most",
            not over,
        ),
        _aim(f"the same under {MOST_MS} ms", f"{max(plain.values()):.1f} ms", max(plain.values()) < MOST_MS),
        _aim(
            f"with typos under {MOST_MS_FOR_TYPOS} ms",
            f"{max(slow[shape] for shape in TYPOS):.1f} ms",
            max(slow[shape] for shape in TYPOS) < MOST_MS_FOR_TYPOS,
        ),
        _aim(f"whole requests within {EMPTY_PAGES} × the empty page", f"{pages:.2f}", pages <= EMPTY_PAGES),
        _aim(f"a new customer within {BARE_ROWS} × the bare row", f"{rows[NEW]:.1f}", rows[NEW] <= BARE_ROWS),
        _aim(f"noting a visit within {BARE_VISITS} ×", f"{rows[NOTED]:.2f}", rows[NOTED] <= BARE_VISITS),
    ]


def _aim(aim: str, measured: str, met: bool) -> list[str]:  # noqa: FBT001 - a sentence: aim, measured, met
    return [aim, measured, "met" if met else "**missed**"]


def growth(measured: dict[str, Measured]) -> str:
    """How the database's time grows from the smallest database to the largest, as Markdown."""
    first, *_, last = measured.values()
    rows, most = [], {}
    for shape in first:
        grown = {cut: last[shape][cut] / first[shape][cut] for cut in ("median", "most")}
        times = [f"{one[shape]['median']:.2f} / {one[shape]['most']:.2f}" for one in measured.values()]
        rows.append([shape, *times, f"{grown['median']:.1f}", f"{grown['most']:.1f}"])
        most[shape] = grown["most"]
    over = [shape for shape, ratio in most.items() if ratio > GROWTH]
    said = f"over it: {', '.join(over)}" if over else f"{max(most.values()):.1f} at the most"
    aim = _aim(f"growth of the 95th percentile under {GROWTH} ×", said, not over)
    return "\n\n".join(
        [
            "The database's milliseconds, median / 95th percentile, one after the other in one run:",
            table(["asked", *measured, "growth of the median", "of the 95th"], rows),
            table(["aim", "measured", ""], [aim]),
        ]
    )
