"""The timeline: thousands of entries of different heights, of which only those seen cost time."""

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any, Final, Generic

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView

from deskcrm.ui.kit import keys, parts, theme
from deskcrm.ui.kit import timeline_entry as entries
from deskcrm.ui.kit.columns import Column, Row
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.focus import offer_key
from deskcrm.ui.kit.heights import Heights
from deskcrm.ui.kit.timeline_entry import Entry, Shape
from deskcrm.ui.kit.timeline_shapes import Shapes
from deskcrm.ui.kit.window_model import CountQuery, PageQuery, WindowModel

PAGE: Final = 60
GUESS: Final = 92
"""How tall an entry is thought to be until it was seen."""

Index = QModelIndex | QPersistentModelIndex


class Timeline(QListView, Generic[Row]):
    """Entries by number, newest first, fetched a page at a time and measured when seen.

    ``entry`` turns a row into what is shown. The two queries are as in ``WindowModel``.
    A QListView in name only: as one, screen readers read its rows, but its own layout measures
    every row, so all of that is replaced.
    """

    row_changed = Signal(object)
    opened = Signal(object)
    menu_wanted = Signal(object)

    def __init__(
        self,
        desk: Desk,
        entry: Callable[[Row], Entry],
        count: CountQuery,
        page: PageQuery[Row],
        *,
        name: str,
    ) -> None:
        super().__init__()
        column: Column[Row] = Column(name, lambda row: entry(row).said)
        self.rows: WindowModel[Row] = WindowModel(desk, [column], count, page, page_size=PAGE)
        self.rows.setParent(self)
        self._heights = Heights(GUESS)
        self._shapes = Shapes(self.rows, entry)
        self._top = 0
        self._reveal = -1
        self._hovered = -1
        self._current_id: Hashable | None = None
        self._is_laying_out = False
        self.setAccessibleName(name)
        self._set_up()
        self.setModel(self.rows)
        self.rows.loaded.connect(self._refresh)
        self.rows.counted.connect(lambda _: self._refresh())
        theme.theme().changed.connect(self._forget_shapes)

    def _set_up(self) -> None:
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(True)

    # What a screen asks.

    def reload(self, **filters: Any) -> None:
        """Ask again. Other filters begin at the top; the same ones keep the position."""
        if filters != self.rows.filters:
            self.verticalScrollBar().setValue(0)
            self.setCurrentIndex(QModelIndex())
            self._shapes.close_all()
            self.rows.reload(0, 0, **filters)
            return
        last = self._heights.at(self.verticalOffset() + self.viewport().height())
        self.rows.reload(self._top, max(self._top, last), **filters)

    def set_looked(self, moment: datetime | None) -> None:
        """Draw a line between what happened after this moment and before it."""
        self._shapes.looked = moment
        self._forget_shapes()

    def current(self) -> Row | None:
        """The current row, if it is here."""
        return self.rows.loaded_row(self.currentIndex().row())

    def go_to(self, number: int) -> None:
        """Make the entry with this number the current one, and show it."""
        index = self.rows.index(max(0, min(number, self.rows.total - 1)), 0)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def toggle(self, number: int) -> None:
        """Show all of an entry's text, or its beginning."""
        self._shapes.toggle(number)
        self._lay_out()

    # Measuring.

    def _forget_shapes(self) -> None:
        self._shapes.forget()
        self._lay_out()

    def _refresh(self) -> None:
        self._shapes.drop_changed()
        self._follow_current()
        self._lay_out()

    def _follow_current(self) -> None:
        if self._current_id is None:
            return
        here = self.current()
        if here is not None and here.id == self._current_id:
            self.row_changed.emit(here)
            return
        found = self.rows.find(self._current_id)
        if found is not None:
            self.setCurrentIndex(self.rows.index(found, 0))

    def _shape(self, number: int) -> Shape | None:
        return self._shapes.get(number, self.viewport().width())

    def _lay_out(self) -> None:
        """Measure what is seen, and keep the topmost entry where it is."""
        if self._is_laying_out:
            return
        self._is_laying_out = True
        heights, bar = self._heights, self.verticalScrollBar()
        heights.fit(self.rows.total)
        for _ in range(4):
            # Where the end is turns out shorter than guessed, other entries come into sight.
            top = heights.at(bar.value())
            into = bar.value() - heights.top(top)
            self._measure_from(top, self.viewport().height() + into)
            self._set_range()
            bar.setValue(heights.top(top) + into)
            if heights.at(bar.value()) == top:
                break
        self._show_revealed()
        self._top = heights.at(bar.value())
        self._is_laying_out = False
        self.viewport().update()

    def _show_revealed(self) -> None:
        """Keep in sight what was gone to, while it and what is around it are being read."""
        if not 0 <= self._reveal < len(self._heights):
            return
        bar, height, heights = self.verticalScrollBar(), self.viewport().height(), self._heights
        self._measure_from(heights.at(bar.value()), height)
        self._measure_from(self._reveal, 1)
        self._set_range()
        top, tall = heights.top(self._reveal), heights.height(self._reveal)
        if top < bar.value() or tall > height:
            bar.setValue(top)
        elif top + tall > bar.value() + height:
            bar.setValue(top + tall - height)

    def _measure_from(self, number: int, room: int) -> None:
        heights = self._heights
        while room > 0 and number < len(heights):
            shape = self._shape(number)
            if shape is not None:
                heights.set(number, shape.height)
            room -= heights.height(number)
            number += 1

    def _set_range(self) -> None:
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, self._heights.whole + 8 - height))
        bar.setPageStep(height)
        bar.setSingleStep(48)

    # What an item view must know.

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        if self._is_laying_out:
            return
        self._reveal = -1
        bar, heights = self.verticalScrollBar(), self._heights
        new = heights.at(bar.value())
        if new < self._top < len(heights):
            # Entries measured for the first time above the seen ones must not push those down.
            before = heights.top(self._top)
            self._measure_from(new, before - heights.top(new))
            self._is_laying_out = True
            self._set_range()
            bar.setValue(bar.value() + heights.top(self._top) - before)
            self._is_laying_out = False
        self._lay_out()

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def horizontalOffset(self) -> int:
        return 0

    def visualRect(self, index: Index) -> QRect:
        number = index.row()
        if not 0 <= number < len(self._heights):
            return QRect()
        top = self._heights.top(number) - self.verticalOffset()
        return QRect(0, top, self.viewport().width(), self._heights.height(number))

    def indexAt(self, point: QPoint) -> QModelIndex:
        y = point.y() + self.verticalOffset()
        if not 0 <= y < self._heights.whole:
            return QModelIndex()
        return self.rows.index(self._heights.at(y), 0)

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        self._reveal = index.row()
        self._lay_out()

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        number, last = self.currentIndex().row(), self.rows.total - 1
        move = QAbstractItemView.CursorAction
        page = max(1, self.viewport().height() // GUESS)
        goals = {
            move.MoveUp: number - 1,
            move.MovePrevious: number - 1,
            move.MoveDown: number + 1,
            move.MoveNext: number + 1,
            move.MovePageUp: number - page,
            move.MovePageDown: number + page,
            move.MoveHome: 0,
            move.MoveEnd: last,
        }
        return self.rows.index(max(0, min(goals.get(action, number), last)), 0)

    def isIndexHidden(self, index: Index) -> bool:
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        index = self.indexAt(rect.topLeft())
        if index.isValid():
            self.selectionModel().select(index, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        return QRegion(self.viewport().rect())

    def doItemsLayout(self) -> None:
        self._lay_out()

    def updateGeometries(self) -> None:
        if hasattr(self, "_heights"):
            self._set_range()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        row = self.rows.loaded_row(current.row())
        self._current_id = row.id if row is not None else None
        self.row_changed.emit(row)
        self.viewport().update()

    # Painting, keys and mouse.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.color(theme.colors().surface))
        number, bottom = self._top, self.viewport().height()
        current = self.currentIndex().row()
        while number < len(self._heights):
            box = self.visualRect(self.rows.index(number, 0))
            if box.top() > bottom:
                break
            shape = self._shape(number)
            if shape is not None:
                entries.paint(
                    painter,
                    shape,
                    box,
                    is_current=number == current,
                    is_hovered=number == self._hovered,
                    has_focus=self.hasFocus(),
                    is_last=number == self.rows.total - 1,
                )
            number += 1
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if offer_key(self, event, in_list=True) or self._own_key(keys.pressed(event)):
            event.accept()
        elif event.text() and not keys.is_commanding(event) and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _own_key(self, key: str) -> bool:
        number, row = self.currentIndex().row(), self.current()
        if key in ("J", "K"):
            self.go_to(number + (1 if key == "J" else -1))
        elif key == "Enter" and row is not None:
            self.opened.emit(row)
        elif key == "Space" and row is not None:
            self.toggle(number)
        elif key in ("Right", "Left") and row is not None:
            if self._shapes.is_open(row) != (key == "Right"):
                self.toggle(number)
        else:
            return False
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            shape = self._shapes.known(index.row())
            into = event.position().toPoint() - self.visualRect(index).topLeft()
            if shape is not None and shape.more.contains(into):
                self.toggle(index.row())
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self.rows.loaded_row(self.indexAt(event.position().toPoint()).row())
        if row is not None:
            self.opened.emit(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        self._hover(index.row() if index.isValid() else -1)

    def viewportEvent(self, event: QEvent) -> bool:
        """Say all of a title that ends in …, where the mouse rests on the entry."""
        if not isinstance(event, QHelpEvent) or event.type() != QEvent.Type.ToolTip:
            return super().viewportEvent(event)
        index = self.indexAt(event.pos())
        shape = self._shape(index.row()) if index.isValid() else None
        whole = entries.cut_title(shape.entry, self.viewport().width()) if shape else ""
        parts.show_tooltip(self.viewport(), event.globalPos(), whole)
        return bool(whole)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, number: int) -> None:
        if number != self._hovered:
            self._hovered = number
            self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and event.reason() != Qt.FocusReason.MouseFocusReason:
            self.go_to(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
