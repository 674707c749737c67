"""For whom one stands in: a line each, with what there is to know and to do."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from deskcrm.base.words import tr
from deskcrm.domain.absences.queries import AwayRow
from deskcrm.domain.users.model import UserId
from deskcrm.ui.absences.packet import PacketCard
from deskcrm.ui.absences.words import stood_in_words
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk

SHELF = "stood_in"
"""The shelf of the tickets of those for whom one stands in."""


class StandingIn(QWidget):
    """``show_rows`` says it; nothing is seen where one stands in for nobody."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.lines = parts.column(spacing=2)
        self.setLayout(self.lines)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def show_rows(self, rows: Sequence[AwayRow]) -> None:
        """Say for whom one stands in, and until when."""
        parts.clear(self.lines)
        for row in rows:
            self.lines.addLayout(self._line(row))
        self.setVisible(bool(rows))

    def _line(self, row: AwayRow) -> QHBoxLayout:
        packet = parts.button(tr("Hand-over"), partial(self._open, row.user_id), look="link")
        tickets = parts.button(tr("Their tickets"), self._go, look="link")
        said = parts.label(stood_in_words(row), "strong", wrap=True)
        line = parts.row(parts.Picture("person"), spacing=8)
        line.addWidget(said, 1)
        line.addWidget(packet)
        line.addWidget(tickets)
        return line

    def _open(self, user_id: UserId) -> None:
        PacketCard(self.desk, self, user_id)

    def _go(self) -> None:
        self.desk.go("tickets", shelf=SHELF)
