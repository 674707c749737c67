"""Shapes that Qt does not have: a page as tall as its words, a link cut with …, a setter."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QPushButton, QSizePolicy, QWidget

from deskcrm.ui.kit import parts


class Page(QWidget):
    """What a scroll area shows: as tall as its wrapped texts are at the width there is.

    Qt takes the height that they would have at their narrowest, and leaves the rest blank.
    """

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 0)


class Link(QPushButton):
    """A link as wide as there is room, with the whole text as its tooltip."""

    def __init__(self, text: str = "", on_click: Callable[[], object] | None = None) -> None:
        super().__init__()
        self._whole = ""
        self.setProperty("look", "link")
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if on_click is not None:
            self.clicked.connect(lambda: on_click())
        self.say(text)

    def say(self, text: str, name: str = "") -> None:
        """Show this; ``name`` is what a screen reader says, if it is something else."""
        self._whole = text.replace("\n", " ")
        self.setAccessibleName(name or self._whole)
        self.updateGeometry()
        self._fit()

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self._whole) + 14
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(48, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = max(0, self.width() - 12)
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        self.setText(parts.mnemonic_free(shown))
        parts.set_tooltip(self, self._whole if shown != self._whole else "")


class Setter(QComboBox):
    """Sets one thing as soon as it is chosen; turning the wheel over it does not."""

    def __init__(self, name: str, options: Sequence[tuple[Any, str]], choose: Any) -> None:
        super().__init__()
        # Kept here: what Qt keeps of a member of an enum comes back as its bare text.
        self._values: list[Any] = []
        self.setAccessibleName(name)
        parts.set_tooltip(self, name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.set_options(options)
        self.activated.connect(lambda at: choose(self._values[at]))

    def set_options(self, options: Sequence[tuple[Any, str]]) -> None:
        """Offer these."""
        before = self.value()
        self.clear()
        self._values = [value for value, _ in options]
        self.addItems([words for _, words in options])
        self.show_value(before)

    def value(self) -> Any:
        """What is shown."""
        at = self.currentIndex()
        return self._values[at] if 0 <= at < len(self._values) else None

    def show_value(self, value: Any, words: str = "") -> None:
        """Show a value; one that is not offered any more is, under these words."""
        if value not in self._values and words:
            self._values.append(value)
            self.addItem(words)
        if value in self._values:
            self.setCurrentIndex(self._values.index(value))

    def choose(self, value: Any) -> None:
        """Choose as a person does."""
        self.show_value(value)
        self.activated.emit(self.currentIndex())

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
