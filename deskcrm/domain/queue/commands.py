"""Skips a ticket that one was handed."""

from datetime import timedelta

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.queue.model import (
    MOST_POINTS,
    PointsFor,
    QueuePoints,
    TicketSkip,
    TicketSkipId,
)
from deskcrm.domain.queue.settings import SKIPPED_FOR
from deskcrm.domain.settings.queries import list_set
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.work import Work


@command("queue.skip", "Skip ticket")
def skip_ticket(work: Work, ticket_id: TicketId, *, reason: str) -> TicketSkipId:
    """Leave a ticket for others, with a reason; for a while one is not handed it again."""
    ticket = work.get(Ticket, ticket_id)
    if not ticket.is_open:
        raise UserError(
            tr("Ticket {number} is settled: nobody is handed it.", number=ticket.number)
        )
    hours = SKIPPED_FOR.read(list_set(work).get(SKIPPED_FOR.key))
    skip = TicketSkip(
        ticket_id=ticket_id,
        client_id=ticket.client_id,
        reason=reason,
        skipped_at=work.now,
        comes_back_at=work.now + timedelta(hours=hours),
        skipped_by=UserId(work.actor),
    )
    return TicketSkipId(work.add(skip).id)


@command("queue.set_points", "Set points of Next")
def set_points(work: Work, what: PointsFor, *, points: int) -> None:
    """Say what something counts where Next chooses; nothing counts less than nothing."""
    if not 0 <= points <= MOST_POINTS:
        raise UserError(
            tr("Points are a number from 0 to {n}.", n=MOST_POINTS),
            tr("With 0 it does not count at all."),
        )
    work.put(QueuePoints, what=what, points=points).points = points
