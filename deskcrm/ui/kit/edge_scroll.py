"""Scrolls a list or an area while something that is dragged is held near its edge."""

from typing import Final

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QAbstractScrollArea

EDGE: Final = 44
"""So near the edge, in pixels, it begins."""
_FASTEST: Final = 16
_TICK_MS: Final = 16


class EdgeScroll(QObject):
    """``hold`` says where the thing is held, ``release`` that it is held no more."""

    def __init__(self, area: QAbstractScrollArea, orientation: Qt.Orientation) -> None:
        super().__init__(area)
        self._area, self._is_across = area, orientation is Qt.Orientation.Horizontal
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self.turn)
        self.speed = 0
        """How many pixels it moves at each tick, and which way."""

    def hold(self, at: QPoint) -> None:
        """Scroll as long as this, a place in the viewport, is near an edge; faster at the edge."""
        size = self._area.viewport().size()
        self.speed = speed_at(
            *((at.x(), size.width()) if self._is_across else (at.y(), size.height()))
        )
        if self.speed and not self._timer.isActive():
            self._timer.start()
        if not self.speed:
            self._timer.stop()

    def release(self) -> None:
        """Stand still."""
        self.speed = 0
        self._timer.stop()

    def turn(self) -> None:
        """Move by one tick."""
        area = self._area
        bar = area.horizontalScrollBar() if self._is_across else area.verticalScrollBar()
        bar.setValue(bar.value() + self.speed)


def speed_at(at: int, length: int) -> int:
    """Give how fast to scroll where something is held: nothing but near an edge."""
    edge = min(EDGE, length // 3)
    before, after = at, length - at
    if before < edge:
        return -max(1, round(_FASTEST * (edge - max(0, before)) / edge))
    if after < edge:
        return max(1, round(_FASTEST * (edge - max(0, after)) / edge))
    return 0
