"""Gives rows of either database as SQLite holds them, which is how they travel.

PostgreSQL makes that of its own types itself: there it costs a tenth of what it does here.
"""

from functools import cache
from typing import Any

from sqlalchemy import Connection, Date, types

from deskcrm.store.tables import shape_named
from deskcrm.store.types import EnumText, Id, Instant, Json

_SMALL = (Id, Instant, Date, EnumText, types.Integer, types.Float, types.Numeric, types.Boolean)


@cache
def select_list(table: str, dialect: str) -> tuple[list[str], str]:
    """Name the columns of a table that travel beside what every row has, and select them."""
    columns = [column for key, column in shape_named(table).columns.items() if key != "scope"]
    selected = (_sent(f't."{column.key}"', column.type, dialect) for column in columns)
    return [column.key for column in columns], "".join(f", {one}" for one in selected)


@cache
def weight(table: str, dialect: str) -> str:
    """Add up the bytes that the texts of a row have, without reading the texts."""
    columns = [c for c in shape_named(table).columns.values() if not isinstance(c.type, _SMALL)]
    sent = (_sent(f't."{column.key}"', column.type, dialect) for column in columns)
    return " + ".join(["0", *(f"coalesce(octet_length({one}), 0)" for one in sent)])


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
