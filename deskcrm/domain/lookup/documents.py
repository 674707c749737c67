"""Says what search must know of clients, contacts, tickets and interactions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from deskcrm.domain.client_merges.former import former_names
from deskcrm.domain.clients.model import Client, CustomField, CustomValue, FieldKind
from deskcrm.domain.contacts.model import Contact, ContactPoint, ContactStatus, PointKind
from deskcrm.domain.interactions.model import Interaction
from deskcrm.domain.knowledge.model import Article, ArticleState
from deskcrm.domain.lookup import weights
from deskcrm.domain.lookup.fields import Field, Kind
from deskcrm.domain.merges.homes import IS_AT_HOME, homes_among
from deskcrm.domain.tickets.model import Ticket, TicketMessage
from deskcrm.store.among import among, among_given, given
from deskcrm.store.search import Document, Named, digits_of, mentioned_numbers
from deskcrm.store.types import to_milliseconds

Ids = Collection[UUID]
Points = dict[UUID, list[tuple[PointKind, str, str]]]

_SEARCHED_KINDS: Final = (FieldKind.TEXT, FieldKind.LINK)  # the others are filtered by
_LONGEST_CUSTOM: Final = 60  # longer custom texts are prose, not something to be known by


def searched_fields(connection: Connection) -> set[UUID]:
    """Give the custom fields whose values clients are found by."""
    return {*connection.scalars(select(CustomField.id).where(_is_searched()))}


def client_documents(connection: Connection, ids: Ids) -> Iterator[Document]:
    """Make the documents of those of these clients that are there."""
    rows = connection.execute(_clients(), given(connection, ids)).all()
    if not rows:
        return
    points = _points(connection, ContactPoint.client_id, ids, ContactPoint.contact_id.is_(None))
    customs, latest = _customs(connection, ids), _latest(connection, ids)
    former = former_names(connection, ids)
    for row in rows:
        names = former.get(row.id, ())
        yield _client(row, names, points[row.id], customs[row.id], latest.get(row.id))


def contact_documents(connection: Connection, ids: Ids) -> Iterator[Document]:
    """Make the documents of those of these contacts that are there, with their clients' names."""
    rows = connection.execute(_contacts(), given(connection, ids)).all()
    points = _points(connection, ContactPoint.contact_id, ids)
    # The client's, not the person's own: that is in an index, and as good for breaking ties.
    latest = _latest(connection, {row.client_id for row in rows})
    for row in rows:
        yield _contact(row, points[row.id], latest.get(row.client_id))


def ticket_documents(connection: Connection, ids: Ids) -> Iterator[Document]:
    """Make the documents of those of these tickets that are there, with what was said in them."""
    rows = connection.execute(_tickets(), given(connection, ids)).all()
    homes = homes_among(connection, ids)
    numbers = _numbers_within(connection, homes)
    said = _said_within(connection, ids, homes)
    for row in rows:
        texts = said[row.id]
        yield Document(
            kind=Kind.TICKET,
            row_id=row.id,
            subject=row.client_id,
            names=(
                Named(Field.SUBJECT, row.subject),
                Named(Field.TICKET_NUMBER, f"T-{row.number}"),
                *(Named(Field.TICKET_NUMBER, f"T-{one}") for one in numbers[row.id]),
                Named(Field.CLIENT, row.client),
            ),
            texts=(row.subject, row.client, *texts),
            mentioned=_mentioned(row.subject, *texts),
            moment=to_milliseconds(row.opened_at),
            weight=weights.of_ticket(is_open=row.state.is_open),
        )


def _said_within(
    connection: Connection, ids: Ids, homes: Mapping[UUID, UUID]
) -> dict[UUID, list[str]]:
    """Give what was said in tickets, and in those that were merged into them."""
    said: dict[UUID, list[str]] = defaultdict(list)
    for message in connection.execute(
        select(TicketMessage.ticket_id, TicketMessage.text).where(
            among(connection, TicketMessage.ticket_id, [*ids, *homes]), ~TicketMessage.is_deleted
        )
    ):
        said[homes.get(message.ticket_id, message.ticket_id)].append(message.text)
    return said


def _numbers_within(connection: Connection, homes: Mapping[UUID, UUID]) -> dict[UUID, list[int]]:
    """Give the numbers of what was merged into tickets: whoever heard one finds it there."""
    found: dict[UUID, list[int]] = defaultdict(list)
    rows = select(Ticket.id, Ticket.number).where(
        among(connection, Ticket.id, homes), ~Ticket.is_deleted
    )
    for row in connection.execute(rows):
        found[homes[row.id]].append(row.number)
    return found


def interaction_documents(connection: Connection, ids: Ids) -> Iterator[Document]:
    """Make the documents of those of these interactions that are there."""
    rows = connection.execute(_interactions(), given(connection, ids)).all()
    for row in rows:
        yield Document(
            kind=Kind.INTERACTION,
            row_id=row.id,
            subject=row.client_id,
            texts=(row.subject, row.text),
            mentioned=_mentioned(row.subject, row.text),
            moment=to_milliseconds(row.started_at),
            weight=weights.INTERACTION,
        )


def article_documents(connection: Connection, ids: Ids) -> Iterator[Document]:
    """Make the documents of those of these articles that are there, as they are being written."""
    rows = connection.execute(_articles(), given(connection, ids)).all()
    for row in rows:
        yield Document(
            kind=Kind.ARTICLE,
            row_id=row.id,
            subject=row.id,
            names=_named((Field.TITLE, row.title), (Field.KEYWORDS, row.keywords)),
            texts=(row.title, row.keywords, row.body),
            moment=to_milliseconds(row.edited_at),
            weight=weights.of_article(is_published=row.state is ArticleState.PUBLISHED),
        )


def spoken_to(connection: Connection, interactions: Ids) -> Iterator[tuple[UUID, int]]:
    """Say with which clients and contacts these interactions were, and when."""
    rows = connection.execute(_moments(), given(connection, interactions)).all()
    for client_id, contact_id, moment in rows:
        yield client_id, to_milliseconds(moment)
        if contact_id is not None:
            yield contact_id, to_milliseconds(moment)


def _client(
    row: Row[*tuple[Any, ...]],
    former: Sequence[str],
    points: list[tuple[PointKind, str, str]],
    customs: list[str],
    latest: datetime | None,
) -> Document:
    prose = [text for text in (row.about, row.goals, row.caution, *customs) if text]
    short = [text for text in customs if len(text) <= _LONGEST_CUSTOM]
    return Document(
        kind=Kind.CLIENT,
        row_id=row.id,
        subject=row.id,
        names=_named(
            (Field.NAME, row.name),
            (Field.LEGAL_NAME, row.legal_name),
            *((Field.FORMER_NAME, name) for name in former),
            (Field.TAX_NUMBER, row.tax_number),
            (Field.CITY, row.city),
            (Field.WEBSITE, row.website),
            *_addresses(points),
            *((Field.CUSTOM_FIELD, text) for text in short),
        ),
        texts=(row.name, *prose) if prose else (),
        phones=_phones(points),
        mentioned=_mentioned(*prose),
        moment=to_milliseconds(latest or row.created_at),
        weight=weights.of_client(row.tier, row.lifecycle),
    )


def _contact(
    row: Row[*tuple[Any, ...]],
    points: list[tuple[PointKind, str, str]],
    latest: datetime | None,
) -> Document:
    client = weights.of_client(row.tier, row.lifecycle)
    return Document(
        kind=Kind.CONTACT,
        row_id=row.id,
        subject=row.client_id,
        names=_named(
            (Field.NAME, row.name),
            (Field.CLIENT, row.client),
            (Field.POSITION, row.position),
            *_addresses(points),
        ),
        texts=(row.name, row.client, row.notes) if row.notes else (),
        phones=_phones(points),
        mentioned=_mentioned(row.notes),
        moment=to_milliseconds(latest or row.created_at),
        weight=weights.of_contact(client, is_active=row.status is ContactStatus.ACTIVE),
    )


def _named(*fields: tuple[Field, str]) -> tuple[Named, ...]:
    """Keep what is filled in, each text once."""
    once = {text: field for field, text in reversed(fields) if text}
    return tuple(Named(field, text) for field, text in fields if once.get(text) is field)


def _addresses(points: Iterable[tuple[PointKind, str, str]]) -> list[tuple[Field, str]]:
    fields = {PointKind.EMAIL: Field.EMAIL, PointKind.MESSENGER: Field.MESSENGER}
    return [(fields[kind], typed) for kind, typed, _ in points if kind in fields]


def _phones(points: Iterable[tuple[PointKind, str, str]]) -> tuple[str, ...]:
    """The digits of phones, and of messengers that are known by a number."""
    numbers = [
        digits_of(normal)
        for kind, _, normal in points
        if kind is PointKind.PHONE or (kind is PointKind.MESSENGER and normal.startswith("+"))
    ]
    return tuple(dict.fromkeys(filter(None, numbers)))


def _mentioned(*texts: str) -> tuple[str, ...]:
    found = (digits for text in texts if text for digits in mentioned_numbers(text))
    return tuple(dict.fromkeys(found))


def _points(
    connection: Connection, owner: Any, ids: Ids, *conditions: ColumnElement[bool]
) -> Points:
    found: Points = defaultdict(list)
    rows = connection.execute(
        select(owner, ContactPoint.kind, ContactPoint.typed, ContactPoint.normal)
        .where(among(connection, owner, ids), ~ContactPoint.is_deleted, *conditions)
        .order_by(ContactPoint.created_at, ContactPoint.id)
    ).all()
    for owner_id, kind, typed, normal in rows:
        found[owner_id].append((kind, typed, normal))
    return found


def _customs(connection: Connection, ids: Ids) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    rows: Sequence[Any] = connection.execute(_custom_texts(), given(connection, ids)).all()
    for client_id, text in rows:
        found[client_id].append(text)
    return found


def _latest(connection: Connection, clients: Ids) -> dict[UUID, datetime]:
    """When each of these clients was last spoken to."""
    rows = connection.execute(_last_moments(), given(connection, clients)).all()
    return {client_id: moment for client_id, moment in rows}  # noqa: C416 - rows are no pairs by their type


# What is asked with every write is built once.


@cache
def _clients() -> Select[*tuple[Any, ...]]:
    return select(
        Client.id,
        Client.name,
        Client.legal_name,
        Client.tax_number,
        Client.city,
        Client.website,
        Client.goals,
        Client.about,
        Client.caution,
        Client.tier,
        Client.lifecycle,
        Client.created_at,
    ).where(_is_given(Client.id), ~Client.is_deleted)


@cache
def _contacts() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Contact.id,
            Contact.client_id,
            Contact.name,
            Contact.position,
            Contact.notes,
            Contact.status,
            Contact.created_at,
            Client.name.label("client"),
            Client.tier,
            Client.lifecycle,
        )
        .join(Client, Client.id == Contact.client_id)
        .where(_is_given(Contact.id), ~Contact.is_deleted, ~Client.is_deleted)
    )


@cache
def _tickets() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Ticket.id,
            Ticket.client_id,
            Ticket.number,
            Ticket.subject,
            Ticket.state,
            Ticket.opened_at,
            Client.name.label("client"),
        )
        .join(Client, Client.id == Ticket.client_id)
        .where(_is_given(Ticket.id), IS_AT_HOME, ~Ticket.is_deleted, ~Client.is_deleted)
    )


@cache
def _interactions() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Interaction.id,
            Interaction.client_id,
            Interaction.subject,
            Interaction.text,
            Interaction.started_at,
        )
        .join(Client, Client.id == Interaction.client_id)
        .where(_is_given(Interaction.id), ~Interaction.is_deleted, ~Client.is_deleted)
    )


@cache
def _articles() -> Select[*tuple[Any, ...]]:
    return select(
        Article.id,
        Article.title,
        Article.keywords,
        Article.body,
        Article.state,
        Article.edited_at,
    ).where(_is_given(Article.id), ~Article.is_deleted)


@cache
def _moments() -> Select[*tuple[Any, ...]]:
    return select(Interaction.client_id, Interaction.contact_id, Interaction.started_at).where(
        _is_given(Interaction.id), ~Interaction.is_deleted
    )


@cache
def _custom_texts() -> Select[*tuple[Any, ...]]:
    return (
        select(CustomValue.client_id, CustomValue.text)
        .join(CustomField, CustomField.id == CustomValue.field_id)
        .where(
            _is_given(CustomValue.client_id),
            _is_searched(),
            ~CustomValue.is_deleted,
            CustomValue.text != "",
        )
    )


def _is_searched() -> ColumnElement[bool]:
    return CustomField.kind.in_(_SEARCHED_KINDS) & ~CustomField.is_deleted


@cache
def _last_moments() -> Select[*tuple[Any, ...]]:
    return (
        select(Interaction.client_id, func.max(Interaction.started_at))
        .where(_is_given(Interaction.client_id), ~Interaction.is_deleted)
        .group_by(Interaction.client_id)
    )


def _is_given(column: Any) -> ColumnElement[bool]:
    return among_given(column, on_sqlite=True)  # search is on workstations only
