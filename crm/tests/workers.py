"""A real Celery worker on a real broker, working on the test database."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import kombu.pools
import pytest
from django.conf import settings
from django.db import connection

from crm.broker import PGMQ_TRANSPORT, PGMQ_URL
from crm.celery import app
from crm.database_url import connection_string
from crm.embedded.processes import wait_until

START_SECONDS = 120.0


class Worker:
    """A worker process, what it wrote, and where its mail goes."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path, mail_dir: Path) -> None:
        self.process = process
        self.log = log
        self.mail_dir = mail_dir

    def wait_for(self, condition: Callable[[], bool], seconds: float = 60.0) -> None:
        """Wait until the condition holds; fail with what the worker wrote when it does not in time."""
        if not wait_until(condition, seconds, pause=0.05):
            pytest.fail(f"not within {seconds:g} seconds; the worker wrote:\n{self.log.read_text()}")

    def mails(self) -> list[str]:
        """The text of every mail the worker has sent, oldest first."""
        return [path.read_text() for path in sorted(self.mail_dir.glob("*.log"))]

    def stop(self) -> None:
        """Let it finish what it works on, then end it."""
        self.process.terminate()
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """`worker(broker="pgmq")` or `worker(broker="redis")`: start one; what this process sends goes to it.

    Rows have to be committed for it to see them, so the test runs without a surrounding transaction.
    """
    with contextlib.ExitStack() as stack:

        def start(broker: str = "pgmq") -> Worker:
            options: dict[str, Any] = {"visibility_timeout": 900}
            if broker == "pgmq":
                url, transport = PGMQ_URL, PGMQ_TRANSPORT
                options |= {
                    "conn_string": database_under_test(),
                    "polling_interval": 0.05,
                    "wait_time_seconds": 0,
                }
                _empty_queue()
            else:
                url, transport = stack.enter_context(redis_server(tmp_path / "redis")), None
            stack.enter_context(sending_to(url, transport, options))
            return stack.enter_context(worker_process(url if broker == "redis" else "", tmp_path))

        yield start


@contextlib.contextmanager
def worker_process(broker_url: str, folder: Path) -> Iterator[Worker]:
    """A worker on the test database, as the supervisor would start it; `broker_url` empty means PGMQ."""
    log = folder / "worker.log"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "crm.settings",
        "DATABASE_URL": database_under_test(),
        "CELERY_BROKER_URL": broker_url,
        "SECRET_KEY": settings.SECRET_KEY,
        "VAR_DIR": str(folder / "var"),
    }
    command = [
        sys.executable,
        "-W",
        "ignore:You're running the worker",
        "-m",
        "celery",
        "-q",
        "-A",
        "crm.celery",
    ]
    command += ["worker", "--loglevel", "INFO"]
    command += ["--concurrency", "1"] if broker_url else ["--pool", "solo"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    running = Worker(process, log, folder / "var" / "mail")
    try:
        running.wait_for(lambda: " ready." in log.read_text() or process.poll() is not None, START_SECONDS)
        assert process.poll() is None, log.read_text()
        yield running
    finally:
        running.stop()


@contextlib.contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A Redis of our own on a socket in the folder; its broker URL."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed")
    folder.mkdir()
    path = folder / "redis.sock"
    command: list[str | Path] = [program, "--port", "0", "--unixsocket", path, "--dir", folder]
    command += ["--save", "", "--appendonly", "no"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True) as process:
        try:
            assert wait_until(path.exists, START_SECONDS)
            yield f"redis+socket://{path}"
        finally:
            process.terminate()


@contextlib.contextmanager
def sending_to(url: str, transport: str | None, options: dict[str, Any]) -> Iterator[None]:
    """Have this process send its tasks to another broker meanwhile."""
    before = {name: app.conf[name] for name in ("broker_url", "broker_transport", "broker_transport_options")}
    _switch({"broker_url": url, "broker_transport": transport, "broker_transport_options": options})
    try:
        yield
    finally:
        kombu.pools.reset()
        _switch(before)


def database_under_test() -> str:
    """The connection string of the database that the tests use."""
    return connection_string(connection.settings_dict)


def _switch(values: dict[str, Any]) -> None:
    app.conf.update(values)
    app._pool = None  # type: ignore[attr-defined] # the stubs leave it out
    app.amqp._producer_pool = None  # type: ignore[attr-defined] # the stubs leave it out


def _empty_queue() -> None:
    """Forget what an earlier test sent: the queue's tables are no Django tables, so nobody empties them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgmq.purge_queue(queue_name) FROM pgmq.list_queues()")
