"""Rows handed straight to the driver, without the layers between: the way that sync takes.

*Stored* values are as SQLite holds them: ids of 16 bytes, moments in milliseconds, days and JSON as
text. PostgreSQL takes a whole column of them as one array, and turns it into its own type.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, Column, Connection, Date, LargeBinary, Table, types

from deskcrm.store.tables import Base, Shape
from deskcrm.store.types import EnumText, Id, Instant, Json, to_milliseconds

Translate = Callable[[Any], Any]
Row = tuple[Any, ...]
Plan = tuple[tuple[str, Translate | None], ...]
AT_ONCE: Final = 1_000
"""Ids in one statement: far below what SQLite takes."""


@cache
def from_value(column_type: types.TypeEngine[Any]) -> Translate | None:
    """Give what turns a value of a column into what is stored; None where they are the same."""
    if isinstance(column_type, Id):
        return lambda value: value.bytes
    if isinstance(column_type, Instant):
        return to_milliseconds
    if isinstance(column_type, EnumText):
        return lambda value: column_type.members(value).value
    if isinstance(column_type, Date):
        return lambda value: value.isoformat()
    return json.dumps if isinstance(column_type, Json) else None


@cache
def from_log(column_type: types.TypeEngine[Any]) -> Translate | None:
    """Give what turns a logged value of a column into what is stored; None: the same."""
    if isinstance(column_type, Id):
        return _bytes
    return json.dumps if isinstance(column_type, Json) else None


@cache
def to_log(column_type: types.TypeEngine[Any]) -> Translate | None:
    """Give the inverse of :func:`from_log`."""
    if isinstance(column_type, Id):
        return lambda value: value.hex()
    if isinstance(column_type, Json):
        return json.loads
    return bool if isinstance(column_type, Boolean) else None


def _bytes(value: str) -> bytes:
    return bytes.fromhex(value) if len(value) == 32 else UUID(hex=value).bytes


def plans(table: Table, keys: Iterable[str], way: Any) -> Plan:
    """Give columns, each with its translation."""
    return tuple((key, way(table.columns[key].type)) for key in keys)


def row_of(plan: Plan, values: Mapping[str, Any]) -> Row:
    """Give a row's values in the order of a plan, translated."""
    return tuple(
        [
            value if translate is None or value is None else translate(value)
            for value, translate in [(values[key], translate) for key, translate in plan]
        ]
    )


@cache
def _reading(shape: Shape) -> Plan:
    return plans(shape.table, shape.columns, to_log)


@cache
def _writing(shape: Shape) -> Plan:
    return plans(shape.table, shape.columns, from_log)


def log_values(shape: Shape, row: Sequence[Any]) -> dict[str, Any]:
    """Give a record's stored columns, in the shape's order, as the log holds them."""
    return {
        key: value if translate is None or value is None else translate(value)
        for (key, translate), value in zip(_reading(shape), row, strict=True)
    }


def stored_values(shape: Shape, values: Mapping[str, Any]) -> Row:
    """Give the inverse of :func:`log_values`."""
    return row_of(_writing(shape), values)


def write_rows(
    connection: Connection, table: Table, keys: tuple[str, ...], rows: list[Row], *, new: bool
) -> None:
    """Write rows of stored values; ``new`` ones are not there, others replace what is there."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_for_sqlite(table, keys, new), rows)
        return
    if not new:
        rows = _last_of_each(table, keys, rows)
    kinds = [_array_of(table.columns[key].type)[2] for key in keys]
    columns = zip(kinds, zip(*rows, strict=True), strict=True)
    arrays = tuple(_array(kind, column) for kind, column in columns)
    connection.exec_driver_sql(_for_postgres(table, keys, new), arrays)


def _array(kind: Translate, column: Sequence[Any]) -> str:
    """Write a column as PostgreSQL writes an array: the driver takes ten times as long for it."""
    return "{" + ",".join(["NULL" if value is None else kind(value) for value in column]) + "}"


def _quoted(value: str) -> str:
    if "\\" in value or '"' in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'


def _last_of_each(table: Table, keys: tuple[str, ...], rows: list[Row]) -> list[Row]:
    """Give only the last row for each key: one statement cannot replace a row twice."""
    places = [keys.index(column.key) for column in table.primary_key]
    return list({tuple(row[place] for place in places): row for row in rows}.values())


@cache
def _for_sqlite(table: Table, keys: tuple[str, ...], new: bool) -> str:
    names = ", ".join(f'"{table.columns[key].name}"' for key in keys)
    marks = ", ".join("?" for _ in keys)
    return f'INSERT INTO "{table.name}" ({names}) VALUES ({marks}){_else(table, keys, new)}'


@cache
def _for_postgres(table: Table, keys: tuple[str, ...], new: bool) -> str:
    names = ", ".join(f'"{table.columns[key].name}"' for key in keys)
    kinds = [_array_of(table.columns[key].type) for key in keys]
    arrays = ", ".join(f"%s::{kind[0]}[]" for kind in kinds)
    places = ", ".join(f"c{n}" for n in range(len(keys)))
    values = ", ".join(kind[1].replace("?", f"u.c{n}") for n, kind in enumerate(kinds))
    return (
        f'INSERT INTO "{table.name}" ({names}) SELECT {values} FROM unnest({arrays})'
        f" AS u({places}){_else(table, keys, new)}"
    )


def _else(table: Table, keys: tuple[str, ...], new: bool) -> str:
    if new:
        return ""
    own = [column.key for column in table.primary_key]
    rest = [f'"{table.columns[key].name}"' for key in keys if key not in own]
    updates = ", ".join(f"{name} = excluded.{name}" for name in rest)
    found = ", ".join(f'"{key}"' for key in own)
    return f" ON CONFLICT ({found}) DO {f'UPDATE SET {updates}' if rest else 'NOTHING'}"


_MOMENT: Final = (
    "timestamptz 'epoch' + (? / 1000) * interval '1 second' + (?"
    # Doubled where the driver looks for placeholders.
    " %% 1000) * interval '1 millisecond'"
)


@cache
def _array_of(column_type: types.TypeEngine[Any]) -> tuple[str, str, Translate]:
    """Give as what a column arrives, what the column is made of that by, and how one is written."""
    if isinstance(column_type, Id):
        return "uuid", "?", lambda value: value.hex()
    if isinstance(column_type, Instant):
        return "bigint", _MOMENT, int.__repr__
    if isinstance(column_type, Json):
        return "text", "?::jsonb", _quoted
    if isinstance(column_type, Boolean):
        return "boolean", "?", lambda value: "t" if value else "f"
    if isinstance(column_type, LargeBinary):
        return "bytea", "?", lambda value: f'"\\\\x{value.hex()}"'
    if isinstance(column_type, types.Text | EnumText):
        return "text", "?", _quoted
    if isinstance(column_type, Date):
        return "text", "?::date", _quoted
    if isinstance(column_type, types.Integer):
        return "bigint", "?", int.__repr__
    return "double precision", "?", repr


def read_by_ids(
    connection: Connection,
    table: Table,
    keys: Sequence[str],
    ids: Sequence[bytes],
    *,
    of: str = "id",
    where: str = "",
    values: tuple[Any, ...] = (),
) -> list[Row]:
    """Give stored values of rows with certain ids; ``where`` narrows them, ``?`` for values."""
    names = ", ".join(f'"{table.columns[key].name}"' for key in keys)
    rest = f" AND {where}" if where else ""
    head = f'SELECT {names} FROM "{table.name}" WHERE "{of}"'
    if connection.dialect.name != "sqlite":
        asked = f"{head} = ANY(%s::uuid[]){rest.replace('?', '%s')}"
        hexes = [one.hex() for one in ids]
        found = connection.exec_driver_sql(asked, (hexes, *values)).all()
        return [tuple([stored(value) for value in row]) for row in found]
    rows: list[Row] = []
    for start in range(0, len(ids), AT_ONCE):
        chunk = ids[start : start + AT_ONCE]
        marks = ",".join("?" * len(chunk))
        rows += fetch(connection, f"{head} IN ({marks}){rest}", (*chunk, *values))
    return rows


def fetch(connection: Connection, statement: str, values: Sequence[Any] = ()) -> list[Row]:
    """Give the rows of a query on stored values; on SQLite as the driver makes them.

    On PostgreSQL each table stands in it as SQLite would hold it, a moment as a number; only
    ``is_deleted = 0`` is said in its own words, or no partial index would be taken for it.
    """
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.dbapi_connection
        found: list[Row] = driver.execute(statement, values).fetchall()
        return found
    asked = tuple([UUID(bytes=one) if type(one) is bytes else one for one in values])
    rows = connection.exec_driver_sql(_said_to_postgres(statement), asked).all()
    return list(zip(*map(_stored_column, zip(*rows, strict=True)), strict=True))


_NAMED: Final = re.compile(
    r"\b(FROM|JOIN)\s+(\w+)"
    r"(?:\s+(?!(?:WHERE|JOIN|LEFT|ON|ORDER|GROUP|UNION|LIMIT)\b)(?:AS\s+)?(\w+))?"
)
_FLAG: Final = re.compile(r"((?:\b\w+\.)?\bis_\w+) (=|<>) 0\b")


@lru_cache(maxsize=256)
def _said_to_postgres(statement: str) -> str:
    """Put in place of each table what it would be on SQLite, and the driver's own placeholders."""

    def named(found: re.Match[str]) -> str:
        verb, name, alias = found.groups()
        return f"{verb} {_as_stored(Base.metadata.tables[name])} AS {alias or name}"

    said = _FLAG.sub(lambda found: ("NOT " if found[2] == "=" else "") + found[1], statement)
    return _NAMED.sub(named, said.replace("%", "%%").replace("?", "%s"))


@cache
def _as_stored(table: Table) -> str:
    columns = ", ".join(f"{_stored_form(one)} AS {one.name}" for one in table.columns)
    return f'(SELECT {columns} FROM "{table.name}")'


def _stored_form(column: Column[Any]) -> str:
    name = f'"{column.name}"'
    if isinstance(column.type, Instant):
        return f"floor(extract(epoch FROM {name}) * 1000)::bigint"
    if isinstance(column.type, Date):
        return f"to_char({name}, 'YYYY-MM-DD')"
    return f"{name}::text" if isinstance(column.type, Json) else name


def _stored_column(column: Sequence[Any]) -> Sequence[Any]:
    """Turn what a query gave in one column, which is all of one kind, into what is stored."""
    first = next((value for value in column if value is not None), None)
    translate = _FROM_POSTGRES.get(type(first))
    if translate is None:
        return column
    return [value if value is None else translate(value) for value in column]


def stored(value: Any) -> Any:
    """Turn a value as PostgreSQL's driver gives it into what is stored."""
    kind = type(value)
    translate = _FROM_POSTGRES.get(kind)
    return value if translate is None else translate(value)


_FROM_POSTGRES: Final[dict[type, Translate]] = {
    UUID: lambda value: value.bytes,
    datetime: to_milliseconds,
    date: lambda value: value.isoformat(),
    dict: json.dumps,
    list: json.dumps,
}
