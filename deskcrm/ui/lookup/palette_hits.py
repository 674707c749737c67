"""What the palette offers besides commands: whatever search finds, and who was looked at last."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QObject

from deskcrm.base.words import tr
from deskcrm.domain.lookup.queries import FoundRow, search_everything
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.palette import Hit
from deskcrm.ui.lookup.results import ICONS, destination

_MOST: Final = 12
_MOST_RECENT: Final = 6

Bring = Callable[[Sequence[Hit]], None]


class FoundHits(QObject):
    """A source for the palette; remembers what was chosen, and offers it first next time."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.recent: list[FoundRow] = []

    def __call__(self, typed: str, bring: Bring) -> None:
        """Bring what fits; without a word typed, what was opened last."""
        if not typed.strip():
            bring([self._hit(row, tr("Recent")) for row in self.recent])
            return
        answer = self._desk.ask(self, search_everything, typed, _MOST)
        answer.then(lambda rows: bring([self._hit(row, tr("Found")) for row in rows]))

    def remember(self, row: FoundRow) -> None:
        """Note that this was opened."""
        others = [one for one in self.recent if one.id != row.id]
        self.recent = [row, *others][:_MOST_RECENT]

    def _hit(self, row: FoundRow, section: str) -> Hit:
        detail = "  ·  ".join(part for part in (row.detail, row.why) if part)
        return Hit(row.title, partial(self._open, row), detail, "", ICONS[row.kind], section)

    def _open(self, row: FoundRow) -> None:
        self.remember(row)
        place, where = destination(row)
        self._desk.go(place, **where)
