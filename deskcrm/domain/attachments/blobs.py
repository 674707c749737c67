"""Reads what people attach, and lets go of what nothing is attached to any more."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from sqlalchemy import delete, exists, select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.attachments.model import Attachment
from deskcrm.store.contents import CHUNK, KEPT_UNUSED, Blob, BlobChunk
from deskcrm.store.work import Work


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
