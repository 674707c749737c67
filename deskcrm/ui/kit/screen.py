"""A screen: a place in the window that loads itself and reloads when its tables change."""

from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from deskcrm.base.words import tr
from deskcrm.ui.kit import focus
from deskcrm.ui.kit.actions import Bound
from deskcrm.ui.kit.desk import Desk


class Screen(QWidget):
    """Say ``place``, ``title``, ``icon`` and ``watches``; build widgets in ``__init__``; ``load``.

    ``load`` is called when the screen is first shown, and again after a command, an undo or a
    sync touched one of ``watches`` (at once if it is seen, else when it is shown next).
    """

    place: ClassVar[str] = ""
    title: ClassVar[str] = ""
    """English, translated where it is shown."""
    icon: ClassVar[str] = ""
    watches: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.is_loaded = False
        self._is_stale = True
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._load_now)
        self.bound = Bound(self, self.place)
        self.setAccessibleName(tr(self.title))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, False)
        desk.touched.connect(self._hear)

    def load(self) -> None:
        """Ask for what the screen shows."""

    def arrive(self, **where: Any) -> None:
        """The desk went here: ``where`` is what the caller of ``go`` gave."""

    def panes(self) -> list[QWidget]:
        """What F6 walks, in order."""
        return [self]

    def load_soon(self) -> None:
        """Load again once this event is over; many calls make one load."""
        self._is_stale = True
        if self.isVisible():
            self._soon.start()

    def next_pane(self, *, back: bool = False) -> None:
        """Move the focus to the next pane."""
        focus.next_pane(self.panes(), back=back)

    def _hear(self, tables: frozenset[str]) -> None:
        if self.watches & tables:
            self.load_soon()

    def _load_now(self) -> None:
        if self._is_stale:
            self._is_stale = False
            self.is_loaded = True
            self.load()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale and not event.spontaneous():
            self._load_now()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Keys that Qt did not know as shortcuts: Ctrl with a letter of some Cyrillic layouts.
        if self.bound.press(event):
            event.accept()
        else:
            super().keyPressEvent(event)
