"""What the palette offers over a ticket: macros by their names, each shown before it is done."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from deskcrm.base.words import tr
from deskcrm.domain.macros.queries import MacroRow, list_macros
from deskcrm.domain.names import fold
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.palette import Hit
from deskcrm.ui.kit.screen import Screen


class MacroHits(QObject):
    """A source for the palette; ``page`` gives the screen that it is opened over."""

    def __init__(self, desk: Desk, parent: QObject, page: Callable[[], Screen | None]) -> None:
        super().__init__(parent)
        self._desk, self._page = desk, page

    def __call__(self, typed: str, bring: Callable[[Sequence[Hit]], None]) -> None:
        """Bring the macros that what is typed fits, where there is a ticket to apply them to."""
        screen: Any = self._page()
        wanted = fold(typed).split()
        if not wanted or screen is None or screen.place != "tickets" or screen.row() is None:
            bring([])
            return
        asked = self._desk.ask(self, list_macros)
        asked.then(lambda rows: bring([_hit(screen, row) for row in rows if _fits(row, wanted)]))


def _fits(row: MacroRow, wanted: Sequence[str]) -> bool:
    said = f" {fold(row.name)}"
    return all(f" {word}" in said for word in wanted)


def _hit(screen: Any, row: MacroRow) -> Hit:
    return Hit(row.name, partial(_choose, screen, row.name), icon="macro", section=tr("Macros"))


def _choose(screen: Any, name: str) -> None:
    # The palette opens long before anybody looks at tickets.
    from deskcrm.ui.tickets import bulk

    bulk.macro(screen, name)
