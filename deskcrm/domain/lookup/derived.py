"""Keeps the search index in step with the records, and makes it from nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import Connection, func, select

from deskcrm.domain.client_merges.former import those_above
from deskcrm.domain.clients.model import Client, CustomValue
from deskcrm.domain.contacts.model import Contact, ContactPoint
from deskcrm.domain.interactions.model import Interaction
from deskcrm.domain.knowledge.model import Article
from deskcrm.domain.lookup import documents
from deskcrm.domain.tickets.model import Ticket, TicketMessage
from deskcrm.domain.tickets.touched import touched_tickets
from deskcrm.store import search
from deskcrm.store.among import among
from deskcrm.store.derived import (
    Derived,
    Tell,
    Touched,
    forget_meta,
    read_meta,
    register_derived,
    write_meta,
)
from deskcrm.store.search import Document

T = TypeVar("T")
Maker = Callable[[Connection, Sequence[UUID]], Iterator[Document]]

_VERSION: Final = 3
"""Raise it when the documents change; the index has a version of its own in the store."""
_AT_ONCE: Final = 2_000

# Clients first: those who only want a name can be answered while the texts are still filed.
_MAKERS: Final[dict[str, tuple[Any, Maker]]] = {
    "client": (Client.id, documents.client_documents),
    "contact": (Contact.id, documents.contact_documents),
    "ticket": (Ticket.id, documents.ticket_documents),
    "interaction": (Interaction.id, documents.interaction_documents),
    "article": (Article.id, documents.article_documents),
}
_WATCHES: Final = frozenset(
    {*_MAKERS, "client_merge", "contact_point", "custom_field", "custom_value", "ticket_message"}
)
_FIELDS: Final = "search.custom_fields"
"""The fact under which the custom fields are noted whose values are filed."""


def rebuild(connection: Connection, touched: Sequence[Touched]) -> None:
    """Bring the index up to date with the rows that a write touched."""
    with search.gathering(connection, len(touched)):
        _rebuild(connection, touched)


def _rebuild(connection: Connection, touched: Sequence[Touched]) -> None:
    rows: dict[str, set[UUID]] = {table: set() for table in _WATCHES}
    subjects: dict[str, set[UUID]] = {table: set() for table in _WATCHES}
    for one in touched:
        rows[one.table].add(one.row_id)
        subjects[one.table].add(one.subject)
    clients = rows["client"] | subjects["contact_point"] | subjects["custom_value"]
    # A client is found by the names of those that went into it, whichever of them was touched.
    clients |= subjects["client_merge"]
    clients |= those_above(connection, subjects["client_merge"] | rows["client"])
    if rows["custom_field"]:
        fields = _note_fields(connection)
        clients |= _wherever(connection, CustomValue.field_id, fields, CustomValue.client_id)
    contacts = rows["contact"] | _of_clients(connection, Contact, subjects["contact_point"])
    # A number can be of somebody who is at another client by now: both were moved apart.
    points = rows["contact_point"]
    contacts |= _wherever(connection, ContactPoint.id, points, ContactPoint.contact_id)
    tickets = touched_tickets(connection, touched, [TicketMessage])
    interactions = set(rows["interaction"])
    for chunk in _chunks(clients):
        done = _refile(connection, "client", chunk)
        known_otherwise = done.renamed | done.came_or_went
        contacts |= _of_clients(connection, Contact, known_otherwise)
        tickets |= _of_clients(connection, Ticket, known_otherwise)
        interactions |= _of_clients(connection, Interaction, done.came_or_went)
    for table, ids in (
        ("contact", contacts),
        ("ticket", tickets),
        ("interaction", interactions),
        ("article", rows["article"]),
    ):
        for chunk in _chunks(ids):
            _refile(connection, table, chunk)
    for chunk in _chunks(rows["interaction"]):
        search.note_moments(connection, documents.spoken_to(connection, chunk))


def refill(connection: Connection, tell: Tell) -> None:
    """File every record into the empty index."""
    _note_fields(connection)
    search.fill(connection, _all_documents(connection, tell))


def _all_documents(connection: Connection, tell: Tell) -> Iterator[Document]:
    keys = [key for key, _ in _MAKERS.values()]
    total = sum(connection.scalar(select(func.count(key))) or 0 for key in keys)
    done = 0
    for key, make in _MAKERS.values():
        last = UUID(int=0)
        while True:
            ids = connection.scalars(
                select(key).where(key > last).order_by(key).limit(_AT_ONCE)
            ).all()
            if not ids:
                break
            last = ids[-1]
            yield from make(connection, ids)
            done += len(ids)
            tell(done, total)


def _refile(connection: Connection, table: str, ids: Sequence[UUID]) -> search.Refiled:
    """File some rows of a table again; says which are known otherwise now, and which came or went.

    Known otherwise: by another name or weight, which what belongs to the row carries too.
    """
    return search.refile(connection, ids, list(_MAKERS[table][1](connection, ids)))


def _of_clients(connection: Connection, model: Any, clients: Iterable[UUID]) -> set[UUID]:
    return _wherever(connection, model.client_id, clients, model.id)


def _wherever(connection: Connection, column: Any, given: Iterable[UUID], wanted: Any) -> set[UUID]:
    """Give what stands in one column of the rows whose other one is among these."""
    return {
        found
        for chunk in _chunks(given)
        for found in connection.scalars(select(wanted).where(among(connection, column, chunk)))
        if found is not None
    }


def _note_fields(connection: Connection) -> set[UUID]:
    """Note the custom fields that are searched; gives those that were not, or are no longer.

    A field may be gone without a trace; its name or its place among the others changes nothing.
    """
    noted = {UUID(one) for one in (read_meta(connection, _FIELDS) or "").split()}
    searched = documents.searched_fields(connection)
    if not searched:
        forget_meta(connection, _FIELDS)
    elif searched != noted:
        write_meta(connection, _FIELDS, " ".join(sorted(map(str, searched))))
    return searched ^ noted


def _chunks(ids: Iterable[T]) -> Iterator[list[T]]:
    stream = iter(ids)
    while chunk := list(islice(stream, _AT_ONCE)):
        yield chunk


INDEX: Final = register_derived(
    Derived(
        name="search",
        watches=_WATCHES,
        rebuild=rebuild,
        reset=search.reset,
        refill=refill,
        version=1000 * search.VERSION + _VERSION,
        only_sqlite=True,
        compared=(*search.COMPARED, f"SELECT value FROM local_meta WHERE key = '{_FIELDS}'"),
    )
)
