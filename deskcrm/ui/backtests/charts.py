"""Two small pictures: the book by risk, and what was foretold beside what came."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from deskcrm.base.words import tr
from deskcrm.domain.backtests.measures import Bin
from deskcrm.domain.health.evidence import Band
from deskcrm.domain.health.words import percent_words
from deskcrm.ui.kit import theme
from deskcrm.ui.kit.tokens import Tone

TONES: Final[Mapping[Band, Tone]] = {
    Band.HIGH_RISK: Tone.DANGER,
    Band.RAISED_RISK: Tone.WARNING,
    Band.LOW_RISK: Tone.OK,
    Band.NOT_ENOUGH_DATA: Tone.NEUTRAL,
}
_STRIP: Final = 10
_CHART: Final = 132
_FOOT: Final = 18


class BookStrip(QWidget):
    """All clients in one line, by how high their risk is; the words beneath say the numbers."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: Mapping[Band, int] = {}
        self.setFixedHeight(_STRIP)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_counts(self, counts: Mapping[Band, int]) -> None:
        """Show how many clients are in each band."""
        self._counts = counts
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        whole = sum(self._counts.values())
        if not whole:
            return
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        left, width = 0.0, float(self.width())
        for band, tone in TONES.items():
            share = self._counts.get(band, 0) / whole * width
            painter.setBrush(theme.color(theme.colors().tone(tone)[0]))
            painter.drawRect(QRectF(left, 0, max(share - 1, 0), self.height()))
            left += share
        painter.end()


class CalibrationChart(QWidget):
    """A column for each fifth of the cases: its height is how many left, the mark what was said."""

    def __init__(self) -> None:
        super().__init__()
        self._bins: Sequence[Bin] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(300, _CHART)

    def show_bins(self, bins: Sequence[Bin]) -> None:
        """Show bins, the lowest first."""
        self._bins = bins
        said = [
            tr(
                "foretold {foretold}, came {seen}",
                foretold=percent_words(one.foretold),
                seen=percent_words(one.seen.value or 0.0),
            )
            for one in bins
        ]
        self.setAccessibleName(tr("Foretold and come"))
        self.setAccessibleDescription("; ".join(said))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._bins:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.sizes().small))
        room = QRectF(self.rect()).adjusted(0, 4, 0, -_FOOT)
        top = max(max(one.foretold, one.seen.high) for one in self._bins) or 1.0
        step = room.width() / len(self._bins)
        for number, one in enumerate(self._bins):
            box = QRectF(room.left() + number * step, room.top(), step, room.height())
            _paint_bin(painter, box, one, top)
        painter.setPen(QPen(theme.color(theme.colors().border), 1))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        painter.end()


def _paint_bin(painter: QPainter, box: QRectF, one: Bin, top: float) -> None:
    colors = theme.colors()

    def height(share: float) -> float:
        return box.bottom() - share / top * box.height()

    middle, half = box.center().x(), min(box.width() * 0.3, 28.0)
    seen = height(one.seen.value or 0.0)
    painter.setPen(QPen(theme.color(colors.outline), 1))
    painter.setBrush(theme.color(colors.accent_soft))
    painter.drawRect(QRectF(middle - half, seen, 2 * half, box.bottom() - seen))
    painter.setPen(QPen(theme.color(colors.muted), 1))
    painter.drawLine(QPointF(middle, height(one.seen.low)), QPointF(middle, height(one.seen.high)))
    painter.setPen(QPen(theme.color(colors.accent), 2.5))
    said = height(one.foretold)
    painter.drawLine(QPointF(middle - half, said), QPointF(middle + half, said))
    painter.setPen(theme.color(colors.muted))
    under = QRectF(box.left(), box.bottom(), box.width(), _FOOT)
    painter.drawText(under, Qt.AlignmentFlag.AlignCenter, percent_words(one.foretold))
