"""Collects garbage in the main thread alone: a widget destroyed in another one ends the program.

Python's own collector runs in whichever thread allocates next, and a widget that only a cycle
held (a closure that names it is enough) would be destroyed there.
"""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

EVERY_MS: Final = 200


class Collector(QObject):
    """While there is one, Python's own collector is off; rounds are made as often as it would."""

    _alive = 0

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._is_on = True
        Collector._alive += 1
        gc.disable()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect the generations that are due."""
        due = [
            generation
            for generation, (count, limit) in enumerate(
                zip(gc.get_count(), gc.get_threshold(), strict=True)
            )
            if limit and count > limit
        ]
        if due:
            gc.collect(max(due))

    def stop(self) -> None:
        """No thread of ours is left: Python may collect by itself again."""
        if not self._is_on:
            return
        self._is_on = False
        self._timer.stop()
        Collector._alive -= 1
        if Collector._alive == 0:
            gc.enable()
