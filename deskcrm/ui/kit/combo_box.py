"""A combo box that ends in … where there is no room; its list and its tooltip have the rest."""

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QHelpEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
)

from deskcrm.ui.kit import parts

_LEAST: Final = 72


class _Rows(QStyledItemDelegate):
    """The rows of the list. Qt's own are painted as a menu's, which are cut off without a sign."""

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return False
        is_cut = self.sizeHint(option, index).width() > view.viewport().width()
        parts.show_tooltip(view, event.globalPos(), str(index.data()) if is_cut else "")
        return True


class ComboBox(QComboBox):
    """One of several, under ``name`` for a screen reader; as narrow as it must be."""

    def __init__(self, name: str = "", hint: str = "") -> None:
        super().__init__()
        self._hint = hint
        self.setAccessibleName(name)
        self.setItemDelegate(_Rows(self))
        self.view().setTextElideMode(Qt.TextElideMode.ElideRight)
        self.currentTextChanged.connect(lambda _: self._explain())
        self._explain()

    def words(self) -> str:
        """What it says of what is chosen, all of it."""
        return self.currentText()

    def room(self) -> int:
        """How wide its words may be."""
        option = QStyleOptionComboBox()
        super().initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        return field.width() - 2

    def sizeHint(self) -> QSize:
        # Qt measures the ink of the words, and they are painted with the air around it.
        return super().sizeHint() + QSize(2, 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(_LEAST, self.sizeHint().width()), super().minimumSizeHint().height())

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        option.currentText = self._fitting()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._explain()

    def _fitting(self) -> str:
        words, room, metrics = self.words(), self.room(), self.fontMetrics()
        if metrics.horizontalAdvance(words) <= room:
            return words
        return metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)

    def _explain(self) -> None:
        cut = self.words() if self._fitting() != self.words() else ""
        parts.set_tooltip(self, "\n".join(one for one in (cut, self._hint) if one))
