"""The command line: one run, or one after another on each broker, and the table of what came of it."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.results import table, write_section
from crm.embedded.layout import layout_for
from interactions.tests.chaos.brokers import is_installed
from interactions.tests.chaos.options import LONG, options

ROWS = (
    ("follow-ups owed", "owed"),
    ("of them told", "told"),
    ("done in between, never told", "done_untold"),
    ("done while a worker was sending it", "done_in_hand"),
    ("letters accepted", "letters"),
    ("of them repeats, same Message-ID:", "repeats"),
    ("  accepted, and the sender was killed", "repeats_killed"),
    ("  accepted, and the server hung up", "repeats_unanswered"),
    ("taps of “done” that no page answered", "unanswered"),
    ("seconds until everything was quiet", "seconds"),
)


def main() -> int:
    """Run, print, and give 1 where anything was lost, told in vain or repeated without a reason."""
    wish = options()
    found = {name: _apart(name, wish) for name in wish.broker if is_installed(name)}
    rows = _rows(found)
    _print_table([*found], rows)
    for name in set(wish.broker) - set(found):
        print(f"{name} is not installed here, so nothing is proven of it (apt-get install {name}-server).")
    faults = [f"{name}: {fault}" for name, result in found.items() for fault in result["faults"]]
    said = [f"{name} said: {line}" for name, result in found.items() for line in result["said"]]
    print("\n".join([*faults[:100], *said]))
    if found and not faults and wish.follow_ups >= LONG:
        _keep(wish, [*found], rows)
    return 1 if faults or not found else 0


def _apart(broker: str, wish: argparse.Namespace) -> dict[str, Any]:
    """A run in a process of its own, which has the settings of that house."""
    print(f"{wish.follow_ups:,} follow-ups over {wish.seconds:g} s on {broker} …", flush=True)
    command = [sys.executable, "-m", "interactions.tests.chaos.fire", "--broker", broker]
    command += ["--follow-ups", str(wish.follow_ups), "--seconds", str(wish.seconds)]
    command += ["--seed", str(wish.seed), *(["--in-turn"] if wish.in_turn else [])]
    with _folder() as var:
        environment = {"DJANGO_SETTINGS_MODULE": "crm.settings", "VAR_DIR": str(var)}
        environment["DATABASE_URL"] = layout_for(var).dsn()
        answer = subprocess.run(
            command, env=os.environ | environment, stdout=subprocess.PIPE, text=True, check=False
        )
    if answer.returncode:
        return {"faults": [f"the run itself failed with status {answer.returncode}"], "said": []}
    result: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    result["repeats"] = result["repeats_killed"] + result["repeats_unanswered"]
    print(f"{broker}: quiet after {result['seconds']} s, {len(result['faults'])} faults", flush=True)
    return result


@contextmanager
def _folder() -> Iterator[Path]:
    """A state folder that the account of the database can reach, too."""
    path = Path(tempfile.mkdtemp(prefix="regulars-chaos-"))
    path.chmod(0o777)
    try:
        yield path / "var"
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _rows(found: dict[str, dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """What came of it, a row for each thing counted: its words, and a cell for each broker."""
    rows = [(words, [_cell(result.get(key)) for result in found.values()]) for words, key in ROWS]
    for key, words in (("killed", "killed: {}"), ("met", "the mail server: {}")):
        kinds = sorted({kind for result in found.values() for kind in result.get(key, {})})
        rows += [
            (words.format(kind), [_cell(result.get(key, {}).get(kind, 0)) for result in found.values()])
            for kind in kinds
        ]
    return [*rows, ("faults", [_cell(len(result["faults"])) for result in found.values()])]


def _cell(count: int | None) -> str:
    return "–" if count is None else f"{count:,}"


def _print_table(names: list[str], rows: list[tuple[str, list[str]]]) -> None:
    width = max(len(words) for words, _cells in rows)
    print("\n" + " " * width + "".join(f"{name:>12}" for name in names))
    for words, cells in rows:
        print(words.ljust(width) + "".join(f"{cell:>12}" for cell in cells))
    print()


def _keep(wish: argparse.Namespace, names: list[str], rows: list[tuple[str, list[str]]]) -> None:
    """Write what was proven beside what was measured, a section for each broker."""
    told = f"{wish.follow_ups:,} follow-ups fell due over {wish.seconds:g} seconds in three time zones."
    for place, name in enumerate(names):
        cells = [(words.strip(), counts[place]) for words, counts in rows]
        write_section(f"Under fire, on {name}", f"{told}\n\n{table((f'seed {wish.seed}', 'count'), cells)}")


if __name__ == "__main__":
    sys.exit(main())
