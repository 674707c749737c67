"""Shows a workstation's database as it was recorded by a moment, to any query as it is written.

For as long as it lasts, every record table is hidden behind a temporary view of the same name: rows
that were made later are not there, and what was changed later stands as it stood. What happened
when is not asked, only when it was recorded: a call that was logged on Friday for Monday is not
known on Tuesday. So nothing that is recorded after a moment can change an answer as of it.

When a row was made stands in the row, and no form can write it. When it was changed is read from
the log: by the moment that the step counts for, whatever the clock of its device said. A device
that joined later has the log from then on only; before that, its rows stand as they came.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Table
from sqlalchemy.schema import CreateTable

from deskcrm.store import raw
from deskcrm.store.derived import Tell
from deskcrm.store.reader import Reader
from deskcrm.store.tables import Shape, record_models, shape_of
from deskcrm.store.types import to_milliseconds

Refills = Mapping[Table, Callable[[Connection, Tell], None]]
"""Derived tables that the queries use, each with what fills it from the records."""

_RECORDED: Final = "coalesce(s.effective_at, s.at)"
_LATER: Final = f"""
SELECT DISTINCT c.table_name, c.row_id FROM step s JOIN change c ON c.step = s.id
WHERE {_RECORDED} > ? AND c.kind <> 'create'
"""
_LOG: Final = f"""
SELECT c.kind, c.before, c.after, {_RECORDED} > ? FROM change c JOIN step s ON s.id = c.step
WHERE c.row_id = ? AND c.table_name = ? ORDER BY {_RECORDED}, coalesce(s.seq, 0), c.id
"""


@contextmanager
def as_of(db: Reader, moment: datetime, *, refills: Refills | None = None) -> Iterator[None]:
    """Let queries of ``db`` see what was recorded by a moment; now and later is what is there."""
    if not db.is_sqlite:
        raise NotImplementedError("only a workstation looks back")
    if moment >= db.now:
        yield
        return
    connection, at = db.connection, to_milliseconds(moment)
    former = _changed_since(connection, at)
    # The pragma keeps a reader from writing anywhere; what follows is written into memory.
    (was_reading,) = raw.fetch(connection, "PRAGMA query_only")[0]
    connection.exec_driver_sql("PRAGMA query_only = OFF")
    try:
        _hide(connection, at, former)
        _refill(connection, refills or {})
        yield
    finally:
        _show_again(connection, refills or {})
        connection.exec_driver_sql(f"PRAGMA query_only = {was_reading}")


def _changed_since(connection: Connection, at: int) -> dict[Shape, list[raw.Row]]:
    """Give the rows that were changed after a moment, as they stood then, by their tables."""
    changed: dict[str, list[bytes]] = defaultdict(list)
    for table, row_id in raw.fetch(connection, _LATER, (at,)):
        changed[table].append(row_id)
    return {
        shape: _as_they_stood(connection, shape, changed[shape.name], at)
        for shape in map(shape_of, record_models())
        if shape.name in changed
    }


def _as_they_stood(
    connection: Connection, shape: Shape, ids: Sequence[bytes], at: int
) -> list[raw.Row]:
    rows = raw.read_by_ids(
        connection, shape.table, ("id", "seq", "is_deleted", *shape.columns), ids,
        where="created_at <= ?", values=(at,),
    )  # fmt: skip
    found = []
    for row_id, seq, is_deleted, *values in rows:
        log = raw.fetch(connection, _LOG, (at, row_id, shape.name))
        former = raw.log_values(shape, values) | _former_values(log)
        stood = raw.stored_values(shape, former)
        found.append((row_id, seq, _was_deleted(log, is_deleted), *stood))
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


def _hide(connection: Connection, at: int, former: Mapping[Shape, list[raw.Row]]) -> None:
    for shape in map(shape_of, record_models()):
        name = shape.name
        columns = ", ".join(f'"{key}"' for key in _keys(shape))
        view = f'SELECT {columns} FROM main."{name}" WHERE created_at <= {at}'
        if former.get(shape):
            held = f'temp."stood_{name}"'
            connection.exec_driver_sql(f'CREATE TEMP TABLE "stood_{name}" AS {view} AND 0')
            marks = ", ".join("?" * len(_keys(shape)))
            connection.exec_driver_sql(f"INSERT INTO {held} VALUES ({marks})", former[shape])
            view += f" AND id NOT IN (SELECT id FROM {held}) UNION ALL SELECT {columns} FROM {held}"
        connection.exec_driver_sql(f'CREATE TEMP VIEW "{name}" AS {view}')


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
