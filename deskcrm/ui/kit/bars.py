"""Bars side by side, one for each step of time or each person, the one that counts in colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from deskcrm.ui.kit import parts, theme

_WIDEST: Final = 44
_GAP: Final = 0.32
"""Of the room of a bar so much is left to its neighbour."""
_AIR: Final = 6
_BETWEEN: Final = 4
"""So much room at the least is between the names of two bars."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. ``said`` is what it shows, in a sentence; without a value nothing is known."""

    label: str
    value: float | None
    figure: str = ""
    """The value in words, short enough to stand over the bar."""
    said: str = ""
    is_lit: bool = False


class Bars(QWidget):
    """Bars from a common line, also downward; a missing one is a dash on it."""

    def __init__(self, *, height: int = 150) -> None:
        super().__init__()
        self._bars: Sequence[Bar] = ()
        self._height = height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Sequence[Bar], said: str) -> None:
        """Show these; ``said`` is what a screen reader says of all of them."""
        self._bars = tuple(bars)
        self.setAccessibleName(said)
        self.setAccessibleDescription("; ".join(bar.said for bar in bars))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self._height)

    def bar_at(self, x: float) -> Bar | None:
        """Give the bar under a place."""
        if not self._bars or not self.width():
            return None
        number = int(x / self.width() * len(self._bars))
        return self._bars[min(max(number, 0), len(self._bars) - 1)]

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            bar = self.bar_at(event.pos().x())
            parts.show_tooltip(self, event.globalPos(), bar.said if bar is not None else "")
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._bars:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        small = theme.font(theme.sizes().small - 1)
        line = QFontMetrics(small).height()
        values = [bar.value for bar in self._bars if bar.value is not None]
        # The figure of a bar that goes downward stands under it, above the names.
        under = line if min([*values, 0.0]) < 0 else 0
        room = QRectF(self.rect()).adjusted(0, line + _AIR, 0, -line - _AIR - under)
        top, bottom = max([*values, 0.0]), min([*values, 0.0])
        scale = room.height() / ((top - bottom) or 1.0)
        zero = room.bottom() + bottom * scale
        painter.setPen(QPen(theme.color(theme.colors().border), 1))
        painter.drawLine(QPointF(room.left(), zero), QPointF(room.right(), zero))
        painter.setFont(small)
        step = room.width() / len(self._bars)
        every = self._every(QFontMetrics(small), step)
        for number, bar in enumerate(self._bars):
            # Counted from the end: the last one is the one that is asked about.
            is_named = (len(self._bars) - 1 - number) % every == 0
            place = QRectF(room.left() + number * step, room.top(), step, room.height())
            self._paint_bar(painter, bar, place, zero, scale)
            if is_named:
                wide = step * every
                name_top = room.bottom() + under + _AIR / 2
                below = QRectF(place.center().x() - wide / 2, name_top, wide, line)
                self._write(painter, below, bar.label, bar.is_lit)
        painter.end()

    def _every(self, metrics: QFontMetrics, step: float) -> int:
        """Tell of how many bars one is named, so that the words do not touch."""
        widest = max(
            max(metrics.horizontalAdvance(bar.label), metrics.horizontalAdvance(bar.figure))
            for bar in self._bars
        )
        # The last name is moved in from the edge, towards the one before it.
        moved = max((metrics.horizontalAdvance(self._bars[-1].label) - step) / 2, 0)
        return max(1, ceil((widest + moved + _BETWEEN) / max(step, 1)))

    def _paint_bar(
        self, painter: QPainter, bar: Bar, place: QRectF, zero: float, scale: float
    ) -> None:
        colors = theme.colors()
        wide = min(place.width() * (1 - _GAP), _WIDEST)
        left = place.center().x() - wide / 2
        if bar.value is None:
            painter.setPen(QPen(theme.color(colors.faint), 1.5))
            middle = place.center().x()
            painter.drawLine(QPointF(middle - 4, zero - 4), QPointF(middle + 4, zero - 4))
            return
        height = max(abs(bar.value) * scale, 1.0)
        top = zero - height if bar.value >= 0 else zero
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(colors.accent if bar.is_lit else colors.thumb))
        painter.drawRoundedRect(QRectF(left, top, wide, height), 2, 2)
        metrics = painter.fontMetrics()
        if bar.figure and (bar.is_lit or metrics.horizontalAdvance(bar.figure) < place.width() - 2):
            reach = max(place.width(), metrics.horizontalAdvance(bar.figure) + 4.0)
            x = min(max(place.center().x() - reach / 2, 0), self.width() - reach)
            highest = max(bar.value, self._highest(x, x + reach))
            over = zero - highest * scale - metrics.height() if bar.value >= 0 else top + height
            self._write(painter, QRectF(x, over, reach, metrics.height()), bar.figure, bar.is_lit)

    def _highest(self, left: float, right: float) -> float:
        """Give the value of the highest bar between two places: no figure stands upon a bar."""
        step = self.width() / len(self._bars)
        under = self._bars[max(int((left + 1) / step), 0) : int((right - 1) / step) + 1]
        return max((bar.value for bar in under if bar.value is not None), default=0.0)

    def _write(self, painter: QPainter, box: QRectF, text: str, is_lit: bool) -> None:
        metrics = painter.fontMetrics()
        wide = metrics.horizontalAdvance(text)
        x = min(max(box.center().x() - wide / 2, 0), max(self.width() - wide, 0))
        painter.setPen(theme.color(theme.colors().text if is_lit else theme.colors().muted))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QPointF(x, box.top() + metrics.ascent()), shown)
