"""Whoever is killed, at random or in turn, while the house works."""

from __future__ import annotations

import contextlib
import json
import random
import signal
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import psutil

from crm.embedded.layout import layout_for
from crm.embedded.processes import postmaster_pid
from interactions.tests.chaos.brokers import Broker


class Killer:
    """Kills a part of the house again and again with SIGKILL, and remembers whom and when."""

    def __init__(self, var_dir: Path, broker: Broker | None) -> None:
        self.var_dir = var_dir
        self.broker = broker
        self.killed: dict[int, datetime] = {}
        self.counts: dict[str, int] = {}
        self._enough = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def victims(self) -> dict[str, Callable[[], bool]]:
        """The parts that can be killed, each with the deed; whether anybody was there to be killed."""
        parts: dict[str, Callable[[], bool]] = {
            "web": lambda: self._kill(self._child(0), whole=True),
            "worker": lambda: self._kill(self._child(1), whole=True),
            "worker's child": lambda: self._kill(self._grandchild(), whole=False),
            "beat": lambda: self._kill(self._child(2), whole=True),
            "database": lambda: self._kill(postmaster_pid(layout_for(self.var_dir).data), whole=False),
        }
        if not self.broker:
            del parts["worker's child"]  # a worker is a single process there
        return parts | ({"broker": self._restart_broker} if self.broker else {})

    def each_in_turn(self, pause: float) -> None:
        """Kill each part once, so many seconds apart."""
        self._start([*self.victims], lambda: pause)

    def at_random(self, dice: random.Random, least: float, most: float) -> None:
        """Kill parts until told to stop, each before any comes again, in an order by chance."""
        names = [*self.victims]
        rounds = (dice.sample(names, len(names)) for _each in iter(int, 1))
        self._start(chain.from_iterable(rounds), lambda: dice.uniform(least, most))

    def finish(self, *, now: bool) -> None:
        """Stop: at once, or after whoever was to be killed has been."""
        if now:
            self._enough.set()
        if self._thread is not None:
            self._thread.join()

    def _start(self, names: Iterable[str] | Sequence[str], pause: Callable[[], float]) -> None:
        def work() -> None:
            for name in names:
                if self._enough.wait(pause()):
                    return
                # Whoever is just being started again is let come up first.
                while not self.victims[name]() and not self._enough.wait(0.2):
                    continue
                self.counts[name] = self.counts.get(name, 0) + 1

        self._thread = threading.Thread(target=work, name="killer")
        self._thread.start()

    def _child(self, place: int) -> int | None:
        """The pid of the supervisor's child by its place, if it lives."""
        with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
            pids = json.loads((self.var_dir / "run" / "children.json").read_text())
            names = ("gunicorn", "worker", "beat")
            for pid in map(int, pids):
                with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                    process = psutil.Process(pid)
                    if names[place] in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE:
                        return pid
        return None

    def _grandchild(self) -> int | None:
        worker = self._child(1)
        with contextlib.suppress(psutil.NoSuchProcess):
            children = psutil.Process(worker).children() if worker else []
            return children[0].pid if children else None
        return None

    def _kill(self, pid: int | None, *, whole: bool) -> bool:
        """Kill a process, with its children where it has died as a whole; what it started dies unasked."""
        with contextlib.suppress(psutil.NoSuchProcess):
            if pid is None:
                return False
            process = psutil.Process(pid)
            process.send_signal(signal.SIGSTOP)  # so that it starts nobody while we look
            doomed = [process, *(process.children(recursive=True) if whole else [])]
            for each in doomed:
                with contextlib.suppress(psutil.NoSuchProcess):
                    each.kill()
                    self.killed[each.pid] = datetime.now(UTC)
            return True
        return False

    def _restart_broker(self) -> bool:
        assert self.broker is not None
        self.broker.kill()
        self.broker.start()
        return True
