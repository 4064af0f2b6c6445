"""Rows into PostgreSQL by COPY."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, models

# A statement of COPY and its lines.
Batch = tuple[str, str]
_SPECIAL = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def as_text(value: Any) -> str:
    """One value in COPY's text format. Lists become PostgreSQL arrays; times must be aware."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_SPECIAL)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        inner = ",".join(_element(part) for part in value)
        return f"{{{inner}}}".translate(_SPECIAL)
    return str(value)


def _element(part: Any) -> str:
    return json.dumps(part, ensure_ascii=False) if isinstance(part, str) else str(part)


class Table:
    """Rows that wait to be copied into a model's table.

    Columns that may not be empty and are not named take the model's own default, as they would in a form.
    """

    def __init__(self, model: type[models.Model], columns: Sequence[str]) -> None:
        unnamed = [
            field
            for field in model._meta.concrete_fields
            if not field.null and not field.primary_key and field.column not in columns
        ]
        self.name = model._meta.db_table
        self.columns = (*columns, *(field.column for field in unnamed))
        self.rest = "".join("\t" + as_text(field.get_default()) for field in unnamed)
        self.lines: list[str] = []

    def add(self, *values: Any) -> None:
        """One row, in the order of the named columns."""
        self.lines.append("\t".join([as_text(value) for value in values]) + self.rest)

    def batch(self) -> Batch:
        """The rows that wait, to be copied by `copy_in`; none wait afterwards."""
        rows, self.lines = self.lines, []
        names = ", ".join(f'"{column}"' for column in self.columns)
        return f'COPY "{self.name}" ({names}) FROM STDIN', "".join(f"{row}\n" for row in rows)


def copy_in(batches: Iterable[Batch]) -> None:
    """Copy batches of rows in the order given, in the current transaction."""
    with connection.cursor() as cursor:
        for statement, lines in batches:
            if lines:
                with cursor.copy(statement) as copy:
                    copy.write(lines)


def next_id(model: type[models.Model]) -> int:
    """The first id that no row of the model has."""
    largest = model._default_manager.aggregate(largest=models.Max("pk"))["largest"]
    return (largest or 0) + 1


def keep_sequences(tables: Iterable[type[models.Model]]) -> None:
    """Move each model's sequence past the ids that were copied in by hand."""
    with connection.cursor() as cursor:
        for model in tables:
            table = model._meta.db_table
            largest = model._default_manager.aggregate(largest=models.Max("pk"))["largest"] or 1
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, largest])
