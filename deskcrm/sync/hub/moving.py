"""A record that goes to another scope takes along what belongs to it."""

from sqlalchemy import Connection, update

from deskcrm.store.tables import change_table
from deskcrm.store.upsert import in_chunks
from deskcrm.sync.hub.rows import Held, children_of, read_held, write_held


def move_children(connection: Connection, subject: Held) -> None:
    """Move all that belongs to a record into its scope, under its number: an exit for each.

    Its history goes along, to be read by those who see it now.
    """
    scope, seq = subject.version.scope, subject.version.seq
    for keys in in_chunks(children_of(connection, subject.version.row_id, scope)):
        former = read_held(connection, keys)
        moved = [
            row.with_values({"scope": scope.hex}).with_version(scope=scope, seq=seq)
            for row in former.values()
        ]
        write_held(connection, moved, former)
    c = change_table.c
    connection.execute(
        update(change_table)
        .where(c.subject == subject.version.row_id, c.seq.is_not(None))
        .values(scope=scope, seq=seq)
    )
