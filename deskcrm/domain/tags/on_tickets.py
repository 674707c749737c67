"""Puts tags on tickets and takes them off; one that was merged wears its tags where it is read."""

from collections.abc import Sequence
from uuid import UUID

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.merges.homes import homes_among
from deskcrm.domain.tags.commands import tag_called
from deskcrm.domain.tags.links import OF_TICKETS
from deskcrm.domain.tags.model import Tag, TagId, TicketTag
from deskcrm.domain.tags.queries import come_and_go, ticket_tags_of
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.domain.tickets.moving import checking_homes, ticket_at_home, tickets_of
from deskcrm.store.commands import command
from deskcrm.store.outcomes import Bulk, each
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import Work


@command("tags.put_on_tickets", "Add tag")
def tag_tickets(work: Work, ticket_ids: Sequence[TicketId], *, tag_id: TagId) -> Bulk:
    """Put a tag on tickets; those that wear it already stay."""
    return _change(work, ticket_ids, coming=[tag_id])


@command("tags.put_on_tickets_by_name", "Add tag")
def tag_tickets_by_name(work: Work, ticket_ids: Sequence[TicketId], *, name: str) -> Bulk:
    """Put a tag on tickets by its name in any spelling; a new word becomes a new tag."""
    return tag_tickets(work, ticket_ids, tag_id=tag_called(work, name))


@command("tags.take_off_tickets", "Remove tag")
def untag_tickets(work: Work, ticket_ids: Sequence[TicketId], *, tag_id: TagId) -> Bulk:
    """Take a tag off tickets; those that do not wear it stay."""
    return _change(work, ticket_ids, going=[tag_id])


@command("tags.change_on_tickets", "Change tags")
def change_ticket_tags(
    work: Work,
    ticket_ids: Sequence[TicketId],
    *,
    names: Sequence[str] = (),
    going: Sequence[TagId] = (),
) -> Bulk:
    """Put tags on tickets by their names and take others off, as one step."""
    named = [name for name in names if name.strip()]
    if not named and not going:
        raise UserError(tr("No tag is chosen."), tr("Type one to put on, or tick one to take off."))
    coming = [tag_called(work, name) for name in named]
    both = set(coming) & set(going)
    if both:
        name = work.get(Tag, next(iter(both))).name
        raise UserError(
            tr("“{name}” would be put on and taken off.", name=name), tr("Choose one of the two.")
        )
    return _change(work, ticket_ids, coming=coming, going=going)


@command("tags.set_on_ticket", "Set tags")
def set_ticket_tags(work: Work, ticket_id: TicketId, *, names: Sequence[str]) -> int:
    """Let a ticket wear exactly these tags; gives how many came or went."""
    home = TicketId(ticket_at_home(work, ticket_id).id)
    if not all(name.strip() for name in names):
        raise UserError(tr("A tag needs a name."), tr("Type the name and save again."))
    coming, going = come_and_go(ticket_tags_of(work, [home]).get(home, ()), names)
    for tag_id in going:
        untag_tickets(work, [home], tag_id=tag_id)
    for name in coming:
        tag_tickets_by_name(work, [home], name=name)
    return len(coming) + len(going)


def _change(
    work: Work,
    ticket_ids: Sequence[TicketId],
    *,
    coming: Sequence[TagId] = (),
    going: Sequence[TagId] = (),
) -> Bulk:
    for tag_id in (*coming, *going):
        work.get(Tag, tag_id)
    tickets = tickets_of(work, ticket_ids)
    check = checking_homes(work, tickets)
    worn = {tag_id: _wearing(work, tag_id, tickets) for tag_id in (*coming, *going)}
    bare: dict[TagId, dict[UUID, dict[str, UUID]]] = {tag_id: {} for tag_id in coming}

    def change(ticket: Ticket) -> bool:
        check(ticket)
        new = [tag_id for tag_id in bare if ticket.id not in worn[tag_id]]
        old = [link for tag_id in going for link in worn[tag_id].get(ticket.id, ())]
        for tag_id in new:
            row = {"ticket_id": ticket.id, "client_id": ticket.client_id}
            bare[tag_id][ticket.id] = row
        for link in old:
            work.delete(link)
        return bool(new or old)

    outcome = each(tickets, change)
    for tag_id, rows in bare.items():
        OF_TICKETS.put_on(work, tag_id, rows)
    return outcome


def _wearing(work: Work, tag_id: TagId, tickets: Sequence[Ticket]) -> dict[UUID, list[TicketTag]]:
    """Give the records by which tickets wear a tag, theirs and those of what is read in them."""
    found: dict[UUID, list[TicketTag]] = {}
    inside: dict[UUID, UUID] = {}
    ids = [ticket.id for ticket in tickets]
    for some in in_chunks(ids):
        inside |= homes_among(work.connection, some)
    for link in OF_TICKETS.find(work, tag_id, [*ids, *inside]):
        found.setdefault(inside.get(link.ticket_id, link.ticket_id), []).append(link)
    return found
