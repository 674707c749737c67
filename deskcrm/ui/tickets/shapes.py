"""Shapes that Qt does not have: a link that changes, a setter, a share of a splitter."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QSplitter, QWidget

from deskcrm.ui.kit.combo_box import ComboBox
from deskcrm.ui.kit.elided_button import ElidedButton
from deskcrm.ui.kit.scroll import Fitting, height_at

_LINES: Final = 2
"""The hairlines above and under what is in the middle."""


class Link(ElidedButton):
    """A link whose words change; it stands at the beginning of what room there is."""

    def __init__(
        self, text: str = "", on_click: Callable[[], object] | None = None, *, lines: int = 1
    ) -> None:
        super().__init__(text, on_click, lines=lines)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def say(self, text: str, name: str = "", hint: str = "") -> None:
        """Show this; ``name`` is what a screen reader says, ``hint`` the tooltip, if it is else."""
        self._whole, self._hint = text.replace("\n", " "), hint
        self.setAccessibleName(name or self._whole)
        self.updateGeometry()
        self._fit()


class Share(QObject):
    """Gives a list its share of a splitter, but at least so much, until somebody pulls."""

    def __init__(self, splitter: QSplitter, share: float, least: int) -> None:
        super().__init__(splitter)
        self._splitter, self._share, self._least = splitter, share, least
        self._is_pulled = False
        splitter.installEventFilter(self)
        splitter.splitterMoved.connect(self._on_pulled)

    def _on_pulled(self) -> None:
        self._is_pulled = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self._is_pulled:
            width = self._splitter.width()
            wanted = max(self._least, round(width * self._share))
            self._splitter.setSizes([wanted, width - wanted])
        return False


class Yielding(QObject):
    """Lets a head that scrolls give way, so that what stands under it keeps its height.

    A column without enough room takes from each of its widgets, also what they cannot do without.
    """

    def __init__(
        self,
        column: QWidget,
        head: Fitting,
        middle: QWidget,
        foot: Sequence[QWidget],
        *,
        least: int,
    ) -> None:
        super().__init__(column)
        self._column, self._head, self._middle, self._foot = column, head, middle, foot
        self._least = least
        column.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            width, room = self._column.width(), self._column.height()
            wanted = sum(height_at(one, width) for one in self._foot if not one.isHidden())
            room -= wanted + self._middle.minimumHeight() + _LINES
            self._head.setMaximumHeight(max(room, self._least))
        return False


class Setter(ComboBox):
    """Sets one thing as soon as it is chosen; turning the wheel over it does not.

    As wide as what is chosen, which can be shown in fewer words than it is offered in.
    """

    def __init__(self, name: str, options: Sequence[tuple[Any, str]], choose: Any) -> None:
        # Kept here: what Qt keeps of a member of an enum comes back as its bare text.
        self._values: list[Any] = []
        self._short: Mapping[Any, str] = {}
        super().__init__(name, hint=name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.set_options(options)
        self.currentIndexChanged.connect(lambda _: self.updateGeometry())
        self.activated.connect(lambda at: choose(self._values[at]))

    def set_options(
        self, options: Sequence[tuple[Any, str]], short: Mapping[Any, str] | None = None
    ) -> None:
        """Offer these; ``short``: in which words a value is shown once it is chosen."""
        before, self._short = self.value(), short or {}
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

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        advance = self.fontMetrics().horizontalAdvance
        widest = max((advance(self.itemText(at)) for at in range(self.count())), default=0)
        return QSize(hint.width() - widest + advance(self.words()), hint.height())

    def words(self) -> str:
        return self._short.get(self.value(), self.currentText())

    def showPopup(self) -> None:
        # The list is as wide as its longest choice, however narrow the setter is.
        self.view().setMinimumWidth(min(super().sizeHint().width(), self.window().width()))
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
