"""The laid-out entries of a timeline, kept while the rows they came from are the same."""

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Generic

from deskcrm.base.words import tr
from deskcrm.ui.kit import dates
from deskcrm.ui.kit import timeline_entry as entries
from deskcrm.ui.kit.columns import Row
from deskcrm.ui.kit.timeline_entry import Entry, Shape
from deskcrm.ui.kit.window_model import WindowModel


class Shapes(Generic[Row]):
    """Gives the shape of an entry by its number, measured once for a width."""

    def __init__(self, rows: WindowModel[Row], entry: Callable[[Row], Entry]) -> None:
        self._rows = rows
        self._entry = entry
        self._kept: dict[int, Shape] = {}
        self._open: set[Hashable] = set()
        self._width = 0
        self.looked: datetime | None = None
        """A line is drawn between what happened after this moment and before it."""

    def forget(self) -> None:
        """Measure everything again when it is next seen."""
        self._kept.clear()

    def close_all(self) -> None:
        """Show only the beginning of every text."""
        self._open.clear()
        self._kept.clear()

    def drop_changed(self) -> None:
        """Forget the shapes whose rows changed, moved or went away."""
        for number, shape in list(self._kept.items()):
            row = self._rows.loaded_row(number)
            if row is None or self._entry(row) != shape.entry:
                del self._kept[number]

    def is_open(self, row: Row) -> bool:
        """Whether all of the text is shown."""
        return row.id in self._open

    def toggle(self, number: int) -> None:
        """Show all of an entry's text, or its beginning."""
        row = self._rows.loaded_row(number)
        if row is not None:
            self._open ^= {row.id}
            self._kept.pop(number, None)

    def known(self, number: int) -> Shape | None:
        """The shape if it was measured already."""
        return self._kept.get(number)

    def get(self, number: int, width: int) -> Shape | None:
        """The shape, or None while the row is on its way."""
        if width != self._width:
            self._width = width
            self._kept.clear()
        shape = self._kept.get(number)
        if shape is not None:
            return shape
        row = self._rows.row(number)
        if row is None:
            return None
        shape = self._measured(number, row)
        # Its heading depends on the entry above: until that is here, it may change.
        if number == 0 or self._rows.loaded_row(number - 1) is not None:
            self._kept[number] = shape
        return shape

    def _measured(self, number: int, row: Row) -> Shape:
        entry = self._entry(row)
        above = self._rows.loaded_row(number - 1) if number else None
        before = self._entry(above) if above is not None else None
        changes = before is not None and before.group != entry.group
        return entries.measure(
            entry,
            self._width,
            is_open=row.id in self._open,
            heading=entry.group if number == 0 or changes else "",
            mark=self._mark(before, entry),
        )

    def _mark(self, before: Entry | None, entry: Entry) -> str:
        looked = self.looked
        if looked is None or before is None or before.at is None or entry.at is None:
            return ""
        if before.at > looked >= entry.at:
            return tr("New since you last looked, {ago}", ago=dates.ago(looked))
        return ""
