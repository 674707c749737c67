"""Keeps scores and flags true while the window is open: after each write, and every new day."""

from typing import Final

from PySide6.QtCore import QObject, QTimer

from deskcrm.base.errors import Cancelled, UserError
from deskcrm.domain.risk.rounds import Round, go_round
from deskcrm.domain.risk.stale import WATCHES
from deskcrm.ui.kit.desk import Desk

_SOON_MS: Final = 1_500
"""Several writes of one deed are one round."""
_EVERY_MS: Final = 600_000
"""A window that is open for days must see that another day has begun, and that time went by."""


class RiskWatch(QObject):
    """Goes a round soon after a write that moves scores, and looks now and then at the clock."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._is_going = False
        self._is_wanted = False
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.go)
        self._clock = QTimer(self, interval=_EVERY_MS)
        self._clock.timeout.connect(self.go)
        self._clock.start()
        desk.touched.connect(self._hear)

    def go(self) -> None:
        """Go a round now; while one is under way, another follows it."""
        if self._is_going:
            self._is_wanted = True
            return
        self._is_going = True
        going = self._desk.start(go_round, self._desk.store, looks_back=True)
        going.then(self._went).failed(self._failed)

    def _hear(self, tables: frozenset[str]) -> None:
        if tables & WATCHES:
            self._soon.start()

    def _went(self, done: Round) -> None:
        self._is_going = False
        if self._is_wanted:
            self._is_wanted = False
            self._soon.start()

    def _failed(self, error: BaseException) -> None:
        self._is_going = False
        # The disk is full, or the program ends: what is noted is still noted the next time.
        if not isinstance(error, Cancelled | UserError):
            self._desk.complain(error)
