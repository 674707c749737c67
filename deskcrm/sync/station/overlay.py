"""Puts a person's unconfirmed edits back on top of a row that came from the server."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, update

from deskcrm.store.changes import UNSETTLED, from_text
from deskcrm.store.tables import Shape, change_table, step_table
from deskcrm.store.types import Merge
from deskcrm.store.upsert import in_chunks
from deskcrm.sync.texts import merge_texts

Values = dict[str, Any]


def unsettled(connection: Connection, table: str, rows: Iterable[UUID]) -> dict[UUID, list[Any]]:
    """Give the own changes of rows that the server has not confirmed, in order, by row."""
    s, c = step_table.c, change_table.c
    found: dict[UUID, list[Any]] = defaultdict(list)
    if not has_unsettled(connection):
        return found
    columns = (c.row_id, c.kind, c.before, c.after, s.seq)
    for chunk in in_chunks(rows):
        query = (
            select(*columns)
            .join_from(change_table, step_table, c.step == s.id)
            .where(c.row_id.in_(chunk), c.table_name == table, s.state.in_(UNSETTLED))
            .order_by(c.id)
        )
        for row in connection.execute(query):
            found[row.row_id].append(row)
    return found


def has_unsettled(connection: Connection) -> bool:
    """Tell whether anything of one's own waits to be confirmed."""
    s = step_table.c
    query = select(s.id).where(s.state.in_(UNSETTLED)).limit(1)
    return connection.execute(query).first() is not None


def put_on_top(connection: Connection, shape: Shape, row_id: UUID, changes: Sequence[Any]) -> None:
    """Put edits that the server's row does not have on top of it."""
    table = shape.table
    row = connection.execute(select(table).where(table.c.id == row_id)).one()._mapping
    values = shape.to_json({key: row[key] for key in shape.columns})
    is_deleted = row["is_deleted"]
    for change in changes:
        is_deleted = change.kind == "delete"
        if change.kind == "set":
            values |= _edited(shape, values, from_text(change.before), from_text(change.after))
    decoded = shape.from_json(values)
    connection.execute(
        update(table).where(table.c.id == row_id).values(**decoded, is_deleted=is_deleted)
    )


def _edited(shape: Shape, values: Values, before: Values, after: Values) -> Values:
    edited: Values = {}
    for key, value in after.items():
        rule = shape.rules.get(key)
        if rule is Merge.COUNT:
            edited[key] = values[key] + value - before[key]
        elif rule is Merge.TEXT:
            edited[key] = merge_texts(before[key] or "", values[key] or "", value or "")[0]
        elif rule is not None:
            edited[key] = value
    return edited


def base_of(shape: Shape, row: Any, changes: Sequence[Any]) -> tuple[UUID, bool]:
    """Tell the scope of a row and whether it is deleted, as the server last said it."""
    scope, is_deleted = row.scope, bool(row.is_deleted)
    for change in reversed(changes):
        if change.kind in ("delete", "undelete"):
            is_deleted = change.kind == "undelete"
        before = from_text(change.before)
        if "scope" in before:
            scope = shape.decode["scope"](before["scope"])
    return scope, is_deleted
