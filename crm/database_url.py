"""From a libpq connection string to Django's way of writing the same."""

from __future__ import annotations

from typing import Any

import psycopg
from environs import ValidationError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

OLDEST_POSTGRES = 15
# Psycopg's own, which libpq does not know.
_NOT_LIBPQS = {"pool", "prepare_threshold"}
# A question that is asked once or twice on a connection is not worth keeping there.
_PREPARED_AFTER = 2
FORM = "postgresql://user:password@host:5432/database"


def parse(text: str) -> dict[str, str]:
    """The parts of a PostgreSQL address, under libpq's names. Raises ValueError in words."""
    try:
        parts = conninfo_to_dict(text)
    except psycopg.ProgrammingError as error:
        raise ValueError(f"is not the address of a PostgreSQL database; write {FORM}") from error
    if not parts.get("dbname"):
        raise ValueError(f"names no database; write {FORM}")
    return {name: str(value) for name, value in parts.items() if value is not None}


def check(text: str) -> None:
    """The validator of the DATABASE_URL setting; empty means the embedded database."""
    try:
        if text:
            parse(text)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def django_settings(parts: dict[str, str], *, pooled: bool) -> dict[str, Any]:
    """One entry of DATABASES. What Django has no name for (sslmode, passfile, …) is passed on to libpq."""
    rest: dict[str, Any] = {
        name: value
        for name, value in parts.items()
        if name not in {"dbname", "user", "password", "host", "port"}
    }
    # For `crm.prepared` alone; all other SQL has its values written into it.
    rest["prepare_threshold"] = _PREPARED_AFTER
    lasting: dict[str, Any] = {"OPTIONS": {**rest, "pool": {"min_size": 1, "max_size": 8, "timeout": 10}}}
    passing: dict[str, Any] = {"OPTIONS": rest, "CONN_MAX_AGE": 60}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts["dbname"],
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": parts.get("port", ""),
        # A server that was restarted costs one look at the connection, never a failed request.
        "CONN_HEALTH_CHECKS": True,
        **(lasting if pooled else passing),
    }


def connection_string(database: dict[str, Any]) -> str:
    """The libpq connection string of one entry of DATABASES."""
    named = {
        "dbname": database["NAME"],
        "user": database["USER"],
        "password": database["PASSWORD"],
        "host": database["HOST"],
        "port": database["PORT"],
    }
    options = {name: value for name, value in database["OPTIONS"].items() if name not in _NOT_LIBPQS}
    return make_conninfo(**{name: value for name, value in (named | options).items() if value})
