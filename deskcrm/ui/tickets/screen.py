"""The list of tickets, and one ticket with its thread and its client."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from deskcrm.base.words import tr
from deskcrm.domain.sla.deadlines import DEADLINES_FOLLOW
from deskcrm.domain.tickets.alarms import Alarm, Thresholds, alarm_words, get_thresholds
from deskcrm.domain.tickets.filters import list_filter_fields
from deskcrm.domain.tickets.model import MessageKind, TicketId
from deskcrm.domain.tickets.queries import (
    TicketRow,
    count_tickets,
    get_ticket,
    get_ticket_counts,
    page_tickets,
)
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.store.reader import Reader
from deskcrm.ui.absences.standing_in import SHELF
from deskcrm.ui.kit import dates, icons, parts
from deskcrm.ui.kit.arrangement import Arrangement
from deskcrm.ui.kit.columns import Column, Selection
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.list_detail import ListDetail
from deskcrm.ui.kit.pane import Empty
from deskcrm.ui.kit.segments import Segments
from deskcrm.ui.queue.order import DESCENDING, ORDER, USUAL, order_options
from deskcrm.ui.tickets import actions, bulk, looking  # noqa: F401 - declares what can be done
from deskcrm.ui.tickets.board import Board
from deskcrm.ui.tickets.columns import COLUMNS, ticket_columns
from deskcrm.ui.tickets.lanes import BOARD, LIST, VIEW
from deskcrm.ui.tickets.peek import PeekCard
from deskcrm.ui.tickets.record import TicketRecord
from deskcrm.ui.tickets.shapes import Setter, Share
from deskcrm.ui.tickets.shelves import ALL, CLOSED, OPEN, STOOD_IN, Shelf, shelves
from deskcrm.ui.views.saved import FilterBar

MINUTE_MS: Final = 60_000
NARROWEST: Final = 390
"""Room for the subject beside its deadline, and for the buttons above it in Russian."""


@dataclass(frozen=True, slots=True)
class Rung:
    """How many tickets ring each alarm, and from when on, from one view of the database."""

    counts: dict[Alarm, int]
    limits: Thresholds


def get_rung(db: Reader) -> Rung:
    """Count the alarms."""
    return Rung(get_ticket_counts(db).alarms, get_thresholds(db))


class TicketsScreen(ListDetail[TicketRow]):
    """Who waits for us comes first; the record says everything a colleague needs to go on."""

    place = "tickets"
    title = "Tickets"
    icon = "tickets"
    watches = frozenset(
        {
            "absence",
            "preference",
            "ticket",
            "ticket_message",
            "ticket_transition",
            "ticket_assignment",
            "ticket_line_step",
            "ticket_link",
            "ticket_watcher",
            "ticket_tag",
            "tag",
            "ticket_merge",
            "ticket_split",
            "attachment",
            "client",
            "contact",
            "promise",
            "task",
            "interaction",
            "article",
            "user",
            *DEADLINES_FOLLOW,
        }
    )
    count_query = staticmethod(count_tickets)
    page_query = staticmethod(page_tickets)
    sort = "waiting_since"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        self.search = parts.search_line(tr("Search tickets"), lambda _: self.load())
        parts.set_tooltip(self.search, tr("Search by subject, client or number"))
        self.shelf = Segments([one.name for one in shelves()], tr("Which tickets"))
        self.order = Setter(tr("Order"), order_options(), self._choose_order)
        self.board = Board(desk)
        self.bar = FilterBar(
            desk, self.search, lambda: self.filters()["asked"], place=self.place,
            title=tr("Show the tickets that meet all of these"), fields=list_filter_fields,
        )  # fmt: skip
        self._wanted: TicketRow | None = None
        super().__init__(desk, parent)
        self._add_head()
        self._connect()
        # Time rings alarms too, not only what somebody does.
        self.minute = QTimer(self, interval=MINUTE_MS)
        self.minute.timeout.connect(self._count)
        self.minute.start()
        self.share = Share(self.splitter, 0.36, NARROWEST)
        self._put_in_order()
        self._show_view()

    def _add_head(self) -> None:
        """Put what chooses and opens tickets over the list, and the board beside it."""
        self.under_head.setSpacing(6)
        self.under_head.addWidget(self.shelf)
        self.bar.head.addWidget(self.order)
        self.bar.head.addWidget(self.board.grouping)
        self.bar.arrangement = Arrangement(self.desk, self.table, COLUMNS)
        self.bar.arrangement.crowded.connect(self.make_room)
        self.under_head.addWidget(self.bar)
        self.view_button = parts.icon_button("board", tr("Board"), self.switch_view)
        self.head.addWidget(self.view_button)
        self.head.addWidget(
            parts.icon_button("play", tr("Next ticket"), lambda: actions.following(self))
        )
        self.head.addWidget(parts.button(tr("New ticket"), lambda: actions.new(self), icon="plus"))
        for button in bulk.bulk_buttons(self):
            self.bulk.add(button)
        self.list_column.addWidget(self.board, 1)

    def _connect(self) -> None:
        self.shelf.currentChanged.connect(self._on_shelf)
        self.bar.changed.connect(self._on_filtered)
        self.table.peeked.connect(self.peek)
        self.table.opened.connect(lambda _: self.record.composer.text.setFocus())
        self.table.rows.loaded.connect(self._look_for_wanted)
        self.table.rows.loaded.connect(self._show_order)
        self.record.composer.left.connect(self.table.setFocus)
        self.record.composer.reopened.connect(lambda ticket: self.arrive(ticket=ticket))
        self.board.row_changed.connect(self._on_card)
        self.board.opened.connect(lambda _: self.open_record())
        self.board.peeked.connect(self.peek)
        self.board.menu_wanted.connect(lambda at: self.bound.menu().popup(at))

    def columns(self) -> Sequence[Column[TicketRow]]:
        return ticket_columns()

    def filters(self) -> dict[str, Any]:
        asked = self._shelf().asked
        asked = Filter((*asked.conditions, *self.bar.asked.conditions))
        text = self.search.text().strip()
        if text:
            asked = asked.also("words", Comparison.CONTAINS, text)
        return {"asked": asked}

    def build_record(self) -> QWidget:
        self.record = TicketRecord(self)
        return self.record

    def load(self) -> None:
        super().load()
        self._load_board()
        self._count()
        self.record.reload()

    def show_row(self, row: TicketRow) -> None:
        self.record.show_ticket(row)

    def panes(self) -> list[QWidget]:
        return self.board.panes() if self.is_board else [self.table, *self.record.panes()]

    # The board stands where the list and the record do; what is done is done with its card.

    @property
    def is_board(self) -> bool:
        """Whether the tickets are shown as a board."""
        return not self.board.isHidden()

    def row(self) -> TicketRow | None:
        return self.board.current() if self.is_board else super().row()

    @property
    def selection(self) -> Selection:
        return Selection() if self.is_board else super().selection

    def switch_view(self) -> None:
        """Show the tickets the other way, and remember it."""
        self.desk.setting(VIEW, LIST if self.is_board else BOARD)
        self._show_view()
        self.load()
        if self.is_board:
            self.board.take_focus()
        else:
            self.table.setFocus()

    def peek(self, row: TicketRow) -> None:
        """Look into a ticket without leaving the list or the board."""
        PeekCard(self.desk, self, row)

    def compose(self, kind: MessageKind) -> None:
        """Begin to write in the current ticket; on a board, that opens it first."""
        self.open_record()
        self.record.composer.begin(kind)

    def open_record(self) -> None:
        """Show the current ticket whole, where only its card is shown."""
        row = self.row()
        if self.is_board and row is not None:
            self._show_view(LIST)
            self.record.show_ticket(row)
            self.record_pane.show_content()
            self._show_wanted(row)

    def _show_view(self, view: str = "") -> None:
        is_board = (view or self.desk.setting(VIEW)) == BOARD
        self.board.setVisible(is_board)
        self.board.grouping.setVisible(is_board)
        self.record_pane.setVisible(not is_board)
        self.list_pane.setVisible(not is_board)
        self.bulk.setVisible(not is_board and not self.table.selection.is_empty(1))
        name = tr("List") if is_board else tr("Board")
        self.view_button.setIcon(icons.icon("list" if is_board else "board"))
        self.view_button.setAccessibleName(name)
        parts.set_tooltip(self.view_button, name)

    def _load_board(self) -> None:
        if self.is_board:
            sort, descending = self._wanted_order()
            self.board.load(self.filters()["asked"], sort, descending=descending)

    def _on_row(self, row: TicketRow | None) -> None:
        if not self.is_board:
            super()._on_row(row)

    def _on_card(self, row: TicketRow | None) -> None:
        # The record is hidden, yet what is asked of it is asked of this ticket.
        if self.is_board and row is not None:
            self.record.show_ticket(row)

    def empty(self) -> Empty:
        if self.search.text().strip() or self.bar.asked:
            return Empty(
                tr("No ticket matches."), tr("Try fewer words, or another shelf."), "search"
            )
        button = tr("New ticket")
        return Empty(
            tr("All clear"), self._shelf().why_empty, "check", button, lambda: actions.new(self)
        )

    def arrive(self, *, ticket: TicketId | None = None, shelf: str = "", **where: Any) -> None:
        """Show a ticket, on whichever shelf it stands, or the tickets that one stands in for."""
        if shelf == SHELF:
            self.shelf.setCurrentIndex(STOOD_IN)
        if ticket is not None:
            self.desk.ask((self, "arrive"), get_ticket, ticket).then(self._show_wanted)

    def _show_wanted(self, row: TicketRow | None) -> None:
        if row is None:
            self.desk.tell(tr("This ticket is not there any more."))
            return
        if self.table.rows.find(row.id) is None or self._is_moved(row):
            self._wanted = row
            self.search.setText("")
            self.bar.reset()
            self.shelf.setCurrentIndex(OPEN if row.state.is_open else CLOSED)
            self.load()
        self.table.show_id(row.id)

    def _is_moved(self, row: TicketRow) -> bool:
        """Whether it stood in the list before, and is about to leave it."""
        return row.state.is_open == (self.shelf.currentIndex() == CLOSED)

    def _look_for_wanted(self) -> None:
        row, self._wanted = self._wanted, None
        # A list of a hundred thousand is not read through for one ticket: its number finds it.
        if row is not None and self.table.rows.find(row.id) is None:
            self.search.setText(f"#{row.number}")

    def _count(self) -> None:
        self.desk.ask((self, "counts"), get_rung).then(self._show_counts)

    def _show_counts(self, rung: Rung) -> None:
        """Put each alarm's number beside its shelf; its hint says what it counts."""
        for at, shelf in enumerate(shelves()):
            if shelf.alarm is not None:
                number = rung.counts[shelf.alarm]
                words = f"{shelf.name} {dates.number(number)}" if number else shelf.name
                self.shelf.setTabText(at, words)
                self.shelf.set_hint(at, alarm_words(shelf.alarm, rung.limits))

    def _shelf(self) -> Shelf:
        return shelves()[max(0, self.shelf.currentIndex())]

    def _on_filtered(self) -> None:
        """A view asks for all that it stands for; a shelf beside it would ask for more."""
        if self.bar.view is not None:
            self.search.setText("")
            self.shelf.setCurrentIndex(ALL)
        self.load()

    def _on_shelf(self, _index: int) -> None:
        self._put_in_order()
        self.load()

    def cycle_order(self) -> None:
        """Let the list stand in the order after the one it stands in."""
        names = [name for name, _ in order_options()]
        at = names.index(self.desk.setting(ORDER))
        self.order.choose(names[(at + 1) % len(names)])

    def _choose_order(self, order: str) -> None:
        self.desk.setting(ORDER, order)
        sort, descending = self._wanted_order()
        self.table.order_by(sort, descending=descending)
        self._load_board()

    def _put_in_order(self) -> None:
        """Let what is loaded next be sorted as the person chose."""
        sort, descending = self._wanted_order()
        self.order.setEnabled(self.shelf.currentIndex() != CLOSED)
        self.table.rows.order_by(sort, descending=descending)

    def _wanted_order(self) -> tuple[str, bool]:
        """Give the order that was chosen; what is settled stands as it does, nobody waits there."""
        shelf, order = self._shelf(), self.desk.setting(ORDER)
        if order in DESCENDING and self.shelf.currentIndex() != CLOSED:
            return order, DESCENDING[order]
        return shelf.sort, shelf.descending

    def _show_order(self) -> None:
        """Show the order that the list stands in, also when a header was clicked."""
        rows, order = self.table.rows, self.desk.setting(ORDER)
        shelf = self._shelf()
        self.record.follow_order()
        if (rows.sort_key, rows.descending) == (shelf.sort, shelf.descending) and not order:
            self.order.show_value(USUAL)
        elif DESCENDING.get(rows.sort_key) is rows.descending:
            self.order.show_value(rows.sort_key)
        else:
            self.order.show_value("column", tr("By a column"))
