"""A field that picks one record: type, and choose from what a query finds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLineEdit

from deskcrm.base.words import tr
from deskcrm.ui.kit import icons, parts, theme
from deskcrm.ui.kit.announce import announce
from deskcrm.ui.kit.fields import Field, Wrong

ROW: Final = 44
MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be picked. ``value`` must be text or an id that ``str`` can write."""

    value: Any
    text: str
    detail: str = ""
    icon: str = ""


Find = Callable[[str, Callable[[Sequence[Option]], None]], None]
"""Given what was typed and where to bring the options, now or later."""


class _Options(QFrame):
    """The options under the line. It never takes the focus: the line keeps being typed in."""

    def __init__(self, line: QLineEdit, on_chosen: Callable[[Option], object]) -> None:
        super().__init__(line.window())
        self.setProperty("surface", "raised")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self._on_chosen = on_chosen
        self.options: list[Option] = []
        self.current = 0

    def box(self, at: int) -> QRect:
        """Where an option is."""
        return QRect(5, 5 + at * ROW, self.width() - 10, ROW)

    def sizeHint(self) -> QSize:
        return QSize(200, 10 + ROW * max(1, len(self.options)))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme.colors()
        if not self.options:
            painter.setPen(theme.color(colors.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("Nothing found."))
        for at, option in enumerate(self.options):
            box = self.box(at)
            if at == self.current:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color(colors.selected))
                painter.drawRoundedRect(box, 5, 5)
            _paint_option(painter, box, option)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.current = self._at(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.options:
            self._on_chosen(self.options[self._at(event)])

    def _at(self, event: QMouseEvent) -> int:
        at = (round(event.position().y()) - 5) // ROW
        return max(0, min(at, len(self.options) - 1))


def _paint_option(painter: QPainter, box: QRect, option: Option) -> None:
    colors, x = theme.colors(), box.left() + 10
    if option.icon:
        icons.paint(painter, option.icon, x, box.center().y() - 8, 16, colors.muted)
        x += 26
    room = QRect(x, box.top() + 4, box.right() - x - 8, ROW // 2 - 3)
    lines = [(option.text, theme.font(), colors.text)]
    if option.detail:
        lines.append((option.detail, theme.font(theme.sizes().small), colors.muted))
    else:
        room.setHeight(ROW - 8)
    for text, font, color in lines:
        painter.setFont(font)
        painter.setPen(theme.color(color))
        shown = painter.fontMetrics().elidedText(
            text.replace("\n", " "), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), shown)
        room.translate(0, room.height())


class Pick(Field):
    """One record, found by typing. Value: the option's ``value``, or None.

    ``find(typed, show)`` is called as the person types, also with "" when the field is entered
    by Down: usually ``lambda text, show: desk.ask(form, search, text).then(…)``.
    """

    def __init__(
        self,
        name: str,
        label: str,
        find: Find,
        *,
        required: bool = False,
        hint: str = "",
        placeholder: str = "",
        check: Callable[[Any], str] | None = None,
    ) -> None:
        self.line = QLineEdit()
        self.line.setPlaceholderText(placeholder or tr("Type to search"))
        parts.clearable(self.line)
        self._find = find
        self._picked: Option | None = None
        self._popup: _Options | None = None
        self._asked = 0
        super().__init__(name, label, self.line, required=required, hint=hint, check=check)
        self.line.textEdited.connect(self._on_typed)
        self.line.textChanged.connect(self._on_changed)

    def value(self) -> Any:
        if self._picked is not None:
            return self._picked.value
        if self.line.text().strip():
            raise Wrong(tr("Choose one from the list."))
        return None

    def set_value(self, value: Any) -> None:
        """Show an Option as picked, or nothing for None."""
        self._picked = value
        self.line.setText(value.text if value is not None else "")

    def picked(self) -> Option | None:
        """The option that was picked."""
        return self._picked

    def offered(self) -> list[Option]:
        """The options on screen now."""
        return self._popup.options if self._popup is not None else []

    def draft(self) -> Any:
        if self._picked is not None:
            return [str(self._picked.value), self._picked.text]
        return self.line.text()

    def set_draft(self, draft: Any) -> None:
        # An id comes back as text: what was typed is kept, and is chosen from the list again.
        self._picked = None
        self.line.setText(draft[1] if isinstance(draft, list) else str(draft))

    def close_options(self) -> None:
        """Put the list of options away."""
        self._asked += 1
        if self._popup is not None:
            self._popup.hide()
            self._popup.deleteLater()
            self._popup = None

    def _on_typed(self, text: str) -> None:
        self._picked = None
        self._search(text)

    def _on_changed(self, text: str) -> None:
        if self._picked is not None and text != self._picked.text:
            self._picked = None
        self.edited.emit()

    def _search(self, text: str) -> None:
        self._asked += 1
        asked = self._asked
        self._find(text.strip(), lambda options: self._show(asked, options))

    def _show(self, asked: int, options: Sequence[Option]) -> None:
        if asked != self._asked or not self.line.isVisible():
            return
        if self._popup is None:
            self._popup = _Options(self.line, self.choose)
        popup = self._popup
        popup.options, popup.current = list(options[:MOST]), 0
        window = self.line.window()
        at = self.line.mapTo(window, QPoint(0, self.line.height() + 3))
        height = popup.sizeHint().height()
        if at.y() + height > window.height() - 8:
            at = self.line.mapTo(window, QPoint(0, -height - 3))
        popup.setGeometry(at.x(), max(0, at.y()), max(self.line.width(), 280), height)
        popup.show()
        popup.raise_()
        popup.update()

    def choose(self, option: Option) -> None:
        """Pick this one."""
        self._picked = option
        self.line.setText(option.text)
        self.close_options()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.close_options()
        elif isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and self._key(event):
                return True
            # Esc means the list while it is open, and must not reach the form's shortcut.
            is_claim = event.type() == QEvent.Type.ShortcutOverride
            if is_claim and self._popup is not None and event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key, popup = event.key(), self._popup
        if popup is None:
            if key == Qt.Key.Key_Down:
                self._search(self.line.text() if self._picked is None else "")
                return True
            return False
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and popup.options:
            step = 1 if key == Qt.Key.Key_Down else -1
            popup.current = (popup.current + step) % len(popup.options)
            popup.update()
            option = popup.options[popup.current]
            announce(self.line, f"{option.text} {option.detail}".strip())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and popup.options:
            self.choose(popup.options[popup.current])
        elif key == Qt.Key.Key_Tab and popup.options and self.line.text().strip():
            self.choose(popup.options[popup.current])
            return False
        elif key == Qt.Key.Key_Escape:
            self.close_options()
        else:
            return False
        return True
