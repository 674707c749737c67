"""The navigation rail: the places with icon, name and number, and what stands under them."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QWidget

from deskcrm.base.words import ntr, tr
from deskcrm.ui.kit import dates, icons, keys, parts, theme
from deskcrm.ui.shell.calm import mark
from deskcrm.ui.shell.places import KEYS, Place

WIDTH = 188
_HEIGHT = 34


class RailButton(QAbstractButton):
    """An icon, a name, and how many wait there."""

    def __init__(self, name: str, icon: str, key: str = "", *, checkable: bool = True) -> None:
        super().__init__()
        self._icon = icon
        self._key = keys.native(key) if key else ""
        self.count = 0
        self.setText(name)
        self.setCheckable(checkable)
        # Not by a click: whoever clicks goes to the place to work there.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.set_count(0)

    def set_count(self, count: int) -> None:
        """Show how many wait there; none is not shown."""
        self.count = count
        said = ntr("{n} waits", "{n} wait", count) if count else ""
        self.setAccessibleName(", ".join(filter(None, (self.text(), said))))
        hint = "\n".join(filter(None, (self.text(), self._key, said)))
        parts.set_tooltip(self, hint)
        self.update()

    def nextCheckState(self) -> None:
        """A click goes somewhere; whoever goes there marks the button."""

    def sizeHint(self) -> QSize:
        return QSize(WIDTH - 20, _HEIGHT)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors, on = theme.colors(), self.isChecked()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if on or self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(colors.selected if on else colors.pressed))
            painter.drawRoundedRect(box, 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(theme.color(colors.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 6, 6)
        ink = colors.accent if on else colors.muted
        icons.paint(painter, self._icon, 11, (self.height() - 16) / 2, 16, ink)
        painter.setPen(theme.color(colors.accent if on else colors.text))
        base = theme.sizes().base
        painter.setFont(theme.bold(base) if on else theme.font(base, theme.MEDIUM))
        number = dates.number(self.count) if self.count else ""
        text_box = box.adjusted(36, 0, -10, 0)
        painter.drawText(text_box, Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.setFont(theme.font(theme.sizes().small, theme.MEDIUM))
        painter.setPen(theme.color(colors.accent if on else colors.muted))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(text_box, right, number)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        # Arrows walk the buttons without pressing them: opening a place is work.
        around = self.parentWidget()
        siblings = around.findChildren(RailButton) if around is not None else [self]
        at = siblings.index(self) + step
        if 0 <= at < len(siblings):
            siblings[at].setFocus(Qt.FocusReason.TabFocusReason)


class Rail(QFrame):
    """Says where the person wants to go."""

    chosen = Signal(str)

    def __init__(self, places: Sequence[Place], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(tr("Navigation"))
        self.buttons: dict[str, RailButton] = {}
        self._quiet = {place.id for place in places if place.is_quiet}
        self._here = ""
        # No QButtonGroup: in one Qt lets Tab come only to the button that was marked last.
        column = parts.column(spacing=2, margins=(10, 14, 10, 10))
        name = parts.label("DeskCRM", "strong")
        column.addLayout(parts.row(mark(22), name, None, spacing=9, margins=(6, 0, 0, 0)))
        column.addSpacing(16)
        for place in places:
            column.addWidget(self._button(place.id, place.words, place.icon, place.key))
        for quiet in self._quiet:
            self.buttons[quiet].hide()
        column.addStretch(1)
        column.addWidget(self._button("settings", tr("Settings"), "settings", KEYS["settings"]))
        self.setLayout(column)

    def _button(self, place: str, name: str, icon: str, key: str) -> RailButton:
        made = RailButton(name, icon, key)
        self.buttons[place] = made
        made.clicked.connect(lambda: self.chosen.emit(place))
        return made

    def show_place(self, place: str) -> None:
        """Mark where the person is."""
        self._here = place
        for name, button in self.buttons.items():
            button.setChecked(name == place)
            self._show_or_hide(name)

    def set_count(self, place: str, count: int) -> None:
        """Show how many wait in a place."""
        self.buttons[place].set_count(count)
        self._show_or_hide(place)

    def _show_or_hide(self, place: str) -> None:
        if place in self._quiet:
            button = self.buttons[place]
            button.setVisible(bool(button.count) or place == self._here)
