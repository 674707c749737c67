"""Refuses links between things of different clients."""

from uuid import UUID

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contacts.model import Contact
from deskcrm.domain.interactions.model import Interaction
from deskcrm.domain.tickets.model import Ticket
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


def check_interaction(work: Work, interaction_id: UUID | None, client_id: UUID | None) -> None:
    """Refuse what was said with another client; none is fine."""
    if interaction_id is not None:
        interaction = work.get(Interaction, interaction_id)
        check_same_client(interaction.client_id, client_id, interaction.subject)


def check_ticket(work: Work, ticket_id: UUID | None, client_id: UUID | None) -> None:
    """Refuse a ticket of another client; none is fine."""
    if ticket_id is not None:
        ticket = work.get(Ticket, ticket_id)
        check_same_client(ticket.client_id, client_id, ticket.subject)


def check_same_client(theirs: UUID | None, client_id: UUID | None, title: str) -> None:
    """Refuse to link what belongs to another client."""
    if theirs != client_id:
        raise UserError(
            tr("“{title}” belongs to another client.", title=title),
            tr("Choose one of this client’s."),
        )
