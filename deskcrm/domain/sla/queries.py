"""Answers about service levels: the policies, and the open tickets that are late, or nearly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from deskcrm.domain.calendars.model import CalendarId
from deskcrm.domain.clients.model import Tier
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.sla.cases import known
from deskcrm.domain.sla.clocks import ClockKind
from deskcrm.domain.sla.deadlines import ticket_deadline
from deskcrm.domain.sla.model import PolicyId, SlaPolicy
from deskcrm.domain.sla.settings import fallback_policy
from deskcrm.domain.tags.model import TagId
from deskcrm.domain.tickets.model import Priority, SupportLine, Ticket, TicketId, TicketKind
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.model import UserId
from deskcrm.store.reader import Reader


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy, as the list of policies and its form show it."""

    id: PolicyId
    name: str
    is_active: bool
    kinds: tuple[TicketKind, ...]
    priorities: tuple[Priority, ...]
    tiers: tuple[Tier, ...]
    lines: tuple[SupportLine, ...]
    channels: tuple[Channel, ...]
    tags: tuple[TagId, ...]
    first_response_minutes: int | None
    next_response_minutes: int | None
    resolution_minutes: int | None
    pauses_in: tuple[TicketState, ...]
    warn_percent: int
    calendar_id: CalendarId | None
    open_tickets: int


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """An open ticket whose next deadline has passed, or comes soon enough for a warning."""

    ticket_id: TicketId
    number: int
    subject: str
    owner_id: UserId | None
    clock: ClockKind
    due_at: datetime
    warn_at: datetime


def list_policies(db: Reader) -> list[PolicyRow]:
    """List the policies in their order, each with how many open tickets go by it."""
    held: dict[UUID | None, int] = dict(
        db.all(
            select(ticket_deadline.c.policy_id, func.count()).group_by(ticket_deadline.c.policy_id)
        )
    )
    rows = db.all(
        select(SlaPolicy.__table__)
        .where(~SlaPolicy.is_deleted)
        .order_by(SlaPolicy.position, SlaPolicy.id)
    )
    return [
        PolicyRow(
            PolicyId(row.id),
            row.name,
            row.is_active,
            tuple(known(TicketKind, row.kinds)),
            tuple(known(Priority, row.priorities)),
            tuple(known(Tier, row.tiers)),
            tuple(known(SupportLine, row.lines)),
            tuple(known(Channel, row.channels)),
            tuple(TagId(UUID(one)) for one in row.tags),
            row.first_response_minutes,
            row.next_response_minutes,
            row.resolution_minutes,
            tuple(known(TicketState, row.pauses_in)),
            row.warn_percent,
            row.calendar_id,
            held.get(row.id, 0),
        )
        for row in rows
    ]


def get_fallback(db: Reader) -> dict[ClockKind, timedelta]:
    """Give what is promised for tickets that no policy matches."""
    return dict(fallback_policy(db.connection).targets)


def scan_deadlines(db: Reader, *, limit: int = 500) -> list[DeadlineRow]:
    """List the open tickets that are late or near their deadline now, the latest first."""
    rows: Sequence[tuple[object, ...]] = db.all(
        select(
            Ticket.id,
            Ticket.number,
            Ticket.subject,
            Ticket.owner_id,
            ticket_deadline.c.clock,
            ticket_deadline.c.due_at,
            ticket_deadline.c.warn_at,
        )
        .join(Ticket, Ticket.id == ticket_deadline.c.ticket_id)
        .where(ticket_deadline.c.warn_at <= db.now)
        .order_by(ticket_deadline.c.due_at, ticket_deadline.c.ticket_id)
        .limit(limit)
    )
    return [DeadlineRow(*row) for row in rows]  # type: ignore[arg-type]  # columns in their order
