"""The lists of a back-test: the book of today, hits, misses and false alarms; each row opens."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.backtests.book import BookRow
from deskcrm.domain.backtests.replay import Named
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.health.evidence import Band
from deskcrm.domain.health.scoring import BASE
from deskcrm.domain.health.words import percent_words, points_words, reason_words
from deskcrm.store.reader import Reader
from deskcrm.ui.backtests.charts import TONES
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.pane import Empty, Pane
from deskcrm.ui.kit.table import Table

_ICONS: Mapping[Band, str] = {
    Band.HIGH_RISK: "danger",
    Band.RAISED_RISK: "warning",
    Band.LOW_RISK: "check",
    Band.NOT_ENOUGH_DATA: "help",
}


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A client that was named or missed, as the list shows it."""

    id: tuple[ClientId, date]
    name: str
    named: Named


def named_rows(found: Sequence[Named], names: Mapping[ClientId, str]) -> list[NamedRow]:
    """Name the clients, the latest first."""
    rows = [NamedRow((one.client_id, one.on), names.get(one.client_id, ""), one) for one in found]
    return sorted(rows, key=lambda row: (row.named.on, row.name), reverse=True)


class KeptList(QWidget):
    """A table of rows that are at hand; Enter or a double click opens the client."""

    def __init__(
        self,
        desk: Desk,
        columns: Sequence[Column[Any]],
        name: str,
        client: Callable[[Any], ClientId],
    ) -> None:
        super().__init__()
        self.rows: Sequence[Any] = ()
        self.table: Table[Any] = Table(desk, columns, self._count, self._page, name=name)
        self.table.opened.connect(lambda row: desk.go("clients", client=client(row)))
        self.pane = Pane(self.table)
        self.setLayout(parts.column(self.pane))

    def show_rows(self, rows: Sequence[Any], empty: Empty) -> None:
        """Show other rows, or why there are none."""
        self.rows = rows
        if rows:
            self.pane.show_content()
            self.table.reload()
        else:
            self.pane.show_empty(empty)

    def _count(self, _db: Reader) -> int:
        return len(self.rows)

    def _page(
        self, _db: Reader, *, offset: int, limit: int, sort: str, descending: bool
    ) -> Sequence[Any]:
        return self.rows[offset : offset + limit]


def book_list(desk: Desk) -> KeptList:
    """Make the list of the book of today."""
    columns: Sequence[Column[BookRow]] = [
        Column(
            tr("Client"), lambda row: row.name, under=_gravest, avatar=lambda row: row.name,
            strong=True, stretch=True,
        ),
        Column(
            tr("Risk"), lambda row: "",
            chips=lambda row: (Chip(of(row.band), TONES[row.band], _ICONS[row.band]),), width=180,
        ),
        Column(
            tr("Points"), lambda row: points_words(row.score.above_base), width=80, right=True,
            hide_below=480,
        ),
    ]  # fmt: skip
    return KeptList(desk, columns, tr("The book today"), lambda row: ClientId(row.id))


def named_list(desk: Desk, name: str, *, is_miss: bool = False) -> KeptList:
    """Make a list of clients that were named, or missed."""
    columns: Sequence[Column[NamedRow]] = [
        Column(
            tr("Client"), lambda row: row.name, avatar=lambda row: row.name, strong=True,
            stretch=True,
        ),
        Column(
            tr("Last chance") if is_miss else tr("Named in"),
            lambda row: dates.day(row.named.on), width=130,
        ),
        Column(tr("Notice"), _notice, under=_lead, width=150, hide_below=420),
        Column(
            tr("Foretold"), lambda row: percent_words(row.named.probability), width=100, right=True,
            hide_below=540,
        ),
    ]  # fmt: skip
    return KeptList(desk, columns, name, lambda row: row.named.client_id)


def _gravest(row: BookRow) -> str:
    reason = row.gravest
    return "" if reason is None or reason.name == BASE else reason_words(reason, row.score.model)


def _notice(row: NamedRow) -> str:
    return tr("none") if row.named.noticed_on is None else dates.day(row.named.noticed_on)


def _lead(row: NamedRow) -> str:
    days = row.named.lead_days
    return "" if days is None else tr("{n} days later", n=days)
