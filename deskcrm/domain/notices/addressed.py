"""What colleagues address to a person: a note that names them with @, a ticket handed to them."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from deskcrm.base.words import tr
from deskcrm.domain.assignment.model import TicketAssignment
from deskcrm.domain.knowledge.addresses import readable
from deskcrm.domain.merges.homes import IS_OPEN
from deskcrm.domain.names import fold, one_line
from deskcrm.domain.tickets.line_steps import TicketLineStep
from deskcrm.domain.tickets.model import MessageKind, Ticket, TicketId, TicketMessage
from deskcrm.domain.tickets.queries import rows_of
from deskcrm.domain.tickets.standing import ticket_standing
from deskcrm.domain.today.queries import TodayAction, TodayItem, TodayKind
from deskcrm.domain.users.model import User
from deskcrm.domain.watchers.queries import NEWS_FOR
from deskcrm.store.reader import Reader

_SAID: Final = 120
Addressed = tuple[TicketId, datetime, str]
"""In which ticket, when, and what is told of it."""


def list_addressed(db: Reader) -> list[TodayItem]:
    """Give what others addressed to the signed-in person lately, the last of each ticket."""
    return [
        *_items(db, TodayKind.MENTIONED, _mentions(db)),
        *_items(db, TodayKind.TICKET_HANDED, (*_handed(db), *_escalated(db))),
    ]


def names(text: str, name: str) -> bool:
    """Tell whether a text names somebody with @: by the whole name, or by the first alone."""
    whole = fold(name)
    called = (re.escape(one) for one in dict.fromkeys((whole, whole.split(" ")[0])) if one)
    return re.search(rf"@(?:{'|'.join(called)})(?!\w)", fold(text)) is not None


def _items(
    db: Reader, kind: TodayKind, found: Iterator[Addressed] | tuple[Addressed, ...]
) -> list[TodayItem]:
    newest: dict[TicketId, tuple[datetime, str]] = {}
    for ticket_id, at, said in found:
        if ticket_id not in newest or at > newest[ticket_id][0]:
            newest[ticket_id] = (at, said)
    items = [
        TodayItem(
            kind,
            f"#{row.number} {row.subject}",
            newest[row.id][1],
            TodayAction.REPLY,
            row.client_id,
            row.client,
            at=newest[row.id][0],
            ticket_id=row.id,
            ticket_number=row.number,
        )
        for row in rows_of(db, list(newest))
    ]
    return sorted(items, key=lambda item: newest[item.ticket_id][0], reverse=True)  # type: ignore[index]  # each has a ticket


def _mentions(db: Reader) -> Iterator[Addressed]:
    """Read the notes of tickets in which something happened lately; few have an @ in them."""
    me = db.scalar(select(User.name).where(User.id == db.actor)) or ""
    since = db.now - NEWS_FOR
    rows = db.all(
        select(
            TicketMessage.ticket_id, TicketMessage.sent_at, TicketMessage.text,
            func.coalesce(User.name, ""),
        )
        .join(ticket_standing, ticket_standing.c.ticket_id == TicketMessage.ticket_id)
        .outerjoin(User, User.id == TicketMessage.author_id)
        .where(ticket_standing.c.stirred_at > since, TicketMessage.sent_at > since)
        .where(TicketMessage.kind == MessageKind.INTERNAL_NOTE, ~TicketMessage.is_deleted)
        .where(TicketMessage.author_id != db.actor, TicketMessage.text.contains("@"))
    )  # fmt: skip
    for ticket_id, at, text, author in rows:
        if me and names(text, me):
            said = one_line(readable(text))
            short = said if len(said) <= _SAID else f"{said[:_SAID].rstrip()}…"
            yield ticket_id, at, tr("{name}: {text}", name=author, text=short)


def _handed(db: Reader) -> Iterator[Addressed]:
    rows = db.all(
        select(
            TicketAssignment.ticket_id, TicketAssignment.assigned_at, TicketAssignment.rule_id,
            func.coalesce(User.name, ""),
        )
        .join(Ticket, Ticket.id == TicketAssignment.ticket_id)
        .outerjoin(User, User.id == TicketAssignment.assigned_by)
        .where(Ticket.owner_id == db.actor, IS_OPEN, ~Ticket.is_deleted)
        .where(TicketAssignment.user_id == db.actor, TicketAssignment.assigned_by != db.actor)
        .where(TicketAssignment.assigned_at > db.now - NEWS_FOR, ~TicketAssignment.is_deleted)
    )  # fmt: skip
    for ticket_id, at, rule_id, name in rows:
        by_rules = tr("Assigned to you by the rules")
        yield ticket_id, at, by_rules if rule_id else tr("{name} assigned it to you", name=name)


def _escalated(db: Reader) -> Iterator[Addressed]:
    rows = db.all(
        select(TicketLineStep.ticket_id, TicketLineStep.moved_at, func.coalesce(User.name, ""))
        .join(Ticket, Ticket.id == TicketLineStep.ticket_id)
        .outerjoin(User, User.id == TicketLineStep.moved_by)
        .where(Ticket.worker_id == db.actor, Ticket.worker_id.is_not(None), IS_OPEN)
        .where(TicketLineStep.worker_id == db.actor, TicketLineStep.moved_by != db.actor)
        .where(TicketLineStep.moved_at > db.now - NEWS_FOR)
        .where(~Ticket.is_deleted, ~TicketLineStep.is_deleted)
    )
    for ticket_id, at, name in rows:
        yield ticket_id, at, tr("{name} asks you to work on it", name=name)
