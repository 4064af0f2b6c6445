"""Questions whose SQL is made once, and planned once a connection.

The ORM takes longer to put a rich query together than the database takes to answer it, and the database
longer to plan it than to run it. Here a query set is written with the usual verbs, `Given` standing where a
value is known only when it is asked; its SQL is kept, and each asking binds the values to it on the server,
where a question that is asked again on the same connection is prepared (`prepare_threshold` in the settings).
Of many at once it is asked in one query as well.
"""

from __future__ import annotations

import json
import re
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models.query import get_related_populators
from psycopg.sql import Literal
from psycopg.types.numeric import Int8

# The values of each asking are the columns of a row; its answer is what the question says of that row.
EACH: Final = """SELECT each.place, found.*
FROM jsonb_to_recordset(%s::jsonb) AS each (place integer, {columns})
CROSS JOIN LATERAL (SELECT row_number() OVER () AS nth, answer.* FROM ({question}) AS answer) AS found
ORDER BY each.place, found.nth
"""


class Given(models.Expression):
    """A value that is given when the question is asked, under this name; goes wherever an expression does."""

    def __init__(self, name: str, output_field: models.Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """A parameter that is this object itself, for `Prepared` to put the value in its place."""
        return "%s", (self,)

    def column_type(self, connection: Any) -> str:
        """The type of a column that holds such values."""
        return str(self.output_field.cast_db_type(connection))

    def in_column(self) -> str:
        """The SQL that reads the value from its column."""
        return f'each."{self.name}"'


class GivenMany(Given):
    """Several values of one kind, for the right side of `in`."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The members of one array."""
        return f"SELECT unnest(%s::{self.output_field.cast_db_type(connection)}[])", (self,)

    def column_type(self, connection: Any) -> str:
        """They are one column together."""
        return "jsonb"

    def in_column(self) -> str:
        """They are an array again."""
        return f'ARRAY(SELECT jsonb_array_elements_text(each."{self.name}"))'


def rows_of(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows that a SELECT gives for values in place of its %s, which are bound on the server.

    Django's own cursor writes the values into the SQL, which is then planned anew each time.
    """
    with connection.cursor() as cursor:
        cursor.cursor = ServerBindingCursor(connection.connection)  # type: ignore[call-arg] # as its parents
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


class Prepared:
    """A query set of `values(…)` or `values_list(…)`, to be asked again and again with other values."""

    def __init__(self, rows: models.QuerySet[Any, Any]) -> None:
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, self._given = _only_given(*compiler.as_sql())
        # The history puts its context in front of what it does not take for a SELECT, and two statements
        # cannot be prepared as one.
        self._sql = sql if sql.startswith("SELECT") else f"SELECT * FROM ({sql}) AS asked"  # noqa: S608 - the ORM's own SQL
        self._converters = compiler.get_converters(column for column, _sql, _alias in compiler.select)
        self._made = self._maker(rows, compiler)

    def ask(self, **given: Any) -> list[Any]:
        """The rows, each a named tuple, in one query. KeyError where a value is missing."""
        rows = rows_of(self._sql, [_bound(given[one.name]) for one in self._given])
        return [self._made(self._converted(row)) for row in rows]

    def _maker(self, rows: models.QuerySet[Any, Any], _compiler: Any) -> Callable[[Sequence[Any]], Any]:
        """What makes a row of what the database gave: a named tuple with its columns."""
        made: Callable[[Sequence[Any]], Any] = _row_of(list(rows.query.selected or ()))._make
        return made

    def ask_each(self, askings: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
        """The rows of each asking, in one query for all. KeyError where a value is missing."""
        if len(askings) < 2:
            return [self.ask(**asking) for asking in askings]
        given = {one.name: one for one in self._given}
        values = [
            {"place": place, **{name: asking[name] for name in given}} for place, asking in enumerate(askings)
        ]
        columns = ", ".join(f'"{name}" {one.column_type(connection)}' for name, one in given.items())
        asked = EACH.replace("{columns}", columns).replace("{question}", self._of_columns())
        with connection.cursor() as cursor:
            cursor.execute(asked, [json.dumps(values, default=lambda value: value.isoformat())])
            rows = cursor.fetchall()
        found: list[list[Any]] = [[] for _asking in askings]
        for place, _nth, *row in rows:
            found[place].append(self._made(self._converted(row)))
        return found

    def _of_columns(self) -> str:
        """The question with what is given read from columns."""
        given = iter(self._given)
        return re.sub("%[%s]", lambda at: at[0] if at[0] == "%%" else next(given).in_column(), self._sql)

    def _converted(self, row: Sequence[Any]) -> Sequence[Any]:
        if not self._converters:
            return row
        values = list(row)
        for place, (converters, expression) in self._converters.items():
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        return values


class PreparedModels(Prepared):
    """A query set of whole rows, to be asked again and again: each a model, with what it selects related."""

    def _maker(self, _rows: models.QuerySet[Any, Any], compiler: Any) -> Callable[[Sequence[Any]], Any]:
        told, select = compiler.klass_info, compiler.select
        first, end = told["select_fields"][0], told["select_fields"][-1] + 1
        names = [column.target.attname for column, _sql, _alias in select[first:end]]
        related = get_related_populators(told, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg] # typed for 6

        def made(row: Sequence[Any]) -> Any:
            found = told["model"].from_db(DEFAULT_DB_ALIAS, names, row[first:end])
            for each in related:
                each.populate(row, found)
            return found

        return made


def _row_of(names: list[str]) -> Any:
    """A named tuple with these columns."""
    return namedtuple("Row", names)


def _only_given(sql: str, params: Sequence[Any]) -> tuple[str, list[Given]]:
    """The SQL with every value written into it but those that are given, and these in their order."""
    given: list[Given] = []
    rest = iter(params)

    def written(place: re.Match[str]) -> str:
        if place[0] == "%%":
            return place[0]
        value = next(rest)
        if isinstance(value, Given):
            given.append(value)
            return place[0]
        return Literal(value).as_string().replace("%", "%%")

    # An index gives the rows of a whole array at once; what the ORM can say has it asked for each by itself.
    plain = re.sub(r"IN \(SELECT unnest\((%s::[^%]+?\[\])\)\)", r"= ANY (\1)", sql)
    return re.sub("%[%s]", written, plain), given


def _bound(value: Any) -> Any:
    """A value as the server takes it: whole numbers of one size, or each size would be prepared by itself."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Int8(value)
    return list(map(_bound, value)) if isinstance(value, list) else value
