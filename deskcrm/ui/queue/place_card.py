"""Why a ticket stands where it stands in the list: the rule, and its neighbours beside it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from deskcrm.base.words import tr
from deskcrm.domain.queue.queries import Place
from deskcrm.domain.tickets.model import TicketId
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.queue.order import measure_words, place_words, rule_words


class PlaceCard(Overlay):
    """Opens itself over the window; Esc closes it."""

    def __init__(self, over: QWidget, place: Place, ticket: TicketId, sort: str) -> None:
        super().__init__(over.window(), width=780, top=0.08)
        head = parts.row(parts.label(tr("Why it stands here"), "heading"), None)
        head.addWidget(parts.icon_button("close", tr("Close"), self.close_card))
        self.said = parts.label(place_words(place, sort), "strong")
        lines = QGridLayout()
        lines.setHorizontalSpacing(16)
        lines.setVerticalSpacing(6)
        lines.setColumnStretch(1, 1)
        for at, (number, row) in enumerate(place.around):
            role = "strong" if row.id == ticket else "muted"
            name = f"#{row.number} {row.subject} · {row.client}"
            for column, words in enumerate((f"{number}.", name, measure_words(row, sort))):
                label = parts.label(words, role, wrap=column == 1)
                lines.addWidget(label, at, column, Qt.AlignmentFlag.AlignTop)
        rule = parts.label(rule_words(sort), "muted", wrap=True)
        self.card.setLayout(
            parts.column(head, self.said, lines, rule, spacing=12, margins=(24, 16, 24, 20))
        )
        self.closed.connect(self.deleteLater)
        self.open_card()
