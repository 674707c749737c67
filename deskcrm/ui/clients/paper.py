"""A client's page on paper: who it is, where we stand, what happened; plain text throughout."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QWidget

from deskcrm.base.errors import UserError
from deskcrm.base.words import ntr, of, tr
from deskcrm.domain.attachments.names import safe_name
from deskcrm.domain.clients.detail import ClientDetail, get_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.entries import TimelineEntry
from deskcrm.domain.interactions.queries import page_timeline
from deskcrm.store.reader import Reader
from deskcrm.ui.clients.gathered import Standing, get_standing
from deskcrm.ui.clients.identity import custom_words, facts_of, point_words
from deskcrm.ui.contracts.deeds import decision_words, value_words
from deskcrm.ui.interactions.entry import as_entry
from deskcrm.ui.interactions.files import choose_where
from deskcrm.ui.kit import dates
from deskcrm.ui.kit import paper as kit_paper
from deskcrm.ui.kit.desk import Desk

MOST_ENTRIES: Final = 200


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that goes on paper, from one view of the database."""

    detail: ClientDetail
    standing: Standing
    entries: Sequence[TimelineEntry]
    has_more: bool


def get_paper(db: Reader, client_id: ClientId) -> Paper:
    """Gather a client's page."""
    page = page_timeline(db, client_id, limit=MOST_ENTRIES)
    detail, standing = get_client(db, client_id), get_standing(db, client_id)
    return Paper(detail, standing, page.entries, page.has_more)


def save_pdf(desk: Desk, over: QWidget, client_id: ClientId, name: str) -> None:
    """Ask for a file and write the client's page into it."""
    path = choose_where(over, safe_name(f"{name}.pdf"), "PDF (*.pdf)")
    if path is None:
        return

    def write(paper: Paper) -> None:
        try:
            write_pdf(paper, path)
        except UserError as error:
            desk.complain(error)
        else:
            desk.tell(tr("Saved: {name}", name=path.name))

    desk.ask((over, "paper"), get_paper, client_id).then(write)


def write_pdf(paper: Paper, path: Path) -> None:
    """Write a page as a PDF; raises UserError when the file cannot be written."""
    kit_paper.write_pdf(make_document(paper), paper.detail.profile.name, path)


def make_document(paper: Paper) -> QTextDocument:
    """Lay a page out as a document of plain paragraphs."""
    return kit_paper.make_document(paragraphs(paper))


def paragraphs(paper: Paper) -> Iterator[tuple[str, str]]:
    """Give the paragraphs of a page: (title, head, strong, text or small; the words)."""
    yield from _who(paper.detail)
    yield from _state(paper.standing)
    if paper.entries:
        yield "head", tr("What happened")
    for entry in paper.entries:
        shown = as_entry(entry)
        yield "strong", " · ".join((dates.full(entry.at), shown.title))
        if shown.meta:
            yield "small", shown.meta
        if shown.body:
            yield "text", shown.body
    if paper.has_more:
        said = ntr("The latest {n} item is shown.", "The latest {n} items are shown.", MOST_ENTRIES)
        yield "small", said


def _who(detail: ClientDetail) -> Iterator[tuple[str, str]]:
    profile = detail.profile
    yield "title", profile.name
    said = [of(profile.tier), of(profile.lifecycle), profile.owner or tr("No owner")]
    said += [tag.name for tag in detail.tags]
    yield "text", " · ".join(said)
    yield "small", tr("As of {when}", when=dates.day(dates.today(), year=True))
    if profile.caution:
        yield "strong", tr("Caution: {text}", text=profile.caution)
    yield "head", tr("People")
    for contact in detail.contacts:
        points = ", ".join(point_words(point) for point in contact.points)
        said = [contact.name, contact.position, of(contact.role), points]
        yield "text", " · ".join(one for one in said if one)
    yield "head", tr("Details")
    filled = [value for value in detail.custom_values if value.text]
    custom = [(value.name, custom_words(value)) for value in filled]
    for caption, text in (*facts_of(profile), *custom):
        if text:
            yield "text", f"{caption}: {text}"
    for caption, text in ((tr("Goals"), profile.goals), (tr("About"), profile.about)):
        if text:
            yield "head", caption
            yield "text", text


def _state(standing: Standing) -> Iterator[tuple[str, str]]:
    for head, lines in (
        (tr("Open promises"), [_due(one.text, one.due_on) for one in standing.promises]),
        (tr("Open tickets"), [f"#{one.number} {one.subject}" for one in standing.tickets]),
        (tr("Next"), [_due(one.title, one.due_on) for one in standing.tasks]),
    ):
        if lines:
            yield "head", head
            yield from (("text", line) for line in lines)
    if standing.contracts:
        yield "head", tr("Contracts")
    for contract in standing.contracts:
        yield "text", " · ".join((contract.title, value_words(contract), of(contract.status)))
        if decision_words(contract) and contract.is_in_force:
            yield "small", decision_words(contract)


def _due(text: str, day: date | None) -> str:
    return f"{text} · {dates.day(day, year=True)}" if day else text
