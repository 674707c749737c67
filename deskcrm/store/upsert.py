"""Writes rows whether they are there or not: one statement that both databases know."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Table

from deskcrm.store import raw

T = TypeVar("T")
AT_ONCE: Final = 1_000
"""Rows or ids in one statement: far below what either database takes."""


def upsert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows of one table, all with the same columns, or replace those columns."""
    if rows:
        keys = tuple(rows[0])
        plan = raw.plans(table, keys, raw.from_value)
        raw.write_rows(connection, table, keys, [raw.row_of(plan, row) for row in rows], new=False)


def in_chunks(values: Iterable[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    """Give the values a thousand at a time."""
    stream = iter(values)
    while chunk := list(islice(stream, size)):
        yield chunk
