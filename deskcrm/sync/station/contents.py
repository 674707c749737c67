"""Sends contents that the server lacks, and fetches those that are needed here.

All of it goes in pieces: wherever it is cut off, the next run goes on there. Nothing that fails
keeps the next contents from their turn, or is given up for good.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, exists, func, insert, select

from deskcrm.store.contents import Blob, BlobChunk, naming_columns
from deskcrm.store.reader import Reader
from deskcrm.store.store import Arrived, Store
from deskcrm.store.upsert import in_chunks, upsert
from deskcrm.sync.peer import ContentsPeer, SyncError, Trouble
from deskcrm.sync.protocol import AskContents, AskPiece, Piece, SendPiece
from deskcrm.sync.tables import sent_table

AT_ONCE: Final = 200
"""Hashes asked about at a time."""
_BLOB, _CHUNK = Blob.__table__, BlobChunk.__table__


class NotWhole(SyncError):
    """What came as contents is not what its record says; all of it was let go."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Contents that are to be here, and their size as the record says it."""

    sha256: str
    size: int


@dataclass(slots=True)
class Moved:
    """What came of moving contents."""

    sent: int = 0
    fetched: int = 0
    is_done: bool = True
    """Whether all was tried: something else was to go first."""


def move_contents(
    store: Store,
    peer: ContentsPeer,
    wanted: Iterable[Wanted] = (),
    *,
    may_go_on: Callable[[], bool] = lambda: True,
) -> Moved:
    """Send what the server lacks of what living rows name, and fetch what is wanted.

    ``may_go_on`` is asked before each piece. Raises SyncError.
    """
    moved = Moved()
    _forget_unnamed(store)
    try:
        for chunk in in_chunks(store.ask(lambda db: _to_send(db.connection)), AT_ONCE):
            here = peer.contents_here(AskContents(store.device.bytes, chunk)).pieces
            for sha256, pieces in here.items():
                moved.sent += _sent(store, peer, sha256, pieces, may_go_on)
        for some in in_chunks(wanted, AT_ONCE):
            ask = AskContents(store.device.bytes, [one.sha256 for one in some])
            here = peer.contents_here(ask).pieces
            for one in some:  # the device that has the others has not been online since
                if here.get(one.sha256) == -1:
                    moved.fetched += _fetched(store, peer, one, may_go_on)
    except _Stop:
        moved.is_done = False
    return moved


def list_unsent(db: Reader) -> list[str]:
    """List the hashes of what has still to be sent."""
    return _to_send(db.connection)


def fetch(
    store: Store,
    peer: ContentsPeer,
    wanted: Wanted,
    told: Callable[[int], None] = lambda done: None,
) -> None:
    """Fetch contents at once, as somebody waits for them; raises SyncError.

    ``told`` hears how many bytes are here, and may raise to stop.
    """
    if not store.ask(lambda db: _is_here(db.connection, wanted.sha256)):
        _fetch(store, peer, wanted, told)


def _is_of_these_alone(error: SyncError) -> bool:
    """Tell whether the trouble is with certain contents: it keeps no others from their turn."""
    return error.trouble in (Trouble.MISSING, Trouble.TOO_LARGE) or isinstance(error, NotWhole)


class _Stop(Exception):
    """Something else is to go first."""


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


def _forget_unnamed(store: Store) -> None:
    """Forget that the server has what no living row names any more: it lets that go one day."""
    query = select(sent_table.c.sha256)
    for column in naming_columns():
        named = exists().where(column == sent_table.c.sha256, ~column.table.c.is_deleted)
        query = query.where(~named)
    found = store.ask(lambda db: list(db.scalars(query)))

    def take(connection: Connection) -> Arrived[None]:
        for chunk in in_chunks(found):
            connection.execute(delete(sent_table).where(sent_table.c.sha256.in_(chunk)))
        return Arrived(None)

    if found:
        store.absorb(take)


def _sent(
    store: Store, peer: ContentsPeer, sha256: str, position: int, may_go_on: Callable[[], bool]
) -> bool:
    """Send what is missing of contents; tells whether that made them whole."""
    try:
        if position != -1 and not _send(store, peer, sha256, position, may_go_on):
            return False
    except SyncError as error:
        if not _is_of_these_alone(error):
            raise
        return False
    _note_sent(store, sha256)
    return position != -1


def _send(
    store: Store, peer: ContentsPeer, sha256: str, position: int, may_go_on: Callable[[], bool]
) -> bool:
    """Send pieces from where the server is; tells whether it has all of it now."""
    count, _ = store.ask(lambda db: _here(db.connection, sha256))
    for _ in range(2 * count + 2):
        if not 0 <= position < count:
            return False
        if not may_go_on():
            raise _Stop
        content = store.ask(lambda db, at=position: _piece(db.connection, sha256, at))  # type: ignore[misc]  # bound at once
        piece = SendPiece(store.device.bytes, sha256, position, content, position == count - 1)
        position = peer.send_piece(piece).pieces
        if position < 0:
            return True
    return False


def _note_sent(store: Store, sha256: str) -> None:
    def take(connection: Connection) -> Arrived[None]:
        upsert(connection, sent_table, [{"sha256": sha256}])
        return Arrived(None)

    store.absorb(take)


def _fetched(
    store: Store, peer: ContentsPeer, wanted: Wanted, may_go_on: Callable[[], bool]
) -> bool:
    def told(_done: int) -> None:
        if not may_go_on():
            raise _Stop

    if store.ask(lambda db: _is_here(db.connection, wanted.sha256)):
        return False
    try:
        _fetch(store, peer, wanted, told)
    except SyncError as error:
        if not _is_of_these_alone(error):
            raise
        return False
    return True


def _fetch(store: Store, peer: ContentsPeer, wanted: Wanted, told: Callable[[int], None]) -> None:
    """Fetch pieces from where it was cut off; contents count once their hash is right."""
    position, size = store.ask(lambda db: _here(db.connection, wanted.sha256))
    is_last = False
    while not is_last:
        told(size)
        ask = AskPiece(store.device.bytes, wanted.sha256, position)
        piece = peer.fetch_piece(ask)
        position, size, is_last = position + 1, size + len(piece.content), piece.is_last
        if size > wanted.size:
            _let_go(store, wanted.sha256)
            raise NotWhole(Trouble.BROKEN, "contents are larger than they say")
        if not store.absorb(_keeping(ask, piece)).value:
            raise NotWhole(Trouble.BROKEN, "contents are not what they say")


def _keeping(ask: AskPiece, piece: Piece) -> Callable[[Connection], Arrived[bool]]:
    """Give the write of a piece; that of the last one tells whether contents have their hash."""
    sha256 = ask.sha256
    row = {"sha256": sha256, "position": ask.position, "content": piece.content}

    def take(connection: Connection) -> Arrived[bool]:
        # Somebody may have opened what is being fetched ahead: it is the same piece.
        if not _has_piece(connection, sha256, ask.position):
            connection.execute(insert(BlobChunk).values(row))
        if not piece.is_last or _is_here(connection, sha256):
            return Arrived(True)
        if not _complete(connection, sha256, ask.position + 1):
            return Arrived(False)
        return Arrived(True, (), [column.table.name for column in naming_columns()])

    return take


def _complete(connection: Connection, sha256: str, pieces: int) -> bool:
    count, size = _here(connection, sha256)
    made = hashlib.sha256()
    for position in range(pieces if count == pieces else 0):
        made.update(_piece(connection, sha256, position))
    if made.hexdigest() != sha256:
        connection.execute(delete(BlobChunk).where(_CHUNK.c.sha256 == sha256))
        return False
    connection.execute(insert(Blob).values(sha256=sha256, size=size))
    return True


def _let_go(store: Store, sha256: str) -> None:
    def take(connection: Connection) -> Arrived[None]:
        if not _is_here(connection, sha256):
            connection.execute(delete(BlobChunk).where(_CHUNK.c.sha256 == sha256))
        return Arrived(None)

    store.absorb(take)


def _is_here(connection: Connection, sha256: str) -> bool:
    query = select(_BLOB.c.sha256).where(_BLOB.c.sha256 == sha256)
    return connection.execute(query).first() is not None


def _here(connection: Connection, sha256: str) -> tuple[int, int]:
    """Give how many pieces are here, and their bytes."""
    query = select(func.count(), func.coalesce(func.sum(func.length(_CHUNK.c.content)), 0))
    count, size = connection.execute(query.where(_CHUNK.c.sha256 == sha256)).one()
    return int(count), int(size)


def _has_piece(connection: Connection, sha256: str, position: int) -> bool:
    c = _CHUNK.c
    query = select(c.position).where(c.sha256 == sha256, c.position == position)
    return connection.execute(query).first() is not None


def _piece(connection: Connection, sha256: str, position: int) -> bytes:
    c = _CHUNK.c
    query = select(c.content).where(c.sha256 == sha256, c.position == position)
    return bytes(connection.execute(query).scalar_one())
