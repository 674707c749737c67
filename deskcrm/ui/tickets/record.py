"""One ticket beside the list: what can be set, the thread, the note field, and the client."""

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.absences.queries import AwayRow, Choosable, list_choosable
from deskcrm.domain.queue.queries import Place, get_place
from deskcrm.domain.tickets.commands import assign_tickets, edit_ticket, set_priority, set_state
from deskcrm.domain.tickets.model import Priority, TicketId, TicketKind
from deskcrm.domain.tickets.queries import TicketRow
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.model import UserId
from deskcrm.ui.absences.words import away_words, person_options
from deskcrm.ui.interactions.files import attach, attach_brought
from deskcrm.ui.interactions.incoming import Brought, Incoming
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.chips import ChipRow
from deskcrm.ui.kit.flow import FlowLayout
from deskcrm.ui.kit.scroll import Fitting
from deskcrm.ui.knowledge.suggested import Suggested
from deskcrm.ui.queue.order import measure_words, place_words
from deskcrm.ui.queue.place_card import PlaceCard
from deskcrm.ui.sla.card import DeadlineCard
from deskcrm.ui.sla.words import due_line, due_words, is_overdue
from deskcrm.ui.tickets.around import Around, Surroundings
from deskcrm.ui.tickets.client_side import ClientSide
from deskcrm.ui.tickets.composer import TicketComposer
from deskcrm.ui.tickets.lines import LineStrip
from deskcrm.ui.tickets.merging import HomeLine
from deskcrm.ui.tickets.shapes import Link, Setter, Yielding
from deskcrm.ui.tickets.tagging import open_tags
from deskcrm.ui.tickets.thread import TalkEntry, ThreadView, get_talk
from deskcrm.ui.tickets.words import marks

if TYPE_CHECKING:
    from deskcrm.ui.tickets.screen import TicketsScreen

SIDE: Final = 250
WIDE: Final = 640
"""From here on the client stands beside the thread."""
TALL: Final = 720
"""From here on there is room for all of the head and for what is said."""
_MARGINS: Final = (20, 14, 14, 12)
_GAP: Final = 6
_LEAST_HEAD: Final = 60
_LEAST_TALK: Final = 120
"""Rather than less of what was said the head scrolls."""


class TicketRecord(QWidget):
    """``show_ticket`` shows one; what is set here is a command with Undo at once."""

    def __init__(self, screen: "TicketsScreen") -> None:
        super().__init__()
        self.screen_ = screen
        self.desk = screen.desk
        self.row: TicketRow | None = None
        self._is_other = False
        """The thread that is shown is still another ticket's."""
        self.number = parts.label("", "muted", select=True)
        self.subject = parts.label("", "heading", wrap=True, select=True)
        self.subject.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.client = Link("", self._open_client)
        self.chips = ChipRow()
        self.due = Link("", self.show_deadline)
        self.place = Link("", self.show_place)
        self._place: Place | None = None
        self._sort = ""
        self.lines = LineStrip(self.desk)
        self.around = Around(self.desk, screen)
        self.around.found.connect(self._show_around)
        self.home = HomeLine(self.desk)
        self.talk = ThreadView(self.desk)
        self.talk.setMinimumHeight(_LEAST_TALK)
        self.composer = TicketComposer(self.desk)
        self.composer.attach_wanted.connect(self.attach)
        self.suggested = Suggested(self.desk)
        self.suggested.chosen.connect(self.composer.answer_with)
        self.suggested.linked.connect(self.composer.link_to)
        self.side = ClientSide(self.desk)
        self.away = parts.label("", "muted", wrap=True)
        self.away.hide()
        self._away: dict[UserId, AwayRow] = {}
        self._make_setters()
        self._lay_out()

    def show_ticket(self, row: TicketRow) -> None:
        """Show a ticket at once; its thread follows."""
        self._is_other |= self.row is None or self.row.id != row.id
        self.row = row
        if self._is_other:
            self.home.show_home(row.id, None)
        self.number.setText(f"#{row.number}")
        self.number.setAccessibleName(tr("Ticket {number}", number=row.number))
        self.subject.setText(row.subject)
        self.subject.setAccessibleName(row.subject)
        whose = " · ".join(one for one in (row.client, row.contact) if one)
        self.client.say(whose, tr("Open {name}", name=row.client))
        self.chips.set_chips(marks(row))
        self._show_due(row)
        self.state.show_value(row.state)
        self.priority.show_value(row.priority)
        self.owner.show_value(row.owner_id, row.owner)
        self.kind.show_value(row.kind)
        self._show_away(row)
        self.take.setVisible(row.owner_id is None)
        self._fold()
        self.composer.show_ticket(row)
        self.side.show_client(row.client_id, but=row.id)
        self._ask_thread(row)
        self._ask_place(row)

    def _show_due(self, row: TicketRow) -> None:
        is_late = is_overdue(row)
        self.urgent.set_picture(*(("warning", "danger") if is_late else ("clock", "muted")))
        exact = due_words(row)
        self.due.say(due_line(row), tr("{due}. Show why.", due=exact), exact)

    def reload(self) -> None:
        """Ask again for what may have changed around the ticket."""
        self.desk.ask((self, "people"), list_choosable).then(self._show_people)
        self.side.reload()
        if self.row is not None:
            self._ask_thread(self.row)
            self._ask_place(self.row)

    def attach(self) -> None:
        """Choose files and attach them."""
        if self.row is not None:
            attach(self.desk, self, self.row.client_id, ticket_id=self.row.id)

    def show_deadline(self) -> None:
        """Open the arithmetic of the deadlines."""
        if self.row is not None:
            DeadlineCard(self.desk, self.screen_, self.row.id)

    def follow_order(self) -> None:
        """Say the place anew where the list stands in another order than it did."""
        if self.row is not None and self._sort != self.screen_.table.rows.sort_key:
            self._ask_place(self.row)

    def show_place(self) -> None:
        """Open why the ticket stands where it stands in the list."""
        if self.row is not None and self._place is not None:
            PlaceCard(self.screen_, self._place, self.row.id, self._sort)

    def panes(self) -> list[QWidget]:
        """What F6 walks."""
        return [self.head, self.talk, self.composer, self.side]

    def _ask_thread(self, row: TicketRow) -> None:
        asked = self.desk.ask((self, "thread"), get_talk, row.id)
        asked.then(partial(self._show_thread, row))
        self.suggested.show_for(row.id)
        self.lines.show_ticket(row)
        self.around.show_ticket(row)

    def _ask_place(self, row: TicketRow) -> None:
        rows = self.screen_.table.rows
        self._sort = rows.sort_key
        if not row.state.is_open:
            self._show_place(row, None)
            return
        self.desk.ask(
            (self, "place"), get_place, row.id,
            sort=rows.sort_key, descending=rows.descending, **self.screen_.filters(),
        ).then(partial(self._show_place, row))  # fmt: skip

    def _show_place(self, row: TicketRow, place: Place | None) -> None:
        self._place = place
        self.standing.setVisible(place is not None)
        if place is not None:
            said = place_words(place, self._sort)
            if self._sort != "due_at":  # the deadline stands beside it
                said = f"{said}: {measure_words(row, self._sort)}"
            short = tr("Place {n} of {count}", n=place.number, count=place.count)
            self.place.say(short, tr("{place}. Show why.", place=said), said)

    def _show_thread(self, row: TicketRow, entries: list[TalkEntry]) -> None:
        self.talk.show_thread(entries, row.contact or row.client, is_other=self._is_other)
        self._is_other = False

    def _show_around(self, found: Surroundings) -> None:
        """Let nobody answer or set anything where that belongs into another ticket."""
        if self.row is not None:
            self.home.show_home(self.row.id, found.home)
        is_here = found.home is None
        self.answering.setVisible(is_here)
        for setter in (self.state, self.priority, self.owner, self.kind, self.take):
            setter.setEnabled(is_here)

    def _take(self, brought: Brought) -> None:
        if self.row is not None:
            attach_brought(self.desk, brought, self.row.client_id, ticket_id=self.row.id)

    def _show_people(self, people: list[Choosable]) -> None:
        self._away = {one.user.id: one.away for one in people if one.away is not None}
        # That somebody is away is said below: the box has no room for it.
        names = {one.user.id: one.user.name for one in people}
        self.owner.set_options([(None, tr("No owner")), *person_options(people)], names)
        if self.row is not None:
            self.owner.show_value(self.row.owner_id, self.row.owner)
            self._show_away(self.row)
            self._fold()

    def _show_away(self, row: TicketRow) -> None:
        """Say that the owner is away, and who stands in."""
        away = None if row.owner_id is None else self._away.get(row.owner_id)
        self.away.setText("" if away is None else away_words(away))
        self.away.setVisible(away is not None)

    def _make_setters(self) -> None:
        self.state = Setter(tr("State"), [(one, of(one)) for one in TicketState], self._set_state)
        self.priority = Setter(
            tr("Priority"), [(one, of(one)) for one in Priority], self._set_priority
        )
        self.owner = Setter(tr("Owner"), [(None, tr("No owner"))], self._set_owner)
        self.kind = Setter(tr("Kind"), [(one, of(one)) for one in TicketKind], self._set_kind)

    def _lay_out(self) -> None:
        from deskcrm.ui.tickets import actions

        self.take = parts.button(tr("Take it"), partial(actions.take, self.screen_), icon="person")
        title = self._title()
        client = parts.row(parts.Picture("clients"), self.client, None, spacing=4)
        inside = QWidget()
        inside.setLayout(
            parts.column(
                title,
                client,
                self._when(),
                self.chips,
                self._setters(),
                self.away,
                self.lines,
                self.around,
                spacing=8,
                margins=_MARGINS,
            )
        )
        self.head = Fitting(inside)
        left = self._talking()
        self.incoming = Incoming(left, [self.composer.text], self._take)
        self.edge = parts.line(vertical=True)
        self.side.setFixedWidth(SIDE)
        across = parts.row(spacing=0)
        across.addWidget(left, 1)
        across.addWidget(self.edge)
        across.addWidget(self.side)
        self.setLayout(across)

    def _title(self) -> QHBoxLayout:
        """Put the number and the subject beside what can be done with the ticket as a whole."""
        self.tag = parts.icon_button("tag", tr("Tags…"), self._set_tags)
        self.edit = parts.icon_button("edit", tr("Edit ticket"), self._edit)
        title = parts.row(spacing=10)
        title.addWidget(self.number, 0, Qt.AlignmentFlag.AlignVCenter)
        title.addWidget(self.subject, 1)
        # Close together: the words of the subject need the room.
        buttons = parts.row(self.around.watch, self.around.add, self.tag, self.edit, spacing=0)
        title.addLayout(parts.column(buttons, None))
        return title

    def _when(self) -> FlowLayout:
        """Put until when it is due and where it stands in the list side by side, with room."""
        self.urgent = parts.Picture("clock")
        self.standing = QWidget()
        due = QWidget()
        due.setLayout(parts.row(self.urgent, self.due, spacing=4))
        self.standing.setLayout(parts.row(parts.Picture("sort"), self.place, spacing=4))
        self.standing.hide()
        flow = FlowLayout(spacing=8)
        flow.addWidget(due)
        flow.addWidget(self.standing)
        return flow

    def _talking(self) -> QWidget:
        """Put the head, the thread and the answer one under another."""
        left = QWidget()
        stack = parts.column(self.head, parts.line(), spacing=0)
        stack.addWidget(self.talk, 1)
        stack.addWidget(parts.line())
        self.answering = QWidget()
        self.answering.setLayout(parts.column(self.suggested, self.composer, spacing=0))
        stack.addWidget(self.answering)
        stack.addWidget(self.home)
        left.setLayout(stack)
        Yielding(left, self.head, self.talk, [self.answering, self.home], least=_LEAST_HEAD)
        return left

    def _setters(self) -> FlowLayout:
        flow = FlowLayout(spacing=_GAP)
        for widget in (self.take, self.state, self.priority, self.owner, self.kind):
            flow.addWidget(widget)
        return flow

    def _fold(self) -> None:
        is_wide, is_short = self.width() >= WIDE, self.height() < TALL
        self.side.setVisible(is_wide)
        self.edge.setVisible(is_wide)
        self.composer.set_short(is_short)
        # A line for the kind alone costs two lines of the thread; Edit has it too.
        room = self.width() - (SIDE + 1 if is_wide else 0) - _MARGINS[0] - _MARGINS[2]
        self.kind.setVisible(not is_short or self._width_of_setters() <= room)

    def _width_of_setters(self) -> int:
        """Tell how wide all that can be set is side by side."""
        others = (self.take, self.state, self.priority, self.owner)
        shown = [self.kind, *(one for one in others if not one.isHidden())]
        return sum(one.sizeHint().width() for one in shown) + _GAP * (len(shown) - 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    # What is set here.

    def _ids(self) -> list[TicketId]:
        return [self.row.id] if self.row is not None else []

    def _set_state(self, state: TicketState) -> None:
        deed = self.desk.do(set_state, self._ids(), state=state).tell()
        deed.refused(self._put_back)

    def _set_priority(self, priority: Priority) -> None:
        self.desk.do(set_priority, self._ids(), priority=priority).tell().refused(self._put_back)

    def _set_owner(self, owner: Any) -> None:
        self.desk.do(assign_tickets, self._ids(), owner_id=owner).tell().refused(self._put_back)

    def _set_kind(self, kind: TicketKind) -> None:
        for one in self._ids():
            self.desk.do(edit_ticket, one, kind=kind).tell().refused(self._put_back)

    def _put_back(self, error: BaseException) -> None:
        """Say why it was refused, and show what is."""
        self.desk.complain(error)
        if self.row is not None:
            self.show_ticket(self.row)

    def _edit(self) -> None:
        from deskcrm.ui.tickets import actions

        actions.edit(self.screen_)

    def _set_tags(self) -> None:
        if self.row is not None:
            open_tags(self.screen_, [self.row.id])

    def _open_client(self) -> None:
        if self.row is not None:
            self.desk.go("clients", client=self.row.client_id)
