"""Where each ticket stands, worked out from its thread: who spoke last, and who waits for whom."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Executable,
    Index,
    Integer,
    Select,
    Table,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
)

from deskcrm.domain.interactions.channels import WRITTEN
from deskcrm.domain.merges.homes import IS_AT_HOME, belongs, ticket_home
from deskcrm.domain.tickets.model import MessageKind, Ticket, TicketMessage, TicketTransition
from deskcrm.domain.tickets.touched import touched_tickets
from deskcrm.store.derived import Derived, Tell, Touched, register_derived
from deskcrm.store.tables import Base
from deskcrm.store.types import Id, Instant

_AT_ONCE: Final = 500

ticket_standing: Final = Table(
    "ticket_standing",
    Base.metadata,
    Column("ticket_id", Id, primary_key=True),
    # The first public word of ours: the first response. Never kept in the ticket, where two
    # people's offline replies could disagree with the thread.
    Column("first_reply_at", Instant, nullable=True),
    Column("last_reply_at", Instant, nullable=True),
    Column("last_client_at", Instant, nullable=True),
    # The client's oldest written word that has no public reply yet; null when we spoke last, or
    # when the client was heard in person.
    Column("waiting_since", Instant, nullable=True),
    Column("messages", Integer, nullable=False),
    Column("reopened", Integer, nullable=False),
    # When somebody last wrote in it or moved its state; else when it was opened.
    Column("stirred_at", Instant, nullable=True),
    sqlite_with_rowid=False,
)
Index(None, ticket_standing.c.waiting_since, ticket_standing.c.ticket_id)


def rebuild(connection: Connection, touched: Sequence[Touched]) -> None:
    """Work out anew where the tickets stand that were written to."""
    tickets = touched_tickets(connection, touched, (TicketMessage, TicketTransition))
    for some in _chunks(sorted(tickets)):
        for statement in _of_some():
            connection.execute(statement, {"some": some})


@cache
def _of_some() -> tuple[Executable, ...]:
    """Say what works out anew where some tickets stand; every write of theirs asks it."""
    some = bindparam("some", expanding=True, type_=Id())
    forget = delete(ticket_standing).where(ticket_standing.c.ticket_id.in_(some))
    return forget, *_filling(Ticket.id.in_(some))


def reset(connection: Connection) -> None:
    """Forget where the tickets stand."""
    ticket_standing.drop(connection, checkfirst=True)
    ticket_standing.create(connection)


def refill(connection: Connection, tell: Tell) -> None:
    """Work out where all tickets stand."""
    for statement in _filling():
        connection.execute(statement)


register_derived(
    Derived(
        "tickets.standing",
        frozenset({"ticket", "ticket_message", "ticket_transition"}),
        rebuild,
        reset,
        refill,
        version=2,
        compared=("SELECT * FROM ticket_standing",),
    )
)


def _chunks(ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    return [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]


Belongs = Callable[[ColumnElement[Any], Any], ColumnElement[bool]]
"""Gives the condition that a row's ticket is that of the query around it."""


def _filling(*which: ColumnElement[bool]) -> list[Executable]:
    """Say what works out where tickets at home stand; what was merged into one counts there.

    Most have nothing merged into them: those are looked up by the plain condition.
    """
    homes = select(ticket_home.c.home_id)
    return [
        insert(ticket_standing).from_select(list(ticket_standing.c.keys()), standing)
        for standing in (
            _standing(_is_its_own, Ticket.id.not_in(homes), IS_AT_HOME, *which),
            _standing(belongs, Ticket.id.in_(homes), *which),
        )
    ]


def _is_its_own(column: ColumnElement[Any], ticket_id: Any) -> ColumnElement[bool]:
    its_own: ColumnElement[bool] = column == ticket_id
    return its_own


def _standing(is_in: Belongs, *which: ColumnElement[bool]) -> Select[Any]:
    message = TicketMessage.__table__.c
    sent = message.sent_at
    is_reply = message.kind == MessageKind.PUBLIC_REPLY
    is_client = message.kind == MessageKind.CLIENT_WORD
    thread = (
        select(
            Ticket.id.label("ticket_id"),
            Ticket.opened_at,
            Ticket.channel,
            func.min(case((is_reply, sent))).label("first_reply_at"),
            func.max(case((is_reply, sent))).label("last_reply_at"),
            func.max(case((is_client, sent))).label("last_client_at"),
            func.count(message.id).label("messages"),
            func.max(sent).label("last_at"),
        )
        .outerjoin(
            TicketMessage.__table__, is_in(message.ticket_id, Ticket.id) & ~message.is_deleted
        )
        .where(~Ticket.is_deleted, *which)
        .group_by(Ticket.id, Ticket.opened_at, Ticket.channel)
        .cte("thread")
    )
    return select(
        thread.c.ticket_id,
        thread.c.first_reply_at,
        thread.c.last_reply_at,
        thread.c.last_client_at,
        _waiting_since(thread, is_in),
        thread.c.messages,
        _of_moves(thread, func.count(), TicketTransition.is_reopening),
        _latest(
            thread.c.opened_at,
            thread.c.last_at,
            _of_moves(thread, func.max(TicketTransition.happened_at)),
        ),
    )


def _of_moves(thread: Any, what: Any, *which: Any) -> Any:
    """Work something out from a ticket's changes of state."""
    of_ticket = TicketTransition.ticket_id == thread.c.ticket_id
    return select(what).where(of_ticket, ~TicketTransition.is_deleted, *which).scalar_subquery()


def _latest(least: Any, *moments: Any) -> ColumnElement[Any]:
    """Give the latest of some moments that may be missing; the databases name it differently."""
    latest: ColumnElement[Any] = least
    for moment in moments:
        latest = case((moment > latest, moment), else_=latest)
    return latest


def _waiting_since(thread: Any, is_in: Belongs) -> ColumnElement[Any]:
    word = TicketMessage.__table__.alias("word").c
    unanswered = select(func.min(word.sent_at)).where(
        is_in(word.ticket_id, thread.c.ticket_id),
        ~word.is_deleted,
        word.kind == MessageKind.CLIENT_WORD,
        word.channel.in_(WRITTEN),
    )
    after_reply = unanswered.where(word.sent_at > thread.c.last_reply_at).scalar_subquery()
    # Opened without a word: the ticket itself is what waits, if it came in writing.
    opened = case((thread.c.channel.in_(WRITTEN) & (thread.c.messages == 0), thread.c.opened_at))
    never_answered = func.coalesce(unanswered.scalar_subquery(), opened)
    return case((thread.c.last_reply_at.is_(None), never_answered), else_=after_reply)
