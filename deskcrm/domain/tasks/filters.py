"""What tasks can be filtered and sorted by, and what each means in SQL."""

from typing import Any, Final

from sqlalchemy import ColumnElement, literal_column, not_, or_

from deskcrm.domain.absences.queries import list_stood_in_for
from deskcrm.domain.days import day_of
from deskcrm.domain.tasks.model import OPEN_SQL, Task, TaskKind, TaskState
from deskcrm.domain.tickets.model import Priority
from deskcrm.domain.views.clauses import (
    Clause,
    check_of,
    choice_of,
    clauses_of,
    day_in,
    keyed,
    moment_in,
    person_of,
    text_of,
    with_its_client,
)
from deskcrm.domain.views.filters import Condition, Filter, FilterField, ValueKind
from deskcrm.store.reader import Reader

IS_OPEN: Final[ColumnElement[Any]] = literal_column(f"task.{OPEN_SQL}")
"""The words of the partial indexes, so that the database recognises them."""


def _overdue(db: Reader, condition: Condition) -> ColumnElement[bool]:
    clause = IS_OPEN & overdue(db)
    return clause if condition.value else not_(clause)


def _snoozed(db: Reader, condition: Condition) -> ColumnElement[bool]:
    return not_(awake(db)) if condition.value else awake(db)


def _stood_in_for(db: Reader, condition: Condition) -> ColumnElement[bool]:
    clause = Task.assignee_id.in_([row.user_id for row in list_stood_in_for(db)])
    return clause if condition.value else not_(clause)


def overdue(db: Reader) -> ColumnElement[bool]:
    """What should have been done by now, to the minute where there is one."""
    return (Task.due_on < day_of(db.now)) | (Task.due_at < db.now)


def awake(db: Reader) -> ColumnElement[bool]:
    """What is not snoozed."""
    return or_(Task.snoozed_until.is_(None), Task.snoozed_until <= db.now)


FIELDS: Final[dict[str, tuple[FilterField, Clause]]] = keyed(
    [
        (FilterField("is_open", "Still to be done", ValueKind.CHECK), check_of(IS_OPEN)),
        (
            FilterField("state", "State", ValueKind.CHOICE, TaskState),
            choice_of(Task.state, TaskState),
        ),
        (FilterField("assignee", "Assignee", ValueKind.PERSON), person_of(Task.assignee_id)),
        (
            FilterField("is_stood_in_for", "Of somebody I stand in for", ValueKind.CHECK),
            _stood_in_for,
        ),
        (FilterField("due_on", "Due", ValueKind.DATE), day_in(Task.due_on)),
        (FilterField("is_overdue", "Overdue", ValueKind.CHECK), _overdue),
        (FilterField("kind", "Kind", ValueKind.CHOICE, TaskKind), choice_of(Task.kind, TaskKind)),
        (
            FilterField("priority", "Priority", ValueKind.CHOICE, Priority),
            choice_of(Task.priority, Priority),
        ),
        (FilterField("is_snoozed", "Snoozed", ValueKind.CHECK), _snoozed),
        (FilterField("title", "Title", ValueKind.TEXT), text_of(Task.title)),
        (FilterField("done_at", "Done", ValueKind.DATE), moment_in(Task.done_at)),
    ]
)

SORTS: Final[dict[str, tuple[Any, ...]]] = {
    "due_on": (Task.due_on, Task.due_at, Task.id),
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
    found = clauses_of(db, asked, FIELDS)
    return [~Task.is_deleted, *found, *with_its_client(db, Task.client_id, or_none=True)]
