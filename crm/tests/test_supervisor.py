"""The supervisor: what dies is seen, said and started again, and nothing outlives it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from crm.embedded.errors import LauncherError
from crm.embedded.processes import alive, wait_until
from crm.supervisor import Child, Supervisor, end_leftovers, how_it_ended
from crm.tests.launching import BASE

# A child that says it runs by writing its pid, and then does as its name says.
PATIENT = "import signal; signal.pause()"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()"
WITH_A_CHILD = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', {patient!r}]).wait()"
DRIVER = """
import sys
from pathlib import Path
from crm.supervisor import Child, Supervisor
folder = Path(sys.argv[1])
children = [Child(name, [sys.executable, "-c", code]) for name, code in zip(sys.argv[2::2], sys.argv[3::2])]
say = lambda text: print(text, flush=True)
Supervisor(children, say=say, pids_file=folder / "pids", folder=folder, environment={}).run()
print("over", flush=True)
"""


class Driver:
    """A supervisor in a process of its own."""

    def __init__(self, folder: Path, children: dict[str, str]) -> None:
        self.pids_file = folder / "pids"
        parts = [part for pair in children.items() for part in pair]
        self.process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, folder, *parts], cwd=BASE, stdout=subprocess.PIPE, text=True
        )
        assert wait_until(lambda: len(self.pids()) == len(children), 60)

    def pids(self) -> list[int]:
        """The children that run, in the order they were started."""
        try:
            return [int(pid) for pid in json.loads(self.pids_file.read_text())]
        except FileNotFoundError:
            return []

    def line(self) -> str:
        """The next line the supervisor says."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def stop(self, number: signal.Signals = signal.SIGINT) -> str:
        """Ask it to stop; what it said since."""
        self.process.send_signal(number)
        said, _ = self.process.communicate(timeout=60)
        return said


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Callable[..., Driver]]:
    """`drive(name=code, …)`: a supervisor over these children."""
    drivers = []

    def start(**children: str) -> Driver:
        drivers.append(Driver(tmp_path, children))
        return drivers[-1]

    yield start
    for driver in drivers:
        driver.process.kill()
        driver.process.wait()
        end_leftovers(driver.pids_file)
        driver.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(drive: Callable[..., Driver], number: signal.Signals) -> None:
    driver = drive(web=PATIENT, worker=PATIENT)
    pids = driver.pids()
    assert driver.stop(number).endswith("over\n")
    assert driver.process.returncode == 0
    assert not any(alive(pid) for pid in pids)
    assert not driver.pids_file.exists()


def test_a_child_that_dies_is_said_and_started_again(drive: Callable[..., Driver]) -> None:
    driver = drive(web=PATIENT, worker=PATIENT)
    web, worker = driver.pids()
    os.kill(worker, signal.SIGKILL)
    assert driver.line() == "worker stopped (killed by SIGKILL). Starting it again in 0.5 s."
    assert driver.line() == "worker is started again."
    again = driver.pids()
    assert again[0] == web
    assert again[1] != worker
    assert alive(again[1])


def test_a_child_that_dies_again_and_again_is_started_ever_later(drive: Callable[..., Driver]) -> None:
    driver = drive(web="raise SystemExit(3)")
    said = [driver.line() for _ in range(5)]
    assert said[0] == "web stopped (exit status 3). Starting it again in 0.5 s."
    assert said[2] == "web stopped (exit status 3). Starting it again in 1 s."
    assert said[4] == "web stopped (exit status 3). Starting it again in 2 s."


def test_a_child_that_dies_takes_its_own_children_along(drive: Callable[..., Driver]) -> None:
    driver = drive(web=WITH_A_CHILD.format(patient=PATIENT))
    (pid,) = driver.pids()
    assert wait_until(lambda: bool(psutil.Process(pid).children()), 60)
    (grandchild,) = psutil.Process(pid).children()
    os.kill(pid, signal.SIGKILL)
    assert "stopped" in driver.line()
    assert wait_until(lambda: not alive(grandchild.pid), 60)


def test_a_second_signal_does_not_wait_for_a_stubborn_child(drive: Callable[..., Driver]) -> None:
    driver = drive(worker=STUBBORN)
    (pid,) = driver.pids()
    assert wait_until(lambda: ignores_sigterm(pid), 60)
    driver.process.send_signal(signal.SIGTERM)
    said = driver.stop(signal.SIGINT)
    assert "worker did not stop when asked and is killed." in said
    assert not alive(pid)


def ignores_sigterm(pid: int) -> bool:
    """Whether the process has come so far as to ignore SIGTERM, by the mask the kernel shows."""
    status = Path(f"/proc/{pid}/status").read_text()
    mask = next(line.split()[1] for line in status.splitlines() if line.startswith("SigIgn:"))
    return bool(int(mask, 16) & 1 << (signal.SIGTERM - 1))


def test_killed_it_takes_its_children_along(drive: Callable[..., Driver]) -> None:
    driver = drive(web=PATIENT, worker=PATIENT)
    pids = driver.pids()
    driver.process.kill()
    assert wait_until(lambda: not any(alive(pid) for pid in pids), 60)


def test_the_next_start_ends_what_outlived_a_killed_one(drive: Callable[..., Driver]) -> None:
    driver = drive(worker=STUBBORN)
    (pid,) = driver.pids()
    assert wait_until(lambda: ignores_sigterm(pid), 60)
    driver.process.kill()
    driver.process.wait()
    assert alive(pid)
    assert end_leftovers(driver.pids_file) == 1
    assert not alive(pid)
    assert end_leftovers(driver.pids_file) == 0


def test_a_stranger_with_a_noted_number_is_left_alone(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as stranger:
        pids.write_text(json.dumps({stranger.pid: psutil.Process(stranger.pid).create_time() - 100}))
        assert end_leftovers(pids) == 0
        assert stranger.poll() is None
        stranger.kill()


def test_a_spoilt_note_of_children_stops_no_start(tmp_path: Path) -> None:
    (tmp_path / "pids").write_text('{"12')
    assert end_leftovers(tmp_path / "pids") == 0


class SickKeeper:
    """A database that is down, then comes back."""

    def __init__(self) -> None:
        self.answers: list[bool | LauncherError] = [LauncherError("The disk is full."), True, False]

    def ensure(self) -> bool:
        """The next answer."""
        answer = self.answers.pop(0)
        if isinstance(answer, LauncherError):
            raise answer
        return answer

    def release(self) -> None:
        """Nothing to let go."""


def test_children_wait_for_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.supervisor.LONGEST_DELAY_SECONDS", 0.0)
    said: list[str] = []
    child = Child("web", [sys.executable, "-c", PATIENT])
    supervisor = Supervisor(
        [child],
        say=said.append,
        pids_file=tmp_path / "pids",
        folder=tmp_path,
        environment={},
        keeper=SickKeeper(),
    )
    supervisor._look()
    assert not runs(child)
    assert said == ["The disk is full. Trying again in 0 s."]
    supervisor._look()
    assert said[1:] == ["The database had stopped. It is up again."]
    assert runs(child)
    supervisor._stop_children()
    assert not runs(child)


def runs(child: Child) -> bool:
    """Whether the child has a process that lives."""
    return child.process is not None and child.process.poll() is None


def test_how_it_ended() -> None:
    assert how_it_ended(1) == "exit status 1"
    assert how_it_ended(-9) == "killed by SIGKILL"
    assert how_it_ended(-200) == "killed by signal 200"
