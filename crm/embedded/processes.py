"""Who is alive, and who is the server of a data folder: pids are reused, so a number alone proves nothing."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

import psutil

PR_SET_PDEATHSIG = 1


def alive(pid: int) -> bool:
    """Whether a process with this pid runs; one that has ended and only waits to be reaped does not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def postmaster_pid(data: Path) -> int | None:
    """The pid written in the data folder's lock file, whether or not such a process exists."""
    return _first_number(data / "postmaster.pid")


def socket_owner_pid(socket_lock: Path) -> int | None:
    """The pid written in a socket's lock file, whether or not such a process exists."""
    return _first_number(socket_lock)


def is_postmaster(pid: int, data: Path) -> bool:
    """Whether this process is a living PostgreSQL server of that very data folder."""
    try:
        process = psutil.Process(pid)
        command = process.cmdline()
        return process.status() != psutil.STATUS_ZOMBIE and _serves(command, data)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def backends(data: Path) -> list[psutil.Process]:
    """Server processes at work in a data folder, children of a dead server included: they stand in it."""
    found = []
    for process in psutil.process_iter(["name"]):
        if process.info["name"] != "postgres":
            continue
        try:
            if Path(process.cwd()) == data:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def end(processes: Iterable[psutil.Process], steps: Iterable[tuple[signal.Signals, float]]) -> bool:
    """Send the signals one after another, waiting the seconds beside each; whether all are gone."""
    left = [process for process in processes if process.is_running()]
    for number, seconds in steps:
        for process in left:
            try:
                process.send_signal(number)
            except psutil.NoSuchProcess:
                continue
        _, left = psutil.wait_procs(left, timeout=seconds)
        if not left:
            return True
    return not left


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.02) -> bool:
    """Ask again and again until the condition holds; False when the time is over first."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """What to run in a new child so that the kernel sends it the signal when its parent dies, on Linux."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # it died before the kernel knew of our wish
            os.kill(os.getpid(), number)

    return ask_kernel


def _first_number(path: Path) -> int | None:
    try:
        first = path.read_text().split("\n", 1)[0].strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return int(first) if first.lstrip("-").isdigit() else None


def _serves(command: list[str], data: Path) -> bool:
    """Whether a command line is that of `postgres -D data`."""
    if not command or Path(command[0]).name not in {"postgres", "postmaster"}:
        return False
    return any(Path(value) == data for flag, value in pairwise(command) if flag == "-D")
