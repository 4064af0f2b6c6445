"""Processes that hold the embedded server, for tests that kill them: as this user, or as one without rights.

    python -m crm.tests.launching FOLDER [--tied] [--as UID:GID]

says "ready PID" when the server answers, and lets it go when its standard input ends.
"""

from __future__ import annotations

import argparse
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import psycopg
import pytest

from crm.embedded import binaries, cluster, processes
from crm.embedded.errors import LauncherError
from crm.embedded.layout import Layout, layout_for
from crm.embedded.server import Server

BASE = Path(__file__).resolve().parents[2]
# Whoever runs the tests, and, when that is root, somebody who is nobody.
ACCOUNTS = ("own", "ordinary") if os.geteuid() == 0 else ("own",)


class Holder:
    """A process that holds the server of a folder."""

    def __init__(self, folder: Path, account: str, *, tied: bool) -> None:
        command = [sys.executable, "-m", "crm.tests.launching", str(folder), *(["--tied"] if tied else [])]
        if account == "ordinary":
            person = pwd.getpwnam("nobody")
            command += ["--as", f"{person.pw_uid}:{person.pw_gid}"]
        self.process = subprocess.Popen(
            command,
            cwd=BASE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def ready(self) -> int:
        """The pid of the server, once it answers."""
        said = self._said()
        assert said.startswith("ready "), said
        return int(said.split()[1])

    def refused(self) -> str:
        """The line with which the holder gave up."""
        said = self._said()
        assert not said.startswith("ready "), said
        return said

    def let_go(self) -> None:
        """Have the holder release the server and end."""
        self.process.communicate(timeout=60)
        assert self.process.returncode == 0

    def kill(self) -> None:
        """End the holder as a power cut would."""
        self.process.kill()
        self.process.communicate()

    def _said(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A state folder that an account without rights can reach, as pytest's own folders are not."""
    path = Path(tempfile.mkdtemp(prefix="regulars-test-"))
    path.chmod(0o777)
    yield path
    # What was killed may leave an initdb behind that is still tidying up in there.
    assert processes.wait_until(partial(removed, path), 60)


def removed(path: Path) -> bool:
    """Remove a folder with all that is in it; whether it is gone."""
    shutil.rmtree(path, ignore_errors=True)
    return not path.exists()


@pytest.fixture
def hold(folder: Path) -> Iterator[Callable[..., Holder]]:
    """`hold(account="own", tied=False)`: a process that holds the folder's server; ended with the test."""
    with ExitStack() as stack:

        def start(account: str = "own", *, tied: bool = False) -> Holder:
            holder = Holder(folder, account, tied=tied)
            stack.callback(holder.kill)
            return holder

        yield start
    cluster.clear_way(layout_for(folder))


@contextmanager
def connected(layout: Layout) -> Iterator[psycopg.Connection]:
    """A connection to the house's database, each statement a transaction."""
    with psycopg.connect(layout.dsn(), autocommit=True) as connection:
        yield connection


def main() -> None:
    """Hold the server of a folder until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tied", action="store_true")
    parser.add_argument("--as", dest="account")
    options = parser.parse_args()
    if options.account:
        _become(options.account, options.folder)
    try:
        with Server(options.folder, tied=options.tied) as server:
            print("ready", server.pid(), flush=True)  # noqa: T201 - the test reads it
            sys.stdin.read()
    except LauncherError as error:
        print(error, flush=True)  # noqa: T201 - the test reads it
        sys.exit(1)


def _become(account: str, folder: Path) -> None:
    """Give up root, after taking along the programs, which may lie where only root may go."""
    uid, gid = map(int, account.split(":"))
    site = Path(tempfile.mkdtemp(prefix="site-", dir=folder))
    source = binaries.wheel_programs().parent
    shutil.copytree(source, site / source.name)
    libraries = source.parent / f"{source.name}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, site / libraries.name)
    site.chmod(0o755)
    sys.path.insert(0, str(site))
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


if __name__ == "__main__":
    main()
