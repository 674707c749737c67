"""Takes and gives contents by their hash, in pieces; a hash is known by the row that names it."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, exists, false, func, insert, or_, select, update

from deskcrm.store import ledger
from deskcrm.store.contents import KEPT_UNUSED, Blob, BlobChunk, naming_columns
from deskcrm.store.upsert import in_chunks
from deskcrm.sync.hub.horizon import KEEP_TOMBSTONES
from deskcrm.sync.hub.push import Stopped
from deskcrm.sync.tables import device_table

_BLOB, _CHUNK = Blob.__table__, BlobChunk.__table__


def is_named(connection: Connection, sha256: str, scopes: Collection[UUID]) -> bool:
    """Tell whether a row that somebody may see names a hash: nothing else may be had or given."""
    for column in naming_columns():
        t = column.table.c
        query = select(t.id).where(column == sha256, t.scope.in_(list(scopes))).limit(1)
        if connection.execute(query).first() is not None:
            return True
    return False


def pieces_here(connection: Connection, hashes: Iterable[str]) -> dict[str, int]:
    """Tell how many pieces of each are here; -1 when all of it is, and was verified."""
    wanted = list(hashes)
    whole = connection.execute(select(_BLOB.c.sha256).where(_BLOB.c.sha256.in_(wanted)))
    found = dict.fromkeys(whole.scalars(), -1)
    counted = connection.execute(
        select(_CHUNK.c.sha256, func.count())
        .where(_CHUNK.c.sha256.in_([one for one in wanted if one not in found]))
        .group_by(_CHUNK.c.sha256)
    )
    return dict.fromkeys(wanted, 0) | {row[0]: row[1] for row in counted} | found


def take_piece(connection: Connection, sha256: str, position: int, content: bytes) -> int:
    """Keep a piece that comes next; gives how many are here, -1 when all of it is.

    A piece that is here already changes nothing.
    """
    here = pieces_here(connection, [sha256])[sha256]
    if here != position:
        return here
    connection.execute(insert(BlobChunk).values(sha256=sha256, position=position, content=content))
    return here + 1


@dataclass(frozen=True, slots=True)
class Measured:
    """What the pieces of contents make together."""

    pieces: int
    size: int
    is_whole: bool
    """Whether they have the hash."""


def measure(connection: Connection, sha256: str) -> Measured:
    """Read all pieces that are here, and compare them with the hash."""
    made, size, position = hashlib.sha256(), 0, 0
    while has_piece(connection, sha256, position):
        piece = read_piece(connection, sha256, position)
        made.update(piece)
        size += len(piece)
        position += 1
    return Measured(position, size, made.hexdigest() == sha256)


def complete(connection: Connection, sha256: str, measured: Measured) -> int:
    """Make whole what has its hash, or let all pieces go, so that sending begins anew.

    Gives how many are here then, -1 when all of it is. Nothing is done when other pieces came
    since they were measured.
    """
    here = pieces_here(connection, [sha256])[sha256]
    if here != measured.pieces:
        return here
    if not measured.is_whole:
        connection.execute(delete(BlobChunk).where(_CHUNK.c.sha256 == sha256))
        return 0
    connection.execute(insert(Blob).values(sha256=sha256, size=measured.size))
    return -1


def collect(connection: Connection, now: datetime) -> int:
    """Let go of contents that no living row has named for thirty days; gives how many.

    Not of what a device may name again that has not been here since: one that undoes a deletion
    while it is away, say. After the time for which tombstones are kept, it is waited for no more.
    """
    ledger.read_head(connection, lock=True)  # no row comes meanwhile that names any of it
    living = [
        exists().where(column == _BLOB.c.sha256, ~column.table.c.is_deleted)
        for column in naming_columns()
    ]
    named, unused = or_(false(), *living), _BLOB.c.unused_since
    connection.execute(update(Blob).where(unused.is_(None), ~named).values(unused_since=now))
    connection.execute(update(Blob).where(unused.is_not(None), named).values(unused_since=None))
    d = device_table.c
    is_waited_for = d.revoked_at.is_(None) & (d.last_seen_at > now - KEEP_TOMBSTONES)
    is_away = exists().where(is_waited_for, d.last_seen_at <= unused)
    query = select(_BLOB.c.sha256).where(unused <= now - KEPT_UNUSED, ~is_away)
    gone = connection.execute(query).scalars().all()
    for chunk in in_chunks(gone):
        connection.execute(delete(BlobChunk).where(_CHUNK.c.sha256.in_(chunk)))
        connection.execute(delete(Blob).where(_BLOB.c.sha256.in_(chunk)))
    return len(gone)


def has_piece(connection: Connection, sha256: str, position: int) -> bool:
    """Tell whether a piece is here."""
    c = _CHUNK.c
    query = select(c.position).where(c.sha256 == sha256, c.position == position)
    return connection.execute(query).first() is not None


def read_piece(connection: Connection, sha256: str, position: int) -> bytes:
    """Give a piece; Stopped when it is not here."""
    c = _CHUNK.c
    found = connection.execute(
        select(c.content).where(c.sha256 == sha256, c.position == position)
    ).scalar()
    if found is None:
        raise Stopped("no contents")
    return bytes(found)
