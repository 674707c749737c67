"""Links tickets and parts them."""

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.links.model import LinkKind, TicketLink, TicketLinkId
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.domain.tickets.moving import ticket_at_home
from deskcrm.store.commands import command
from deskcrm.store.work import Work


@command("links.add", "Link tickets")
def link_tickets(
    work: Work,
    ticket_id: TicketId,
    *,
    number: int = 0,
    other_id: TicketId | None = None,
    kind: LinkKind = LinkKind.RELATED,
) -> TicketLinkId:
    """Say what a ticket has to do with another: this one, or the one of a number."""
    ticket = ticket_at_home(work, ticket_id)
    ticket_id = TicketId(ticket.id)
    other = _numbered(work, number) if other_id is None else ticket_at_home(work, other_id)
    if other.id == ticket.id:
        raise UserError(tr("A ticket cannot be linked to itself."), tr("Choose another ticket."))
    other_id = TicketId(other.id)
    if _is_linked(work, ticket_id, other_id, kind):
        raise UserError(
            tr(
                "Tickets {number} and {other} are linked like this already.",
                number=ticket.number,
                other=other.number,
            )
        )
    if kind.has_direction and _leads_to(work, other_id, ticket_id, kind):
        raise UserError(
            tr(
                "That would be a circle: ticket {other} leads back to ticket {number}.",
                number=ticket.number,
                other=other.number,
            ),
            tr("Remove the link the other way first."),
        )
    link = work.put(
        TicketLink, kind=kind, ticket_id=ticket_id, other_id=other_id, client_id=ticket.client_id
    )
    return TicketLinkId(link.id)


@command("links.remove", "Remove link")
def unlink_tickets(work: Work, link_id: TicketLinkId) -> None:
    """Part two tickets."""
    work.delete(work.get(TicketLink, link_id))


def _numbered(work: Work, number: int) -> Ticket:
    """Give the ticket of a number; seldom there are two, and then a number does not say which."""
    found: list[Ticket] = list(
        work.records(select(Ticket).where(Ticket.number == number, ~Ticket.is_deleted).limit(2))
    )
    if not found:
        raise UserError(
            tr("There is no ticket {number}.", number=number), tr("Look at the number once more.")
        )
    if len(found) > 1:
        raise UserError(
            tr("Two tickets have the number {number}.", number=number),
            tr("Link from the page of the one that you mean."),
        )
    return ticket_at_home(work, TicketId(found[0].id))


def _is_linked(work: Work, one: TicketId, other: TicketId, kind: LinkKind) -> bool:
    values = {"kind": kind, "ticket_id": one, "other_id": other}
    link_id = TicketLink.work_out_id(values)
    found = select(TicketLink).where(TicketLink.id == link_id, ~TicketLink.is_deleted)
    return bool(work.records(found))


def _leads_to(work: Work, start: TicketId, goal: TicketId, kind: LinkKind) -> bool:
    """Tell whether links of a kind lead from a ticket to another, over however many between.

    Two people offline may have closed a circle together: each ticket is walked once.
    """
    seen, ahead = {start}, [start]
    while ahead:
        found = select(TicketLink).where(
            TicketLink.ticket_id.in_(ahead), TicketLink.kind == kind, ~TicketLink.is_deleted
        )
        ahead = [link.other_id for link in work.records(found) if link.other_id not in seen]
        if goal in ahead:
            return True
        seen.update(ahead)
    return False
