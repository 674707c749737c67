"""A glance at a ticket over the list or the board: what was said, and who asks. Space closes it."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.tickets.line_times import line_words
from deskcrm.domain.tickets.queries import TicketRow, get_ticket
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.chips import Chip, ChipRow
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.sla.words import due_chip
from deskcrm.ui.tickets.client_side import ClientSide
from deskcrm.ui.tickets.thread import TalkEntry, ThreadView, get_talk
from deskcrm.ui.tickets.words import KIND_ICONS, marks, priority_chip, state_chip

_WIDTH: Final = 900
_SIDE: Final = 260
_HEIGHT: Final = 620
_WATCHES: Final = frozenset(
    {"ticket", "ticket_message", "ticket_transition", "ticket_assignment", "ticket_line_step"}
)


class PeekCard(Overlay):
    """Opens itself over the window; nothing can be changed here, Enter opens the ticket."""

    def __init__(self, desk: Desk, over: QWidget, row: TicketRow) -> None:
        super().__init__(over.window(), width=_WIDTH, top=0.06)
        self.desk, self.row = desk, row
        self.subject = parts.label("", "heading", wrap=True)
        self.whose = parts.label("", "muted", wrap=True)
        self.chips = ChipRow()
        self.talk = ThreadView(desk)
        self.side = ClientSide(desk)
        self.side.setFixedWidth(_SIDE)
        self.open_button = parts.button(
            tr("Open the ticket"), self.open_ticket, look="quiet", icon="external", hint="Enter"
        )
        self._lay_out()
        self.closed.connect(self.deleteLater)
        self._show(row)
        self.open_card()
        # The keys of the card, not of a button: Space closes, Enter opens.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self.setAccessibleName(tr("Ticket {number}", number=row.number))
        desk.touched.connect(self._hear)
        self._ask_thread()

    def height_wanted(self) -> int:
        """Always as tall: what was said scrolls."""
        return _HEIGHT

    def open_ticket(self) -> None:
        """Go to the ticket."""
        self.close_card()
        self.desk.go("tickets", ticket=self.row.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            event.accept()
            self.close_card()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            self.open_ticket()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        close = parts.icon_button("close", tr("Close"), self.close_card)
        title = parts.row(spacing=8)
        title.addWidget(self.subject, 1)
        title.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignTop)
        title.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        head = parts.column(title, self.whose, self.chips, spacing=6, margins=(20, 14, 12, 12))
        across = parts.row(spacing=0)
        across.addWidget(self.talk, 1)
        across.addWidget(parts.line(vertical=True))
        across.addWidget(self.side)
        column = parts.column(spacing=0, margins=(0, 0, 0, 8))
        column.addLayout(head)
        column.addWidget(parts.line())
        column.addLayout(across, 1)
        self.card.setLayout(column)

    def _hear(self, tables: frozenset[str]) -> None:
        if _WATCHES & tables:
            self.desk.ask((self, "row"), get_ticket, self.row.id).then(self._show_again)

    def _show_again(self, row: TicketRow | None) -> None:
        if row is None:
            self.close_card()
            return
        self._show(row)
        self._ask_thread()

    def _show(self, row: TicketRow) -> None:
        self.row = row
        self.subject.setText(row.subject)
        who = row.worker or row.owner or tr("No owner")
        said = (f"#{row.number}", row.client, row.contact, line_words(row.line), who)
        self.whose.setText(" · ".join(one for one in said if one))
        kind = Chip(of(row.kind), Tone.NEUTRAL, KIND_ICONS[row.kind])
        first = (state_chip(row.state), priority_chip(row.priority), due_chip(row), kind)
        self.chips.set_chips([*(one for one in first if one), *marks(row)])
        self.side.show_client(row.client_id, but=row.id)

    def _ask_thread(self) -> None:
        self.desk.ask((self, "thread"), get_talk, self.row.id).then(self._show_thread)

    def _show_thread(self, entries: list[TalkEntry]) -> None:
        self.talk.show_thread(entries, self.row.contact or self.row.client, is_other=True)
