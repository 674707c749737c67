"""A text in which @ offers people by name: chosen with the arrows and Enter, or by the mouse."""

import re
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QStringListModel, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QListView, QPlainTextEdit

from deskcrm.base.words import tr
from deskcrm.store.search.fold import fold
from deskcrm.store.search.layout import other_layout
from deskcrm.ui.kit.announce import announce

_BEGUN: Final = re.compile(r"(?:^|(?<=[\s(,;]))@([^\s@]{0,30}(?: [^\s@]{1,30})?)$")
"""What is typed of a name, up to where one stands: its first word and a second one."""
_AT_MOST: Final = 6
_EDGE: Final = 5
"""The border and the padding of the list, see the stylesheet."""
_STEPS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_ENTER: Final = (Qt.Key.Key_Enter, Qt.Key.Key_Return)


class MentionEdit(QPlainTextEdit):
    """``offer`` says whose names are offered; with none, @ is a character like any other."""

    def __init__(self) -> None:
        super().__init__()
        self._people: Sequence[str] = ()
        self._names = QStringListModel(self)
        # Not a window of its own: the focus stays in the text, which goes on being typed.
        self.list = QListView(self)
        self.list.setModel(self._names)
        self.list.setAccessibleName(tr("Colleagues"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setProperty("look", "offer")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(lambda index: self._take(index.data()))
        self.list.hide()
        self.textChanged.connect(self._end)

    def offer(self, people: Sequence[str]) -> None:
        """Offer these names from now on."""
        self._people = people
        self.list.hide()

    def ask(self) -> None:
        """Begin a name where one stands, as typing @ does."""
        self.setFocus()
        before = self._before()
        self.insertPlainText("@" if not before or before[-1:].isspace() else " @")
        self._look()

    @property
    def offered(self) -> list[str]:
        """The names that are shown to choose from."""
        return self._names.stringList() if self.list.isVisible() else []

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self.list.isVisible():
            assert isinstance(event, QKeyEvent)
            if event.key() == Qt.Key.Key_Escape:
                event.accept()  # it closes the list, and does not leave the text
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.list.isVisible() and self._is_choosing(event):
            return
        super().keyPressEvent(event)
        if event.text():
            self._look()

    def focusNextPrevChild(self, forward: bool) -> bool:
        if self.list.isVisible():  # Tab takes the name, as Enter does
            self._take(self.list.currentIndex().data())
            return True
        return super().focusNextPrevChild(forward)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A text that grows moves what it stands in, later than itself.
        if event.type() == QEvent.Type.Move and self.list.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _follow(self) -> None:
        """Hear when anything moves that the text stands in."""
        around = self.parentWidget()
        while around is not None and not around.isWindow():
            around.removeEventFilter(self)
            around.installEventFilter(self)
            around = around.parentWidget()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.list.hide()

    def _is_choosing(self, event: QKeyEvent) -> bool:
        key, at = Qt.Key(event.key()), self.list.currentIndex().row()
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if key in _STEPS:
            self._stand_at((at + _STEPS[key]) % self._names.rowCount())
        elif key in _ENTER:
            self._take(self.list.currentIndex().data())
        elif key == Qt.Key.Key_Escape:
            self.list.hide()
        else:
            return False
        return True

    def _look(self) -> None:
        begun = _BEGUN.search(self._before()) if self._people else None
        found = fitting(self._people, begun[1])[:_AT_MOST] if begun is not None else []
        if not found:
            self.list.hide()
            return
        self._names.setStringList(found)
        self._follow()
        self._place()
        self._stand_at(0)

    def _end(self) -> None:
        """Offer nothing any more where the text is gone that was begun."""
        if _BEGUN.search(self._before()) is None:
            self.list.hide()

    def _stand_at(self, number: int) -> None:
        index = self._names.index(number, 0)
        self.list.setCurrentIndex(index)
        announce(self, str(index.data()))

    def _place(self) -> None:
        """Show the list under the line that is written, or over it where there is no room."""
        window, place = self.window(), self.cursorRect()
        self.list.setParent(window)
        self.list.ensurePolished()
        edge = 2 * _EDGE
        height = self.list.sizeHintForRow(0) * self._names.rowCount() + edge
        width = self.list.sizeHintForColumn(0) + edge + 16
        below = self.viewport().mapTo(window, place.bottomLeft() + QPoint(0, 4))
        above = self.viewport().mapTo(window, place.topLeft() - QPoint(0, height + 4))
        at = below if below.y() + height <= window.height() else above
        left = max(0, min(at.x(), window.width() - width))
        self.list.setGeometry(left, at.y(), width, height)
        self.list.show()
        self.list.raise_()

    def _before(self) -> str:
        """Give what stands on the line before the cursor."""
        cursor = self.textCursor()
        return cursor.block().text()[: cursor.positionInBlock()]

    def _take(self, name: str) -> None:
        begun = _BEGUN.search(self._before())
        self.list.hide()
        if begun is None:
            return
        cursor = self.textCursor()
        back, keep = QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor
        cursor.movePosition(back, keep, len(begun[0]))
        cursor.insertText(f"@{name} ")
        self.setTextCursor(cursor)


def fitting(people: Sequence[str], typed: str) -> list[str]:
    """Give the names of which a word begins as typed, also under the other keyboard layout.

    A whole name that was typed out needs no more.
    """
    wanted = {fold(one) for one in (typed, other_layout(typed) or typed)}
    return [
        name
        for name in people
        if (said := fold(name)) not in wanted and any(f" {one}" in f" {said}" for one in wanted)
    ]
