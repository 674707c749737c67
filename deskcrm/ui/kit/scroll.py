"""A place that scrolls what is taller than it, as tall as its words are at this very width."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Scroll(QScrollArea):
    """Never sideways, and nothing to stop at for Tab.

    Qt's own way of resizing takes a text that wraps for as tall as it is at its narrowest, and
    so scrolls into an emptiness under the end.
    """

    def __init__(self, inside: QWidget, *, widest: int = 0) -> None:
        """``widest``: what is inside is never wider. Its children cannot say so themselves, as a
        layout asks how tall they are at its own width.
        """
        super().__init__()
        self._widest = widest
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = inside
        self.setWidget(inside)

    def minimumSizeHint(self) -> QSize:
        """Ask for nothing: of a short card, what stands above it must not be pressed together."""
        return QSize(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        done = super().eventFilter(watched, event)
        if watched is self._inside and event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def _fit(self) -> None:
        whole, view = self.contentsRect().size(), self.viewport().size()
        # A bar lets words wrap that fit without it: it must not be the reason why it is there.
        if height_at(self._inside, self._width_in(whole)) <= whole.height():
            view = whole
        width = self._width_in(view)
        self._inside.resize(width, max(height_at(self._inside, width), view.height()))

    def _width_in(self, room: QSize) -> int:
        return min(room.width(), self._widest or room.width())


class Fitting(Scroll):
    """As tall as what is inside; where there is no room for that it scrolls.

    A layout that lacks room would paint the lines of a plain widget over one another.
    """

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return height_at(self._inside, width)

    def sizeHint(self) -> QSize:
        wide = self._inside.sizeHint().width()
        return QSize(wide, self.heightForWidth(wide))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        done = super().eventFilter(watched, event)
        if watched is self._inside and event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return done


def height_at(widget: QWidget, width: int) -> int:
    """Tell how tall a widget is at a width."""
    layout = widget.layout()
    if layout is not None and layout.hasHeightForWidth():
        return layout.totalHeightForWidth(width)
    return widget.sizeHint().height()
