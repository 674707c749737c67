"""The states of a ticket: which may follow which, and which wins when two people set one."""

from enum import StrEnum
from typing import Final

from deskcrm.base.errors import UserError
from deskcrm.base.words import of, tr


class TicketState(StrEnum):
    """How far a ticket has come."""

    NEW = "new"
    OPEN = "open"
    WAITING_ON_CLIENT = "waiting_on_client"
    WAITING_ON_THIRD_PARTY = "waiting_on_third_party"
    RESOLVED = "resolved"
    CLOSED = "closed"

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still has to act."""
        return self not in (TicketState.RESOLVED, TicketState.CLOSED)


_WORKING: Final = (
    TicketState.OPEN,
    TicketState.WAITING_ON_CLIENT,
    TicketState.WAITING_ON_THIRD_PARTY,
    TicketState.RESOLVED,
    TicketState.CLOSED,
)
_MAY_FOLLOW: Final = {
    TicketState.NEW: _WORKING,
    TicketState.OPEN: _WORKING,
    TicketState.WAITING_ON_CLIENT: _WORKING,
    TicketState.WAITING_ON_THIRD_PARTY: _WORKING,
    TicketState.RESOLVED: (TicketState.OPEN, TicketState.CLOSED),
    TicketState.CLOSED: (TicketState.OPEN,),
}


def check_step(before: TicketState, after: TicketState) -> None:
    """Refuse a change of state that makes no sense, in words."""
    if before is after:
        raise UserError(tr("The ticket is already in this state: {state}.", state=of(after)))
    if after not in _MAY_FOLLOW[before]:
        raise UserError(
            tr(
                "A ticket cannot go from “{before}” to “{after}”.",
                before=of(before),
                after=of(after),
            ),
            tr("Reopen it first.") if not before.is_open else "",
        )


def merge_states(mine: TicketState, theirs: TicketState) -> TicketState:
    """Decide between two states set without knowledge of one another.

    A ticket that one side still works on, or that the client spoke in, is not settled by the
    other: resolved and reopened is open. Of two states that settle it, or that keep it open, the
    one that asks more of us wins, so that nothing is forgotten.
    """
    return min(mine, theirs, key=_DEMANDS.index)


_DEMANDS: Final = (
    TicketState.OPEN,
    TicketState.NEW,
    TicketState.WAITING_ON_THIRD_PARTY,
    TicketState.WAITING_ON_CLIENT,
    TicketState.RESOLVED,
    TicketState.CLOSED,
)
