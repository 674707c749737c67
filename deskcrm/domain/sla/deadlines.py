"""The next deadline of each open ticket, worked out from its log and kept for lists and scans."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Delete,
    Index,
    Table,
    bindparam,
    delete,
    select,
)

from deskcrm.domain.merges.homes import IS_OPEN
from deskcrm.domain.settings.model import Preference
from deskcrm.domain.sla.cases import AskedCases, Case, Rulebook, ask_cases, read_asked
from deskcrm.domain.sla.clocks import ClockKind, next_deadline
from deskcrm.domain.tags.model import TicketTag
from deskcrm.domain.tickets.model import Ticket, TicketMessage, TicketTransition
from deskcrm.domain.tickets.touched import touched_tickets
from deskcrm.store.among import among
from deskcrm.store.derived import Derived, Tell, Touched, register_derived
from deskcrm.store.tables import Base
from deskcrm.store.types import EnumText, Id, Instant
from deskcrm.store.upsert import in_chunks, upsert

_AT_ONCE: Final = 500
NO_DEADLINE: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""Where a paused ticket stands in the order: behind all that have a deadline."""

ticket_deadline: Final = Table(
    "ticket_deadline",
    Base.metadata,
    Column("ticket_id", Id, primary_key=True),
    # Null when the fallback holds.
    Column("policy_id", Id, nullable=True),
    Column("clock", EnumText(ClockKind), nullable=False),
    Column("is_paused", Boolean, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("warn_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
Index(None, ticket_deadline.c.due_at, ticket_deadline.c.ticket_id, ticket_deadline.c.warn_at)

_OF_TICKETS: Final = frozenset({"ticket", "ticket_message", "ticket_tag", "ticket_transition"})
_OF_CLIENTS: Final = frozenset({"client", "client_tag"})
DEADLINES_FOLLOW: Final = frozenset(
    {"calendar", "calendar_day", "calendar_use", "sla_policy", "team", "team_member"}
)
"""The tables of which any change may move every deadline."""


def rebuild(connection: Connection, touched: Sequence[Touched]) -> None:
    """Work out anew the deadlines of the tickets that a write may have moved."""
    if any(one.table in DEADLINES_FOLLOW for one in touched) or _touches_settings(
        connection, touched
    ):
        connection.execute(delete(ticket_deadline))
        _fill_all(connection)
        return
    tickets = touched_tickets(connection, touched, (TicketMessage, TicketTag, TicketTransition))
    clients = list({one.subject for one in touched if one.table in _OF_CLIENTS})
    for some in in_chunks(clients, 2_000):
        of_them = among(connection, Ticket.client_id, some)
        of_clients = select(Ticket.id).where(of_them, ~Ticket.is_deleted, IS_OPEN)
        tickets.update(connection.execute(of_clients).scalars())
    if not tickets:
        return
    book = Rulebook(connection)
    forget, asked = _of_some()
    for some in in_chunks(sorted(tickets), _AT_ONCE):
        given = {"some": some}
        connection.execute(forget, given)
        _fill(connection, book, asked, given)


@cache
def _of_some() -> tuple[Delete, AskedCases]:
    """Say what forgets the deadlines of some tickets, and what reads them; every write asks it."""
    some = bindparam("some", expanding=True, type_=Id())
    forget = delete(ticket_deadline).where(ticket_deadline.c.ticket_id.in_(some))
    return forget, ask_cases(IS_OPEN, Ticket.id.in_(some))


def reset(connection: Connection) -> None:
    """Forget the deadlines."""
    ticket_deadline.drop(connection, checkfirst=True)
    ticket_deadline.create(connection)


def refill(connection: Connection, tell: Tell) -> None:
    """Work out the deadlines of all open tickets."""
    _fill_all(connection)


def refill_of(connection: Connection, clients: Sequence[UUID]) -> None:
    """Work out the deadlines of the open tickets of some clients."""
    book = Rulebook(connection)
    for some in in_chunks(clients, 2_000):
        asked = ask_cases(IS_OPEN, among(connection, Ticket.client_id, some))
        _fill(connection, book, asked, {})


register_derived(
    Derived(
        "sla.deadlines",
        _OF_TICKETS | _OF_CLIENTS | DEADLINES_FOLLOW | {"preference"},
        rebuild,
        reset,
        refill,
        compared=("SELECT * FROM ticket_deadline",),
    )
)


def _fill_all(connection: Connection) -> None:
    _fill(connection, Rulebook(connection), ask_cases(IS_OPEN), {})


def _fill(connection: Connection, book: Rulebook, asked: AskedCases, given: dict[str, Any]) -> None:
    cases = read_asked(connection, asked, given)
    upsert(connection, ticket_deadline, list(_deadlines(book, cases)))


def _deadlines(book: Rulebook, cases: Iterable[Case]) -> Iterable[dict[str, Any]]:
    for case in cases:
        promised = book.promise_to_come(case)
        clock = next_deadline(promised.clocks)
        if clock is not None:
            yield {
                "ticket_id": case.ticket_id,
                "policy_id": promised.choice.policy.id,
                "clock": clock.kind,
                "is_paused": clock.is_paused,
                "due_at": clock.due_at or NO_DEADLINE,
                "warn_at": (clock.warn_at if clock.due_at else None) or NO_DEADLINE,
            }


def _touches_settings(connection: Connection, touched: Sequence[Touched]) -> bool:
    rows = [one.row_id for one in touched if one.table == "preference"]
    if not rows:
        return False
    keys = connection.scalars(select(Preference.key).where(Preference.id.in_(rows))).all()
    # One that was refused is taken out of its table, and does not tell any more what it set.
    return len(keys) < len(rows) or any(key.startswith("sla.") for key in keys)
