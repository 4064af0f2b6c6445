"""Questions whose SQL is made once.

The ORM takes longer to put a rich query together than the database takes to answer it. Here a query set is
written with the usual verbs, `Given` standing where a value is known only when it is asked; its SQL is kept,
and each asking binds the values to it.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, models


class Given(models.Expression):
    """A value that is given when the question is asked, under this name; goes wherever an expression does."""

    def __init__(self, name: str, output_field: models.Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """A parameter that is this object itself, for `Prepared` to put the value in its place."""
        return "%s", (self,)


class GivenMany(Given):
    """Several values of one kind, for the right side of `in`."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The members of one array."""
        return f"SELECT unnest(%s::{self.output_field.cast_db_type(connection)}[])", (self,)


class Prepared:
    """A query set of `values(…)` or `values_list(…)`, to be asked again and again with other values."""

    def __init__(self, rows: models.QuerySet[Any, Any]) -> None:
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self._sql, self._params = compiler.as_sql()
        self._converters = compiler.get_converters(column for column, _sql, _alias in compiler.select)
        self._row = _row_of(list(rows.query.selected or ()))

    def ask(self, **given: Any) -> list[Any]:
        """The rows, each a named tuple, in one query. KeyError where a value is missing."""
        params = [given[one.name] if isinstance(one, Given) else one for one in self._params]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            rows = cursor.fetchall()
        return [self._row(*self._converted(row)) for row in rows]

    def _converted(self, row: Sequence[Any]) -> Sequence[Any]:
        if not self._converters:
            return row
        values = list(row)
        for place, (converters, expression) in self._converters.items():
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        return values


def _row_of(names: list[str]) -> Any:
    """A named tuple with these columns."""
    return namedtuple("Row", names)
