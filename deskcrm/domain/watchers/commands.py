"""Watches tickets, and lets colleagues watch them."""

from collections.abc import Sequence

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.domain.users.model import User, UserId
from deskcrm.domain.watchers.model import TicketWatcher
from deskcrm.store.commands import command
from deskcrm.store.work import Work


@command("watchers.watch", "Watch ticket")
def watch_ticket(work: Work, ticket_id: TicketId) -> None:
    """Hear from now on of what others do in a ticket."""
    _add(work, ticket_id, UserId(work.actor))


@command("watchers.stop", "Stop watching ticket")
def stop_watching(work: Work, ticket_id: TicketId) -> None:
    """Hear no more of a ticket."""
    _remove(work, ticket_id, UserId(work.actor))


@command("watchers.add", "Add watcher")
def add_watcher(work: Work, ticket_id: TicketId, *, user_id: UserId) -> None:
    """Let a colleague hear of what others do in a ticket."""
    _add(work, ticket_id, user_id)


@command("watchers.remove", "Remove watcher")
def remove_watcher(work: Work, ticket_id: TicketId, *, user_id: UserId) -> None:
    """Let a colleague hear no more of a ticket."""
    _remove(work, ticket_id, user_id)


@command("watchers.set", "Set watchers")
def set_watchers(work: Work, ticket_id: TicketId, *, user_ids: Sequence[UserId]) -> int:
    """Let exactly these people hear of a ticket; gives how many came or went."""
    now = set(watching(work, ticket_id))
    wanted = set(user_ids)
    for user_id in sorted(wanted - now):
        _add(work, ticket_id, user_id)
    for user_id in sorted(now - wanted):
        _remove(work, ticket_id, user_id)
    return len(now ^ wanted)


def watching(work: Work, ticket_id: TicketId) -> list[UserId]:
    """Give who watches a ticket."""
    found = select(TicketWatcher).where(
        TicketWatcher.ticket_id == ticket_id, ~TicketWatcher.is_deleted
    )
    return [one.user_id for one in work.records(found)]


def _add(work: Work, ticket_id: TicketId, user_id: UserId) -> None:
    ticket, user = work.get(Ticket, ticket_id), work.get(User, user_id)
    if not user.is_active:
        raise UserError(
            tr("{name} does not work here any more.", name=user.name), tr("Choose somebody else.")
        )
    if _watching(work, ticket_id, user_id) is not None:
        raise UserError(
            tr("{name} watches ticket {number} already.", name=user.name, number=ticket.number)
        )
    watcher = work.put(
        TicketWatcher, ticket_id=ticket_id, user_id=user_id, client_id=ticket.client_id,
        began_at=work.now,
    )  # fmt: skip
    watcher.began_at = work.now


def _remove(work: Work, ticket_id: TicketId, user_id: UserId) -> None:
    ticket, user = work.get(Ticket, ticket_id), work.get(User, user_id)
    watcher = _watching(work, ticket_id, user_id)
    if watcher is None:
        raise UserError(
            tr("{name} does not watch ticket {number}.", name=user.name, number=ticket.number)
        )
    work.delete(watcher)


def _watching(work: Work, ticket_id: TicketId, user_id: UserId) -> TicketWatcher | None:
    row_id = TicketWatcher.work_out_id({"ticket_id": ticket_id, "user_id": user_id})
    found = select(TicketWatcher).where(TicketWatcher.id == row_id, ~TicketWatcher.is_deleted)
    return next(iter(work.records(found)), None)
