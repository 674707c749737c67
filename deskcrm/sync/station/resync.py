"""Takes a new base from the server: all that was confirmed stays until what replaces it is here."""

from sqlalchemy import Connection, delete

from deskcrm.base.ids import id_of
from deskcrm.store import ledger, raw
from deskcrm.store.tables import record_models, shape_of
from deskcrm.sync.station import bases, memory
from deskcrm.sync.station.replica import Page, check_deletions, let_go
from deskcrm.sync.tables import sent_table


def begin(connection: Connection) -> None:
    """Mark all that was confirmed as of a former base, and begin every scope anew."""
    for model in record_models():
        name = shape_of(model).name
        connection.exec_driver_sql(f'UPDATE "{name}" SET seq = -seq WHERE seq > 0')
    memory.reset_cursors(connection)
    connection.execute(delete(sent_table))  # a restored server may lack contents as well
    connection.execute(ledger.sum_table.delete())
    bases.forget_all(connection)
    memory.remember(connection, resyncing=True)


def end(page: Page, *, may_delete: bool) -> None:
    """Remove what the new base does not have, unless that is suspiciously much."""
    connection, total = page.connection, 0
    stale = []
    for model in record_models():
        shape = shape_of(model)
        [(count,)] = raw.fetch(connection, f'SELECT count(*) FROM "{shape.name}"')
        found = raw.fetch(connection, f'SELECT id FROM "{shape.name}" WHERE seq < 0')
        total += count
        stale.append((shape, [id_of(row_id) for (row_id,) in found]))
    if not may_delete:
        check_deletions(sum(len(ids) for _, ids in stale), total)
    for shape, ids in stale:
        let_go(page, shape, ids)
    memory.remember(connection, resyncing=False)
