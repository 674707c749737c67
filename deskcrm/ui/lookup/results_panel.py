"""The panel under the search line: what was found, over whatever is there."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from deskcrm.base.words import ntr, tr
from deskcrm.domain.lookup.queries import FoundRow
from deskcrm.ui.kit import keys, parts, theme
from deskcrm.ui.lookup.results import ResultList

_SHADOW: Final = 12


class _OpaqueList(ResultList):
    """Paints its own ground: a letter then paints the rows again, and nothing that is behind."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.color(theme.colors().raised))
        painter.end()
        super().paintEvent(event)


class ResultsPanel(QFrame):
    """Hangs under the search line; belongs to its window."""

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line.window())
        self._line = line
        self.list = _OpaqueList(self)
        self.hint = parts.label("", "faint")
        self.nothing = parts.label("", "muted", wrap=True)
        layout = QVBoxLayout(self)
        # The list must not cover the border.
        layout.setContentsMargins(_SHADOW + 1, 6, _SHADOW + 1, _SHADOW + 8)
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
                "{enter}: open   {tab}: open in a tab   {esc}: close",
                enter=keys.native("Enter"),
                tab=keys.native("Ctrl+Enter"),
                esc=keys.native("Escape"),
            )
        )
        self.place()
        self.show()
        self.raise_()

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
