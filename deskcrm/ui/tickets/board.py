"""The board: tickets as cards in columns, each column a list that is read as it scrolls."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from deskcrm.base.words import ntr, tr
from deskcrm.domain.tickets.queries import TicketRow, count_tickets, page_tickets
from deskcrm.domain.users.queries import UserRow, list_users
from deskcrm.domain.views.filters import Filter
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.cards import CardList
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.edge_scroll import EdgeScroll
from deskcrm.ui.sla.words import due_chip
from deskcrm.ui.tickets.lanes import BY_STATE, GROUPED_BY, Lane, grouping_options, lanes_of, put
from deskcrm.ui.tickets.shapes import Setter
from deskcrm.ui.tickets.words import priority_chip, state_chip

NARROWEST: Final = 205
"""So that the five states of open tickets stand side by side in a window of the usual size."""


def _above(row: TicketRow) -> str:
    return " · ".join(one for one in (f"#{row.number}", row.client) if one)


def _chips(by: str, row: TicketRow) -> list[Chip]:
    state = None if by == BY_STATE else state_chip(row.state)
    priority = priority_chip(row.priority)
    if priority is not None and by == BY_STATE:
        # Its flag would have room on some of the cards and on others not.
        priority = Chip(priority.text, priority.tone)
    # Of those that do not fit the last lose their words first: until when is said longest.
    return [one for one in (due_chip(row), priority, state) if one]


def card_column(by: str) -> Column[TicketRow]:
    """Say what a card shows: number and client, subject, marks, and who has it."""
    return Column(
        "",
        lambda row: row.subject,
        under=_above,
        chips=lambda row: _chips(by, row),
        avatar=lambda row: row.worker or row.owner,
        tooltip=lambda row: f"{row.subject}\n{_above(row)}",
        stretch=True,
    )


class LaneView(QWidget):
    """One column: its name and number over its cards."""

    def __init__(self, desk: Desk, lane: Lane) -> None:
        super().__init__()
        self.lane = lane
        self.title = parts.ElidedLabel(lane.title, "strong")
        self.number = parts.label("", "muted")
        self.cards: CardList[TicketRow] = CardList(
            desk, card_column(lane.by), count_tickets, page_tickets, name=lane.title,
            empty=tr("No tickets"), nobody=tr("No owner"),
        )  # fmt: skip
        self.cards.rows.counted.connect(self._show_number)
        head = parts.row(spacing=4, margins=(5, 10, 6, 6))  # where the cards begin and end
        head.addWidget(self.title, 1)
        head.addWidget(self.number)
        well = parts.surface("well")
        column = parts.column(spacing=0, margins=(4, 0, 2, 4))
        column.addLayout(head)
        column.addWidget(self.cards, 1)
        well.setLayout(column)
        self.setLayout(parts.column(well))
        self.setMinimumWidth(NARROWEST)

    def _show_number(self, total: int) -> None:
        self.number.setText(dates.number(total))
        said = ntr("{n} ticket", "{n} tickets", total)
        self.cards.setAccessibleName(f"{self.lane.title}, {said}")


class Board(QWidget):
    """``load`` shows what is asked for; the current card is the one that was stood on last."""

    row_changed = Signal(object)
    opened = Signal(object)
    peeked = Signal(object)
    menu_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.lanes: list[LaneView] = []
        self.at = 0
        """Which column is stood in."""
        self._asked: tuple[Filter, str, bool] | None = None
        self._is_awaited = False
        """Whether somebody is to stand in a column as soon as there are some."""
        self.grouping = Setter(tr("Columns"), grouping_options(), self._choose)
        self.grouping.show_value(desk.setting(GROUPED_BY))
        self._row = parts.row(spacing=10, margins=(12, 0, 12, 10))
        self._inside = QWidget()
        self._inside.setLayout(self._row)
        self.across = QScrollArea()
        self.across.setWidgetResizable(True)
        self.across.setFrameShape(QFrame.Shape.NoFrame)
        self.across.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.across.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.across.setWidget(self._inside)
        self._edge = EdgeScroll(self.across, Qt.Orientation.Horizontal)
        self.setLayout(parts.column(self.across))

    def load(self, asked: Filter, sort: str, *, descending: bool) -> None:
        """Show the tickets that are asked for, in this order within each column."""
        self._asked = asked, sort, descending
        self.desk.ask((self, "people"), list_users).then(self._show)

    def current(self) -> TicketRow | None:
        """The card that is stood on, if there is one."""
        return self.lanes[self.at].cards.current() if self.at < len(self.lanes) else None

    def panes(self) -> list[QWidget]:
        """What F6 walks."""
        return [one.cards for one in self.lanes]

    def push(self, step: int) -> None:
        """Put the current card into the column beside its own."""
        row, to = self.current(), self.at + step
        if row is not None and 0 <= to < len(self.lanes):
            self._put(row, self.lanes[to])

    def take_focus(self) -> None:
        """Stand in the column that was stood in last, once it is here."""
        self._is_awaited = not self.lanes
        if self.at < len(self.lanes):
            cards = self.lanes[self.at].cards
            cards.stand_at(max(0, cards.currentIndex().row()))

    def _choose(self, by: str) -> None:
        self.desk.setting(GROUPED_BY, by)
        self.at = 0
        if self._asked is not None:
            asked, sort, descending = self._asked
            self.load(asked, sort, descending=descending)

    def _show(self, people: list[UserRow]) -> None:
        if self._asked is None:
            return
        asked, sort, descending = self._asked
        is_open = not any(c.field == "is_open" and c.value is False for c in asked.conditions)
        lanes = lanes_of(self.desk.setting(GROUPED_BY), people, is_open=is_open)
        if lanes != [one.lane for one in self.lanes]:
            self._build(lanes)
        for view in self.lanes:
            rows = view.cards.rows
            if view.lane.is_settled:
                rows.order_by("opened_at", descending=True)
            else:
                rows.order_by(sort, descending=descending)
            view.cards.reload(asked=view.lane.narrowed(asked))
        if self._is_awaited:
            self.take_focus()

    def _build(self, lanes: Sequence[Lane]) -> None:
        parts.clear(self._row)
        self.lanes = [LaneView(self.desk, one) for one in lanes]
        self.at = min(self.at, max(0, len(lanes) - 1))
        for at, view in enumerate(self.lanes):
            self._row.addWidget(view, 1)
            cards = view.cards
            cards.row_changed.connect(partial(self._on_row, at))
            cards.rows.loaded.connect(partial(self._stand_first, cards))
            cards.entered_list.connect(partial(self._stand_in, at))
            cards.opened.connect(self.opened)
            cards.peeked.connect(self.peeked)
            cards.menu_wanted.connect(self.menu_wanted)
            cards.stepped.connect(self._step)
            cards.dropped.connect(partial(self._drop, view))
            cards.held.connect(self._hold)
            cards.let_go.connect(self._edge.release)
        self._inside.setMinimumWidth((NARROWEST + 10) * len(lanes) + 14)

    def _stand_in(self, at: int) -> None:
        if at != self.at:
            self.at = at
            self.across.ensureWidgetVisible(self.lanes[at], 12, 0)
            self.row_changed.emit(self.current())

    def _on_row(self, at: int, row: TicketRow | None) -> None:
        if at == self.at:
            self.row_changed.emit(row)

    def _stand_first(self, cards: CardList[Any]) -> None:
        """Stand at the first card that came, where the focus was there before it."""
        if cards.hasFocus() and cards.current() is None and cards.rows.total:
            cards.go_to(0)

    def _step(self, step: int) -> None:
        to = self.at + step
        if 0 <= to < len(self.lanes):
            number = self.lanes[self.at].cards.currentIndex().row()
            self.lanes[to].cards.stand_at(max(0, number))

    def _hold(self, at: QPoint) -> None:
        self._edge.hold(self.across.viewport().mapFromGlobal(at))

    def _drop(self, view: LaneView, source: CardList[Any]) -> None:
        row = source.current()
        if row is not None:
            self._put(row, view)

    def _put(self, row: TicketRow, view: LaneView) -> None:
        deed = put(self.desk, self, row, view.lane)
        if deed is not None:
            deed.then(lambda _done: view.cards.await_id(row.id))
