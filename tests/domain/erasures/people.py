"""A person with values wherever a workspace can hold them."""

from dataclasses import dataclass
from pathlib import Path

from deskcrm.domain.attachments.commands import paste_attachment
from deskcrm.domain.attachments.model import AttachmentId
from deskcrm.domain.clients.commands import create_company, edit_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.commands import add_contact, edit_contact, rename_contact
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.drafts.commands import save_draft
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.interactions.commands import log_interaction
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.store.store import Store

TRACES = (
    "Марфа", "Селиванова", "Селивановой", "Marfa", "Marfusha", "marfa.selivanova", "79161234567",
    "9161234567", "916 123-45-67", "916) 123", "Beekeeper", "likes honey", "PASSPORT-4509",
    "стародубцева", "selivanova", "marfa", "starodubtseva",
)  # fmt: skip
"""What must not be found any more, whatever the letters' case in names."""


@dataclass(frozen=True)
class Known:
    """Where the person is."""

    client: ClientId
    contact: ContactId
    file: AttachmentId


def make_marfa(store: Store) -> Known:
    """Add Marfa, with a former name, a former number, a note, a call, a ticket, a file, a draft."""
    client = store.do(create_company, name="Acme", about="Ask for Марфа Селиванова").value
    contact = store.do(
        add_contact, client, name="Марфа Стародубцева", phones=["+7 916 123-45-67"],
        emails=["marfa.selivanova@example.com"], position="Beekeeper", notes="She likes honey",
        region="RU",
    ).value  # fmt: skip
    store.do(rename_contact, contact, name="Марфа Селиванова")
    store.do(edit_contact, contact, greeting="Marfusha")
    call = store.do(
        log_interaction, client, channel=Channel.CALL, contact_id=contact,
        text="Говорили с Марфой Селивановой о погоде, тел. 8 (916) 123-45-67. The price is agreed.",
    ).value  # fmt: skip
    store.do(
        open_ticket, client, subject="Звонок Селивановой", contact_id=contact,
        text="Write to Marfa.Selivanova@example.com, please",
    )  # fmt: skip
    file = store.do(
        paste_attachment, client, content=b"PASSPORT-4509 " * 40, name="Marfa passport.txt",
        interaction_id=call,
    ).value  # fmt: skip
    store.do(save_draft, place="caller", subject="", content={"text": "Марфе Селивановой"})
    store.do(save_draft, place="note", subject=str(client), content={"text": "Марфа said"})
    store.do(edit_client, client, caution="Never before noon")
    return Known(client, contact, file)


def found_in(content: bytes, traces: tuple[str, ...] = TRACES) -> set[str]:
    """Name the traces that stand somewhere in bytes."""
    return {one for one in traces if one.encode() in content}


def bytes_of(folder: Path) -> bytes:
    """Give all that lies in the files of a folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
