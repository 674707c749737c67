"""Files that are brought to a page: dropped on it, or pasted from the clipboard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QMimeData, QObject, QRectF, Qt
from PySide6.QtGui import (
    QDropEvent,
    QGuiApplication,
    QImage,
    QImageWriter,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from deskcrm.base import clock
from deskcrm.base.words import tr
from deskcrm.ui.kit import dates, keys, theme

_DRAGGED: Final = (QEvent.Type.DragEnter, QEvent.Type.DragMove)


@dataclass(frozen=True, slots=True)
class Brought:
    """What was dropped or pasted: files by their paths, or a picture by its contents."""

    paths: tuple[Path, ...] = ()
    picture: bytes = b""

    def __bool__(self) -> bool:
        return bool(self.paths or self.picture)


class Incoming(QObject):
    """Gives what is dropped on a page, or pasted into it or its editors, to ``take``.

    Text is left to the editors: only files, and pictures that have no words to them, are taken.
    """

    def __init__(
        self,
        page: QWidget,
        editors: Sequence[QAbstractScrollArea],
        take: Callable[[Brought], object],
    ) -> None:
        super().__init__(page)
        self._take = take
        self.veil = Veil(page)
        page.setAcceptDrops(True)
        for one in (page, *editors, *(editor.viewport() for editor in editors)):
            one.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _DRAGGED and isinstance(event, QDropEvent):
            return self._drag(event)
        if kind == QEvent.Type.DragLeave:
            self.veil.hide()
        elif kind == QEvent.Type.Drop and isinstance(event, QDropEvent):
            return self._drop(event)
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return keys.pressed(event) == "Ctrl+V" and self.paste()
        return False

    def paste(self) -> bool:
        """Take what is on the clipboard, if it is anything to take."""
        found = read(QGuiApplication.clipboard().mimeData())
        if found:
            self._take(found)
        return bool(found)

    def _drag(self, event: QDropEvent) -> bool:
        if not can_read(event.mimeData()):
            return False
        self.veil.cover()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        return True

    def _drop(self, event: QDropEvent) -> bool:
        self.veil.hide()
        found = read(event.mimeData())
        if not found:
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self._take(found)
        return True


class Veil(QWidget):
    """Lies over a page while something is dragged over it, and says what a drop will do."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self) -> None:
        """Lie over all of the page."""
        page = self.parentWidget()
        if page is not None and not self.isVisible():
            self.setGeometry(page.rect())
            self.raise_()
            self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.color(colors.surface, 0.85))
        painter.setPen(QPen(theme.color(colors.accent), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(12, 12, -12, -12), 10, 10)
        painter.setPen(theme.color(colors.text))
        painter.setFont(theme.bold())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("Drop to attach"))
        painter.end()


def can_read(mime: QMimeData) -> bool:
    """Tell whether there is anything to attach, without reading it."""
    return bool(_local(mime)) or (mime.hasImage() and not mime.hasText())


def read(mime: QMimeData) -> Brought:
    """Read what there is to attach; nothing where there are only words."""
    paths = _local(mime)
    if paths:
        return Brought(paths)
    image = mime.imageData() if can_read(mime) else None
    return Brought(picture=_png(image)) if isinstance(image, QImage) else Brought()


def picture_name() -> str:
    """Name a pasted picture by the moment, as nobody named it."""
    now = dates.local(clock.now())
    return tr("Picture {moment}.png", moment=f"{now:%Y-%m-%d %H.%M.%S}")


def _local(mime: QMimeData) -> tuple[Path, ...]:
    return tuple(Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile())


def _png(image: QImage) -> bytes:
    kept = QBuffer()
    kept.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(kept, b"png").write(image)
    return bytes(kept.data().data())
