"""Finds the tickets that a command is about, and moves them from state to state."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import ntr, tr
from deskcrm.domain.merges.homes import home_of, ticket_home
from deskcrm.domain.names import one_line
from deskcrm.domain.tickets.model import Ticket, TicketId, TicketTransition
from deskcrm.domain.tickets.states import TicketState, check_step
from deskcrm.domain.users.model import UserId
from deskcrm.store.work import Missing, Work


def ticket_at_home(work: Work, ticket_id: TicketId) -> Ticket:
    """Give the ticket, or the one that it was merged into: a word is never refused for that."""
    ticket = work.get(Ticket, ticket_id)
    home = home_of(work, ticket_id)
    return ticket if home == ticket_id else work.get(Ticket, home)


def check_at_home(work: Work, ticket: Ticket) -> None:
    """Refuse what makes no sense for a ticket that was merged into another."""
    checking_homes(work, [ticket])(ticket)


def checking_homes(work: Work, tickets: Sequence[Ticket]) -> Callable[[Ticket], None]:
    """Give what refuses those of these tickets that were merged into others; looks once for all."""
    homes: dict[UUID, int] = {}
    for start in range(0, len(tickets), 500):
        some = [ticket.id for ticket in tickets[start : start + 500]]
        found = select(ticket_home.c.ticket_id, Ticket.number).where(
            ticket_home.c.ticket_id.in_(some), Ticket.id == ticket_home.c.home_id
        )
        homes.update(tuple(row) for row in work.all(found))

    def check(ticket: Ticket) -> None:
        if ticket.id in homes:
            raise UserError(
                tr(
                    "Ticket {number} was merged into ticket {other}.",
                    number=ticket.number,
                    other=homes[ticket.id],
                ),
                tr("Go on there, or part them again."),
            )

    return check


def tickets_of(work: Work, ticket_ids: Sequence[TicketId]) -> list[Ticket]:
    """Give the tickets to change, in the order given; raises Missing if one is not there."""
    wanted = list(dict.fromkeys(ticket_ids))
    found: dict[UUID, Ticket] = {}
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        for ticket in work.records(select(Ticket).where(Ticket.id.in_(some), ~Ticket.is_deleted)):
            found[ticket.id] = ticket
    missing = len(wanted) - len(found)
    if missing:
        raise Missing(
            ntr(
                "{n} ticket is not there any more.", "{n} tickets are not there any more.", missing
            ),
            tr("Nothing was changed. Select again and repeat."),
        )
    return [found[one] for one in wanted]


def move_on(work: Work, ticket: Ticket, state: TicketState, *, reason: str = "") -> None:
    """Move a ticket to another state, and note it in its log."""
    before = ticket.state
    check_step(before, state)
    ticket.state = state
    if state is TicketState.RESOLVED:
        ticket.resolved_at = work.now
    if state is TicketState.CLOSED:
        ticket.closed_at = work.now
        ticket.resolved_at = ticket.resolved_at or work.now
    if state.is_open and not before.is_open:
        ticket.resolved_at = ticket.closed_at = None
    note_transition(work, ticket, before, state, work.now, reason)


def note_transition(
    work: Work,
    ticket: Ticket,
    before: TicketState | None,
    after: TicketState,
    at: datetime,
    reason: str = "",
) -> None:
    """Write into a ticket's log that its state changed."""
    work.add(
        TicketTransition(
            ticket_id=TicketId(ticket.id),
            client_id=ticket.client_id,
            from_state=before,
            to_state=after,
            is_reopening=before is not None and not before.is_open and after.is_open,
            reason=one_line(reason),
            happened_at=at,
            changed_by=UserId(work.actor),
        )
    )
