"""Attaches files to a client's story, and detaches them."""

import io
import mimetypes
from pathlib import Path
from typing import IO

from deskcrm.base.errors import UserError
from deskcrm.base.settings import Scope, Setting
from deskcrm.base.words import tr
from deskcrm.domain.attachments import blobs
from deskcrm.domain.attachments.model import Attachment, AttachmentId
from deskcrm.domain.attachments.names import safe_name
from deskcrm.domain.belonging import check_client, check_interaction, check_ticket
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import InteractionId
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.users.model import UserId
from deskcrm.store import contents
from deskcrm.store.commands import command
from deskcrm.store.work import Work

LARGEST_MB = Setting(
    "attachments.largest_mb", 25, "Largest attachment in megabytes", scope=Scope.SHARED
)

FETCH_AHEAD = Setting(
    "attachments.fetch_ahead", True, "Fetch the files of my clients before I open them"
)


@command("attachments.add", "Attach file")
def add_attachment(
    work: Work,
    client_id: ClientId,
    *,
    path: Path,
    name: str = "",
    interaction_id: InteractionId | None = None,
    ticket_id: TicketId | None = None,
    largest_mb: int = LARGEST_MB.default,
) -> AttachmentId:
    """Attach a file from the disk; it is copied into the store, a piece at a time."""
    if not path.is_file():
        raise UserError(
            tr("“{name}” is not a file.", name=path.name), tr("Choose a file, not a folder.")
        )
    with blobs.open_to_read(path) as file:
        return _attach(
            work, client_id, file, name or path.name, interaction_id, ticket_id, largest_mb
        )


@command("attachments.paste", "Attach picture")
def paste_attachment(
    work: Work,
    client_id: ClientId,
    *,
    content: bytes,
    name: str,
    interaction_id: InteractionId | None = None,
    ticket_id: TicketId | None = None,
    largest_mb: int = LARGEST_MB.default,
) -> AttachmentId:
    """Attach what is in memory, such as a screenshot from the clipboard."""
    file = io.BytesIO(content)
    return _attach(work, client_id, file, name, interaction_id, ticket_id, largest_mb)


@command("attachments.rename", "Rename attachment")
def rename_attachment(work: Work, attachment_id: AttachmentId, *, name: str) -> None:
    """Give an attachment another name; its ending stays, for it says what the file is."""
    attachment = work.get(Attachment, attachment_id)
    if not name.strip():
        raise UserError(tr("An attachment needs a name."), tr("Type the name and save again."))
    ending = Path(attachment.name).suffix
    name = safe_name(name)
    attachment.name = name if Path(name).suffix == ending else safe_name(name + ending)


@command("attachments.delete", "Delete attachment")
def delete_attachment(work: Work, attachment_id: AttachmentId) -> None:
    """Detach a file; its contents stay for thirty days, in case it is wanted back."""
    work.delete(work.get(Attachment, attachment_id))


@command("attachments.collect", "Let go of unused contents")
def collect_contents(work: Work) -> int:
    """Let go of contents that no attachment has needed for thirty days; gives how many."""
    return blobs.collect(work)


def _attach(
    work: Work,
    client_id: ClientId,
    file: IO[bytes],
    name: str,
    interaction_id: InteractionId | None,
    ticket_id: TicketId | None,
    largest_mb: int,
) -> AttachmentId:
    check_client(work, client_id)
    check_interaction(work, interaction_id, client_id)
    check_ticket(work, ticket_id, client_id)
    at_most = largest_mb * 1_000_000
    sha256, size = contents.hash_of(blobs.pieces_of(file, at_most=at_most))
    if size == 0:
        raise UserError(tr("The file is empty."), tr("Choose a file that has something in it."))
    file.seek(0)
    contents.keep(work, sha256, size, blobs.pieces_of(file, at_most=at_most))
    attachment = Attachment(
        client_id=client_id,
        interaction_id=interaction_id,
        ticket_id=ticket_id,
        name=name,
        media_type=media_type_of(name),
        size=size,
        sha256=sha256,
        added_by=UserId(work.actor),
    )
    return AttachmentId(work.add(attachment).id)


def media_type_of(name: str) -> str:
    """Guess what a file is by its ending; the contents are never trusted to say it."""
    guessed, encoding = mimetypes.guess_type(safe_name(name), strict=False)
    return guessed if guessed and not encoding else "application/octet-stream"
