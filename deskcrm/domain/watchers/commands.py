"""Watches tickets, and lets colleagues watch them."""

from collections.abc import Sequence

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.merges.homes import read_in
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.moving import ticket_at_home
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
    return list(dict.fromkeys(one.user_id for one in _watchers(work, ticket_id)))


def _watchers(work: Work, ticket_id: TicketId) -> Sequence[TicketWatcher]:
    """Give the records of who watches a ticket, or what was merged into it."""
    found: Sequence[TicketWatcher] = work.records(
        select(TicketWatcher).where(
            TicketWatcher.ticket_id.in_(read_in(ticket_id)), ~TicketWatcher.is_deleted
        )
    )
    return found


def _add(work: Work, ticket_id: TicketId, user_id: UserId) -> None:
    ticket, user = ticket_at_home(work, ticket_id), work.get(User, user_id)
    if not user.is_active:
        raise UserError(
            tr("{name} does not work here any more.", name=user.name), tr("Choose somebody else.")
        )
    if user_id in watching(work, TicketId(ticket.id)):
        raise UserError(
            tr("{name} watches ticket {number} already.", name=user.name, number=ticket.number)
        )
    watcher = work.put(
        TicketWatcher, ticket_id=TicketId(ticket.id), user_id=user_id, client_id=ticket.client_id,
        began_at=work.now,
    )  # fmt: skip
    watcher.began_at = work.now


def _remove(work: Work, ticket_id: TicketId, user_id: UserId) -> None:
    ticket, user = ticket_at_home(work, ticket_id), work.get(User, user_id)
    theirs = [one for one in _watchers(work, TicketId(ticket.id)) if one.user_id == user_id]
    if not theirs:
        raise UserError(
            tr("{name} does not watch ticket {number}.", name=user.name, number=ticket.number)
        )
    for watcher in theirs:
        work.delete(watcher)
