"""The bar over a list that says how many rows are picked and what can be done with them."""

from typing import Any

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import ntr, tr
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.columns import Selection
from deskcrm.ui.kit.flow import FlowLayout
from deskcrm.ui.kit.table import Table


class BulkBar(QWidget):
    """ "37 of 12,480 selected · Select all that match"; hidden while nothing is picked.

    Screens add their bulk buttons with ``add``.
    """

    def __init__(self, table: Table[Any]) -> None:
        super().__init__()
        self._table = table
        frame = parts.surface("well")
        self._said = parts.label("", "strong")
        self._all = parts.button(tr("Select all that match"), table.selectAll, look="link")
        self._none = parts.icon_button(
            "close", tr("Clear the selection"), lambda: table.pick(Selection())
        )
        deeds = QWidget()
        self._buttons = FlowLayout(deeds, spacing=4)
        # The words of the buttons begin where those above them do.
        head = parts.row(self._said, self._all, None, self._none, margins=(10, 0, 6, 0))
        frame.setLayout(parts.column(head, deeds, spacing=2, margins=(2, 6, 2, 8)))
        self.setLayout(parts.column(frame, margins=(12, 0, 12, 8)))
        self.hide()
        table.picked.connect(self._show)
        table.rows.counted.connect(lambda _: self._show(table.selection))

    def add(self, widget: QWidget) -> None:
        """Add a button for the picked rows; they are many and the list is narrow."""
        widget.setProperty("tight", True)
        self._buttons.addWidget(widget)

    def _show(self, selection: Selection) -> None:
        total = self._table.rows.total
        count = selection.count(total)
        self._said.setText(
            ntr(
                "{count} of {total} selected",
                "{count} of {total} selected",
                count,
                count=dates.number(count),
                total=dates.number(total),
            )
        )
        self._all.setVisible(count < total)
        self.setVisible(count > 0)
