"""The list of tasks, and one task."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, ptr, tr
from deskcrm.domain.tasks.model import TaskId, TaskKind, TaskState
from deskcrm.domain.tasks.queries import TaskRow, count_tasks, get_task, page_tasks
from deskcrm.domain.tickets.model import Priority
from deskcrm.domain.views.filters import ME, Comparison, Filter
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.list_detail import ListDetail
from deskcrm.ui.kit.pane import Empty
from deskcrm.ui.kit.segments import Segments
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.tasks import actions
from deskcrm.ui.tasks.record import TaskRecord
from deskcrm.ui.tasks.words import due_chip
from deskcrm.ui.tickets.shapes import Share

KIND_ICONS: Final = {
    TaskKind.CALL: "phone",
    TaskKind.EMAIL: "mail",
    TaskKind.MEETING: "meeting",
    TaskKind.FOLLOW_UP: "clock",
    TaskKind.RENEWAL: "contract",
    TaskKind.TO_DO: "check",
}
NARROWEST: Final = 440
"""Room for what is to be done beside when it is due."""
_EVERYBODYS, _DONE = 4, 6
_OPEN: Final = Filter().also("is_open", Comparison.IS, True)
_MINE: Final = _OPEN.also("assignee", Comparison.IS, ME)
_AWAKE: Final = _MINE.also("is_snoozed", Comparison.IS, False)


def _nothing(_index: int) -> None:
    """Before the list is there, changing the shelf loads nothing."""


def shelves() -> list[tuple[str, Filter]]:
    """Name the shelves that tasks stand on, and say what stands on each."""
    return [
        (
            ptr("Task shelf", "Due"),
            _AWAKE.also(
                "due_on", Comparison.BEFORE, (dates.today() + timedelta(days=1)).isoformat()
            ),
        ),
        (tr("All mine"), _MINE),
        (ptr("Task shelf", "Overdue"), _AWAKE.also("is_overdue", Comparison.IS, True)),
        (tr("Snoozed"), _MINE.also("is_snoozed", Comparison.IS, True)),
        (tr("Everybody’s"), _OPEN),
        (
            tr("Standing in"),
            _OPEN.also("is_stood_in_for", Comparison.IS, True),
        ),
        (ptr("Task shelf", "Done"), Filter().also("state", Comparison.IS, TaskState.DONE.value)),
    ]


def _marks(row: TaskRow) -> list[Chip]:
    chips = []
    if row.priority in (Priority.HIGH, Priority.URGENT):
        chips.append(Chip(of(row.priority), Tone.DANGER, "flag"))
    if row.recurrence:
        chips.append(Chip(tr("Repeats"), Tone.NEUTRAL, "sync"))
    if row.postponed:
        chips.append(Chip(tr("Put off × {n}", n=row.postponed), Tone.WARNING, "snooze"))
    return chips


class TasksScreen(ListDetail[TaskRow]):
    """What is to be done, by due date; the record says why and how it went."""

    place = "tasks"
    title = "Tasks"
    icon = "tasks"
    watches = frozenset(
        {
            "absence",
            "task",
            "postponement",
            "client",
            "contact",
            "user",
            "ticket",
            "promise",
            "interaction",
        }
    )
    count_query = staticmethod(count_tasks)
    page_query = staticmethod(page_tasks)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        self.search = parts.search_line(tr("Search tasks"), lambda _: self.load())
        self.shelf = Segments([name for name, _ in shelves()], tr("Which tasks"), _nothing)
        self._wanted: TaskRow | None = None
        super().__init__(desk, parent)
        self.table.rows.loaded.connect(self._look_for_wanted)
        self.shelf.currentChanged.connect(lambda _: self.load())
        self.under_head.setSpacing(6)
        self.under_head.addWidget(self.shelf)
        self.under_head.addWidget(self.search)
        self.head.addWidget(parts.button(tr("New task"), lambda: actions.new(self), icon="plus"))
        for button in actions.bulk_buttons(self):
            self.bulk.add(button)
        self.share = Share(self.splitter, 0.395, NARROWEST)

    def columns(self) -> Sequence[Column[TaskRow]]:
        return [
            Column(
                tr("Task"),
                lambda row: row.title,
                under=lambda row: " · ".join(x for x in (row.client, row.contact) if x),
                icon=lambda row: KIND_ICONS[row.kind],
                chips=_marks,
                sort="title",
                stretch=True,
                strong=True,
            ),
            Column(
                tr("Due"),
                lambda row: "",
                chips=lambda row: [chip] if (chip := due_chip(row)) else [],
                sort="due_on",
                width=148,
                low_below=680,
            ),
            Column(tr("Assignee"), lambda row: row.assignee, width=130, muted=True, hide_below=680),
        ]

    def filters(self) -> dict[str, Any]:
        asked = shelves()[max(0, self.shelf.currentIndex())][1]
        text = self.search.text().strip()
        if text:
            asked = asked.also("title", Comparison.CONTAINS, text)
        return {"asked": asked}

    def build_record(self) -> QWidget:
        self.record = TaskRecord(self)
        return self.record

    def show_row(self, row: TaskRow) -> None:
        self.record.show_task(row)

    def load(self) -> None:
        super().load()
        self.record.reload()

    def panes(self) -> list[QWidget]:
        return [self.table, *self.record.panes()]

    def empty(self) -> Empty:
        if self.search.text().strip():
            return Empty(tr("No task matches."), tr("Try fewer words, or look at all."), "search")
        why = {
            0: tr("Nothing is due today. What comes next is under “All mine”."),
            1: tr("You have no open tasks."),
            2: tr("Nothing is overdue."),
            3: tr("Nothing is snoozed."),
            5: tr("You stand in for nobody, or they have nothing to do."),
        }.get(self.shelf.currentIndex(), tr("There are no tasks here."))
        button = tr("New task")
        return Empty(tr("All clear"), why, "check", button, lambda: actions.new(self))

    def arrive(self, *, task: TaskId | None = None, **where: Any) -> None:
        """Show a task, on whichever shelf it stands."""
        if task is None:
            return
        self.desk.ask((self, "arrive"), get_task, task).then(self._show)

    def _show(self, row: TaskRow | None) -> None:
        if row is None:
            self.desk.tell(tr("This task is not there any more."))
            return
        if self.table.rows.find(row.id) is None:
            self._wanted = row
            self.search.setText("")
            self.shelf.setCurrentIndex(_EVERYBODYS if row.state is TaskState.OPEN else _DONE)
            self.load()
        self.table.show_id(row.id)

    def _look_for_wanted(self) -> None:
        row, self._wanted = self._wanted, None
        # A list of a hundred thousand is not read through for one task: its title finds it.
        if row is not None and self.table.rows.find(row.id) is None:
            self.search.setText(row.title)
