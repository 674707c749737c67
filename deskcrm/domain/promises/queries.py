"""Answers about promises: what we owe, to whom, since when, and how well we keep our word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, literal_column, or_, select

from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contacts.model import Contact, ContactId
from deskcrm.domain.days import day_of
from deskcrm.domain.interactions.channels import InteractionId
from deskcrm.domain.promises.model import OPEN_SQL, Promise, PromiseId, PromiseState
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.reader import Reader

IS_OPEN: Final[ColumnElement[Any]] = literal_column(f"promise.{OPEN_SQL}")
"""The words of the partial indexes, so that the database recognises them."""
AT_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise, as lists and the client's page show it."""

    id: PromiseId
    client_id: ClientId
    client: str
    contact_id: ContactId | None
    contact: str
    text: str
    due_on: date | None
    made_by: UserId
    maker: str
    made_at: datetime
    interaction_id: InteractionId | None
    ticket_id: TicketId | None
    state: PromiseState
    settled_at: datetime | None
    note: str
    replaces_id: PromiseId | None
    is_overdue: bool
    """Still open, and its day has gone by: broken until somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class PromiseCounts:
    """How well we kept our word to a client."""

    open: int
    overdue: int
    kept: int
    kept_late: int
    broken: int
    renegotiated: int


def list_open_promises(db: Reader, client_id: ClientId) -> list[PromiseRow]:
    """List what we owe a client, the most pressing first; what has no day comes last."""
    return _listed(
        db,
        _rows()
        .where(Promise.client_id == client_id, IS_OPEN)
        .order_by(Promise.due_on.nulls_last(), Promise.made_at),
    )


def list_due_promises(
    db: Reader, *, by: date, made_by: UserId | None = None, limit: int = AT_MOST
) -> list[PromiseRow]:
    """List what is owed by a day, by one person or by all, the oldest first."""
    statement = _rows().where(IS_OPEN, Promise.due_on <= by, ~Client.is_deleted)
    if made_by is not None:
        statement = statement.where(Promise.made_by == made_by)
    return _listed(db, statement.order_by(Promise.due_on, Promise.id).limit(limit))


def list_owed_by(
    db: Reader, user_id: UserId, ticket_ids: Sequence[TicketId] = (), *, limit: int = AT_MOST
) -> list[PromiseRow]:
    """List what somebody owes, or is owed in these tickets; what has no day comes last."""
    statement = _rows().where(
        IS_OPEN,
        or_(Promise.made_by == user_id, Promise.ticket_id.in_(ticket_ids)),
        ~Client.is_deleted,
    )
    return _listed(db, statement.order_by(Promise.due_on.nulls_last(), Promise.id).limit(limit))


def list_client_promises(
    db: Reader, client_id: ClientId, *, limit: int = AT_MOST
) -> list[PromiseRow]:
    """List everything we promised a client, the latest first."""
    return _listed(
        db,
        _rows()
        .where(Promise.client_id == client_id)
        .order_by(Promise.made_at.desc(), Promise.id.desc())
        .limit(limit),
    )


def list_promises(
    db: Reader,
    *which: ColumnElement[bool],
    order: Sequence[Any],
    offset: int = 0,
    limit: int = AT_MOST,
) -> list[PromiseRow]:
    """List promises that certain things are true of, in an order."""
    return _listed(db, _rows().where(*which).order_by(*order).offset(offset).limit(limit))


def list_promises_of(db: Reader, interaction_id: InteractionId) -> list[PromiseRow]:
    """List what was promised in one interaction."""
    return _listed(
        db,
        _rows()
        .where(Promise.interaction_id == interaction_id)
        .order_by(Promise.made_at, Promise.id),
    )


def list_former_promises(db: Reader, promise_id: PromiseId) -> list[PromiseRow]:
    """List what a promise was renegotiated from, the latest first."""
    former: list[PromiseRow] = []
    seen: set[PromiseId] = set()
    found = get_promise(db, promise_id)
    while found is not None and found.replaces_id is not None and found.id not in seen:
        seen.add(found.id)
        found = get_promise(db, found.replaces_id)
        if found is not None:
            former.append(found)
    return former


def get_promise(db: Reader, promise_id: PromiseId) -> PromiseRow | None:
    """Give one promise; None when it is not there."""
    rows = _listed(db, _rows().where(Promise.id == promise_id))
    return rows[0] if rows else None


def count_promises(db: Reader, client_id: ClientId) -> PromiseCounts:
    """Count what became of the promises to a client; late is a day after the one agreed on."""
    rows = db.all(
        select(Promise.state, Promise.due_on, Promise.settled_at).where(
            Promise.client_id == client_id, ~Promise.is_deleted
        )
    )
    today = day_of(db.now)

    def count(state: PromiseState) -> int:
        return sum(row.state is state for row in rows)

    return PromiseCounts(
        open=count(PromiseState.OPEN),
        overdue=sum(_is_late(row, today) for row in rows if row.state is PromiseState.OPEN),
        kept=count(PromiseState.KEPT),
        kept_late=sum(
            _is_late(row, day_of(row.settled_at))
            for row in rows
            if row.state is PromiseState.KEPT and row.settled_at is not None
        ),
        broken=count(PromiseState.BROKEN),
        renegotiated=count(PromiseState.RENEGOTIATED),
    )


def _is_late(row: Any, day: date) -> bool:
    return row.due_on is not None and row.due_on < day


def _listed(db: Reader, statement: Select[*tuple[Any, ...]]) -> list[PromiseRow]:
    today = day_of(db.now)
    rows = db.all(statement)
    return [
        PromiseRow(
            **row._asdict(),
            is_overdue=row.state is PromiseState.OPEN and _is_late(row, today),
        )
        for row in rows
    ]


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Promise.id,
            Promise.client_id,
            func.coalesce(Client.name, "").label("client"),
            Promise.contact_id,
            func.coalesce(Contact.name, "").label("contact"),
            Promise.text,
            Promise.due_on,
            Promise.made_by,
            func.coalesce(User.name, "").label("maker"),
            Promise.made_at,
            Promise.interaction_id,
            Promise.ticket_id,
            Promise.state,
            Promise.settled_at,
            Promise.note,
            Promise.replaces_id,
        )
        .outerjoin(Client, Client.id == Promise.client_id)
        .outerjoin(Contact, Contact.id == Promise.contact_id)
        .outerjoin(User, User.id == Promise.made_by)
        .where(~Promise.is_deleted)
    )
