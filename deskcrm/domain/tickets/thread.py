"""A ticket's thread: what was said, how its state changed, whose it was, what it became part of."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from deskcrm.domain.assignment.queries import ThreadAssignment, list_assignments
from deskcrm.domain.contacts.model import Contact
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.merges.homes import read_in
from deskcrm.domain.merges.queries import ThreadJoin, list_joins
from deskcrm.domain.tickets.line_times import ThreadLine, list_line_steps
from deskcrm.domain.tickets.model import (
    MessageKind,
    Ticket,
    TicketId,
    TicketMessage,
    TicketMessageId,
    TicketTransition,
)
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.model import User
from deskcrm.store.reader import Reader


@dataclass(frozen=True, slots=True)
class ThreadMessage:
    """Something said. ``author`` is the name of whoever said it, theirs or ours."""

    id: TicketMessageId
    at: datetime
    kind: MessageKind
    text: str
    channel: Channel
    author: str
    is_mine: bool
    said_in: int | None = None
    """The number of the ticket in which it was said, where that is another one."""


@dataclass(frozen=True, slots=True)
class ThreadStep:
    """A change of the ticket's state; ``before`` is None for its opening."""

    at: datetime
    before: TicketState | None
    after: TicketState
    reason: str
    author: str
    is_reopening: bool


ThreadEntry = ThreadMessage | ThreadStep | ThreadAssignment | ThreadLine | ThreadJoin


def get_thread(db: Reader, ticket_id: TicketId) -> list[ThreadEntry]:
    """Give everything that happened in a ticket, the oldest first."""
    entries: list[ThreadEntry] = [
        *_messages(db, ticket_id),
        *_steps(db, ticket_id),
        *list_assignments(db, ticket_id),
        *list_line_steps(db, ticket_id),
        *list_joins(db, ticket_id),
    ]
    # At one moment the opening comes before what it was opened with, an answer before what it did.
    return sorted(entries, key=lambda entry: (entry.at, _rank(entry)))


def _rank(entry: ThreadEntry) -> int:
    if isinstance(entry, ThreadMessage):
        return 1
    if isinstance(entry, ThreadAssignment):
        return 3
    if isinstance(entry, ThreadLine):
        return 4
    if isinstance(entry, ThreadJoin):
        return 5
    return 0 if entry.before is None else 2


def _messages(db: Reader, ticket_id: TicketId) -> list[ThreadMessage]:
    rows = db.all(
        select(
            TicketMessage.id,
            TicketMessage.sent_at,
            TicketMessage.kind,
            TicketMessage.text,
            TicketMessage.channel,
            func.coalesce(User.name, Contact.name, ""),
            TicketMessage.author_id,
            TicketMessage.ticket_id,
            Ticket.number,
        )
        .outerjoin(User, User.id == TicketMessage.author_id)
        .outerjoin(Contact, Contact.id == TicketMessage.contact_id)
        .outerjoin(Ticket, Ticket.id == TicketMessage.ticket_id)
        .where(TicketMessage.ticket_id.in_(read_in(ticket_id)), ~TicketMessage.is_deleted)
        .order_by(TicketMessage.sent_at, TicketMessage.id)
    )
    return [
        ThreadMessage(
            TicketMessageId(row[0]),
            *row[1:6],
            is_mine=row[6] == db.actor,
            said_in=None if row[7] == ticket_id else row[8],
        )
        for row in rows
    ]


def _steps(db: Reader, ticket_id: TicketId) -> list[ThreadStep]:
    rows = db.all(
        select(
            TicketTransition.happened_at,
            TicketTransition.from_state,
            TicketTransition.to_state,
            TicketTransition.reason,
            func.coalesce(User.name, ""),
            TicketTransition.is_reopening,
        )
        .outerjoin(User, User.id == TicketTransition.changed_by)
        .where(TicketTransition.ticket_id == ticket_id, ~TicketTransition.is_deleted)
        .order_by(TicketTransition.happened_at, TicketTransition.id)
    )
    return [ThreadStep(*row) for row in rows]
