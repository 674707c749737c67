"""Puts a person's unconfirmed edits back on top of a row that came from the server."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select

from deskcrm.store import raw
from deskcrm.store.changes import ERASE, UNSETTLED, from_text
from deskcrm.store.numbering import ROWS_IN_ONE
from deskcrm.store.tables import Shape, change_table, step_table
from deskcrm.store.types import Merge
from deskcrm.store.upsert import in_chunks
from deskcrm.sync.texts import merge_texts

Values = dict[str, Any]
Edits = Mapping[UUID, Sequence[Any]]
"""Changes in order, by row."""
_s, _c = step_table.c, change_table.c
# Asked for each page, so they are built once.
_UNSETTLED: Final = (
    select(_c.row_id, _c.step, _c.kind, _c.before, _c.after, _s.seq)
    .join_from(change_table, step_table, _c.step == _s.id)
    .where(_c.row_id.in_(bindparam("rows", expanding=True)))
    .where(_c.table_name == bindparam("named"), _c.kind != "create", _s.state.in_(UNSETTLED))
    .order_by(_c.id)
)
_SIZES: Final = (
    select(_c.step, func.count().label("size"))
    .where(_c.step.in_(bindparam("steps", expanding=True)))
    .group_by(_c.step)
)
_ANY_UNSETTLED: Final = select(_s.id).where(_s.state.in_(UNSETTLED)).limit(1)


def unsettled(connection: Connection, table: str, rows: Iterable[UUID]) -> dict[UUID, list[Any]]:
    """Give the own changes of rows that the server has not confirmed, in order, by row.

    Without creations: a row that came has been created, and they say nothing more of it.
    """
    found: dict[UUID, list[Any]] = defaultdict(list)
    if not has_unsettled(connection):
        return found
    for chunk in in_chunks(rows):
        for row in connection.execute(_UNSETTLED, {"rows": chunk, "named": table}):
            found[row.row_id].append(row)
    return found


def has_unsettled(connection: Connection) -> bool:
    """Tell whether anything of one's own waits to be confirmed."""
    return connection.execute(_ANY_UNSETTLED).first() is not None


def put_on_top(connection: Connection, shape: Shape, edits: Edits) -> None:
    """Put edits that the server's rows do not have on top of them."""
    keys = ("id", "seq", "is_deleted", *shape.columns)
    rows = raw.read_by_ids(connection, shape.table, keys, [row_id.bytes for row_id in edits])
    edited: list[raw.Row] = []
    for row_id, seq, was_deleted, *columns in rows:
        values, is_deleted = raw.log_values(shape, columns), was_deleted
        for change in edits[UUID(bytes=row_id)]:
            if change.kind == ERASE:
                values |= from_text(change.after)
                continue
            is_deleted = change.kind == "delete"
            if change.kind == "set":
                before, after = from_text(change.before), from_text(change.after)
                values |= _edited(shape, values, before, after)
        edited.append((row_id, seq, is_deleted, *raw.stored_values(shape, values)))
    raw.write_rows(connection, shape.table, keys, edited, new=False)


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
    """Tell the scope of a row and whether it is deleted, without changes that lie on top of it."""
    scope, is_deleted = row.scope, bool(row.is_deleted)
    for change in reversed(changes):
        if change.kind in ("delete", "undelete"):
            is_deleted = change.kind == "undelete"
        before = from_text(change.before)
        if "scope" in before:
            scope = shape.decode["scope"](before["scope"])
    return scope, is_deleted


class Lacking:
    """Tells which edits a row does not have, by their numbers; remembers how far steps spread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._spreads: dict[int, int] = {}

    def of(self, seq: int, changes: Sequence[Any]) -> Sequence[Any]:
        """Leave out what a row with this number has."""
        return [change for change in changes if not self._has(seq, change)]

    def _has(self, seq: int, change: Any) -> bool:
        """Tell whether a row has an edit: from its step's first number on it does.

        A large step has several, of which the row has one that is not the step's own, its last.
        """
        if change.seq is None:
            return False
        if change.step not in self._spreads:
            self._spreads |= spreads(self._connection, [change.step])
        return bool(seq >= change.seq - self._spreads[change.step])


def spreads(connection: Connection, steps: Sequence[int]) -> dict[int, int]:
    """Give by how many numbers below its own each step begins: a large one has several."""
    found = connection.execute(_SIZES, {"steps": list(steps)})
    return {row.step: (row.size - 1) // ROWS_IN_ONE for row in found}
