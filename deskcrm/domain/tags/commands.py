"""Makes tags, puts them on clients, and merges the spellings of one word."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.commands import check_clients
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.names import fold, one_line
from deskcrm.domain.tags.model import ClientTag, Tag, TagColour, TagId
from deskcrm.store.commands import command
from deskcrm.store.work import Work

_AT_ONCE = 500


@command("tags.create", "Create tag")
def create_tag(work: Work, *, name: str, colour: TagColour = TagColour.GREY) -> TagId:
    """Make a tag; a spelling of one that is there is refused."""
    _check_free(work, name, None)
    return TagId(work.add(Tag(id=_new_id(work, name), name=name, colour=colour)).id)


@command("tags.rename", "Rename tag")
def rename_tag(work: Work, tag_id: TagId, *, name: str) -> None:
    """Give a tag another name, on every client at once."""
    tag = work.get(Tag, tag_id)
    _check_free(work, name, tag_id)
    tag.rename(name)


@command("tags.set_colour", "Set tag colour")
def set_colour(work: Work, tag_id: TagId, *, colour: TagColour) -> None:
    """Give a tag another colour."""
    work.get(Tag, tag_id).colour = colour


@command("tags.delete", "Delete tag")
def delete_tag(work: Work, tag_id: TagId) -> None:
    """Delete a tag; it is hidden on the clients that wear it, and undo brings it back there."""
    work.delete(work.get(Tag, tag_id))


@command("tags.put_on", "Add tag")
def tag_clients(work: Work, client_ids: Sequence[ClientId], *, tag_id: TagId) -> int:
    """Put a tag on clients; gives how many did not wear it."""
    work.get(Tag, tag_id)
    wanted = check_clients(work, client_ids)
    wearing = {link.client_id for link in _links(work, tag_id, wanted)}
    bare = [one for one in wanted if one not in wearing]
    back = _taken_off(work, tag_id, bare)
    for link in back.values():
        work.restore(link)
    new = ({"client_id": one, "tag_id": tag_id} for one in bare if one not in back)
    return work.insert_many(ClientTag, new) + len(back)


@command("tags.put_on_by_name", "Add tag")
def tag_clients_by_name(work: Work, client_ids: Sequence[ClientId], *, name: str) -> TagId:
    """Put a tag on clients by its name in any spelling; a new word becomes a new tag."""
    found = _named(work, name)
    tag_id = TagId(found.id) if found is not None else create_tag(work, name=name)
    tag_clients(work, client_ids, tag_id=tag_id)
    return tag_id


@command("tags.take_off", "Remove tag")
def untag_clients(work: Work, client_ids: Sequence[ClientId], *, tag_id: TagId) -> int:
    """Take a tag off clients; gives how many wore it."""
    links = _links(work, tag_id, client_ids)
    for link in links:
        work.delete(link)
    return len({link.client_id for link in links})


@command("tags.merge", "Merge tags")
def merge_tags(work: Work, tag_id: TagId, *, others: Sequence[TagId]) -> int:
    """Make several tags one; gives how many clients wear it newly."""
    work.get(Tag, tag_id)
    wearing = {link.client_id for link in _links(work, tag_id)}
    before = len(wearing)
    for other_id in others:
        if other_id == tag_id:
            raise UserError(tr("A tag cannot be merged with itself."), tr("Choose another tag."))
        for link in _links(work, other_id):
            if link.client_id not in wearing:
                wearing.add(link.client_id)
                work.put(ClientTag, client_id=link.client_id, tag_id=tag_id)
            work.delete(link)
        work.delete(work.get(Tag, other_id))
    return len(wearing) - before


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
        worn = select(ClientTag.id).where(ClientTag.tag_id == row_id).limit(1)
        if work.first(worn) is None:
            return row_id
        meaning = (*meaning, "worn")


def _named(work: Work, name: str) -> Tag | None:
    statement = select(Tag).where(Tag.folded == fold(name), ~Tag.is_deleted).order_by(Tag.id)
    return next(iter(work.records(statement.limit(1))), None) if one_line(name) else None


def _taken_off(
    work: Work, tag_id: TagId, client_ids: Sequence[ClientId]
) -> dict[ClientId, ClientTag]:
    """Give the records of clients from whom the tag was taken, to bring them back."""
    ids = [ClientTag.work_out_id({"client_id": one, "tag_id": tag_id}) for one in client_ids]
    found: dict[ClientId, ClientTag] = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        for link in work.records(select(ClientTag).where(ClientTag.id.in_(some))):
            found[link.client_id] = link
    return found


def _links(
    work: Work, tag_id: TagId, client_ids: Sequence[ClientId] | None = None
) -> list[ClientTag]:
    """Give the records that say who wears a tag; two, where ids were still drawn for each."""
    statement = select(ClientTag).where(ClientTag.tag_id == tag_id, ~ClientTag.is_deleted)
    if client_ids is None:
        return list(work.records(statement))
    links: list[ClientTag] = []
    for start in range(0, len(client_ids), _AT_ONCE):
        some = client_ids[start : start + _AT_ONCE]
        links += work.records(statement.where(ClientTag.client_id.in_(some)))
    return links
