"""Where a ticket stands in the queue, and what was skipped."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select, true

from deskcrm.domain.clients.model import Client
from deskcrm.domain.queue.model import TicketSkip, TicketSkipId
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.domain.tickets.queries import TicketRow, list_ticket_ids, rows_of
from deskcrm.domain.users.model import OVERSEERS, User
from deskcrm.domain.views.filters import Filter
from deskcrm.store.reader import Reader

AROUND: Final = 3
"""So many neighbours on either side are given with a place."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ticket stands in a list; ``around`` has its neighbours and itself, numbered."""

    number: int
    count: int
    around: tuple[tuple[int, TicketRow], ...]


@dataclass(frozen=True, slots=True)
class SkipRow:
    """A ticket that somebody skipped, and why."""

    id: TicketSkipId
    ticket_id: TicketId
    number: int
    subject: str
    client: str
    who: str
    reason: str
    skipped_at: datetime
    comes_back_at: datetime


def get_place(
    db: Reader, ticket_id: TicketId, *, sort: str, descending: bool, asked: Filter
) -> Place | None:
    """Tell where a ticket stands in a list that is sorted so; None when it is not in it."""
    ids = list_ticket_ids(db, sort=sort, descending=descending, asked=asked)
    if ticket_id not in ids:
        return None
    at = ids.index(ticket_id)
    first = max(0, at - AROUND)
    rows = rows_of(db, ids[first : at + AROUND + 1])
    return Place(at + 1, len(ids), tuple(enumerate(rows, start=first + 1)))


def list_skips(db: Reader, *, limit: int = 200) -> list[SkipRow]:
    """List what was skipped, the latest first: by all for a lead, by oneself for everybody else."""
    role = db.scalar(select(User.role).where(User.id == db.actor))
    whose = true() if role in OVERSEERS else TicketSkip.skipped_by == db.actor
    rows = db.all(
        select(
            TicketSkip.id,
            TicketSkip.ticket_id,
            Ticket.number,
            Ticket.subject,
            func.coalesce(Client.name, ""),
            func.coalesce(User.name, ""),
            TicketSkip.reason,
            TicketSkip.skipped_at,
            TicketSkip.comes_back_at,
        )
        .join(Ticket, Ticket.id == TicketSkip.ticket_id)
        .outerjoin(Client, Client.id == TicketSkip.client_id)
        .outerjoin(User, User.id == TicketSkip.skipped_by)
        .where(~TicketSkip.is_deleted, ~Ticket.is_deleted, whose)
        .order_by(TicketSkip.skipped_at.desc(), TicketSkip.id.desc())
        .limit(limit)
    )
    return [SkipRow(TicketSkipId(row[0]), TicketId(row[1]), *row[2:]) for row in rows]
