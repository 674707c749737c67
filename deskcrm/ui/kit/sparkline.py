"""A small line that shows how a figure moved: in a cell of a list, or beside the figure."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from deskcrm.ui.kit import parts, theme

Values = Sequence[float | None]
"""One for each step of time, the oldest first; None where nothing is known: the line has a gap."""
_DOT: Final = 2.5
_LEAST_SPAN: Final = 1e-9


def paint_sparkline(
    painter: QPainter,
    box: QRectF,
    values: Values,
    *,
    token: str = "accent",
    low: float | None = None,
    high: float | None = None,
    line: float | None = None,
) -> None:
    """Paint values across a box, the last with a dot.

    ``low`` and ``high``: what the bottom and the top stand for, else the least and the largest
    value; ``line``: a level that is drawn across, dashed.
    """
    levels = [value for value in (*values, line) if value is not None]
    if all(value is None for value in values):
        return
    inner = box.adjusted(1, _DOT + 1, -_DOT - 1, -_DOT - 1)
    height = _scale(
        inner, min(levels) if low is None else low, max(levels) if high is None else high
    )
    colors = theme.colors()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if line is not None:
        painter.setPen(QPen(theme.color(colors.outline), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(inner.left(), height(line)), QPointF(inner.right(), height(line)))
    step = inner.width() / max(len(values) - 1, 1)
    points = [
        None if value is None else QPointF(inner.left() + at * step, height(value))
        for at, value in enumerate(values)
    ]
    ink = theme.color(str(getattr(colors, token)))
    painter.setPen(QPen(ink, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawPath(_path(points))
    last = next(point for point in reversed(points) if point is not None)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawEllipse(last, _DOT, _DOT)


def _scale(box: QRectF, bottom: float, top: float) -> Callable[[float], float]:
    """Give how high in a box a value stands."""

    def height(value: float) -> float:
        if top - bottom < _LEAST_SPAN:
            return box.center().y()
        return box.bottom() - (value - bottom) / (top - bottom) * box.height()

    return height


def _path(points: Sequence[QPointF | None]) -> QPainterPath:
    path, is_drawing = QPainterPath(), False
    for point in points:
        if point is None:
            is_drawing = False
        elif is_drawing:
            path.lineTo(point)
        else:
            path.moveTo(point)
            is_drawing = True
    return path


class Sparkline(QWidget):
    """The line as a widget; what it shows is said in words to whoever does not see it."""

    def __init__(self, *, height: int = 36) -> None:
        super().__init__()
        self._values: Values = ()
        self._token = "accent"
        self._line: float | None = None
        self._height = height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_values(
        self, values: Values, said: str, *, token: str = "accent", line: float | None = None
    ) -> None:
        """Show these values; ``said`` is the same in a sentence."""
        self._values, self._token, self._line = values, token, line
        self.setAccessibleName(said)
        parts.set_tooltip(self, said)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_sparkline(
            painter, QRectF(self.rect()), self._values, token=self._token, line=self._line
        )
        painter.end()
