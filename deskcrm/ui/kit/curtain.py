"""Holds back painting until all parts of a page have come, so that they are painted once."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

PATIENCE_MS: Final = 60
"""A part that is late does not keep the others waiting for longer."""


class Curtain(QObject):
    """``fall`` before the parts are asked for, ``came`` as each is there."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._awaited: set[str] = set()
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self.rise)

    def fall(self, parts: Iterable[str]) -> None:
        """Leave what is on the screen there until these parts have come."""
        self._awaited = set(parts)
        self._widget.setUpdatesEnabled(False)
        self._patience.start()

    def came(self, part: str) -> None:
        """A part is there; after the last of them all is painted."""
        self._awaited.discard(part)
        if not self._awaited and self._patience.isActive():
            self.rise()

    def rise(self) -> None:
        """Paint what is there."""
        self._patience.stop()
        self._widget.setUpdatesEnabled(True)
