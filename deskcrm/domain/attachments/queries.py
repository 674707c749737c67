"""Answers about attachments: what is attached, and copies of the contents to open or to keep."""

import contextlib
import os
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.attachments.model import Attachment, AttachmentId
from deskcrm.domain.attachments.names import is_runnable, safe_name
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.interactions.channels import InteractionId
from deskcrm.domain.merges.homes import read_in
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.users.model import User
from deskcrm.store import contents
from deskcrm.store.contents import Blob
from deskcrm.store.reader import Reader
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import Missing


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """An attachment, as lists show it."""

    id: AttachmentId
    name: str
    media_type: str
    size: int
    sha256: str
    added_at: datetime
    by: str
    interaction_id: InteractionId | None
    ticket_id: TicketId | None
    is_here: bool
    """Whether the contents are on this device."""
    can_open: bool
    """Whether it may be opened; what could run is only saved."""


def list_client_attachments(
    db: Reader, client_id: ClientId, *, limit: int = 200
) -> list[AttachmentRow]:
    """List everything attached to a client's story, the latest first."""
    statement = _rows().where(Attachment.client_id == client_id)
    return _listed(db, statement.order_by(Attachment.id.desc()).limit(limit))


def list_interaction_attachments(db: Reader, interaction_id: InteractionId) -> list[AttachmentRow]:
    """List what is attached to an interaction, in the order in which it was."""
    statement = _rows().where(Attachment.interaction_id == interaction_id)
    return _listed(db, statement.order_by(Attachment.id))


def list_ticket_attachments(db: Reader, ticket_id: TicketId) -> list[AttachmentRow]:
    """List what is attached to a ticket, in the order in which it was."""
    statement = _rows().where(Attachment.ticket_id.in_(read_in(ticket_id)))
    return _listed(db, statement.order_by(Attachment.id))


def get_attachment(db: Reader, attachment_id: AttachmentId) -> AttachmentRow:
    """Give one attachment; raises Missing."""
    rows = _listed(db, _rows().where(Attachment.id == attachment_id))
    if not rows:
        raise Missing(
            tr("The attachment is not there any more."), tr("Look in the history of the client.")
        )
    return rows[0]


def list_absent(db: Reader, *, limit: int = 500) -> list[tuple[str, int]]:
    """List the hash and size of what is attached to one's own clients and is not on this device."""
    statement = (
        select(Attachment.sha256, func.max(Attachment.size))
        .join(Client, Client.id == Attachment.client_id)
        .outerjoin(Blob, Blob.sha256 == Attachment.sha256)
        .where(~Attachment.is_deleted, ~Client.is_deleted, Client.owner_id == db.actor)
        .where(Blob.sha256.is_(None))
        .group_by(Attachment.sha256)
        .order_by(func.max(Attachment.created_at).desc())
    )
    return [(row[0], row[1]) for row in db.all(statement.limit(limit))]


def name_contents(db: Reader, hashes: Collection[str]) -> list[str]:
    """Give the names under which contents are attached, in the order of the alphabet."""
    names: set[str] = set()
    for chunk in in_chunks(hashes):
        living = (Attachment.sha256.in_(chunk), ~Attachment.is_deleted)
        names.update(row[0] for row in db.all(select(Attachment.name).where(*living)))
    return sorted(names)


def read_contents(db: Reader, attachment_id: AttachmentId) -> bytes:
    """Give an attachment's contents, verified; for pictures that are shown in place."""
    return b"".join(contents.read(db, get_attachment(db, attachment_id).sha256))


def open_copy(db: Reader, attachment_id: AttachmentId, *, directory: Path | None = None) -> Path:
    """Write a private copy to open with another program, and give its path.

    Nobody else can read it, nothing can run it, and what could run is refused. The directory is
    the caller's to remove, at the latest when the program ends.
    """
    row = get_attachment(db, attachment_id)
    if is_runnable(row.name):
        raise UserError(
            tr("“{name}” could run, so it is not opened from here.", name=row.name),
            tr("Save it, and have it checked before you open it."),
        )
    folder = Path(tempfile.mkdtemp(prefix="deskcrm-", dir=directory))
    path = folder / safe_name(row.name)
    try:
        _write(db, row.sha256, path)
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
            folder.rmdir()
        raise
    return path


def save_copy(db: Reader, attachment_id: AttachmentId, *, path: Path) -> None:
    """Write the contents where the person chose; what was there goes only when all is well."""
    row = get_attachment(db, attachment_id)
    part = path.with_name(f".{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        _write(db, row.sha256, part)
        part.replace(path)
    except OSError as error:
        raise UserError(
            tr("“{name}” cannot be written.", name=path.name),
            tr("Choose another place, or make room on the disk."),
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _write(db: Reader, sha256: str, path: Path) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        contents.write_to(db, sha256, file)


def _listed(db: Reader, statement: Select[*tuple[Any, ...]]) -> list[AttachmentRow]:
    return [
        AttachmentRow(**row._asdict(), can_open=not is_runnable(row.name))
        for row in db.all(statement)
    ]


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Attachment.id,
            Attachment.name,
            Attachment.media_type,
            Attachment.size,
            Attachment.sha256,
            Attachment.created_at.label("added_at"),
            func.coalesce(User.name, "").label("by"),
            Attachment.interaction_id,
            Attachment.ticket_id,
            Blob.sha256.is_not(None).label("is_here"),
        )
        .outerjoin(User, User.id == Attachment.added_by)
        .outerjoin(Blob, Blob.sha256 == Attachment.sha256)
        .where(~Attachment.is_deleted)
    )
