"""Writes rows whether they are there or not: one statement that both databases know."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Table, TextClause, bindparam, text

T = TypeVar("T")
AT_ONCE: Final = 1_000
"""Rows or ids in one statement: far below what either database takes."""


def upsert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows of one table, all with the same columns, or replace those columns."""
    if rows:
        connection.execute(_statement(table, tuple(rows[0])), rows)


@cache
def _statement(table: Table, columns: tuple[str, ...]) -> TextClause:
    quoted = {key: f'"{table.columns[key].name}"' for key in columns}
    keys = [column.key for column in table.primary_key]
    rest = ", ".join(f"{name} = excluded.{name}" for k, name in quoted.items() if k not in keys)
    names, marks = ", ".join(quoted.values()), ", ".join(f":{key}" for key in columns)
    found = ", ".join(f'"{key}"' for key in keys)
    return text(
        f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'
        f" ON CONFLICT ({found}) DO {f'UPDATE SET {rest}' if rest else 'NOTHING'}"
    ).bindparams(*(bindparam(key, type_=table.columns[key].type) for key in columns))


def in_chunks(values: Iterable[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    """Give the values a thousand at a time."""
    stream = iter(values)
    while chunk := list(islice(stream, size)):
        yield chunk
