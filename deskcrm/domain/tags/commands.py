"""Makes tags, puts them on clients, and merges the spellings of one word."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.commands import check_clients
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.names import fold, one_line
from deskcrm.domain.tags.links import OF_CLIENTS, OF_TICKETS
from deskcrm.domain.tags.model import Tag, TagColour, TagId
from deskcrm.store.commands import command
from deskcrm.store.work import Work


@command("tags.create", "Create tag")
def create_tag(work: Work, *, name: str, colour: TagColour = TagColour.GREY) -> TagId:
    """Make a tag; a spelling of one that is there is refused."""
    _check_free(work, name, None)
    return TagId(work.add(Tag(id=_new_id(work, name), name=name, colour=colour)).id)


@command("tags.rename", "Rename tag")
def rename_tag(work: Work, tag_id: TagId, *, name: str) -> None:
    """Give a tag another name, wherever it is worn at once."""
    tag = work.get(Tag, tag_id)
    _check_free(work, name, tag_id)
    tag.rename(name)


@command("tags.set_colour", "Set tag colour")
def set_colour(work: Work, tag_id: TagId, *, colour: TagColour) -> None:
    """Give a tag another colour."""
    work.get(Tag, tag_id).colour = colour


@command("tags.delete", "Delete tag")
def delete_tag(work: Work, tag_id: TagId) -> None:
    """Delete a tag; it is hidden where it is worn, and undo brings it back there."""
    work.delete(work.get(Tag, tag_id))


@command("tags.put_on", "Add tag")
def tag_clients(work: Work, client_ids: Sequence[ClientId], *, tag_id: TagId) -> int:
    """Put a tag on clients; gives how many did not wear it."""
    work.get(Tag, tag_id)
    wanted = check_clients(work, client_ids)
    wearing = {link.client_id for link in OF_CLIENTS.find(work, tag_id, wanted)}
    bare: dict[UUID, dict[str, UUID]] = {
        one: {"client_id": one} for one in wanted if one not in wearing
    }
    return OF_CLIENTS.put_on(work, tag_id, bare)


@command("tags.put_on_by_name", "Add tag")
def tag_clients_by_name(work: Work, client_ids: Sequence[ClientId], *, name: str) -> TagId:
    """Put a tag on clients by its name in any spelling; a new word becomes a new tag."""
    tag_id = tag_called(work, name)
    tag_clients(work, client_ids, tag_id=tag_id)
    return tag_id


@command("tags.take_off", "Remove tag")
def untag_clients(work: Work, client_ids: Sequence[ClientId], *, tag_id: TagId) -> int:
    """Take a tag off clients; gives how many wore it."""
    work.get(Tag, tag_id)
    links = OF_CLIENTS.find(work, tag_id, client_ids)
    for link in links:
        work.delete(link)
    return len({link.client_id for link in links})


@command("tags.merge", "Merge tags")
def merge_tags(work: Work, tag_id: TagId, *, others: Sequence[TagId]) -> int:
    """Make several tags one; gives how many clients and tickets wear it newly."""
    work.get(Tag, tag_id)
    newly = 0
    for other_id in others:
        if other_id == tag_id:
            raise UserError(tr("A tag cannot be merged with itself."), tr("Choose another tag."))
        newly += OF_CLIENTS.move(work, other_id, tag_id) + OF_TICKETS.move(work, other_id, tag_id)
        work.delete(work.get(Tag, other_id))
    return newly


def tag_called(work: Work, name: str) -> TagId:
    """Give the tag of this name in any spelling; a new word becomes a new tag."""
    found = _named(work, name)
    return create_tag(work, name=name) if found is None else TagId(found.id)


def _check_free(work: Work, name: str, tag_id: TagId | None) -> None:
    taken = _named(work, name)
    if taken is not None and taken.id != tag_id:
        raise UserError(
            tr("There is a tag “{name}” already.", name=taken.name),
            tr("Use it, or merge the two tags."),
        )


def _new_id(work: Work, name: str) -> UUID:
    """Give the id that everybody gives a new tag of this name.

    Not one that a tag had which is gone: who wore that one does not wear the new one.
    """
    meaning: tuple[object, ...] = (fold(name),)
    while True:
        row_id = work.unused_id(Tag, *meaning)
        if not OF_CLIENTS.was_worn(work, row_id) and not OF_TICKETS.was_worn(work, row_id):
            return row_id
        meaning = (*meaning, "worn")


def _named(work: Work, name: str) -> Tag | None:
    statement = select(Tag).where(Tag.folded == fold(name), ~Tag.is_deleted).order_by(Tag.id)
    return next(iter(work.records(statement.limit(1))), None) if one_line(name) else None
