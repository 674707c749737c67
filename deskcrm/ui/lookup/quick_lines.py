"""The two things a call leads to, each one line long: a ticket, a follow-up."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from deskcrm.base.words import tr
from deskcrm.ui.kit import dates, parts


class QuickLine(QWidget):
    """A caption, a line and a button; Enter does it, Esc puts it away."""

    wanted = Signal(str)
    closed = Signal()

    def __init__(self, caption: str, button: str) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setAccessibleName(caption)
        self.line.setPlaceholderText(caption)
        self.line.returnPressed.connect(self._say)
        self.go = parts.button(button, self._say)
        self.row = parts.row(self.go)
        self._lay_out()
        self.setFocusProxy(self.line)
        self.hide()

    def _lay_out(self) -> None:
        self.row.insertWidget(0, self.line, 1)
        self.setLayout(self.row)

    def open_with(self, text: str) -> None:
        """Show the line with this text, selected."""
        self.line.setText(text)
        self.show()
        self.line.setFocus()
        # All of it, but with the beginning in view where it is longer than the line.
        self.line.setSelection(len(text), -len(text))

    def _say(self) -> None:
        text = self.line.text().strip()
        if text:
            self.wanted.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.closed.emit()
        else:
            super().keyPressEvent(event)


class FollowUpLine(QuickLine):
    """The same with a day."""

    def __init__(self, caption: str, button: str, complain: Callable[[str], object]) -> None:
        self._complain = complain
        self.day = QLineEdit()
        super().__init__(caption, button)
        self.day.setAccessibleName(tr("When"))
        self.day.setPlaceholderText(tr("tomorrow, Fri, 24/05, +3"))
        self.day.returnPressed.connect(self._say)

    def _lay_out(self) -> None:
        # Under it: beside a day and a button a name of the usual length would be cut off.
        self.row.insertWidget(0, self.day, 1)
        self.setLayout(parts.column(self.line, self.row))

    def open_with(self, text: str) -> None:
        super().open_with(text)
        self.day.setText(tr("tomorrow"))

    def due(self) -> date | None:
        """The day that was typed; None, and said why, when it is none."""
        found = dates.parse_day(self.day.text())
        if found is None:
            self._complain(tr("This is not a day. Write it like 24/05, tomorrow or +3."))
            self.day.setFocus()
            self.day.selectAll()
        return found
