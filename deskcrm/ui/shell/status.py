"""The line at the foot of the window: the truth about sync, and the work that is under way."""

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from deskcrm.base.words import tr
from deskcrm.ui.kit import parts, theme
from deskcrm.ui.kit.desk import Errand
from deskcrm.ui.sync.chip import SyncChip
from deskcrm.ui.sync.standing import Standing

_LOOK_EVERY_MS = 100


class WorkLine(QWidget):
    """The long work under way: what it does, how far it is, and a way to stop it."""

    def __init__(self) -> None:
        super().__init__()
        self._errand: Errand[Any] | None = None
        self.text = parts.label("", "faint")
        self.bar = QProgressBar()
        self.bar.setFixedWidth(140)
        self.stop = parts.icon_button("close", tr("Stop"), self._stop)
        self.setLayout(parts.row(self.text, self.bar, self.stop))
        self.setVisible(False)
        # That a job failed is heard by whoever started it; this line only looks whether it did.
        self._look = QTimer(self, interval=_LOOK_EVERY_MS)
        self._look.timeout.connect(self._hide_when_done)

    def show_progress(self, errand: Errand[Any], done: int, total: int, text: str) -> None:
        """Show how far a job is."""
        if errand.is_done:
            return
        if errand is not self._errand:
            errand.then(lambda _: self._hide_when_done())
        self._errand = errand
        self.text.setText(text or errand.label or tr("Working…"))
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.bar.setAccessibleName(self.text.text())
        self.stop.setEnabled(True)
        self.setVisible(True)
        self._look.start()

    def cancel(self) -> None:
        """Ask the work to stop."""
        if self._errand is not None:
            self._errand.cancel()

    def _stop(self) -> None:
        if self._errand is not None:
            self.cancel()
            self.stop.setEnabled(False)
            self.text.setText(tr("Stopping…"))

    def _hide_when_done(self) -> None:
        if self._errand is None or self._errand.is_done:
            self._errand = None
            self._look.stop()
            self.setVisible(False)


class StatusLine(QFrame):
    """The foot of the window."""

    def __init__(self, standing: Standing) -> None:
        super().__init__()
        self.sync = SyncChip(standing)
        self.work = WorkLine()
        row = parts.row(self.sync, self.work, spacing=theme.sizes().l, margins=(8, 3, 14, 3))
        row.insertStretch(1, 1)
        self.setLayout(row)
        self.setFixedHeight(30)
