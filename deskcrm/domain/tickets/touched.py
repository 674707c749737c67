"""Tells which tickets a write touched, also where what it touched is not there any more."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, select

from deskcrm.domain.tags.model import TicketTag
from deskcrm.domain.tickets.model import Ticket, TicketMessage, TicketTransition
from deskcrm.store.among import among
from deskcrm.store.derived import Touched
from deskcrm.store.upsert import in_chunks

Part = type[TicketMessage] | type[TicketTag] | type[TicketTransition]
"""What hangs on a ticket."""


def touched_tickets(
    connection: Connection, touched: Sequence[Touched], parts: Sequence[Part]
) -> set[UUID]:
    """Give the tickets that were touched, or some of these parts of them.

    What the server refused, or what went with its team, is taken out of its table and does not tell
    any more of which ticket it was: all tickets of its client may be meant.
    """
    tickets = {one.row_id for one in touched if one.table == Ticket.__tablename__}
    clients: set[UUID] = set()
    for part in parts:
        whose = {one.row_id: one.subject for one in touched if one.table == part.__tablename__}
        for some in in_chunks(whose):
            named = select(part.id, part.ticket_id).where(among(connection, part.id, some))
            found = {row.id: row.ticket_id for row in connection.execute(named)}
            tickets.update(found.values())
            clients.update(whose[row_id] for row_id in some if row_id not in found)
    for some in in_chunks(clients):
        of_clients = select(Ticket.id).where(among(connection, Ticket.client_id, some))
        tickets.update(connection.scalars(of_clients))
    return tickets
