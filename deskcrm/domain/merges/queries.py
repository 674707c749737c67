"""Answers about merges and splits: what a ticket became part of, and what became part of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from deskcrm.base.words import tr
from deskcrm.domain.merges.homes import home_of, read_in
from deskcrm.domain.merges.model import TicketMerge, TicketSplit
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.model import User
from deskcrm.store.reader import Reader


class JoinKind(StrEnum):
    """What the ticket at the other end is to this one."""

    MERGED_IN = "merged_in"
    MERGED_INTO = "merged_into"
    SPLIT_INTO = "split_into"
    SPLIT_FROM = "split_from"


@dataclass(frozen=True, slots=True)
class ThreadJoin:
    """A merge or a split, as it is seen from one ticket: when, by whom, and the other ticket."""

    at: datetime
    author: str
    kind: JoinKind
    ticket_id: TicketId
    number: int
    subject: str
    state: TicketState

    @property
    def words(self) -> str:
        """Say in short what the other ticket is to this one."""
        return {
            JoinKind.MERGED_IN: tr("Includes"),
            JoinKind.MERGED_INTO: tr("Merged into"),
            JoinKind.SPLIT_INTO: tr("Split into"),
            JoinKind.SPLIT_FROM: tr("Split off"),
        }[self.kind]

    @property
    def said(self) -> str:
        """Say in a sentence who did what."""
        name, number, subject = self.author or tr("Somebody"), self.number, self.subject
        if self.kind is JoinKind.MERGED_IN:
            return tr("{name} merged #{number} “{subject}” into this ticket",
                      name=name, number=number, subject=subject)  # fmt: skip
        if self.kind is JoinKind.MERGED_INTO:
            return tr("{name} merged this ticket into #{number} “{subject}”",
                      name=name, number=number, subject=subject)  # fmt: skip
        if self.kind is JoinKind.SPLIT_INTO:
            return tr("{name} split #{number} “{subject}” off",
                      name=name, number=number, subject=subject)  # fmt: skip
        return tr("{name} split this ticket off #{number} “{subject}”",
                  name=name, number=number, subject=subject)  # fmt: skip


def list_joins(db: Reader, ticket_id: TicketId) -> list[ThreadJoin]:
    """List the merges and splits of a ticket, and of what is read in it, in order."""
    inside = read_in(ticket_id)
    merge, split = TicketMerge, TicketSplit
    merged_in = merge.into_id.in_(inside) & ~merge.is_deleted
    merged_into = (merge.ticket_id == ticket_id) & ~merge.is_deleted
    split_into = split.from_id.in_(inside) & ~split.is_deleted
    split_from = (split.ticket_id == ticket_id) & ~split.is_deleted
    found = [
        *_joins(db, JoinKind.MERGED_IN, merge.ticket_id, merged_in),
        *_joins(db, JoinKind.MERGED_INTO, merge.into_id, merged_into),
        *_joins(db, JoinKind.SPLIT_INTO, split.ticket_id, split_into),
        *_joins(db, JoinKind.SPLIT_FROM, split.from_id, split_from),
    ]
    return sorted(found, key=lambda one: (one.at, one.number))


@dataclass(frozen=True, slots=True)
class Home:
    """The ticket in which one that was merged is read."""

    ticket_id: TicketId
    number: int
    subject: str


def get_home(db: Reader, ticket_id: TicketId) -> Home | None:
    """Give the ticket that one was merged into; None where it is read itself."""
    home = home_of(db, ticket_id)
    if home == ticket_id:
        return None
    row = db.first(select(Ticket.number, Ticket.subject).where(Ticket.id == home))
    return None if row is None else Home(home, row[0], row[1])


def _joins(
    db: Reader,
    kind: JoinKind,
    there: InstrumentedAttribute[TicketId],
    which: ColumnElement[bool],
) -> list[ThreadJoin]:
    is_merge = kind in (JoinKind.MERGED_IN, JoinKind.MERGED_INTO)
    at, by = (
        (TicketMerge.merged_at, TicketMerge.merged_by)
        if is_merge
        else (TicketSplit.split_at, TicketSplit.split_by)
    )
    rows = db.all(
        select(
            at, func.coalesce(User.name, ""), Ticket.id, Ticket.number, Ticket.subject, Ticket.state
        )
        .join(Ticket, Ticket.id == there)
        .outerjoin(User, User.id == by)
        .where(which, ~Ticket.is_deleted)
    )
    return [ThreadJoin(row[0], row[1], kind, TicketId(row[2]), *row[3:]) for row in rows]
