"""The lower half of the card: the note that survives everything, and what the call leads to."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from deskcrm.base import clock, words
from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.drafts.commands import discard_draft, save_draft
from deskcrm.domain.interactions.channels import Direction
from deskcrm.domain.interactions.commands import Consequences, log_call
from deskcrm.domain.interactions.model import Outcome
from deskcrm.domain.lookup.caller import PLACE, CallerCard
from deskcrm.domain.tasks.commands import create_task
from deskcrm.domain.tasks.model import TaskKind
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.model import TicketId
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.combo_box import ComboBox
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.lookup.quick_lines import FollowUpLine, QuickLine
from deskcrm.ui.promises.offers import PromiseOffers

DRAFT_MS: Final = 300
_STILL_GOING: Final = timedelta(hours=2)
_DIRECTIONS: Final = (Direction.INCOMING, Direction.OUTGOING)
_OUTCOMES: Final = tuple(one for one in Outcome if one is not Outcome.UNKNOWN)


class CallNote(QWidget):
    """Give it a card with ``attend``; it logs the call and says ``logged``."""

    logged = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._card: CallerCard | None = None
        self._subject = ""
        self._kept: dict[str, Any] | None = None
        self._ticket: TicketId | None = None
        self.started_at = clock.now()
        self.note = QPlainTextEdit()
        self.note.setAccessibleName(tr("Note of the call"))
        self.note.setPlaceholderText(tr("What is it about? The note is kept as you type."))
        self.note.setTabChangesFocus(True)
        self.offers = PromiseOffers(self.note)
        # By index: Qt would give back a plain text where it was given an enum.
        self.direction = _choices(tr("Direction"), [words.of(one) for one in _DIRECTIONS])
        self.outcome = _choices(tr("Outcome"), [words.of(one) for one in _OUTCOMES])
        self.back = parts.label("", "faint")
        self.problem = parts.label("", "error", wrap=True)
        self.ticket = QuickLine(tr("Subject of the ticket"), tr("Open"))
        self.ticket.wanted.connect(self._open_ticket)
        self.follow_up = FollowUpLine(tr("What is to be done"), tr("Schedule"), self.complain)
        self.follow_up.wanted.connect(self._schedule)
        for line in (self.ticket, self.follow_up):
            line.closed.connect(self.note.setFocus)
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=DRAFT_MS)
        self._soon.timeout.connect(self.keep_draft)
        self.note.textChanged.connect(self._wait)
        self.setFocusProxy(self.note)

    def _lay_out(self) -> None:
        top = parts.row(self.direction, self.outcome, None, self.back)
        column = parts.column(
            top, self.note, self.offers, self.ticket, self.follow_up, self.problem, spacing=8
        )
        column.setStretch(1, 1)
        self.setLayout(column)
        self.note.setMinimumHeight(84)
        self.problem.hide()

    # The call.

    def begin(self, *, outgoing: bool) -> None:
        """A call begins now, with an empty note."""
        self._soon.stop()
        self._card, self._kept, self._ticket, self._subject = None, None, None, ""
        self.started_at = clock.now()
        self._set_text("")
        self.offers.start_over()
        self.back.setText("")
        self.complain("")
        self.direction.setCurrentIndex(1 if outgoing else 0)
        self.outcome.setCurrentIndex(0)
        self.ticket.hide()
        self.follow_up.hide()

    def know_number(self, number: str) -> None:
        """Keep the draft under this number."""
        self._subject = number

    def attend(self, card: CallerCard) -> None:
        """The call is with this client."""
        self._card = card
        if not self._subject:
            self._subject = card.profile.id.hex
        self._wait()

    def restore(self, content: dict[str, Any], kept_at: datetime) -> None:
        """Put back a note that was not logged; what was typed meanwhile stays under it."""
        typed, before = self.note.toPlainText(), str(content.get("text", ""))
        if not before.strip() or before == typed:
            return
        self._set_text(f"{before}\n{typed}" if typed.strip() else before)
        self.back.setText(tr("Your note from {ago} is back", ago=dates.ago(kept_at)))
        began = _moment(content.get("started_at"))
        if began is not None and clock.now() - began < _STILL_GOING:
            self.started_at = began

    @property
    def seconds(self) -> float:
        """How long the call lasts by now."""
        return max(0.0, (clock.now() - self.started_at).total_seconds())

    @property
    def has_text(self) -> bool:
        """Whether anything was written."""
        return bool(self.note.toPlainText().strip())

    def complain(self, text: str) -> None:
        """Say what is wrong; "" takes it back."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    # What it leads to.

    def log(self) -> None:
        """Log the call; the card goes away once it is on the disk."""
        card = self._card
        if card is None:
            self.complain(tr("Choose first who is calling."))
            return
        self.keep_draft()
        contact = card.contact.id if card.contact is not None else None
        deed = self._desk.do(
            log_call,
            card.profile.id,
            text=self.note.toPlainText().strip(),
            minutes=round(self.seconds) / 60,
            direction=_DIRECTIONS[self.direction.currentIndex()],
            outcome=_OUTCOMES[self.outcome.currentIndex()],
            started_at=self.started_at,
            contact_id=contact,
            ticket_id=self._ticket,
            consequences=Consequences(promises=self.offers.chosen()),
        )
        deed.tell(tr("The call with {name} was logged", name=card.name))
        deed.then(lambda _: self._on_logged()).failed(self._on_error)

    def begin_ticket(self) -> None:
        """Offer a line for the subject of a ticket, filled from the note."""
        self.ticket.open_with(self._first_line())

    def begin_follow_up(self) -> None:
        """Offer a line for what is to be done, and when."""
        name = self._card.name if self._card is not None else ""
        self.follow_up.open_with(tr("Call {name} back", name=name) if name else tr("Call back"))

    def _open_ticket(self, subject: str) -> None:
        if self._card is None:
            self.complain(tr("Choose first who is calling."))
            return
        contact = self._card.contact
        deed = self._desk.do(
            open_ticket,
            self._card.profile.id,
            subject=subject,
            text=self.note.toPlainText().strip(),
            contact_id=contact.id if contact is not None else None,
        )
        deed.tell(tr("The ticket was opened")).failed(self._on_error)
        deed.then(lambda done: self._on_ticket(done.value))

    def _on_ticket(self, ticket: TicketId) -> None:
        self._ticket = ticket
        self.ticket.hide()
        self.back.setText(tr("Ticket opened; the call belongs to it"))
        self.note.setFocus()

    def _schedule(self, title: str) -> None:
        due = self.follow_up.due()
        if due is None:
            return
        if self._card is None:
            self.complain(tr("Choose first who is calling."))
            return
        contact = self._card.contact
        deed = self._desk.do(
            create_task,
            title=title,
            client_id=self._card.profile.id,
            due=due,
            kind=TaskKind.CALL,
            contact_id=contact.id if contact is not None else None,
        )
        deed.tell(tr("The follow-up was scheduled")).failed(self._on_error)
        deed.then(lambda _: self._on_scheduled(due))

    def _on_scheduled(self, due: date) -> None:
        self.follow_up.hide()
        self.complain("")
        self.back.setText(tr("Follow-up: {day}", day=dates.long_day(due)))
        self.note.setFocus()

    def _on_logged(self) -> None:
        self._forget_draft()
        self.logged.emit()

    def _on_error(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self.complain(f"{error.title} {error.detail}".strip())
        else:
            self._desk.complain(error)

    # The draft.

    def keep_draft(self) -> None:
        """Put what stands in the note where a crash cannot reach it."""
        self._soon.stop()
        text = self.note.toPlainText()
        if not text.strip():
            if self._kept is not None:
                self._forget_draft()
            return
        content: dict[str, Any] = {"text": text, "started_at": self.started_at.isoformat()}
        if self._card is not None:
            content["client"] = self._card.profile.id.hex
            contact = self._card.contact
            content["contact"] = contact.id.hex if contact is not None else ""
            content["name"] = self._card.name
        if content != self._kept:
            self._kept = content
            self._desk.do(save_draft, place=PLACE, subject=self._subject, content=content)

    def _forget_draft(self) -> None:
        self._soon.stop()
        self._kept = None
        self._desk.do(discard_draft, place=PLACE, subject=self._subject)

    def _wait(self) -> None:
        # Not restarted while running: fast typing must not put the draft off for ever.
        if not self._soon.isActive():
            self._soon.start()

    def _set_text(self, text: str) -> None:
        self.note.setPlainText(text)
        cursor = self.note.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.note.setTextCursor(cursor)

    def _first_line(self) -> str:
        lines: Callable[[], list[str]] = self.note.toPlainText().strip().splitlines
        return next(iter(lines()), "")[:120]


def _choices(name: str, options: list[str]) -> ComboBox:
    box = ComboBox(name)
    box.addItems(options)
    return box


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
