"""Chooses a macro by typing, shows what it will do in this very ticket, and applies it."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from deskcrm.base.words import ntr, ptr, tr
from deskcrm.domain.macros.commands import apply_macro
from deskcrm.domain.macros.planning import MacroPlan, Part, PlannedPart
from deskcrm.domain.macros.queries import MacroRow, list_macros, plan_macro
from deskcrm.domain.names import fold
from deskcrm.domain.templates.variables import gaps_in
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.outcomes import outcome_of
from deskcrm.store.outcomes import Bulk
from deskcrm.store.store import Done
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.chooser import Chooser
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.scroll import Scroll
from deskcrm.ui.tickets.told import say_outcome

_HEIGHT: Final = 540
_ANSWER: Final = 150


class MacroChooser(Chooser[MacroRow]):
    """Opens itself. What is previewed is the first of the tickets; each gets its own reply.

    Enter applies; Tab goes to the reply, which may be changed first where it is one ticket's.
    """

    def __init__(
        self, desk: Desk, over: QWidget, ticket_ids: Sequence[TicketId], typed: str = ""
    ) -> None:
        super().__init__(over, tr("Macros"), tr("Search macros"), tall=_HEIGHT)
        self.desk, self._over, self._tickets = desk, over, list(ticket_ids)
        self.plan: MacroPlan | None = None
        self._filled = ""
        self.said = parts.label("", "muted", wrap=True)
        self.obstacle = parts.label("", "error", wrap=True)
        self.parts = parts.column(spacing=8)
        self.answer = QPlainTextEdit()
        self.answer.setAccessibleName(tr("The reply"))
        self.answer.setTabChangesFocus(True)
        self.answer.setMinimumHeight(_ANSWER)
        self.answer.setReadOnly(len(self._tickets) > 1)
        self.answer.textChanged.connect(self._look_for_gaps)
        self.apply = parts.button(tr("Apply"), self.choose, look="primary", hint="Enter")
        self._lay_out()
        self.answer.installEventFilter(self)
        self.search.setText(typed)
        desk.ask(self, list_macros).then(self.offer)

    def choose(self) -> None:
        """Apply the current one; a refusal is said in a toast, and the card stays."""
        row = self.current()
        if row is None or self.plan is None or not self.apply.isEnabled():
            return
        typed = self.answer.toPlainText()
        text = typed if typed != self._filled else ""
        deed = self.desk.do(apply_macro, row.id, ticket_ids=self._tickets, text=text)
        if len(self._tickets) == 1:
            deed.tell(tr("Applied “{name}”", name=row.name))
            deed.then(lambda _done: self.close_card())
        else:
            deed.then(lambda done: self._tell(row.name, done))

    def words_of(self, row: MacroRow) -> str:
        return (
            row.name if row.is_shared else ptr("macro of one's own", "{name} · mine", name=row.name)
        )

    def fits(self, row: MacroRow, typed: str) -> bool:
        said = fold(f"{row.name} {row.template} {row.note}")
        return all(word in said for word in fold(typed).split())

    def show_row(self, row: MacroRow | None) -> None:
        self.plan = None
        self.apply.setEnabled(False)
        if row is not None:
            asked = self.desk.ask(
                (self, "plan"), plan_macro, row.id, ticket_id=self._tickets[0]
            )  # fmt: skip
            asked.then(self._show_plan)
            return
        self.said.setText(
            tr("There are no macros yet. Make one in the settings.") if self.is_empty
            else tr("No macro matches.")
        )  # fmt: skip
        parts.clear(self.parts)
        self.obstacle.hide()
        self.answer.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.answer and event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            # Enter alone begins a new line there.
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier and self.pressed(event):
                return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        inside = QWidget()
        column = parts.column(
            self.said, self.parts, self.obstacle, self.answer, None,
            spacing=12, margins=(14, 8, 14, 8),
        )  # fmt: skip
        column.setStretchFactor(self.answer, 100)  # what is left below, where there is a reply
        inside.setLayout(column)
        right = parts.surface("well")
        right.setLayout(parts.column(Scroll(inside), margins=(4, 8, 4, 4)))
        self.obstacle.hide()
        self.answer.hide()
        edit = parts.button(tr("Edit macros…"), self._edit, look="quiet", icon="edit")
        self.open_with(right, parts.row(edit, None, self.apply, spacing=8))

    def _edit(self) -> None:
        self.close_card()
        self.desk.go("settings", section="macros")

    def _show_plan(self, plan: MacroPlan | None) -> None:
        self.plan = plan
        if plan is None:
            return
        others = len(self._tickets) - 1
        self.said.setText(
            ntr(
                "In this ticket; {n} more that is picked gets what fits it.",
                "In this ticket; {n} more that are picked each get what fits them.",
                others,
            ) if others else tr("In this ticket:")
        )  # fmt: skip
        parts.clear(self.parts)
        for one in plan.parts:
            self.parts.addWidget(part_line(one))
        answer = next((one for one in plan.parts if one.part is Part.REPLY and one.text), None)
        self._filled = answer.text if answer is not None else ""
        self.answer.setVisible(answer is not None)
        self.answer.setPlainText(self._filled)
        self._look_for_gaps()

    def _look_for_gaps(self) -> None:
        """What hinders a macro may be a gap that is filled in here."""
        if self.plan is None:
            return
        has_answer = not self.answer.isHidden()
        is_open = has_answer and (self.plan.obstacle == "" or bool(gaps_in(self._filled)))
        gaps = gaps_in(self.answer.toPlainText()) if has_answer else []
        said = ntr(
            "{n} gap to fill in: {names}", "{n} gaps to fill in: {names}", len(gaps),
            names=", ".join(gaps),
        ) if gaps else "" if is_open else self.plan.obstacle  # fmt: skip
        self.obstacle.setText(said)
        self.obstacle.setVisible(bool(said))
        # Of several, others may have no gap: each that has one is left alone, and said.
        self.apply.setEnabled(not said or len(self._tickets) > 1)

    def _tell(self, name: str, done: Done[Bulk]) -> None:
        text = ntr(
            "Applied “{name}” to {n} ticket", "Applied “{name}” to {n} tickets",
            len(done.value.changed), name=name,
        )  # fmt: skip
        self.close_card()
        say_outcome(self.desk, self._over, text, outcome_of(done.step, done.value, self._tickets))


def part_line(one: PlannedPart) -> QWidget:
    """Say one part: what it will do, or that it does not apply and why."""
    icon = parts.Picture("check", "ok") if one.applies else parts.Picture("minus", "muted")
    words = parts.label(one.words, "" if one.applies else "muted", wrap=True)
    below = one.why_not or (one.text if one.part is Part.NOTE else "")
    column = parts.column(words, spacing=2)
    if below:
        column.addWidget(parts.label(below, "muted", wrap=True))
    line = parts.row(spacing=8)
    line.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
    line.addLayout(column, 1)
    made = QWidget()
    made.setLayout(line)
    made.setAccessibleName(
        one.words if one.applies else tr("Left out: {part}. {why}", part=one.words, why=one.why_not)
    )
    return made
