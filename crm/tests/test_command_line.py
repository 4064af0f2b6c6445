"""Commands bring the embedded database with them, and leave nothing running."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from crm.embedded.layout import layout_for
from crm.tests.launching import BASE


def manage(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one command on a state folder of its own."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=BASE,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(folder / "var"), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_command_finds_the_database_running_and_leaves_none(folder: Path) -> None:
    done = manage(folder, "migrate", "crm")
    assert done.returncode == 0, done.stderr
    layout = layout_for(folder / "var")
    assert (layout.data / "PG_VERSION").exists()
    assert not (layout.data / "postmaster.pid").exists()


def test_a_command_that_needs_no_database_starts_none(folder: Path) -> None:
    assert manage(folder, "check").returncode == 0
    assert not layout_for(folder / "var").home.exists()


def test_a_database_out_of_reach_is_told_in_one_line(folder: Path) -> None:
    done = manage(folder, "migrate", DATABASE_URL="postgresql://house@127.0.0.1:1/house")
    assert done.returncode == 1
    assert done.stderr.startswith("The database cannot be reached: ")
    assert done.stderr.count("\n") == 1


def test_a_state_folder_that_cannot_be_is_told_in_one_line(folder: Path) -> None:
    (folder / "var").write_text("a file")
    done = manage(folder, "check")
    assert done.returncode == 1
    assert done.stderr.startswith("Cannot write in ")
    assert done.stderr.count("\n") == 1


def test_reset_asks_first(folder: Path) -> None:
    manage(folder, "migrate", "crm")
    done = manage(folder, "reset")
    assert done.returncode == 1
    assert "make reset YES=1" in done.stderr
    assert layout_for(folder / "var").data.exists()


def test_reset_deletes_what_is_ours_and_nothing_else(folder: Path) -> None:
    manage(folder, "migrate", "crm")
    (folder / "var" / "letters").write_text("dear")
    done = manage(folder, "reset", "--yes")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (folder / "var").iterdir()] == ["letters"]
