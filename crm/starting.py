"""What has to be true before the house opens, each checked or made in one step."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import io
import os
import socket
import unicodedata
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import psycopg
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from kombu import Connection
from kombu.exceptions import OperationalError as BrokerError

from crm import database_url, migrating, translations
from crm.embedded.errors import LauncherError


@contextlib.contextmanager
def only_one(lock_file: Path, address: str) -> Iterator[None]:
    """Hold the house alone; refuse, saying where it is, when it is open already."""
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    with lock_file.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            where = lock.read().strip() or "an address it has not said yet"
            raise LauncherError(
                f"Regulars runs already from {settings.VAR_DIR}: {where}. "
                "Stop that one, or set VAR_DIR and PORT for a second."
            ) from error
        lock.truncate(0)
        lock.write(f"{address} (process {os.getpid()})")
        lock.flush()
        yield


def check_port(host: str, port: int) -> None:
    """Refuse an address at which we cannot listen, saying what to do instead."""
    if not 0 < port < 65536:
        raise LauncherError(f"There is no port {port}. Take one from 1 to 65535: make run PORT=8000")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise LauncherError(
                f"Cannot listen on {host}:{port}: {error.strerror}. {_way_out(error, port)}"
            ) from error


def _way_out(error: OSError, port: int) -> str:
    """What to do when an address is refused."""
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return "HOST is an address of this machine; 0.0.0.0 is all it has."
    if error.errno == errno.EACCES:
        return "Take a port that is not kept for root: make run PORT=8000"
    other = port + 1 if port < 65535 else 8000
    return f"Stop what uses that port, or take another: make run PORT={other}"


def check_own_database() -> str:
    """The version of the PostgreSQL that DATABASE_URL names; refuses one that is out of reach or too old."""
    parts = database_url.parse(settings.DATABASE_URL)
    try:
        with psycopg.connect(settings.DATABASE_URL, connect_timeout=5) as trial:
            version = trial.info.server_version
    except psycopg.OperationalError as error:
        said = [line.strip() for line in str(error).strip().splitlines()]
        # The last is why; but libpq follows a refused connection with a question.
        reason = next(line for line in reversed(said) if not line.endswith("?"))
        where = f"{parts.get('host', 'the local socket')}, database {parts['dbname']}"
        raise LauncherError(
            f"DATABASE_URL cannot be used ({where}): {reason}. "
            "Mend it, or unset it to use the embedded database."
        ) from error
    if version < database_url.OLDEST_POSTGRES * 10000:
        raise LauncherError(
            f"DATABASE_URL names PostgreSQL {version // 10000}, "
            f"and {database_url.OLDEST_POSTGRES} is the oldest that Regulars works with."
        )
    return f"{version // 10000}.{version % 10000}"


def check_own_broker() -> None:
    """Refuse a broker that CELERY_BROKER_URL names and nobody answers for."""
    try:
        with Connection(settings.CELERY_BROKER_URL, connect_timeout=5) as trial:
            trial.ensure_connection(max_retries=1, timeout=5)
    except (BrokerError, OSError, KeyError, ImportError) as error:
        raise LauncherError(
            f"CELERY_BROKER_URL cannot be used: {error}. "
            "Mend it, or unset it to keep the queue in the database."
        ) from error


def bring_database_up_to_date() -> bool:
    """Apply the migrations that are missing; whether there were any."""
    if told := migrating.stopped_on_the_way(connection):
        raise LauncherError(told)
    executor = MigrationExecutor(connection)
    missing = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        call_command("migrate", interactive=False, verbosity=0)
    else:
        executor.check_replacements()  # notes the migrations whose forerunners are all there
    return missing


def move_demo_in() -> bool:
    """Fill an empty house with the demo business; whether that was done.

    A house that has the demo already gets new guests for the next hours. One with real people in it
    is left alone: the command refuses it.
    """
    if "demo" not in get_commands():
        return False
    if get_user_model().objects.exists():
        with contextlib.suppress(CommandError):
            call_command("demo", arrivals=True, stdout=io.StringIO())
        return False
    call_command("demo")
    return True


def collect_static_files() -> None:
    """Put the static files under their hashed names, if one has changed since the last time."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    newest = max(
        (
            Path(storage.path(name)).stat().st_mtime
            for finder in get_finders()
            for name, storage in finder.list(ignore_patterns=[])
        ),
        default=0.0,
    )
    if not manifest.exists() or manifest.stat().st_mtime < newest:
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)


def compile_translations() -> None:
    """Compile the translations that have changed since the last time."""
    translations.compile_catalogues(Path(settings.LOCALE_PATHS[0]))


def demo_logins() -> list[str]:
    """The demo's logins as it wrote them: role, venue, e-mail, password and PIN, aligned."""
    path = settings.VAR_DIR / "demo-logins.txt"
    if not path.exists():
        return []
    rows = [line.replace("_", " ", 1).split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    widths = [max(map(_cells, column)) for column in zip_longest(*rows, fillvalue="")]
    return [
        "  ".join(text + " " * (width - _cells(text)) for text, width in zip(row, widths, strict=False))
        for row in rows
    ]


def _cells(text: str) -> int:
    """How many cells of a terminal the text takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
