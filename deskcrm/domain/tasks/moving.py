"""Puts tasks off, brings them forward, and hands them over; every delay leaves its reason."""

from collections.abc import Sequence
from datetime import date, datetime

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.days import day_of
from deskcrm.domain.names import one_line
from deskcrm.domain.tasks.commands import on_day
from deskcrm.domain.tasks.model import DelayKind, Postponement, Task, TaskId
from deskcrm.domain.tasks.several import chosen_tasks
from deskcrm.domain.tickets.model import Priority
from deskcrm.domain.users.commands import check_assignable
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.work import Work


@command("tasks.reschedule", "Reschedule task")
def reschedule_tasks(
    work: Work, task_ids: Sequence[TaskId], *, due: date | datetime | None, reason: str = ""
) -> int:
    """Set when tasks are due; gives how many moved. Putting one off is noted with its reason.

    A day keeps each task's own hour; a reminder moves along.
    """
    moved = 0
    for task in chosen_tasks(work, task_ids):
        task.check_open()
        before, moment = task.due_on, task.due_at
        task.set_due(_at_its_hour(task, due))
        if (task.due_on, task.due_at) == (before, moment):
            continue
        moved += 1
        task.snoozed_until = None
        _move_reminder(task, before)
        if before is not None and (task.due_on is None or task.due_on > before):
            _note_delay(work, task, DelayKind.RESCHEDULED, before, task.due_on, reason)
    return moved


@command("tasks.snooze", "Snooze task")
def snooze_tasks(
    work: Work, task_ids: Sequence[TaskId], *, until: datetime, reason: str = ""
) -> int:
    """Take tasks out of sight until a moment; when they are due stays as it is."""
    if until <= work.now:
        raise UserError(
            tr("A task cannot be snoozed into the past."), tr("Choose a moment to come.")
        )
    tasks = chosen_tasks(work, task_ids)
    for task in tasks:
        task.check_open()
        task.snoozed_until = until
        _note_delay(work, task, DelayKind.SNOOZED, day_of(work.now), day_of(until), reason)
    return len(tasks)


@command("tasks.wake", "Wake task")
def wake_tasks(work: Work, task_ids: Sequence[TaskId]) -> int:
    """Bring snoozed tasks back into sight; gives how many slept."""
    asleep = [task for task in chosen_tasks(work, task_ids) if task.snoozed_until is not None]
    for task in asleep:
        task.snoozed_until = None
    return len(asleep)


@command("tasks.set_reminder", "Set reminder")
def set_reminder(work: Work, task_id: TaskId, *, at: datetime | None) -> None:
    """Set when to be reminded of a task, or not to be."""
    task = work.get(Task, task_id)
    task.check_open()
    if at is not None and at <= work.now:
        raise UserError(tr("A reminder cannot be in the past."), tr("Choose a moment to come."))
    task.remind_at = at


@command("tasks.reassign", "Reassign task")
def reassign_tasks(work: Work, task_ids: Sequence[TaskId], *, assignee_id: UserId | None) -> int:
    """Hand tasks to a person, or to nobody; gives how many changed hands."""
    if assignee_id is not None:
        check_assignable(work, assignee_id)
    moved = [task for task in chosen_tasks(work, task_ids) if task.assignee_id != assignee_id]
    for task in moved:
        task.assignee_id = assignee_id
    return len(moved)


@command("tasks.set_priority", "Set priority")
def set_task_priority(work: Work, task_ids: Sequence[TaskId], *, priority: Priority) -> int:
    """Set how pressing tasks are; gives how many changed."""
    changed = [task for task in chosen_tasks(work, task_ids) if task.priority is not priority]
    for task in changed:
        task.priority = priority
    return len(changed)


def _at_its_hour(task: Task, due: date | datetime | None) -> date | datetime | None:
    if task.due_at is None or due is None or isinstance(due, datetime):
        return due
    return on_day(task.due_at, due)


def _move_reminder(task: Task, before: date | None) -> None:
    if task.remind_at is None or task.due_on is None or before is None:
        return
    notice = (day_of(task.remind_at) - before).days
    task.remind_at = on_day(task.remind_at, date.fromordinal(task.due_on.toordinal() + notice))


def _note_delay(
    work: Work, task: Task, kind: DelayKind, before: date, after: date | None, reason: str
) -> None:
    work.add(
        Postponement(
            task_id=TaskId(task.id),
            client_id=task.client_id,
            kind=kind,
            from_day=before,
            to_day=after,
            reason=one_line(reason),
            postponed_by=UserId(work.actor),
            postponed_at=work.now,
        )
    )
