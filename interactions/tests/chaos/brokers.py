"""The brokers that a house may use, as servers of our own that can be killed and come up again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path

from crm.embedded.processes import wait_until

START_SECONDS = 60.0
RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


class Broker(ABC):
    """A server to be started, killed and started again; one in the house's own database needs none of it."""

    url = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> list[str | Path]:
        """The program and its arguments."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it takes messages by now."""

    def environment(self) -> dict[str, str]:
        """What it is told besides."""
        return dict(os.environ)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.folder.mkdir(exist_ok=True)
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), env=self.environment(), stdout=log, stderr=log, start_new_session=True
            )
        if not wait_until(self.answers, START_SECONDS, pause=0.1):
            raise RuntimeError(f"the broker did not start; see {self.folder / 'log'}")

    def kill(self) -> None:
        """Kill it with all its children."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def close(self) -> None:
        """Leave nothing of it running."""
        self.kill()


class Redis(Broker):
    """Redis that writes each message down before it says that it has it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.socket = folder / "redis.sock"
        self.url = f"redis+socket://{self.socket}"

    def command(self) -> list[str | Path]:
        """As its manual says for durable data."""
        server: list[str | Path] = ["redis-server", "--port", "0", "--unixsocket", self.socket]
        return [*server, "--dir", self.folder, "--save", "", "--appendonly", "yes", "--appendfsync", "always"]

    def answers(self) -> bool:
        """Whether somebody listens."""
        with socket.socket(socket.AF_UNIX) as trial:
            return trial.connect_ex(str(self.socket)) == 0


class RabbitMQ(Broker):
    """RabbitMQ under a name and on ports of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.ports = [_free_port() for _each in range(3)]
        self.url = f"amqp://guest:guest@127.0.0.1:{self.ports[0]}//"

    def command(self) -> list[str | Path]:
        """The program itself: Debian's wrapper wants to run as an account of its own."""
        return [RABBITMQ]

    def environment(self) -> dict[str, str]:
        """All that it keeps goes into the folder."""
        port, between, names = map(str, self.ports)
        return os.environ | {
            "HOME": str(self.folder),
            "RABBITMQ_NODENAME": f"regulars-{port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": port,
            "RABBITMQ_DIST_PORT": between,
            "ERL_EPMD_PORT": names,
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder / "logs"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "none"),
        }

    def answers(self) -> bool:
        """Whether somebody listens."""
        with socket.socket() as trial:
            return trial.connect_ex(("127.0.0.1", self.ports[0])) == 0

    def close(self) -> None:
        """Also ends the keeper of names, a daemon of its own."""
        super().close()
        subprocess.run(["epmd", "-kill"], env=self.environment(), capture_output=True, check=False)


BROKERS: dict[str, type[Broker] | None] = {"pgmq": None, "redis": Redis, "rabbitmq": RabbitMQ}


def is_installed(name: str) -> bool:
    """Whether a broker can be started here."""
    programs = {"pgmq": True, "redis": shutil.which("redis-server"), "rabbitmq": RABBITMQ.exists()}
    return bool(programs[name])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
