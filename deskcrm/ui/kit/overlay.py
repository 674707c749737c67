"""A card over the window: Esc closes it, Tab stays in it, the focus goes back where it was."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QFrame, QToolButton, QWidget

from deskcrm.ui.kit import focus, parts, theme

_SHADOW: Final = 0.011
"""How dark each of its many layers is: few and dark ones would show as steps."""


class Overlay(QWidget):
    """Give it a card (``self.card``) to fill; ``show_over(window)``; ``close_card()``."""

    closed = Signal()

    def __init__(self, window: QWidget, *, width: int = 640, top: float = 0.12) -> None:
        super().__init__(window)
        self.card: QFrame = parts.surface("raised")
        self.card.setParent(self)
        self._width = width
        self._top = top
        self._before: QWidget | None = None
        window.installEventFilter(self)
        self.hide()

    def open_card(self) -> None:
        """Show the card over the window and give it the focus."""
        focused = self.window().focusWidget()
        if focused is None or not self.isAncestorOf(focused):
            self._before = focused
        self._place()
        self.show()
        self.raise_()
        stop = focus.first_stop(self.card)
        if isinstance(stop, QToolButton):
            stop = None  # the cross of a card to read: a ring around it would ask to be pressed
        (stop or self).setFocus(Qt.FocusReason.PopupFocusReason)

    def close_card(self) -> None:
        """Hide the card; the focus goes back where it was."""
        if not self.isVisible():
            return
        self.hide()
        if self._before is not None and focus.is_there(self._before):
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._before = None
        self.closed.emit()

    def height_wanted(self) -> int:
        """How tall the card wants to be: what wraps in it, at the width that it has."""
        layout = self.card.layout()
        if layout is not None and layout.hasHeightForWidth():
            return layout.totalHeightForWidth(self.width_given())
        return self.card.sizeHint().height()

    def width_given(self) -> int:
        """How wide the card is in this window."""
        return min(self._width, self.window().width() - 32)

    def relayout(self) -> None:
        """The card's content changed its size; what was added counts once it is shown."""
        self._place_again()
        QTimer.singleShot(0, self, self._place_again)

    def _place_again(self) -> None:
        if self.isVisible():
            self._place()

    def _place(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        self.setGeometry(window.rect())
        width = self.width_given()
        top = round(window.height() * self._top)
        height = min(self.height_wanted(), window.height() - top - 24)
        self.card.setGeometry((window.width() - width) // 2, top, width, height)
        self.update()  # its shadow is painted here

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color(theme.colors().shadow, 0.35))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("#000000", _SHADOW))
        # Not under the card, which covers it: so much is painted anew with every letter typed.
        covered = QRegion(self.card.geometry().adjusted(12, 12, -12, -12))
        painter.setClipRegion(QRegion(event.rect()) - covered)
        for spread in range(1, 26, 2):
            box = self.card.geometry().adjusted(-spread, -spread + 6, spread, spread + 6)
            painter.drawRoundedRect(box, 10 + spread, 10 + spread)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close_card()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Nothing that is pressed here reaches what lies underneath.
        event.accept()
        if event.key() == Qt.Key.Key_Escape:
            self.close_card()
        else:
            focus.press_by_enter(self, event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        stops = focus.stops(self.card)
        if not stops:
            return True
        focused = self.window().focusWidget()
        at = stops.index(focused) if focused in stops else -1
        step = 1 if forward else -1
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[(at + step) % len(stops)].setFocus(reason)
        return True
