"""What fits a ticket, above the field in which it is answered: a key puts it or its link there."""

from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from deskcrm.base.words import ntr, tr
from deskcrm.domain.knowledge.model import Audience
from deskcrm.domain.knowledge.suggestions import Suggestion, suggest_articles
from deskcrm.domain.tickets.model import TicketId
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.tickets.shapes import Link

MOST: Final = 4


class Suggested(QWidget):
    """``show_for`` asks for a ticket's; hidden while there is nothing worth showing."""

    chosen = Signal(object)
    """A Suggestion, whose text is to be given as the answer."""

    linked = Signal(object)
    """A Suggestion that is to be linked to."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._ticket: TicketId | None = None
        self.found: list[Suggestion] = []
        self.icon = parts.Picture("knowledge")
        self.title = Link("", self._open, lines=2)
        self.insert = parts.button(tr("Insert"), self.take, look="quiet", icon="copy")
        self.link = parts.icon_button("link", tr("Insert link (Ctrl+I)"), self.take_link)
        self.more = parts.button("", self._show_more, look="quiet", icon="chevron-down")
        line = parts.row(self.icon, spacing=6, margins=(20, 6, 16, 0))
        line.addWidget(self.title, 1)
        line.addWidget(self.insert)
        line.addWidget(self.link)
        line.addWidget(self.more)
        self.setLayout(line)
        self.hide()

    def show_for(self, ticket_id: TicketId) -> None:
        """Show what fits a ticket; what is there stays until the answer is known."""
        if ticket_id != self._ticket:
            self._show([])
        self._ticket = ticket_id
        self._desk.ask(self, suggest_articles, ticket_id, limit=MOST).then(self._show)

    def take(self) -> None:
        """Give the text of the article that is shown as the answer."""
        if self.found:
            self.chosen.emit(self.found[0])

    def take_link(self) -> None:
        """Give a link to the article that is shown."""
        if self.found:
            self.linked.emit(self.found[0])

    def _show(self, found: list[Suggestion]) -> None:
        self.found = found
        self.setVisible(bool(found))
        if not found:
            return
        first, others = found[0], len(found) - 1
        by = tr("Found by: {words}", words=", ".join(first.words))
        self.title.say(first.title, tr("Open the article {title}", title=first.title))
        parts.set_tooltip(self.title, by)
        inner = first.audience is Audience.INTERNAL
        where = tr("Insert in a note") if inner else tr("Insert answer")
        parts.set_tooltip(self.insert, where)
        self.insert.setAccessibleName(where)
        self.more.setVisible(others > 0)
        parts.rename(self.more, ntr("{n} more", "{n} more", others))
        self.more.setAccessibleName(tr("Other articles that may fit: {n}", n=others))

    def _show_more(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def menu(self) -> QMenu:
        """Make the menu of the other articles; the one that is chosen takes the first place."""
        menu = QMenu(self)
        for one in self.found[1:]:
            menu.addAction(parts.mnemonic_free(one.title), partial(self._prefer, one))
        return menu

    def _prefer(self, one: Suggestion) -> None:
        self._show([one, *(other for other in self.found if other.id != one.id)])

    def _open(self) -> None:
        if self.found:
            self._desk.go("knowledge", article=self.found[0].id)
