"""What a person can do with tasks."""

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QPushButton

from deskcrm.base.words import ntr, of, ptr, tr
from deskcrm.domain.absences.queries import Choosable, list_choosable
from deskcrm.domain.edits.rehearsing import Place
from deskcrm.domain.tasks.commands import (
    FollowUp,
    complete_and_follow_up,
    complete_task,
    complete_tasks,
    create_task,
    delete_tasks,
    edit_task,
    reopen_task,
)
from deskcrm.domain.tasks.model import TaskKind, TaskState
from deskcrm.domain.tasks.moving import reassign_tasks, wake_tasks
from deskcrm.domain.tasks.queries import list_task_ids
from deskcrm.domain.tasks.recurrence import Unit, make_rule
from deskcrm.domain.tickets.model import Priority
from deskcrm.ui.absences.words import person_options
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.edits.actions import declare_edit
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.actions import action
from deskcrm.ui.kit.fields import Choice, Line, Text
from deskcrm.ui.kit.fields_parsed import Day, Moment
from deskcrm.ui.kit.list_detail import for_targets, one_selected, some_selected
from deskcrm.ui.lookup.whose import Whose, read_ids
from deskcrm.ui.tasks.putting_off import open_rescheduling, open_snooze

if TYPE_CHECKING:
    from deskcrm.ui.tasks.screen import TasksScreen

_NOBODY: Final = "nobody"


def _open_selected(screen: Any) -> bool:
    row = screen.row()
    return row is not None and row.state is TaskState.OPEN


def _ended_selected(screen: Any) -> bool:
    row = screen.row()
    return row is not None and row.state is not TaskState.OPEN


def _named(screen: "TasksScreen") -> str:
    """Name the task that a card is about, or say how many they are."""
    count = screen.selection.count(screen.table.rows.total)
    row = screen.row()
    if row is None or count > 1 or (count == 1 and not screen.selection.has(row.id)):
        return ntr("{n} task", "{n} tasks", max(1, count))
    return row.title


@action("tasks.new", "New task", key="N", icon="plus", synonyms="add todo создать задача дело")
def new(screen: "TasksScreen") -> None:
    """Write a new task."""
    screen.desk.ask((screen, "new"), list_choosable).then(lambda people: _open_new(screen, people))


def _open_new(screen: "TasksScreen", people: list[Choosable]) -> None:
    def save(values: dict[str, Any]) -> Any:
        due, assignee = values.pop("due"), values.pop("assignee_id")
        rule, (client, contact) = values.pop("repeats"), read_ids(values.pop("client"))
        given = {"assignee_id": assignee} if assignee is not None else {}
        deed = screen.desk.do(
            create_task,
            due=due,
            client_id=client,
            contact_id=contact,
            recurrence=rule or "",
            **given,
            **values,
        )
        return deed.tell()

    FormCard(
        screen.desk,
        screen,
        tr("New task"),
        [
            Line("title", tr("What is to be done"), required=True),
            Whose(screen.desk),
            (Day("due", tr("Due")), Choice("kind", tr("Kind"), _kinds())),
            (
                Choice("assignee_id", tr("Assignee"), person_options(people), none=tr("Me")),
                Choice("priority", tr("Priority"), _priorities()),
            ),
            Choice("repeats", tr("Repeats"), _rules(), none=tr("Never")),
            Text("notes", tr("Notes")),
        ],
        save,
        place="tasks.new",
        values={"kind": TaskKind.FOLLOW_UP, "priority": Priority.NORMAL},
        button=tr("Add task"),
    )


@action("tasks.edit", "Edit…", key="E", needs=one_selected, icon="edit", synonyms="change править")
def edit(screen: "TasksScreen") -> None:
    """Edit the current task."""
    row = screen.row()
    if row is None:
        return
    FormCard(
        screen.desk,
        screen,
        tr("Edit task"),
        [
            Line("title", tr("What is to be done"), required=True),
            (
                Choice("kind", tr("Kind"), _kinds()),
                Choice("priority", tr("Priority"), _priorities()),
            ),
            Moment("remind_at", tr("Reminder")),
            Text("notes", tr("Notes")),
        ],
        lambda changes: screen.desk.do(edit_task, row.id, **changes).tell(),
        place="tasks.edit",
        subject=row.id.hex,
        values={
            "title": row.title,
            "kind": row.kind,
            "priority": row.priority,
            "remind_at": row.remind_at,
            "notes": row.notes,
        },
        changes_only=True,
    )


@action(
    "tasks.done", "Done", key="D", needs=some_selected, icon="check", synonyms="complete готово"
)
def done(screen: "TasksScreen") -> None:
    """Mark the picked tasks as done."""

    def complete(ids: list[Any]) -> None:
        if len(ids) == 1:
            screen.desk.do(complete_task, ids[0]).tell()
        else:
            screen.desk.do(complete_tasks, ids).tell()

    for_targets(screen, list_task_ids, complete)


@action(
    "tasks.done_and_next",
    "Done, and schedule next…",
    key="Shift+D",
    needs=_open_selected,
    icon="chevron-right",
    synonyms="follow up следующий",
)
def done_and_next(screen: "TasksScreen") -> None:
    """Mark the current task as done and schedule what comes after it."""
    row = screen.row()
    if row is None:
        return

    def save(values: dict[str, Any]) -> Any:
        follow_up = FollowUp(
            int(values["count"]), values["unit"], values["after"], values["title"], row.kind
        )
        return screen.desk.do(
            complete_and_follow_up, row.id, follow_up=follow_up, outcome=values["outcome"]
        ).tell()

    FormCard(
        screen.desk,
        screen,
        tr("Done, and schedule next"),
        [
            Text("outcome", tr("How did it go?"), lines=2),
            Line("title", tr("Next"), required=True),
            (
                Line("count", tr("In"), required=True, check=_whole_number),
                Choice("unit", tr("Unit"), _units()),
                Choice("after", tr("Counted from"), _beginnings()),
            ),
        ],
        save,
        place="tasks.next",
        subject=row.id.hex,
        about=row.title,
        values={"title": row.title, "count": "7", "unit": Unit.DAY, "after": False},
        button=tr("Done, and schedule"),
    )


@action(
    "tasks.snooze",
    "Snooze…",
    key="S",
    needs=_open_selected,
    icon="snooze",
    synonyms="later отложить",
)
def snooze(screen: "TasksScreen") -> None:
    """Take the picked tasks out of sight for a while, with a reason."""
    open_snooze(
        screen.desk, screen, partial(for_targets, screen, list_task_ids), what=_named(screen)
    )


@action(
    "tasks.reschedule",
    "Reschedule…",
    key="R",
    needs=_open_selected,
    icon="calendar",
    synonyms="due date move перенести срок",
)
def reschedule(screen: "TasksScreen") -> None:
    """Set another due date for the picked tasks, with a reason."""
    row = screen.row()
    due = row.due_on if row is not None else None
    open_rescheduling(
        screen.desk,
        screen,
        partial(for_targets, screen, list_task_ids),
        due=due,
        what=_named(screen),
    )


@action(
    "tasks.reassign",
    "Hand over…",
    key="A",
    needs=_open_selected,
    icon="person",
    synonyms="assign передать назначить",
)
def reassign(screen: "TasksScreen") -> None:
    """Give the picked tasks to a colleague."""
    screen.desk.ask((screen, "people"), list_choosable).then(
        lambda people: _open_reassign(screen, people)
    )


def _open_reassign(screen: "TasksScreen", people: list[Choosable]) -> None:
    # Nobody is offered before one is chosen: whoever has the task already would not do.
    options = [*person_options(people), (_NOBODY, ptr("To whom", "Nobody"))]

    def save(values: dict[str, Any]) -> Any:
        chosen = values["assignee_id"]
        to = None if chosen == _NOBODY else chosen
        return for_targets(
            screen,
            list_task_ids,
            lambda ids: screen.desk.do(reassign_tasks, ids, assignee_id=to).tell(),
        )

    FormCard(
        screen.desk,
        screen,
        tr("Hand over"),
        [Choice("assignee_id", tr("To"), options, none=tr("Choose…"), required=True)],
        save,
        place="tasks.reassign",
        about=_named(screen),
        button=tr("Hand over"),
        width=420,
    )


@action("tasks.wake", "Wake", key="W", needs=_open_selected, icon="sun", synonyms="разбудить")
def wake(screen: "TasksScreen") -> None:
    """Bring snoozed tasks back into sight."""
    for_targets(screen, list_task_ids, lambda ids: screen.desk.do(wake_tasks, ids).tell())


@action("tasks.reopen", "Reopen", key="U", needs=_ended_selected, icon="undo", synonyms="вернуть")
def reopen(screen: "TasksScreen") -> None:
    """Open a task again that was done or cancelled."""
    row = screen.row()
    if row is not None:
        screen.desk.do(reopen_task, row.id).tell()


edit_field = declare_edit(Place.TASKS, list_task_ids)


@action("tasks.delete", "Delete", key="Del", needs=some_selected, icon="trash", synonyms="удалить")
def delete(screen: "TasksScreen") -> None:
    """Delete the picked tasks; Undo brings them back."""
    for_targets(screen, list_task_ids, lambda ids: screen.desk.do(delete_tasks, ids).tell())


@action(
    "tasks.client", "Open client", key="C", needs=one_selected, icon="clients", synonyms="клиент"
)
def open_client(screen: "TasksScreen") -> None:
    """Go to the client of the current task."""
    row = screen.row()
    if row is not None and row.client_id is not None:
        screen.desk.go("clients", client=row.client_id)


def bulk_buttons(screen: "TasksScreen") -> list[QPushButton]:
    """Make the buttons of the bar that appears when tasks are picked."""
    return [
        parts.button(words, partial(run, screen), look="quiet", icon=icon)
        for words, run, icon in (
            (tr("Done"), done, "check"),
            (tr("Reschedule…"), reschedule, "calendar"),
            (tr("Hand over…"), reassign, "person"),
            (tr("Delete"), delete, "trash"),
        )
    ]


def _kinds() -> list[tuple[TaskKind, str]]:
    return [(kind, of(kind)) for kind in TaskKind]


def _priorities() -> list[tuple[Priority, str]]:
    return [(priority, of(priority)) for priority in Priority]


def _units() -> list[tuple[Unit, str]]:
    return [(Unit.DAY, tr("days")), (Unit.WEEK, tr("weeks")), (Unit.MONTH, tr("months"))]


def _beginnings() -> list[tuple[bool, str]]:
    return [
        (False, ptr("counted from", "today")),
        (True, ptr("counted from", "the due date")),
    ]


def _rules() -> list[tuple[str, str]]:
    return [
        (make_rule(1, Unit.DAY), tr("every day")),
        (make_rule(1, Unit.WEEK), tr("every week")),
        (make_rule(2, Unit.WEEK), tr("every two weeks")),
        (make_rule(1, Unit.MONTH), tr("every month")),
        (make_rule(3, Unit.MONTH), tr("every quarter")),
    ]


def _whole_number(text: Any) -> str:
    return "" if str(text).strip().isdigit() else tr("Write a whole number, like 7.")
