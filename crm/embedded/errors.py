"""What can go wrong with the embedded server, each in one line that says what to do."""

from __future__ import annotations

from pathlib import Path

SAID_BY_POSTGRES = (
    (
        "No space left on device",
        "the disk that holds {home} is full. Free some space, or set VAR_DIR to a folder on another disk.",
    ),
    (
        "Read-only file system",
        "{home} is on a read-only disk. Set VAR_DIR to a folder that can be written.",
    ),
    (
        "database files are incompatible with server",
        "{home} was made by another version of PostgreSQL. Set VAR_DIR to another folder, or `make reset`.",
    ),
    (
        "could not bind Unix address",
        "another server holds the socket of {home}. Stop it, or set VAR_DIR to another folder.",
    ),
    (
        "Permission denied",
        "{home} holds files of another user. Run as that user, or set VAR_DIR to another folder.",
    ),
)


class LauncherError(Exception):
    """The embedded server cannot run; the message is one line for the person who started it."""


def explain(output: str, home: Path, log: Path) -> LauncherError:
    """The error to raise for what the server or initdb printed before it gave up."""
    for sign, advice in SAID_BY_POSTGRES:
        if sign in output:
            return LauncherError("The embedded database cannot start: " + advice.format(home=home))
    grave = [
        line for line in output.splitlines() if any(word in line for word in ("FATAL:", "PANIC:", "error:"))
    ]
    reason = (grave or output.splitlines() or ["it said nothing"])[-1].strip()
    return LauncherError(f"The embedded database cannot start: {reason} (the whole story: {log})")
