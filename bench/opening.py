"""The databases that benches measure in."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import Model

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


def read_into_memory(*models: type[Model]) -> bool:
    """Have the server read these tables and their indexes into its memory, as in a house that has been open
    for a day; False where it has no `pg_prewarm`, or we may not use it."""
    read = """
        SELECT sum(pg_prewarm(relation)) FROM (
            SELECT to_regclass(name) FROM unnest(%s::text[]) AS name
            UNION ALL SELECT indexrelid FROM pg_index WHERE indrelid IN (
                SELECT to_regclass(name) FROM unnest(%s::text[]) AS name
            )
        ) AS of (relation)
    """
    tables = [model._meta.db_table for model in models]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
            cursor.execute(read, [tables, tables])
            # What was read stays; the extension was ours.
            transaction.set_rollback(True)
    except Error:
        return False
    return True
