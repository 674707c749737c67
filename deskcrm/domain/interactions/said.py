"""What in a client's story says what was typed: for the timeline's filter by text.

Interactions are found by the search index, within the statement. What the index knows only as
part of a ticket, or not at all, is narrowed to a few rows first and then read.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, literal_column, select, text
from sqlalchemy.orm import InstrumentedAttribute

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.feedback.model import SurveyAnswer
from deskcrm.domain.lookup.fields import Kind
from deskcrm.domain.merges.homes import homes_among
from deskcrm.domain.promises.model import Promise
from deskcrm.domain.tasks.model import Task
from deskcrm.domain.tickets.model import Ticket, TicketMessage, TicketTransition
from deskcrm.store.reader import Reader
from deskcrm.store.search import WITHIN_SQL, Sought, seek_within
from deskcrm.store.types import Id

_AT_ONCE: Final = 500


def said_clause(model: Any) -> ColumnElement[bool]:
    """Make the condition that a row of this table says it; ``said_values`` has its values."""
    if model.__tablename__ == "interaction":
        return literal_column("interaction.id").in_(text(WITHIN_SQL).columns(row_id=Id()))
    key: InstrumentedAttribute[UUID] = model.id
    return key.in_(bindparam(f"said_{model.__tablename__}", expanding=True, type_=Id()))


def said_values(db: Reader, client_id: ClientId, typed: str) -> dict[str, Any]:
    """Find out what ``said_clause`` is to be bound to."""
    sought = seek_within(db.connection, typed, client_id)
    by_name = {
        row.id
        for row in db.all(
            select(Ticket.id, Ticket.number, Ticket.subject).where(
                Ticket.client_id == client_id, ~Ticket.is_deleted
            )
        )
        # A line of a ticket is headed by its number and subject: that is said in each of them.
        if sought.is_said_in(f"{row.number} T-{row.number}", row.subject)
    }
    return {
        "sought": sought.expression(Kind.INTERACTION),
        "said_ticket_message": _messages(db, client_id, sought, by_name),
        "said_ticket_transition": _steps(db, client_id, sought, by_name),
        "said_task": _saying(
            db, sought, select(Task.id, Task.title, Task.outcome), Task, client_id
        ),
        "said_promise": _saying(
            db, sought, select(Promise.id, Promise.text, Promise.note), Promise, client_id
        ),
        "said_survey_response": _saying(
            db,
            sought,
            select(SurveyAnswer.response_id, SurveyAnswer.text, SurveyAnswer.outcome),
            SurveyAnswer,
            client_id,
        ),
    }


def _messages(
    db: Reader, client_id: ClientId, sought: Sought, by_name: set[UUID]
) -> Sequence[UUID]:
    """Find the messages of the tickets in which it is said at all."""
    tickets = db.execute(
        text(WITHIN_SQL).columns(row_id=Id()), {"sought": sought.expression(Kind.TICKET)}
    ).scalars()
    said_in = {*tickets, *by_name}
    within = homes_among(db.connection, sorted(said_in))
    by_name = by_name | {one for one, home in within.items() if home in by_name}
    wanted = sorted(said_in | within.keys())
    found: list[UUID] = []
    for start in range(0, len(wanted), _AT_ONCE):
        rows = db.all(
            select(TicketMessage.id, TicketMessage.ticket_id, TicketMessage.text).where(
                TicketMessage.ticket_id.in_(wanted[start : start + _AT_ONCE]),
                TicketMessage.client_id == client_id,
                ~TicketMessage.is_deleted,
            )
        )
        found += [r.id for r in rows if r.ticket_id in by_name or sought.is_said_in(r.text)]
    return found


def _steps(db: Reader, client_id: ClientId, sought: Sought, by_name: set[UUID]) -> Sequence[UUID]:
    rows = db.all(
        select(TicketTransition.id, TicketTransition.ticket_id, TicketTransition.reason).where(
            TicketTransition.client_id == client_id, ~TicketTransition.is_deleted
        )
    )
    return [
        row.id
        for row in rows
        if row.ticket_id in by_name or (row.reason and sought.is_said_in(row.reason))
    ]


def _saying(
    db: Reader,
    sought: Sought,
    statement: Select[Any, str, str],
    model: Any,
    client_id: ClientId,
) -> Sequence[UUID]:
    rows = db.all(statement.where(model.client_id == client_id, ~model.is_deleted))
    return [row_id for row_id, title, more in rows if sought.is_said_in(title, more)]
