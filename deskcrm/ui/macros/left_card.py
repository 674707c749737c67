"""The tickets in which a macro did nothing, each with its reason."""

from functools import partial

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import tr
from deskcrm.domain.macros.commands import MacroOutcome
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.queries import TicketRow, rows_of
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.scroll import Scroll, height_at
from deskcrm.ui.tickets.shapes import Link

MOST = 100
"""So many are listed; more than these are read in the list itself."""


class LeftCard(Overlay):
    """Opens itself over the window; a line goes to its ticket."""

    def __init__(self, desk: Desk, over: QWidget, name: str, outcome: MacroOutcome) -> None:
        super().__init__(over.window(), width=600, top=0.1)
        self.desk, self._reasons = desk, dict(outcome.left)
        head = parts.row(
            parts.label(tr("Left alone by “{name}”", name=name), "heading", wrap=True), spacing=8
        )
        head.addWidget(parts.icon_button("close", tr("Close"), self.close_card))
        self._lines = parts.column(spacing=10)
        self._inside = parts.Page()
        self._inside.setLayout(parts.column(self._lines, None, margins=(24, 4, 20, 20)))
        self.card.setLayout(
            parts.column(
                parts.column(head, margins=(24, 16, 16, 8)), Scroll(self._inside), spacing=0
            )
        )
        self.closed.connect(self.deleteLater)
        self.open_card()
        ids = list(self._reasons)[:MOST]
        desk.ask((self, "rows"), rows_of, ids).then(self._show)

    def height_wanted(self) -> int:
        """As tall as what is listed."""
        return height_at(self._inside, self.width_given()) + 60

    def _show(self, rows: list[TicketRow]) -> None:
        for row in rows:
            link = Link("", partial(self._go, row.id))
            link.say(f"#{row.number} {row.subject}", tr("Open ticket {number}", number=row.number))
            why = parts.label(self._reasons[row.id], "muted", wrap=True)
            self._lines.addLayout(parts.column(link, why, spacing=2))
        self.relayout()

    def _go(self, ticket: TicketId) -> None:
        self.close_card()
        self.desk.go("tickets", ticket=ticket)
