"""Shows a database as it was recorded by a moment, to any query as it is written.

For as long as it lasts, every record table is hidden behind a temporary view of the same name: rows
that were made later are not there, and what was changed later stands as it stood. What happened
when is not asked, only when it was recorded: a call that was logged on Friday for Monday is not
known on Tuesday. So nothing that is recorded after a moment can change an answer as of it.

When a row was made stands in the row, and no form can write it. When it was changed is read from
the log: by the moment that the step counts for, whatever the clock of its device said. A device
that joined later has the log from then on only; before that, its rows stand as they came.

A server looks back in a transaction beside that of the query, since one that reads may make no
views; all that is made there goes with it. It keeps nothing derived: that is worked out also as of
now.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, MetaData, Table
from sqlalchemy.schema import CreateTable

from deskcrm.store import ledger, raw
from deskcrm.store.derived import Tell
from deskcrm.store.reader import Reader
from deskcrm.store.tables import Shape, record_models, shape_of
from deskcrm.store.types import to_milliseconds
from deskcrm.store.upsert import in_chunks

Refills = Mapping[Table, Callable[[Connection, Tell], None]]
"""Derived tables that the queries use, each with what fills it from the records."""

_RECORDED: Final = "coalesce(s.effective_at, s.at)"
# A cross join is done in the order in which it is written: few steps are of later, and of what they
# did only a small index is looked at, not the making of a million rows.
_LATER: Final = f"""
SELECT DISTINCT c.table_name, c.row_id FROM step s CROSS JOIN change c
WHERE c.step = s.id AND {_RECORDED} > ? AND c.kind <> 'create'
"""
_LOG: Final = f"""
SELECT c.row_id, c.kind, c.before, c.after, {_RECORDED} > ? FROM change c JOIN step s
ON s.id = c.step WHERE c.table_name = ? AND c.row_id IN {{rows}}
ORDER BY {_RECORDED}, coalesce(s.seq, 0), c.id
"""
_Logs = Mapping[bytes, Sequence[raw.Row]]


@contextmanager
def as_of(db: Reader, moment: datetime, *, refills: Refills | None = None) -> Iterator[None]:
    """Let queries of ``db`` see what was recorded by a moment; now and later is what is there."""
    is_past = moment < db.now
    if not is_past and not (refills and ledger.is_server(db.connection)):
        yield
        return
    with _on_sqlite(db, refills or {}) if db.is_sqlite else _on_postgres(db) as connection:
        if is_past:
            _hide(connection, moment)
        _refill(connection, refills or {})
        yield


@contextmanager
def _on_sqlite(db: Reader, refills: Refills) -> Iterator[Connection]:
    """Let the reader write, into memory: the pragma keeps it from writing anywhere."""
    connection = db.connection
    (was_reading,) = raw.fetch(connection, "PRAGMA query_only")[0]
    connection.exec_driver_sql("PRAGMA query_only = OFF")
    try:
        yield connection
    finally:
        _show_again(connection, refills)
        connection.exec_driver_sql(f"PRAGMA query_only = {was_reading}")


@contextmanager
def _on_postgres(db: Reader) -> Iterator[Connection]:
    """Let the reader ask in another transaction, of which nothing is left at the end."""
    own = db.connection
    with own.engine.connect() as opened:
        connection = opened.execution_options(postgresql_readonly=False)
        # What was prepared before knows the tables, and would look past the views.
        driver: Any = connection.connection.driver_connection
        usual, driver.prepare_threshold = driver.prepare_threshold, None
        try:
            with connection.begin() as transaction:
                db.connection = connection
                yield connection
                transaction.rollback()
        finally:
            db.connection, driver.prepare_threshold = own, usual


def _changed_since(connection: Connection, at: int) -> dict[Shape, list[raw.Row]]:
    """Give the rows that were changed after a moment, as they stood then, by their tables."""
    changed: dict[str, list[bytes]] = defaultdict(list)
    for table, row_id in raw.fetch(connection, _LATER, (at,)):
        changed[table].append(row_id)
    return {
        shape: [
            row
            for some in in_chunks(changed[shape.name])
            for row in _as_they_stood(connection, shape, some, at)
        ]
        for shape in map(shape_of, record_models())
        if shape.name in changed
    }


def _as_they_stood(
    connection: Connection, shape: Shape, ids: Sequence[bytes], at: int
) -> Iterator[raw.Row]:
    logs = _logs(connection, shape, ids, at)
    rows = raw.read_by_ids(connection, shape.table, ("created_at", *_keys(shape)), ids)
    for created_at, row_id, seq, is_deleted, *values in rows:
        if created_at <= at:
            former = raw.log_values(shape, values) | _former_values(logs[row_id])
            stood = raw.stored_values(shape, former)
            yield row_id, seq, _was_deleted(logs[row_id], is_deleted), *stood


def _logs(connection: Connection, shape: Shape, ids: Sequence[bytes], at: int) -> _Logs:
    found: dict[bytes, list[raw.Row]] = defaultdict(list)
    asked = _LOG.format(rows=f"({','.join('?' * len(ids))})")
    for row_id, *change in raw.fetch(connection, asked, (at, shape.name, *ids)):
        found[row_id].append(tuple(change))
    return found


def _former_values(log: Sequence[raw.Row]) -> dict[str, Any]:
    """Give what later changes overwrote: as it was last written before, else as they found it."""
    known: dict[str, Any] = {}
    found: dict[str, Any] = {}
    overwritten: set[str] = set()
    for kind, before, after, is_later in log:
        # A row can be older than the step that brought it here: an import, a sample.
        if kind == "create" or (kind == "set" and not is_later):
            known |= json.loads(after)
        elif kind == "set":
            overwritten.update(json.loads(after))
            found = json.loads(before) | found
    return {key: known.get(key, found.get(key)) for key in overwritten}


def _was_deleted(log: Sequence[raw.Row], is_deleted: int) -> int:
    before: int | None = None
    for kind, _, _, is_later in log:
        if kind in ("delete", "undelete"):
            if is_later:
                return int(kind == "undelete") if before is None else before
            before = int(kind == "delete")
    return is_deleted


def _hide(connection: Connection, moment: datetime) -> None:
    is_sqlite, at = connection.dialect.name == "sqlite", to_milliseconds(moment)
    former = _changed_since(connection, at)
    then = f"{at}" if is_sqlite else f"'{moment.isoformat()}'::timestamptz"
    for shape in map(shape_of, record_models()):
        name = shape.name
        columns = ", ".join(f'"{key}"' for key in _keys(shape))
        table = f'main."{name}"' if is_sqlite else f'"{name}"'
        view = f"SELECT {columns} FROM {table} AS kept WHERE created_at <= {then}"
        if former.get(shape):
            held = _held(shape)
            connection.exec_driver_sql(f'CREATE TEMP TABLE "{held.name}" AS {view} AND 1 = 0')
            raw.write_rows(connection, held, _keys(shape), former[shape], new=True)
            same = "" if is_sqlite else f' WHERE "{held.name}".id = kept.id'
            unchanged = "id NOT IN" if is_sqlite else "NOT EXISTS"
            view += f' AND {unchanged} (SELECT id FROM "{held.name}"{same})'
            view += f' UNION ALL SELECT {columns} FROM "{held.name}"'
        connection.exec_driver_sql(f'CREATE TEMP VIEW "{name}" AS {view}')


@cache
def _held(shape: Shape) -> Table:
    """Give the table that holds rows as they stood."""
    return shape.table.to_metadata(MetaData(), name=f"stood_{shape.name}")


def _refill(connection: Connection, refills: Refills) -> None:
    for table, refill in refills.items():
        made = str(CreateTable(table).compile(connection))
        connection.exec_driver_sql(made.replace("CREATE TABLE", "CREATE TEMP TABLE", 1))
        refill(connection, lambda done, total: None)


def _show_again(connection: Connection, refills: Refills) -> None:
    for shape in map(shape_of, record_models()):
        connection.exec_driver_sql(f'DROP VIEW IF EXISTS temp."{shape.name}"')
        connection.exec_driver_sql(f'DROP TABLE IF EXISTS temp."stood_{shape.name}"')
    for table in refills:
        connection.exec_driver_sql(f'DROP TABLE IF EXISTS temp."{table.name}"')


def _keys(shape: Shape) -> tuple[str, ...]:
    return ("id", "seq", "is_deleted", *shape.columns)
