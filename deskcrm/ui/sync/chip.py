"""The chip at the foot of the window: one sentence that is true, and the way to the page."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from deskcrm.base.words import tr
from deskcrm.ui.kit import icons, parts, theme
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.sync import words
from deskcrm.ui.sync.standing import Standing
from deskcrm.ui.sync.words import Said

_AIR = 8


class SyncChip(QAbstractButton):
    """Where the changes are and where they are not; pressed, it opens the sync page."""

    def __init__(self, standing: Standing) -> None:
        super().__init__()
        self._standing = standing
        self.said = Said("", "home")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(lambda: standing.desk.go("sync"))
        standing.changed.connect(self.refresh)
        theme.theme().changed.connect(self.update)
        self.refresh()

    def refresh(self) -> None:
        """Say how it stands now."""
        self.said = words.chip(self._standing)
        self.setText(parts.mnemonic_free(self.said.text))
        self.setAccessibleName(tr("Sync: {sentence}", sentence=self.said.text))
        parts.set_tooltip(self, self.said.text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        font = theme.font(theme.sizes().small)
        return QSize(QFontMetrics(font).horizontalAdvance(self.said.text) + 24 + 2 * _AIR, 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 24)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme.colors()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        ink, soft = colors.tone(self.said.tone)
        is_quiet = self.said.tone in (Tone.NEUTRAL, Tone.OK, Tone.INFO)
        if self.underMouse() or not is_quiet:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(colors.pressed if is_quiet else soft))
            painter.drawRoundedRect(box, 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(theme.color(colors.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 6, 6)
        icons.paint(painter, self.said.icon, _AIR, (self.height() - 14) / 2, 14, ink)
        painter.setFont(theme.font(theme.sizes().small))
        painter.setPen(theme.color(colors.faint if is_quiet else ink))
        room = box.adjusted(_AIR + 20, 0, -_AIR + 2, 0)
        text = painter.fontMetrics().elidedText(
            self.said.text, Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
