"""The server's order: every write takes the next number, and each row notes which is its own.

Only a server's database has a head. Its row is locked before anything is read, so writers follow
one another, order of numbers is order of commits, and nobody's cursor can pass a row that comes
later.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    Table,
    Text,
    bindparam,
    insert,
    select,
    true,
    update,
)

from deskcrm.base.ids import id_of, new_id
from deskcrm.store import raw
from deskcrm.store.tables import Base
from deskcrm.store.types import Id, to_milliseconds
from deskcrm.store.upsert import upsert

JUMP: Final = 1_000_000_000
"""How far a restored server's numbers leap ahead of all that were ever given out."""

head_table = Table(
    "sync_head",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("lineage", Id, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    # Tombstones and exits up to here are gone.
    Column("horizon", BigInteger, nullable=False),
)
restore_table = Table(
    "sync_restore",
    Base.metadata,
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    # The last number of the former epochs that is still part of history.
    Column("restored_from", BigInteger, nullable=False),
)
version_table = Table(
    "row_version",
    Base.metadata,
    Column("table_name", Text, primary_key=True),
    Column("row_id", Id, primary_key=True),
    Column("scope", Id, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("is_deleted", Boolean, nullable=False),
    Column("created_seq", BigInteger, nullable=False),
    Column("created_by", Id, nullable=False),
    # JSON {field: [seq, effective milliseconds, device]} of what changed after the creation.
    Column("versions", Text, nullable=True),
)
_COLUMNS: Final = tuple(column.key for column in version_table.columns)
Index("ix_row_version_scope", version_table.c.scope, version_table.c.seq)
exit_table = Table(
    "scope_exit",
    Base.metadata,
    Column("scope", Id, primary_key=True),
    Column("table_name", Text, primary_key=True),
    Column("row_id", Id, primary_key=True),
    Column("seq", BigInteger, nullable=False),
)
Index("ix_scope_exit_scope", exit_table.c.scope, exit_table.c.seq)
sum_table = Table(
    "scope_sum",
    Base.metadata,
    Column("scope", Id, primary_key=True),
    Column("table_name", Text, primary_key=True),
    Column("rows", BigInteger, nullable=False),
    Column("digest", BigInteger, nullable=False),
)

Key = tuple[str, UUID]
"""A row: its table and its id."""
Stamp = tuple[int, int, str]
"""When a field was last written: the number, the effective milliseconds, the device in hex."""


@dataclass(frozen=True, slots=True)
class Head:
    """How far the server is, and which of its lives this is."""

    lineage: UUID
    seq: int
    epoch: int
    horizon: int
    restores: tuple[tuple[int, int], ...] = ()
    """Each restore from a backup: the epoch that it began, the last number that it kept."""

    def has_lost(self, epoch: int, seq: int) -> bool:
        """Tell whether a number that was given out in an epoch was lost by a later restore."""
        return any(began > epoch and seq > kept for began, kept in self.restores)


@dataclass(slots=True)
class Version:
    """What the order knows of one row."""

    table: str
    row_id: UUID
    scope: UUID
    seq: int
    is_deleted: bool
    created_seq: int
    created_by: UUID
    stamps: dict[str, Stamp] = field(default_factory=dict)

    def stamp_of(self, name: str) -> Stamp:
        """Tell when a field was last written; that is the creation, if never since."""
        made = self.stamps.get("created") or (self.created_seq, 0, self.created_by.hex)
        return self.stamps.get(name, made)


# Asked with every message, so they are built once.
_HEAD: Final = select(
    head_table.c.lineage, head_table.c.seq, head_table.c.epoch, head_table.c.horizon
)
_LOCKED: Final = _HEAD.with_for_update()
_WHOLE: Final = (
    _HEAD.add_columns(restore_table.c.epoch, restore_table.c.restored_from)
    .select_from(head_table.outerjoin(restore_table, true()))
    .where(head_table.c.id == 1)  # said for the planner, which else expects a product of tables
    .order_by(restore_table.c.epoch)
)
_NOTED: Final = select(sum_table).where(sum_table.c.scope.in_(bindparam("scopes", expanding=True)))
_SUMS: Final = _NOTED.where(sum_table.c.rows != 0)
_RESTORES: Final = select(restore_table.c.epoch, restore_table.c.restored_from).order_by(
    restore_table.c.epoch
)


def is_server(connection: Connection) -> bool:
    """Tell whether this database keeps the order for others."""
    return connection.execute(select(head_table.c.id)).first() is not None


def found_server(connection: Connection) -> Head:
    """Make an empty database the one that keeps the order."""
    head = Head(new_id(), 0, 1, 0)
    connection.execute(
        insert(head_table).values(id=1, lineage=head.lineage, seq=0, epoch=1, horizon=0)
    )
    return head


def read_head(connection: Connection, *, lock: bool = False) -> Head:
    """Give the head; ``lock`` holds it until the transaction ends, so that nobody else writes."""
    if lock:
        # Two statements: what was restored while this one waited for the lock is seen by the next.
        lineage, seq, epoch, horizon = connection.execute(_LOCKED).one()
        restores = connection.execute(_RESTORES)
        return Head(lineage, seq, epoch, horizon, tuple((row[0], row[1]) for row in restores))
    rows = connection.execute(_WHOLE).all()
    lineage, seq, epoch, horizon = rows[0][:4]
    return Head(
        lineage, seq, epoch, horizon, tuple((row[4], row[5]) for row in rows if row[4] is not None)
    )


def set_head(connection: Connection, **values: Any) -> None:
    """Move the head on, within the transaction that holds it."""
    connection.execute(update(head_table).values(**values))


def begin_epoch(connection: Connection, now: datetime) -> Head:
    """Say that this database was restored from a backup: what came after it may come again.

    The moment numbers the epoch: one backup can be restored twice, and must not be the same twice.
    """
    head = read_head(connection, lock=True)
    epoch = max(head.epoch + 1, to_milliseconds(now))
    connection.execute(insert(restore_table).values(epoch=epoch, restored_from=head.seq))
    set_head(connection, epoch=epoch, seq=head.seq + JUMP)
    return read_head(connection)


def read_versions(connection: Connection, keys: Iterable[Key]) -> dict[Key, Version]:
    """Give what is known of rows; those never seen are left out."""
    by_table: dict[str, list[UUID]] = defaultdict(list)
    for table, row_id in dict.fromkeys(keys):
        by_table[table].append(row_id)
    found: dict[Key, Version] = {}
    for table, ids in by_table.items():
        rows = raw.read_by_ids(
            connection, version_table, _COLUMNS[1:], [row_id.bytes for row_id in ids],
            of="row_id", where="table_name = ?", values=(table,),
        )  # fmt: skip
        for row in rows:
            version = Version(table, id_of(row[0]), id_of(row[1]), *_plain(row[2:]))
            found[table, version.row_id] = version
    return found


def _plain(row: tuple[Any, ...]) -> tuple[int, bool, int, UUID, dict[str, Stamp]]:
    seq, is_deleted, created_seq, created_by, versions = row
    stamps = {k: tuple(v) for k, v in json.loads(versions).items()} if versions else {}
    return seq, bool(is_deleted), created_seq, id_of(created_by), stamps


def write_versions(
    connection: Connection, versions: Sequence[Version], former: Mapping[Key, Version]
) -> None:
    """Note rows as they are now; ``former`` is what was known of those that were there.

    A row that changed its scope leaves an exit marker in the former one, with the same number.
    """
    if not versions:
        return
    rows = [_as_row(version) for version in versions]
    raw.write_rows(connection, version_table, _COLUMNS, rows, new=False)
    exits: list[dict[str, Any]] = []
    gone: list[Version] = []
    for version in versions if former else ():
        before = former.get((version.table, version.row_id))
        if before is None:
            continue
        gone.append(before)
        if before.scope != version.scope:
            exits.append(
                {
                    "scope": before.scope,
                    "table_name": version.table,
                    "row_id": version.row_id,
                    "seq": version.seq,
                }
            )
    upsert(connection, exit_table, exits)
    add_to_sums(connection, difference(versions, gone))


Sums = dict[tuple[UUID, str], tuple[int, int]]
"""Living rows of each scope and table: their number, and the sum of their digests modulo 2^64."""


def difference(after: Iterable[Version], before: Iterable[Version]) -> Sums:
    """Add up what rows that came bring, less what those bring that they replace."""
    total: dict[tuple[UUID, str], list[int]] = defaultdict(lambda: [0, 0])
    for sign, versions in ((1, after), (-1, before)):
        for version in versions:
            if not version.is_deleted:
                place = total[version.scope, version.table]
                place[0] += sign
                place[1] += sign * digest(version.row_id, version.seq)
    return {key: (rows, signed(value)) for key, (rows, value) in total.items()}


def add_to_sums(connection: Connection, changes: Sums) -> None:
    """Add a difference to what is noted."""
    keys = [key for key, (rows, value) in changes.items() if rows or value]
    if not keys:
        return
    asked = {"scopes": list({scope for scope, _ in keys})}
    noted = {
        (row.scope, row.table_name): (row.rows, row.digest)
        for row in connection.execute(_NOTED, asked)
    }
    rows = []
    for key in keys:
        count, value = noted.get(key, (0, 0))
        rows.append(
            {
                "scope": key[0],
                "table_name": key[1],
                "rows": count + changes[key][0],
                "digest": signed(value + changes[key][1]),
            }
        )
    upsert(connection, sum_table, rows)


def read_sums(connection: Connection, scopes: Iterable[UUID]) -> Sums:
    """Give what is noted of scopes; empty tables are left out."""
    rows = connection.execute(_SUMS, {"scopes": list(scopes)})
    return {(row.scope, row.table_name): (row.rows, row.digest) for row in rows}


def digest(row_id: UUID, seq: int) -> int:
    """Give a number that stands for one version of one row, from 0 to 2^64 - 1."""
    return stored_digest(row_id.bytes, seq)


def stored_digest(row_id: bytes, seq: int) -> int:
    """Give the same of an id as it is stored."""
    made = blake2b(row_id + seq.to_bytes(8, "big"), digest_size=8)
    return int.from_bytes(made.digest(), "big")


def signed(value: int) -> int:
    """Bring a sum modulo 2^64 into the signed range that databases hold."""
    return (value + (1 << 63)) % (1 << 64) - (1 << 63)


def _as_row(version: Version) -> tuple[Any, ...]:
    return (
        version.table,
        version.row_id.bytes,
        version.scope.bytes,
        version.seq,
        version.is_deleted,
        version.created_seq,
        version.created_by.bytes,
        json.dumps(version.stamps, separators=(",", ":")) if version.stamps else None,
    )
