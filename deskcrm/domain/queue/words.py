"""Says why a ticket comes next, in a sentence and as a sum."""

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
            what = of(row.clock).lower()
            return tr("{what} is {time} late", what=what, time=span(now, row.due_at))
        case Factor.NEARLY_DUE:
            said = why_nearly_due(row, now)
            return f"{said[:1].lower()}{said[1:]}"
        case Factor.PRIORITY:
            return tr("priority: {priority}", priority=of(row.priority).lower())
        case Factor.AGE if row.waiting_since is not None:
            return tr("the client waits for {time}", time=span(now, row.waiting_since))
        case Factor.AGE:
            return tr("open for {time}", time=span(now, row.opened_at))
        case Factor.MINE:
            return tr("it is yours")
        case Factor.STAND_IN:
            return tr("you stand in for {name}", name=", ".join(why.names))
        case Factor.SKILL:
            return tr("it needs what you are good at: {skills}", skills=", ".join(why.names))
    return tr("you served this client last")


def sentence_of(found: NextTicket, now: datetime) -> str:
    """Say all reasons in one sentence, the weightiest first."""
    reasons = sorted(found.why, key=lambda one: -one.points)
    said = "; ".join(why_words(one, found.row, now) for one in reasons)
    return f"{said[:1].upper()}{said[1:]}." if said else tr("It is the oldest that is left.")


def sum_of(found: NextTicket, now: datetime) -> Sequence[tuple[str, int]]:
    """Give the sum, line by line: what for, and how many points."""
    return [(why_words(one, found.row, now), one.points) for one in found.why]
