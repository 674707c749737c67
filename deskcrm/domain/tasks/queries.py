"""Answers about tasks: the list, what is due, what was missed, and how often one was put off."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Select, func, select

from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contacts.model import Contact, ContactId
from deskcrm.domain.days import day_of
from deskcrm.domain.tasks.filters import IS_OPEN, SORTS, awake, task_clauses
from deskcrm.domain.tasks.model import (
    DelayKind,
    Postponement,
    Task,
    TaskId,
    TaskKind,
    TaskState,
)
from deskcrm.domain.tickets.model import Priority, TicketId
from deskcrm.domain.users.model import User, UserId
from deskcrm.domain.views.filters import Filter
from deskcrm.store.reader import Reader

EVERYTHING: Final = Filter()
AT_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task, as lists show it. ``postponed``: how often it was put off."""

    id: TaskId
    title: str
    kind: TaskKind
    state: TaskState
    priority: Priority
    client_id: ClientId | None
    client: str
    contact_id: ContactId | None
    contact: str
    assignee_id: UserId | None
    assignee: str
    due_on: date | None
    due_at: datetime | None
    remind_at: datetime | None
    snoozed_until: datetime | None
    recurrence: str
    ticket_id: TicketId | None
    done_at: datetime | None
    outcome: str
    notes: str
    postponed: int
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class DelayRow:
    """One time that a task was put off."""

    at: datetime
    kind: DelayKind
    from_day: date | None
    to_day: date | None
    reason: str
    by: str


def count_tasks(
    db: Reader, *, asked: Filter = EVERYTHING, client_id: ClientId | None = None
) -> int:
    """Count the tasks that match, of all clients or of one."""
    statement = select(func.count()).select_from(Task)
    return db.scalar(statement.where(*_clauses(db, asked, client_id))) or 0


def page_tasks(
    db: Reader,
    *,
    offset: int = 0,
    limit: int = 200,
    sort: str = "due_on",
    descending: bool = False,
    asked: Filter = EVERYTHING,
    client_id: ClientId | None = None,
) -> list[TaskRow]:
    """Give the tasks from one place in the list to another."""
    ids = db.scalars(_sorted(db, asked, client_id, sort, descending).limit(limit).offset(offset))
    return rows_of(db, [TaskId(one) for one in ids])


def list_task_ids(
    db: Reader,
    *,
    sort: str = "due_on",
    descending: bool = False,
    asked: Filter = EVERYTHING,
    client_id: ClientId | None = None,
) -> list[TaskId]:
    """List the ids of all tasks that match, in order: what "select all" stands for."""
    return [TaskId(one) for one in db.scalars(_sorted(db, asked, client_id, sort, descending))]


def get_task(db: Reader, task_id: TaskId) -> TaskRow | None:
    """Give one task; None when it is not there."""
    is_there = db.first(select(Task.id).where(Task.id == task_id, ~Task.is_deleted))
    return rows_of(db, [task_id])[0] if is_there else None


def list_due_tasks(
    db: Reader, *, by: date, assignee_id: UserId | None = None, limit: int = AT_MOST
) -> list[TaskRow]:
    """List one's own (or somebody's) open tasks due by a day and not snoozed, the oldest first."""
    ids = db.scalars(
        select(Task.id)
        .where(IS_OPEN, Task.assignee_id == (assignee_id or db.actor), Task.due_on <= by, awake(db))
        .where(*task_clauses(db, EVERYTHING))
        .order_by(Task.due_on, Task.id)
        .limit(limit)
    )
    return rows_of(db, [TaskId(one) for one in ids])


def list_missed_reminders(db: Reader, *, limit: int = AT_MOST) -> list[TaskRow]:
    """List one's own open tasks whose reminder has gone by, the latest first.

    Also what fell due while the program was closed: a reminder is missed until the task is done,
    put off, or given another one.
    """
    ids = db.scalars(
        select(Task.id)
        .where(IS_OPEN, Task.remind_at.is_not(None), Task.remind_at <= db.now)
        .where(Task.assignee_id == db.actor, awake(db))
        .where(*task_clauses(db, EVERYTHING))
        .order_by(Task.remind_at.desc())
        .limit(limit)
    )
    return rows_of(db, [TaskId(one) for one in ids])


def get_next_reminder(db: Reader) -> datetime | None:
    """Give the moment at which one is next to be reminded of something; None if never."""
    return db.scalar(
        select(func.min(Task.remind_at)).where(
            IS_OPEN,
            ~Task.is_deleted,
            Task.remind_at.is_not(None),
            Task.remind_at > db.now,
            Task.assignee_id == db.actor,
        )
    )


def list_client_tasks(db: Reader, client_id: ClientId, *, limit: int = AT_MOST) -> list[TaskRow]:
    """List a client's open tasks, the next first; what has no date comes last."""
    ids = db.scalars(
        select(Task.id)
        .where(Task.client_id == client_id, ~Task.is_deleted, IS_OPEN)
        .order_by(Task.due_on.nulls_last(), Task.id)
        .limit(limit)
    )
    return rows_of(db, [TaskId(one) for one in ids])


def list_postponements(db: Reader, task_id: TaskId) -> list[DelayRow]:
    """List how a task was put off, the latest first."""
    rows = db.all(
        select(
            Postponement.postponed_at,
            Postponement.kind,
            Postponement.from_day,
            Postponement.to_day,
            Postponement.reason,
            func.coalesce(User.name, ""),
        )
        .outerjoin(User, User.id == Postponement.postponed_by)
        .where(Postponement.task_id == task_id, ~Postponement.is_deleted)
        .order_by(Postponement.postponed_at.desc(), Postponement.id.desc())
    )
    return [DelayRow(*row) for row in rows]


def count_postponements(db: Reader, client_id: ClientId) -> int:
    """Count how often we put a client off."""
    statement = select(func.count()).select_from(Postponement)
    return (
        db.scalar(statement.where(Postponement.client_id == client_id, ~Postponement.is_deleted))
        or 0
    )


def rows_of(db: Reader, ids: list[TaskId]) -> list[TaskRow]:
    """Give the rows of some tasks, in the order asked for."""
    today = day_of(db.now)
    found: dict[TaskId, TaskRow] = {}
    for row in db.all(_rows().where(Task.id.in_(ids))):
        late = row.due_at < db.now if row.due_at else bool(row.due_on and row.due_on < today)
        is_overdue = late and row.state is TaskState.OPEN
        found[row.id] = TaskRow(**row._asdict(), is_overdue=is_overdue)
    return [found[one] for one in ids if one in found]


def _clauses(db: Reader, asked: Filter, client_id: ClientId | None) -> list[Any]:
    of_client = [] if client_id is None else [Task.client_id == client_id]
    return [*task_clauses(db, asked), *of_client]


def _sorted(
    db: Reader, asked: Filter, client_id: ClientId | None, sort: str, descending: bool
) -> Select[Any]:
    columns = SORTS.get(sort, SORTS["due_on"])
    ordered = [_ordered(column, descending) for column in columns]
    return select(Task.id).where(*_clauses(db, asked, client_id)).order_by(*ordered)


def _ordered(column: Any, descending: bool) -> Any:
    ordered = column.desc() if descending else column.asc()
    if not column.expression.nullable:
        return ordered
    # Within a day what has no hour comes first: SQLite reads an index with nulls last only by
    # its first column.
    is_first = column is Task.due_at and not descending
    return ordered.nulls_first() if is_first else ordered.nulls_last()


def _rows() -> Select[*tuple[Any, ...]]:
    postponed = (
        select(func.count())
        .where(Postponement.task_id == Task.id, ~Postponement.is_deleted)
        .scalar_subquery()
    )
    return (
        select(
            Task.id,
            Task.title,
            Task.kind,
            Task.state,
            Task.priority,
            Task.client_id,
            func.coalesce(Client.name, "").label("client"),
            Task.contact_id,
            func.coalesce(Contact.name, "").label("contact"),
            Task.assignee_id,
            func.coalesce(User.name, "").label("assignee"),
            Task.due_on,
            Task.due_at,
            Task.remind_at,
            Task.snoozed_until,
            Task.recurrence,
            Task.ticket_id,
            Task.done_at,
            Task.outcome,
            Task.notes,
            postponed.label("postponed"),
        )
        .outerjoin(Client, Client.id == Task.client_id)
        .outerjoin(Contact, Contact.id == Task.contact_id)
        .outerjoin(User, User.id == Task.assignee_id)
    )
