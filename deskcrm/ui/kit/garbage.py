"""Collects garbage in the main thread alone, and never while Qt destroys something.

Python's own collector runs wherever memory is asked for next. In another thread, a widget that
only a cycle held (a closure that names it is enough) would be destroyed there, which ends the
program. Within the destructor of a QObject, which holds one of Qt's locks while it asks Python
for overridden methods, it may come upon a second one that needs the same lock, and waits for ever.
"""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

EVERY_MS: Final = 200


class Collector(QObject):
    """Makes the rounds of Python's own collector, as often as it would, from the event loop.

    Its own stays off from the first of these on: what Qt destroys last, it destroys at the end.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(collect_due)
        self._timer.start()

    def stop(self) -> None:
        """Make no more rounds."""
        self._timer.stop()


def collect_due() -> None:
    """Collect the generations that are due; where nothing of Qt is being destroyed."""
    due = [
        generation
        for generation, (count, limit) in enumerate(
            zip(gc.get_count(), gc.get_threshold(), strict=True)
        )
        if limit and count > limit
    ]
    if due:
        gc.collect(max(due))


def rest() -> None:
    """Take what was loaded for good out of the rounds.

    A full round over it costs a tenth of a second, now and then, in the middle of a keystroke.
    """
    gc.collect()
    gc.freeze()
