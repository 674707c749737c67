"""The forms of tickets: a new one needs a client and a subject, nothing else."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.contacts.queries import ContactRow, list_contacts
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.tickets.commands import edit_ticket, open_ticket
from deskcrm.domain.tickets.model import Priority, TicketId, TicketKind
from deskcrm.domain.tickets.queries import TicketRow
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Choice, Line, Text
from deskcrm.ui.lookup.whose import Whose, read_ids


def open_new(desk: Desk, over: QWidget, on_opened: Callable[[TicketId], object]) -> FormCard:
    """Ask for a client and a subject, and open a ticket."""

    def save(values: dict[str, Any]) -> Any:
        client, contact = read_ids(values.pop("client"))
        assert client is not None  # the field is required
        deed = desk.do(open_ticket, client, contact_id=contact, **values).tell()
        return deed.then(lambda done: on_opened(done.value))

    return FormCard(
        desk,
        over,
        tr("New ticket"),
        [
            Whose(desk, required=True),
            Line("subject", tr("Subject"), required=True),
            (
                Choice("kind", tr("Kind"), [(one, of(one)) for one in TicketKind]),
                Choice("priority", tr("Priority"), [(one, of(one)) for one in Priority]),
                Choice("channel", tr("Channel"), [(one, of(one)) for one in Channel]),
            ),
            Text("text", tr("What the client said"), lines=4),
        ],
        save,
        place="tickets.new",
        values={
            "kind": TicketKind.INCIDENT,
            "priority": Priority.NORMAL,
            "channel": Channel.CALL,
        },
        button=tr("Open ticket"),
    )


def open_edit(desk: Desk, over: QWidget, row: TicketRow) -> None:
    """Edit what is known of a ticket."""
    asked = desk.ask((over, "contacts"), list_contacts, row.client_id)
    asked.then(lambda contacts: _open_edit(desk, over, row, contacts))


def _open_edit(desk: Desk, over: QWidget, row: TicketRow, contacts: list[ContactRow]) -> None:
    people = [(one.id, one.name) for one in contacts if one.is_active or one.id == row.contact_id]
    FormCard(
        desk,
        over,
        tr("Edit ticket"),
        [
            Line("subject", tr("Subject"), required=True),
            Choice("contact_id", tr("Contact"), people, none=tr("Nobody in particular")),
            (
                Choice("kind", tr("Kind"), [(one, of(one)) for one in TicketKind]),
                Choice("priority", tr("Priority"), [(one, of(one)) for one in Priority]),
                Choice("channel", tr("Channel"), [(one, of(one)) for one in Channel]),
            ),
        ],
        lambda changes: desk.do(edit_ticket, row.id, **changes).tell(),
        place="tickets.edit",
        subject=row.id.hex,
        values={
            "subject": row.subject,
            "contact_id": row.contact_id,
            "kind": row.kind,
            "priority": row.priority,
            "channel": row.channel,
        },
        changes_only=True,
        about=f"#{row.number} · {row.client}",
    )
