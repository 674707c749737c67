"""Paints the lines of today: a heading, or whom to contact and why."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from deskcrm.domain.today.queries import TodayItem
from deskcrm.ui.kit import icons, theme
from deskcrm.ui.kit.actions import ALL_ACTIONS
from deskcrm.ui.kit.chips import paint_avatar
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.today.words import (
    ACTION_IDS,
    KIND_ICONS,
    KIND_TONES,
    Heading,
    action_words,
    section_words,
    standing,
    what,
)

if TYPE_CHECKING:
    from deskcrm.ui.today.list import TodayList

HEADING: Final = 44
PAD: Final = 12
AVATAR: Final = 34
BUTTON: Final = 28
_LEFT: Final = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


class LinePainter(QStyledItemDelegate):
    """Paints from the line itself; what is hovered is told by the view."""

    def __init__(self, view: "TodayList") -> None:
        super().__init__(view)
        self._view = view
        self.hovered = -1

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        is_item = self._view.rows.item(index.row()) is not None
        return QSize(200, theme.sizes().row + 10 if is_item else HEADING)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        line = self._view.rows.lines[index.row()]
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(line, Heading):
            _paint_heading(painter, rect, line)
        else:
            self._paint_item(painter, rect, line, index.row())
        painter.restore()

    def button_of(self, rect: QRect, item: TodayItem) -> QRectF:
        """Where the button of a line stands."""
        width = _advance(theme.font(weight=theme.MEDIUM), action_words(item.action)) + 24
        key = _key(item)
        if key:
            width += _advance(theme.font(theme.sizes().small), key) + 8
        top = rect.center().y() - BUTTON / 2
        return QRectF(rect.right() - PAD - width, top, width, BUTTON)

    def _paint_item(self, painter: QPainter, rect: QRect, item: TodayItem, number: int) -> None:
        colors = theme.colors()
        is_current = number == self._view.currentIndex().row()
        box = QRectF(rect).adjusted(0, 1, 0, -1)
        if is_current or number == self.hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(colors.selected if is_current else colors.hover))
            painter.drawRoundedRect(box, 7, 7)
        if is_current and self._view.hasFocus():
            painter.setPen(QPen(theme.color(colors.accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
        left = rect.left() + PAD
        top = rect.center().y() - AVATAR / 2
        if item.client:
            paint_avatar(painter, left, top, AVATAR, item.client)
        else:
            _paint_badge(painter, QRectF(left, top, AVATAR, AVATAR), KIND_ICONS[item.kind])
        right = float(rect.right() - PAD)
        if is_current or number == self.hovered:
            button = self.button_of(rect, item)
            _paint_button(painter, button, item)
            right = button.left() - 12
        _paint_words(painter, QRectF(left + AVATAR + 12, box.top(), 0, box.height()), right, item)


def _paint_heading(painter: QPainter, rect: QRect, line: Heading) -> None:
    colors = theme.colors()
    tone = KIND_TONES.get(line.kind, Tone.NEUTRAL)
    color = colors.tone(tone)[0]
    middle = rect.bottom() - 15
    icons.paint(painter, KIND_ICONS[line.kind], rect.left() + PAD, middle - 8, 16, color)
    font = theme.bold()
    words = section_words(line.kind)
    box = QRectF(rect.left() + PAD + 24, middle - 12, rect.width() - 60, 24)
    painter.setFont(font)
    painter.setPen(theme.color(colors.text))
    painter.drawText(box, int(_LEFT), words)
    box.setLeft(box.left() + _advance(font, words) + 10)
    painter.setFont(theme.font())
    painter.setPen(theme.color(colors.muted))
    painter.drawText(box, int(_LEFT), line.number)


def _paint_words(painter: QPainter, box: QRectF, right: float, item: TodayItem) -> None:
    colors, sizes = theme.colors(), theme.sizes()
    high = sizes.base + 7
    top = box.center().y() - high - 1
    room = max(0.0, right - box.left())
    subject = what(item)
    whom = item.client or subject
    upper = QRectF(box.left(), top, room, high)
    taken = _write(painter, upper, whom, theme.bold(), colors.text, room)
    if item.client and subject:
        rest = QRectF(upper)
        rest.setLeft(upper.left() + taken + 10)
        _write(painter, rest, subject, theme.font(), colors.text, rest.width())
    tone = KIND_TONES.get(item.kind, Tone.NEUTRAL)
    lower = QRectF(box.left(), top + high + 2, room, high)
    color = colors.tone(tone)[0]
    font = theme.font(sizes.small)
    taken = _write(painter, lower, item.reason, font, color, room)
    more = standing(item)
    lower.setLeft(lower.left() + taken)
    # A word of it would tell nothing: the card that explains the place has it whole.
    if more and _advance(font, f" · {more}") <= lower.width():
        _write(painter, lower, f" · {more}", font, colors.tone(Tone.VIP)[0], lower.width())


def _paint_button(painter: QPainter, box: QRectF, item: TodayItem) -> None:
    colors, sizes = theme.colors(), theme.sizes()
    painter.setPen(QPen(theme.color(colors.outline), 1))
    painter.setBrush(theme.color(colors.surface))
    painter.drawRoundedRect(box, 6, 6)
    font = theme.font(weight=theme.MEDIUM)
    words = action_words(item.action)
    inside = box.adjusted(12, 0, -6, 0)
    _write(painter, inside, words, font, colors.text, inside.width())
    key = _key(item)
    if key:
        inside.setLeft(inside.left() + _advance(font, words) + 8)
        _write(painter, inside, key, theme.font(sizes.small), colors.muted, inside.width())


def _paint_badge(painter: QPainter, box: QRectF, icon: str) -> None:
    colors = theme.colors()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(colors.sunken))
    painter.drawEllipse(box)
    icons.paint(painter, icon, box.center().x() - 8, box.center().y() - 8, 16, colors.muted)


def _write(
    painter: QPainter, box: QRectF, text: str, font: QFont, color: str, room: float
) -> float:
    """Write one line, elided where there is no room; gives how wide it became."""
    shown = QFontMetrics(font).elidedText(
        text.replace("\n", " "), Qt.TextElideMode.ElideRight, int(max(0.0, room))
    )
    painter.setFont(font)
    painter.setPen(theme.color(color))
    painter.drawText(box, int(_LEFT), shown)
    return _advance(font, shown)


def _advance(font: QFont, text: str) -> float:
    return float(QFontMetrics(font).horizontalAdvance(text))


def _key(item: TodayItem) -> str:
    found = ALL_ACTIONS[ACTION_IDS[item.action]].key
    return found or "↵"
