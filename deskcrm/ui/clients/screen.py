"""The list of clients, and one client beside it; a tab shows the client alone."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId, Lifecycle
from deskcrm.domain.clients.queries import ClientRow, count_clients, page_clients
from deskcrm.domain.views.filters import ME, Comparison, Filter
from deskcrm.ui.clients import actions
from deskcrm.ui.clients.view import WATCHES, ClientView
from deskcrm.ui.clients.words import lifecycle_chip, tier_chip
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.list_detail import ListDetail
from deskcrm.ui.kit.pane import Empty
from deskcrm.ui.kit.screen import Screen
from deskcrm.ui.kit.segments import Segments
from deskcrm.ui.kit.tokens import Tone

_LIST: Final = 420
_WIDE_LIST: Final = 600
_VERY_WIDE: Final = 2000


def shelves() -> list[tuple[str, Filter]]:
    """Name the shelves that clients stand on, and say what stands on each."""
    return [
        (tr("All"), Filter()),
        (tr("Mine"), Filter().also("owner", Comparison.IS, ME)),
        (tr("VIP"), Filter().also("tier", Comparison.ANY_OF, ("diamond", "gold"))),
        (
            tr("Quiet"),
            Filter()
            .also("last_contact_at", Comparison.MORE_DAYS_AGO_THAN, 45)
            .also("lifecycle", Comparison.IS_NOT, Lifecycle.CHURNED.value),
        ),
        (tr("Open tickets"), Filter().also("open_tickets", Comparison.AT_LEAST, 1)),
        (
            tr("Renewal"),
            Filter().also("renewal_decision_on", Comparison.WITHIN_NEXT_DAYS, 90),
        ),
    ]


def _chips(row: ClientRow) -> list[Chip]:
    chips = [chip for chip in (tier_chip(row.tier),) if chip]
    if row.lifecycle is not Lifecycle.ACTIVE:
        chips.append(lifecycle_chip(row.lifecycle))
    return chips


def _work(row: ClientRow) -> list[Chip]:
    chips = []
    if row.open_tickets:
        chips.append(Chip(dates.number(row.open_tickets), Tone.INFO, "tickets"))
    if row.open_promises:
        chips.append(Chip(dates.number(row.open_promises), Tone.WARNING, "promise"))
    return chips


def _last(row: ClientRow) -> str:
    return dates.ago(row.last_contact_at) if row.last_contact_at else tr("never")


class ClientsScreen(ListDetail[ClientRow]):
    """A list of up to a million clients, and the whole page of the current one."""

    place = "clients"
    title = "Clients"
    icon = "clients"
    watches = WATCHES
    count_query = staticmethod(count_clients)
    page_query = staticmethod(page_clients)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        self.search = parts.search_line(tr("Search by name"), lambda _: self.load())
        self.shelf = Segments(
            [name for name, _ in shelves()], tr("Which clients"), lambda _: self._shelve()
        )
        self._is_sized = False
        super().__init__(desk, parent)
        self.splitter.splitterMoved.connect(self._on_pulled)
        self.under_head.addWidget(self.shelf)
        self.under_head.addWidget(self.search)
        self.head.addWidget(
            parts.button(tr("New client"), lambda: actions.new(self), look="primary", icon="plus")
        )
        for button in actions.bulk_buttons(self):
            self.bulk.add(button)
        self.table.opened.connect(lambda _: actions.open_tab(self))
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._is_sized and event.oldSize().width() != self.width():
            self._size_list()

    def _size_list(self) -> None:
        """Give the list what its names need, and the page the rest, until somebody pulls."""
        width = self.width()
        wanted = _WIDE_LIST if width >= _VERY_WIDE else min(_LIST, round(width * 0.4))
        self.splitter.setSizes([wanted, width - wanted])

    def columns(self) -> Sequence[Column[ClientRow]]:
        return [
            Column(
                tr("Name"),
                lambda row: row.name,
                under=lambda row: " · ".join(x for x in (row.city, row.owner) if x),
                avatar=lambda row: row.name,
                chips=_chips,
                sort="name",
                stretch=True,
                strong=True,
            ),
            Column(
                tr("Last contact"), _last, sort="last_contact_at", width=100, muted=True,
                hide_below=400,
            ),
            Column(
                tr("Open"), lambda row: "", chips=_work, sort="open_tickets", width=96,
                hide_below=560,
            ),
        ]  # fmt: skip

    def filters(self) -> dict[str, Any]:
        asked = shelves()[max(0, self.shelf.currentIndex())][1]
        text = self.search.text().strip()
        if text:
            asked = asked.also("name", Comparison.CONTAINS, text)
        return {"asked": asked}

    def build_record(self) -> QWidget:
        self.view = ClientView(self.desk)
        return self.view

    def show_row(self, row: ClientRow) -> None:
        self.view.show_client(row.id)

    def panes(self) -> list[QWidget]:
        return [self.table, *self.view.panes()]

    def empty(self) -> Empty:
        if self.search.text().strip() or self.shelf.currentIndex() > 0:
            return Empty(tr("No client matches."), tr("Try fewer words, or look at all."), "search")
        why = tr("Add the first one, or open the sample workspace to look around.")
        return Empty(tr("No clients yet"), why, "clients", tr("New client"), self._new)

    def arrive(self, *, client: ClientId | None = None, **where: Any) -> None:
        """Show a client, whatever the list shows now."""
        if client is None:
            return
        self.table.show_id(client)
        self.record_pane.show_content()
        self.view.show_client(client)

    def _on_pulled(self, _at: int, _which: int) -> None:
        self._is_sized = True

    def _new(self) -> None:
        actions.new(self)

    def _shelve(self) -> None:
        if hasattr(self, "table"):
            self.load()


class ClientScreen(Screen):
    """One client alone, as a tab shows it."""

    place = "client"
    title = "Client"
    icon = "company"
    watches = WATCHES

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.view = ClientView(desk)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def arrive(self, *, client: ClientId | None = None, **where: Any) -> None:
        """Show a client."""
        if client is not None:
            self.view.show_client(client)

    def load(self) -> None:
        self.view.reload()

    def panes(self) -> list[QWidget]:
        return self.view.panes()
