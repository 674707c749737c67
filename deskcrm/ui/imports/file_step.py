"""Where a file is chosen or dropped, and where it is said that one is being read or cannot be."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QProgressBar, QWidget

from deskcrm.base.errors import Cancelled, UserError
from deskcrm.base.words import tr
from deskcrm.domain.imports.reading.files import SUFFIXES
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.pane import Empty, Pane

_BAR: Final = 320


class FileStep(QWidget):
    """Invites a file, and says how it goes with one."""

    chosen = Signal(object)
    """The path."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.pane = Pane(QWidget())
        self.bar = QProgressBar()
        self.bar.setFixedWidth(_BAR)
        self.bar.setAccessibleName(tr("How far it is"))
        self._told = parts.label("", "muted")
        self._work = QWidget()
        self._work.setLayout(
            parts.column(
                parts.row(None, self.bar, None),
                parts.row(None, self._told, None),
                None,
                spacing=4,
                margins=(24, 0, 24, 24),
            )
        )
        self.setLayout(parts.column(self.pane, self._work))
        self.layout().setStretch(0, 3)  # type: ignore[union-attr]  # it was set just above
        self.layout().setStretch(1, 2)  # type: ignore[union-attr]  # it was set just above
        self.invite()

    def invite(self) -> None:
        """Ask for a file."""
        self._work.hide()
        self.pane.show_empty(
            Empty(
                tr("Bring your clients along"),
                tr(
                    "Drop a file here or choose one: CSV, XLSX, XLS, ODS, vCard or JSON lines."
                    " You see what would come of every row before anything is written, and can"
                    " take all of it back afterwards."
                ),
                "upload",
                tr("Choose a file…"),
                self.choose,
            )
        )

    def say_busy(self, title: str, why: str, cancel: Callable[[], object]) -> None:
        """Say what is being done, with a way to stop it."""
        self.pane.show_empty(Empty(title, why, "clock", tr("Cancel"), cancel))
        self.show_progress(0, 0, "")
        self._work.show()

    def show_progress(self, done: int, total: int, text: str) -> None:
        """Show how far it is; while nobody knows of how much, that it goes on."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        share = dates.percent(done / total) if total else ""
        self._told.setText(" · ".join(filter(None, (text, share))) or " ")

    def say_failed(self, error: BaseException) -> None:
        """Say why it did not work; what was cancelled just asks anew."""
        if isinstance(error, Cancelled):
            self.invite()
        elif isinstance(error, UserError):
            self._work.hide()
            self.pane.show_empty(
                Empty(error.title, error.detail, "warning", tr("Choose another file…"), self.choose)
            )

    def choose(self) -> None:
        """Let a file be chosen."""
        kinds = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        kind = tr("Tables and cards ({kinds})", kinds=kinds)
        name, _ = QFileDialog.getOpenFileName(self.window(), tr("Import a file"), "", kind)
        if name:
            self.chosen.emit(Path(name))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.chosen.emit(path)


def dropped(mime: QMimeData) -> Path | None:
    """Give the one local file of a drag, if it is of a kind that can be imported."""
    urls = mime.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.suffix.lower() in SUFFIXES else None
