"""The search in the bar: results appear over everything as one types, and say why they matched."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from deskcrm.base.words import tr
from deskcrm.ui.kit import icons, keys, parts
from deskcrm.ui.kit.announce import announce
from deskcrm.ui.kit.desk import Desk

if TYPE_CHECKING:
    from deskcrm.domain.lookup.queries import FoundRow
    from deskcrm.ui.lookup.results_panel import ResultsPanel

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
        self._panel: ResultsPanel | None = None
        self.setPlaceholderText(
            tr(
                "Search by name, number, email, ticket or words  ({key})",
                key=keys.native("Ctrl+F"),
            )
        )
        self.setAccessibleName(tr("Search everything"))
        parts.clearable(self)
        self.addAction(icons.icon("search", "faint"), QLineEdit.ActionPosition.LeadingPosition)
        self.textChanged.connect(self._look)
        # Read out how much was found once the typing pauses, not at every letter.
        self._settled = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settled.timeout.connect(self._announce)

    @property
    def results(self) -> "ResultsPanel":
        """The panel of results, made when something is first looked for."""
        if self._panel is None:
            from deskcrm.ui.lookup.results_panel import ResultsPanel

            self._panel = ResultsPanel(self)
            self._panel.list.chosen.connect(self.open_row)
        return self._panel

    @property
    def has_results(self) -> bool:
        """Whether results are shown."""
        return self._panel is not None and self._panel.isVisible()

    def dismiss(self) -> None:
        """Hide the results."""
        if self._panel is not None:
            self._panel.hide()

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
        self.dismiss()
        before, self._before = self._before, None
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_row(self, row: "FoundRow", in_tab: bool = False) -> None:
        """Go to what was found."""
        from deskcrm.ui.lookup.results import destination

        place, where = destination(row)
        self.dismiss()
        self.clear()
        self._before = None
        self.opened.emit(row)
        self._desk.go(place, **where, **({"tab": True} if in_tab else {}))

    def _look(self, text: str) -> None:
        if not text.strip():
            self.dismiss()
            return
        from deskcrm.domain.lookup.queries import search_everything

        answer = self._desk.ask(self, search_everything, text, _LIMIT)
        answer.then(lambda rows: self._show(text, rows))

    def _show(self, text: str, rows: "Sequence[FoundRow]") -> None:
        # Asked of the window, which knows it also while another program is in front.
        if text == self.text() and self.window().focusWidget() is self:
            self.results.show_rows(rows)
            self._settled.start()

    def _announce(self) -> None:
        if self.has_results:
            announce(self, self.results.said())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.text():
            if self.has_results:
                self.results.list.step(1 if key == Qt.Key.Key_Down else -1)
                announce(self, self.results.current_words())
            else:
                self._look(self.text())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            row = self.results.list.row() if self.has_results else None
            if row is not None:
                self.open_row(row, held)
        elif key == Qt.Key.Key_Escape:
            self.leave() if self.has_results or not self.text() else self.clear()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.dismiss()
