"""What PostgreSQL's planner is told of our tables."""

from __future__ import annotations

from django.db import connection
from psycopg import sql


def look_around() -> None:
    """Tell the planner how much was loaded, or it would read whole tables where an index serves.

    Only of our own tables: without a list PostgreSQL looks at those that all databases of a server share
    as well, and within a transaction nobody else's ANALYZE gets past until it ends.
    """
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        cursor.execute(sql.SQL("ANALYZE {}").format(sql.SQL(", ").join(map(sql.Identifier, tables))))
