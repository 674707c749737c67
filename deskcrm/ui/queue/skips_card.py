"""What was skipped, by whom and why: a lead looks over everybody's, everybody over their own."""

from collections import Counter
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from deskcrm.base.words import tr
from deskcrm.domain.queue.queries import SkipRow, list_skips
from deskcrm.domain.tickets.model import TicketId
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.elided_button import ElidedButton
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.scroll import Scroll, height_at


class SkipsCard(Overlay):
    """Opens itself over the window; a line opens its ticket."""

    def __init__(self, desk: Desk, over: QWidget) -> None:
        super().__init__(over.window(), width=760, top=0.08)
        self.desk = desk
        self.people = parts.label("", "muted", wrap=True)
        self.people.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.lines = QGridLayout()
        self.lines.setHorizontalSpacing(16)
        self.lines.setVerticalSpacing(8)
        self.lines.setColumnStretch(1, 2)
        self.lines.setColumnStretch(2, 3)
        close = parts.icon_button("close", tr("Close"), self.close_card)
        title = parts.row(parts.label(tr("Skipped tickets"), "heading"), None, close)
        said = parts.row(self.people, margins=(0, 0, 8, 0))
        self._head = parts.column(title, said, spacing=4, margins=(24, 16, 16, 8))
        self._inside = QWidget()
        self._inside.setLayout(parts.column(self.lines, None, margins=(24, 0, 24, 20)))
        self._scroll = Scroll(self._inside)
        self.card.setLayout(parts.column(self._head, self._scroll, spacing=0))
        self.closed.connect(self.deleteLater)
        self.open_card()
        desk.ask(self, list_skips).then(self._show)

    def height_wanted(self) -> int:
        """Tall enough for all lines, where the window has room."""
        head = self._head.totalHeightForWidth(self.width_given())
        if self._scroll.isHidden():
            return head + 16
        return head + height_at(self._inside, self.width_given()) + 4

    def _show(self, rows: list[SkipRow]) -> None:
        counts = Counter(row.who for row in rows)
        said = " · ".join(f"{who}: {n}" for who, n in counts.most_common())
        self.people.setText(
            said
            or tr(
                "Nobody has skipped a ticket. When somebody does not take the one that comes next"
                " for them, it stands here with the reason."
            )
        )
        self._scroll.setVisible(bool(rows))
        for at, row in enumerate(rows):
            when = parts.label(dates.ago(row.skipped_at), "muted")
            parts.set_tooltip(when, dates.full(row.skipped_at))
            link = ElidedButton(
                f"#{row.number} {row.subject} · {row.client}", partial(self._open, row.ticket_id)
            )
            self.lines.addWidget(when, at, 0)
            self.lines.addWidget(link, at, 1)
            self.lines.addWidget(parts.label(f"{row.who}: {row.reason}", wrap=True), at, 2)
        self.relayout()

    def _open(self, ticket: TicketId) -> None:
        self.close_card()
        self.desk.go("tickets", ticket=ticket)
