"""Counts from the rows themselves what the notes of sums should say."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, select

from deskcrm.store import ledger
from deskcrm.store.ledger import Version
from deskcrm.store.tables import Shape, record_models, shape_of
from deskcrm.store.upsert import in_chunks
from deskcrm.sync.station import overlay


def recount(connection: Connection) -> None:
    """Write the sums anew from the rows that the server confirmed."""
    connection.execute(delete(ledger.sum_table))
    for model in record_models():
        shape = shape_of(model)
        for versions in _versions(connection, shape):
            ledger.add_to_sums(connection, ledger.difference(versions, ()))


def _versions(connection: Connection, shape: Shape) -> Iterator[list[Version]]:
    t = shape.table
    query = select(t.c.id, t.c.scope, t.c.seq, t.c.is_deleted).where(t.c.seq > 0)
    for rows in in_chunks(connection.execute(query).all()):
        edits = overlay.unsettled(connection, shape.name, [row.id for row in rows])
        yield [_version(shape, row, edits.get(row.id, [])) for row in rows]


def _version(shape: Shape, row: Any, changes: list[Any]) -> Version:
    scope, is_deleted = overlay.base_of(shape, row, changes)
    nobody = UUID(int=0)
    return Version(shape.name, row.id, scope, row.seq, is_deleted, 0, nobody)
