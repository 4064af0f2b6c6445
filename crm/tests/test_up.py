"""`manage.py up` as a whole: it opens, says what dies, closes, and refuses in one line what cannot be."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from crm.embedded.cluster import as_account, clear_way
from crm.embedded.errors import LauncherError
from crm.embedded.layout import layout_for, server_account
from crm.embedded.processes import alive, postmaster_pid, wait_until
from crm.starting import check_port
from crm.supervisor import end_leftovers
from crm.tests.launching import BASE
from crm.tests.workers import redis_server

OPEN_SECONDS = 300.0


class House:
    """A house that `manage.py up` opens, and what it says meanwhile."""

    def __init__(self, folder: Path, port: int, environment: dict[str, str]) -> None:
        self.folder = folder
        self.port = port
        self.said: list[str] = []
        command = [sys.executable, "manage.py", "up", "--no-demo", "--port", str(port)]
        clean = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "SITE_URL"}
        }
        self.process = subprocess.Popen(
            command,
            cwd=BASE,
            env=clean
            | {
                "DJANGO_SETTINGS_MODULE": "crm.settings",
                "VAR_DIR": str(folder / "var"),
                "CELERY_BROKER_URL": "",
            }
            | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._listen)
        self._reader.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip())

    def says(self, text: str, seconds: float = OPEN_SECONDS) -> None:
        """Wait until it has said so; fail with all it said when it does not."""
        heard = wait_until(
            lambda: self.has_said(text) or (self.process.poll() is not None and not self._reader.is_alive()),
            seconds,
        )
        assert heard, f"no {text!r} in:\n" + "\n".join(self.said)
        assert self.has_said(text), f"no {text!r} in:\n" + "\n".join(self.said)

    def has_said(self, text: str) -> bool:
        """Whether a line so far holds the text."""
        return any(text in line for line in self.said)

    def faults(self) -> dict[str, str]:
        """What /readyz has to complain of."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/readyz")
            answer: dict[str, dict[str, str]] = json.load(connection.getresponse())
        except OSError as error:
            return {"web": str(error)}
        finally:
            connection.close()
        return answer["faults"]

    def works(self) -> None:
        """Wait until beat's message has come through the broker and the worker into the database."""
        assert wait_until(lambda: not self.faults(), OPEN_SECONDS, pause=0.2), (self.faults(), self.said)

    def children(self) -> list[int]:
        """The pids of web, worker and beat."""
        return [int(pid) for pid in json.loads((self.folder / "var" / "run" / "children.json").read_text())]

    def close(self, number: signal.Signals = signal.SIGINT) -> None:
        """Ask it to close, and wait until it has."""
        self.process.send_signal(number)
        self.process.wait(timeout=OPEN_SECONDS)
        self._reader.join(timeout=60)

    def clear_away(self) -> None:
        """Leave nothing of it, whatever became of it."""
        self.process.kill()
        self.process.wait()
        end_leftovers(self.folder / "var" / "run" / "children.json")
        layout = layout_for(self.folder / "var")
        if layout.home.exists():
            clear_way(layout)
        self._reader.join(timeout=60)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def open_house(folder: Path) -> Iterator[Callable[..., House]]:
    """`open_house(NAME=value, …)`: start one with these settings, on a free port."""
    with ExitStack() as stack:

        def start(port: int | None = None, **environment: str) -> House:
            house = House(folder, port or free_port(), environment)
            stack.callback(house.clear_away)
            return house

        yield start


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_it_opens_says_what_dies_and_closes(open_house: Callable[..., House], folder: Path) -> None:
    house = open_house()
    house.says("Regulars is open at http://localhost:")
    assert house.has_said("database  embedded PostgreSQL 18 in")
    assert house.has_said("broker    in the same database")
    house.works()

    data = layout_for(folder / "var").data
    postmaster = postmaster_pid(data) or 0
    os.kill(postmaster, signal.SIGKILL)
    house.says("The database had stopped. It is up again.")
    worker = house.children()[1]
    os.kill(worker, signal.SIGKILL)
    house.says("worker stopped (killed by SIGKILL).")
    house.says("worker is started again.")
    with_database = psutil.Process(postmaster_pid(data) or 0)
    forget_heartbeats(house)
    house.works()

    everything = house.children()
    house.close()
    assert house.said[-1] == "Stopped."
    assert not any(alive(pid) for pid in everything)
    assert not with_database.is_running()
    assert house.process.returncode == 0


def forget_heartbeats(house: House) -> None:
    """Let only a heartbeat from now on count, and have one sent: beat sends one whenever it starts."""
    with psycopg.connect(layout_for(house.folder / "var").dsn()) as connection:
        connection.execute("DELETE FROM crm_heartbeat")
    os.kill(house.children()[2], signal.SIGTERM)


def test_after_a_kill_it_opens_again_with_what_it_knew(
    open_house: Callable[..., House], folder: Path
) -> None:
    first = open_house()
    first.says("is open at")
    with psycopg.connect(layout_for(folder / "var").dsn()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
    first.process.kill()
    second = open_house(port=first.port)
    second.says("is open at")
    with psycopg.connect(layout_for(folder / "var").dsn()) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (1,)
    second.close(signal.SIGTERM)
    assert second.said[-1] == "Stopped."


def test_a_second_one_for_the_same_folder_is_refused(open_house: Callable[..., House]) -> None:
    first = open_house()
    first.says("Starting the embedded database")
    second = open_house()
    second.says(f"Regulars runs already from {first.folder / 'var'}: http://localhost:{first.port}")
    assert second.process.wait(timeout=OPEN_SECONDS) == 1


def test_ctrl_c_while_it_opens_closes_it(open_house: Callable[..., House], folder: Path) -> None:
    house = open_house()
    house.says("Starting the embedded database")
    house.close()
    assert house.said[-1] == "Stopped."
    assert not (layout_for(folder / "var").data / "postmaster.pid").exists()


def test_a_port_in_use_is_told_in_one_line(open_house: Callable[..., House]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        house = open_house(port=port)
        assert house.process.wait(timeout=OPEN_SECONDS) == 1
    house.says(f"make run PORT={port + 1}")
    assert len(house.said) == 1


def test_an_address_that_cannot_be_is_told_in_words() -> None:
    nobodys = "192.0.2.1"  # kept for examples: no machine has it
    for host, port, told in (
        ("127.0.0.1", 99999, "There is no port 99999."),
        ("127.0.0.1", 0, "There is no port 0."),
        (nobodys, 8000, "HOST is an address of this machine"),
    ):
        with pytest.raises(LauncherError, match=told):
            check_port(host, port)


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        (
            {"DATABASE_URL": "mysql://house@localhost/house"},
            "DATABASE_URL: is not the address of a PostgreSQL",
        ),
        (
            {"DATABASE_URL": "postgresql://house:secret@127.0.0.1:1/house"},
            "port 1 failed: Connection refused. Mend it, or unset it",
        ),
        ({"CELERY_BROKER_URL": "redis://127.0.0.1:1/0"}, "CELERY_BROKER_URL cannot be used"),
        ({"EMAIL_PORT": "post"}, "EMAIL_PORT: Not a valid integer."),
        ({"PRODUCTION": "1"}, "SECRET_KEY is not set"),
    ],
)
def test_a_wrong_setting_is_told_in_words(
    open_house: Callable[..., House], setting: dict[str, str], told: str
) -> None:
    house = open_house(**setting)
    assert house.process.wait(timeout=OPEN_SECONDS) == 1
    house.says(told)
    assert not house.has_said("Traceback")
    assert not house.has_said("secret@")


def test_every_wrong_setting_is_told_at_once(open_house: Callable[..., House]) -> None:
    house = open_house(EMAIL_PORT="post", DEBUG="maybe", DATABASE_URL="nonsense")
    assert house.process.wait(timeout=OPEN_SECONDS) == 1
    house.says("DATABASE_URL:")
    assert sorted(line.split(":")[0] for line in house.said) == ["DATABASE_URL", "DEBUG", "EMAIL_PORT"]


def test_it_works_with_a_postgres_and_a_redis_of_your_own(
    open_house: Callable[..., House], folder: Path, tmp_path: Path
) -> None:
    with debian_postgres(folder / "own") as database_url, redis_server(tmp_path / "redis") as broker_url:
        house = open_house(DATABASE_URL=database_url, CELERY_BROKER_URL=broker_url)
        house.says("named by DATABASE_URL")
        house.says("named by CELERY_BROKER_URL")
        house.works()
        house.close()
        assert house.said[-1] == "Stopped."
    assert not (folder / "var" / "postgres").exists()


@contextmanager
def debian_postgres(folder: Path) -> Iterator[str]:
    """A server from Debian's own packages, of whatever version they bring; its DATABASE_URL."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        pytest.skip("Debian's PostgreSQL is not installed")
    account = server_account()
    folder.mkdir()
    if account:
        os.chown(folder, account.uid, account.gid)
    person = as_account(account)
    initialise = [
        found[-1] / "initdb",
        "-D",
        folder / "data",
        "--username=house",
        "--auth=trust",
        "--encoding=UTF8",
    ]
    subprocess.run([*initialise, "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd="/", **person)  # type: ignore[call-overload] # the account's keywords come as one dict
    command = [found[-1] / "postgres", "-D", folder / "data", "-k", folder, "-c", "listen_addresses="]
    url = f"postgresql:///postgres?host={folder}&user=house"
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd="/", **person) as process:  # type: ignore[call-overload] # as above
        try:
            assert wait_until(lambda: connects(url), 60)
            yield url
        finally:
            process.send_signal(signal.SIGINT)


def connects(url: str) -> bool:
    """Whether a database answers at this address."""
    try:
        with psycopg.connect(url) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False
