"""This device's store of contents: in pieces, inside the encrypted file, once for each hash.

Contents are rows of this device, not records: what syncs is the attachment with its hash, and
another device fetches the contents when somebody opens them.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO, Final

from sqlalchemy import delete, exists, insert, select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.attachments.model import Attachment, Blob, BlobChunk
from deskcrm.store.reader import Reader
from deskcrm.store.work import Work

CHUNK: Final = 256 * 1024
"""Bytes in a piece: few enough rows, and no need to hold more than one in memory."""
KEPT_UNUSED: Final = timedelta(days=30)
"""How long contents stay after their last attachment went: undo and the trash need them."""


class DamagedContents(UserError):
    """What is stored is not what was put in."""


class MissingContents(UserError):
    """The attachment is known here, but not its contents."""


def pieces_of(file: IO[bytes], *, at_most: int) -> Iterator[bytes]:
    """Read a file in pieces; raises UserError as soon as it is larger than allowed."""
    size = 0
    while piece := file.read(CHUNK):
        size += len(piece)
        if size > at_most:
            raise too_large(at_most)
        yield piece


def too_large(at_most: int) -> UserError:
    """Give the refusal of what is larger than allowed."""
    return UserError(
        tr("The file is larger than {limit} MB.", limit=at_most // 1_000_000),
        tr("Put it where the client can fetch it, and attach a link as a note."),
    )


def hash_of(pieces: Iterable[bytes]) -> tuple[str, int]:
    """Give the SHA-256 of contents, in hex, and their size in bytes."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def keep(work: Work, sha256: str, size: int, pieces: Iterable[bytes]) -> bool:
    """Store contents unless they are here already; tells whether they were new.

    Raises UserError when the pieces are not those that were hashed.
    """
    blob = work.find_local(Blob, sha256)
    if blob is not None:
        blob.unused_since = None
        return False
    digest = hashlib.sha256()
    for position, piece in enumerate(pieces):
        digest.update(piece)
        work.execute(insert(BlobChunk).values(sha256=sha256, position=position, content=piece))
    if digest.hexdigest() != sha256:
        raise UserError(
            tr("The file changed while it was being read."), tr("Wait a moment and try again.")
        )
    work.add(Blob(sha256=sha256, size=size))
    return True


def has_contents(db: Reader, sha256: str) -> bool:
    """Tell whether this device holds the contents with a hash."""
    return db.first(select(Blob.sha256).where(Blob.sha256 == sha256)) is not None


def read(db: Reader, sha256: str) -> Iterator[bytes]:
    """Give contents in pieces; raises DamagedContents at the end if they are not what they were.

    So whoever writes them somewhere must not let them be used before the last piece has come.
    """
    if not has_contents(db, sha256):
        raise MissingContents(
            tr("The contents are not on this device."),
            tr("They come with the next exchange, if the device that has them was online."),
        )
    digest, position = hashlib.sha256(), 0
    while True:
        piece = db.scalar(
            select(BlobChunk.content).where(
                BlobChunk.sha256 == sha256, BlobChunk.position == position
            )
        )
        if piece is None:
            break
        digest.update(piece)
        position += 1
        yield piece
    if digest.hexdigest() != sha256:
        raise DamagedContents(
            tr("The contents are damaged."),
            tr("Restore a backup, or ask the sender for the file again."),
        )


def write_to(db: Reader, sha256: str, file: IO[bytes]) -> None:
    """Write contents into an open file, whole and verified, or raise UserError."""
    for piece in read(db, sha256):
        file.write(piece)


def collect(work: Work) -> int:
    """Let go of contents that no living attachment has needed for thirty days; gives how many."""
    needed = exists().where(Attachment.sha256 == Blob.sha256, ~Attachment.is_deleted)
    for blob in work.records(select(Blob).where(Blob.unused_since.is_(None), ~needed)):
        blob.unused_since = work.now
    for blob in work.records(select(Blob).where(Blob.unused_since.is_not(None), needed)):
        blob.unused_since = None
    work.session.flush()
    behind = work.now - KEPT_UNUSED
    gone = list(work.scalars(select(Blob.sha256).where(Blob.unused_since <= behind)))
    for sha256 in gone:
        work.execute(delete(BlobChunk).where(BlobChunk.sha256 == sha256))
        work.execute(delete(Blob).where(Blob.sha256 == sha256))
    return len(gone)


def open_to_read(path: Path) -> IO[bytes]:
    """Open a file that a person chose; raises UserError in words when it cannot be read."""
    try:
        return path.open("rb")
    except OSError as error:
        raise UserError(
            tr("“{name}” cannot be read.", name=path.name),
            tr("Check that it is still there and that you may open it."),
        ) from error
