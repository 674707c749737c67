"""What tasks can be filtered and sorted by, and what each means in SQL."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import ColumnElement, literal_column, not_, or_, select

from deskcrm.domain.clients.model import Client
from deskcrm.domain.days import day_of
from deskcrm.domain.tasks.model import OPEN_SQL, Task, TaskKind, TaskState
from deskcrm.domain.tickets.model import Priority
from deskcrm.domain.views.filters import Condition, Filter, FilterField, ValueKind, check_filter
from deskcrm.domain.views.sql import (
    choice_clause,
    date_clause,
    read_person,
    start_of_day,
    text_clause,
)
from deskcrm.store.reader import Reader

Clause = Callable[[Reader, Condition], ColumnElement[bool]]

IS_OPEN: Final[ColumnElement[Any]] = literal_column(f"task.{OPEN_SQL}")
"""The words of the partial indexes, so that the database recognises them."""


def _choice(column: Any, choices: Callable[[str], Any]) -> Clause:
    return lambda db, condition: choice_clause(column, condition, choices)


def _open(_db: Reader, condition: Condition) -> ColumnElement[bool]:
    return IS_OPEN if condition.value else not_(IS_OPEN)


def _overdue(db: Reader, condition: Condition) -> ColumnElement[bool]:
    clause = IS_OPEN & overdue(db)
    return clause if condition.value else not_(clause)


def _snoozed(db: Reader, condition: Condition) -> ColumnElement[bool]:
    return not_(awake(db)) if condition.value else awake(db)


def overdue(db: Reader) -> ColumnElement[bool]:
    """What should have been done by now, to the minute where there is one."""
    return (Task.due_on < day_of(db.now)) | (Task.due_at < db.now)


def awake(db: Reader) -> ColumnElement[bool]:
    """What is not snoozed."""
    return or_(Task.snoozed_until.is_(None), Task.snoozed_until <= db.now)


FIELDS: Final[dict[str, tuple[FilterField, Clause]]] = {
    field.key: (field, clause)
    for field, clause in (
        (FilterField("is_open", "Open", ValueKind.CHECK), _open),
        (
            FilterField("state", "State", ValueKind.CHOICE, TaskState),
            _choice(Task.state, TaskState),
        ),
        (
            FilterField("assignee", "Assignee", ValueKind.PERSON),
            lambda db, condition: choice_clause(Task.assignee_id, condition, read_person(db.actor)),
        ),
        (
            FilterField("due_on", "Due", ValueKind.DATE),
            lambda db, condition: date_clause(Task.due_on, condition, today=day_of(db.now)),
        ),
        (FilterField("is_overdue", "Overdue", ValueKind.CHECK), _overdue),
        (FilterField("kind", "Kind", ValueKind.CHOICE, TaskKind), _choice(Task.kind, TaskKind)),
        (
            FilterField("priority", "Priority", ValueKind.CHOICE, Priority),
            _choice(Task.priority, Priority),
        ),
        (FilterField("is_snoozed", "Snoozed", ValueKind.CHECK), _snoozed),
        (
            FilterField("title", "Title", ValueKind.TEXT),
            lambda db, condition: text_clause(Task.title, condition),
        ),
        (
            FilterField("done_at", "Done", ValueKind.DATE),
            lambda db, condition: date_clause(
                Task.done_at, condition, today=day_of(db.now), at=start_of_day
            ),
        ),
    )
}

SORTS: Final[dict[str, tuple[Any, ...]]] = {
    "due_on": (Task.due_on, Task.id),
    "priority": (Task.priority, Task.due_on, Task.id),
    "title": (Task.title, Task.id),
    "kind": (Task.kind, Task.due_on, Task.id),
    "state": (Task.state, Task.due_on, Task.id),
    "done_at": (Task.done_at, Task.id),
    "created_at": (Task.id,),
}
"""The columns behind each order; what has no date comes last in either direction."""


def list_filter_fields() -> list[FilterField]:
    """List what tasks can be filtered by."""
    return [field for field, _ in FIELDS.values()]


def task_clauses(db: Reader, asked: Filter) -> list[ColumnElement[bool]]:
    """Turn a filter into conditions on tasks; raises UserError when it cannot be answered."""
    check_filter(asked, {key: field for key, (field, _) in FIELDS.items()})
    clauses = [FIELDS[one.field][1](db, one) for one in asked.conditions]
    if db.first(select(Client.id).where(Client.is_deleted).limit(1)) is not None:
        # Tasks of a deleted client are hidden with it; asked only then, it costs a look-up each.
        hidden = select(Client.id).where(Client.is_deleted)
        clauses.append(or_(Task.client_id.is_(None), Task.client_id.not_in(hidden)))
    return [~Task.is_deleted, *clauses]
