"""Waits for something long before there is a window, and shows that only if it is long."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QProgressBar

from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.tasks import Lane, Tasks
from deskcrm.ui.shell.calm import CalmDialog

T = TypeVar("T")
PATIENCE_MS = 400


class WaitDialog(CalmDialog):
    """A sentence, a bar and a way to stop."""

    progressed = Signal(int, int, str)

    def __init__(self, title: str, *, can_stop: bool = True) -> None:
        super().__init__(title)
        self.job = Job(on_progress=self.progressed.emit)
        self.bar = QProgressBar()
        self.bar.setAccessibleName(title)
        self.bar.setRange(0, 0)
        self.step = parts.label(" ", "muted")
        self.put(self.bar, self.step)
        self._can_stop = can_stop
        if can_stop:
            self.set_buttons(parts.button(tr("Stop"), self.reject))
        self.progressed.connect(self._show)

    def _show(self, done: int, total: int, text: str) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        share = dates.percent(done / total) if total else ""
        self.step.setText(" · ".join(filter(None, (text, share))) or " ")

    def reject(self) -> None:
        """Ask the work to stop; the dialog ends when it has."""
        if self._can_stop:
            self.job.cancel()


def wait_for(
    tasks: Tasks,
    title: str,
    work: Callable[[Job], T],
    *,
    can_stop: bool = True,
    meanwhile: Callable[[], object] = lambda: None,
) -> T:
    """Do something in another thread and give its value; what it raises is raised here.

    ``meanwhile`` is done in this one first, for as long as that may keep the dialog away.
    """
    dialog = WaitDialog(title, can_stop=can_stop)
    answer = tasks.run(Lane.JOB, partial(work, dialog.job), dialog)
    arrived: list[T] = []
    answer.then(arrived.append).failed(lambda _: None)
    patience = QTimer(singleShot=True, interval=PATIENCE_MS)
    patience.timeout.connect(dialog.open)
    patience.start()
    meanwhile()
    while not answer.is_done:
        tasks.wait_idle(PATIENCE_MS)
    patience.stop()
    dialog.job.on_progress = lambda done, total, text: None  # the thread lets go of the dialog
    dialog.done(0)
    if answer.error is not None:
        raise answer.error
    return arrived[0]
