"""One client, whole: who it is, what happened, where we stand."""

from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from deskcrm.base.words import tr
from deskcrm.domain.clients.detail import ClientDetail, get_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.interactions.channels import Channel, Direction, InteractionId
from deskcrm.ui.client_merges.part_card import MergedList
from deskcrm.ui.clients import forms
from deskcrm.ui.clients.gathered import Standing, get_standing
from deskcrm.ui.clients.identity import Identity
from deskcrm.ui.clients.standing import StandingPane
from deskcrm.ui.clients.words import lifecycle_chip, tier_chip
from deskcrm.ui.contacts.deeds import contact_deeds
from deskcrm.ui.contacts.form import open_contact
from deskcrm.ui.contracts.form import open_contract
from deskcrm.ui.history.card import HistoryCard
from deskcrm.ui.interactions.stream import Stream
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.chips import Avatar, Chip, ChipRow
from deskcrm.ui.kit.curtain import Curtain
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.scroll import Scroll
from deskcrm.ui.kit.tokens import Tone

WIDE: Final = 980
"""From here on the three parts stand side by side; below it the outer two are behind tabs."""
SIDE: Final = 290
VERY_WIDE: Final = 1600
"""From here on the outer parts have more room too: lines of text need no more than the middle."""


class ClientView(QWidget):
    """``show_client`` shows one; ``reload`` asks again for the same."""

    shown = Signal(object)
    """A client's detail has come."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.client: ClientId | None = None
        self.detail: ClientDetail | None = None
        self._wanted_contact: ContactId | None = None
        self.avatar = Avatar("", 44)
        self.name = parts.label("", "display", wrap=True, select=True)
        self.chips = ChipRow()
        self.caution = parts.label("", "strong", wrap=True)
        self.stream = Stream(desk)
        self.identity = Identity(desk, partial(open_contact, self), partial(contact_deeds, self))
        self.merged = MergedList(desk)
        self.standing = StandingPane(
            desk,
            lambda contract: open_contract(self, contract),
            self.stream.open_interaction,
            self.go_to_moment,
        )
        self._lay_out()
        self._curtain = Curtain(self)
        self.stream.timeline.rows.loaded.connect(lambda: self._curtain.came("entries"))
        self.stream.timeline.rows.counted.connect(lambda _: self._curtain.came("count"))

    def show_client(self, client_id: ClientId) -> None:
        """Show a client: what is on the way follows."""
        if client_id != self.client:
            self.client, self.detail = client_id, None
            self._curtain.fall(("detail", "standing", "entries", "count"))
        self.reload()

    def reload(self) -> None:
        """Ask again for everything that is shown."""
        if self.client is None:
            return
        self.desk.ask((self, "detail"), get_client, self.client).then(self._show_detail)
        self.desk.ask((self, "standing"), get_standing, self.client).then(self._show_standing)
        self.stream.show_client(self.client)
        self.merged.show_client(self.client)

    @property
    def client_name(self) -> str:
        """The name of the client that is shown; nothing before it has come."""
        return self.detail.profile.name if self.detail is not None else ""

    def panes(self) -> list[QWidget]:
        """What F6 walks."""
        return [self.left, self.stream, self.right]

    def open_history(self) -> None:
        """Show who changed what."""
        if self.detail is not None:
            HistoryCard(self.desk, self, self.detail.profile.id, self.detail.profile.name)

    def edit(self) -> None:
        """Edit what is known of the client."""
        if self.detail is not None:
            forms.open_edit(self.desk, self, self.detail)

    def begin_finding(self) -> None:
        """Find words in what happened."""
        self.tabs.setCurrentIndex(0)
        self.stream.begin_finding()

    def begin_entry(self, channel: Channel, direction: Direction) -> None:
        """Write down what happened."""
        self.tabs.setCurrentIndex(0)
        self.stream.composer.begin(channel, direction)

    def go_to_moment(self, at: datetime) -> None:
        """Go to what happened at a moment."""
        self.tabs.setCurrentIndex(0)
        self.stream.go_to_moment(at)

    def show_part(self, contact: ContactId | None, interaction: InteractionId | None) -> None:
        """Show one contact, or one interaction in full, where one is named."""
        if contact is not None:
            self.show_contact(contact)
        if interaction is not None:
            self.stream.open_interaction(interaction)

    def show_contact(self, contact: ContactId) -> None:
        """Bring a contact of the client into sight."""
        self.tabs.setCurrentIndex(2)
        self._wanted_contact = contact
        self._show_wanted()

    def _show_wanted(self) -> None:
        card = self.identity.cards.get(self._wanted_contact)
        if card is not None:
            self._wanted_contact = None
            QTimer.singleShot(0, card, lambda: self.left.ensureWidgetVisible(card))

    def _show_detail(self, detail: ClientDetail) -> None:
        self.detail = detail
        profile = detail.profile
        self.avatar.set_name(profile.name)
        self.name.setText(profile.name)
        self.name.setAccessibleName(profile.name)
        chips = [chip for chip in (tier_chip(profile.tier),) if chip]
        chips.append(lifecycle_chip(profile.lifecycle))
        chips.append(Chip(profile.owner or tr("No owner"), Tone.NEUTRAL, "person"))
        chips += [Chip(tag.name, Tone.NEUTRAL, "tag") for tag in detail.tags]
        self.chips.set_chips(chips)
        self.caution.setText(profile.caution)
        self.warning.setVisible(bool(profile.caution))
        self.identity.show_detail(detail)
        self._show_wanted()
        self._curtain.came("detail")
        self.shown.emit(detail)

    def _show_standing(self, standing: Standing) -> None:
        self.standing.client = self.client
        self.standing.name = self.client_name
        self.standing.show_standing(standing)
        self._curtain.came("standing")

    def _lay_out(self) -> None:
        who = QWidget()
        who.setLayout(parts.column(self.identity, self.merged, None, margins=0, spacing=0))
        self.left, self.right = _scrolled(who), _scrolled(self.standing)
        self.warning = parts.surface("caution")
        warned = parts.row(
            parts.Picture("warning", "warning", 18), spacing=10, margins=(22, 8, 20, 8)
        )
        warned.addWidget(self.caution, 1)
        self.warning.setLayout(warned)
        self.warning.hide()
        self.split = QSplitter(Qt.Orientation.Horizontal)
        for pane in (self.left, self.stream, self.right):
            self.split.addWidget(pane)
        self.split.setChildrenCollapsible(False)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([SIDE, 560, SIDE])
        self.stream.setMinimumWidth(360)
        names = [tr("What happened"), tr("Where we stand"), tr("Who they are")]
        self.tabs = parts.tabs(names, tr("Parts of the page"), self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._head())
        layout.addWidget(self.warning)
        layout.addLayout(parts.row(self.tabs, margins=(8, 0, 0, 0)))
        layout.addWidget(parts.line())
        layout.addWidget(self.split, 1)

    def _head(self) -> QHBoxLayout:
        names = parts.column(self.name, self.chips, spacing=4)
        head = parts.row(self.avatar, spacing=12, margins=(20, 14, 16, 10))
        head.addLayout(names, 1)
        head.addWidget(parts.icon_button("edit", tr("Edit client"), self.edit))
        head.addWidget(parts.icon_button("history", tr("History"), self.open_history))
        return head

    def _choose(self, index: int) -> None:
        if hasattr(self, "split"):
            self._fold(index)

    def _fold(self, index: int) -> None:
        is_wide = self.width() >= WIDE
        self.tabs.setVisible(not is_wide)
        for number, pane in enumerate((self.stream, self.right, self.left)):
            pane.setVisible(is_wide or number == index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if (event.oldSize().width() >= VERY_WIDE) != (self.width() >= VERY_WIDE):
            side = 400 if self.width() >= VERY_WIDE else SIDE
            self.split.setSizes([side, self.width() - 2 * side, side])
        self._fold(max(0, self.tabs.currentIndex()))


def _scrolled(widget: QWidget) -> Scroll:
    area = Scroll(widget)
    area.setMinimumWidth(240)
    return area
