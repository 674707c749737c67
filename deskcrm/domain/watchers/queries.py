"""Who watches a ticket, and what is new in those that one watches."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, func, select, union_all

from deskcrm.base.words import of, tr
from deskcrm.domain.contacts.model import Contact
from deskcrm.domain.merges.homes import read_in, ticket_home
from deskcrm.domain.tickets.model import MessageKind, TicketId, TicketMessage, TicketTransition
from deskcrm.domain.tickets.queries import TicketRow, rows_of
from deskcrm.domain.users.model import User, UserId
from deskcrm.domain.watchers.model import TicketWatcher
from deskcrm.store.reader import Reader
from deskcrm.store.tables import change_table, step_table

NEWS_FOR: Final = timedelta(days=7)
"""What is older is no news to anybody who was away."""


@dataclass(frozen=True, slots=True)
class Watcher:
    """Somebody who watches a ticket."""

    user_id: UserId
    name: str


@dataclass(frozen=True, slots=True)
class News:
    """The last thing that somebody else did in a ticket that one watches."""

    ticket: TicketRow
    at: datetime
    said: str


def list_watchers(db: Reader, ticket_id: TicketId) -> list[Watcher]:
    """List who watches a ticket, by name."""
    rows = db.all(
        select(User.id, User.name)
        .join(TicketWatcher, TicketWatcher.user_id == User.id)
        .where(TicketWatcher.ticket_id.in_(read_in(ticket_id)), ~TicketWatcher.is_deleted)
        .distinct()
        .order_by(User.name, User.id)
    )
    return [Watcher(UserId(row[0]), row[1]) for row in rows]


def list_news(db: Reader) -> list[News]:
    """List what is new in the tickets that one watches, the newest first, one for each ticket."""
    began, homes = _watched(db)
    newest: dict[TicketId, tuple[datetime, str]] = {}
    for said_in, at, said in (*_said(db), *_moved(db)):
        ticket_id = homes.get(said_in, said_in)
        if at > began[ticket_id] and (ticket_id not in newest or at > newest[ticket_id][0]):
            newest[ticket_id] = (at, said)
    news = [News(row, *newest[row.id]) for row in rows_of(db, list(newest))]
    return sorted(news, key=lambda one: one.at, reverse=True)


def _watched(db: Reader) -> tuple[dict[TicketId, datetime], dict[TicketId, TicketId]]:
    """Give since when one watches each ticket, and where those are read that others went into."""
    rows = db.all(select(TicketWatcher.ticket_id, TicketWatcher.began_at).where(_is_mine(db)))
    inside = select(ticket_home).where(ticket_home.c.ticket_id.in_(_inside(db)))
    homes = {TicketId(row[0]): TicketId(row[1]) for row in db.all(inside)}
    began: dict[TicketId, datetime] = {}
    for ticket_id, at in rows:
        home = homes.get(ticket_id, ticket_id)
        began[home] = min(at, began.get(home, at))
    return began, homes


def _is_mine(db: Reader) -> ColumnElement[bool]:
    return (TicketWatcher.user_id == db.actor) & ~TicketWatcher.is_deleted


def _inside(db: Reader) -> Select[TicketId]:
    """Select the tickets that one watches, and all that are read in the same ones."""
    own = select(TicketWatcher.ticket_id).where(_is_mine(db))
    homes = select(ticket_home.c.home_id).where(ticket_home.c.ticket_id.in_(own))
    read = select(ticket_home.c.ticket_id).where(
        ticket_home.c.home_id.in_(own) | ticket_home.c.home_id.in_(homes)
    )
    return select(union_all(own, homes, read).subquery())


def _said(db: Reader) -> list[tuple[TicketId, datetime, str]]:
    """Give what others said, and what a client said unless one wrote it down oneself."""
    message = TicketMessage
    rows = db.all(
        select(
            message.ticket_id, message.sent_at, message.kind,
            func.coalesce(User.name, Contact.name, ""),
        )
        .outerjoin(User, User.id == message.author_id)
        .outerjoin(Contact, Contact.id == message.contact_id)
        .where(message.ticket_id.in_(_inside(db)), message.sent_at > db.now - NEWS_FOR)
        .where(message.author_id.is_distinct_from(db.actor), ~message.is_deleted)
        .where(~_is_own(db))
    )  # fmt: skip
    return [(TicketId(row[0]), row[1], _said_words(row[2], row[3])) for row in rows]


def _is_own(db: Reader) -> ColumnElement[bool]:
    """Find in the log who wrote a message down: a client's word does not carry their name."""
    change, step = change_table.c, step_table.c
    return (
        select(change.id)
        .join(step_table, step.id == change.step)
        .where(change.row_id == TicketMessage.id, change.kind == "create")
        .where(step.actor == db.actor)
        .exists()
    )


def _said_words(kind: MessageKind, name: str) -> str:
    if kind is MessageKind.CLIENT_WORD:
        return tr("{name} wrote", name=name) if name else tr("The client wrote")
    if kind is MessageKind.PUBLIC_REPLY:
        return tr("{name} replied", name=name)
    return tr("{name} added an internal note", name=name)


def _moved(db: Reader) -> list[tuple[TicketId, datetime, str]]:
    step = TicketTransition
    rows = db.all(
        select(step.ticket_id, step.happened_at, step.to_state, func.coalesce(User.name, ""))
        .outerjoin(User, User.id == step.changed_by)
        .where(step.ticket_id.in_(_inside(db)), step.happened_at > db.now - NEWS_FOR)
        .where(step.changed_by != db.actor, ~step.is_deleted)
    )
    return [
        (TicketId(row[0]), row[1], tr("{name}: now “{state}”", name=row[3], state=of(row[2])))
        for row in rows
    ]
