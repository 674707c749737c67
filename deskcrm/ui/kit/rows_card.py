"""A card over the window with what comes of a bulk edit, row by row, on shelves."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget

from deskcrm.base.words import tr
from deskcrm.store.outcomes import OutcomeRow
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.scroll import height_at
from deskcrm.ui.kit.segments import Segments
from deskcrm.ui.kit.table import Table

_ROWS: Final = 7


class RowsCard(Overlay):
    """Give a table, shelves and how many rows there are; build head and foot; ``asked`` fills it.

    Opens itself over the window, with the focus in the rows.
    """

    def __init__(
        self, over: QWidget, table: Table[OutcomeRow[Any]], shelves: Sequence[str], total: int
    ) -> None:
        super().__init__(over.window(), width=720, top=0.08)
        self.table, self._total = table, total
        self.shelf = Segments(shelves, tr("Which rows"), lambda _: self.load())
        self._head, self._foot = QWidget(), QWidget()
        self._head.setLayout(self.build_head())
        self._foot.setLayout(self.build_foot())
        column = parts.column(self._head, spacing=0, margins=0)
        column.addWidget(self.table, 1)
        column.addWidget(self._foot)
        self.card.setLayout(column)
        self.closed.connect(self.deleteLater)
        self.load()
        self.open_card()
        self.table.setFocus(Qt.FocusReason.PopupFocusReason)

    def build_head(self) -> QLayout:
        """Make what stands above the rows."""
        raise NotImplementedError

    def build_foot(self) -> QLayout:
        """Make what stands below the rows."""
        raise NotImplementedError

    def asked(self) -> dict[str, Any]:
        """Say what both queries of the table are given beside the shelf."""
        raise NotImplementedError

    def load(self) -> None:
        """Show the shelf that is chosen."""
        self.table.reload(shelf=self.shelf.currentIndex(), **self.asked())

    def height_wanted(self) -> int:
        """Tall enough for some whole rows."""
        return (
            height_at(self._head, self.width_given())
            + self.table.horizontalHeader().sizeHint().height()
            + min(_ROWS, self._total) * self.table.verticalHeader().defaultSectionSize()
            + self._foot.sizeHint().height()
            + 2  # the edge of the card
        )
