"""The tables of tasks and of how often each was put off."""

from datetime import date, datetime
from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.interactions.channels import InteractionId
from deskcrm.domain.names import one_line
from deskcrm.domain.tickets.model import Priority, TicketId
from deskcrm.domain.users.model import UserId
from deskcrm.store.indexes import index_where
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges, refers, signs

TaskId = NewType("TaskId", UUID)

OPEN_SQL: Final = "state = 'open'"
"""Still to be done. Written out, for the partial indexes and the queries alike."""


class TaskKind(StrEnum):
    """What is to be done."""

    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"
    FOLLOW_UP = "follow_up"
    RENEWAL = "renewal"
    TO_DO = "to_do"


class TaskState(StrEnum):
    """How far a task has come."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


def merge_states(mine: TaskState, theirs: TaskState) -> TaskState:
    """Decide between two states set without knowledge of one another: what was done is done."""
    return min(mine, theirs, key=(TaskState.DONE, TaskState.CANCELLED, TaskState.OPEN).index)


def _living(name: str, *columns: str, which: str = "") -> Index:
    where = f"is_deleted = 0{which}"
    return index_where(name, *columns, where=where, postgres=f"NOT is_deleted{which}")


def _while_open(name: str, *columns: str, also: str = "") -> Index:
    return _living(name, *columns, which=f" AND {OPEN_SQL}{also}")


def _if_given(name: str, column: str) -> Index:
    return index_where(name, column, where=f"{column} IS NOT NULL")


class Task(Record, kw_only=True):
    """Something that somebody here means to do, mostly for a client."""

    __tablename__ = "task"
    __subject__ = "client_id"
    __title__ = "title"
    __table_args__ = (
        _living("ix_task_living_by_due", "due_on", "due_at", "id"),
        Index(None, "client_id", "done_at"),
        _if_given("ix_task_follows_id", "follows_id"),
        _if_given("ix_task_interaction_id", "interaction_id"),
        _while_open("ix_task_open_by_due", "due_on", "due_at", "id"),
        _while_open("ix_task_open_by_priority", "priority", "due_on", "id"),
        _while_open("ix_task_open_by_assignee", "assignee_id", "due_on", "id"),
        _while_open("ix_task_open_by_client", "client_id", "due_on"),
        _while_open("ix_task_reminder", "remind_at", also=" AND remind_at IS NOT NULL"),
    )

    title: Mapped[str]
    client_id: Mapped[ClientId | None] = mapped_column(default=None, info=refers("client"))
    contact_id: Mapped[ContactId | None] = mapped_column(default=None, info=refers("contact"))
    kind: Mapped[TaskKind] = mapped_column(default=TaskKind.FOLLOW_UP)
    due_on: Mapped[date | None] = mapped_column(default=None, info=merges(Merge.EARLIER))
    due_at: Mapped[datetime | None] = mapped_column(default=None, info=merges(Merge.EARLIER))
    """The exact moment, if there is one; ``due_on`` is then its day where it was set."""
    remind_at: Mapped[datetime | None] = mapped_column(default=None)
    assignee_id: Mapped[UserId | None] = mapped_column(default=None, info=refers("user"))
    priority: Mapped[Priority] = mapped_column(default=Priority.NORMAL)
    recurrence: Mapped[str] = mapped_column(default="")
    """An RRULE of RFC 5545, or empty."""
    state: Mapped[TaskState] = mapped_column(
        default=TaskState.OPEN,
        info={**merges(Merge.STATE, group="end"), "rule": merge_states},
    )
    done_at: Mapped[datetime | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="end")
    )
    done_by: Mapped[UserId | None] = mapped_column(
        default=None, info={**refers("user"), "group": "end"}
    )
    outcome: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))
    notes: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))
    snoozed_until: Mapped[datetime | None] = mapped_column(default=None)
    ticket_id: Mapped[TicketId | None] = mapped_column(default=None, info=refers("ticket"))
    interaction_id: Mapped[InteractionId | None] = mapped_column(
        default=None, info=refers("interaction", Merge.FINAL)
    )
    """The interaction that it came out of."""
    follows_id: Mapped[TaskId | None] = mapped_column(
        default=None, info=refers("task", Merge.FINAL)
    )
    """The task that it was scheduled after."""

    def __post_init__(self) -> None:
        self.retitle(self.title)

    def retitle(self, title: str) -> None:
        """Give the task another title."""
        title = one_line(title)
        if not title:
            raise UserError(
                tr("A task needs a title."), tr("Say in a few words what is to be done.")
            )
        self.title = title

    def set_due(self, due: date | datetime | None) -> None:
        """Set when it is due: a day, or a moment in the time zone of the person who says it."""
        if isinstance(due, datetime):
            self.due_on, self.due_at = due.date(), due
        else:
            self.due_on, self.due_at = due, None

    def check_open(self) -> None:
        """Refuse to go on with a task that is done or cancelled."""
        if self.state is TaskState.DONE:
            raise UserError(
                tr("“{title}” is already done.", title=self.title), tr("Reopen it first.")
            )
        if self.state is TaskState.CANCELLED:
            raise UserError(
                tr("“{title}” was cancelled.", title=self.title), tr("Reopen it first.")
            )


class DelayKind(StrEnum):
    """How a task was put off."""

    RESCHEDULED = "rescheduled"
    SNOOZED = "snoozed"


class Postponement(Record, kw_only=True):
    """That a task was put off, from when to when, and why: how often do we put this client off?"""

    __tablename__ = "postponement"
    __subject__ = "client_id"
    __title__ = "reason"
    __table_args__ = (Index(None, "task_id"), Index(None, "client_id"))

    task_id: Mapped[TaskId] = mapped_column(info=refers("task", Merge.FINAL))
    client_id: Mapped[ClientId | None] = mapped_column(default=None, info=refers("client"))
    kind: Mapped[DelayKind] = mapped_column(info=merges(Merge.FINAL))
    from_day: Mapped[date | None] = mapped_column(default=None, info=merges(Merge.FINAL))
    to_day: Mapped[date | None] = mapped_column(default=None, info=merges(Merge.FINAL))
    reason: Mapped[str] = mapped_column(default="", info=merges(Merge.FINAL))
    postponed_by: Mapped[UserId] = mapped_column(info=signs())
    postponed_at: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))
