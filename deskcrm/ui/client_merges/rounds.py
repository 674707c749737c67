"""Brings what came late to merged clients home, soon after an exchange brought something."""

from typing import Final

from PySide6.QtCore import QObject, QTimer

from deskcrm.domain.client_merges.commands import follow_merges
from deskcrm.domain.client_merges.queries import has_strays
from deskcrm.ui.kit.desk import Desk

_SOON_MS: Final = 5_000
"""A colleague's workstation may be at it already: what it wrote is mostly here by then."""


class MergeRounds(QObject):
    """Looks when the program begins, and soon after anything was written or arrived."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.look)
        desk.touched.connect(lambda _tables: self._soon.start())
        self.look()

    def look(self) -> None:
        """Ask whether anything came late, and bring it home."""
        self._desk.ask((self, "strays"), has_strays).then(self._follow)

    def _follow(self, is_needed: bool) -> None:
        if is_needed:
            self._desk.do(follow_merges)
