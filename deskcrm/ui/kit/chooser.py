"""A card on which one of many is chosen by typing, and shown before it is taken."""

from collections.abc import Sequence
from typing import Final, Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QWidget

from deskcrm.base.words import tr
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.overlay import Overlay

T = TypeVar("T")

_STEPS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_HEIGHT: Final = 460
_LIST: Final = 250


class Chooser(Overlay, Generic[T]):
    """Say what a row is called, whether it fits, and what is shown of it; ``choose`` takes it.

    The arrows go through the list while one types; Enter takes.
    """

    def __init__(self, over: QWidget, title: str, search: str, *, tall: int = _HEIGHT) -> None:
        super().__init__(over.window(), width=760, top=0.1)
        self._rows: Sequence[T] = ()
        self._shown: list[T] = []
        self._title, self._tall = title, tall
        self.search = parts.search_line(search, lambda _: self._filter())
        self.list = QListWidget()
        self.list.setAccessibleName(title)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedWidth(_LIST)

    # What a chooser gives.

    def words_of(self, row: T) -> str:
        """What a row is called in the list."""
        raise NotImplementedError

    def fits(self, row: T, typed: str) -> bool:
        """Whether what is typed is found in a row."""
        raise NotImplementedError

    def show_row(self, row: T | None) -> None:
        """Show what the current row is; None: there is none to show."""
        raise NotImplementedError

    def choose(self) -> None:
        """Take the current row."""
        raise NotImplementedError

    # What it uses.

    def open_with(self, right: QWidget, foot: QHBoxLayout) -> None:
        """Lay the card out beside its list, and open it."""
        head = parts.row(parts.label(self._title, "heading"), None, spacing=8)
        head.addWidget(parts.icon_button("close", tr("Close"), self.close_card))
        across = parts.row(self.list, spacing=12)
        across.addWidget(right, 1)
        column = parts.column(head, self.search, spacing=10, margins=(20, 16, 20, 16))
        column.addLayout(across, 1)
        column.addLayout(foot)
        self.card.setLayout(column)
        for one in (self.search, self.list):
            one.installEventFilter(self)
        self.list.currentRowChanged.connect(lambda _: self.ask_again())
        self.list.itemDoubleClicked.connect(lambda _: self.choose())
        self.closed.connect(self.deleteLater)
        self.open_card()
        self.search.setFocus()

    def offer(self, rows: Sequence[T]) -> None:
        """Offer these rows."""
        self._rows = rows
        self._filter()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to choose from, whatever is typed."""
        return not self._rows

    def current(self) -> T | None:
        """The row that is chosen now."""
        at = self.list.currentRow()
        return self._shown[at] if 0 <= at < len(self._shown) else None

    def ask_again(self) -> None:
        """Show the current row anew."""
        self.show_row(self.current())

    def height_wanted(self) -> int:
        """Always as tall: the list must not jump while one types."""
        return self._tall

    def pressed(self, event: QKeyEvent) -> bool:
        """Do what a key stands for while one types; tells whether it was one of ours."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose()
            return True
        if key in _STEPS and self.list.count():
            at = self.list.currentRow() + _STEPS[key]
            self.list.setCurrentRow(max(0, min(at, self.list.count() - 1)))
            return True
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched in (self.search, self.list) and event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            if self.pressed(event):
                return True
        return super().eventFilter(watched, event)

    def _filter(self) -> None:
        typed = self.search.text()
        self._shown = [row for row in self._rows if self.fits(row, typed)]
        self.list.clear()
        for row in self._shown:
            self.list.addItem(QListWidgetItem(self.words_of(row)))
        self.list.setCurrentRow(0 if self._shown else -1)
        if not self._shown:
            self.ask_again()
