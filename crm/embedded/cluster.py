"""Making a data folder, and clearing away what a server that died left in it."""

from __future__ import annotations

import contextlib
import locale
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from crm.embedded import binaries, processes
from crm.embedded.errors import LauncherError, explain
from crm.embedded.layout import PORT, ROLE, Account, Layout

# Fast shutdown first; then without a checkpoint; then by force. Seconds to wait after each.
STOP_STEPS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))
# A server needs room for its write-ahead log before it can do anything at all.
MINIMUM_FREE_BYTES = 64 * 1024 * 1024


def prepare_home(layout: Layout, minimum_free_bytes: int = MINIMUM_FREE_BYTES) -> None:
    """Make the folders of the layout, or say in one line why that cannot be."""
    try:
        layout.home.mkdir(mode=0o711 if layout.account else 0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=layout.home):
            pass
    except OSError as error:
        raise LauncherError(
            f"Cannot write in {layout.home}: {error.strerror}. "
            "Make that folder yours, or set VAR_DIR to one that is."
        ) from error
    free = shutil.disk_usage(layout.home).free
    if free < minimum_free_bytes:
        raise explain("No space left on device", layout.home, layout.log)


def prepare_socket_dir(layout: Layout) -> None:
    """Make the socket's folder, whole or as a start that died left it; raise LauncherError for another's."""
    folder = layout.socket_dir
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if layout.account is not None and folder.lstat().st_uid == os.geteuid():
            os.chown(folder, layout.account.uid, layout.account.gid, follow_symlinks=False)
    except OSError as error:
        raise LauncherError(f"Cannot make {folder}: {error.strerror}. Remove it and start again.") from error
    status = folder.lstat()
    if status.st_uid != _server_uid(layout) or status.st_mode & 0o077 or folder.is_symlink():
        raise LauncherError(f"{folder} is not a private folder of ours. Remove it and start again.")


def prepare_data(layout: Layout, programs: Path) -> None:
    """Make the data folder when there is none, and refuse one of another PostgreSQL version."""
    if not layout.data.exists():
        _initialise(layout, programs)
        return
    _refuse_foreign_owner(layout)
    with contextlib.suppress(FileNotFoundError):
        found = (layout.data / "PG_VERSION").read_text().strip()
        ours = binaries.server_version(programs)
        if found != ours:
            raise LauncherError(
                f"{layout.data} was made by PostgreSQL {found}, and this release brings {ours}. "
                "Dump it with the release that made it (docs/operations.md), or `make reset` to begin anew."
            )
        return
    raise LauncherError(f"{layout.data} is no PostgreSQL data folder. Move it away and start again.")


def clear_way(layout: Layout) -> None:
    """End a server nobody wants any more, and remove lock files that name a stranger.

    A lock file whose process is dead is left alone: PostgreSQL then checks itself that no child of the
    dead server still uses its memory. Only when the number has gone to a stranger, which PostgreSQL
    takes for a living server, is the file removed, after the last of those children is gone.
    """
    pid = processes.postmaster_pid(layout.data)
    if pid is not None and processes.is_postmaster(pid, layout.data):
        stop_postmaster(pid, layout.data)
    if not processes.end(processes.backends(layout.data), (*STOP_STEPS[1:],)):
        raise LauncherError(f"Processes of an older server still use {layout.data} and cannot be ended.")
    if pid is not None and processes.alive(pid):
        (layout.data / "postmaster.pid").unlink(missing_ok=True)
    socket_lock = layout.socket_dir / f".s.PGSQL.{PORT}.lock"
    owner = processes.socket_owner_pid(socket_lock)
    if owner is not None and processes.alive(owner):
        socket_lock.unlink(missing_ok=True)


def stop_postmaster(pid: int, data: Path) -> None:
    """Stop a server and wait until it and its children are gone, by ever stronger signals."""
    for number, seconds in STOP_STEPS:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        if processes.wait_until(lambda: not processes.is_postmaster(pid, data), seconds):
            return
    raise LauncherError(f"The server of {data} (process {pid}) cannot be stopped.")


def as_account(account: Account | None) -> dict[str, object]:
    """The subprocess arguments that start a program as the server's account."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def _initialise(layout: Layout, programs: Path) -> None:
    """Make a data folder beside its place and move it there when it is whole."""
    _write_password(layout.passfile)
    for leftover in layout.home.glob("making-*"):
        shutil.rmtree(leftover)
    making = Path(tempfile.mkdtemp(prefix="making-", dir=layout.home))
    password = making / "password"
    password.touch(mode=0o600)
    password.write_text(layout.passfile.read_text().strip().rsplit(":", 1)[1])
    if layout.account is not None:
        os.chown(making, layout.account.uid, layout.account.gid)
        os.chown(password, layout.account.uid, layout.account.gid)
    command = [
        programs / "bin" / "initdb",
        f"--pgdata={making / 'data'}",
        f"--username={ROLE}",
        f"--pwfile={password}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        f"--locale={_character_locale()}",
        "--lc-messages=C",
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd="/", **as_account(layout.account)
    )  # type: ignore[call-overload] # the account's keywords come as one dict
    if done.returncode != 0:
        shutil.rmtree(making, ignore_errors=True)
        layout.log.write_text(done.stdout + done.stderr)
        raise explain(done.stderr, layout.home, layout.log)
    (making / "data").rename(layout.data)
    _sync_folder(layout.home)
    shutil.rmtree(making)


def _character_locale() -> str:
    """The system locale by which pg_trgm tells letters from signs: UTF-8, where there is one."""
    before = locale.setlocale(locale.LC_CTYPE)
    for name in ("C.UTF-8", "en_US.UTF-8"):
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue
        locale.setlocale(locale.LC_CTYPE, before)
        return name
    return "C"


def _write_password(path: Path) -> None:
    """Write a random password, in libpq's format, to a file only its owner can read; keep one that exists."""
    if path.exists():
        return
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"*:*:*:{ROLE}:{secrets.token_urlsafe(32)}\n")
    partial.rename(path)


def _refuse_foreign_owner(layout: Layout) -> None:
    owner = layout.data.stat().st_uid
    if owner != _server_uid(layout):
        raise LauncherError(
            f"{layout.data} belongs to user {owner}: it was made when this ran as another user. "
            "Run as that user, or set VAR_DIR to another folder."
        )


def _server_uid(layout: Layout) -> int:
    return layout.account.uid if layout.account else os.geteuid()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
