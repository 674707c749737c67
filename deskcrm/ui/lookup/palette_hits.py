"""What the palette offers besides commands: whatever search finds, and who was looked at last."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QObject

from deskcrm.base.words import tr
from deskcrm.domain.lookup.queries import FoundRow, search_everything
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.palette import Hit
from deskcrm.ui.lookup.results import ICONS, destination, seen_in_title

_MOST: Final = 12
_MOST_RECENT: Final = 6

Bring = Callable[[Sequence[Hit]], None]


class FoundHits(QObject):
    """A source for the palette; what is chosen joins ``recent``, which is offered first."""

    def __init__(self, desk: Desk, parent: QObject, recent: list[FoundRow]) -> None:
        super().__init__(parent)
        self._desk = desk
        self.recent = recent

    def __call__(self, typed: str, bring: Bring) -> None:
        """Bring what fits; without a word typed, what was opened last."""
        if not typed.strip():
            bring([self._hit(row, tr("Recent")) for row in self.recent])
            return
        answer = self._desk.ask(self, search_everything, typed, _MOST)
        answer.then(lambda rows: bring([self._hit(row, tr("Found")) for row in rows]))

    def _hit(self, row: FoundRow, section: str) -> Hit:
        # That the name fits is seen by the name, which stands in the line already.
        field = seen_in_title(row)
        detail = row.detail if field else " · ".join(x for x in (row.detail, row.why) if x)
        return Hit(
            row.title,
            partial(self._open, row),
            detail,
            note=field.lower(),
            icon=ICONS[row.kind],
            section=section,
        )

    def _open(self, row: FoundRow) -> None:
        remember(self.recent, row)
        place, where = destination(row)
        self._desk.go(place, **where)


def remember(recent: list[FoundRow], row: FoundRow) -> None:
    """Put what was opened at the head of the list, and let the oldest go."""
    recent[:] = [row, *(one for one in recent if one.id != row.id)][:_MOST_RECENT]
