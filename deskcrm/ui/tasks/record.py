"""One task beside the list: what, for whom, by when, and how often it was put off."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.tasks.model import TaskState
from deskcrm.domain.tasks.queries import DelayRow, TaskRow, list_postponements
from deskcrm.domain.tasks.recurrence import rule_in_words
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Chip, ChipRow
from deskcrm.ui.kit.deed_bar import DeedBar
from deskcrm.ui.tasks.words import due_chip
from deskcrm.ui.tickets.client_side import ClientSide
from deskcrm.ui.tickets.shapes import Link

if TYPE_CHECKING:
    from deskcrm.ui.tasks.screen import TasksScreen

SIDE: Final = 280
WIDE: Final = 640
"""From here on the client stands beside the task."""


class TaskRecord(QWidget):
    """Shows the current task; its buttons are the screen's actions."""

    def __init__(self, screen: "TasksScreen") -> None:
        super().__init__()
        self.screen_ = screen
        self.title = parts.label("", "display", wrap=True, select=True)
        self.chips = ChipRow()
        self.client = Link("", self._open_client)
        self.facts = QVBoxLayout()
        self.facts.setSpacing(6)
        self.notes = parts.label("", wrap=True, select=True)
        self.outcome = parts.label("", wrap=True, select=True)
        self.delays = QVBoxLayout()
        self.delays.setSpacing(6)
        self.delays_head = parts.label(tr("Put off"), "caption")
        self.side = ClientSide(screen.desk)
        self.deeds = self._deeds()
        self._lay_out()

    def _deeds(self) -> DeedBar:
        from deskcrm.ui.tasks import actions

        return DeedBar(
            self.screen_,
            (tr("Done"), "check", actions.done),
            (tr("Done, and next…"), "chevron-right", actions.done_and_next),
            (tr("Snooze…"), "snooze", actions.snooze),
            (tr("Reschedule…"), "calendar", actions.reschedule),
            (tr("Hand over…"), "person", actions.reassign),
            (tr("Edit…"), "edit", actions.edit),
            (tr("Wake"), "sun", actions.wake),
            (tr("Reopen"), "undo", actions.reopen),
        )

    def _lay_out(self) -> None:
        self.client_line = QWidget()
        line = parts.row(parts.Picture("clients"), spacing=4)
        line.addWidget(self.client, 1)
        self.client_line.setLayout(line)
        left = QWidget()
        left.setLayout(
            parts.column(
                self.title,
                self.chips,
                self.client_line,
                self.deeds,
                parts.line(),
                self.facts,
                self.notes,
                self.outcome,
                8,
                self.delays_head,
                self.delays,
                None,
                spacing=12,
                margins=(24, 20, 20, 20),
            )
        )
        self.edge = parts.line(vertical=True)
        self.side.setFixedWidth(SIDE)
        across = parts.row(spacing=0)
        across.addWidget(left, 1)
        across.addWidget(self.edge)
        across.addWidget(self.side)
        self.setLayout(across)

    def reload(self) -> None:
        """Ask again for what may have changed around the task."""
        self.side.reload()

    def panes(self) -> list[QWidget]:
        """What F6 walks."""
        return [self, self.side]

    def _fold(self) -> None:
        is_seen = self.width() >= WIDE and self.side.client is not None
        self.side.setVisible(is_seen)
        self.edge.setVisible(is_seen)
        # Beside the client its name would stand twice.
        self.client_line.setVisible(not is_seen and self.side.client is not None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def show_task(self, row: TaskRow) -> None:
        """Show a task; its postponements follow."""
        self._row = row
        self.title.setText(row.title)
        self.title.setAccessibleName(row.title)
        due = due_chip(row)
        chips = [Chip(of(row.kind)), Chip(tr("Priority: {p}", p=of(row.priority).lower()))]
        self.chips.set_chips(([due] if due else []) + chips)
        self.client.say(row.client, tr("Open {name}", name=row.client))
        self.side.show_client(row.client_id, but=row.id)
        self._fold()
        self._offer(row)
        self._show_facts(row)
        self.notes.setText(row.notes)
        self.notes.setVisible(bool(row.notes))
        self.outcome.setText(tr("Outcome: {text}", text=row.outcome))
        self.outcome.setVisible(bool(row.outcome))
        self._show_delays([])
        self.screen_.desk.ask(self, list_postponements, row.id).then(self._show_delays)

    def _offer(self, row: TaskRow) -> None:
        from deskcrm.ui.tasks import actions

        if row.state is not TaskState.OPEN:
            self.deeds.offer(actions.reopen)
            return
        self.deeds.offer(
            actions.done, actions.done_and_next, actions.snooze, actions.reschedule,
            actions.reassign, actions.edit, *([actions.wake] if row.snoozed_until else []),
        )  # fmt: skip

    def _show_facts(self, row: TaskRow) -> None:
        parts.clear(self.facts)
        facts = [
            (tr("Contact"), row.contact),
            (tr("Assignee"), row.assignee or tr("Nobody")),
            (tr("Reminder"), dates.full(row.remind_at) if row.remind_at else ""),
            (tr("Snoozed until"), dates.full(row.snoozed_until) if row.snoozed_until else ""),
            (tr("Repeats"), rule_in_words(row.recurrence) if row.recurrence else ""),
            (tr("Done"), dates.full(row.done_at) if row.done_at else ""),
        ]
        for name, said in facts:
            if said:
                caption = parts.label(name, "muted")
                caption.setFixedWidth(150)
                value = parts.label(said, wrap=True, select=True)
                line = parts.row()
                for each, share in ((caption, 0), (value, 1)):
                    line.addWidget(each, share, Qt.AlignmentFlag.AlignTop)
                self.facts.addLayout(line)

    def _show_delays(self, delays: list[DelayRow]) -> None:
        parts.clear(self.delays)
        self.delays_head.setVisible(bool(delays))
        for delay in delays:
            days = [
                dates.day(day) if day else tr("no date") for day in (delay.from_day, delay.to_day)
            ]
            line = tr(
                "{kind}: {before} → {after}", kind=of(delay.kind), before=days[0], after=days[1]
            )
            who = f"{dates.ago(delay.at)}, {delay.by}" if delay.by else dates.ago(delay.at)
            said = f"{line} · {delay.reason}" if delay.reason else line
            self.delays.addLayout(
                parts.column(parts.label(said, wrap=True), parts.label(who, "caption"), spacing=1)
            )

    def _open_client(self) -> None:
        if self._row.client_id is not None:
            self.screen_.desk.go("clients", client=self._row.client_id)
