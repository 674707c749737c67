"""Answers about tags."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.tags.model import ClientTag, Tag, TagColour, TagId
from deskcrm.store.reader import Reader


@dataclass(frozen=True, slots=True)
class TagChip:
    """A tag as it is drawn on a client."""

    id: TagId
    name: str
    colour: TagColour


@dataclass(frozen=True, slots=True)
class TagRow:
    """A tag in the list of tags, with how many clients wear it."""

    id: TagId
    name: str
    colour: TagColour
    clients: int


def list_tags(db: Reader) -> list[TagRow]:
    """List the tags, by name, with the number of clients that wear each."""
    worn = dict(
        db.all(
            select(ClientTag.tag_id, func.count(func.distinct(ClientTag.client_id)))
            .join(Client, Client.id == ClientTag.client_id)
            .where(~ClientTag.is_deleted, ~Client.is_deleted)
            .group_by(ClientTag.tag_id)
        )
    )
    tags = db.all(
        select(Tag.id, Tag.name, Tag.colour).where(~Tag.is_deleted).order_by(Tag.folded, Tag.id)
    )
    return [TagRow(TagId(row[0]), *row[1:], clients=worn.get(TagId(row[0]), 0)) for row in tags]


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
    worn: dict[ClientId, dict[TagId, TagChip]] = {}
    for client_id, tag_id, name, colour in rows:
        chip = TagChip(TagId(tag_id), name, colour)
        worn.setdefault(client_id, {}).setdefault(chip.id, chip)
    return {client_id: tuple(chips.values()) for client_id, chips in worn.items()}
