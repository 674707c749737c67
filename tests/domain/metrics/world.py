"""Tickets with a life told in moments, written at once."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from deskcrm.base.ids import new_id
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.tickets.model import (
    MessageKind,
    Ticket,
    TicketId,
    TicketMessage,
    TicketTransition,
)
from deskcrm.domain.tickets.states import TicketState
from deskcrm.store.commands import command
from deskcrm.store.work import Work


def at(day: int, hour: int = 0, minute: int = 0, *, month: int = 3) -> datetime:
    """A moment of spring 2026; 2 March is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@command("tests.tell_ticket", "Tell ticket")
def tell_ticket(
    work: Work,
    /,
    client: ClientId,
    opened: datetime,
    *,
    replied: datetime | None = None,
    moves: Sequence[tuple[datetime, TicketState]] = (),
    owner: UUID | None = None,
    channel: Channel = Channel.EMAIL,
    number: int = 1,
    **more: Any,
) -> TicketId:
    """Write a ticket with its reply and its changes of state."""
    ticket_id, state = new_id(), moves[-1][1] if moves else TicketState.NEW
    settled = moves[-1][0] if moves and not state.is_open else None
    work.insert_many(
        Ticket,
        [{
            "id": ticket_id, "number": number, "subject": f"Ticket {number}", "client_id": client,
            "channel": channel, "state": state, "owner_id": owner, "opened_at": opened,
            "opened_by": work.actor, "resolved_at": settled, **more,
        }],
    )  # fmt: skip
    same = {"ticket_id": ticket_id, "client_id": client}
    before = TicketState.NEW
    steps = [{**same, "to_state": TicketState.NEW, "happened_at": opened}]
    for moment, to in moves:
        steps.append({**same, "from_state": before, "to_state": to, "happened_at": moment})
        before = to
    work.insert_many(TicketTransition, ({**one, "changed_by": work.actor} for one in steps))
    if replied is not None:
        work.insert_many(
            TicketMessage,
            [{
                **same, "kind": MessageKind.PUBLIC_REPLY, "text": "We see to it",
                "channel": channel, "author_id": work.actor, "sent_at": replied,
            }],
        )  # fmt: skip
    return TicketId(ticket_id)
