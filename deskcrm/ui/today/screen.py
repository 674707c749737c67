"""Today: whom to contact now, and why; the client of the current line stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from deskcrm.base import clock
from deskcrm.base.words import ntr, tr
from deskcrm.domain.absences.queries import AwayRow, list_stood_in_for
from deskcrm.domain.today.queries import (
    RENEWAL_WITHIN,
    SILENT_AFTER,
    Today,
    TodayItem,
    count_today,
    get_today,
)
from deskcrm.domain.users.queries import get_me
from deskcrm.store.reader import Reader
from deskcrm.ui.absences.standing_in import StandingIn
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.pane import Empty, Pane
from deskcrm.ui.kit.screen import Screen
from deskcrm.ui.tickets.client_side import ClientSide
from deskcrm.ui.today import actions
from deskcrm.ui.today.list import TodayList
from deskcrm.ui.today.words import ACTION_IDS, greeting

COLUMN: Final = 880
SIDE: Final = 340
WIDE: Final = 920
"""From here on the client of the current line stands beside the list."""


@dataclass(frozen=True, slots=True)
class Morning:
    """What the screen shows, from one view of the database."""

    name: str
    today: Today
    stood_in: Sequence[AwayRow] = ()


def get_morning(db: Reader, silent_after: int, renewal_within: int) -> Morning:
    """Give what there is to do, and whom to greet."""
    me = get_me(db)
    today = get_today(db, silent_after_days=silent_after, renewal_within_days=renewal_within)
    return Morning(me.name if me else "", today, list_stood_in_for(db))


class TodayScreen(Screen):
    """Sections of lines, each with its reason; one key does what the line asks for."""

    place = "today"
    title = "Today"
    icon = "today"
    watches = frozenset(
        {
            "absence",
            "client",
            "contact",
            "contract",
            "interaction",
            "promise",
            "risk_flag",
            "task",
            "ticket",
            "ticket_message",
            "user",
        }
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.hello = parts.label(tr("Today"), "display")
        self.day = parts.label("", "muted")
        self.count = parts.label("", "muted")
        self.standing_in = StandingIn(desk)
        self.list = TodayList()
        self.pane = Pane(self.list)
        self.side = ClientSide(desk)
        self._lay_out()
        self.list.row_changed.connect(self._on_row)
        self.list.opened.connect(lambda _: actions.open_item(self))
        self.list.act_wanted.connect(self._act)
        self.list.menu_wanted.connect(lambda at: self.bound.menu().popup(at))

    def row(self) -> TodayItem | None:
        """The current line."""
        return self.list.current()

    def load(self) -> None:
        """Ask what there is to do."""
        if not self.list.rows.lines:
            self.pane.show_loading()
        answer = self.desk.ask(
            self, get_morning, self.desk.setting(SILENT_AFTER), self.desk.setting(RENEWAL_WITHIN)
        )
        answer.then(self._show).failed(lambda error: self.pane.show_error(error, self.load_soon))
        self.side.reload()

    def panes(self) -> list[QWidget]:
        return [self.list, self.side]

    def _show(self, morning: Morning) -> None:
        now = dates.local(clock.now())
        self.hello.setText(greeting(morning.name, now))
        self.day.setText(_date_words())
        self.standing_in.show_rows(morning.stood_in)
        items = morning.today.items
        self.count.setText(_count_words(items))
        had_focus = self.list.hasFocus()
        self.list.show_today(morning.today)
        if items:
            self.pane.show_content()
            if had_focus:
                self.list.setFocus()
        else:
            self.pane.show_empty(self._all_clear())
        self._fold()

    def _all_clear(self) -> Empty:
        why = tr("Nobody waits, nothing is due, no promise is open for today.")
        return Empty(
            tr("All clear"), why, "check", tr("Look at the clients"), self._look_at_clients
        )

    def _look_at_clients(self) -> None:
        self.desk.go("clients")

    def _act(self, item: TodayItem) -> None:
        run_action(ACTION_IDS[item.action], self)

    def _on_row(self, item: TodayItem | None) -> None:
        self.side.show_client(item.client_id if item is not None else None)

    def _lay_out(self) -> None:
        page = parts.surface("panel")
        self.next = parts.button(tr("Next ticket"), lambda: actions.following(self), icon="play")
        head = parts.row(self.hello, None, self.day, spacing=12)
        foot = parts.row(self.count, None, self.next, spacing=12)
        left = QWidget()
        left.setLayout(
            parts.column(
                parts.column(head, foot, self.standing_in, spacing=2, margins=(12, 0, 12, 0)),
                self.pane,
                spacing=6,
                margins=(20, 20, 12, 0),
            )
        )
        left.setMaximumWidth(COLUMN)
        left.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.side.setFixedWidth(SIDE)
        across = QHBoxLayout(page)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addStretch(1)
        across.addWidget(left, 1000)
        self.edge = parts.line(vertical=True)
        across.addWidget(self.edge)
        across.addWidget(self.side)
        across.addStretch(1)
        outer = parts.column(page)
        self.setLayout(outer)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _fold(self) -> None:
        is_seen = self.width() >= WIDE and bool(self.list.rows.lines)
        self.side.setVisible(is_seen)
        self.edge.setVisible(is_seen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def arrive(self, **where: Any) -> None:
        """Nothing to show in particular: the list is the place."""


def _date_words() -> str:
    today = dates.today()
    said = dates.locale().toString(dates.to_qdate(today), "dddd, d MMMM")
    return said[:1].upper() + said[1:]


def _count_words(items: Sequence[TodayItem]) -> str:
    """Count the clients, as the rail does; what has none is told apart."""
    alone = sum(item.client_id is None for item in items)
    clients = count_today(items) - alone
    said = []
    if clients:
        said.append(ntr("{n} client for today", "{n} clients for today", clients))
    if alone:
        said.append(ntr("{n} matter without a client", "{n} matters without a client", alone))
    return " · ".join(said)
