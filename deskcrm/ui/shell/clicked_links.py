"""Links that macOS hands to the running program; other systems start it with the link instead."""

from typing import Final

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

SCHEMES: Final = ("tel", "deskcrm")


class Application(QApplication):
    """The Qt application, hearing of links.

    By its own events: a filter on it would be asked about every event of every widget.
    """

    link_clicked = Signal(str)
    """A link of ours was opened: all of it."""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FileOpen and self.hear(event):
            return True
        return super().event(event)

    def hear(self, event: QEvent) -> bool:
        """Pass a link of ours on; tells whether it was one."""
        if not isinstance(event, QFileOpenEvent) or event.url().scheme() not in SCHEMES:
            return False
        self.link_clicked.emit(event.url().toString())
        return True
