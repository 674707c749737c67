"""Tickets that must not wait any longer: a VIP who waits too long, a deadline that comes near."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select, true

from deskcrm.domain.absences.queries import list_stood_in_for
from deskcrm.domain.calendars.working_time import working_time_between
from deskcrm.domain.clients.model import Client, Tier
from deskcrm.domain.merges.homes import IS_OPEN
from deskcrm.domain.queue.settings import VIP_WAITS
from deskcrm.domain.settings.queries import list_set
from deskcrm.domain.sla.cases import Rulebook, read_cases
from deskcrm.domain.sla.deadlines import ticket_deadline
from deskcrm.domain.sla.policies import choose
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.domain.tickets.queries import TicketRow, rows_of
from deskcrm.domain.tickets.standing import ticket_standing
from deskcrm.domain.users.model import OVERSEERS, User
from deskcrm.store.reader import Reader

_VIPS: Final = [tier for tier in Tier if tier.is_vip]


def vip_limit(db: Reader) -> timedelta:
    """Give how long a VIP may wait, in working time."""
    return timedelta(minutes=VIP_WAITS.read(list_set(db).get(VIP_WAITS.key)))


def list_waiting_vips(db: Reader, *, limit: int) -> list[tuple[TicketRow, timedelta]]:
    """List the tickets in which a VIP waits too long, with the working time; the longest first."""
    allowed, since = vip_limit(db), ticket_standing.c.waiting_since
    role = db.scalar(select(User.role).where(User.id == db.actor))
    # Working time is never longer than time itself: most are left out without counting any.
    found = db.scalars(
        select(Ticket.id)
        .join(ticket_standing, ticket_standing.c.ticket_id == Ticket.id)
        .join(Client, Client.id == Ticket.client_id)
        .where(since <= db.now - allowed, IS_OPEN, ~Ticket.is_deleted, Client.tier.in_(_VIPS))
        .where(true() if role in OVERSEERS else _is_ours(db))
        .order_by(since, Ticket.id)
        .limit(limit)
    )
    if not found:
        return []
    waited = _working_time(db, rows_of(db, [TicketId(one) for one in found]))
    return [(row, time) for row, time in waited if time >= allowed]


def list_nearly_due(db: Reader, *, limit: int) -> list[TicketRow]:
    """List what is one's own, or is worked on, or is nobody's, and is due soon, the next first."""
    deadline = ticket_deadline.c
    found = db.scalars(
        select(deadline.ticket_id)
        .join(Ticket, Ticket.id == deadline.ticket_id)
        .where(deadline.due_at >= db.now, deadline.warn_at <= db.now, _is_ours(db))
        .order_by(deadline.due_at, deadline.ticket_id)
        .limit(limit)
    )
    return rows_of(db, [TicketId(one) for one in found])


def list_overdue(db: Reader, *, limit: int) -> list[TicketRow]:
    """List what is one's own, or is worked on, and should have been done by now, the worst first.

    What is nobody's is listed as that.
    """
    deadline = ticket_deadline.c
    found = db.scalars(
        select(deadline.ticket_id)
        .join(Ticket, Ticket.id == deadline.ticket_id)
        .where(deadline.due_at < db.now, Ticket.owner_id.is_not(None), _is_ours(db))
        .order_by(deadline.due_at, deadline.ticket_id)
        .limit(limit)
    )
    return rows_of(db, [TicketId(one) for one in found])


def _is_ours(db: Reader) -> ColumnElement[bool]:
    people = [db.actor, *(one.user_id for one in list_stood_in_for(db))]
    return or_(Ticket.owner_id.in_(people), Ticket.owner_id.is_(None), Ticket.worker_id == db.actor)


def _working_time(db: Reader, rows: Sequence[TicketRow]) -> list[tuple[TicketRow, timedelta]]:
    """Give how much working time each has waited, by the calendar that its deadline goes by."""
    book = Rulebook(db.connection)
    cases: dict[Any, Any] = {
        case.ticket_id: case
        for case in read_cases(db.connection, Ticket.id.in_([row.id for row in rows]))
    }
    found = []
    for row in rows:
        assert row.waiting_since is not None  # these were asked for
        case = cases[row.id]
        policy = choose(book.policies, case.traits, book.fallback).policy
        calendar = book.calendar_of(policy, case).known.calendar
        found.append((row, working_time_between(calendar, row.waiting_since, db.now)))
    return found
