"""Answers about tags."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, func, select, union_all

from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.merges.homes import ticket_home
from deskcrm.domain.names import fold
from deskcrm.domain.tags.model import ClientTag, Tag, TagColour, TagId, TicketTag
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.store.reader import Reader
from deskcrm.store.upsert import in_chunks


@dataclass(frozen=True, slots=True)
class TagChip:
    """A tag as it is drawn where it is worn."""

    id: TagId
    name: str
    colour: TagColour


@dataclass(frozen=True, slots=True)
class TagRow:
    """A tag in the list of tags, with how many clients and tickets wear it."""

    id: TagId
    name: str
    colour: TagColour
    clients: int
    tickets: int


def list_tags(db: Reader) -> list[TagRow]:
    """List the tags, by name, with the numbers of clients and of tickets that wear each."""
    worn = dict(
        db.all(
            select(ClientTag.tag_id, func.count(func.distinct(ClientTag.client_id)))
            .join(Client, Client.id == ClientTag.client_id)
            .where(~ClientTag.is_deleted, ~Client.is_deleted)
            .group_by(ClientTag.tag_id)
        )
    )
    on_tickets = dict(
        db.all(
            select(TicketTag.tag_id, func.count(func.distinct(TicketTag.ticket_id)))
            .join(Ticket, Ticket.id == TicketTag.ticket_id)
            .where(~TicketTag.is_deleted, ~Ticket.is_deleted)
            .group_by(TicketTag.tag_id)
        )
    )
    return [
        TagRow(tag.id, tag.name, tag.colour, worn.get(tag.id, 0), on_tickets.get(tag.id, 0))
        for tag in list_tag_names(db)
    ]


def list_tag_names(db: Reader) -> list[TagChip]:
    """List the tags, by name, without counting: for a choice."""
    tags = db.all(
        select(Tag.id, Tag.name, Tag.colour).where(~Tag.is_deleted).order_by(Tag.folded, Tag.id)
    )
    return [TagChip(TagId(row[0]), row[1], row[2]) for row in tags]


def list_tag_variants(db: Reader) -> list[list[TagChip]]:
    """List the tags that are spellings of one word, a group for each word, the oldest first."""
    groups: dict[str, list[TagChip]] = {}
    for folded, tag_id, name, colour in db.all(
        select(Tag.folded, Tag.id, Tag.name, Tag.colour)
        .where(~Tag.is_deleted)
        .order_by(Tag.created_at, Tag.id)
    ):
        groups.setdefault(folded, []).append(TagChip(TagId(tag_id), name, colour))
    return [group for group in groups.values() if len(group) > 1]


def tags_of(db: Reader, client_ids: Sequence[ClientId]) -> dict[ClientId, tuple[TagChip, ...]]:
    """Give the tags that each of a page of clients wears, by name."""
    rows = db.all(
        select(ClientTag.client_id, Tag.id, Tag.name, Tag.colour)
        .join(Tag, Tag.id == ClientTag.tag_id)
        .where(ClientTag.client_id.in_(client_ids), ~ClientTag.is_deleted, ~Tag.is_deleted)
        .order_by(Tag.folded, Tag.id)
    )
    return _chips(rows)


def ticket_tags_of(
    db: Reader, ticket_ids: Sequence[TicketId]
) -> dict[TicketId, tuple[TagChip, ...]]:
    """Give the tags that each of some tickets wears, with those of what is read in it, by name."""
    worn = worn_by_tickets(ticket_ids).subquery()
    rows = db.all(
        select(worn.c.ticket_id, Tag.id, Tag.name, Tag.colour)
        .join(Tag, Tag.id == worn.c.tag_id)
        .where(~Tag.is_deleted)
    )
    return _chips(sorted(rows, key=lambda row: (fold(row[2]), row[1])))


def list_worn(db: Reader, ticket_ids: Sequence[TicketId]) -> list[TagChip]:
    """List the tags that any of some tickets wears, by name."""
    worn: dict[TagId, TagChip] = {}
    for some in in_chunks(ticket_ids):
        worn |= {tag.id: tag for tags in ticket_tags_of(db, some).values() for tag in tags}
    return sorted(worn.values(), key=lambda tag: (fold(tag.name), tag.id))


def worn_by_tickets(ids: Any) -> CompoundSelect[Any]:
    """Select which of some tickets wears which tag, itself or by what was merged into it."""
    own = select(TicketTag.ticket_id, TicketTag.tag_id).where(TicketTag.ticket_id.in_(ids))
    inside = (
        select(ticket_home.c.home_id, TicketTag.tag_id)
        .join(ticket_home, ticket_home.c.ticket_id == TicketTag.ticket_id)
        .where(ticket_home.c.home_id.in_(ids))
    )
    return union_all(own.where(~TicketTag.is_deleted), inside.where(~TicketTag.is_deleted))


def wears_tag(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Give the condition that a ticket wears such a tag, itself or by what was merged into it."""
    own = select(TicketTag.ticket_id).where(~TicketTag.is_deleted, *which)
    inside = select(ticket_home.c.home_id).join(
        TicketTag, TicketTag.ticket_id == ticket_home.c.ticket_id
    )
    return Ticket.id.in_(own) | Ticket.id.in_(inside.where(~TicketTag.is_deleted, *which))


def come_and_go(worn: Iterable[TagChip], names: Sequence[str]) -> tuple[list[str], list[TagId]]:
    """Give the words that go on and the tags that come off, so that exactly these are worn."""
    wanted = {fold(name): name for name in names}
    going = [tag.id for tag in worn if wanted.pop(fold(tag.name), None) is None]
    return list(wanted.values()), going


def _chips(rows: Iterable[Any]) -> dict[Any, tuple[TagChip, ...]]:
    worn: dict[UUID, dict[TagId, TagChip]] = {}
    for wearer, tag_id, name, colour in rows:
        chip = TagChip(TagId(tag_id), name, colour)
        worn.setdefault(wearer, {}).setdefault(chip.id, chip)
    return {wearer: tuple(chips.values()) for wearer, chips in worn.items()}
