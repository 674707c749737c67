"""Something long: it tells how far it is and stops when asked."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from deskcrm.base.errors import Cancelled


@dataclass(slots=True)
class Job:
    """Given to a long function as its first argument; knows no window.

    ``on_progress(done, total, text)`` is called in the thread that does the work; ``total`` is 0
    while it is not known.
    """

    on_progress: Callable[[int, int, str], None] = lambda done, total, text: None
    _cancelled: threading.Event = field(default_factory=threading.Event)

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Tell how far the work is, and stop here if it was cancelled."""
        self.check_cancelled()
        self.on_progress(done, total, text)

    def cancel(self) -> None:
        """Ask the work to stop at its next check."""
        self._cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        """Tell whether somebody asked the work to stop."""
        return self._cancelled.is_set()

    def check_cancelled(self) -> None:
        """Raise Cancelled if somebody asked the work to stop."""
        if self._cancelled.is_set():
            raise Cancelled
