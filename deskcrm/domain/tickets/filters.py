"""What tickets can be filtered and sorted by, and what each means in SQL."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, not_, or_, select
from sqlalchemy.orm import aliased

from deskcrm.domain.absences.queries import list_stood_in_for
from deskcrm.domain.clients.model import Client
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.merges.homes import IS_OPEN, ticket_home
from deskcrm.domain.sla.deadlines import ticket_deadline
from deskcrm.domain.tags.model import Tag, TicketTag
from deskcrm.domain.tags.queries import wears_tag
from deskcrm.domain.tickets.alarms import Alarm, alarm_clause
from deskcrm.domain.tickets.importance import IMPORTANCE
from deskcrm.domain.tickets.model import Priority, SupportLine, Ticket, TicketKind
from deskcrm.domain.tickets.standing import ticket_standing
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.views.clauses import (
    Clause,
    check_of,
    choice_of,
    clauses_of,
    keyed,
    moment_in,
    person_of,
    text_of,
    with_its_client,
)
from deskcrm.domain.views.filters import Comparison, Condition, Filter, FilterField, ValueKind
from deskcrm.domain.views.sql import inverted, read_values, text_clause
from deskcrm.store.reader import Reader


def _unanswered(_db: Reader, condition: Condition) -> ColumnElement[bool]:
    waiting = select(ticket_standing.c.ticket_id).where(
        ticket_standing.c.waiting_since.is_not(None)
    )
    clause = Ticket.id.in_(waiting)
    return clause if condition.value else not_(clause)


def _alarm(db: Reader, condition: Condition) -> ColumnElement[bool]:
    is_inverted = condition.comparison in (Comparison.IS_NOT, Comparison.NONE_OF)
    clause: ColumnElement[bool] = alarm_clause(
        db, read_values(condition, Alarm), is_inverted=is_inverted
    )
    return clause


def _mine(db: Reader, condition: Condition) -> ColumnElement[bool]:
    """Mine to answer for, or mine to work on on a line further up."""
    clause = or_(Ticket.owner_id == db.actor, Ticket.worker_id == db.actor)
    others = or_(Ticket.owner_id.is_(None), Ticket.owner_id != db.actor)
    not_working = or_(Ticket.worker_id.is_(None), Ticket.worker_id != db.actor)
    return clause if condition.value else others & not_working


def _in_hands_of(db: Reader, condition: Condition) -> ColumnElement[bool]:
    """Whose turn it is: the worker's on the line that has it, else the owner's.

    Not one expression of both columns: each of the two has its index.
    """
    worker = person_of(Ticket.worker_id)(db, condition)
    owner = person_of(Ticket.owner_id)(db, condition)
    return or_(Ticket.worker_id.is_not(None) & worker, Ticket.worker_id.is_(None) & owner)


def _stood_in_for(db: Reader, condition: Condition) -> ColumnElement[bool]:
    clause = Ticket.owner_id.in_([row.user_id for row in list_stood_in_for(db)])
    return clause if condition.value else not_(clause)


def _words(_db: Reader, condition: Condition) -> ColumnElement[bool]:
    """Look for words where a list shows them: in the subject, the client's name, the number."""
    asked = Condition(condition.field, Comparison.CONTAINS, condition.value)
    clients = select(Client.id).where(text_clause(Client.name, asked))
    found = [text_clause(Ticket.subject, asked), Ticket.client_id.in_(clients)]
    number = str(condition.value or "").strip().lstrip("#№ ")
    if number.isdecimal() and len(number) <= _MOST_DIGITS:
        found.append(Ticket.number == int(number))
        merged = aliased(Ticket)
        inside = select(ticket_home.c.home_id).join(merged, merged.id == ticket_home.c.ticket_id)
        found.append(Ticket.id.in_(inside.where(merged.number == int(number))))
    return inverted(condition, or_(*found))


_MOST_DIGITS: Final = 12


def _tag(_db: Reader, condition: Condition) -> ColumnElement[bool]:
    """Look for the tags of the ticket itself."""
    if condition.value is None:
        clause = wears_tag(TicketTag.tag_id.in_(select(Tag.id).where(~Tag.is_deleted)))
    else:
        clause = wears_tag(TicketTag.tag_id.in_(read_values(condition, _read_id)))
    return inverted(condition, clause)


def _read_id(text: str) -> UUID:
    return UUID(hex=text)


FIELDS: Final[dict[str, tuple[FilterField, Clause]]] = keyed(
    [
        (FilterField("is_open", "Is open", ValueKind.CHECK), check_of(IS_OPEN)),
        (
            FilterField("state", "State", ValueKind.CHOICE, TicketState),
            choice_of(Ticket.state, TicketState),
        ),
        (FilterField("owner", "Owner", ValueKind.PERSON), person_of(Ticket.owner_id)),
        (FilterField("worker", "Worker", ValueKind.PERSON), person_of(Ticket.worker_id)),
        (FilterField("hands", "In the hands of", ValueKind.PERSON), _in_hands_of),
        (FilterField("is_mine", "Mine to work on", ValueKind.CHECK), _mine),
        (
            FilterField("is_stood_in_for", "Of somebody I stand in for", ValueKind.CHECK),
            _stood_in_for,
        ),
        (
            FilterField("priority", "Priority", ValueKind.CHOICE, Priority),
            choice_of(Ticket.priority, Priority),
        ),
        (
            FilterField("kind", "Kind", ValueKind.CHOICE, TicketKind),
            choice_of(Ticket.kind, TicketKind),
        ),
        (
            FilterField("channel", "Channel", ValueKind.CHOICE, Channel),
            choice_of(Ticket.channel, Channel),
        ),
        (
            FilterField("line", "Line", ValueKind.CHOICE, SupportLine),
            choice_of(Ticket.line, SupportLine),
        ),
        (FilterField("tag", "Tag", ValueKind.TAG), _tag),
        (FilterField("alarm", "Alarm", ValueKind.CHOICE, Alarm), _alarm),
        (FilterField("is_unanswered", "Unanswered", ValueKind.CHECK), _unanswered),
        (FilterField("subject", "Subject", ValueKind.TEXT), text_of(Ticket.subject)),
        (FilterField("words", "Subject, client or number", ValueKind.TEXT), _words),
        (FilterField("opened_at", "Opened", ValueKind.DATE), moment_in(Ticket.opened_at)),
        (FilterField("resolved_at", "Resolved", ValueKind.DATE), moment_in(Ticket.resolved_at)),
    ]
)

SORTS: Final[dict[str, tuple[Any, ...]]] = {
    "opened_at": (Ticket.opened_at, Ticket.id),
    "importance": (IMPORTANCE, Ticket.opened_at, Ticket.id),
    "priority": (Ticket.priority, Ticket.opened_at, Ticket.id),
    "number": (Ticket.number, Ticket.id),
    "state": (Ticket.state, Ticket.opened_at, Ticket.id),
    "subject": (Ticket.subject, Ticket.id),
    "due_at": (ticket_deadline.c.due_at, ticket_deadline.c.ticket_id),
    "waiting_since": (ticket_standing.c.waiting_since, ticket_standing.c.ticket_id),
}
"""The columns behind each order; "waiting_since" leaves out nobody, but puts them last."""


def list_filter_fields(_db: Reader) -> list[FilterField]:
    """List what tickets can be filtered by."""
    return [field for field, _ in FIELDS.values()]


def ticket_clauses(db: Reader, asked: Filter) -> list[ColumnElement[bool]]:
    """Turn a filter into conditions on tickets; raises UserError when it cannot be answered."""
    found = clauses_of(db, asked, FIELDS)
    return [~Ticket.is_deleted, *found, *with_its_client(db, Ticket.client_id)]
