"""Refuses links between things of different clients."""

from uuid import UUID

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contacts.model import Contact
from deskcrm.store.work import Work


def check_client(work: Work, client_id: ClientId) -> Client:
    """Give the client that something is to be written down for; raises Missing."""
    return work.get(Client, client_id)


def check_contact(work: Work, contact_id: UUID | None, client_id: ClientId | None) -> None:
    """Refuse a contact of another client; none is fine."""
    if contact_id is None:
        return
    contact = work.get(Contact, contact_id)
    if contact.client_id != client_id:
        raise UserError(
            tr("{name} belongs to another client.", name=contact.name),
            tr("Choose one of this client’s contacts."),
        )


def check_same_client(theirs: UUID | None, client_id: UUID | None, title: str) -> None:
    """Refuse to link what belongs to another client."""
    if theirs != client_id:
        raise UserError(
            tr("“{title}” belongs to another client.", title=title),
            tr("Choose one of this client’s."),
        )
