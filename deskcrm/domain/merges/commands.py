"""Merges tickets that are one matter and parts them: nothing is moved, a record comes or goes."""

from collections.abc import Sequence

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.merges.model import TicketMerge
from deskcrm.domain.tickets.model import Ticket, TicketId, TicketTransition
from deskcrm.domain.tickets.moving import checking_homes, move_on, ticket_at_home, tickets_of
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.outcomes import Bulk, each
from deskcrm.store.work import Work


@command("merges.merge", "Merge tickets")
def merge_tickets(work: Work, ticket_ids: Sequence[TicketId], *, into_id: TicketId) -> Bulk:
    """Let tickets be read in another one from now on, which goes on for all of them.

    They are closed. The other one is open again if one of them was: somebody still has to act.
    """
    into = ticket_at_home(work, into_id)
    tickets = [one for one in tickets_of(work, ticket_ids) if one.id not in (into.id, into_id)]
    if not tickets:
        raise UserError(tr("A ticket cannot be merged with itself."), tr("Choose another ticket."))
    check, has_open = checking_homes(work, tickets), []

    def merge(ticket: Ticket) -> bool:
        check(ticket)
        _check_client(ticket, into)
        if ticket.is_open:
            has_open.append(ticket)
        _merge(work, ticket, into)
        return True

    outcome = each(tickets, merge)
    if not into.is_open and has_open:
        move_on(work, into, TicketState.OPEN)
    elif into.is_open:
        # Who closes it without having seen this, or merges it away, has not seen what came in.
        work.insist(into, "state")
    return outcome


@command("merges.part", "Part tickets")
def part_ticket(work: Work, ticket_id: TicketId) -> None:
    """Let a ticket that was merged into another be read by itself again, however long after.

    What was said in it goes with it. If it was open when it was merged, somebody has to act again.
    """
    ticket = work.get(Ticket, ticket_id)
    found = select(TicketMerge).where(TicketMerge.ticket_id == ticket_id, ~TicketMerge.is_deleted)
    merges = list(work.records(found.order_by(TicketMerge.merged_at, TicketMerge.id)))
    if not merges:
        raise UserError(
            tr("Ticket {number} is not merged into another.", number=ticket.number),
            tr("There is nothing to part."),
        )
    for one in merges:
        work.delete(one)
    if not ticket.is_open and _closed_it(work, merges[-1]):
        move_on(work, ticket, TicketState.OPEN)


def _closed_it(work: Work, merge: TicketMerge) -> bool:
    """Tell whether the ticket was open until it was merged."""
    before = work.first(
        select(TicketTransition.from_state).where(
            TicketTransition.ticket_id == merge.ticket_id,
            TicketTransition.happened_at == merge.merged_at,
            TicketTransition.to_state == TicketState.CLOSED,
            ~TicketTransition.is_deleted,
        )
    )
    return before is not None and before[0] is not None and before[0].is_open


def _merge(work: Work, ticket: Ticket, into: Ticket) -> None:
    work.add(
        TicketMerge(
            ticket_id=TicketId(ticket.id),
            into_id=TicketId(into.id),
            client_id=ticket.client_id,
            merged_at=work.now,
            merged_by=UserId(work.actor),
        )
    )
    if ticket.state is not TicketState.CLOSED:
        move_on(work, ticket, TicketState.CLOSED)


def _check_client(ticket: Ticket, into: Ticket) -> None:
    # Who may see one of them need not see the other, and no client is told another's words.
    if ticket.client_id != into.client_id:
        raise UserError(
            tr("Tickets {number} and {other} are of two clients.",
               number=ticket.number, other=into.number),
            tr("Only what one client asks can be merged. Link the tickets instead."),
        )  # fmt: skip
