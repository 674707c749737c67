"""How a ticket's facts are said and marked, in the list and in the record alike."""

from typing import Final

from deskcrm.base import clock
from deskcrm.base.words import of, tr
from deskcrm.domain.tickets.model import Priority, TicketKind
from deskcrm.domain.tickets.queries import TicketRow
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.today.reasons import span
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.tokens import Tone

KIND_ICONS: Final = {
    TicketKind.INCIDENT: "warning",
    TicketKind.SERVICE_REQUEST: "tickets",
    TicketKind.QUESTION: "help",
    TicketKind.COMPLAINT: "flag",
    TicketKind.SUGGESTION: "star",
}
STATE_TONES: Final = {
    TicketState.NEW: Tone.ACCENT,
    TicketState.OPEN: Tone.INFO,
    TicketState.RESOLVED: Tone.OK,
}


def named(row: TicketRow) -> str:
    """Name a ticket where it is not seen what it is about: "#1001 No orders come"."""
    return f"#{row.number} {row.subject}"


def state_chip(state: TicketState) -> Chip:
    """Mark how far a ticket has come."""
    return Chip(of(state), STATE_TONES.get(state, Tone.NEUTRAL))


def priority_chip(priority: Priority) -> Chip | None:
    """Mark a priority above the normal."""
    if priority in (Priority.URGENT, Priority.HIGH):
        tone = Tone.DANGER if priority is Priority.URGENT else Tone.WARNING
        return Chip(of(priority), tone, "flag")
    return None


def waiting_chip(row: TicketRow) -> Chip | None:
    """Say for how long the client has been waiting for our answer."""
    if row.waiting_since is None:
        return None
    return Chip(span(clock.now(), row.waiting_since), Tone.WARNING, "clock")


def marks(row: TicketRow) -> list[Chip]:
    """What is shown of a ticket beside what can be set there: how it stands, and its tags."""
    chips = []
    if row.waiting_since is not None:
        said = tr("Waits {time}", time=span(clock.now(), row.waiting_since))
        chips.append(Chip(said, Tone.WARNING, "clock"))
    if row.reopened:
        words = tr("Reopened") if row.reopened == 1 else tr("Reopened × {n}", n=row.reopened)
        chips.append(Chip(words, Tone.WARNING, "undo"))
    chips.append(Chip(tr("Opened {when}", when=dates.ago(row.opened_at)), Tone.NEUTRAL))
    if row.resolved_at is not None:
        chips.append(Chip(tr("Resolved {when}", when=dates.ago(row.resolved_at)), Tone.OK, "check"))
    return [*chips, *(Chip(tag.name, Tone.NEUTRAL, "tag") for tag in row.tags)]
