"""What can be done with the thing that is shown: buttons, in two lines at most."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from deskcrm.base.words import tr
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.flow import FlowLayout
from deskcrm.ui.kit.more_button import more_button

Deed = Callable[[Any], object]
"""Something that is done with a screen: one of its actions."""
LINES: Final = 2
_GAP: Final = 8


class DeedBar(QWidget):
    """Buttons side by side, the first the main one; what has no room is in a menu behind “…”."""

    def __init__(self, screen: Any, *made: tuple[str, str, Deed]) -> None:
        """``made``: the words of each, its icon, and what is done with the screen."""
        super().__init__()
        self._screen = screen
        self._made: dict[Deed, tuple[QPushButton, str, str]] = {}
        flow = _Low(self, spacing=_GAP)
        for words, icon, deed in made:
            look = "" if self._made else "primary"
            button = parts.button(words, partial(deed, screen), look=look, icon=icon)
            self._made[deed] = (button, words, icon)
            flow.addWidget(button)
        self._offered: Collection[Deed] = self._made.keys()
        self._more = more_button(tr("What else can be done"), self._folded)
        flow.addWidget(self._more)
        self._fold()

    def offer(self, *deeds: Deed) -> None:
        """Offer only some."""
        self._offered = deeds
        self._fold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._fold()

    def _fold(self) -> None:
        offered = [made[0] for deed, made in self._made.items() if deed in self._offered]
        for each in (*offered, self._more):
            each.ensurePolished()
        widths = [each.sizeHint().width() for each in offered]
        seen = fitting(widths, self.width(), self._more.sizeHint().width())
        for button, _, _ in self._made.values():
            button.setVisible(button in offered[:seen])
        self._more.setVisible(seen < len(offered))

    def _folded(self) -> list[tuple[str, str, Callable[[], object]]]:
        return [
            (words, icon, partial(deed, self._screen))
            for deed, (button, words, icon) in self._made.items()
            if deed in self._offered and button.isHidden()
        ]


class _Low(FlowLayout):
    """Asks for no more height than what is folded away leaves it."""

    def heightForWidth(self, width: int) -> int:
        tall = self.minimumSize().height()
        return min(super().heightForWidth(width), LINES * tall + (LINES - 1) * _GAP)


def fitting(widths: Sequence[int], room: int, more: int, gap: int = _GAP) -> int:
    """Tell how many of the first have room, beside ``more`` where not all have; one at least."""
    for count in range(len(widths), 1, -1):
        shown = [*widths[:count], *([more] if count < len(widths) else [])]
        if _lines(shown, room, gap) <= LINES:
            return count
    return min(len(widths), 1)


def _lines(widths: Sequence[int], room: int, gap: int) -> int:
    lines, x = 0, 0
    for width in widths:
        if not lines or x + width > room:
            lines, x = lines + 1, 0
        x += min(width, room) + gap
    return lines
