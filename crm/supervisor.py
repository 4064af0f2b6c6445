"""Looks after child processes: starts them, says when one dies, starts it again, and stops all in order."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Protocol

import psutil

from crm.embedded import processes
from crm.embedded.errors import LauncherError

FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 30.0
# A child that lived this long has recovered: its next death is a first one again.
RECOVERED_AFTER_SECONDS = 30.0
# A web request may take a while to end, and a task as well; both are safe to break off and do again.
STOP_SECONDS = 20.0
# Leftovers have lost their database too, so asking nicely for long is in vain.
LEFTOVER_STEPS = ((signal.SIGTERM, 3.0), (signal.SIGKILL, 5.0))
LOOK_EVERY_SECONDS = 0.5


class Keeper(Protocol):
    """Something that has to be up before the children and after them, such as the embedded database."""

    def ensure(self) -> bool:
        """Bring it up again if it is down; whether it was. Raises LauncherError when it cannot be."""

    def release(self) -> None:
        """Let it go."""


@dataclass
class Child:
    """A program to be kept running."""

    name: str
    command: Sequence[str | Path]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    start_at: float = field(default=0.0)

    def delay(self) -> float:
        """Seconds to wait before the next start, doubling with each death in a row."""
        return min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2.0 ** max(0, self.deaths - 1))


class Supervisor:
    """Runs the children until SIGINT, SIGTERM or SIGHUP; a second signal while stopping ends them by force.

    Each child is the leader of a session of its own, so that Ctrl-C reaches only us; on Linux the
    kernel sends it SIGTERM when we die without a word. The pids stand in a file by which the next
    start ends whatever is left.
    """

    def __init__(
        self,
        children: Sequence[Child],
        *,
        say: Callable[[str], None],
        pids_file: Path,
        folder: Path,
        environment: dict[str, str],
        keeper: Keeper | None = None,
        when_ready: Callable[[], bool] = lambda: True,
    ) -> None:
        self.children = list(children)
        self.say = say
        self.pids_file = pids_file
        self.folder = folder
        self.environment = environment
        self.keeper = keeper
        self.when_ready = when_ready
        self._keeper_retry_at = 0.0
        self._ready = False
        self._signals = 0
        self._alarm = -1

    def run(self) -> None:
        """Start everything and look after it until a signal asks to stop; then stop everything."""
        with self._signals_caught():
            try:
                while not self._signals:
                    self._look()
                    self._sleep()
            finally:
                self._stop_children()
                if self.keeper is not None:
                    self.keeper.release()

    def _look(self) -> None:
        if not self._keeper_is_up():
            return
        for child in self.children:
            self._look_after(child)
        if not self._ready:
            self._ready = self.when_ready()

    def _keeper_is_up(self) -> bool:
        if self.keeper is None:
            return True
        if time.monotonic() < self._keeper_retry_at:
            return False
        try:
            if self.keeper.ensure():
                self.say("The database had stopped. It is up again.")
        except LauncherError as error:
            self._keeper_retry_at = time.monotonic() + LONGEST_DELAY_SECONDS
            self.say(f"{error} Trying again in {LONGEST_DELAY_SECONDS:.0f} s.")
            return False
        return True

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_at:
                self._start(child)
            return
        status = child.process.poll()
        if status is None:
            return
        end_group(child.process.pid)
        child.process = None
        child.deaths = 1 if now - child.started_at > RECOVERED_AFTER_SECONDS else child.deaths + 1
        child.start_at = now + child.delay()
        self.say(f"{child.name} stopped ({how_it_ended(status)}). Starting it again in {child.delay():g} s.")

    def _start(self, child: Child) -> None:
        child.process = subprocess.Popen(
            child.command,
            stdin=subprocess.DEVNULL,
            cwd=self.folder,
            env=self.environment,
            start_new_session=True,
            preexec_fn=processes.die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - we have no threads
        )
        child.started_at = time.monotonic()
        self._write_pids()
        if child.deaths:
            self.say(f"{child.name} is started again.")

    def _write_pids(self) -> None:
        running = [child.process.pid for child in self.children if child.process is not None]
        partial = self.pids_file.with_suffix(".partial")
        with contextlib.suppress(psutil.NoSuchProcess):
            partial.write_text(json.dumps({pid: psutil.Process(pid).create_time() for pid in running}))
            partial.rename(self.pids_file)

    def _stop_children(self) -> None:
        """Ask all children to end; kill those that take too long, or all at a second signal."""
        running = [child for child in self.children if child.process is not None]
        for child in running:
            _signal_process(child.process, signal.SIGTERM)
        processes.wait_until(
            lambda: self._signals > 1 or all(_has_ended(child.process) for child in running),
            STOP_SECONDS,
        )
        for child in running:
            if child.process is None:
                continue
            if not _has_ended(child.process):
                self.say(f"{child.name} did not stop when asked and is killed.")
            end_group(child.process.pid)
            child.process.wait()
        self.pids_file.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _signals_caught(self) -> Iterator[None]:
        reader, writer = os.pipe()
        for end in (reader, writer):
            os.set_blocking(end, False)
        self._alarm = reader
        before_alarm = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        stopping = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self._asked_to_stop) for number in stopping}
        # A handler that does nothing, only so that a child's death wakes us at once.
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before_alarm)
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(reader)
            os.close(writer)

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1

    def _sleep(self) -> None:
        """Wait for a signal, at most until it is time to look again."""
        if select.select([self._alarm], [], [], LOOK_EVERY_SECONDS)[0]:
            with contextlib.suppress(BlockingIOError):
                os.read(self._alarm, 512)


def end_leftovers(pids_file: Path) -> int:
    """End the children of a supervisor that died without ending them; how many there were."""
    try:
        recorded = json.loads(pids_file.read_text())
    except (FileNotFoundError, ValueError):
        return 0
    ended = 0
    for text, created in recorded.items():
        pid = int(text)
        with contextlib.suppress(psutil.NoSuchProcess):
            if psutil.Process(pid).create_time() != created:
                continue  # the number has gone to a stranger
        members = _group(pid)
        if members:
            processes.end(members, LEFTOVER_STEPS)
            ended += 1
    pids_file.unlink()
    return ended


def end_group(leader: int) -> None:
    """Kill what a child that is over has left of its session."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def how_it_ended(status: int) -> str:
    """A process's end in words: "exit status 1", "killed by SIGKILL"."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return f"killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"killed by signal {-status}"


def _group(leader: int) -> list[psutil.Process]:
    members = []
    for process in psutil.process_iter():
        with contextlib.suppress(ProcessLookupError, PermissionError, psutil.NoSuchProcess):
            if os.getpgid(process.pid) == leader and process.status() != psutil.STATUS_ZOMBIE:
                members.append(process)
    return members


def _has_ended(process: subprocess.Popen[bytes] | None) -> bool:
    return process is None or process.poll() is not None


def _signal_process(process: subprocess.Popen[bytes] | None, number: signal.Signals) -> None:
    if process is not None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)
