"""What tickets can be filtered and sorted by, and what each means in SQL."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import ColumnElement, literal_column, not_, or_, select

from deskcrm.domain.clients.model import Client
from deskcrm.domain.days import day_of
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.tickets.model import OPEN_SQL, Priority, Ticket, TicketKind
from deskcrm.domain.tickets.standing import ticket_standing
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.views.filters import (
    Comparison,
    Condition,
    Filter,
    FilterField,
    ValueKind,
    check_filter,
)
from deskcrm.domain.views.sql import (
    choice_clause,
    date_clause,
    inverted,
    read_person,
    start_of_day,
    text_clause,
)
from deskcrm.store.reader import Reader

Clause = Callable[[Reader, Condition], ColumnElement[bool]]

IS_OPEN: Final[ColumnElement[Any]] = literal_column(f"ticket.{OPEN_SQL}")
"""The words of the partial indexes, so that the database recognises them."""


def _choice(column: Any, choices: Callable[[str], Any]) -> Clause:
    return lambda db, condition: choice_clause(column, condition, choices)


def _open(_db: Reader, condition: Condition) -> ColumnElement[bool]:
    return IS_OPEN if condition.value else not_(IS_OPEN)


def _unanswered(_db: Reader, condition: Condition) -> ColumnElement[bool]:
    waiting = select(ticket_standing.c.ticket_id).where(
        ticket_standing.c.waiting_since.is_not(None)
    )
    clause = Ticket.id.in_(waiting)
    return clause if condition.value else not_(clause)


def _words(_db: Reader, condition: Condition) -> ColumnElement[bool]:
    """Look for words where a list shows them: in the subject, the client's name, the number."""
    asked = Condition(condition.field, Comparison.CONTAINS, condition.value)
    clients = select(Client.id).where(text_clause(Client.name, asked))
    found = [text_clause(Ticket.subject, asked), Ticket.client_id.in_(clients)]
    number = str(condition.value or "").strip().lstrip("#№ ")
    if number.isdecimal() and len(number) <= _MOST_DIGITS:
        found.append(Ticket.number == int(number))
    return inverted(condition, or_(*found))


_MOST_DIGITS: Final = 12

FIELDS: Final[dict[str, tuple[FilterField, Clause]]] = {
    field.key: (field, clause)
    for field, clause in (
        (FilterField("is_open", "Open", ValueKind.CHECK), _open),
        (
            FilterField("state", "State", ValueKind.CHOICE, TicketState),
            _choice(Ticket.state, TicketState),
        ),
        (
            FilterField("owner", "Owner", ValueKind.PERSON),
            lambda db, condition: choice_clause(Ticket.owner_id, condition, read_person(db.actor)),
        ),
        (
            FilterField("priority", "Priority", ValueKind.CHOICE, Priority),
            _choice(Ticket.priority, Priority),
        ),
        (
            FilterField("kind", "Kind", ValueKind.CHOICE, TicketKind),
            _choice(Ticket.kind, TicketKind),
        ),
        (
            FilterField("channel", "Channel", ValueKind.CHOICE, Channel),
            _choice(Ticket.channel, Channel),
        ),
        (FilterField("is_unanswered", "Unanswered", ValueKind.CHECK), _unanswered),
        (
            FilterField("subject", "Subject", ValueKind.TEXT),
            lambda db, condition: text_clause(Ticket.subject, condition),
        ),
        (FilterField("words", "Subject, client or number", ValueKind.TEXT), _words),
        (
            FilterField("opened_at", "Opened", ValueKind.DATE),
            lambda db, condition: date_clause(
                Ticket.opened_at, condition, today=day_of(db.now), at=start_of_day
            ),
        ),
        (
            FilterField("resolved_at", "Resolved", ValueKind.DATE),
            lambda db, condition: date_clause(
                Ticket.resolved_at, condition, today=day_of(db.now), at=start_of_day
            ),
        ),
    )
}

SORTS: Final[dict[str, tuple[Any, ...]]] = {
    "opened_at": (Ticket.opened_at, Ticket.id),
    "priority": (Ticket.priority, Ticket.opened_at, Ticket.id),
    "number": (Ticket.number, Ticket.id),
    "state": (Ticket.state, Ticket.opened_at, Ticket.id),
    "subject": (Ticket.subject, Ticket.id),
    "waiting_since": (ticket_standing.c.waiting_since, ticket_standing.c.ticket_id),
}
"""The columns behind each order; "waiting_since" leaves out nobody, but puts them last."""


def list_filter_fields() -> list[FilterField]:
    """List what tickets can be filtered by."""
    return [field for field, _ in FIELDS.values()]


def ticket_clauses(db: Reader, asked: Filter) -> list[ColumnElement[bool]]:
    """Turn a filter into conditions on tickets; raises UserError when it cannot be answered."""
    check_filter(asked, {key: field for key, (field, _) in FIELDS.items()})
    clauses = [FIELDS[one.field][1](db, one) for one in asked.conditions]
    if _some_client_is_deleted(db):
        hidden = select(Client.id).where(Client.is_deleted)
        clauses.append(Ticket.client_id.not_in(hidden))
    return [~Ticket.is_deleted, *clauses]


def _some_client_is_deleted(db: Reader) -> bool:
    """Tell whether rows must be left out with their clients: it costs a look-up for each."""
    return db.first(select(Client.id).where(Client.is_deleted).limit(1)) is not None
