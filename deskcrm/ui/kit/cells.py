"""Paints the cells of a table: two lines, chips, icons, avatars; plain text only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from deskcrm.ui.kit import icons, parts, theme
from deskcrm.ui.kit.chips import Chip, chip_width, paint_avatar, paint_chip
from deskcrm.ui.kit.columns import Column, Selection
from deskcrm.ui.kit.sparkline import paint_sparkline
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.kit.window_model import WindowModel

CHECK = 30
PAD = 8
TREND = 26
_OF_THE_TEXT = 0.6
"""Of a line, which the text keeps before signs without words go."""


@dataclass(slots=True)
class RowState:
    """What the view knows of its rows and the painter needs."""

    current: int = -1
    hovered: int = -1
    has_focus: bool = False
    picking: bool = False
    selection: Selection = field(default_factory=Selection)
    low: int = -1
    """The column whose chips stand in the second line; the one before it has the whole first."""


class CellPainter(QStyledItemDelegate):
    """Paints straight from the row: asking the model role by role costs ten times more."""

    def __init__(self, view: QTableView, state: RowState) -> None:
        super().__init__(view)
        self._view = view
        self._state = state

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        model: QAbstractItemModel = index.model()
        if not isinstance(model, WindowModel):
            return
        number, at = index.row(), index.column()
        rect: QRect = option.rect
        row = model.row(number)
        first = self._is_first(at)
        self._background(painter, rect, number, first, row)
        box = QRectF(rect).adjusted(PAD, 0, -PAD, 0)
        if first:
            self._check(painter, rect, number, row)
            box.setLeft(rect.left() + CHECK)
        if row is None:
            self._placeholder(painter, box)
        else:
            is_lit = number == self._state.current or self._state.selection.has(row.id)
            if at in (self._state.low - 1, self._state.low):
                self._shared(painter, rect, model, row, is_lit=is_lit)
            if at == self._state.low:
                _paint_low(painter, box, model.columns[at], row, is_lit=is_lit)
            elif at != self._state.low - 1:
                _paint_cell(painter, box, model.columns[at], row, is_lit=is_lit)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Say all of what ends in …, where the column has nothing else to say."""
        if super().helpEvent(event, view, option, index):
            return True
        model: QAbstractItemModel = index.model()
        row = model.loaded_row(index.row()) if isinstance(model, WindowModel) else None
        if row is None or not isinstance(model, WindowModel):
            return False
        rect: QRect = option.rect
        room = rect.width() - PAD - (CHECK if self._is_first(index.column()) else PAD)
        more = (
            self._view.columnWidth(self._state.low) if index.column() == self._state.low - 1 else 0
        )
        whole = _cut_lines(model.columns[index.column()], row, room, more)
        if whole:
            parts.show_tooltip(view, event.globalPos(), whole)
        return bool(whole)

    def _shared(
        self, painter: QPainter, rect: QRect, model: WindowModel[Any], row: Any, *, is_lit: bool
    ) -> None:
        """Paint what of a cell is in this rectangle: its first line goes on in the next cell."""
        low = self._state.low
        before = CHECK if self._is_first(low - 1) else PAD
        left = self._view.columnViewportPosition(low - 1) + before
        width = self._view.columnWidth(low - 1) - before - PAD
        painter.save()
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        box = QRectF(left, rect.top(), width, rect.height())
        more = self._view.columnWidth(low)
        _paint_cell(painter, box, model.columns[low - 1], row, is_lit=is_lit, more=more)
        painter.restore()

    def _is_first(self, column: int) -> bool:
        return self._view.horizontalHeader().visualIndex(column) == 0

    def _background(
        self, painter: QPainter, rect: QRect, number: int, first: bool, row: Any
    ) -> None:
        colors, state = theme.colors(), self._state
        picked = row is not None and state.selection.has(row.id)
        if number == state.current or picked:
            painter.fillRect(rect, theme.color(colors.selected))
        elif number == state.hovered:
            painter.fillRect(rect, theme.color(colors.hover))
        painter.fillRect(
            QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color(colors.border, 0.6)
        )
        if first and number == state.current:
            strength = 1.0 if state.has_focus else 0.35
            painter.fillRect(
                QRect(rect.left(), rect.top(), 3, rect.height()),
                theme.color(colors.accent, strength),
            )

    def _check(self, painter: QPainter, rect: QRect, number: int, row: Any) -> None:
        state = self._state
        picked = row is not None and state.selection.has(row.id)
        if not (picked or state.picking or number == state.hovered):
            return
        colors = theme.colors()
        box = QRectF(rect.left() + 10, rect.center().y() - 7, 14, 14)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color(colors.accent if picked else colors.outline), 1.2))
        painter.setBrush(theme.color(colors.accent if picked else colors.surface))
        painter.drawRoundedRect(box, 3.5, 3.5)
        if picked:
            icons.paint(painter, "check", box.left() + 1, box.top() + 1, 12, colors.on_accent)

    def _placeholder(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(theme.colors().sunken))
        width = max(12.0, box.width() * 0.55)
        painter.drawRoundedRect(QRectF(box.left(), box.center().y() - 4, width, 8), 4, 4)


def _paint_cell(
    painter: QPainter,
    box: QRectF,
    column: Column[Any],
    row: Any,
    *,
    is_lit: bool,
    more: float = 0,
) -> None:
    """Paint the cell; its first line has so much ``more`` room at the right."""
    sizes, colors = theme.sizes(), theme.colors()
    if column.trend is not None:
        middle = box.center().y()
        room = QRectF(box.left(), middle - TREND / 2, box.width(), TREND)
        paint_sparkline(painter, room, column.trend(row))
        return
    if column.avatar is not None:
        size = sizes.avatar
        paint_avatar(painter, box.left(), box.center().y() - size / 2, size, column.avatar(row))
        box.setLeft(box.left() + size + 10)
    if column.icon is not None:
        name = column.icon(row)
        if name:
            icons.paint(painter, name, box.left(), box.center().y() - 8, 16, colors.muted)
        box.setLeft(box.left() + 24)
    under = column.under(row) if column.under is not None else ""
    upper = QRectF(box)
    if under or more:
        upper, lower = _two_lines(box)
        _line(painter, lower, under, colors.muted, theme.font(sizes.small), column.right)
    if more:
        upper.adjust(0, -2, more, -2)  # chips may stand in both lines: they must not touch
    _upper_line(painter, upper, column, row, is_lit=is_lit)


def _paint_low(
    painter: QPainter, box: QRectF, column: Column[Any], row: Any, *, is_lit: bool
) -> None:
    """Paint the chips of a column in the second line."""
    lower = _two_lines(box)[1].translated(0, 1)
    left = lower.left()
    for chip in fitting(column.chips(row) if column.chips is not None else (), lower.width()):
        left += paint_chip(painter, left, lower.center().y(), chip, is_edged=is_lit) + 6


def _two_lines(box: QRectF) -> tuple[QRectF, QRectF]:
    sizes = theme.sizes()
    upper, lower = QRectF(box), QRectF(box)
    upper.setTop(box.center().y() - (sizes.base + sizes.small + 9) / 2)
    upper.setHeight(sizes.base + 5)
    lower.setTop(upper.bottom() + 1)
    lower.setHeight(sizes.small + 5)
    return upper, lower


def _cut_lines(column: Column[Any], row: Any, room: float, more: float) -> str:
    """Give both lines of a cell if one of them has no room, else nothing."""
    if column.trend is not None:
        return ""
    sizes = theme.sizes()
    room -= (sizes.avatar + 10 if column.avatar is not None else 0) + 24 * (column.icon is not None)
    under = column.under(row) if column.under is not None else ""
    upper = theme.bold() if column.strong else theme.font()
    text = column.text(row)
    is_cut = (
        QFontMetrics(upper).horizontalAdvance(text) > room + more
        or QFontMetrics(theme.font(sizes.small)).horizontalAdvance(under) > room
    )
    return "\n".join(words for words in (text, under) if words) if is_cut else ""


@dataclass(frozen=True, slots=True)
class _Beside:
    """A text and the chips beside it, cut to a width."""

    wanted: float
    """How wide the text would like to be."""
    width: float
    chips: list[Chip]


def _beside(column: Column[Any], row: Any, room: float) -> _Beside:
    text = column.text(row)
    font = theme.bold() if column.strong else theme.font()
    wanted = QFontMetrics(font).horizontalAdvance(text) + 2 if text else 0
    chips = fitting(column.chips(row) if column.chips is not None else (), room - wanted)
    # Signs without words stay as long as they leave enough of the name to know it by.
    least = min(float(wanted), room * _OF_THE_TEXT)
    while text and chips and room - _taken(chips) < least:
        chips.pop()
    return _Beside(wanted, min(float(wanted), room - _taken(chips)), chips)


def _taken(chips: Sequence[Chip]) -> float:
    return sum(chip_width(chip) + 6 for chip in chips) + 2 * bool(chips)


def _upper_line(
    painter: QPainter, box: QRectF, column: Column[Any], row: Any, *, is_lit: bool
) -> None:
    colors = theme.colors()
    text = column.text(row)
    font = theme.bold() if column.strong else theme.font()
    color = colors.muted if column.muted else colors.text
    if column.chips is None:
        _line(painter, box, text, color, font, column.right)
        return
    left, beside = box.left(), _beside(column, row, box.width())
    if not beside.chips:
        _line(painter, box, text, color, font, column.right)
    elif text:
        at = QRectF(left, box.top(), beside.width, box.height())
        _line(painter, at, text, color, font, False)
        left += beside.width + 8
    for chip in beside.chips:
        if left + chip_width(chip) > box.right() + 1:
            break
        left += paint_chip(painter, left, box.center().y(), chip, is_edged=is_lit) + 6


def fitting(chips: Sequence[Chip], room: float) -> list[Chip]:
    """Cut chips to the room the text leaves: the last lose their icons first, then their words.

    A chip without an icon would say nothing without its words, so it goes; one with an icon stays,
    and has its words again where another made room, the first first. The record has the whole.
    """
    forms = [_forms(chip) for chip in chips]
    cut = [0] * len(forms)

    def kept() -> list[Chip]:
        chosen = (form[step] for form, step in zip(forms, cut, strict=True))
        return [chip for chip in chosen if chip is not None]

    for step in (1, 2):
        for at in reversed(range(len(forms))):
            if not _is_room(kept(), room):
                cut[at] = step
    for at in range(len(forms)):
        while cut[at]:
            cut[at] -= 1
            if not _is_room(kept(), room):
                cut[at] += 1
                break
    return kept()


def _forms(chip: Chip) -> tuple[Chip, Chip, Chip | None]:
    bare = Chip("", chip.tone, chip.icon) if chip.icon else None
    if chip.tone is Tone.VIP and bare is not None:
        return chip, bare, bare  # the crown is known without a word; the word alone is no crown
    words = Chip(chip.text, chip.tone) if chip.text else chip
    return chip, words, bare


def _is_room(chips: Sequence[Chip], room: float) -> bool:
    return sum(chip_width(chip) + 6 for chip in chips) + 2 <= room


def _line(painter: QPainter, box: QRectF, text: str, color: str, font: Any, right: bool) -> None:
    if not text:
        return
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.setFont(font)
    painter.setPen(theme.color(color))
    shown = QFontMetrics(font).elidedText(
        text.replace("\n", " "), Qt.TextElideMode.ElideRight, int(box.width())
    )
    flags = side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
    painter.drawText(box, int(flags), shown)
