"""The numbers on the rail: asked after the first paint, and again when their tables change."""

from collections.abc import Iterable

from PySide6.QtCore import QObject

from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.shell import places
from deskcrm.ui.shell.places import Place
from deskcrm.ui.shell.rail import Rail


class Counters(QObject):
    """Keeps the numbers on a rail true."""

    def __init__(self, desk: Desk, rail: Rail) -> None:
        super().__init__(rail)
        self._desk = desk
        self._rail = rail
        desk.touched.connect(self._hear)

    def refresh(self, of: Iterable[Place] = places.PLACES) -> None:
        """Ask the numbers of these places."""
        for place in of:
            if place.count:
                self._ask(place.id, place.count)

    def _ask(self, place: str, count: str) -> None:
        answer = self._desk.ask((self, place), places.load(count))
        answer.then(lambda number: self._rail.set_count(place, number))

    def _hear(self, tables: frozenset[str]) -> None:
        self.refresh([place for place in places.PLACES if place.watches & tables])
