"""How a deadline is marked: the same chip in lists and beside a ticket."""

from deskcrm.base import clock
from deskcrm.base.words import of, tr
from deskcrm.domain.tickets.queries import TicketRow
from deskcrm.domain.today.reasons import span
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.tokens import Tone


def due_chip(row: TicketRow) -> Chip | None:
    """Say until when the next promise is due; None for a ticket that is settled."""
    if row.clock is None:
        return None
    if row.due_at is None:
        return Chip(tr("Paused"), Tone.NEUTRAL, "snooze")
    now = clock.now()
    if is_overdue(row):
        # As a negative time: words would not fit in Russian, and a chip without any says less.
        return Chip(f"−{span(now, row.due_at)}", Tone.DANGER, "warning")
    is_near = row.warn_at is not None and row.warn_at <= now
    return Chip(dates.ago(row.due_at), Tone.WARNING if is_near else Tone.NEUTRAL, "clock")


def due_words(row: TicketRow) -> str:
    """Say which promise it is, and until when: what the button beside a ticket shows."""
    if row.clock is None:
        return tr("No deadline: the ticket is settled")
    what = of(row.clock)
    if row.due_at is None:
        return tr("{what}: paused", what=what)
    return tr("{what}: due {when}", what=what, when=dates.full(row.due_at))


def is_overdue(row: TicketRow) -> bool:
    """Whether the time for what is promised next has passed."""
    return row.clock is not None and row.due_at is not None and row.due_at < clock.now()


def due_line(row: TicketRow) -> str:
    """Say shortly until when, or how late it is."""
    if row.clock is None or row.due_at is None:
        return due_words(row)
    what = of(row.clock)
    if is_overdue(row):
        return tr("{what}: {time} late", what=what, time=span(clock.now(), row.due_at))
    return tr("{what}: due {when}", what=what, when=dates.moment(row.due_at))
