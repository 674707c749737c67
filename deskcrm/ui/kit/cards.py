"""A list of cards: one column of a board, read a page at a time, from the keyboard or dragged."""

from collections.abc import Hashable
from typing import Any, Final

from PySide6.QtCore import (
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QStyledItemDelegate, QStyleOptionViewItem

from deskcrm.ui.kit import icons, theme
from deskcrm.ui.kit.breaking import broken
from deskcrm.ui.kit.cells import RowState, fitting
from deskcrm.ui.kit.chips import paint_avatar, paint_chip
from deskcrm.ui.kit.columns import Column, Row, Selection
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.edge_scroll import EdgeScroll
from deskcrm.ui.kit.table import Table
from deskcrm.ui.kit.window_model import CountQuery, PageQuery, WindowModel

CARD: Final = "application/x-deskcrm-card"
"""What is dragged; which card it is, the list knows from which it is dragged."""
GAP: Final = 8
_PAD: Final = 10
_TITLE_LINES: Final = 2
_AVATAR: Final = 16


class CardList(Table[Row]):
    """Cards of one ``Column``: its text is the title, ``under`` stands above it, ``avatar`` names
    the person at its foot. Nothing is picked here: what is done is done with the current card.
    """

    stepped = Signal(int)
    """Left or Right: to the list beside this one."""
    entered_list = Signal()
    """The focus came here."""
    dropped = Signal(object)
    """A card was dropped here: the list that it comes from."""
    held = Signal(QPoint)
    """A card is held over this list: where, on the screen."""
    let_go = Signal()
    """No card is held over this list any more."""

    def __init__(
        self,
        desk: Desk,
        column: Column[Row],
        count: CountQuery,
        page: PageQuery[Row],
        *,
        name: str,
        empty: str = "",
        nobody: str = "",
    ) -> None:
        """``empty`` is said where there is no card, ``nobody`` on a card without a person."""
        super().__init__(desk, [column], count, page, name=name)
        self.is_aimed_at = False
        self.empty, self.nobody = empty, nobody
        self._pressed_at: QPointF | None = None
        self._edge = EdgeScroll(self, Qt.Orientation.Vertical)
        self.horizontalHeader().hide()
        self.setItemDelegate(CardPainter(self, self._state))
        self.setAcceptDrops(True)
        self.rows.counted.connect(lambda _: self.viewport().update())

    def pick(self, selection: Selection) -> None:
        """Nothing is picked on a board."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.rows.is_counted and not self.rows.total:
            painter = QPainter(self.viewport())
            box = QRectF(self.viewport().rect()).adjusted(_PAD, _PAD, -_PAD, -_PAD)
            painter.setPen(theme.color(theme.colors().muted))
            painter.setFont(theme.font(theme.sizes().small))
            flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter
            painter.drawText(box, int(flags | Qt.TextFlag.TextWordWrap), self.empty)
            painter.end()

    def _own_key(self, key: str) -> bool:
        if key in ("Left", "Right"):
            self.stepped.emit(-1 if key == "Left" else 1)
            return True
        return super()._own_key(key)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = None
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self._pressed_at = event.position()
            self.go_to(index.row())
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        pressed = self._pressed_at
        if pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
            return
        if (event.position() - pressed).manhattanLength() >= QApplication.startDragDistance():
            self._pressed_at = None
            self._drag()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self.current()
        if row is not None:
            self.opened.emit(row)

    def _drag(self) -> None:
        index = self.currentIndex()
        if not index.isValid():
            return
        drag = QDrag(self)
        data = QMimeData()
        data.setData(CARD, b"card")
        drag.setMimeData(data)
        drag.setPixmap(self.viewport().grab(self.visualRect(index)))
        drag.exec(Qt.DropAction.MoveAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        # Also where it comes from: a card is not put there, but held at its edge.
        event.setAccepted(event.mimeData().hasFormat(CARD))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        is_card = event.mimeData().hasFormat(CARD)
        if is_card:
            at = event.position().toPoint()
            self._edge.hold(at)
            self.held.emit(self.viewport().mapToGlobal(at))
        is_taken = is_card and event.source() is not self
        self._aim(is_taken)
        event.acceptProposedAction() if is_taken else event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._hold_no_more()

    def dropEvent(self, event: QDropEvent) -> None:
        self._hold_no_more()
        source = event.source()
        if isinstance(source, CardList) and source is not self:
            event.acceptProposedAction()
            self.dropped.emit(source)

    def _hold_no_more(self) -> None:
        self._aim(False)
        self._edge.release()
        self.let_go.emit()

    def _aim(self, is_aimed_at: bool) -> None:
        if is_aimed_at != self.is_aimed_at:
            self.is_aimed_at = is_aimed_at
            self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered_list.emit()

    def stand_at(self, number: int) -> None:
        """Take the focus, at this card or the nearest there is."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.rows.total:
            self.go_to(number)

    def await_id(self, row_id: Hashable) -> None:
        """Take the focus, and stand at this card as soon as it is here."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.show_id(row_id)

    def _follow_theme(self) -> None:
        sizes = theme.sizes()
        title = QFontMetrics(theme.bold()).lineSpacing() * _TITLE_LINES
        small = QFontMetrics(theme.font(sizes.small)).lineSpacing()
        self.verticalHeader().setDefaultSectionSize(GAP + 2 * _PAD + title + 2 * small + 22 + 12)
        self.viewport().update()


class CardPainter(QStyledItemDelegate):
    """Paints a card straight from its row."""

    def __init__(self, view: CardList[Any], state: RowState) -> None:
        super().__init__(view)
        self._view = view
        self._state = state

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        model = index.model()
        if not isinstance(model, WindowModel):
            return
        row = model.row(index.row())
        rect: QRect = option.rect
        # The view has painted the whole row of the current card; it ends at the card's edge here.
        painter.fillRect(rect, theme.color(theme.colors().sunken))
        whole = QRectF(rect).adjusted(4, 0, -4, -GAP)
        self._paint_ground(painter, whole, index.row())
        box = whole.adjusted(_PAD, _PAD, -_PAD, -_PAD)
        if row is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(theme.colors().sunken))
            painter.drawRoundedRect(QRectF(box.left(), box.top() + 4, box.width() * 0.6, 8), 4, 4)
        else:
            is_lit = index.row() == self._state.current
            _paint_card(painter, box, model.columns[0], row, self._view.nobody, is_lit=is_lit)

    def _paint_ground(self, painter: QPainter, box: QRectF, number: int) -> None:
        colors, state = theme.colors(), self._state
        is_current = number == state.current and state.has_focus
        ground = colors.selected if number == state.current else colors.raised
        if number == state.hovered and number != state.current:
            ground = colors.hover
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = colors.accent if is_current or self._view.is_aimed_at else colors.border
        painter.setPen(QPen(theme.color(edge), 1.6 if is_current else 1))
        painter.setBrush(theme.color(ground))
        painter.drawRoundedRect(box.adjusted(0.8, 0.8, -0.8, -0.8), 7, 7)


def _paint_card(
    painter: QPainter, box: QRectF, column: Column[Any], row: Any, nobody: str, *, is_lit: bool
) -> None:
    sizes, colors = theme.sizes(), theme.colors()
    small, top = theme.font(sizes.small), box.top()
    height = QFontMetrics(small).lineSpacing()
    above = column.under(row) if column.under is not None else ""
    _write(painter, QRectF(box.left(), top, box.width(), height), above, colors.muted, small)
    top += height + 3
    bold = theme.bold()
    step = QFontMetrics(bold).lineSpacing()
    for line in broken(column.text(row), QFontMetrics(bold), int(box.width()), _TITLE_LINES):
        _write(painter, QRectF(box.left(), top, box.width(), step), line, colors.text, bold)
        top += step
    foot = box.bottom() - height / 2
    left = box.left()
    for chip in fitting(column.chips(row) if column.chips is not None else (), box.width()):
        middle = foot - height / 2 - 16
        left += paint_chip(painter, left, middle, chip, is_edged=is_lit) + 6
    if column.avatar is not None:
        beside = QRectF(box.left(), foot - height / 2, box.width(), height)
        _paint_person(painter, beside, column.avatar(row), nobody)


def _paint_person(painter: QPainter, box: QRectF, person: str, nobody: str) -> None:
    colors, top = theme.colors(), box.center().y() - _AVATAR / 2
    if person:
        paint_avatar(painter, box.left(), top, _AVATAR, person)
    elif nobody:
        icons.paint(painter, "person", box.left(), top, _AVATAR, colors.muted)
    words = box.adjusted(_AVATAR + 6, 0, 0, 0)
    _write(painter, words, person or nobody, colors.muted, theme.font(theme.sizes().small))


def _write(painter: QPainter, box: QRectF, text: str, color: str, font: Any) -> None:
    painter.setFont(font)
    painter.setPen(theme.color(color))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.drawText(box, int(flags | Qt.TextFlag.TextSingleLine), shown)
