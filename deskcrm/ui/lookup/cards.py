"""The caller cards: one is always built ahead, and a second call does not disturb the first."""

from PySide6.QtCore import QObject, QPoint, Signal

from deskcrm.domain.drafts.queries import DraftRow, list_drafts
from deskcrm.domain.lookup.caller import PLACE, who_calls
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.lookup.call_card import CallCard

_NOBODY = "+70000000000"
_STEP = QPoint(-36, 36)


class CallCards(QObject):
    """Shows a card for each call at the same time; ``went`` when one sent the window somewhere."""

    went = Signal()
    left = Signal(object)
    """Notes of calls that were not logged before the program ended: DraftRows."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._cards: list[CallCard] = []

    def prepare(self) -> None:
        """Build a card ahead, if none is free, and have the tables of numbers and queries ready."""
        self._free()
        self._desk.ask((self, "warm"), who_calls, _NOBODY)

    def ring(self, number: str) -> CallCard:
        """Show a card for a number: the one that shows it already, or a free one."""
        for card in self._cards:
            if card.isVisible() and number and number in (card.number, card.caption.text()):
                card.raise_()
                return card
        card = self._free()
        card.ring(number)
        return card

    @property
    def shown(self) -> list[CallCard]:
        """The cards that are seen."""
        return [card for card in self._cards if card.isVisible()]

    def attend(self) -> CallCard:
        """Give the focus to the card that is shown, or show one that asks who is on the phone."""
        card = self.shown[-1] if self.shown else self.ring("")
        card.attend()
        return card

    def look_for_drafts(self) -> None:
        """Say which notes of calls were left behind."""
        self._desk.ask(self, list_drafts, place=PLACE).then(self._offer)

    def take(self, draft: DraftRow) -> None:
        """Go on with a note that was left."""
        self._free().take_draft(draft)

    def rebuild(self) -> None:
        """Build anew what is not shown, as after another language was chosen."""
        for card in [one for one in self._cards if not one.isVisible()]:
            self._cards.remove(card)
            card.deleteLater()
        self.prepare()

    def close(self) -> None:
        """Keep every note and put all cards away."""
        for card in self._cards:
            card.close()
            card.deleteLater()
        self._cards.clear()

    def _offer(self, drafts: list[DraftRow]) -> None:
        if drafts:
            self.left.emit(drafts)

    def _free(self) -> CallCard:
        for card in self._cards:
            if not card.isVisible():
                return card
        card = CallCard(self._desk)
        card.went.connect(self.went)
        if self.shown:
            card.move(self.shown[-1].pos() + _STEP)
        self._cards.append(card)
        return card
