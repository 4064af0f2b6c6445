"""The databases that benches measure in."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from crm.database_url import connection_string
from crm.embedded.server import Server


@contextlib.contextmanager
def database() -> Iterator[None]:
    """The configured database is up; the embedded one runs for as long as it is needed."""
    with Server(settings.VAR_DIR) if settings.EMBEDDED_DATABASE else contextlib.nullcontext():
        yield


@contextlib.contextmanager
def own_database(purpose: str) -> Iterator[str]:
    """The address of an empty database beside the configured one, which is dropped in the end."""
    named = dict(settings.DATABASES["default"])
    named["NAME"] = f"{named['NAME']}_{purpose}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{named["NAME"]}"')
        cursor.execute(f'CREATE DATABASE "{named["NAME"]}"')
        try:
            yield connection_string(named)
        finally:
            cursor.execute(f'DROP DATABASE "{named["NAME"]}" WITH (FORCE)')
