"""Toasts: what was done, with Undo, at the bottom of the window."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from deskcrm.base.words import tr
from deskcrm.ui.kit import desk as desks
from deskcrm.ui.kit import icons, parts, theme
from deskcrm.ui.kit.announce import announce
from deskcrm.ui.kit.chips import tone_icon
from deskcrm.ui.kit.desk import Desk, Told
from deskcrm.ui.kit.tokens import Tone

BRIEF_MS = 5_000
LONG_MS = 10_000
MOST = 3
WIDTH = 560
_AIR = 12


class _ToneIcon(QWidget):
    def __init__(self, tone: Tone) -> None:
        super().__init__()
        self._tone = tone
        self.setFixedSize(20, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        name = tone_icon(self._tone) or "info"
        icons.paint(painter, name, 1, 1, 18, theme.colors().tone(self._tone)[0])
        painter.end()


class Toast(QFrame):
    """One thing said. It waits while it is pointed at or has the focus."""

    finished = Signal(object)
    undo_wanted = Signal(int)

    def __init__(self, told: Told) -> None:
        super().__init__()
        self.told = told
        self.setProperty("surface", "raised")
        self.setAccessibleName(f"{told.text} {told.detail}".strip())
        self.undo_button: QPushButton | None = None
        self.more_button: QPushButton | None = None
        self._life = QTimer(self, singleShot=True)
        lasting = told.undo_step is not None or bool(told.detail) or told.more is not None
        self._life.setInterval(LONG_MS if lasting else BRIEF_MS)
        self._life.timeout.connect(self.finish)
        self._lay_out()
        self._life.start()

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 8, 8, 8)
        layout.setSpacing(10)
        if self.told.tone is not Tone.NEUTRAL:
            layout.addWidget(_ToneIcon(self.told.tone))
        said = QVBoxLayout()
        said.setSpacing(1)
        said.addWidget(parts.label(self.told.text, "strong", wrap=True))
        if self.told.detail:
            said.addWidget(parts.label(self.told.detail, "muted", wrap=True))
        layout.addLayout(said, 1)
        if self.told.more is not None:
            words = self.told.more_words or tr("Details")
            self.more_button = parts.button(words, self._show_more, look="link")
            self.more_button.setAccessibleName(f"{words}: {self.told.text}")
            layout.addWidget(self.more_button)
        if self.told.undo_step is not None:
            self.undo_button = parts.button(tr("Undo"), self._undo, look="link")
            self.undo_button.setAccessibleName(tr("Undo: {text}", text=self.told.text))
            layout.addWidget(self.undo_button)
        layout.addWidget(parts.icon_button("close", tr("Dismiss"), self.finish))

    def height_for(self, width: int) -> int:
        """How tall it must be at this width."""
        layout = self.layout()
        self.ensurePolished()
        for child in self.findChildren(QWidget):
            child.ensurePolished()
        height = self.sizeHint().height()
        if layout is not None and layout.hasHeightForWidth():
            height = max(layout.heightForWidth(width), layout.minimumHeightForWidth(width))
        self.setFixedHeight(height)
        return height

    def _undo(self) -> None:
        if self.told.undo_step is not None:
            self.undo_wanted.emit(self.told.undo_step)
        self.finish()

    def _show_more(self) -> None:
        if self.told.more is not None:
            self.told.more()
        self.finish()

    def finish(self) -> None:
        """Go away."""
        self._life.stop()
        self.finished.emit(self)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._life.stop()

    def leaveEvent(self, event: QEvent) -> None:
        self._life.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.finish()
        else:
            super().keyPressEvent(event)


class Toasts(QWidget):
    """The stack of toasts over the bottom of a window; listens to the desk by itself.

    ``foot``: so many pixels at the bottom are never covered, such as the truth about sync.
    """

    def __init__(self, desk: Desk, window: QWidget, *, foot: int = 0) -> None:
        super().__init__(window)
        self._desk = desk
        self._foot = foot
        self._shown: list[Toast] = []
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(8)
        self.setAccessibleName(tr("Messages"))
        window.installEventFilter(self)
        desk.told.connect(self.say)
        self.hide()

    @property
    def shown(self) -> list[Toast]:
        """The toasts on screen, oldest first."""
        return list(self._shown)

    def clear(self) -> None:
        """Take every toast away."""
        for toast in self.shown:
            toast.finish()

    def say(self, told: Told) -> None:
        """Show a toast and have it announced."""
        for each in self.shown:
            is_past = told.took_back is not None and each.told.undo_step == told.took_back
            if is_past or each.told == told:
                self._drop(each)
        while len(self._shown) >= MOST:
            self._drop(self._shown[0])
        toast = Toast(told)
        toast.finished.connect(self._drop)
        toast.undo_wanted.connect(lambda step: desks.undo(self._desk, step))
        self._shown.append(toast)
        self._stack.addWidget(toast)
        self.show()
        self.raise_()
        self._place()
        urgent = told.tone in (Tone.DANGER, Tone.WARNING)
        announce(self, toast.accessibleName(), urgent=urgent)

    def _drop(self, toast: Toast) -> None:
        if toast not in self._shown:
            return
        self._shown.remove(toast)
        self._stack.removeWidget(toast)
        toast.hide()
        toast.deleteLater()
        self.setVisible(bool(self._shown))
        self._place()

    def _place(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        width = min(WIDTH, window.width() - 32)
        height = -self._stack.spacing()
        for toast in self._shown:
            height += toast.height_for(width) + self._stack.spacing()
        left = (window.width() - width) // 2
        bottom = window.height() - self._foot - _AIR
        self.setGeometry(left, bottom - height, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._shown:
            self._place()
        return False
