"""This device's store of contents: in pieces, inside the encrypted file, once for each hash.

Contents are rows of this device, not records: what syncs is the record that names their hash (a
column declared with ``contents``), and another device fetches them when they are needed.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import IO, Any, Final

from sqlalchemy import Column, LargeBinary, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.tables import Local, record_models, shape_of
from deskcrm.store.work import Work

CHUNK: Final = 256 * 1024
"""Bytes in a piece: few enough rows, and no need to hold more than one in memory."""

KEPT_UNUSED: Final = timedelta(days=30)
"""How long contents stay after the last row that named them went: undo and the trash need them."""


class Blob(Local, kw_only=True):
    """Contents that this device holds, once for each hash."""

    __tablename__ = "blob"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    unused_since: Mapped[datetime | None] = mapped_column(default=None)
    """Since when no living attachment needs it; kept a while longer, for undo and the trash."""


class BlobChunk(Local, kw_only=True):
    """A piece of contents."""

    __tablename__ = "blob_chunk"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class DamagedContents(UserError):
    """What is stored is not what was put in."""


class MissingContents(UserError):
    """The attachment is known here, but not its contents."""


def naming_columns() -> list[Column[Any]]:
    """List the columns of records that name contents by their hash."""
    tables = [shape_of(model).table for model in record_models()]
    return [c for table in tables for c in table.columns if c.info.get("contents")]


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


def bring(job: Job, store: Store, sha256: str, size: int) -> None:
    """Have contents on this device: fetch them if they are not; raises UserError in words."""
    if store.ask(has_contents, sha256):
        return
    if store.elsewhere is None:
        raise MissingContents(
            tr("The file is not on this device."),
            tr("It comes when this workspace exchanges with its server."),
        )
    store.elsewhere(job, sha256, size)


def write_to(db: Reader, sha256: str, file: IO[bytes]) -> None:
    """Write contents into an open file, whole and verified, or raise UserError."""
    for piece in read(db, sha256):
        file.write(piece)
