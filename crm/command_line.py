"""The command line: Django's, with the embedded database up for as long as a command needs it."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError
from environs import EnvValidationError

from crm.embedded.errors import LauncherError
from crm.embedded.server import Server

# `up` keeps the server itself; the others work on files alone.
WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "help",
    "makemessages",
    "messages",
    "reset",
    "up",
}


def main(arguments: list[str]) -> int:
    """Run one command; the exit status. Faults of the surroundings get a line each, and no traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    try:
        with database_for(arguments):
            execute_from_command_line(arguments)
    except EnvValidationError as error:
        _say(describe(error))
    except (ImproperlyConfigured, LauncherError) as error:
        _say(str(error))
    except OperationalError as error:
        _say(f"The database cannot be reached: {str(error).splitlines()[0]}")
    except BrokenPipeError:
        # Whoever read has read enough (`| head`); nor may Python complain of it at its own end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    else:
        return 0
    return 1


@contextlib.contextmanager
def database_for(arguments: list[str]) -> Iterator[None]:
    """Have the embedded server run for as long as a command does, if the command needs it."""
    command = arguments[1] if len(arguments) > 1 else "help"
    if command in WITHOUT_DATABASE or command.startswith("-") or not settings.EMBEDDED_DATABASE:
        yield
        return
    with Server(settings.VAR_DIR):
        yield


def describe(error: EnvValidationError) -> str:
    """Every wrong setting on a line of its own."""
    if isinstance(error.error_messages, Mapping):
        return "\n".join(f"{name}: {' '.join(faults)}" for name, faults in error.error_messages.items())
    return "\n".join(error.error_messages)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
