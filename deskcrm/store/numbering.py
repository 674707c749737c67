"""Gives what a command wrote on the server its place in the order."""

from collections import defaultdict
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from deskcrm.store import ledger
from deskcrm.store.changes import ERASE, erased_stamp, fields_of, from_text
from deskcrm.store.ledger import Key, Version
from deskcrm.store.tables import change_table, shape_named, step_table
from deskcrm.store.types import to_milliseconds
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import recording

ROWS_IN_ONE: Final = 5_000
"""Rows that share a number arrive together; a larger step is spread over several."""


def number_step(connection: Connection, step: int | None) -> None:
    """Number the rows that a step touched, note who wrote which field, and move the head on."""
    if step is None:
        return
    head = ledger.read_head(connection)
    s, c = step_table.c, change_table.c
    written = connection.execute(select(s.device, s.at).where(s.id == step)).one()
    seq = head.seq
    changes = connection.execute(select(change_table).where(c.step == step).order_by(c.id)).all()
    for chunk in in_chunks(changes, ROWS_IN_ONE):
        seq += 1
        _number(connection, chunk, seq, to_milliseconds(written.at), written.device)
    connection.execute(
        update(step_table).where(s.id == step).values(seq=seq, effective_at=written.at)
    )
    ledger.set_head(connection, seq=seq)


def _number(
    connection: Connection, changes: list[Any], seq: int, moment: int, device: UUID
) -> None:
    keys = [(change.table_name, change.row_id) for change in changes]
    former = ledger.read_versions(connection, keys)
    present = _scopes(connection, keys)
    versions: dict[Key, Version] = {}
    for change in changes:
        key = (change.table_name, change.row_id)
        known = versions.get(key) or former.get(key)
        scope, is_deleted = present[key]
        version = (
            Version(*key, scope, seq, is_deleted, seq, device)
            if known is None
            else replace(known, scope=scope, seq=seq, is_deleted=is_deleted)
        )
        if known is not None and change.kind != "create":
            shape = shape_named(change.table_name)
            fields = fields_of(shape, change.kind, from_text(change.after))
            stamp = (seq, moment, device.hex)
            if change.kind == ERASE:
                fields |= {erased_stamp(name) for name in fields}
            version.stamps = {**version.stamps, **dict.fromkeys(fields, stamp)}
        versions[key] = version
    ledger.write_versions(connection, list(versions.values()), former)
    set_seq(connection, versions)
    note_numbers(
        connection,
        [(change.id, present[key][0], seq) for change, key in zip(changes, keys, strict=True)],
    )


def _scopes(connection: Connection, keys: list[Key]) -> dict[Key, tuple[UUID, bool]]:
    by_table: dict[str, list[UUID]] = defaultdict(list)
    for table, row_id in keys:
        by_table[table].append(row_id)
    found: dict[Key, tuple[UUID, bool]] = {}
    for table, ids in by_table.items():
        t = shape_named(table).table
        for chunk in in_chunks(ids):
            rows = connection.execute(
                select(t.c.id, t.c.scope, t.c.is_deleted).where(t.c.id.in_(chunk))
            )
            found.update({(table, row.id): (row.scope, row.is_deleted) for row in rows})
    return found


def set_seq(connection: Connection, versions: dict[Key, Version]) -> None:
    """Write the numbers of rows into the rows themselves."""
    by_table: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for (table, row_id), version in versions.items():
        by_table[table].append({"the_id": row_id, "the_seq": version.seq})
    with recording(connection):
        for table, rows in by_table.items():
            t = shape_named(table).table
            # No column of any record is called so: the name of one would mean its new value.
            numbered = update(t).where(t.c.id == bindparam("the_id"))
            connection.execute(numbered.values(seq=bindparam("the_seq")), rows)


def note_numbers(connection: Connection, noted: list[tuple[int, UUID, int]]) -> None:
    """Write into the log who may see each change, and its number."""
    c = change_table.c
    connection.execute(
        update(change_table)
        .where(c.id == bindparam("this"))
        .values(scope=bindparam("whose"), seq=bindparam("number")),
        [{"this": change, "whose": scope, "number": seq} for change, scope, seq in noted],
    )
