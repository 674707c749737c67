"""The hand-over packet: what a substitute has to know, on a card and as a PDF."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from PySide6.QtWidgets import QWidget

from deskcrm.base.errors import UserError
from deskcrm.base.words import of, ptr, tr
from deskcrm.domain.absences.handover import HandedTicket, Handover, get_handover
from deskcrm.domain.absences.queries import Choosable, list_choosable
from deskcrm.domain.attachments.names import safe_name
from deskcrm.domain.users.model import UserId
from deskcrm.ui.absences.words import days_words, person_options
from deskcrm.ui.contracts.deeds import decision_words
from deskcrm.ui.interactions.files import choose_where
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.paper import PaperView, make_document, write_pdf
from deskcrm.ui.sla.words import due_words
from deskcrm.ui.tickets.shapes import Setter

_LONGEST: Final = 600


class PacketCard(Overlay):
    """Opens itself over the window, for one person; another can be chosen."""

    def __init__(self, desk: Desk, over: QWidget, user_id: UserId) -> None:
        super().__init__(over.window(), width=780, top=0.05)
        self.desk = desk
        self.user_id = user_id
        self.found: Handover | None = None
        self.who = Setter(tr("Whose work is handed over"), [], self._on_who)
        self.save = parts.button(tr("Save as PDF…"), self.save_pdf, icon="print")
        close = parts.icon_button("close", tr("Close"), self.close_card)
        self.text = PaperView(tr("Hand-over"))
        heading = parts.label(tr("Hand-over"), "heading")
        head = parts.row(
            heading, self.who, None, self.save, close, spacing=12, margins=(24, 16, 16, 4)
        )
        self.card.setLayout(
            parts.column(head, parts.row(self.text, margins=(20, 0, 8, 16)), spacing=4)
        )
        self.closed.connect(self.deleteLater)
        self.open_card()
        desk.ask((self, "people"), list_choosable).then(self._show_people)
        self._ask()

    def height_wanted(self) -> int:
        """As tall as the window allows: a packet is read, not glanced at."""
        return self.window().height()

    def save_pdf(self) -> None:
        """Ask for a file and write the packet into it."""
        found = self.found
        if found is None:
            return
        title = tr("Hand-over: {name}", name=found.name)
        path = choose_where(self, safe_name(f"{title}.pdf"), "PDF (*.pdf)")
        if path is None:
            return
        try:
            write_pdf(make_document(paragraphs(found)), title, path)
        except UserError as error:
            self.desk.complain(error)
        else:
            self.desk.tell(tr("Saved: {name}", name=path.name))

    def _ask(self) -> None:
        self.desk.ask((self, "packet"), get_handover, self.user_id).then(self._show)

    def _on_who(self, user_id: UserId) -> None:
        self.user_id = user_id
        self._ask()

    def _show_people(self, people: list[Choosable]) -> None:
        self.who.set_options(person_options(people))
        self.who.show_value(self.user_id)

    def _show(self, found: Handover) -> None:
        self.found = found
        self.text.show_paragraphs(paragraphs(found))


def paragraphs(found: Handover) -> Iterator[tuple[str, str]]:
    """Give the paragraphs of a packet."""
    yield "title", tr("Hand-over: {name}", name=found.name)
    yield from _head(found)
    yield from _section(
        tr("Read before talking to them"), [f"{who}: {what}" for who, what in found.cautions]
    )
    yield from _section(
        tr("Risks that are known"),
        [f"{one.client}: {' '.join(one.reasons)}" for one in found.risks],
    )
    yield from _tickets(found)
    yield from _section(
        tr("Open promises"),
        [_dated(f"{one.client}: {one.text}", one.due_on) for one in found.promises],
    )
    yield from _section(
        tr("What comes next"),
        [
            _dated(f"{one.client}: {one.title}" if one.client else one.title, one.due_on)
            for one in found.tasks
        ],
    )
    yield from _section(
        tr("Contracts to be decided"),
        [
            " · ".join(
                part
                for part in (one.client_name, one.contract.title, decision_words(one.contract))
                if part
            )
            for one in found.renewals
        ],
    )


def _head(found: Handover) -> Iterator[tuple[str, str]]:
    absence = found.absence
    if absence is None:
        until = dates.day(found.until, year=True)
        yield "text", tr("No absence is planned; this looks ahead to {day}.", day=until)
    else:
        substitute = absence.substitute or tr("nobody")
        yield (
            "text",
            tr("Away {days} · Substitute: {name}", days=days_words(absence), name=substitute),
        )
        if absence.note:
            yield "text", absence.note
    yield "small", tr("As of {when}", when=dates.day(dates.today(), year=True))


def _section(head: str, lines: list[str]) -> Iterator[tuple[str, str]]:
    yield "head", head
    if not lines:
        yield "text", ptr("in a section", "None")
    yield from (("text", line) for line in lines)


def _tickets(found: Handover) -> Iterator[tuple[str, str]]:
    yield "head", tr("Open tickets")
    if not found.tickets:
        yield "text", ptr("in a section", "None")
    for one in found.tickets:
        row = one.row
        yield "strong", f"#{row.number} {row.subject}"
        whose = " · ".join(part for part in (row.client, row.contact, of(row.state)) if part)
        yield "small", f"{whose} · {dates.unbroken(due_words(row))}"
        if one.last is not None:
            yield "text", _last_words(one)
        yield "text", tr("Next: {step}", step=one.next_step)


def _last_words(one: HandedTicket) -> str:
    last = one.last
    assert last is not None  # asked before
    words = " ".join(last.text.split())
    text = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
    who = last.author or of(last.kind)
    return f"{who}, {dates.full(last.at)}: {text}"


def _dated(text: str, day: date | None) -> str:
    return f"{text} · {dates.day(day, year=True)}" if day else text
