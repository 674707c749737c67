"""Works out the summaries from the records: for the clients that were touched, or for all.

One statement serves both, so that they cannot differ. Each of its parts is a look-up in an index
that holds nothing but what is asked for (a client's contacts, its open tickets), so a client
with ten thousand interactions costs what one with ten does.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Insert,
    ScalarSelect,
    Select,
    case,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
)

from deskcrm.domain.clients.model import Client
from deskcrm.domain.contracts.model import Contract, ContractStatus
from deskcrm.domain.interactions.model import CONTACT_SQL, HEARD_SQL, Interaction
from deskcrm.domain.promises.model import OPEN_SQL as PROMISE_OPEN
from deskcrm.domain.promises.model import Promise
from deskcrm.domain.summary.model import client_summary
from deskcrm.domain.tasks.model import OPEN_SQL as TASK_OPEN
from deskcrm.domain.tasks.model import Task
from deskcrm.domain.tickets.model import HEARD_SQL as WORD_SQL
from deskcrm.domain.tickets.model import OPEN_SQL as TICKET_OPEN
from deskcrm.domain.tickets.model import PUBLIC_SQL, Ticket, TicketMessage
from deskcrm.store.among import among_given, given
from deskcrm.store.derived import Derived, Tell, Touched, register_derived
from deskcrm.store.types import Instant

_AT_ONCE: Final = 2_000
_REFILLED_AT_ONCE: Final = 20_000
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


def rebuild(connection: Connection, touched: Sequence[Touched]) -> None:
    """Work out anew the summaries of the clients that were written to."""
    # The subject of everything that is watched is its client, and a client is its own.
    clients = sorted({one.subject for one in touched}, key=attrgetter("int"))
    for start in range(0, len(clients), _AT_ONCE):
        some = given(connection, clients[start : start + _AT_ONCE])
        for statement in _of_some(on_sqlite=connection.dialect.name == "sqlite"):
            connection.execute(statement, some)


@cache
def _of_some(*, on_sqlite: bool) -> tuple[Executable, ...]:
    """Say what works out the summaries of given clients anew; every write of theirs asks it."""
    forget = delete(client_summary).where(
        among_given(client_summary.c.client_id, on_sqlite=on_sqlite)
    )
    return forget, _filling(among_given(Client.id, on_sqlite=on_sqlite))


def reset(connection: Connection) -> None:
    """Forget all summaries."""
    client_summary.drop(connection, checkfirst=True)
    client_summary.create(connection)


def refill(connection: Connection, tell: Tell) -> None:
    """Work out the summaries of all clients; the indexes are made when the rows are there."""
    indexes = list(client_summary.indexes)
    for index in indexes:
        index.drop(connection, checkfirst=True)
    after: list[ColumnElement[bool]] = []
    total, done = connection.scalar(select(func.count(Client.id))) or 0, 0
    while True:
        batch = select(Client.id).where(*after).order_by(Client.id)
        last = connection.execute(batch.offset(_REFILLED_AT_ONCE - 1).limit(1)).scalar()
        if last is None:
            connection.execute(_filling(*after))
            break
        connection.execute(_filling(*after, Client.id <= last))
        after = [Client.id > last]
        done += _REFILLED_AT_ONCE
        tell(done, total)
    for index in indexes:
        index.create(connection)


register_derived(
    Derived(
        "summary",
        frozenset(
            {"client", "interaction", "ticket", "ticket_message", "task", "promise", "contract"}
        ),
        rebuild,
        reset,
        refill,
        compared=("SELECT * FROM client_summary",),
    )
)


def _filling(*which: ColumnElement[bool]) -> Insert:
    summaries = _summaries(*which)
    return insert(client_summary).from_select(list(client_summary.c.keys()), summaries)


def _own(model: Any, *which: str) -> list[ColumnElement[bool]]:
    """Say: this client's, not deleted, and in the words of the partial index that holds them."""
    conditions: list[ColumnElement[bool]] = [literal_column(one) for one in which]
    return [model.client_id == Client.id, ~model.is_deleted, *conditions]


def _value(statement: Select[Any]) -> ScalarSelect[Any]:
    return statement.correlate(Client).scalar_subquery()


def _found(*which: ColumnElement[bool]) -> Any:
    """Look up, for each client, the latest items and when it was last heard."""
    contact = (
        select(Interaction.id)
        .where(*_own(Interaction, CONTACT_SQL))
        .order_by(Interaction.started_at.desc())
        .limit(1)
    )
    message = (
        select(TicketMessage.id)
        .where(*_own(TicketMessage, PUBLIC_SQL))
        .order_by(TicketMessage.sent_at.desc())
        .limit(1)
    )
    heard = select(func.max(Interaction.started_at)).where(
        *_own(Interaction, CONTACT_SQL, HEARD_SQL)
    )
    word = select(func.max(TicketMessage.sent_at)).where(*_own(TicketMessage, WORD_SQL))
    return (
        select(
            Client.id.label("client_id"),
            _value(contact).label("interaction_id"),
            _value(message).label("message_id"),
            _value(heard).label("heard_at"),
            _value(word).label("word_at"),
            *_open_work(),
        )
        .where(~Client.is_deleted, *which)
        .cte("found")
        .prefix_with("MATERIALIZED")
    )


def _open_work() -> list[ColumnElement[Any]]:
    tickets, tasks = _own(Ticket, TICKET_OPEN), _own(Task, TASK_OPEN)
    promises = _own(Promise, PROMISE_OPEN)
    # Said so that no index of states fits: the client's is the one to go by.
    status = func.coalesce(Contract.status, literal(""))
    contracts = [*_own(Contract), status == literal(ContractStatus.ACTIVE.value)]
    return [
        _value(select(func.count()).where(*tickets)).label("open_tickets"),
        _value(select(func.min(Ticket.opened_at)).where(*tickets)).label("oldest_ticket"),
        _value(select(func.count()).where(*tasks)).label("open_tasks"),
        _value(select(func.min(Task.due_on)).where(*tasks)).label("next_task"),
        _value(select(func.count()).where(*promises)).label("open_promises"),
        _value(select(func.min(Promise.due_on)).where(*promises)).label("next_promise"),
        _value(select(func.min(Contract.decision_on)).where(*contracts)).label("decision_on"),
    ]


def _summaries(*which: ColumnElement[bool]) -> Select[Any]:
    found = _found(*which).c
    last, said = Interaction.__table__.alias("last"), TicketMessage.__table__.alias("said")
    heard_at = _later(found.word_at, found.heard_at)
    return (
        select(
            found.client_id,
            *_last_contact(last.c, said.c),
            heard_at,
            _unanswered(found.client_id, heard_at),
            found.open_tickets,
            found.oldest_ticket,
            found.open_tasks,
            found.next_task,
            found.open_promises,
            found.next_promise,
            found.decision_on,
        )
        .outerjoin(last, last.c.id == found.interaction_id)
        .outerjoin(said, said.c.id == found.message_id)
    )


def _last_contact(last: Any, said: Any) -> list[ColumnElement[Any]]:
    """Say when, by whom, which, of which table, over which channel: of whichever is later."""
    is_message = said.sent_at.is_not(None) & (
        last.started_at.is_(None) | (said.sent_at > last.started_at)
    )
    return [
        case((is_message, said.sent_at), else_=last.started_at),
        case((is_message, said.author_id), else_=last.logged_by),
        case((is_message, said.id), else_=last.id),
        case(
            (is_message, literal("ticket_message")),
            (last.id.is_not(None), literal("interaction")),
        ),
        case((is_message, said.channel), else_=last.channel),
    ]


def _later(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    """Give the later of two moments, either of which may be missing."""
    return case((one.is_(None), other), (other.is_(None), one), (one > other, one), else_=other)


def _unanswered(client_id: Any, heard_at: ColumnElement[Any]) -> ColumnElement[Any]:
    """Count the contacts since the client was last heard: all of them are attempts of ours."""
    return (
        select(func.count())
        .where(
            Interaction.client_id == client_id,
            ~Interaction.is_deleted,
            literal_column(CONTACT_SQL),
            Interaction.started_at > func.coalesce(heard_at, literal(_BEGINNING, Instant())),
        )
        .scalar_subquery()
    )
