"""Gives rows of either database as SQLite holds them, which is how they travel.

PostgreSQL makes that of its own types itself: there it costs a tenth of what it does here.
"""

from functools import cache
from typing import Any

from sqlalchemy import Connection, Date, types

from deskcrm.store.tables import shape_named
from deskcrm.store.types import Id, Instant, Json


@cache
def select_list(table: str, dialect: str) -> tuple[list[str], str]:
    """Name the columns of a table that travel beside what every row has, and select them."""
    columns = [column for key, column in shape_named(table).columns.items() if key != "scope"]
    selected = (_sent(f't."{column.key}"', column.type, dialect) for column in columns)
    return [column.key for column in columns], "".join(f", {one}" for one in selected)


def id_sent(connection: Connection, column: str) -> str:
    """Select an id as 16 bytes."""
    return _sent(column, Id(), connection.dialect.name)


def _sent(column: str, column_type: types.TypeEngine[Any], dialect: str) -> str:
    if dialect == "sqlite":
        return column
    if isinstance(column_type, Id):
        return f"uuid_send({column})"
    if isinstance(column_type, Instant):
        return f"floor(extract(epoch FROM {column}) * 1000)::bigint"
    return f"{column}::text" if isinstance(column_type, Json | Date) else column


def fetch(found: Any) -> list[Any]:
    """Give the rows of a textual query as the driver makes them: no type is worked out."""
    rows: list[Any] = found.cursor.fetchall()
    return rows
