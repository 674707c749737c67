"""What a substitute has to know: the tickets, the promises, what comes next, and what to avoid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select

from deskcrm.base.words import ntr, ptr, tr
from deskcrm.domain.absences.queries import AbsenceRow, list_absences
from deskcrm.domain.clients.model import Client, ClientId, Lifecycle
from deskcrm.domain.contacts.model import Contact
from deskcrm.domain.contracts.model import ContractStatus
from deskcrm.domain.contracts.queries import RenewalRow, list_renewals
from deskcrm.domain.days import day_of
from deskcrm.domain.knowledge.addresses import readable
from deskcrm.domain.merges.homes import homes_among, ticket_home
from deskcrm.domain.promises.queries import PromiseRow, list_owed_by
from deskcrm.domain.tasks.queries import TaskRow, page_tasks
from deskcrm.domain.tickets.model import MessageKind, TicketId, TicketKind, TicketMessage
from deskcrm.domain.tickets.next_step import next_step
from deskcrm.domain.tickets.queries import TicketRow, page_tickets
from deskcrm.domain.users.model import User, UserId
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.store.reader import Reader
from deskcrm.store.types import Id

AT_MOST: Final = 200
"""Of each kind; who has more cannot hand it over in a reading."""
AHEAD: Final = timedelta(days=14)
"""How far the packet looks when no absence says how long."""
DECISIONS_AHEAD: Final = timedelta(days=30)
"""Contracts end slowly: so long after the last day they are still named."""


@dataclass(frozen=True, slots=True)
class LastWord:
    """What was said last in a ticket."""

    at: datetime
    kind: MessageKind
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class HandedTicket:
    """An open ticket with where it stands."""

    row: TicketRow
    last: LastWord | None
    next_step: str


@dataclass(frozen=True, slots=True)
class Risk:
    """A client for whom something may go wrong, and what, in sentences."""

    client: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Handover:
    """Everything that goes with an absence, from one view of the database."""

    user_id: UserId
    name: str
    absence: AbsenceRow | None
    """The absence that it is for: the present one, else the next; None when none is planned."""
    until: date
    tickets: tuple[HandedTicket, ...]
    promises: tuple[PromiseRow, ...]
    tasks: tuple[TaskRow, ...]
    renewals: tuple[RenewalRow, ...]
    risks: tuple[Risk, ...]
    cautions: tuple[tuple[str, str], ...]
    """Clients, and what not to say to them."""


def get_handover(db: Reader, user_id: UserId) -> Handover:
    """Gather what somebody hands over, for the absence that is now or comes next."""
    absence = next(iter(list_absences(db, user_id=user_id)), None)
    today = day_of(db.now)
    until = absence.last_day if absence else today + AHEAD
    mine = str(user_id)
    owned = Filter().also("is_open", Comparison.IS, True).also("owner", Comparison.IS, mine)
    rows = page_tickets(db, asked=owned, sort="due_at", descending=False, limit=AT_MOST)
    to_do = (
        Filter()
        .also("is_open", Comparison.IS, True)
        .also("assignee", Comparison.IS, mine)
        .also("due_on", Comparison.BEFORE, (until + timedelta(days=1)).isoformat())
    )
    tasks = page_tasks(db, asked=to_do, limit=AT_MOST)
    promises = list_owed_by(db, user_id, [row.id for row in rows], limit=AT_MOST)
    renewals = _renewals(db, user_id, (until + DECISIONS_AHEAD - today).days)
    return Handover(
        user_id,
        db.scalar(select(User.name).where(User.id == user_id)) or "",
        absence,
        until,
        _tickets(db, rows, tasks),
        tuple(promises),
        tuple(tasks),
        tuple(renewals),
        tuple(_risks(db, user_id, rows, promises, renewals)),
        tuple(_cautions(db, rows, promises, tasks, renewals)),
    )


def _tickets(
    db: Reader, rows: Sequence[TicketRow], tasks: Sequence[TaskRow]
) -> tuple[HandedTicket, ...]:
    last = _last_words(db, [row.id for row in rows])
    planned = {task.ticket_id: task.title for task in reversed(tasks) if task.ticket_id}
    return tuple(
        HandedTicket(row, last.get(row.id), next_step(row, db.now, planned=planned.get(row.id, "")))
        for row in rows
    )


def _last_words(db: Reader, ids: Sequence[TicketId]) -> dict[TicketId, LastWord]:
    read_in = func.coalesce(ticket_home.c.home_id, TicketMessage.ticket_id, type_=Id())
    newest = (
        func.row_number()
        .over(
            partition_by=read_in,
            order_by=(TicketMessage.sent_at.desc(), TicketMessage.id.desc()),
        )
        .label("newest")
    )
    said = (
        select(
            read_in.label("ticket_id"),
            TicketMessage.sent_at,
            TicketMessage.kind,
            TicketMessage.text,
            func.coalesce(User.name, Contact.name, "").label("author"),
            newest,
        )
        .outerjoin(User, User.id == TicketMessage.author_id)
        .outerjoin(Contact, Contact.id == TicketMessage.contact_id)
        .outerjoin(ticket_home, ticket_home.c.ticket_id == TicketMessage.ticket_id)
        .where(TicketMessage.ticket_id.in_([*ids, *homes_among(db.connection, ids)]))
        .where(~TicketMessage.is_deleted)
        .subquery()
    )
    rows = db.all(select(said).where(said.c.newest == 1))
    return {
        TicketId(row.ticket_id): LastWord(row.sent_at, row.kind, row.author, readable(row.text))
        for row in rows
    }


def _renewals(db: Reader, user_id: UserId, days: int) -> list[RenewalRow]:
    found = list_renewals(db, days=days)
    clients = {row.contract.client_id for row in found}
    own = set(db.scalars(select(Client.id).where(Client.id.in_(clients), _is_of(user_id))))
    return [row for row in found if row.contract.client_id in own][:AT_MOST]


def _is_of(user_id: UserId) -> Any:
    return (Client.owner_id == user_id) & ~Client.is_deleted


def _risks(
    db: Reader,
    user_id: UserId,
    tickets: Sequence[TicketRow],
    promises: Sequence[PromiseRow],
    renewals: Sequence[RenewalRow],
) -> Iterable[Risk]:
    """Say what is known to be amiss, client by client; the more reasons, the further up."""
    found: dict[ClientId, tuple[str, list[str]]] = {}

    def note(client_id: ClientId, client: str, reason: str) -> None:
        found.setdefault(client_id, (client, []))[1].append(reason)

    at_renewal = select(Client.id, Client.name).where(
        _is_of(user_id), Client.lifecycle == Lifecycle.AT_RENEWAL
    )
    for client_id, name in db.all(at_renewal.order_by(Client.name).limit(AT_MOST)):
        note(ClientId(client_id), name, tr("The renewal is not decided."))
    for renewal in renewals:
        if renewal.contract.status is ContractStatus.NOTICE_GIVEN:
            words = tr("Notice was given: {contract}.", contract=renewal.contract.title)
            note(renewal.contract.client_id, renewal.client_name, words)
    for promise in promises:
        if promise.is_overdue:
            said = tr("A promise is overdue: {promise}", promise=promise.text)
            note(promise.client_id, promise.client, said)
    for row in tickets:
        amiss = ", ".join(_amiss(row, db.now))
        if amiss:
            said = tr("#{number}: {amiss}.", number=row.number, amiss=amiss)
            note(row.client_id, row.client, said)
    for client, reasons in sorted(found.values(), key=lambda one: (-len(one[1]), one[0])):
        yield Risk(client, tuple(reasons))


def _amiss(row: TicketRow, now: datetime) -> Iterable[str]:
    if row.due_at is not None and row.due_at < now:
        yield ptr("a ticket", "overdue")
    if row.reopened == 1:
        yield ptr("a ticket", "reopened")
    elif row.reopened:
        yield ntr("reopened {n} time", "reopened {n} times", row.reopened)
    if row.kind is TicketKind.COMPLAINT:
        yield ptr("a ticket", "a complaint")


def _cautions(
    db: Reader,
    tickets: Sequence[TicketRow],
    promises: Sequence[PromiseRow],
    tasks: Sequence[TaskRow],
    renewals: Sequence[RenewalRow],
) -> Iterable[tuple[str, str]]:
    clients = {
        *(one.client_id for one in tickets),
        *(one.client_id for one in promises),
        *(one.client_id for one in tasks if one.client_id is not None),
        *(one.contract.client_id for one in renewals),
    }
    rows = db.all(
        select(Client.name, Client.caution)
        .where(Client.id.in_(clients), Client.caution != "")
        .order_by(Client.name)
    )
    return [(name, caution) for name, caution in rows]
