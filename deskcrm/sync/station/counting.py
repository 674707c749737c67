"""Counts from the rows themselves what the notes of sums should say."""

from collections.abc import Iterator

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
        yield [overlay.version_of(shape, row, edits.get(row.id, [])) for row in rows]
