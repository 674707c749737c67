"""The caller card: a small window over everything that never takes the focus by itself."""

from uuid import UUID

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QCursor, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts import phones
from deskcrm.domain.contacts.model import ContactId, PointKind
from deskcrm.domain.contacts.points import add_point
from deskcrm.domain.drafts.queries import DraftRow, get_draft
from deskcrm.domain.lookup.caller import PLACE, Caller, CallerCard, get_card, who_calls
from deskcrm.domain.lookup.commands import add_caller
from deskcrm.domain.lookup.fields import Kind
from deskcrm.domain.lookup.queries import FoundRow
from deskcrm.ui.kit import dates, parts, theme
from deskcrm.ui.kit.actions import Bound, action
from deskcrm.ui.kit.announce import announce
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.elided_button import ElidedButton
from deskcrm.ui.lookup.call_note import CallNote
from deskcrm.ui.lookup.facts import Facts
from deskcrm.ui.lookup.who import WhoCalls

SIZE = (440, 690)
MARGIN = 24


class CallCard(QWidget):
    """Built ahead of any call; ``ring`` shows it for a number."""

    went = Signal()
    """The main window is to come to the front: it was sent somewhere."""

    def __init__(self, desk: Desk) -> None:
        flags = Qt.WindowType.Tool | Qt.WindowType.WindowStaysOnTopHint
        super().__init__(None, flags)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self._desk = desk
        self.number = ""
        self.card: CallerCard | None = None
        self.bound = Bound(self, "call_card")
        self.caption = parts.ElidedLabel("", "muted")
        self.timer = parts.label("0:00", "strong")
        self.other = ElidedButton(tr("Somebody else"), self.ask_again)
        self.facts = Facts()
        self.facts.page_wanted.connect(self.open_page)
        self.facts.ticket_wanted.connect(self._open_ticket)
        self.who = WhoCalls(desk)
        self.who.chosen.connect(self._on_chosen)
        self.who.named.connect(self._on_named)
        self.note = CallNote(desk)
        self.note.logged.connect(self.hide)
        self._lay_out()
        self._show_upper(self.who)
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self._show_time)
        desk.touched.connect(self._refresh)

    def _lay_out(self) -> None:
        self.log_button = parts.button(tr("Log the call"), self.note.log, look="primary")
        ticket = parts.button(tr("Ticket"), self.note.begin_ticket, icon="tickets")
        follow_up = parts.button(tr("Follow-up"), self.note.begin_follow_up, icon="calendar")
        for button, key in (
            (self.log_button, "Ctrl+Return"),
            (ticket, "Ctrl+T"),
            (follow_up, "Ctrl+D"),
        ):
            parts.set_tooltip(button, f"{button.accessibleName()}  {key}")
        head = parts.row(self.caption, self.other, self.timer, spacing=10)
        head.setStretch(0, 1)
        column = parts.column(
            head,
            self.facts,
            self.who,
            parts.line(),
            self.note,
            parts.row(ticket, follow_up, None, self.log_button),
            spacing=theme.sizes().s + 2,
            margins=theme.sizes().l,
        )
        column.setStretch(2, 1)
        column.setStretch(4, 1)
        body = parts.surface("panel")
        body.setLayout(column)
        self.setLayout(parts.column(body))
        self.resize(*SIZE)

    # A call.

    def ring(self, typed: str) -> None:
        """Show the card for a number as it came in; without one it asks who is on the phone."""
        outgoing = typed.strip().lower().startswith(("tel:", "callto:"))
        self.number, self.card = typed, None
        self.note.begin(outgoing=outgoing)
        self.setWindowTitle(tr("Call"))
        self.caption.setText(typed.strip() or tr("Call"))
        self._show_time()
        self._tick.start()
        if not self.isVisible():
            self._place()
        self._desk.ask(self, who_calls, typed).then(self._on_caller)

    def take_draft(self, draft: DraftRow) -> None:
        """Go on with a call whose note was left when the program ended."""
        self.ring(draft.subject if not _as_id(draft.subject) else "")
        client = _as_id(str(draft.content.get("client", "")))
        if client is not None:
            contact = _as_id(str(draft.content.get("contact", "")))
            self._fetch(ClientId(client), ContactId(contact) if contact is not None else None)

    def _on_caller(self, caller: Caller) -> None:
        self.number = caller.number
        self.note.know_number(caller.number)
        self.caption.setText(phones.display(caller.number) if caller.number else tr("Call"))
        if caller.draft is not None:
            self.note.restore(caller.draft.content, caller.draft.updated_at)
        self.who.ask_about(caller)
        if caller.card is not None:
            self._show_card(caller.card)
        else:
            self._show_upper(self.who)
        self.show()
        self.raise_()
        asked = self.who.title.text()
        if caller.number:
            asked = f"{phones.display(caller.number)}. {asked}"
        name = caller.card.name if caller.card is not None else asked
        announce(self, tr("Call: {name}", name=name), urgent=True)

    def _show_card(self, card: CallerCard) -> None:
        self.card = card
        self.setWindowTitle(tr("Call: {name}", name=card.name))
        self.facts.show_card(card)
        self._show_upper(self.facts)
        # Where the first letter goes once the person clicks on the card; it asks for no focus.
        self.note.note.setFocus()
        self.note.attend(card)
        self.note.complain("")
        if not self.number:
            subject = card.profile.id.hex
            answer = self._desk.ask((self, "draft"), get_draft, place=PLACE, subject=subject)
            answer.then(self._restore)

    def _restore(self, draft: DraftRow | None) -> None:
        if draft is not None:
            self.note.restore(draft.content, draft.updated_at)

    def ask_again(self) -> None:
        """It is somebody else: ask."""
        self._show_upper(self.who)
        self.who.setFocus()

    def _show_upper(self, widget: QWidget) -> None:
        # Two widgets, not a stack: a stack is as tall as the taller of the two.
        self.who.setVisible(widget is self.who)
        self.facts.setVisible(widget is self.facts)
        self.other.setVisible(widget is self.facts)

    @property
    def is_known(self) -> bool:
        """Whether the card shows a client rather than asks for one."""
        return not self.facts.isHidden()

    def _on_chosen(self, row: FoundRow, keep: bool) -> None:
        contact = ContactId(row.id) if row.kind is Kind.CONTACT else None
        if keep:
            deed = self._desk.do(
                add_point,
                row.client,
                contact_id=contact,
                kind=PointKind.PHONE,
                text=self.number,
            )
            deed.tell(tr("The number is kept with {name}", name=row.title))
            deed.failed(self._on_error)
        self._fetch(row.client, contact)

    def _on_named(self, name: str, company: str) -> None:
        number = self.number if self.number.startswith("+") else ""
        deed = self._desk.do(add_caller, name=name, company=company, number=number)
        deed.tell(tr("{name} was added", name=name or company))
        deed.then(lambda done: self._fetch(*done.value)).failed(self._on_error)

    def _fetch(self, client: ClientId, contact: ContactId | None) -> None:
        self._desk.ask((self, "card"), get_card, client, contact).then(self._show_card)
        self.note.setFocus()

    def _on_error(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self.note.complain(f"{error.title} {error.detail}".strip())
        else:
            self._desk.complain(error)

    def _refresh(self, tables: frozenset[str]) -> None:
        card = self.card
        if card is not None and self.isVisible() and tables & _SHOWN:
            contact = card.contact.id if card.contact is not None else None
            answer = self._desk.ask((self, "card"), get_card, card.profile.id, contact)
            answer.then(self._show_again)

    def _show_again(self, card: CallerCard) -> None:
        if self.card is not None and self.card.profile.id == card.profile.id:
            self.card = card
            self.facts.show_card(card)

    # Where it leads.

    def open_page(self) -> None:
        """Show the client in the main window."""
        if self.card is not None:
            self._desk.go("clients", client=self.card.profile.id)
            self.went.emit()

    def ask(self) -> None:
        """Read a form out, in the main window, to who is on the phone."""
        if self.card is not None:
            who = self.card.contact
            contact = who.id if who is not None else None
            client = self.card.profile.id
            self._desk.go("clients", client=client, contact=contact, ask=True)
            self.went.emit()

    def _open_ticket(self, ticket: UUID) -> None:
        self._desk.go("tickets", ticket=ticket)
        self.went.emit()

    def attend(self) -> None:
        """Take the focus, because the person asked for it."""
        self.show()
        self.raise_()
        self.activateWindow()
        (self.note if self.is_known else self.who).setFocus()

    # The window.

    def _place(self) -> None:
        screen = QGuiApplication.screenAt(QCursor.pos()) or QApplication.primaryScreen()
        if screen is None or self.pos() != QPoint(0, 0):
            return
        room = screen.availableGeometry()
        height = min(SIZE[1], room.height() - 2 * MARGIN)
        self.resize(SIZE[0], height)
        self.move(room.right() - SIZE[0] - MARGIN, room.top() + MARGIN)

    def _show_time(self) -> None:
        minutes, seconds = divmod(int(self.note.seconds), 60)
        self.timer.setText(f"{minutes}:{seconds:02}")
        self.timer.setAccessibleName(tr("Lasts {time}", time=dates.duration(self.note.seconds)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif not self.bound.press(event):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.note.keep_draft()
        self._tick.stop()
        super().closeEvent(event)


_SHOWN = frozenset({"ticket", "ticket_message", "promise", "interaction", "client", "contact"})


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(hex=text) if len(text) == 32 else None
    except ValueError:
        return None


@action("call_card.log", "Log the call", key="Ctrl+Return", icon="check")
def log(card: CallCard) -> None:
    """Log the call."""
    card.note.log()


@action("call_card.ticket", "Open a ticket from the call", key="Ctrl+T", icon="tickets")
def ticket(card: CallCard) -> None:
    """Open a ticket from the call."""
    card.note.begin_ticket()


@action("call_card.follow_up", "Schedule a follow-up", key="Ctrl+D", icon="calendar")
def follow_up(card: CallCard) -> None:
    """Schedule a follow-up."""
    card.note.begin_follow_up()


@action("call_card.ask", "Ask for feedback", key="Ctrl+E", icon="feedback")
def ask(card: CallCard) -> None:
    """Read a form out to who is on the phone."""
    card.ask()


@action("call_card.page", "Open the client’s page", key="Ctrl+O", icon="external")
def page(card: CallCard) -> None:
    """Open the client's page."""
    card.open_page()
