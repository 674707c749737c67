"""What is around a ticket: who watches it, and the tickets it is linked with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.links.commands import link_tickets, unlink_tickets
from deskcrm.domain.links.model import LinkKind
from deskcrm.domain.links.queries import LinkRow, link_words, list_linkable, list_links
from deskcrm.domain.merges.queries import Home, JoinKind, ThreadJoin, get_home, list_joins
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.queries import TicketRow
from deskcrm.domain.users.queries import UserRow, list_users
from deskcrm.domain.watchers.commands import set_watchers, stop_watching, watch_ticket
from deskcrm.domain.watchers.queries import Watcher, list_watchers
from deskcrm.store.reader import Reader
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.elided_button import ElidedButton
from deskcrm.ui.kit.fields import Choice
from deskcrm.ui.kit.pick import Option, Pick
from deskcrm.ui.kit.several import Several
from deskcrm.ui.tickets.words import named

if TYPE_CHECKING:
    from deskcrm.ui.tickets.screen import TicketsScreen

_WHOLE_AT_MOST: Final = 2
"""So many of the tickets around it are named in full; of more, the numbers fit."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Who watches a ticket, and the tickets around it, from one view of the database."""

    watchers: Sequence[Watcher]
    links: Sequence[LinkRow]
    is_watched: bool
    """Whether the person at the desk is among those who watch."""
    joins: Sequence[ThreadJoin] = ()
    home: Home | None = None


def get_surroundings(db: Reader, ticket_id: TicketId) -> Surroundings:
    """Gather what is around a ticket."""
    watchers = list_watchers(db, ticket_id)
    is_watched = any(one.user_id == db.actor for one in watchers)
    joins = list_joins(db, ticket_id)
    home = get_home(db, ticket_id)
    return Surroundings(watchers, list_links(db, ticket_id), is_watched, joins, home)


class Around(QWidget):
    """``show_ticket`` asks what is around one; nothing is seen while there is nothing.

    ``found`` says what is around it; ``watch`` and ``add`` are buttons to be put where there is
    room for them.
    """

    found = Signal(object)

    def __init__(self, desk: Desk, screen: "TicketsScreen") -> None:
        super().__init__()
        self.desk = desk
        self._over = screen
        self._ticket: TicketRow | None = None
        self._found = Surroundings((), (), is_watched=False)
        self.watch = parts.icon_button("eye", tr("Watch it"), self.toggle, checkable=True)
        self.add = parts.icon_button("link", tr("Link ticket…"), self.open_link)
        # One line, whatever there is: what does not fit is cut short and said in full on hovering.
        self.line = parts.row(spacing=4)
        self.setLayout(self.line)
        self.hide()

    def show_ticket(self, row: TicketRow) -> None:
        """Show what is around a ticket."""
        self._ticket = row
        self.desk.ask((self, "around"), get_surroundings, row.id).then(self._show)

    def toggle(self) -> None:
        """Watch the ticket, or stop watching it."""
        if self._ticket is not None:
            command = stop_watching if self._found.is_watched else watch_ticket
            self.desk.do(command, self._ticket.id).tell()

    def open_watchers(self) -> None:
        """Choose who watches."""
        self.desk.ask((self, "people"), list_users).then(self._open_watchers)

    def open_link(self) -> None:
        """Ask which other ticket is meant, by any scrap, and what this one is to it."""
        row = self._ticket
        if row is None:
            return
        FormCard(
            self.desk, self._over, tr("Link ticket"),
            [
                Choice("kind", tr("This ticket is"), [(one, link_words(one)) for one in LinkKind]),
                Pick(
                    "other_id", tr("Other ticket"), self._find, required=True,
                    placeholder=tr("Number, subject or client"),
                ),
            ],
            lambda values: self.desk.do(link_tickets, row.id, **values).tell(),
            place="tickets.link", subject=row.id.hex, values={"kind": LinkKind.RELATED},
            button=tr("Link"), width=480, about=named(row),
        )  # fmt: skip

    def _find(self, typed: str, show: Callable[[list[Option]], None]) -> None:
        if self._ticket is not None:
            asked = self.desk.ask((self, "linkable"), list_linkable, self._ticket.id, typed=typed)
            asked.then(lambda rows: show([_option(one) for one in rows]))

    def _open_watchers(self, people: list[UserRow]) -> None:
        row = self._ticket
        if row is None:
            return
        known = {one.id: one.name for one in people}
        options = list((known | {one.user_id: one.name for one in self._found.watchers}).items())
        FormCard(
            self.desk, self._over, tr("Who watches the ticket"),
            [Several("user_ids", tr("They hear of what others do in it"), options)],
            lambda values: self.desk.do(set_watchers, row.id, **values).tell(),
            place="tickets.watchers", subject=row.id.hex,
            values={"user_ids": tuple(one.user_id for one in self._found.watchers)},
            width=480, about=named(row),
        )  # fmt: skip

    def _show(self, found: Surroundings) -> None:
        self._found = found
        said = tr("You watch it. Stop watching") if found.is_watched else tr("Watch it")
        self.watch.setChecked(found.is_watched)
        self.watch.setAccessibleName(said)
        parts.set_tooltip(self.watch, said)
        parts.clear(self.line)
        joins, links = map(self._join, found.joins), map(self._link, found.links)
        for widget in (*joins, *links, *self._watching(found)):
            self.line.addWidget(widget)
        self.setVisible(bool(self.line.count()))
        self.line.addStretch(1)
        self.updateGeometry()
        self.found.emit(found)

    def _watching(self, found: Surroundings) -> list[QWidget]:
        names = ", ".join(one.name for one in found.watchers)
        who = tr("Watched by {names}", names=names)
        return [_flush(ElidedButton(who, self.open_watchers, icon="eye"))] if names else []

    def _join(self, one: ThreadJoin) -> QWidget:
        is_merge = one.kind in (JoinKind.MERGED_IN, JoinKind.MERGED_INTO)
        return self._way(one, "merge" if is_merge else "split")

    def _way(self, one: ThreadJoin | LinkRow, icon: str) -> ElidedButton:
        """Lead to the other ticket, and say what it is to this one."""
        said = f"{one.words} #{one.number}"
        about = f"{said}: {one.subject} · {of(one.state)}"
        go = partial(self.desk.go, "tickets", ticket=one.ticket_id)
        are_many = len(self._found.joins) + len(self._found.links) > _WHOLE_AT_MOST
        short = f"#{one.number}" if are_many else said
        made = ElidedButton(short, go, icon=icon, name=about, hint=about)
        if not are_many:
            # The names of who watches may end in an …; a ticket without its number says nothing.
            made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        return made

    def _link(self, one: LinkRow) -> QWidget:
        shown = self._way(one, "link")
        remove = parts.icon_button(
            "close", tr("Remove link to #{number}", number=one.number),
            lambda: self.desk.do(unlink_tickets, one.id).tell(),
        )  # fmt: skip
        whole = QWidget()
        whole.setLayout(parts.row(_flush(shown), remove, spacing=0))
        return whole


def _flush(button: ElidedButton) -> ElidedButton:
    """Let an icon stand right under those above it."""
    button.setProperty("flush", True)
    return button


def _option(row: TicketRow) -> Option:
    return Option(row.id, f"#{row.number} {row.subject}", f"{row.client} · {of(row.state)}")
