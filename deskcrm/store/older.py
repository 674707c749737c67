"""A database in memory as it was at an older revision: what is put in comes out as of today."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, Connection, StaticPool, create_engine, select
from sqlalchemy.exc import DBAPIError

from deskcrm.store import migrate
from deskcrm.store.types import to_milliseconds
from deskcrm.store.upsert import in_chunks

_OF_RECORDS: Final = frozenset({"id", "scope", "seq", "created_at", "is_deleted"})


class NotOfThen(ValueError):
    """What was put in does not fit the tables of that time."""


def _moment_or_number(value: Any) -> int:
    if isinstance(value, str):
        return to_milliseconds(datetime.fromisoformat(value))
    if isinstance(value, int):
        return value
    raise TypeError(value)


def _of_kind(*kinds: type) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if not isinstance(value, kinds):
            raise TypeError(value)
        return value

    return check


_STORED: Final[Mapping[str, Callable[[Any], Any]]] = {
    "BLOB": lambda value: UUID(value).bytes,
    "BIGINT": _moment_or_number,
    "BOOLEAN": _of_kind(bool),
    "TEXT": _of_kind(str),
    "DATE": lambda value: date.fromisoformat(value).isoformat(),
    "JSON": json.dumps,
    "DOUBLE": _of_kind(int, float),
}
"""How SQLite stores what JSON holds, by the declared type of the column."""


class Older:
    """Tables of an older revision, filled from what was written at that time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def columns(self, table: str) -> dict[str, str]:
        """Give the columns that a table had, with their declared types; none, if it was not."""
        found = self._connection.exec_driver_sql("SELECT * FROM pragma_table_info(?)", (table,))
        return {row[1]: row[2] for row in found}

    def put(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Put records in, with all their columns but the server's number; raises NotOfThen."""
        kinds = self.columns(table)
        if not kinds.keys() >= _OF_RECORDS:
            raise NotOfThen(table)
        keys = [key for key in kinds if key != "seq"]
        names = ", ".join(f'"{key}"' for key in keys)
        marks = ", ".join("?" * len(keys))
        statement = f'INSERT INTO "{table}" ({names}, "seq") VALUES ({marks}, 0)'
        try:
            for some in in_chunks(rows):
                stored = [_stored(row, keys, kinds) for row in some]
                self._connection.exec_driver_sql(statement, stored)
        except (ValueError, TypeError, KeyError, AttributeError, DBAPIError) as error:
            raise NotOfThen(table) from error

    def bring_up_to_date(self) -> None:
        """Migrate what was put in to the newest revision."""
        migrate.bring_up_to_date(self._connection, before=lambda: None)

    def read(self, columns: Sequence[Column[Any]]) -> Iterator[dict[str, Any]]:
        """Give the rows of a table as it is now, by id; raises NotOfThen."""
        keys = [column.key for column in columns]
        try:
            for row in self._connection.execute(select(*columns).order_by(columns[0].table.c.id)):
                yield dict(zip(keys, row, strict=True))
        except (ValueError, OverflowError) as error:
            raise NotOfThen(columns[0].table.name) from error


def _stored(
    row: Mapping[str, Any], keys: Sequence[str], kinds: Mapping[str, str]
) -> tuple[Any, ...]:
    if len(row) != len(keys):
        raise KeyError(*row.keys() ^ set(keys))
    return tuple([None if row[key] is None else _STORED[kinds[key]](row[key]) for key in keys])


@contextmanager
def at_revision(revision: str) -> Iterator[Older]:
    """Give a database in memory at a revision that this program knows."""
    from alembic import command

    engine = create_engine("sqlite://", poolclass=StaticPool)
    try:
        with engine.begin() as connection:
            config = migrate.make_config()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            yield Older(connection)
    finally:
        engine.dispose()
