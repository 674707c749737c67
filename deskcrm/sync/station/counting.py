"""Counts from the rows themselves what the notes of sums should say."""

from sqlalchemy import Connection, delete, select

from deskcrm.store import ledger
from deskcrm.store.tables import record_models, shape_of
from deskcrm.store.upsert import in_chunks
from deskcrm.sync.station import bases


def recount(connection: Connection) -> None:
    """Write the sums anew from the rows that the server confirmed."""
    connection.execute(delete(ledger.sum_table))
    for model in record_models():
        shape = shape_of(model)
        t = shape.table.c
        query = select(t.id, t.scope, t.seq, t.is_deleted).where(t.seq > 0)
        for rows in in_chunks(connection.execute(query).all()):
            versions = bases.versions(connection, shape, rows)
            ledger.add_to_sums(connection, ledger.difference(versions, ()))
