"""The cards that merge tickets and split one, and the line that says where a merged one is read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.attachments.queries import AttachmentRow
from deskcrm.domain.merges.commands import merge_tickets, part_ticket
from deskcrm.domain.merges.queries import Home
from deskcrm.domain.merges.splitting import split_ticket
from deskcrm.domain.tickets.model import MessageKind, TicketId
from deskcrm.domain.tickets.queries import TicketRow, list_client_tickets, rows_of
from deskcrm.domain.tickets.thread import ThreadMessage
from deskcrm.store.reader import Reader
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.desk import Deed, Desk
from deskcrm.ui.kit.fields import Choice, Line
from deskcrm.ui.kit.several import Several
from deskcrm.ui.tickets.shapes import Link
from deskcrm.ui.tickets.thread import TalkEntry, get_talk
from deskcrm.ui.tickets.words import named

if TYPE_CHECKING:
    from deskcrm.ui.tickets.screen import TicketsScreen

_LONGEST: Final = 160
"""More characters of a message fit on no card."""
_INDENT: Final = 19
"""So that a link begins where the words above it do, which have a picture before them."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The tickets that are picked, and those into which they can be merged."""

    picked: Sequence[TicketRow]
    into: Sequence[TicketRow]


def get_candidates(db: Reader, picked: Sequence[TicketId]) -> Candidates:
    """Give what tickets can be merged into: one of several, else another of the client's."""
    rows = into = rows_of(db, list(picked))
    if len(rows) == 1:
        others = list_client_tickets(db, rows[0].client_id)
        into = [one for one in others if one.id not in picked]
    return Candidates(rows, sorted(into, key=lambda one: (not one.state.is_open, one.opened_at)))


def open_merge(
    screen: "TicketsScreen",
    picked: list[TicketId],
    told: Callable[[list[TicketId], Deed[Any]], object],
) -> None:
    """Ask which ticket goes on, and merge those that are picked into it."""
    asked = screen.desk.ask((screen, "candidates"), get_candidates, picked)
    asked.then(lambda found: _open_merge(screen, picked, found, told))


def _open_merge(
    screen: "TicketsScreen",
    picked: list[TicketId],
    found: Candidates,
    told: Callable[[list[TicketId], Deed[Any]], object],
) -> None:
    rows = found.into
    if not rows:
        screen.desk.tell(tr("The client has no other ticket."))
        return

    def save(values: dict[str, Any]) -> Deed[Any]:
        deed = screen.desk.do(merge_tickets, picked, into_id=values["into_id"])
        told([one for one in picked if one != values["into_id"]], deed)
        return deed

    is_one = len(picked) == 1
    title = tr("Merge into another ticket") if is_one else tr("Merge tickets")
    FormCard(
        screen.desk, screen, title,
        [
            Choice(
                "into_id", tr("Which ticket stays"), [(one.id, _ticket_words(one)) for one in rows],
                hint=tr("Everything is read there; the others close and lead to it."),
            )
        ],
        save, place="tickets.merge", subject=picked[0].hex, values={"into_id": rows[0].id},
        button=tr("Merge"), about=named(found.picked[0]) if is_one else "", width=640,
    )  # fmt: skip


def open_split(screen: "TicketsScreen", row: TicketRow) -> None:
    """Ask what goes into a new ticket, and split it off."""
    asked = screen.desk.ask((screen, "parts"), get_talk, row.id)
    asked.then(lambda entries: _open_split(screen, row, entries))


def _open_split(screen: "TicketsScreen", row: TicketRow, entries: Sequence[TalkEntry]) -> None:
    messages = [one for one in entries if isinstance(one, ThreadMessage)]
    files = [one for one in entries if isinstance(one, AttachmentRow)]
    if len(messages) < 2:
        screen.desk.tell(tr("There is nothing to split: one thing at most was said in it."))
        return
    fields: list[Any] = [
        Line("subject", tr("Subject of the new ticket"), required=True),
        Several(
            "message_ids", tr("What goes into the new ticket"),
            [(one.id, _message_words(one, row)) for one in messages],
        ),
    ]  # fmt: skip
    if files:
        options = [(one.id, one.name) for one in files]
        fields.append(Several("attachment_ids", tr("Files"), options))

    def save(values: dict[str, Any]) -> Deed[Any]:
        deed = screen.desk.do(split_ticket, row.id, **values).tell()
        return deed.then(lambda done: screen.arrive(ticket=done.value))

    FormCard(
        screen.desk, screen, tr("Split ticket"), fields, save, about=named(row),
        place="tickets.split", subject=row.id.hex, button=tr("Split"), width=640,
    )  # fmt: skip


def _ticket_words(row: TicketRow) -> str:
    return f"#{row.number} {_short(row.subject)} · {of(row.state)}"


def _message_words(one: ThreadMessage, row: TicketRow) -> str:
    theirs = row.contact or row.client
    name = one.author or (theirs if one.kind is MessageKind.CLIENT_WORD else tr("Unknown"))
    return _short(f"{dates.moment(one.at)} · {name}: {one.text}")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[:_LONGEST].rstrip() + "…"


class HomeLine(QWidget):
    """Stands where one would answer, in a ticket that was merged into another."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._ticket: TicketId | None = None
        self._home: Home | None = None
        self.link = Link(lines=2)
        self.link.clicked.connect(self._go)
        self.part_button = parts.button(tr("Part again"), self.part, look="quiet", icon="split")
        head = parts.row(parts.Picture("merge"), spacing=8)
        head.addWidget(parts.label(tr("Merged into"), "strong"), 1)
        head.addWidget(self.part_button)
        well = parts.surface("well")
        under = parts.row(_INDENT, self.link, spacing=0)
        well.setLayout(parts.column(head, under, spacing=4, margins=(16, 12, 16, 12)))
        self.setLayout(parts.column(well, margins=(16, 12, 16, 16)))
        self.hide()

    @property
    def is_merged(self) -> bool:
        """Whether the ticket is read in another."""
        return self._home is not None

    def show_home(self, ticket: TicketId, home: Home | None) -> None:
        """Show where a ticket is read; nothing is seen where it is read itself."""
        self._ticket, self._home = ticket, home
        self.setVisible(home is not None)
        if home is not None:
            said = f"#{home.number} {home.subject}"
            self.link.say(said, tr("Merged into {ticket}. Open it", ticket=said))

    def part(self) -> None:
        """Let the ticket be read by itself again."""
        if self._ticket is not None and self.is_merged:
            ticket = self._ticket
            deed = self._desk.do(part_ticket, ticket).tell()
            deed.then(lambda _done: self._desk.go("tickets", ticket=ticket))

    def _go(self) -> None:
        if self._home is not None:
            self._desk.go("tickets", ticket=self._home.ticket_id)
