"""Clients at risk: the list on the left; why, what changed and the way back on the right."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.risk.judging import is_looking
from deskcrm.domain.risk.queries import (
    RiskOrder,
    RiskRow,
    RiskShelf,
    count_risk,
    page_risk,
    usual_values,
)
from deskcrm.ui.clients.words import tier_chip
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.list_detail import ListDetail
from deskcrm.ui.kit.pane import Empty
from deskcrm.ui.kit.segments import Segments
from deskcrm.ui.risk import actions
from deskcrm.ui.risk.record import RiskRecord
from deskcrm.ui.risk.words import row_chips, row_why, worth_words

SHELVES: Final = tuple(RiskShelf)
ORDERS: Final = tuple(RiskOrder)
WATCHES: Final = frozenset({"client_health", "health_read", "risk_flag", "client", "user"})


class RiskScreen(ListDetail[RiskRow]):
    """Who is at risk, ordered by what would be lost or by the risk alone."""

    place = "risk"
    title = "Risk"
    icon = "risk"
    watches = WATCHES
    count_query = staticmethod(count_risk)
    page_query = staticmethod(page_risk)
    sort = RiskOrder.WORTH.value
    descending = True
    yields_when_empty = True

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        self.shelf = Segments([of(one) for one in SHELVES], tr("Which clients"))
        self.whose = Segments([tr("Mine"), tr("Everybody’s")], tr("Whose clients"))
        self.by = Segments([tr("By loss"), tr("By risk")], tr("Ordered by"), in_line=True)
        hint = tr("By loss: the probability of leaving times what the client brings in a year")
        parts.set_tooltip(self.by, hint)
        self.by_currency = parts.label("", "caption", wrap=True)
        self.by_currency.hide()
        self._has_currencies = False
        self._wanted: ClientId | None = None
        self._is_looking = self._said_why_empty = False
        super().__init__(desk, parent)
        self.whose.setCurrentIndex(1)
        for choice in (self.shelf, self.whose):
            choice.currentChanged.connect(lambda _: self.load())
        self.by.currentChanged.connect(self._reorder)
        self.head.addWidget(
            parts.button(tr("Back-test"), lambda: self.desk.go("backtests"), icon="target")
        )
        self.under_head.setSpacing(6)
        self.under_head.addWidget(self.shelf)
        choices = parts.row(spacing=8)
        choices.addWidget(self.whose, 1)
        choices.addWidget(self.by)
        self.under_head.addLayout(choices)
        self.under_head.addWidget(self.by_currency)
        # The reason is what one reads here, so it gets as much room as the record.
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([560, 560])
        self.table.opened.connect(lambda _: actions.open_client(self))
        self.table.rows.loaded.connect(self._show_wanted)
        self.table.rows.counted.connect(lambda _: self._show_currencies())

    def columns(self) -> Sequence[Column[RiskRow]]:
        return [
            Column(
                tr("Client"), lambda row: row.client, under=row_why,
                avatar=lambda row: row.client, chips=_chips, sort="name", stretch=True,
                strong=True, tooltip=row_why,
            ),
            Column(
                tr("Trend"), _points, trend=lambda row: row.trend, width=86, hide_below=400,
            ),
            Column(
                tr("A year"), lambda row: worth_words(row.health), width=110, right=True,
                muted=True, hide_below=480,
            ),
            Column(
                tr("Since"), lambda row: dates.ago(row.entered_at), sort="entered_at", width=96,
                muted=True, hide_below=620,
            ),
        ]  # fmt: skip

    def filters(self) -> dict[str, Any]:
        return {"shelf": self._shelf(), "mine": self.whose.currentIndex() == 0}

    def build_record(self) -> QWidget:
        self.record = RiskRecord(self)
        return self.record

    def load(self) -> None:
        self.desk.ask((self, "looking"), is_looking).then(self._note_looking)
        super().load()
        self.desk.ask(self, usual_values).then(self._say_currencies)
        self.record.reload()

    def show_row(self, row: RiskRow) -> None:
        self.record.show_client(row)

    def panes(self) -> list[QWidget]:
        return [self.table, self.record]

    def empty(self) -> Empty:
        self._said_why_empty = True
        if self._is_looking and self._shelf() is not RiskShelf.HIDDEN:
            return Empty(
                tr("Clients are being looked at"),
                tr("They are scored in the background. With very many it takes minutes; who is at"
                   " risk comes up here by itself."),
                "clock",
            )  # fmt: skip
        match self._shelf():
            case RiskShelf.LISTED:
                return Empty(
                    tr("Nobody is at risk"),
                    tr("Clients come here when they score among the highest of their book, give"
                       " notice, or were failed twice. All are looked at once a day."),
                    "check",
                    tr("Look at the clients"),
                    lambda: self.desk.go("clients"),
                )  # fmt: skip
            case RiskShelf.ENTERED:
                return Empty(tr("Nobody is new"), tr("This is about the last seven days."), "check")
            case RiskShelf.LEFT:
                return Empty(
                    tr("Nobody left the list"),
                    tr("This is about the last seven days."),
                    "risk",
                )
        return Empty(
            tr("Nobody is hidden"), tr("Snoozed clients wait here until their day."), "snooze"
        )

    def arrive(self, *, client: ClientId | None = None, **where: Any) -> None:
        """Show a client of the list, whoever owns it."""
        if client is not None:
            self._wanted = client
            self.whose.setCurrentIndex(1)
            self.shelf.setCurrentIndex(0)
            self.load()

    def _note_looking(self, is_looking: bool) -> None:
        was, self._is_looking = self._is_looking, is_looking
        if was != is_looking and self._said_why_empty and not self.table.rows.total:
            self.list_pane.show_empty(self.empty())

    def _show_wanted(self) -> None:
        if self._wanted is not None and self.table.rows.find(self._wanted) is not None:
            wanted, self._wanted = self._wanted, None
            self.table.show_id(wanted)

    def _say_currencies(self, usual: dict[str, float]) -> None:
        """Say how clients that pay in several currencies are put in one order."""
        said = tr(
            "{currencies}: each client counts by what is usual in its own currency; nothing is"
            " converted.",
            currencies=", ".join(usual),
        )
        self.by_currency.setText(said)
        self._has_currencies = len(usual) > 1
        self._show_currencies()

    def _show_currencies(self) -> None:
        """Show it where the order goes by money, and where something is in order."""
        is_by_loss = self.by.currentIndex() <= 0
        is_meant = self._has_currencies and is_by_loss and self.table.rows.total > 0
        self.by_currency.setVisible(is_meant)

    def _reorder(self, at: int) -> None:
        self.table.rows.order_by(ORDERS[max(0, at)].value, descending=True)
        self.load()

    def _shelf(self) -> RiskShelf:
        return SHELVES[max(0, self.shelf.currentIndex())]


def _chips(row: RiskRow) -> list[Any]:
    tier = tier_chip(row.tier)
    return [*row_chips(row), *((tier,) if tier else ())]


def _points(row: RiskRow) -> str:
    return "" if row.health is None else dates.number(round(row.health.score.above_base))
