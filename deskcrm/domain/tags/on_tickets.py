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
from deskcrm.store.work import Work


@command("tags.put_on_tickets", "Add tag")
def tag_tickets(work: Work, ticket_ids: Sequence[TicketId], *, tag_id: TagId) -> Bulk:
    """Put a tag on tickets; those that wear it already stay."""
    work.get(Tag, tag_id)
    tickets = tickets_of(work, ticket_ids)
    check, wearing = checking_homes(work, tickets), _wearing(work, tag_id, tickets)

    def is_bare(ticket: Ticket) -> bool:
        check(ticket)
        return ticket.id not in wearing

    outcome = each(tickets, is_bare)
    bare = frozenset(outcome.changed)
    rows = {
        one.id: {"ticket_id": one.id, "client_id": one.client_id}
        for one in tickets
        if one.id in bare
    }
    OF_TICKETS.put_on(work, tag_id, rows)
    return outcome


@command("tags.put_on_tickets_by_name", "Add tag")
def tag_tickets_by_name(work: Work, ticket_ids: Sequence[TicketId], *, name: str) -> Bulk:
    """Put a tag on tickets by its name in any spelling; a new word becomes a new tag."""
    return tag_tickets(work, ticket_ids, tag_id=tag_called(work, name))


@command("tags.take_off_tickets", "Remove tag")
def untag_tickets(work: Work, ticket_ids: Sequence[TicketId], *, tag_id: TagId) -> Bulk:
    """Take a tag off tickets; those that do not wear it stay."""
    work.get(Tag, tag_id)
    tickets = tickets_of(work, ticket_ids)
    check, wearing = checking_homes(work, tickets), _wearing(work, tag_id, tickets)

    def take_off(ticket: Ticket) -> bool:
        check(ticket)
        for link in wearing.get(ticket.id, ()):
            work.delete(link)
        return ticket.id in wearing

    return each(tickets, take_off)


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


def _wearing(work: Work, tag_id: TagId, tickets: Sequence[Ticket]) -> dict[UUID, list[TicketTag]]:
    """Give the records by which tickets wear a tag, theirs and those of what is read in them."""
    found: dict[UUID, list[TicketTag]] = {}
    inside: dict[UUID, UUID] = {}
    ids = [ticket.id for ticket in tickets]
    for start in range(0, len(ids), 500):
        inside |= homes_among(work.connection, ids[start : start + 500])
    for link in OF_TICKETS.find(work, tag_id, [*ids, *inside]):
        found.setdefault(inside.get(link.ticket_id, link.ticket_id), []).append(link)
    return found
