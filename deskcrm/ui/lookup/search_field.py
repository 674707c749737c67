"""The search in the bar: results appear over everything as one types, and say why they matched."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from deskcrm.base.words import ntr, tr
from deskcrm.domain.lookup.queries import FoundRow, search_everything
from deskcrm.ui.kit import icons, keys, parts, theme
from deskcrm.ui.kit.announce import announce
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.lookup.results import ResultList, destination

_LIMIT: Final = 30
_SETTLED_MS: Final = 500


class SearchField(QLineEdit):
    """Ctrl+F or / begins, the arrows walk, Enter opens, Esc ends and gives the focus back."""

    opened = Signal(object)
    """A FoundRow was opened."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._before: QWidget | None = None
        self.results = ResultsPanel(self)
        self.results.list.chosen.connect(self.open_row)
        self.setPlaceholderText(
            tr(
                "Search by name, number, e-mail, ticket or words  ({key})",
                key=keys.native("Ctrl+F"),
            )
        )
        self.setAccessibleName(tr("Search everything"))
        self.setClearButtonEnabled(True)
        self.addAction(icons.icon("search", "faint"), QLineEdit.ActionPosition.LeadingPosition)
        self.textChanged.connect(self._look)
        # Read out how much was found once the typing pauses, not at every letter.
        self._settled = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settled.timeout.connect(self._announce)

    def begin(self) -> None:
        """Take the focus, with what was typed selected."""
        focused = self.window().focusWidget()
        if focused is not self:
            self._before = focused
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        if self.text():
            self._look(self.text())

    def leave(self) -> None:
        """Hide the results and give the focus back to where it was."""
        self.results.dismiss()
        before, self._before = self._before, None
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_row(self, row: FoundRow, in_tab: bool = False) -> None:
        """Go to what was found."""
        place, where = destination(row)
        self.results.dismiss()
        self.clear()
        self._before = None
        self.opened.emit(row)
        self._desk.go(place, **where, **({"tab": True} if in_tab else {}))

    def _look(self, text: str) -> None:
        if not text.strip():
            self.results.dismiss()
            return
        answer = self._desk.ask(self, search_everything, text, _LIMIT)
        answer.then(lambda rows: self._show(text, rows))

    def _show(self, text: str, rows: Sequence[FoundRow]) -> None:
        if text == self.text() and self.hasFocus():
            self.results.show_rows(rows)
            self._settled.start()

    def _announce(self) -> None:
        if self.results.isVisible():
            announce(self, self.results.said())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, results = Qt.Key(event.key()), self.results
        held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.text():
            if results.isVisible():
                results.list.step(1 if key == Qt.Key.Key_Down else -1)
                announce(self, results.current_words())
            else:
                self._look(self.text())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            row = results.list.row() if results.isVisible() else None
            if row is not None:
                self.open_row(row, held)
        elif key == Qt.Key.Key_Escape:
            self.leave() if results.isVisible() or not self.text() else self.clear()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.results.dismiss()


class ResultsPanel(QFrame):
    """Hangs under the search line, over whatever is there. The window owns it."""

    def __init__(self, line: QLineEdit) -> None:
        super().__init__()
        self._line = line
        self.list = ResultList(self)
        self.hint = parts.label("", "faint")
        self.nothing = parts.label("", "muted", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_SHADOW, 6, _SHADOW, _SHADOW + 8)
        layout.setSpacing(4)
        layout.addWidget(self.list, 1)
        layout.addLayout(parts.row(self.nothing, margins=(18, 10, 18, 6)))
        layout.addLayout(parts.row(self.hint, margins=(18, 0, 18, 0)))
        line.installEventFilter(self)
        self.hide()

    def show_rows(self, rows: Sequence[FoundRow]) -> None:
        """Show what was found, or say what to try."""
        self.list.show_rows(rows)
        self.list.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.nothing.setText(
            tr("Nothing was found. Try fewer letters, another word, or a part of the number.")
        )
        self.hint.setText(
            tr(
                "{enter} open   {tab} open in a tab   {esc} close",
                enter=keys.native("Enter"),
                tab=keys.native("Ctrl+Enter"),
                esc=keys.native("Escape"),
            )
        )
        self.place()
        self.show()
        self.raise_()

    def dismiss(self) -> None:
        """Hide."""
        self.hide()

    def place(self) -> None:
        """Hang under the line."""
        window = self.parentWidget()
        if window is None:
            return
        at = self._line.mapTo(window, QPoint(0, self._line.height() + 4))
        width = max(self._line.width(), min(560, window.width() - at.x() - 24))
        wanted = self.list.height_wanted() if self.list.found.rows else 50
        height = min(wanted + 48 + _SHADOW, window.height() - at.y() - 16)
        self.setGeometry(at.x() - _SHADOW, at.y(), width + 2 * _SHADOW, height)

    def said(self) -> str:
        """How much was found, and the best of it."""
        total = len(self.list.found.rows)
        if not total:
            return tr("Nothing was found.")
        return ntr("{n} result", "{n} results", total) + ". " + self.current_words()

    def current_words(self) -> str:
        """The current row, as it is read out."""
        index = self.list.currentIndex()
        return str(index.data(Qt.ItemDataRole.AccessibleTextRole)) if index.isValid() else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and self.isVisible():
            self.place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self.rect().adjusted(_SHADOW, 0, -_SHADOW, -_SHADOW)
        painter.setPen(Qt.PenStyle.NoPen)
        for spread in (10, 7, 4, 2):
            painter.setBrush(theme.color("#000000", 0.035))
            painter.drawRoundedRect(box.adjusted(-spread, 4, spread, spread), 12, 12)
        painter.setPen(theme.color(theme.colors().border))
        painter.setBrush(theme.color(theme.colors().raised))
        painter.drawRoundedRect(box, 10, 10)
        painter.end()


_SHADOW: Final = 12
