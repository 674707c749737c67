"""The list of clients, and one client beside it; a tab shows the client alone."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from deskcrm.base.settings import Setting
from deskcrm.base.words import ptr, tr
from deskcrm.domain.clients.detail import ClientDetail, ClientProfile
from deskcrm.domain.clients.filters import list_filter_fields
from deskcrm.domain.clients.model import ClientId, Lifecycle
from deskcrm.domain.clients.places import place_of
from deskcrm.domain.clients.queries import ClientRow, count_clients, page_clients
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.interactions.channels import InteractionId
from deskcrm.domain.views.filters import ME, Comparison, Filter
from deskcrm.ui.clients import actions
from deskcrm.ui.clients.columns import client_columns
from deskcrm.ui.clients.peek import PeekCard
from deskcrm.ui.clients.view import ClientView
from deskcrm.ui.clients.watched import WATCHES
from deskcrm.ui.erasures import actions as _on_people  # noqa: F401 - what can be done here too
from deskcrm.ui.feedback.ask_card import open_ask
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.arrangement import Arrangement
from deskcrm.ui.kit.columns import Column, Selection
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.list_detail import ListDetail
from deskcrm.ui.kit.pane import Empty
from deskcrm.ui.kit.screen import Screen
from deskcrm.ui.kit.segments import Segments
from deskcrm.ui.views.saved import FilterBar

COLUMNS: Final = Setting("window.clients_columns", "", "Columns of clients")
_LIST: Final = 446
_PAGE: Final = 440
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
        (tr("Going cold"), Filter().also("is_cold", Comparison.IS, True)),
        (tr("Tickets"), Filter().also("open_tickets", Comparison.AT_LEAST, 1)),
        (
            ptr("Client shelf", "Renewal"),
            Filter().also("renewal_decision_on", Comparison.WITHIN_NEXT_DAYS, 90),
        ),
    ]


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
        self.bar = FilterBar(
            desk,
            self.search,
            lambda: self.filters()["asked"],
            place=self.place,
            title=tr("Show the clients that meet all of these"),
            fields=list_filter_fields,
        )
        self.bar.changed.connect(self._on_filtered)
        self._is_sized = self._is_placed = False
        self._arriving: ClientId | None = None
        self._is_page_old = False
        super().__init__(desk, parent)
        self.bar.arrangement = Arrangement(desk, self.table, COLUMNS)
        self.bar.arrangement.crowded.connect(self.make_room)
        self.record_pane.setMinimumWidth(_PAGE)
        self.under_head.setSpacing(8)
        self.splitter.splitterMoved.connect(self._on_pulled)
        desk.touched.connect(self._note_touched)
        self.under_head.addWidget(self.shelf)
        self.under_head.addWidget(self.bar)
        self.head.addWidget(parts.button(tr("New client"), lambda: actions.new(self), icon="plus"))
        for button in actions.bulk_buttons(self):
            self.bulk.add(button)
        self.table.rows.loaded.connect(self._go_on_arriving)
        self.table.peeked.connect(lambda row: PeekCard(desk, self, row.id, row.name))
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
        wanted = _WIDE_LIST if width >= _VERY_WIDE else min(_LIST, round(width * 0.41))
        self.splitter.setSizes([wanted, width - wanted])

    def columns(self) -> Sequence[Column[ClientRow]]:
        return client_columns()

    def filters(self) -> dict[str, Any]:
        asked = shelves()[max(0, self.shelf.currentIndex())][1]
        asked = Filter((*asked.conditions, *self.bar.asked.conditions))
        text = self.search.text().strip()
        if text:
            asked = asked.also("name", Comparison.CONTAINS, text)
        return {"asked": asked}

    def load(self) -> None:
        super().load()
        # The row may be the same as before while what stands on the page is not.
        if self._is_page_old:
            self._is_page_old = False
            self.view.reload()

    def _note_touched(self, tables: frozenset[str]) -> None:
        self._is_page_old = self._is_page_old or bool(WATCHES & tables)

    def build_record(self) -> QWidget:
        self.view = ClientView(self.desk)
        return self.view

    def show_row(self, row: ClientRow) -> None:
        # The list begins at its first row by itself; that is not where we are going.
        is_by_itself = self.table.currentIndex().row() == 0
        if self._arriving not in (None, row.id) and is_by_itself:
            return
        self._arriving = None
        self.view.show_client(row.id)

    def panes(self) -> list[QWidget]:
        return [self.table, *self.view.panes()]

    def empty(self) -> Empty:
        if self.filters()["asked"]:
            why = tr("Try fewer words, or look at all.")
            no = tr("No client matches.")
            return Empty(no, why, "search", tr("Show all clients"), self._clear_filters)
        why = tr("Bring them in from a file, or add the first one with N.")
        return Empty(
            tr("No clients yet"),
            why,
            "clients",
            tr("Import from a file"),
            lambda: actions.bring_in(self),
        )

    def arrive(
        self,
        *,
        client: ClientId | None = None,
        contact: ContactId | None = None,
        interaction: InteractionId | None = None,
        asked: Filter | None = None,
        **where: Any,
    ) -> None:
        """Show a client, and stand on its row; filters that hide it are let go. Or show some."""
        if asked is not None:
            self.search.setText("")
            self.shelf.setCurrentIndex(0)
            self.bar.ask_for(asked)
        if client is None:
            return
        self._arriving, self._is_placed = client, False
        self.record_pane.show_content()
        self.view.show_client(client)
        self.view.show_part(contact, interaction)
        self._seek(client)
        if where.get("ask"):
            open_ask(self.desk, self, client, contact_id=contact)

    def _seek(self, client: ClientId) -> None:
        rows = self.table.rows
        found = self.desk.ask(
            (self, "place"),
            place_of,
            client,
            sort=rows.sort_key or "name",
            descending=rows.descending,
            **self.filters(),
        )
        found.then(lambda place: self._on_place(client, place))

    def _on_place(self, client: ClientId, place: int | None) -> None:
        if client != self._arriving:
            return
        if place is not None:
            self._is_placed = True
            self.table.rows.row(place)  # asks for it, if it is not here
            self._go_on_arriving()
        elif self.filters()["asked"]:
            self._clear_filters()
            self._seek(client)
        else:
            self._arriving = None

    def _go_on_arriving(self) -> None:
        if self._arriving is None or not self._is_placed:
            return
        self.table.show_id(self._arriving)
        row = self.row()
        if row is not None and row.id == self._arriving:
            self._arriving = None

    def _clear_filters(self) -> None:
        self.search.setText("")
        self.shelf.setCurrentIndex(0)
        self.bar.reset()
        self.load()

    def _on_pulled(self, _at: int, _which: int) -> None:
        self._is_sized = True

    def _on_filtered(self) -> None:
        if self.bar.view is not None:
            # A view asks for all that it stands for; a shelf beside it would ask for more.
            self.search.setText("")
            self.shelf.setCurrentIndex(0)
        self.load()

    def _shelve(self) -> None:
        if hasattr(self, "table"):
            self.load()


class ClientScreen(Screen):
    """One client alone, as a tab shows it; what can be done with a row can be done with it."""

    place = "clients"
    title = "Client"
    icon = "clients"
    watches = WATCHES

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.view = ClientView(desk)
        self.view.shown.connect(self._on_shown)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def arrive(
        self,
        *,
        client: ClientId | None = None,
        contact: ContactId | None = None,
        interaction: InteractionId | None = None,
        **where: Any,
    ) -> None:
        """Show a client."""
        if client is not None:
            self.view.show_client(client)
            self.view.show_part(contact, interaction)
            if where.get("ask"):
                open_ask(self.desk, self, client, contact_id=contact)

    def load(self) -> None:
        self.view.reload()

    def panes(self) -> list[QWidget]:
        return self.view.panes()

    def row(self) -> ClientProfile | None:
        """The client that is shown, as the current row of a list would be."""
        return self.view.detail.profile if self.view.detail is not None else None

    @property
    def selection(self) -> Selection:
        """Nothing is picked here."""
        return Selection()

    def targets(self) -> list[ClientId]:
        """The one client."""
        row = self.row()
        return [row.id] if row is not None else []

    def filters(self) -> dict[str, Any]:
        """Nothing is filtered here."""
        return {}

    def _on_shown(self, detail: ClientDetail) -> None:
        self.setWindowTitle(detail.profile.name)
