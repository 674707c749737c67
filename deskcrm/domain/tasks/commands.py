"""Makes tasks, does them, and schedules what comes after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict, Unpack

from deskcrm.base.errors import UserError
from deskcrm.base.ids import new_id
from deskcrm.base.words import tr
from deskcrm.domain.belonging import check_client, check_contact, check_interaction, check_ticket
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.days import day_of
from deskcrm.domain.interactions.channels import InteractionId
from deskcrm.domain.tasks.model import Task, TaskId, TaskKind, TaskState
from deskcrm.domain.tasks.recurrence import Unit, carried, check_rule, later, next_day
from deskcrm.domain.tasks.several import chosen_tasks
from deskcrm.domain.tickets.model import Priority, TicketId
from deskcrm.domain.users.commands import check_assignable
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.commands import command
from deskcrm.store.work import Work


class TaskDetails(TypedDict, total=False):
    """What may be known of a task besides its title and when it is due."""

    kind: TaskKind
    contact_id: ContactId | None
    assignee_id: UserId | None
    priority: Priority
    remind_at: datetime | None
    recurrence: str
    notes: str
    ticket_id: TicketId | None
    interaction_id: InteractionId | None


class TaskChanges(TypedDict, total=False):
    """What can be edited of a task; only what is given is written."""

    title: str
    kind: TaskKind
    client_id: ClientId | None
    contact_id: ContactId | None
    priority: Priority
    remind_at: datetime | None
    recurrence: str
    notes: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What comes after a task: so many units after it was done, or after it was due.

    A title or a kind that is not given is that of the task before.
    """

    count: int
    unit: Unit = Unit.DAY
    is_after_deadline: bool = False
    title: str = ""
    kind: TaskKind | None = None


@command("tasks.create", "Add task")
def create_task(
    work: Work,
    /,
    *,
    title: str,
    client_id: ClientId | None = None,
    due: date | datetime | None = None,
    **details: Unpack[TaskDetails],
) -> TaskId:
    """Add a task; it is one's own unless an assignee, or None for nobody, is given."""
    if client_id is not None:
        check_client(work, client_id)
    task = Task(title=title, client_id=client_id)
    task.set_due(due)
    _detail(work, task, {"assignee_id": _self_if_known(work), **details})
    return TaskId(work.add(task).id)


@command("tasks.edit", "Edit task")
def edit_task(work: Work, /, task_id: TaskId, **changes: Unpack[TaskChanges]) -> None:
    """Change what is known of a task; when it is due is changed by rescheduling."""
    task = work.get(Task, task_id)
    if "title" in changes:
        task.retitle(changes["title"])
    if "client_id" in changes and changes["client_id"] != task.client_id:
        if changes["client_id"] is not None:
            check_client(work, changes["client_id"])
        task.client_id, task.contact_id, task.ticket_id = changes["client_id"], None, None
    details: TaskDetails = {}
    if "kind" in changes:
        details["kind"] = changes["kind"]
    if "contact_id" in changes:
        details["contact_id"] = changes["contact_id"]
    if "priority" in changes:
        details["priority"] = changes["priority"]
    if "remind_at" in changes:
        details["remind_at"] = changes["remind_at"]
    if "recurrence" in changes:
        details["recurrence"] = changes["recurrence"]
    if "notes" in changes:
        details["notes"] = changes["notes"]
    _detail(work, task, details)


@command("tasks.complete", "Complete task")
def complete_task(work: Work, task_id: TaskId, *, outcome: str = "") -> TaskId | None:
    """Mark a task as done; one that recurs comes back, and its next one is given."""
    task = work.get(Task, task_id)
    _end(work, task, TaskState.DONE, outcome)
    return _recur(work, task)


@command("tasks.complete_several", "Complete tasks")
def complete_tasks(work: Work, task_ids: Sequence[TaskId], *, outcome: str = "") -> int:
    """Mark tasks as done; gives how many were not done before."""
    ended = [task for task in chosen_tasks(work, task_ids) if task.state is TaskState.OPEN]
    for task in ended:
        _end(work, task, TaskState.DONE, outcome)
        _recur(work, task)
    return len(ended)


@command("tasks.complete_and_follow_up", "Done, and schedule next")
def complete_and_follow_up(
    work: Work, task_id: TaskId, *, follow_up: FollowUp, outcome: str = ""
) -> TaskId:
    """Mark a task as done and add the one that comes after; gives that one.

    What recurs comes back as asked here, this once, instead of by its rule, and keeps the rule.
    """
    if follow_up.count < 0:
        raise UserError(tr("The next task cannot be due in the past."), tr("Enter 0 or more."))
    task = work.get(Task, task_id)
    _end(work, task, TaskState.DONE, outcome)
    today = day_of(work.now)
    base = task.due_on if follow_up.is_after_deadline and task.due_on else today
    due_on = max(later(base, follow_up.count, follow_up.unit), today)
    return _next(
        work,
        task,
        due_on,
        title=follow_up.title or task.title,
        kind=follow_up.kind or task.kind,
        recurrence=task.recurrence,
    )


@command("tasks.skip", "Skip this time")
def skip_task(work: Work, task_id: TaskId, *, reason: str = "") -> TaskId | None:
    """Leave out one time of a task that recurs; gives the next one."""
    task = work.get(Task, task_id)
    if not task.recurrence:
        raise UserError(
            tr("“{title}” does not come back.", title=task.title),
            tr("Cancel it, or reschedule it."),
        )
    _end(work, task, TaskState.CANCELLED, reason)
    return _recur(work, task)


@command("tasks.cancel", "Cancel task")
def cancel_tasks(work: Work, task_ids: Sequence[TaskId], *, reason: str = "") -> int:
    """Give tasks up; what recurs does not come back. Gives how many were open."""
    ended = [task for task in chosen_tasks(work, task_ids) if task.state is TaskState.OPEN]
    for task in ended:
        _end(work, task, TaskState.CANCELLED, reason)
    return len(ended)


@command("tasks.reopen", "Reopen task")
def reopen_task(work: Work, task_id: TaskId) -> None:
    """Take up again what was done or cancelled."""
    task = work.get(Task, task_id)
    if task.state is TaskState.OPEN:
        raise UserError(tr("“{title}” is still open.", title=task.title))
    task.state, task.done_at, task.done_by = TaskState.OPEN, None, None
    if task.recurrence and _has_open_successor(work, TaskId(task.id)):
        # The next one already carries the rule on: two would each bring a third.
        task.recurrence = ""


@command("tasks.delete", "Delete task")
def delete_tasks(work: Work, task_ids: Sequence[TaskId]) -> int:
    """Delete tasks; gives how many."""
    tasks = chosen_tasks(work, task_ids)
    for task in tasks:
        work.delete(task)
    return len(tasks)


def _self_if_known(work: Work) -> UserId | None:
    user = work.find(User, work.actor)
    return UserId(user.id) if user is not None and user.is_active else None


def _detail(work: Work, task: Task, details: TaskDetails) -> None:
    if "kind" in details:
        task.kind = details["kind"]
    if "contact_id" in details:
        check_contact(work, details["contact_id"], task.client_id)
        task.contact_id = details["contact_id"]
    if "priority" in details:
        task.priority = details["priority"]
    if "remind_at" in details:
        task.remind_at = details["remind_at"]
    if "recurrence" in details:
        _set_recurrence(task, details["recurrence"])
    if "notes" in details:
        task.notes = details["notes"].strip()
    if "interaction_id" in details:
        check_interaction(work, details["interaction_id"], task.client_id)
        task.interaction_id = details["interaction_id"]
    assignee_id = details.get("assignee_id")
    if assignee_id is not None:
        check_assignable(work, assignee_id)
        task.assignee_id = assignee_id
    ticket_id = details.get("ticket_id")
    if ticket_id is not None:
        check_ticket(work, ticket_id, task.client_id)
        task.ticket_id = ticket_id


def _set_recurrence(task: Task, rule: str) -> None:
    rule = check_rule(rule)
    if rule and task.due_on is None:
        raise UserError(tr("A task that comes back needs a first day."), tr("Set when it is due."))
    task.recurrence = rule


def _end(work: Work, task: Task, state: TaskState, outcome: str) -> None:
    task.check_open()
    task.state, task.done_at, task.done_by = state, work.now, UserId(work.actor)
    task.outcome = outcome.strip() or task.outcome
    task.snoozed_until = None


def _recur(work: Work, task: Task) -> TaskId | None:
    if not task.recurrence or task.due_on is None:
        return None
    next_on = next_day(task.recurrence, task.due_on, day_of(work.now))
    if next_on is None:
        return None
    rule = carried(task.recurrence, task.due_on, next_on)
    return _next(work, task, next_on, title=task.title, kind=task.kind, recurrence=rule)


def _next(
    work: Work, task: Task, due_on: date, *, title: str, kind: TaskKind, recurrence: str
) -> TaskId:
    """Add the task that comes after one, at the same hour and with the same notice.

    What recurs comes back once, however many people have done it apart: the id is worked out.
    """
    following = Task(
        id=work.unused_id(Task, "after", task.id) if task.recurrence else new_id(),
        title=title,
        client_id=task.client_id,
        contact_id=task.contact_id,
        kind=kind,
        assignee_id=task.assignee_id,
        priority=task.priority,
        recurrence=recurrence,
        notes=task.notes,
        ticket_id=task.ticket_id,
        follows_id=TaskId(task.id),
    )
    following.set_due(due_on if task.due_at is None else on_day(task.due_at, due_on))
    if task.remind_at is not None and task.due_on is not None:
        notice = (day_of(task.remind_at) - task.due_on).days
        remind_on = date.fromordinal(due_on.toordinal() + notice)
        following.remind_at = on_day(task.remind_at, remind_on)
    return TaskId(work.add(following).id)


def on_day(moment: datetime, day: date) -> datetime:
    """Give the same hour by the clock on another day, summer time or not."""
    return datetime.combine(day, moment.astimezone().time()).astimezone()


def _has_open_successor(work: Work, task_id: TaskId) -> bool:
    from sqlalchemy import select

    return (
        work.first(
            select(Task.id).where(
                Task.follows_id == task_id,
                ~Task.is_deleted,
                Task.state == TaskState.OPEN,
                Task.recurrence != "",
            )
        )
        is not None
    )
