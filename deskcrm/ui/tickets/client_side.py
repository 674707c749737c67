"""A client beside the work: who it is, what we owe, and what else is under way."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from deskcrm.base.words import ntr, of, tr
from deskcrm.domain.clients.detail import ClientDetail, get_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.queries import ContactRow
from deskcrm.domain.promises.commands import keep_promise
from deskcrm.domain.promises.queries import PromiseRow, list_open_promises
from deskcrm.domain.risk.queries import Health, get_health
from deskcrm.domain.risk.words import is_grave, why
from deskcrm.domain.summary.queries import ClientSummary, get_summary
from deskcrm.domain.tasks.commands import complete_task
from deskcrm.domain.tasks.model import TaskId
from deskcrm.domain.tasks.queries import TaskRow, list_client_tasks
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.queries import TicketRow, list_open_tickets
from deskcrm.store.reader import Reader
from deskcrm.ui.clients.words import lifecycle_chip, tier_chip
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.breaking import breakable
from deskcrm.ui.kit.chips import Avatar, Chip, ChipRow
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.risk.words import health_chip
from deskcrm.ui.tasks.words import due_chip
from deskcrm.ui.tickets.shapes import Link

MOST: Final = 5
"""Of each kind; the rest is on the client's page."""
_WHOLE: Final = 22
"""So many characters fit at any width."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that is shown, from one view of the database."""

    detail: ClientDetail
    summary: ClientSummary | None
    health: Health | None
    promises: Sequence[PromiseRow]
    tickets: Sequence[TicketRow]
    tasks: Sequence[TaskRow]


def get_situation(db: Reader, client_id: ClientId) -> Situation:
    """Gather what to know of a client before speaking to them."""
    return Situation(
        get_client(db, client_id),
        get_summary(db, client_id),
        get_health(db, [client_id]).get(client_id),
        list_open_promises(db, client_id),
        list_open_tickets(db, client_id),
        list_client_tasks(db, client_id, limit=MOST),
    )


class ClientSide(QScrollArea):
    """``show_client`` shows one, or nothing for None; ``reload`` asks again for the same."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.client: ClientId | None = None
        self.but: TicketId | TaskId | None = None
        """The ticket or task that is being read needs no mention among the others."""
        self._inside = parts.Page()
        self.column = QVBoxLayout(self._inside)
        self.column.setContentsMargins(18, 18, 16, 20)
        self.column.setSpacing(6)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._inside)
        self.setAccessibleName(tr("The client"))

    def show_client(
        self, client_id: ClientId | None, *, but: TicketId | TaskId | None = None
    ) -> None:
        """Show a client; ``but`` is the ticket or task that is being read."""
        if (client_id, but) == (self.client, self.but):
            return
        self.client, self.but = client_id, but
        if client_id is None:
            parts.clear(self.column)
        else:
            self.reload()

    def reload(self) -> None:
        """Ask again for everything that is shown."""
        if self.client is not None:
            asked = self.desk.ask((self, "client"), get_situation, self.client)
            asked.then(self._show).failed(self._fail)

    def _fail(self, error: BaseException) -> None:
        # The list says so: a client that was deleted takes its lines along.
        parts.clear(self.column)

    def _show(self, found: Situation) -> None:
        parts.clear(self.column)
        self._show_head(found.detail, found.health)
        self._show_contact(found.summary)
        self._show_promises(found.promises)
        self._show_tickets(found.tickets)
        self._show_tasks([one for one in found.tasks if one.id != self.but])
        self._show_people([one for one in found.detail.contacts if one.is_active])
        self.column.addStretch(1)

    def _show_head(self, detail: ClientDetail, health: Health | None) -> None:
        profile = detail.profile
        name = Link("", partial(self.desk.go, "clients", client=profile.id), lines=2)
        name.say(profile.name, tr("Open {name}", name=profile.name))
        head = parts.row(Avatar(profile.name, 32), spacing=8)
        head.addWidget(name, 1)
        self.column.addLayout(head)
        chips = [chip for chip in (tier_chip(profile.tier),) if chip]
        chips.append(lifecycle_chip(profile.lifecycle))
        if profile.owner:
            chips.append(Chip(profile.owner, Tone.NEUTRAL, "person"))
        if health is not None:
            chips.append(health_chip(health))
        self.column.addWidget(ChipRow(chips))
        if health is not None and is_grave(health):
            self._say(why(health))
        if profile.caution:
            well = parts.surface("well")
            words = parts.label(profile.caution, "strong", wrap=True)
            line = parts.row(parts.Picture("warning", "warning"), spacing=8, margins=(10, 8, 10, 8))
            line.addWidget(words, 1)
            well.setLayout(line)
            self.column.addWidget(well)

    def _head(self, text: str) -> None:
        self.column.addSpacing(10)
        self.column.addWidget(parts.label(text, "caption"))

    def _say(self, text: str, role: str = "") -> None:
        self.column.addWidget(parts.label(text, role, wrap=True))

    def _show_contact(self, summary: ClientSummary | None) -> None:
        self._head(tr("Last contact"))
        if summary is None or summary.last_contact_at is None:
            self._say(tr("Never, as far as is known here."), "muted")
            return
        way = of(summary.last_contact_channel) if summary.last_contact_channel else ""
        words = (dates.ago(summary.last_contact_at), way, summary.last_contact_name)
        self._say(" · ".join(one for one in words if one))

    def _show_promises(self, promises: Sequence[PromiseRow]) -> None:
        if not promises:
            return
        self._head(ntr("{n} open promise", "{n} open promises", len(promises)))
        for promise in promises[:MOST]:
            due = dates.due(promise.due_on) if promise.due_on else tr("no date")
            tone = Tone.DANGER if promise.is_overdue else Tone.NEUTRAL
            name = tr("Kept: {what}", what=promise.text)
            keep = parts.icon_button("check", name, partial(self._do, keep_promise, promise.id))
            self._item(promise.text, Chip(due, tone, "promise"), keep)

    def _show_tickets(self, tickets: Sequence[TicketRow]) -> None:
        others = [one for one in tickets if one.id != self.but]
        if not others:
            return
        n = len(others)
        said = (
            ntr("{n} open ticket", "{n} open tickets", n)
            if n == len(tickets)
            else ntr("{n} more open ticket", "{n} more open tickets", n)
        )
        self._head(f"{said[:1].upper()}{said[1:]}")
        for ticket in others[:MOST]:
            words = f"#{ticket.number} {ticket.subject}"
            go = partial(self.desk.go, "tickets", ticket=ticket.id)
            line = parts.row(parts.Picture("tickets"), spacing=4)
            line.addWidget(Link(words, go, lines=2), 1)
            self.column.addLayout(line)

    def _show_tasks(self, tasks: Sequence[TaskRow]) -> None:
        if not tasks:
            return
        self._head(tr("Next"))
        for task in tasks:
            due = due_chip(task) or Chip(tr("no date"), Tone.NEUTRAL, "clock")
            name = tr("Done: {task}", task=task.title)
            done = parts.icon_button("check", name, partial(self._do, complete_task, task.id))
            self._item(task.title, due, done)

    def _show_people(self, contacts: Sequence[ContactRow]) -> None:
        if not contacts:
            return
        self._head(tr("Contacts"))
        for one in contacts[:MOST]:
            # The dot ends a line rather than beginning one.
            who = "\u00a0· ".join(x for x in (one.name, of(one.role)) if x)
            points = [_point(point.shown) for point in one.points[:2]]
            name = parts.label(who, wrap=True)
            self.column.addLayout(parts.column(name, *points, spacing=3))
            self.column.addSpacing(4)  # closer to their own numbers than to the next person

    def _item(self, text: str, chip: Chip, button: QWidget) -> None:
        body = parts.column(parts.label(text, wrap=True), ChipRow([chip]), spacing=2)
        line = parts.row(spacing=4)
        line.addLayout(body, 1)
        line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(line)

    def _do(self, command: Any, row_id: Any) -> None:
        self.desk.do(command, row_id).tell()


def _point(shown: str) -> QWidget:
    if len(shown) <= _WHOLE:
        return parts.label(shown, "muted", select=True)
    # What is copied must not have the marks in it at which the address may break.
    made = parts.label(breakable(shown), "muted", wrap=True)
    made.setAccessibleName(shown)
    made.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
    made.addAction(tr("Copy address"), lambda: QGuiApplication.clipboard().setText(shown))
    return made
