"""Sends contents that the server lacks, and fetches those that are needed here."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, exists, func, insert, select

from deskcrm.store.contents import Blob, BlobChunk, naming_columns
from deskcrm.store.store import Arrived, Store
from deskcrm.store.upsert import in_chunks, upsert
from deskcrm.sync.peer import ContentsPeer, SyncError, Trouble
from deskcrm.sync.tables import sent_table

AT_ONCE: Final = 200
"""Hashes asked about at a time."""
_BLOB, _CHUNK = Blob.__table__, BlobChunk.__table__


@dataclass(frozen=True, slots=True)
class Moved:
    """How many contents were sent and fetched."""

    sent: int
    fetched: int


def move_contents(store: Store, peer: ContentsPeer, wanted: Sequence[str] = ()) -> Moved:
    """Send what the server lacks of what living rows name, and fetch what is wanted.

    Can be cut off at any piece: the next run goes on there.
    """
    sent = 0
    for chunk in in_chunks(store.ask(lambda db: _to_send(db.connection)), AT_ONCE):
        here = peer.contents_here(chunk)
        for sha256, pieces in here.items():
            if pieces == -1 or _send(store, peer, sha256, pieces):
                sent += pieces != -1
                _note_sent(store, sha256)
    missing = store.ask(lambda db: [one for one in wanted if not _is_here(db.connection, one)])
    return Moved(sent, sum(_fetch(store, peer, one) for one in missing))


def _note_sent(store: Store, sha256: str) -> None:
    def take(connection: Connection) -> Arrived[None]:
        upsert(connection, sent_table, [{"sha256": sha256}])
        return Arrived(None)

    store.absorb(take)


def _to_send(connection: Connection) -> list[str]:
    """List what this device holds, the server may lack, and a row names that it has confirmed."""
    found: set[str] = set()
    for column in naming_columns():
        t = column.table.c
        named = exists().where(column == _BLOB.c.sha256, ~t.is_deleted, t.seq > 0)
        known = exists().where(sent_table.c.sha256 == _BLOB.c.sha256)
        query = select(_BLOB.c.sha256).where(named, ~known)
        found.update(connection.execute(query).scalars())
    return sorted(found)


def _is_here(connection: Connection, sha256: str) -> bool:
    query = select(_BLOB.c.sha256).where(_BLOB.c.sha256 == sha256)
    return connection.execute(query).first() is not None


def _send(store: Store, peer: ContentsPeer, sha256: str, position: int) -> bool:
    """Send pieces from where the server is; tells whether it has all of it now."""
    count = store.ask(lambda db: _count(db.connection, sha256))
    for _ in range(2 * count + 2):
        if not 0 <= position < count:
            return False
        piece = store.ask(lambda db, at=position: _piece(db.connection, sha256, at))  # type: ignore[misc]  # bound at once
        position = peer.send_contents(sha256, position, piece, is_last=position == count - 1)
        if position < 0:
            return True
    raise SyncError(Trouble.BROKEN, "the server does not take contents")


def _count(connection: Connection, sha256: str) -> int:
    query = select(func.count()).select_from(_CHUNK).where(_CHUNK.c.sha256 == sha256)
    return int(connection.execute(query).scalar_one())


def _piece(connection: Connection, sha256: str, position: int) -> bytes:
    c = _CHUNK.c
    query = select(c.content).where(c.sha256 == sha256, c.position == position)
    return bytes(connection.execute(query).scalar_one())


def _fetch(store: Store, peer: ContentsPeer, sha256: str) -> int:
    """Fetch pieces from where it was cut off; contents count once their hash is right."""
    begun = store.ask(lambda db: _count(db.connection, sha256))
    pieces = peer.contents_here([sha256]).get(sha256, 0)
    if pieces != -1:
        return 0  # the device that has them has not been online since
    position, is_last = begun, False
    while not is_last:
        piece, is_last = peer.fetch_contents(sha256, position)
        is_whole = store.absorb(_taking(sha256, position, piece, is_last=is_last)).value
        position += 1
    return int(is_whole)


def _taking(
    sha256: str, position: int, piece: bytes, *, is_last: bool
) -> Callable[[Connection], Arrived[bool]]:
    """Give the write of one piece; that of the last tells whether contents have their hash."""

    def take(connection: Connection) -> Arrived[bool]:
        connection.execute(
            insert(BlobChunk).values(sha256=sha256, position=position, content=piece)
        )
        return Arrived(is_last and _complete(connection, sha256, position + 1))

    return take


def _complete(connection: Connection, sha256: str, pieces: int) -> bool:
    made, size = hashlib.sha256(), 0
    for position in range(pieces):
        piece = _piece(connection, sha256, position)
        made.update(piece)
        size += len(piece)
    if made.hexdigest() != sha256:
        connection.execute(delete(BlobChunk).where(_CHUNK.c.sha256 == sha256))
        return False
    connection.execute(insert(Blob).values(sha256=sha256, size=size))
    return True
