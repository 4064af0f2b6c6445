"""Where the embedded server keeps its things, and as whom it runs. Only looks; writes nothing."""

from __future__ import annotations

import hashlib
import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import make_conninfo

PORT = 5432
ROLE = "regulars"
DATABASE = "regulars"
# sun_path in <sys/un.h> is 108 bytes with its closing zero; PostgreSQL refuses longer names.
SOCKET_PATH_LIMIT = 107
# PostgreSQL refuses to run as root. Debian's account for it when there is one, else the account for
# what may own nothing else.
SERVER_ACCOUNTS = ("postgres", "nobody")
# Where root's server lives when the state folder lies where only root may go.
ROOT_HOME = Path("/var/lib")


@dataclass(frozen=True)
class Account:
    """An operating system account the server runs as, when it may not run as the caller."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Layout:
    """The paths of one embedded server; all lie in `home`, but for a socket whose path would be too long."""

    home: Path
    account: Account | None

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def passfile(self) -> Path:
        """The password in libpq's own format, so that a connection names the file and never the secret."""
        return self.home / "password"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def start_lock(self) -> Path:
        """Held while somebody decides about starting or stopping."""
        return self.home / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Held, shared, by everybody who wants the server to run; whoever can have it alone is the last."""
        return self.home / "users.lock"

    @property
    def socket_dir(self) -> Path:
        own = self.home / "socket"
        if len(os.fsencode(own / f".s.PGSQL.{PORT}.lock")) <= SOCKET_PATH_LIMIT:
            return own
        return Path("/tmp") / f"regulars-{os.geteuid()}-{_digest(self.home)}"  # noqa: S108 - its owner and mode are checked before use

    def dsn(self, database: str = DATABASE) -> str:
        """The libpq connection string of a database in this server."""
        return make_conninfo(
            host=str(self.socket_dir), port=PORT, user=ROLE, dbname=database, passfile=str(self.passfile)
        )


def layout_for(var_dir: Path) -> Layout:
    """The layout of the server that belongs to a state folder; the same for every process that asks."""
    # The real path: a process's working folder, by which its server is known, is told without links.
    var_dir = Path(os.path.realpath(var_dir))
    account = server_account()
    if account is not None and not reachable(var_dir, account):
        return Layout(ROOT_HOME / f"regulars-{_digest(var_dir)}", account)
    return Layout(var_dir / "postgres", account)


def server_account() -> Account | None:
    """The unprivileged account for a server started by root; None when the caller is no root."""
    if os.geteuid() != 0:
        return None
    for name in SERVER_ACCOUNTS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, found.pw_uid, found.pw_gid)
    return None


def reachable(path: Path, account: Account) -> bool:
    """Whether the account may enter every folder on the way to a path, as far as the path exists."""
    return all(_may_enter(folder, account) for folder in (path, *path.parents) if folder.is_dir())


def _may_enter(folder: Path, account: Account) -> bool:
    status = folder.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & 0o100)
    if status.st_gid == account.gid:
        return bool(status.st_mode & 0o010)
    return bool(status.st_mode & 0o001)


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
