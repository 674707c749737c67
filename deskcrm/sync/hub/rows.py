"""Rows as the server holds them while it applies steps: read at once, written at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, select

from deskcrm.base.ids import id_named
from deskcrm.store import ledger, raw
from deskcrm.store.ledger import Key, Version
from deskcrm.store.tables import Shape, record_models, shape_named, shape_of

Values = dict[str, Any]


class Held(msgspec.Struct, frozen=True):
    """One row and its version; values are as the log holds them, scope among them.

    One is made for each row of a push, which as a frozen dataclass takes five times as long.
    """

    shape: Shape
    version: Version
    values: Values

    @property
    def key(self) -> Key:
        """The row's table and id."""
        return self.version.table, self.version.row_id

    @property
    def subject(self) -> UUID:
        """The record whose story the row belongs to."""
        named = self.values.get(self.shape.subject) if self.shape.subject else None
        return id_named(named) if named else self.version.row_id

    @property
    def stored_subject(self) -> bytes:
        """The same as it is stored."""
        named = self.values.get(self.shape.subject) if self.shape.subject else None
        return bytes.fromhex(named) if named and len(named) == 32 else self.subject.bytes

    def with_values(self, values: Values) -> "Held":
        """Give the row with some of its values replaced."""
        return msgspec.structs.replace(self, values=self.values | values)

    def with_version(self, **changes: Any) -> "Held":
        """Give the row with another version."""
        return msgspec.structs.replace(self, version=replace(self.version, **changes))


def place_of(row: Held, name: str) -> Values:
    """Say of a field where it stands, as a conflict about it does."""
    return {
        "table_name": row.shape.name,
        "row_id": row.version.row_id.hex,
        "subject_id": row.subject.hex,
        "field": name,
        "scope": row.version.scope.hex,
    }


def read_held(connection: Connection, keys: Iterable[Key]) -> dict[Key, Held]:
    """Give the rows that are there."""
    versions = ledger.read_versions(connection, keys)
    by_table: dict[str, list[UUID]] = defaultdict(list)
    for table, row_id in versions:
        by_table[table].append(row_id)
    found: dict[Key, Held] = {}
    for table, ids in by_table.items():
        shape, stored_ids = shape_named(table), {row_id.bytes: row_id for row_id in ids}
        rows = raw.read_by_ids(connection, shape.table, ("id", *shape.columns), list(stored_ids))
        for row in rows:
            row_id = stored_ids[row[0]]
            found[table, row_id] = Held(
                shape, versions[table, row_id], raw.log_values(shape, row[1:])
            )
    return found


def children_of(connection: Connection, subject: UUID, scope: UUID) -> list[Key]:
    """List the rows that belong to a subject and are not in a scope yet."""
    found: list[Key] = []
    for shape in map(shape_of, record_models()):
        if shape.subject is None:
            continue
        t = shape.table
        query = select(t.c.id).where(t.c[shape.subject] == subject, t.c.scope != scope)
        found += [(shape.name, row_id) for row_id in connection.execute(query).scalars()]
    return [key for key in found if key[1] != subject]


def write_held(connection: Connection, rows: Iterable[Held], former: Mapping[Key, Held]) -> None:
    """Write rows and their versions; ``former`` is how those were that were there."""
    by_shape: dict[Shape, list[tuple[Any, ...]]] = defaultdict(list)
    versions = []
    for row in rows:
        version, shape = row.version, row.shape
        fixed = (version.row_id.bytes, version.seq, version.is_deleted)
        by_shape[shape].append(fixed + raw.stored_values(shape, row.values))
        versions.append(version)
    for shape, stored in by_shape.items():
        keys = ("id", "seq", "is_deleted", *shape.columns)
        raw.write_rows(connection, shape.table, keys, stored, new=False)
    ledger.write_versions(connection, versions, {key: row.version for key, row in former.items()})
