"""Quick entry: a call, a note, a task, a ticket or a client, from anywhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from deskcrm.base import words
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.interactions.channels import Direction
from deskcrm.domain.interactions.commands import Consequences, add_note, log_call
from deskcrm.domain.lookup.commands import add_caller
from deskcrm.domain.tasks.commands import create_task
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.model import TicketKind
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.desk import Deed, Desk
from deskcrm.ui.kit.fields import Choice, Field, Line, Text
from deskcrm.ui.kit.fields_parsed import Day, Duration
from deskcrm.ui.kit.segments import Segments
from deskcrm.ui.lookup.whose import Whose, read_ids
from deskcrm.ui.promises.offers import PromiseOffers

if TYPE_CHECKING:
    from deskcrm.ui.shell.window import Window

Fields = list[Field | tuple[Field, ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be begun from anywhere."""

    id: str
    name: str
    icon: str
    fields: Callable[[Desk], Fields]
    save: Callable[["EntryCard", dict[str, Any]], Deed[Any]]


class EntryCard(FormCard):
    """A form over the window, with a row of tabs for what it is; Alt+1 to Alt+5 change it."""

    def __init__(self, window: "Window", entry: Entry) -> None:
        self.offers: PromiseOffers | None = None
        self.entry = entry
        self._main = window
        super().__init__(
            window.desk,
            window,
            tr("New"),
            entry.fields(window.desk),
            partial(entry.save, self),
            place="entry",
            subject=entry.id,
            width=560,
        )
        self._add_tabs()
        self._add_offers()
        # The row of tabs knows its height only once it was laid out.
        self.relayout()
        first = next(iter(self.form.fields.values()))
        first.stop().setFocus()

    def _add_tabs(self) -> None:
        self.heading.hide()
        known = entries()
        self.tabs = Segments([each.name for each in known], tr("What is new"))
        self.tabs.setCurrentIndex([each.id for each in known].index(self.entry.id))
        self.tabs.currentChanged.connect(self._change)
        layout = self._inside.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(0, self.tabs)
        for number in range(len(known)):
            shortcut = QShortcut(QKeySequence(f"Alt+{number + 1}"), self)
            shortcut.activated.connect(partial(self.tabs.setCurrentIndex, number))

    def _change(self, at: int) -> None:
        self.form.keep_draft()
        self.close_card()
        begin(self._main, entries()[at].id)

    def _add_offers(self) -> None:
        said = self.form.fields.get("said")
        if isinstance(said, Text):
            self.offers = PromiseOffers(said.text)
            self.offers.changed.connect(self.relayout)
            layout = said.layout()
            if layout is not None:
                layout.addWidget(self.offers)

    def consequences(self) -> Consequences:
        """What was promised, as far as it stays checked."""
        return Consequences(promises=self.offers.chosen() if self.offers else ())


def begin(window: "Window", kind: str = "call") -> EntryCard:
    """Open quick entry for a kind of thing; what was begun before is there again."""
    found = {entry.id: entry for entry in entries()}[kind]
    return EntryCard(window, found)


def entries() -> Sequence[Entry]:
    """What can be begun from anywhere, in order."""
    return (
        Entry("call", tr("Call"), "phone", _call_fields, _save_call),
        Entry("note", tr("Note"), "note", _note_fields, _save_note),
        Entry("task", tr("Task"), "tasks", _task_fields, _save_task),
        Entry("ticket", tr("Ticket"), "tickets", _ticket_fields, _save_ticket),
        Entry("client", tr("Client"), "clients", _client_fields, _save_client),
    )


def _whose(picked: str) -> tuple[ClientId, ContactId | None]:
    client, contact = read_ids(picked)
    assert client is not None  # the field is required
    return client, contact


# Each kind: its fields, and the command.


def _call_fields(desk: Desk) -> Fields:
    directions = [(one, words.of(one)) for one in (Direction.INCOMING, Direction.OUTGOING)]
    return [
        Whose(desk, required=True),
        Text("said", tr("What was said"), required=True, lines=4),
        (Choice("direction", tr("Direction"), directions), Duration("lasted", tr("Duration"))),
    ]


def _save_call(card: EntryCard, values: dict[str, Any]) -> Deed[Any]:
    client, contact = _whose(values["client"])
    deed = card.desk.do(
        log_call,
        client,
        text=values["said"],
        minutes=(values["lasted"] or 0) / 60,
        direction=values["direction"],
        contact_id=contact,
        consequences=card.consequences(),
    )
    return deed.tell()


def _note_fields(desk: Desk) -> Fields:
    return [Whose(desk, required=True), Text("said", tr("Note"), required=True, lines=5)]


def _save_note(card: EntryCard, values: dict[str, Any]) -> Deed[Any]:
    client, contact = _whose(values["client"])
    deed = card.desk.do(
        add_note,
        client,
        text=values["said"],
        contact_id=contact,
        consequences=card.consequences(),
    )
    return deed.tell()


def _task_fields(desk: Desk) -> Fields:
    return [
        Line("title", tr("What is to be done"), required=True),
        (Whose(desk), Day("due", tr("When"))),
    ]


def _save_task(card: EntryCard, values: dict[str, Any]) -> Deed[Any]:
    client, contact = read_ids(values["client"])
    deed = card.desk.do(
        create_task,
        title=values["title"],
        due=values["due"],
        client_id=client,
        contact_id=contact,
    )
    return deed.tell()


def _ticket_fields(desk: Desk) -> Fields:
    kinds = [(one, words.of(one)) for one in TicketKind]
    return [
        (Whose(desk, required=True), Choice("kind", tr("Kind"), kinds)),
        Line("subject", tr("Subject"), required=True),
        Text("text", tr("What the client said"), lines=4),
    ]


def _save_ticket(card: EntryCard, values: dict[str, Any]) -> Deed[Any]:
    client, contact = _whose(values["client"])
    deed = card.desk.do(
        open_ticket,
        client,
        subject=values["subject"],
        kind=values["kind"],
        text=values["text"],
        contact_id=contact,
    )
    desk = card.desk
    deed.then(lambda done: desk.go("tickets", ticket=done.value))
    return deed.tell()


def _client_fields(desk: Desk) -> Fields:
    return [
        (
            Line("company", tr("Company"), hint=tr("Leave it empty for a private person.")),
            Line("name", tr("Person")),
        ),
        (Line("number", tr("Phone")), Line("email", tr("Email"))),
    ]


def _save_client(card: EntryCard, values: dict[str, Any]) -> Deed[Any]:
    deed = card.desk.do(add_caller, **values)
    desk = card.desk
    deed.then(lambda done: desk.go("clients", client=done.value[0]))
    return deed.tell(tr("{name} was added", name=values["company"] or values["name"]))
