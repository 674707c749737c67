"""A choice of views over a list: words side by side that go on in the next line, never cut off."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from deskcrm.ui.kit import parts, theme
from deskcrm.ui.kit.flow import FlowLayout
from deskcrm.ui.kit.parts import mnemonic_free

_AIR: Final = 14
"""What the style puts around the words of one."""


class Segments(QWidget):
    """One of several is chosen. Tab comes to the chosen one, the arrows move the choice.

    Speaks like a QTabBar, so that one can take the other's place. ``in_line``: it takes the room
    that all need side by side, rather than going on in another line.
    """

    currentChanged = Signal(int)

    def __init__(
        self,
        names: Sequence[str],
        name: str,
        on_change: Callable[[int], object] | None = None,
        *,
        in_line: bool = False,
    ) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._name = name
        self._is_in_line = in_line
        self._flow = FlowLayout(self, spacing=2)
        self._group = QButtonGroup(self)
        self._buttons: list[QPushButton] = []
        for each in names:
            self._add(each)
        self.setCurrentIndex(0)
        self._group.idToggled.connect(self._on_toggled)
        if on_change is not None:
            self.currentChanged.connect(on_change)

    def _add(self, words: str) -> None:
        button = parts.button(words, look="segment")
        button.setCheckable(True)
        button.setAccessibleDescription(self._name)
        button.installEventFilter(self)
        _make_room(button, words)
        self._group.addButton(button, len(self._buttons))
        self._buttons.append(button)
        self._flow.addWidget(button)

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        return QSize(self._flow.width_in_line(), least.height()) if self._is_in_line else least

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def count(self) -> int:
        """How many there are."""
        return len(self._buttons)

    def currentIndex(self) -> int:
        """Which is chosen."""
        return self._group.checkedId()

    def setCurrentIndex(self, index: int) -> None:
        """Choose one; the focus goes along if one of the others has it."""
        chosen = self._buttons[index]
        chosen.setChecked(True)
        for button in self._buttons:
            stop = Qt.FocusPolicy.StrongFocus if button is chosen else Qt.FocusPolicy.NoFocus
            button.setFocusPolicy(stop)
        # Left behind, it would draw Tab after it: Qt makes the button of a group that gets the
        # focus, as when the window is activated again, the one that Tab comes to.
        if self.window().focusWidget() in self._buttons:
            chosen.setFocus()

    def tabText(self, index: int) -> str:
        """The words of one."""
        return self._buttons[index].accessibleName()

    def setTabText(self, index: int, words: str) -> None:
        """Give one other words, such as with a number."""
        self._buttons[index].setText(mnemonic_free(words))
        self._buttons[index].setAccessibleName(words)
        _make_room(self._buttons[index], words)

    def set_hint(self, index: int, text: str) -> None:
        """Explain one when the mouse rests on it, and to a screen reader."""
        parts.set_tooltip(self._buttons[index], text)
        self._buttons[index].setAccessibleDescription(text)

    def _on_toggled(self, index: int, checked: bool) -> None:
        if checked:
            self.setCurrentIndex(index)
            self.currentChanged.emit(index)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            steps = {
                Qt.Key.Key_Right: 1,
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Left: -1,
                Qt.Key.Key_Up: -1,
            }
            step = steps.get(Qt.Key(event.key()))
            if step is not None:
                index = (self.currentIndex() + step) % len(self._buttons)
                self.setCurrentIndex(index)
                self._buttons[index].setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return super().eventFilter(watched, event)


def _make_room(button: QPushButton, words: str) -> None:
    # The chosen one is bold, and must not be cut off when it becomes so.
    button.setMinimumWidth(QFontMetrics(theme.bold()).horizontalAdvance(words) + _AIR)
