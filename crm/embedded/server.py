"""One embedded server, shared by everybody who wants it, started by the first and stopped by the last."""

from __future__ import annotations

import contextlib
import fcntl
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

import psycopg
from psycopg import sql

from crm.embedded import binaries, cluster, memory, processes
from crm.embedded.errors import LauncherError, explain
from crm.embedded.layout import DATABASE, PORT, Layout, layout_for

# Replaying the log after a crash may take long; a server that is alive gets this many seconds.
READY_SECONDS = 300.0
LOG_LIMIT_BYTES = 10 * 1024 * 1024
# For throw-away data only: a power cut may lose all of it. Emptying tables, as tests do all the time, goes
# through all the memory there is to keep pages in.
FAST_AND_FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
}


class Server:
    """A wish for the embedded server of a state folder to run, from `acquire` to `release`.

    Any number of processes may hold one at a time; a lock file counts them, and the kernel takes a
    dead one off the count. With `tied`, the server this process starts is stopped by the kernel when
    the process dies, however it dies; without, it outlives its starter while others use it.
    """

    def __init__(self, var_dir: Path, *, durable: bool = True, tied: bool = False) -> None:
        self.layout: Layout = layout_for(var_dir)
        self.durable = durable
        self.tied = tied
        self._child: subprocess.Popen[bytes] | None = None
        self._users: IO[bytes] | None = None
        self._log_mark = 0

    def __enter__(self) -> Server:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def acquire(self) -> None:
        """Have a server that answers, shared with whoever uses it already. Raises LauncherError."""
        cluster.prepare_home(self.layout)
        with self._deciding():
            cluster.prepare_socket_dir(self.layout)
            users = self.layout.users_lock.open("ab")
            try:
                if _lock_alone(users):
                    # Nobody wants what still runs; it may be about to end with its starter.
                    cluster.clear_way(self.layout)
                fcntl.flock(users, fcntl.LOCK_SH)
                self._ensure()
            except BaseException:
                if self._child is not None:
                    self._stop()
                users.close()
                raise
            self._users = users

    def ensure(self) -> bool:
        """Start the server again if it has died since `acquire`; whether that was needed."""
        if self.running():
            return False
        with self._deciding():
            return self._ensure()

    def running(self) -> bool:
        """Whether a server process of this data folder is alive, started by whomever."""
        if self._child is not None and self._child.poll() is not None:
            self._child = None
        pid = processes.postmaster_pid(self.layout.data)
        return pid is not None and processes.is_postmaster(pid, self.layout.data)

    def release(self) -> None:
        """Wish no longer; the last one stops the server."""
        if self._users is None:
            return
        with self._deciding():
            if _lock_alone(self._users):
                self._stop()
            elif self._child is not None:
                self._child.returncode = 0  # it lives on for others, and is not ours to wait for any more
                self._child = None
            self._users.close()
            self._users = None

    def dsn(self, database: str = DATABASE) -> str:
        """The libpq connection string of a database in this server."""
        return self.layout.dsn(database)

    def pid(self) -> int | None:
        """The pid of the server process, or None when it does not run."""
        return processes.postmaster_pid(self.layout.data) if self.running() else None

    @contextlib.contextmanager
    def _deciding(self) -> Iterator[None]:
        with self.layout.start_lock.open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _ensure(self) -> bool:
        """Start a server unless one runs, and wait until it answers; whether one was started."""
        started = not self.running()
        if started:
            self._reap()
            programs = binaries.programs(self.layout)
            cluster.prepare_data(self.layout, programs)
            cluster.clear_way(self.layout)
            self._child = self._spawn(programs)
        self._await_answer()
        self._ensure_database()
        return started

    def _reap(self) -> None:
        """Wait for a child that was killed: until then PostgreSQL takes its pid for a living server's."""
        if self._child is not None:
            self._child.wait()
            self._child = None

    def _spawn(self, programs: Path) -> subprocess.Popen[bytes]:
        options = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self.layout.socket_dir),
            "unix_socket_permissions": "0700",
            "shared_buffers": f"{memory.for_the_database()}MB",
            # What was read much before it was stopped is read again at once, not by whoever looks up first.
            "shared_preload_libraries": "pg_prewarm",
            "log_line_prefix": "%m [%p] ",
            "timezone": "UTC",
            **({} if self.durable else FAST_AND_FORGETFUL),
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        too_long = self.layout.log.exists() and self.layout.log.stat().st_size > LOG_LIMIT_BYTES
        with self.layout.log.open("wb" if too_long else "ab") as log:
            self._log_mark = log.tell()
            child: subprocess.Popen[bytes] = subprocess.Popen(
                [programs / "bin" / "postgres", "-D", self.layout.data, *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                # A session of its own: Ctrl-C in the terminal is for us, and we stop it in order.
                start_new_session=True,
                preexec_fn=processes.die_with_parent(signal.SIGINT) if self.tied else None,  # noqa: PLW1509 - we start no threads before this
                **cluster.as_account(self.layout.account),  # type: ignore[call-overload] # the account's keywords come as one dict
            )
        return child

    def _await_answer(self) -> None:
        """Wait for a real answer to a real question, or for the server's death."""
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                with psycopg.connect(self.dsn("postgres"), connect_timeout=5) as connection:
                    connection.execute("SELECT 1")
                return
            except psycopg.OperationalError as error:
                self._give_up_if_hopeless(error, deadline)
            time.sleep(0.03)

    def _give_up_if_hopeless(self, error: psycopg.OperationalError, deadline: float) -> None:
        if "password authentication failed" in str(error) or "no password supplied" in str(error):
            raise LauncherError(
                f"The embedded database refuses the password in {self.layout.passfile}: "
                "that file is not the one its data was made with. Bring it back, or `make reset`."
            ) from error
        if self._child is not None and self._child.poll() is not None:
            with self.layout.log.open("rb") as log:
                log.seek(self._log_mark)
                raise explain(
                    log.read().decode(errors="replace"), self.layout.home, self.layout.log
                ) from error
        if time.monotonic() > deadline:
            raise LauncherError(
                f"The embedded database did not answer in {READY_SECONDS:.0f} seconds; see {self.layout.log}."
            ) from error

    def _ensure_database(self) -> None:
        """Make the house's database if there is none. LauncherError if the server dies again meanwhile."""
        try:
            with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
                asked = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if not asked.fetchone():
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        except psycopg.OperationalError as error:
            raise LauncherError(
                f"The embedded database went away while it was started; see {self.layout.log}."
            ) from error

    def _stop(self) -> None:
        pid = processes.postmaster_pid(self.layout.data)
        if pid is not None and processes.is_postmaster(pid, self.layout.data):
            cluster.stop_postmaster(pid, self.layout.data)
        self._reap()


def _lock_alone(users: IO[bytes]) -> bool:
    """Whether nobody else holds the users' lock; if so, hold it alone. A shared hold is lost if not."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
