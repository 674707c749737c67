"""Next: the one ticket that matters most now, with the reasons; taken, or skipped with a word."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QWidget

from deskcrm.base import clock
from deskcrm.base.words import ntr, tr
from deskcrm.domain.queue.commands import skip_ticket
from deskcrm.domain.queue.next import NextTicket, get_next
from deskcrm.domain.queue.words import sum_of
from deskcrm.domain.tickets.commands import claim_ticket
from deskcrm.ui.kit import icons, parts
from deskcrm.ui.kit.chips import ChipRow
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.sla.words import due_chip
from deskcrm.ui.tickets.words import priority_chip, state_chip


class NextCard(Overlay):
    """Opens itself over the window; what is skipped gives way to the one after it."""

    def __init__(self, desk: Desk, over: QWidget) -> None:
        super().__init__(over.window(), width=620, top=0.1)
        self.desk = desk
        self.found: NextTicket | None = None
        self.subject = parts.label("", "heading", wrap=True, select=True)
        self.client = parts.label("", "muted", wrap=True)
        self.chips = ChipRow()
        self.sentence = parts.label("", wrap=True, select=True)
        self.sum = QGridLayout()
        self.sum.setHorizontalSpacing(16)
        self.sum.setColumnStretch(0, 1)
        self.others = parts.label("", "faint", wrap=True)
        self.take = parts.button(tr("Take it"), self.take_it, look="primary", icon="person")
        self.skip = parts.button(tr("Skip…"), self.begin_skipping)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(tr("Why do you skip it?"))
        self.reason.setAccessibleName(tr("Why do you skip it?"))
        self.reason.returnPressed.connect(self.skip_it)
        self._lay_out()
        self.closed.connect(self.deleteLater)
        self.open_card()
        self.ask()

    def ask(self) -> None:
        """Ask for what comes next."""
        self.desk.ask(self, get_next).then(self._show)

    def take_it(self) -> None:
        """Make oneself responsible, if nobody is, and go to the ticket."""
        if self.found is None:
            return
        ticket = self.found.row.id
        if self.found.row.owner_id is None:
            deed = self.desk.do(claim_ticket, ticket).tell()
            deed.then(lambda _done: self._go()).refused(self._gone)
        else:
            self._go()

    def begin_skipping(self) -> None:
        """Ask for the reason; once it is asked for, skip."""
        if self.reason.isVisible():
            self.skip_it()
            return
        self.reason.show()
        self.relayout()
        self.reason.setFocus()

    def skip_it(self) -> None:
        """Leave the ticket for others, and show the one after it."""
        if self.found is not None:
            deed = self.desk.do(skip_ticket, self.found.row.id, reason=self.reason.text())
            deed.tell().then(lambda _done: self._start_over())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter on a button press it, which Qt does in dialogs only."""
        enters = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        focused = self.window().focusWidget()
        if enters and isinstance(focused, QPushButton) and self.isAncestorOf(focused):
            focused.click()
        else:
            super().keyPressEvent(event)

    def _go(self) -> None:
        if self.found is not None:
            self.close_card()
            self.desk.go("tickets", ticket=self.found.row.id)

    def _gone(self, error: BaseException) -> None:
        """Say that somebody was quicker, and show what comes next then."""
        self.desk.complain(error)
        self.ask()

    def _start_over(self) -> None:
        self.reason.clear()
        self.reason.hide()
        self.take.setFocus()
        self.ask()

    def _lay_out(self) -> None:
        head = parts.row(parts.label(tr("Next for you"), "caption"), None)
        head.addWidget(parts.icon_button("close", tr("Close"), self.close_card))
        self.deeds = QWidget()
        self.deeds.setLayout(parts.row(self.take, self.skip, None, margins=0))
        self.reason.hide()
        self.deeds.hide()
        # The cross stands further out than the words: it has air of its own.
        head.setContentsMargins(24, 16, 16, 0)
        body = parts.column(
            self.subject,
            self.client,
            self.chips,
            self.sentence,
            self.sum,
            self.others,
            self.reason,
            self.deeds,
            spacing=10,
            margins=(24, 0, 24, 20),
        )
        self.card.setLayout(parts.column(head, body, spacing=10))

    def _show(self, found: NextTicket | None) -> None:
        self.found = found
        parts.clear(self.sum)
        self.deeds.setVisible(found is not None)
        self.chips.setVisible(found is not None)
        if found is None:
            self.subject.setText(tr("Nothing is left for you"))
            self.client.setText("")
            self.sentence.setText(
                tr("No ticket that needs an answer is yours or nobody’s, but for what you skipped.")
            )
            self.sentence.show()
            self.others.setText("")
        else:
            self._show_ticket(found)
        self.relayout()

    def _show_ticket(self, found: NextTicket) -> None:
        row, now = found.row, clock.now()
        self.subject.setText(f"#{row.number} {row.subject}")
        self.client.setText(" · ".join(one for one in (row.client, row.contact) if one))
        chips = (state_chip(row.state), priority_chip(row.priority), due_chip(row))
        self.chips.set_chips([one for one in chips if one is not None])
        reasons = sum_of(found, now)
        self.sentence.setText("" if reasons else tr("It is the oldest that is left."))
        self.sentence.setVisible(not reasons)
        lines = [(what, f"+{points}", "") for what, points in reasons]
        if reasons:
            lines.append((tr("Points in all"), str(found.points), "strong"))
        for at, (what, points, role) in enumerate(lines):
            number = parts.label(points, role)
            self.sum.addWidget(parts.label(what, role, wrap=True), at, 0)
            self.sum.addWidget(number, at, 1, Qt.AlignmentFlag.AlignRight)
        self.others.setText(
            ntr("{n} more ticket comes after it", "{n} more tickets come after it", found.others)
            if found.others
            else tr("No other ticket is left.")
        )
        is_free = row.owner_id is None
        parts.rename(self.take, tr("Take it") if is_free else tr("Open it"))
        self.take.setIcon(icons.icon("person" if is_free else "external", "on_accent"))
        self.take.setFocus()  # Enter takes it
