"""A secret for a house that was given none."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def kept_secret(path: Path) -> str:
    """A random secret, made at the first call and kept in a file that only its owner can read."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            _write_once(path)
        return path.read_text()
    except OSError as error:
        raise ImproperlyConfigured(
            f"Cannot write in {path.parent}: {error.strerror}. "
            "Make that folder yours, or set VAR_DIR to one that is."
        ) from error


def _write_once(path: Path) -> None:
    """Write the whole secret aside and link it into place, so that nobody ever reads half of one."""
    if path.exists():
        return
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
    try:
        os.link(partial, path)
    finally:
        partial.unlink()
