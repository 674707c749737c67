"""A file that is dropped on the window is brought in, wherever nothing else takes it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent

if TYPE_CHECKING:
    from deskcrm.ui.shell.window import Window


class _Drops(QObject):
    """Hears what is dragged over the window and left there."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QDropEvent):
            return super().eventFilter(watched, event)
        from deskcrm.ui.imports.file_step import dropped  # not on the way to the window

        path = dropped(event.mimeData())
        if path is None:
            return super().eventFilter(watched, event)
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop and not isinstance(event, QDragEnterEvent):
            self._window.desk.go("imports", path=path)
        return True


def take_files(window: "Window") -> None:
    """Let a window take files that are dropped on it."""
    window.setAcceptDrops(True)
    window.installEventFilter(_Drops(window))
