"""The table: a million rows, one current, some picked, all of it from the keyboard."""

from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import Any, Generic

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from deskcrm.ui.kit import keys, theme
from deskcrm.ui.kit.cells import CHECK, CellPainter, RowState
from deskcrm.ui.kit.columns import Column, Row, Selection
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.focus import offer_key
from deskcrm.ui.kit.window_model import CountQuery, PageQuery, WindowModel

MOST_IN_A_RANGE = 5_000
STRETCHED = 224
"""What the column that stretches keeps for itself when others are chosen beside it."""


class Table(QTableView, Generic[Row]):
    """A windowed table. See ``WindowModel`` for the two queries and ``Column`` for the columns."""

    row_changed = Signal(object)
    """The current row became another one, or other in itself; None when there is none."""
    opened = Signal(object)
    """Enter or a double click: the row."""
    peeked = Signal(object)
    """Space: the row."""
    picked = Signal(object)
    """The Selection changed."""
    menu_wanted = Signal(object)
    """A context menu is wanted at this point of the screen."""

    def __init__(
        self,
        desk: Desk,
        columns: Sequence[Column[Row]],
        count: CountQuery,
        page: PageQuery[Row],
        *,
        name: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.rows: WindowModel[Row] = WindowModel(desk, columns, count, page)
        self.rows.setParent(self)
        self._state = RowState()
        self._current_id: Hashable | None = None
        self._shown: object = None
        self._anchor = -1
        self._goal: Hashable | None = None
        self._is_chosen = False
        self.chosen = frozenset(one.key for one in columns if one.key and not one.is_extra)
        """The keys of the columns that are shown where there is room."""
        self.setAccessibleName(name)
        self.setModel(self.rows)
        self.setItemDelegate(CellPainter(self, self._state))
        self._set_up_view()
        self._set_up_header()
        self.rows.loaded.connect(self._settle)
        self.rows.counted.connect(lambda _: self._settle())
        theme.theme().changed.connect(self._follow_theme)
        self._follow_theme()

    def _set_up_view(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)

    def _set_up_header(self) -> None:
        upright, across = self.verticalHeader(), self.horizontalHeader()
        upright.hide()
        upright.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setHighlightSections(False)
        across.setSectionsClickable(True)
        across.setMinimumSectionSize(48)
        across.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        across.sectionClicked.connect(self._sort_by)
        # A header asks its selection model about every row on every paint; its own is empty.
        for header in (upright, across):
            header.setSelectionModel(QItemSelectionModel(self.rows, header))
        mode = QHeaderView.ResizeMode
        for at, column in enumerate(self.rows.columns):
            across.setSectionResizeMode(at, mode.Stretch if column.stretch else mode.Interactive)
            if not column.stretch:
                across.resizeSection(at, column.width)

    # What a screen asks.

    def reload(self, **filters: Any) -> None:
        """Ask again. Other filters begin at the top; the same ones keep row and position."""
        if filters != self.rows.filters:
            self._start_over()
            self.rows.reload(0, 0, **filters)
            return
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - 1)
        self.rows.reload(first, last if last >= 0 else first, **filters)

    def order_by(self, sort: str, *, descending: bool) -> None:
        """Sort by this, from the top."""
        if (sort, descending) == (self.rows.sort_key, self.rows.descending):
            return
        self.rows.order_by(sort, descending=descending)
        self.horizontalHeader().viewport().update()
        self._start_over()
        self.rows.reload(0, 0, **self.rows.filters)

    def choose(self, keys: frozenset[str]) -> None:
        """Show these columns and no others, where there is room; one that stretches always."""
        self.chosen, self._is_chosen = keys, True
        self._fit_columns()

    def current(self) -> Row | None:
        """The current row, if it is here."""
        return self.rows.loaded_row(self.currentIndex().row())

    def show_id(self, row_id: Hashable) -> None:
        """Make this row the current one as soon as it is loaded, unless another is gone to."""
        self._goal = row_id
        self._settle()

    def go_to(self, number: int) -> None:
        """Make the row with this number the current one."""
        number = max(0, min(number, self.rows.total - 1))
        index = self.rows.index(number, 0)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    @property
    def selection(self) -> Selection:
        """The picked rows."""
        return self._state.selection

    def pick(self, selection: Selection) -> None:
        """Pick these rows instead."""
        self._state.selection = selection
        self._state.picking = not selection.is_empty(self.rows.total)
        self.viewport().update()
        self.picked.emit(selection)

    def selectAll(self) -> None:
        """Pick everything that matches, without reading any of it."""
        self.pick(Selection(is_everything=True))

    # Rows come and go.

    def _start_over(self) -> None:
        self._current_id = None
        self._anchor = -1
        self.verticalScrollBar().setValue(0)
        self.setCurrentIndex(QModelIndex())
        if not self.selection.is_empty(1):
            self.pick(Selection())

    def _settle(self) -> None:
        if self._goal is not None:
            found = self.rows.find(self._goal)
            if found is not None:
                self.go_to(found)
        elif self._current_id is not None:
            self._follow_row(self._current_id)
        self._notice()

    def _follow_row(self, row_id: Hashable) -> None:
        here = self.rows.loaded_row(self.currentIndex().row())
        if here is not None and here.id == row_id:
            return
        found = self.rows.find(row_id)
        if found is None or found == self.currentIndex().row():
            return
        moved = (found - self.currentIndex().row()) * self.verticalHeader().defaultSectionSize()
        bar = self.verticalScrollBar()
        value = bar.value()
        self.setCurrentIndex(self.rows.index(found, 0))
        if value > 0:
            bar.setValue(value + moved)

    def currentChanged(
        self,
        current: QModelIndex | QPersistentModelIndex,
        previous: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().currentChanged(current, previous)
        if not hasattr(self, "_state"):
            return
        self._state.current = current.row()
        self._current_id = self._goal = None
        self.viewport().update()
        self._notice()

    def _notice(self) -> None:
        number = self.currentIndex().row()
        row = self.rows.row(number) if 0 <= number < self.rows.total else None
        if row is None and number >= 0 and number < self.rows.total:
            return
        self._current_id = row.id if row is not None else None
        if row != self._shown:
            self._shown = row
            self.row_changed.emit(row)

    def _sort_by(self, at: int) -> None:
        key = self.rows.columns[at].sort
        if not key:
            return
        same = key == self.rows.sort_key
        self.order_by(key, descending=same and not self.rows.descending)

    # Keys and mouse.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if offer_key(self, event, in_list=True) or self._own_key(keys.pressed(event)):
            event.accept()
            return
        if event.text() and not keys.is_commanding(event) and event.text().isprintable():
            # Qt would look for a row that begins with this letter, through all million of them.
            event.ignore()
            return
        super().keyPressEvent(event)

    def _own_key(self, key: str) -> bool:
        number, row = self.currentIndex().row(), self.current()
        if key in ("J", "K"):
            self.go_to(number + (1 if key == "J" else -1))
        elif key in ("Home", "End"):
            self.go_to(0 if key == "Home" else self.rows.total - 1)
        elif key == "Enter" and row is not None:
            self.opened.emit(row)
        elif key == "Space" and row is not None:
            self.peeked.emit(row)
        elif key == "X" and row is not None:
            self._anchor = number
            self.pick(self.selection.toggled(row.id))
        elif key in ("Shift+J", "Shift+Down", "Shift+K", "Shift+Up"):
            self._extend(1 if key in ("Shift+J", "Shift+Down") else -1)
        elif key == "Esc" and not self.selection.is_empty(self.rows.total):
            self.pick(Selection())
        elif key == "Ctrl+A":
            self.selectAll()
        else:
            return False
        return True

    def _extend(self, step: int) -> None:
        number = self.currentIndex().row()
        self.go_to(number + step)
        self._pick_range(number, self.currentIndex().row())

    def _pick_range(self, start: int, end: int) -> None:
        low, high = min(start, end), max(start, end)
        high = min(high, low + MOST_IN_A_RANGE)
        ids = self.rows.loaded_ids(range(max(0, low), high + 1))
        self.pick(self.selection.with_all(ids))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        row = self.rows.loaded_row(index.row()) if index.isValid() else None
        if event.button() == Qt.MouseButton.LeftButton and row is not None:
            held = event.modifiers()
            in_gutter = event.position().x() < CHECK
            if held & Qt.KeyboardModifier.ShiftModifier:
                start = self._anchor if self._anchor >= 0 else self.currentIndex().row()
                self._pick_range(start, index.row())
                return
            if in_gutter or held & Qt.KeyboardModifier.ControlModifier:
                self._anchor = index.row()
                self.pick(self.selection.toggled(row.id))
                return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self.rows.loaded_row(self.indexAt(event.position().toPoint()).row())
        if row is not None and event.position().x() >= CHECK:
            self.opened.emit(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.rowAt(round(event.position().y())))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, number: int) -> None:
        if number != self._state.hovered:
            self._state.hovered = number
            self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._state.has_focus = True
        super().focusInEvent(event)
        self.viewport().update()
        # A list that is tabbed to without a current row would swallow the first key.
        if not self.currentIndex().isValid() and event.reason() != Qt.FocusReason.MouseFocusReason:
            QTimer.singleShot(0, self, self._begin)

    def _begin(self) -> None:
        if not self.currentIndex().isValid() and self._goal is None:
            self.go_to(0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._state.has_focus = False
        super().focusOutEvent(event)
        self.viewport().update()

    # Looks.

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_columns()
        super().resizeEvent(event)

    def _fit_columns(self) -> None:
        """Show the columns that are wanted, as long as there is room."""
        width = self.viewport().width()
        chosen = self._chosen_with_room(width)
        for at, column in enumerate(self.rows.columns):
            if self._is_chosen and column.key:
                is_wanted = column.stretch or column.key in chosen
            else:
                is_wanted = not column.key or column.stretch or column.key in self.chosen
                is_wanted = is_wanted and width >= column.hide_below
            self.setColumnHidden(at, not is_wanted)
        self._state.low = self._low_column(width)

    def _chosen_with_room(self, width: int) -> set[str]:
        """Name the chosen columns that have room: those first that are not there unasked."""
        room = width - STRETCHED
        found: set[str] = set()
        wanted = [c for c in self.rows.columns if c.key in self.chosen and not c.stretch]
        for column in sorted(wanted, key=lambda one: not one.is_extra):
            if column.width <= room:
                room -= column.width
                found.add(column.key)
        return found

    def _low_column(self, width: int) -> int:
        """Find the column that leaves its first line to the one before it; -1: there is none."""
        shown = [one for one in range(len(self.rows.columns)) if not self.isColumnHidden(one)]
        for before, at in pairwise(shown):
            is_next = at == before + 1 and self.rows.columns[before].stretch
            if is_next and width < self.rows.columns[at].low_below:
                return at
        return -1

    def _follow_theme(self) -> None:
        lengths = theme.sizes()
        two_lines = any(column.under is not None for column in self.rows.columns)
        height = lengths.row if two_lines else lengths.row_single
        self.verticalHeader().setDefaultSectionSize(height)
        self.viewport().update()
