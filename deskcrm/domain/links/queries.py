"""Answers about the links of a ticket."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.links.model import LinkKind, TicketLink, TicketLinkId
from deskcrm.domain.lookup.fields import Kind
from deskcrm.domain.merges.homes import read_in
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.domain.tickets.queries import (
    TicketRow,
    find_tickets_by_number,
    list_client_tickets,
    rows_of,
)
from deskcrm.domain.tickets.states import TicketState
from deskcrm.store import search as index
from deskcrm.store.reader import Reader

MOST_DIGITS: Final = 12
_OFFERED: Final = 8


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link as it is seen from one of its ends: the ticket at the other end."""

    id: TicketLinkId
    kind: LinkKind
    is_forward: bool
    """Whether this end is the one that the kind is said of."""
    ticket_id: TicketId
    number: int
    subject: str
    state: TicketState

    @property
    def words(self) -> str:
        """Say what this ticket is to the one at the other end."""
        return link_words(self.kind, is_forward=self.is_forward)


def list_linkable(db: Reader, ticket_id: TicketId, *, typed: str = "") -> list[TicketRow]:
    """List tickets that one may mean by what is typed, likeliest first.

    Found by number and by words, as everywhere; before anything is typed, those of the client.
    """
    number = typed.strip().lstrip("#№ ")
    if number.isdecimal() and len(number) <= MOST_DIGITS:
        rows = find_tickets_by_number(db, int(number))
    elif typed.strip():
        hits = index.search(db.connection, typed, kinds=(Kind.TICKET,), limit=_OFFERED + 1)
        rows = rows_of(db, [TicketId(hit.row_id) for hit in hits])
    else:
        client_id = db.scalar(select(Ticket.client_id).where(Ticket.id == ticket_id))
        rows = list_client_tickets(db, ClientId(client_id)) if client_id is not None else []
    return [row for row in rows if row.id != ticket_id][:_OFFERED]


def link_words(kind: LinkKind, *, is_forward: bool = True) -> str:
    """Say what a ticket is to another."""
    if kind is LinkKind.DUPLICATE_OF:
        return tr("Duplicate of") if is_forward else tr("Has a duplicate")
    if kind is LinkKind.CAUSED_BY:
        return tr("Caused by") if is_forward else tr("Cause of")
    if kind is LinkKind.BLOCKS:
        return tr("Blocks") if is_forward else tr("Blocked by")
    return tr("Related to")


def list_links(db: Reader, ticket_id: TicketId) -> list[LinkRow]:
    """List a ticket's links, from whichever end they were made; by kind, then by number.

    Those of what was merged into it are its own.
    """
    inside = read_in(ticket_id)
    links = [
        *_links(db, TicketLink.ticket_id.in_(inside), TicketLink.other_id, is_forward=True),
        *_links(db, TicketLink.other_id.in_(inside), TicketLink.ticket_id, is_forward=False),
    ]
    kinds, own = list(LinkKind), set(db.scalars(inside))
    links = [one for one in links if one.ticket_id not in own]
    return sorted(links, key=lambda one: (kinds.index(one.kind), not one.is_forward, one.number))


def _links(
    db: Reader,
    here: ColumnElement[bool],
    there: InstrumentedAttribute[TicketId],
    *,
    is_forward: bool,
) -> list[LinkRow]:
    rows = db.all(
        select(
            TicketLink.id, TicketLink.kind, Ticket.id, Ticket.number, Ticket.subject, Ticket.state
        )
        .join(Ticket, Ticket.id == there)
        .where(here, ~TicketLink.is_deleted, ~Ticket.is_deleted)
    )
    return [
        LinkRow(TicketLinkId(row[0]), row[1], is_forward, TicketId(row[2]), *row[3:])
        for row in rows
    ]
