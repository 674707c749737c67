"""Hands tickets to people, by hand or by the rules, and writes down why."""

from collections.abc import Iterable, Sequence

from deskcrm.base.days import said_day
from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.absences.queries import get_away
from deskcrm.domain.assignment.deciding import Decision, decide
from deskcrm.domain.assignment.model import TicketAssignment
from deskcrm.domain.sla.cases import read_cases
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.domain.users.commands import check_assignable
from deskcrm.domain.users.model import UserId
from deskcrm.store.work import Work


def hand_over(work: Work, tickets: Iterable[Ticket], owner_id: UserId | None) -> int:
    """Make a person, or nobody, responsible for tickets by hand; gives how many changed hands."""
    if owner_id is not None:
        check_assignable(work, owner_id)
        if owner_id != work.actor:
            check_present(work, owner_id)
    moved = [ticket for ticket in tickets if ticket.owner_id != owner_id]
    for ticket in moved:
        ticket.owner_id = owner_id
    work.insert_many(
        TicketAssignment,
        (
            {
                "ticket_id": ticket.id,
                "client_id": ticket.client_id,
                "user_id": owner_id,
                "assigned_at": work.now,
                "assigned_by": work.actor,
            }
            for ticket in moved
        ),
    )
    return len(moved)


def hand_by_rules(work: Work, ticket: Ticket) -> Decision | None:
    """Let the rules choose the owner; None when none matches, and then nothing is changed."""
    work.session.flush()
    case = next(read_cases(work.connection, Ticket.id == ticket.id))
    decision = decide(work, case, ticket.client_id)
    if decision is None:
        return None
    if decision.owner_id is not None:
        ticket.owner_id = decision.owner_id
    work.add(
        TicketAssignment(
            ticket_id=TicketId(ticket.id),
            client_id=ticket.client_id,
            user_id=decision.owner_id,
            rule_id=decision.rule_id,
            way=decision.way,
            facts=decision.facts,
            assigned_at=work.now,
            assigned_by=UserId(work.actor),
        )
    )
    return decision


def hand_all_by_rules(work: Work, tickets: Sequence[Ticket]) -> int:
    """Let the rules choose anew for tickets; gives how many got an owner, refuses if none did."""
    open_ones = [ticket for ticket in tickets if ticket.is_open]
    if not open_ones:
        raise UserError(
            tr("Nothing is to be done in these tickets any more."), tr("Reopen them first.")
        )
    decisions = [hand_by_rules(work, ticket) for ticket in open_ones]
    if not any(decisions):
        raise UserError(
            tr("No rule of assignment matches."),
            tr("Assign by hand, or let a lead make a rule under Settings, Assignment."),
        )
    handed = sum(one is not None and one.owner_id is not None for one in decisions)
    if not handed:
        raise UserError(
            tr("The rules found nobody who is here."), tr("Assign it by hand to somebody who is.")
        )
    return handed


def check_present(work: Work, user_id: UserId) -> None:
    """Refuse to hand something to somebody who is away, and say who stands in."""
    away = get_away(work, user_id)
    if away is not None:
        raise UserError(
            tr("{name} is away until {day}.", name=away.name, day=said_day(away.last_day)),
            tr("Choose {name}, who stands in.", name=away.acting)
            if away.acting_id is not None
            else tr("Choose somebody who is here."),
        )
