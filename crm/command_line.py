"""The command line: Django's, with the embedded database up for as long as a command needs it."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

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
    "check_translations",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "help",
    "makemessages",
    "reset",
    "up",
}


def main(arguments: list[str]) -> int:
    """Run one command; the exit status. A fault of the surroundings is told in one line each, without a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    try:
        with database_for(arguments):
            execute_from_command_line(arguments)
    except EnvValidationError as error:
        for name, messages in error.error_messages.items():
            _say(f"{name}: {' '.join(messages)}")
    except (ImproperlyConfigured, LauncherError) as error:
        _say(str(error))
    except OperationalError as error:
        _say(f"The database cannot be reached: {str(error).splitlines()[0]}")
    else:
        return 0
    return 1


@contextlib.contextmanager
def database_for(arguments: list[str]) -> Iterator[None]:
    """Have the embedded server run for the duration of a command, if the command needs it and it is ours to run."""
    command = arguments[1] if len(arguments) > 1 else "help"
    if command in WITHOUT_DATABASE or command.startswith("-") or not settings.EMBEDDED_DATABASE:
        yield
        return
    with Server(settings.VAR_DIR):
        yield


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
