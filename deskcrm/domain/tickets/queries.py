"""Answers about tickets: the list, one ticket with its thread, and the counters."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, literal, or_, select
from sqlalchemy.orm import aliased

from deskcrm.domain.clients.model import Client, ClientId, Tier
from deskcrm.domain.contacts.model import Contact, ContactId
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.merges.homes import IS_OPEN, home_of
from deskcrm.domain.sla.clocks import ClockKind
from deskcrm.domain.sla.deadlines import NO_DEADLINE, ticket_deadline
from deskcrm.domain.tags.queries import TagChip, ticket_tags_of
from deskcrm.domain.tickets.alarms import Alarm, counting
from deskcrm.domain.tickets.filters import SORTS, ticket_clauses
from deskcrm.domain.tickets.model import (
    Priority,
    SupportLine,
    Ticket,
    TicketId,
    TicketKind,
)
from deskcrm.domain.tickets.standing import ticket_standing
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.model import User, UserId
from deskcrm.domain.views.filters import Filter
from deskcrm.store.reader import Reader
from deskcrm.store.types import Instant

EVERYTHING: Final = Filter()
OF_CLIENT_AT_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket, as lists show it. ``waiting_since``: the client's oldest unanswered word."""

    id: TicketId
    number: int
    subject: str
    kind: TicketKind
    state: TicketState
    priority: Priority
    channel: Channel
    client_id: ClientId
    client: str
    contact_id: ContactId | None
    contact: str
    owner_id: UserId | None
    owner: str
    opened_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    first_reply_at: datetime | None
    last_reply_at: datetime | None
    last_client_at: datetime | None
    waiting_since: datetime | None
    messages: int
    reopened: int
    line: SupportLine
    clock: ClockKind | None
    """The promise that is due next; None for a ticket that is settled."""
    is_paused: bool
    due_at: datetime | None
    warn_at: datetime | None
    tier: Tier
    worker_id: UserId | None
    """Who works on it on its line, where that is not the first."""
    worker: str
    tags: tuple[TagChip, ...]
    """Its own, not those of its client."""


@dataclass(frozen=True, slots=True)
class TicketCounts:
    """How many open tickets there are, how many are mine, and how many ring each alarm."""

    open: int
    mine: int
    alarms: dict[Alarm, int]


def count_tickets(
    db: Reader, *, asked: Filter = EVERYTHING, client_id: ClientId | None = None
) -> int:
    """Count the tickets that match, of all clients or of one."""
    statement = select(func.count()).select_from(Ticket)
    return db.scalar(statement.where(*_clauses(db, asked, client_id))) or 0


def page_tickets(
    db: Reader,
    *,
    offset: int = 0,
    limit: int = 200,
    sort: str = "opened_at",
    descending: bool = True,
    asked: Filter = EVERYTHING,
    client_id: ClientId | None = None,
) -> list[TicketRow]:
    """Give the tickets from one place in the list to another."""
    ids = db.scalars(_sorted(db, asked, client_id, sort, descending).limit(limit).offset(offset))
    return rows_of(db, [TicketId(one) for one in ids])


def list_ticket_ids(
    db: Reader,
    *,
    sort: str = "opened_at",
    descending: bool = True,
    asked: Filter = EVERYTHING,
    client_id: ClientId | None = None,
) -> list[TicketId]:
    """List the ids of all tickets that match, in order: what "select all" stands for."""
    return [TicketId(one) for one in db.scalars(_sorted(db, asked, client_id, sort, descending))]


def get_ticket(db: Reader, ticket_id: TicketId) -> TicketRow | None:
    """Give one ticket; None when it is not there."""
    is_there = db.first(select(Ticket.id).where(Ticket.id == ticket_id, ~Ticket.is_deleted))
    return rows_of(db, [ticket_id])[0] if is_there else None


def find_tickets_by_number(db: Reader, number: int) -> list[TicketRow]:
    """Give the ticket with a number, or the one that it was merged into.

    Seldom there are two, see :mod:`numbers`.
    """
    ids = db.scalars(select(Ticket.id).where(Ticket.number == number, ~Ticket.is_deleted))
    return rows_of(db, list(dict.fromkeys(home_of(db, TicketId(one)) for one in ids)))


def list_open_tickets(db: Reader, client_id: ClientId) -> list[TicketRow]:
    """List a client's open tickets, the oldest first."""
    ids = db.scalars(
        select(Ticket.id)
        .where(Ticket.client_id == client_id, ~Ticket.is_deleted, IS_OPEN)
        .order_by(Ticket.opened_at)
        .limit(OF_CLIENT_AT_MOST)
    )
    return rows_of(db, [TicketId(one) for one in ids])


def list_client_tickets(
    db: Reader, client_id: ClientId, *, limit: int = OF_CLIENT_AT_MOST
) -> list[TicketRow]:
    """List a client's tickets in every state, the newest first."""
    ids = db.scalars(
        select(Ticket.id)
        .where(Ticket.client_id == client_id, ~Ticket.is_deleted)
        .order_by(Ticket.opened_at.desc())
        .limit(limit)
    )
    return rows_of(db, [TicketId(one) for one in ids])


def get_ticket_counts(db: Reader) -> TicketCounts:
    """Count the open tickets, all and mine, and those that ring each alarm, at one look."""
    row = db.first(
        select(
            func.count(),
            func.count().filter(or_(Ticket.owner_id == db.actor, Ticket.worker_id == db.actor)),
            *(func.count().filter(condition) for condition in counting(db).values()),
        )
        .select_from(Ticket)
        .outerjoin(ticket_standing, ticket_standing.c.ticket_id == Ticket.id)
        .outerjoin(ticket_deadline, ticket_deadline.c.ticket_id == Ticket.id)
        .where(IS_OPEN, *ticket_clauses(db, EVERYTHING))
    )
    assert row is not None  # a count gives a row
    return TicketCounts(row[0], row[1], dict(zip(Alarm, row[2:], strict=True)))


def rows_of(db: Reader, ids: list[TicketId]) -> list[TicketRow]:
    """Give the rows of some tickets, in the order asked for."""
    tags = ticket_tags_of(db, ids)
    found = {
        row.id: TicketRow(*(*row, tags.get(row.id, ())))
        for row in db.all(_rows().where(Ticket.id.in_(ids)))
    }
    return [found[one] for one in ids if one in found]


def _clauses(db: Reader, asked: Filter, client_id: ClientId | None) -> list[Any]:
    of_client = [] if client_id is None else [Ticket.client_id == client_id]
    return [*ticket_clauses(db, asked), *of_client]


def _sorted(
    db: Reader, asked: Filter, client_id: ClientId | None, sort: str, descending: bool
) -> Select[Any]:
    columns = [one.desc() if descending else one for one in SORTS.get(sort, SORTS["opened_at"])]
    if sort == "due_at":
        return _by_deadline(db, asked, client_id).order_by(*columns)
    statement = select(Ticket.id).where(*_clauses(db, asked, client_id))
    if sort == "importance":
        statement = statement.outerjoin(Client, Client.id == Ticket.client_id)
        columns[1:] = SORTS[sort][1:]  # of equal ones the oldest comes first, either way
    if sort == "waiting_since":
        # Who waits comes first in either direction; the rest has nothing to be sorted by.
        statement = statement.outerjoin(
            ticket_standing, ticket_standing.c.ticket_id == Ticket.id
        ).order_by(ticket_standing.c.waiting_since.is_(None))
    return statement.order_by(*columns)


def _by_deadline(db: Reader, asked: Filter, client_id: ClientId | None) -> Select[Any]:
    """Give the tickets with their deadlines: all open ones have one, and no others.

    Of the open ones the index of deadlines gives the order. It must be walked first, and each
    ticket looked up: joined, SQLite would rather read all tickets and sort them.
    """
    others = tuple(one for one in asked.conditions if not (one.field == "is_open" and one.value))
    deadline = ticket_deadline.c
    if len(others) < len(asked.conditions):
        clauses = _clauses(db, Filter(others), client_id)
        matching = select(Ticket.id).where(Ticket.id == deadline.ticket_id, *clauses)
        return select(deadline.ticket_id).where(matching.exists())
    statement = select(Ticket.id).where(*_clauses(db, asked, client_id))
    return statement.outerjoin(ticket_deadline, deadline.ticket_id == Ticket.id).order_by(
        deadline.due_at.is_(None)
    )


def _unless_paused(moment: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.nullif(moment, literal(NO_DEADLINE, Instant()), type_=Instant())


def _due() -> tuple[ColumnElement[Any], ...]:
    deadline = ticket_deadline.c
    return (
        deadline.clock,
        func.coalesce(deadline.is_paused, False),
        _unless_paused(deadline.due_at),
        _unless_paused(deadline.warn_at),
    )


def _rows() -> Select[*tuple[Any, ...]]:
    standing, worker = ticket_standing.c, aliased(User)
    return (
        select(
            Ticket.id,
            Ticket.number,
            Ticket.subject,
            Ticket.kind,
            Ticket.state,
            Ticket.priority,
            Ticket.channel,
            Ticket.client_id,
            func.coalesce(Client.name, ""),
            Ticket.contact_id,
            func.coalesce(Contact.name, ""),
            Ticket.owner_id,
            func.coalesce(User.name, ""),
            Ticket.opened_at,
            Ticket.resolved_at,
            Ticket.closed_at,
            standing.first_reply_at,
            standing.last_reply_at,
            standing.last_client_at,
            standing.waiting_since,
            func.coalesce(standing.messages, 0),
            func.coalesce(standing.reopened, 0),
            Ticket.line,
            *_due(),
            func.coalesce(Client.tier, Tier.STANDARD),
            Ticket.worker_id,
            func.coalesce(worker.name, ""),
        )
        .outerjoin(Client, Client.id == Ticket.client_id)
        .outerjoin(Contact, Contact.id == Ticket.contact_id)
        .outerjoin(User, User.id == Ticket.owner_id)
        .outerjoin(worker, worker.id == Ticket.worker_id)
        .outerjoin(ticket_standing, standing.ticket_id == Ticket.id)
        .outerjoin(ticket_deadline, ticket_deadline.c.ticket_id == Ticket.id)
    )
