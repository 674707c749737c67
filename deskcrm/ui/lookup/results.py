"""The list of what was found: what it is, whose, and why it is there."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from deskcrm.base import words
from deskcrm.base.words import tr
from deskcrm.domain.lookup.fields import Kind
from deskcrm.domain.lookup.queries import FoundRow
from deskcrm.ui.kit import icons, theme

ICONS: Final = {
    Kind.CLIENT: "clients",
    Kind.CONTACT: "person",
    Kind.TICKET: "tickets",
    Kind.INTERACTION: "chat",
    Kind.ARTICLE: "knowledge",
}
_HEIGHT: Final = 50
_NARROW: Final = 12
# Once: putting two flags together costs as much as painting a word.
_ONE_LINE: Final = int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextSingleLine)
_Index = QModelIndex | QPersistentModelIndex


def destination(row: FoundRow) -> tuple[str, dict[str, Any]]:
    """Say where a found row leads: the place, and what ``desk.go`` is given."""
    if row.kind is Kind.TICKET:
        return "tickets", {"ticket": row.id}
    if row.kind is Kind.ARTICLE:
        return "knowledge", {"article": row.id}
    where: dict[str, Any] = {"client": row.client_id}
    if row.kind is not Kind.CLIENT:
        where[row.kind.value] = row.id
    return "clients", where


def seen_in_title(row: FoundRow) -> str:
    """Name the field by which a row was found, where its title shows what fits; else ""."""
    field = row.why.removesuffix(f": {row.title}")
    return "" if field == row.why else field


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: Sequence[FoundRow] = ()

    def show(self, rows: Sequence[FoundRow]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = (words.of(row.kind), row.title, row.detail, row.why)
            return ", ".join(part for part in said if part)
        return None


class _Painter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(200, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        if isinstance(model, _Rows):
            state, rect = option.state, option.rect
            is_current = bool(state & QStyle.StateFlag.State_Selected)
            paint_row(painter, QRectF(rect), model.rows[index.row()], is_current=is_current)


def paint_row(painter: QPainter, box: QRectF, row: FoundRow, *, is_current: bool) -> None:
    """Paint one found row."""
    colors, lengths = theme.colors(), theme.sizes()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if is_current:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(colors.selected))
        painter.drawRoundedRect(box.adjusted(6, 1, -6, -1), 6, 6)
    ink = colors.accent if is_current else colors.muted
    icons.paint(painter, ICONS[row.kind], box.left() + 18, box.top() + 9, 16, ink)
    left, right = box.left() + 46, box.right() - 18
    first = QRectF(left, box.top() + 6, right - left, 20)
    second = QRectF(left, box.top() + 26, right - left, 18)
    small, title = theme.font(lengths.small), theme.font(lengths.base, theme.MEDIUM)
    field = seen_in_title(row) if row.detail else ""
    if field:
        # The title says what fits; said a second time it would only take the detail's room.
        first.setRight(right - _at_end(painter, first, field.lower(), small, colors.faint))
        _text(painter, first, row.title, title, colors.text)
        _text(painter, second, row.detail, small, colors.muted)
    else:
        shown = _text(painter, first, row.title, title, colors.text)
        beside = first.adjusted(QFontMetrics(title).horizontalAdvance(shown) + 10, 0, 0, 0)
        if QFontMetrics(theme.font()).horizontalAdvance(row.detail) <= beside.width():
            _text(painter, beside, row.detail, theme.font(), colors.muted)
            _text(painter, second, row.why, small, colors.faint)
        else:
            # Whose it is may be all that tells two apart: the next line has more room for it.
            under = " · ".join(filter(None, (row.detail, row.why)))
            _text(painter, second, under, small, colors.muted)
    painter.restore()


def _at_end(painter: QPainter, box: QRectF, text: str, font: QFont, color: str) -> float:
    """Paint a text at the end of a line; give the room that it takes."""
    room = QFontMetrics(font).horizontalAdvance(text) + 2 * _NARROW
    _text(painter, box.adjusted(box.width() - room + 2 * _NARROW - 1, 0, 1, 0), text, font, color)
    return room


def _text(painter: QPainter, box: QRectF, text: str, font: QFont, color: str) -> str:
    """Paint as much of a text as fits; give what was painted."""
    if box.width() < _NARROW or not text:
        return ""
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
    painter.setFont(font)
    painter.setPen(theme.color(color))
    painter.drawText(box, _ONE_LINE, shown)
    return shown


class ResultList(QListView):
    """Found rows; one is current. It never takes the focus from the line that is typed in."""

    chosen = Signal(object, bool)
    """A FoundRow, and whether it is to be opened in a tab."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found = _Rows()
        self.found.setParent(self)
        self.setModel(self.found)
        self.setItemDelegate(_Painter(self))
        self.setAccessibleName(tr("Search results"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("QListView { background: transparent; }")
        self.entered.connect(self.setCurrentIndex)

    def show_rows(self, rows: Sequence[FoundRow]) -> None:
        """Show these rows, the first being current."""
        self.found.show(rows)
        if rows:
            self.setCurrentIndex(self.found.index(0))

    def step(self, by: int) -> None:
        """Make another row current; past the end it begins again."""
        total = len(self.found.rows)
        if total:
            at = (self.currentIndex().row() + by) % total
            self.setCurrentIndex(self.found.index(at))
            self.scrollTo(self.found.index(at))

    def row(self) -> FoundRow | None:
        """The current row."""
        at = self.currentIndex().row()
        return self.found.rows[at] if 0 <= at < len(self.found.rows) else None

    def height_wanted(self, most: int = 9) -> int:
        """How tall the list is with all rows, or with the most that are to be seen."""
        return min(len(self.found.rows), most) * _HEIGHT

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if not index.isValid():
            return
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        in_tab = bool(held) or event.button() == Qt.MouseButton.MiddleButton
        self.chosen.emit(self.found.rows[index.row()], in_tab)
