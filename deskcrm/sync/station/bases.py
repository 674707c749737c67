"""Knows rows as the server last said them, where they lie and whether they live: for the sums.

A row shows own edits before the server has them. Mostly, what it was is what comes of taking the
edits back that it does not have yet. Where that is not so, it is noted beside the row until the row
comes again: a row came and an edit was put on top of it, or an edit is not taken, and still shows.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, select

from deskcrm.store.ledger import Version
from deskcrm.store.tables import Shape, shape_named
from deskcrm.store.upsert import in_chunks, upsert
from deskcrm.sync.station import overlay
from deskcrm.sync.tables import base_table

Base = tuple[UUID, bool]
"""The scope of a row, and whether it is deleted."""
_b = base_table.c


def versions(
    connection: Connection, shape: Shape, rows: Sequence[Any], edits: overlay.Edits | None = None
) -> list[Version]:
    """Give what the sums count of confirmed rows, which have an id, scope, seq and is_deleted.

    ``edits`` are those that are not settled, of these rows and others, if they are known.
    """
    ids = [row.id for row in rows]
    if edits is None:
        edits = overlay.unsettled(connection, shape.name, ids)
    lacking = overlay.Lacking(connection)
    noted = read(connection, shape.name, ids)
    found = []
    for row in rows:
        on_top = lacking.of(row.seq, edits.get(row.id, ()))
        scope, is_deleted = noted.get(row.id) or overlay.base_of(shape, row, on_top)
        found.append(Version(shape.name, row.id, scope, row.seq, is_deleted, 0, row.id))
    return found


def versions_of(connection: Connection, rows: Collection[tuple[str, UUID]]) -> list[Version]:
    """Give the same of rows by table and id; those that the server never confirmed are left out."""
    found: list[Version] = []
    for table in {table for table, _ in rows}:
        shape, ids = shape_named(table), [row_id for named, row_id in rows if named == table]
        t = shape.table.c
        query = select(t.id, t.scope, t.seq, t.is_deleted).where(t.seq > 0)
        for chunk in in_chunks(ids):
            known = connection.execute(query.where(t.id.in_(chunk))).all()
            found += versions(connection, shape, known)
    return found


def hold(connection: Connection, rows: Collection[tuple[str, UUID]]) -> None:
    """Note rows as they are, before edits that lie on top of them count as answered."""
    found: dict[str, dict[UUID, Base]] = defaultdict(dict)
    for version in versions_of(connection, rows):
        found[version.table][version.row_id] = (version.scope, version.is_deleted)
    for table, noted in found.items():
        keep(connection, table, noted)


def forget_all(connection: Connection) -> None:
    """Forget everything: a new base begins."""
    connection.execute(delete(base_table))


def has_any(connection: Connection) -> bool:
    """Tell whether anything is noted."""
    return connection.execute(select(_b.row_id).limit(1)).first() is not None


def read(connection: Connection, table: str, rows: Iterable[UUID]) -> dict[UUID, Base]:
    """Give what is noted of rows."""
    found: dict[UUID, Base] = {}
    if not has_any(connection):
        return found
    for chunk in in_chunks(rows):
        query = select(_b.row_id, _b.scope, _b.is_deleted)
        known = connection.execute(query.where(_b.table_name == table, _b.row_id.in_(chunk)))
        found |= {row.row_id: (row.scope, row.is_deleted) for row in known}
    return found


def keep(connection: Connection, table: str, bases: Mapping[UUID, Base]) -> None:
    """Note rows as the server says them."""
    rows = [
        {"table_name": table, "row_id": row_id, "scope": scope, "is_deleted": is_deleted}
        for row_id, (scope, is_deleted) in bases.items()
    ]
    upsert(connection, base_table, rows)


def forget(connection: Connection, table: str, rows: Iterable[UUID]) -> None:
    """Forget rows that came, that were placed, or that went."""
    if not has_any(connection):
        return
    for chunk in in_chunks(rows):
        named = (_b.table_name == table) & _b.row_id.in_(chunk)
        connection.execute(delete(base_table).where(named))
