"""Says why a ticket comes next: the reasons, and what each adds to the sum."""

from collections.abc import Sequence
from datetime import datetime

from deskcrm.base.words import of, tr
from deskcrm.domain.queue.next import Factor, NextTicket, Why
from deskcrm.domain.tickets.queries import TicketRow
from deskcrm.domain.today.reasons import span, why_nearly_due


def why_words(why: Why, row: TicketRow, now: datetime) -> str:
    """Say one reason."""
    match why.factor:
        case Factor.VIP:
            return tr("{tier} client", tier=of(row.tier))
        case Factor.OVERDUE:
            assert row.clock is not None and row.due_at is not None  # what is overdue has both
            what = of(row.clock)
            return tr("{what} is {time} late", what=what, time=span(now, row.due_at))
        case Factor.NEARLY_DUE:
            return why_nearly_due(row, now)
        case Factor.PRIORITY:
            return tr("Priority: {priority}", priority=of(row.priority).lower())
        case Factor.AGE if row.waiting_since is not None:
            return tr("The client has waited {time}", time=span(now, row.waiting_since))
        case Factor.AGE:
            return tr("Open for {time}", time=span(now, row.opened_at))
        case Factor.MINE:
            return tr("It is yours")
        case Factor.STAND_IN:
            return tr("You stand in for {name}", name=", ".join(why.names))
        case Factor.SKILL:
            return tr("It needs what you are good at: {skills}", skills=", ".join(why.names))
    return tr("You served this client last")


def sum_of(found: NextTicket, now: datetime) -> Sequence[tuple[str, int]]:
    """Give the sum, the weightiest first: what for, and how many points."""
    reasons = sorted(found.why, key=lambda one: -one.points)
    return [(why_words(one, found.row, now), one.points) for one in reasons]
