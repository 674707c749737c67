"""What has to happen next in a ticket, in a sentence: nobody has to guess it from the thread."""

from datetime import datetime

from deskcrm.base.words import tr
from deskcrm.domain.tickets.model import SupportLine
from deskcrm.domain.tickets.queries import TicketRow
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.today.reasons import span


def next_step(row: TicketRow, now: datetime, *, planned: str = "") -> str:
    """Say what comes next; "" when it is settled. ``planned``: the next open task of the ticket.

    What the client waits for comes before what we planned, and that before what the state says.
    """
    if not row.state.is_open:
        return ""
    if row.owner_id is None:
        return tr("Somebody has to take it.")
    if row.waiting_since is not None:
        return tr(
            "Answer the client, who has waited for {time}.", time=span(now, row.waiting_since)
        )
    if row.line is not SupportLine.FIRST:
        if row.worker_id is None:
            return tr("Somebody on line {n} has to take it.", n=row.line.value)
        return tr("{name} works on it on line {n}.", name=row.worker, n=row.line.value)
    if planned:
        return planned
    if row.state is TicketState.WAITING_ON_CLIENT:
        return tr("Wait for the client, and ask again if nothing comes.")
    if row.state is TicketState.WAITING_ON_THIRD_PARTY:
        return tr("Ask those whom we wait for.")
    if row.first_reply_at is None:
        return tr("Give the first answer.")
    return tr("Go on with it, and tell the client.")
