"""Answers to "who is this?" and "where was that?", from any scrap."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import select

from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contacts import phones
from deskcrm.domain.contacts.model import Contact, ContactId
from deskcrm.domain.contacts.settings import phone_region
from deskcrm.domain.interactions.model import Interaction
from deskcrm.domain.knowledge.model import Article
from deskcrm.domain.lookup.fields import Field, Kind, shown
from deskcrm.domain.lookup.reasons import in_words
from deskcrm.domain.merges.homes import homes_among
from deskcrm.domain.tickets.model import TicketMessage
from deskcrm.store import search
from deskcrm.store.reader import Reader
from deskcrm.store.search import Hit, Match, Snippet
from deskcrm.store.types import from_milliseconds

SHORTEST_CALLER: Final = 7
"""Fewer digits do not name a caller."""
_MORE: Final = 4  # hits asked for each row wanted, where several hits may fall into one row


class Found(StrEnum):
    """How sure a find is, and by what."""

    EXACT = "exact"
    ENDING = "ending"
    MENTIONED = "mentioned"
    NAME = "name"
    EMAIL = "email"
    TICKET = "ticket"
    TEXT = "text"


_BY_NUMBER: Final = {
    Match.PHONE: Found.EXACT,
    Match.PHONE_ENDING: Found.ENDING,
    Match.PHONE_BEGINNING: Found.ENDING,
    Match.MENTIONED: Found.MENTIONED,
}


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One line of search results: what it is, whose, and why it is there.

    ``client_id`` is None, and ``client_name`` empty, for what belongs to no client: an article.
    """

    kind: Kind
    id: UUID
    client_id: ClientId | None
    client_name: str
    title: str
    detail: str
    match: Found
    why: str
    snippet: Snippet | None
    moment: datetime

    @property
    def client(self) -> ClientId:
        """The client that it is about; whatever is no article has one."""
        assert self.client_id is not None
        return self.client_id


@dataclass(frozen=True, slots=True)
class CallerMatch:
    """Somebody who may be calling: the surest first."""

    client_id: ClientId
    client_name: str
    contact_id: ContactId | None
    contact_name: str
    level: Found
    number: str
    why: str


@dataclass(frozen=True, slots=True)
class LookupRow:
    """A client that a scrap led to, for scripts."""

    client: ClientId
    name: str
    contact: str
    match: Found
    why: str


class _Said(NamedTuple):
    """What a hit inside a text needs to be shown."""

    title: str
    text: str


def search_everything(
    db: Reader,
    text: str,
    limit: int = 20,
    *,
    kinds: Collection[Kind] = (),
    client_id: ClientId | None = None,
) -> list[FoundRow]:
    """Find clients, contacts, tickets, interactions and articles by whatever was typed, best first.

    ``kinds`` limits what is found; ``client_id`` searches the conversations of one client.
    """
    hits = search.search(
        db.connection,
        text,
        kinds=tuple(kinds),
        subject=client_id,
        numbers=_readings(db, text),
        limit=limit,
    )
    names = _client_names(db, hits)
    said = _said(db, hits)
    return [_row(hit, text, names, said.get(hit.row_id)) for hit in hits]


def find_callers(db: Reader, number: str, region: str | None = None) -> list[CallerMatch]:
    """Say who may be calling from a number: by the whole, by its last digits, or by a mention.

    Everybody who has the number is named, so two clients that share one are both shown.
    ``region``: the two-letter country it is read in, else the workspace's.
    """
    digits = search.digits_of(number)
    if len(digits) < SHORTEST_CALLER:
        return []
    found = search.find_numbers(db.connection, [digits, *_readings(db, number, region)])
    best: dict[tuple[UUID, UUID | None], Hit] = {}
    for _, hit in found:
        if hit.reasons[0].match is Match.PHONE_BEGINNING:
            continue
        key = hit.subject, hit.row_id if hit.kind == Kind.CONTACT else None
        if key not in best or best[key].score < hit.score:
            best[key] = hit
    hits = sorted(best.values(), key=lambda hit: (-hit.score, -hit.moment))
    names = _client_names(db, hits)
    return [_caller(hit, names) for hit in hits if hit.subject in names]


def lookup(db: Reader, text: str, limit: int = 10) -> list[LookupRow]:
    """Find clients by any scrap, each client and contact once, best first."""
    rows: dict[tuple[UUID, str], LookupRow] = {}
    for found in search_everything(db, text, limit * _MORE):
        if found.client_id is None:
            continue  # an article leads to an answer, not to a client
        contact = found.title if found.kind is Kind.CONTACT else ""
        row = LookupRow(found.client_id, found.client_name, contact, found.match, found.why)
        rows.setdefault((row.client, row.contact), row)
    return list(rows.values())[:limit]


def warm_up(db: Reader) -> None:
    """Load what the first search would wait for: stems, typos, the rules of phone numbers."""
    for text in ("разогреваемся", "warming up", "+7 916 123-45-67"):
        search_everything(db, text, limit=1)


def _readings(db: Reader, text: str, region: str | None = None) -> list[str]:
    """The digits of the text read as a phone number, if they differ from how they stand."""
    if len(search.digits_of(text)) < SHORTEST_CALLER:
        return []
    normal = phones.normalize(text, region or phone_region(db))
    return [search.digits_of(normal)] if normal else []


def _row(hit: Hit, typed: str, names: dict[UUID, str], said: _Said | None) -> FoundRow:
    kind, client = Kind(hit.kind), names.get(hit.subject, "")
    cut = search.snippet(said.text, typed) if said else None
    title = hit.title or (said.title if said else "") or client
    return FoundRow(
        kind=kind,
        id=hit.row_id,
        client_id=None if kind is Kind.ARTICLE else ClientId(hit.subject),
        client_name=client,
        title=title,
        detail=_detail(hit, client),
        match=_found(hit),
        why=in_words(hit.reasons, cut.text if cut else "", kind),
        snippet=cut,
        moment=from_milliseconds(hit.moment),
    )


def _detail(hit: Hit, client: str) -> str:
    """The second line of a result: whose it is, or where the client is."""
    wanted = {
        Kind.CLIENT: (Field.CITY,),
        Kind.CONTACT: (Field.POSITION, Field.CLIENT),
        Kind.TICKET: (Field.TICKET_NUMBER, Field.CLIENT),
        Kind.INTERACTION: (),
        Kind.ARTICLE: (),
    }[Kind(hit.kind)]
    parts = [
        shown(field, name.text) for field in wanted for name in hit.names if name.field == field
    ]
    return " · ".join(parts or ([client] if hit.kind == Kind.INTERACTION else []))


def _found(hit: Hit) -> Found:
    first = hit.reasons[0] if hit.reasons else None
    if first is None or first.match is Match.TEXT or hit.reasons[-1].match is Match.TEXT:
        return Found.TEXT
    if first.match in _BY_NUMBER:
        return _BY_NUMBER[first.match]
    if hit.kind == Kind.TICKET:
        return Found.TICKET
    return Found.EMAIL if first.field == Field.EMAIL else Found.NAME


def _caller(hit: Hit, names: dict[UUID, str]) -> CallerMatch:
    is_contact = hit.kind == Kind.CONTACT
    return CallerMatch(
        client_id=ClientId(hit.subject),
        client_name=names[hit.subject],
        contact_id=ContactId(hit.row_id) if is_contact else None,
        contact_name=hit.title if is_contact else "",
        level=_BY_NUMBER[hit.reasons[0].match],
        number=hit.reasons[0].piece,
        why=in_words(hit.reasons, "", Kind(hit.kind)),
    )


def _client_names(db: Reader, hits: Sequence[Hit]) -> dict[UUID, str]:
    """The names of the clients of hits; most of them stand in the index already."""
    names = {
        hit.subject: name.text
        for hit in hits
        for name in hit.names
        if name.field == (Field.NAME if hit.kind == Kind.CLIENT else Field.CLIENT)
    }
    missing = {hit.subject for hit in hits if hit.kind != Kind.ARTICLE} - names.keys()
    if missing:
        rows = db.all(select(Client.id, Client.name).where(Client.id.in_(missing)))
        names.update((row.id, row.name) for row in rows)
    return names


def _said(db: Reader, hits: Iterable[Hit]) -> dict[UUID, _Said]:
    """The texts in which something was found, to show the place."""
    inside = [hit for hit in hits if any(reason.match in _IN_TEXT for reason in hit.reasons)]
    titles = {hit.row_id: hit.title for hit in inside}
    by_kind = {kind: [hit.row_id for hit in inside if hit.kind == kind] for kind in Kind}
    found: dict[UUID, _Said] = {}
    for kind, columns in _TEXTS.items():
        if by_kind[kind]:
            key, *texts = columns
            for row_id, *said in db.all(select(key, *texts).where(key.in_(by_kind[kind]))):
                title = said[0] if kind is Kind.INTERACTION else titles[row_id]
                found[row_id] = _Said(title, _joined(*said))
    for ticket_id, said in _messages(db, by_kind[Kind.TICKET]).items():
        found[ticket_id] = _Said(titles[ticket_id], _joined(titles[ticket_id], *said))
    return found


_IN_TEXT: Final = frozenset({Match.TEXT, Match.MENTIONED})
_TEXTS: Final[dict[Kind, tuple[Any, ...]]] = {
    Kind.INTERACTION: (Interaction.id, Interaction.subject, Interaction.text),
    Kind.CLIENT: (Client.id, Client.about, Client.goals, Client.caution),
    Kind.CONTACT: (Contact.id, Contact.notes),
    Kind.ARTICLE: (Article.id, Article.body),
}


def _messages(db: Reader, tickets: Sequence[UUID]) -> dict[UUID, list[str]]:
    said: dict[UUID, list[str]] = {ticket_id: [] for ticket_id in tickets}
    if not tickets:
        return said
    homes = homes_among(db.connection, tickets)
    rows = db.all(
        select(TicketMessage.ticket_id, TicketMessage.text)
        .where(TicketMessage.ticket_id.in_([*tickets, *homes]), ~TicketMessage.is_deleted)
        .order_by(TicketMessage.sent_at)
    )
    for row in rows:
        said[homes.get(row.ticket_id, row.ticket_id)].append(row.text)
    return said


def _joined(*texts: str) -> str:
    return " · ".join(text for text in texts if text)
