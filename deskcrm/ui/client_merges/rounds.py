"""Brings what came late to merged clients home, soon after an exchange brought something."""

from typing import Final

from PySide6.QtCore import QObject, QTimer

from deskcrm.domain.client_merges.commands import follow_merges
from deskcrm.domain.client_merges.queries import has_strays
from deskcrm.ui.kit.desk import Desk

_SOON_MS: Final = 20_000
"""A colleague's workstation may be at it already: what it wrote is mostly here by then."""


class MergeRounds(QObject):
    """Looks when the program begins, and soon after anything was written or arrived."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.look)
        desk.touched.connect(self._hear)
        self.look()

    @property
    def is_due(self) -> bool:
        """Whether it will look again soon."""
        return self._soon.isActive()

    def look(self) -> None:
        """Ask whether anything came late, and bring it home."""
        self._desk.ask((self, "strays"), has_strays).then(self._follow)

    def _hear(self, _tables: frozenset[str]) -> None:
        if not self._soon.isActive():  # else who writes without a pause would put it off for ever
            self._soon.start()

    def _follow(self, is_needed: bool) -> None:
        if is_needed:
            self._desk.do(follow_merges)
