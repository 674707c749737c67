"""The list of today: sections with headings, one line for each thing, all from the keyboard."""

from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from deskcrm.base.words import tr
from deskcrm.domain.today.queries import Today, TodayItem, TodayKind
from deskcrm.ui.kit import keys, parts, theme
from deskcrm.ui.kit.focus import offer_key
from deskcrm.ui.today.lines import LinePainter
from deskcrm.ui.today.words import Heading, hint, said

Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()


class TodayModel(QAbstractListModel):
    """Headings and things, one under another; a heading cannot be chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Heading | TodayItem] = []
        self.today = Today((), frozenset())

    def show_today(self, today: Today) -> None:
        """Show these things under their headings."""
        self.beginResetModel()
        self.today = today
        self.lines = []
        for kind in TodayKind:
            items = today.of(kind)
            if items:
                self.lines += [Heading(kind, len(items), kind in today.more), *items]
        self.endResetModel()

    def item(self, number: int) -> TodayItem | None:
        """The thing in a line; None for a heading and beyond the end."""
        line = self.lines[number] if 0 <= number < len(self.lines) else None
        return line if isinstance(line, TodayItem) else None

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole:
            item = self.item(index.row())
            return parts.plain(hint(item)) if item is not None else None
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        line = self.lines[index.row()]
        return line.said if isinstance(line, Heading) else said(line)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.item(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


def same(one: TodayItem) -> tuple[object, ...]:
    """What tells a thing from every other, also when its words changed."""
    return (one.task_id, one.promise_id, one.ticket_id, one.client_id, one.task_id or one.kind)


class TodayList(QListView):
    """J and K walk the things and skip the headings; a click on the button does its work."""

    row_changed = Signal(object)
    opened = Signal(object)
    act_wanted = Signal(object)
    menu_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.rows = TodayModel()
        self.rows.setParent(self)
        self.painter_ = LinePainter(self)
        self.setModel(self.rows)
        self.setItemDelegate(self.painter_)
        self.setAccessibleName(tr("Whom to contact today"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        theme.theme().changed.connect(self._follow_theme)

    def show_today(self, today: Today) -> None:
        """Show these; who was current stays so, and else whoever stands in that place now."""
        before, number = self.current(), self.currentIndex().row()
        bar = self.verticalScrollBar().value()
        self.rows.show_today(today)
        found = self._find(before)
        self.go_to(number if found is None else found)
        self.verticalScrollBar().setValue(bar)
        index = self.currentIndex()
        if index.isValid():
            self.scrollTo(index)
        self.row_changed.emit(self.current())

    def current(self) -> TodayItem | None:
        """The current thing."""
        return self.rows.item(self.currentIndex().row())

    def go_to(self, number: int, step: int = 1) -> None:
        """Make the thing in this line current, or the next that is no heading."""
        last = len(self.rows.lines) - 1
        number = max(0, min(number, last))
        for way in (step, -step):
            at = number
            while 0 <= at <= last and self.rows.item(at) is None:
                at += way
            if 0 <= at <= last:
                index = self.rows.index(at, 0)
                self.setCurrentIndex(index)
                self.scrollTo(self.rows.index(max(0, at - 1), 0) if at == 1 else index)
                return

    def _find(self, wanted: TodayItem | None) -> int | None:
        if wanted is None:
            return None
        for number, line in enumerate(self.rows.lines):
            if isinstance(line, TodayItem) and same(line) == same(wanted):
                return number
        return None

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.row_changed.emit(self.rows.item(current.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if offer_key(self, event, in_list=True) or self._own_key(keys.pressed(event)):
            event.accept()
        elif event.text() and not keys.is_commanding(event) and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _own_key(self, key: str) -> bool:
        number, row = self.currentIndex().row(), self.current()
        if key in ("J", "Down"):
            self.go_to(number + 1)
        elif key in ("K", "Up"):
            self.go_to(number - 1, -1)
        elif key in ("Home", "End"):
            self.go_to(0 if key == "Home" else len(self.rows.lines))
        elif key == "Enter" and row is not None:
            self.opened.emit(row)
        else:
            return False
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        item = self.rows.item(index.row())
        if item is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if self.painter_.button_of(self.visualRect(index), item).contains(event.position()):
            self.act_wanted.emit(item)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        item = self.rows.item(self.indexAt(event.position().toPoint()).row())
        if item is not None:
            self.opened.emit(item)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.indexAt(event.position().toPoint()).row())
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: Any) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, number: int) -> None:
        if number != self.painter_.hovered:
            self.painter_.hovered = number
            self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.go_to(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def _follow_theme(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.viewport().update()
