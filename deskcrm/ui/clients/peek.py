"""A glance at a client over the list: who they are and where we stand. Space or Esc closes it."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from deskcrm.base.words import tr
from deskcrm.domain.clients.detail import ClientDetail, get_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.ui.clients.gathered import Standing, get_standing
from deskcrm.ui.clients.identity import Identity
from deskcrm.ui.clients.standing import StandingPane
from deskcrm.ui.clients.watched import WATCHES
from deskcrm.ui.contacts.deeds import contact_deeds
from deskcrm.ui.contacts.form import open_contact
from deskcrm.ui.contracts.form import open_contract
from deskcrm.ui.interactions.item import ItemCard
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.scroll import Scroll, height_at

_WIDTH: Final = 940
"""Wide enough for an address of the usual length in one half."""


class PeekCard(Overlay):
    """Opens itself over the window."""

    def __init__(self, desk: Desk, over: QWidget, client: ClientId, name: str) -> None:
        super().__init__(over.window(), width=_WIDTH, top=0.06)
        self.desk, self.client, self.client_name = desk, client, name
        self.caution = parts.label("", "strong", wrap=True)
        self.identity = Identity(desk, partial(open_contact, self), partial(contact_deeds, self))
        self.standing = StandingPane(
            desk,
            lambda contract: open_contract(self, contract),
            lambda one: ItemCard.of_interaction(desk, self, one),
            lambda _at: self.open_page(),
        )
        self.page_button = parts.button(
            tr("Open the page"), self.open_page, look="quiet", icon="external"
        )
        heading = parts.row(spacing=8, margins=(20, 14, 12, 6))
        heading.addWidget(parts.ElidedLabel(name, "heading"), 1)
        heading.addWidget(self.page_button)
        heading.addWidget(parts.icon_button("close", tr("Close"), self.close_card))
        both = parts.row(spacing=0)
        both.addWidget(Scroll(self.identity), 1)
        both.addWidget(parts.line(vertical=True))
        both.addWidget(Scroll(self.standing), 1)
        self.warning = parts.surface("caution")
        warned = parts.row(
            parts.Picture("warning", "warning", 18), spacing=10, margins=(22, 8, 20, 8)
        )
        warned.addWidget(self.caution, 1)
        self.warning.setLayout(warned)
        self.warning.hide()
        column = parts.column(heading, self.warning, parts.line(), spacing=0)
        column.addLayout(both, 1)
        self.card.setLayout(column)
        self.closed.connect(self.deleteLater)
        self.open_card()
        desk.touched.connect(self._hear)
        self._ask()

    def height_wanted(self) -> int:
        """As tall as the longer half, where the window has room."""
        half = (self.card.width() or _WIDTH) // 2
        return max(height_at(one, half) for one in (self.identity, self.standing)) + 140

    def open_page(self) -> None:
        """Go to the client's page."""
        self.close_card()
        self.desk.go("clients", client=self.client)

    def _hear(self, tables: frozenset[str]) -> None:
        if WATCHES & tables:
            self._ask()

    def _ask(self) -> None:
        self.desk.ask((self, "detail"), get_client, self.client).then(self._show)
        self.desk.ask((self, "standing"), get_standing, self.client).then(self._show_standing)

    def _show(self, detail: ClientDetail) -> None:
        self.caution.setText(detail.profile.caution)
        self.warning.setVisible(bool(detail.profile.caution))
        self.identity.show_detail(detail)
        self.relayout()

    def _show_standing(self, standing: Standing) -> None:
        self.standing.show_standing(standing)
        self.relayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            event.accept()
            self.close_card()
        else:
            super().keyPressEvent(event)
