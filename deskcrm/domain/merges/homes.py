"""Under which ticket each is read: one that was merged is read in the ticket that it went into.

A merge moves nothing. What was said in a ticket keeps that ticket's id, and whoever reads the
thread of the other reads that too: so whatever a colleague wrote meanwhile, wherever, is read as
well, two merges that were made apart lose nothing, and undo takes back one record.

A ticket that was split off and is deleted (the split was undone) is read where it came from: what a
colleague wrote in it meanwhile is not lost with it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Select,
    Table,
    and_,
    delete,
    exists,
    insert,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from deskcrm.domain.attachments.model import Attachment
from deskcrm.domain.merges.model import TicketMerge, TicketSplit
from deskcrm.domain.tickets.model import IS_OPEN as IS_UNSETTLED
from deskcrm.domain.tickets.model import Ticket, TicketId, TicketMessage
from deskcrm.store.derived import Derived, Tell, Touched, register_derived
from deskcrm.store.reader import Reader
from deskcrm.store.tables import Base
from deskcrm.store.types import Id

_AT_ONCE: Final = 500

ticket_home: Final = Table(
    "ticket_home",
    Base.metadata,
    # Only tickets that are read under another; most are at home.
    Column("ticket_id", Id, primary_key=True),
    Column("home_id", Id, nullable=False),
    sqlite_with_rowid=False,
)
Index(None, ticket_home.c.home_id)

IS_AT_HOME: Final[ColumnElement[bool]] = Ticket.id.not_in(select(ticket_home.c.ticket_id))
IS_OPEN: Final[ColumnElement[bool]] = and_(IS_UNSETTLED, IS_AT_HOME)
"""Somebody still has to act, and here rather than in the ticket that it was merged into."""


def home_of(db: Reader, ticket_id: TicketId) -> TicketId:
    """Give the ticket under which one is read: mostly itself."""
    home = db.first(select(ticket_home.c.home_id).where(ticket_home.c.ticket_id == ticket_id))
    return ticket_id if home is None else TicketId(home[0])


def read_in(ticket_id: TicketId) -> Select[Any]:
    """Select the tickets that are read in one: itself, and those that were merged into it."""
    inside = union_all(
        select(literal(ticket_id, Id())),
        select(ticket_home.c.ticket_id).where(ticket_home.c.home_id == ticket_id),
    ).subquery()
    return select(inside)


def belongs(column: ColumnElement[Any], ticket_id: Any) -> ColumnElement[bool]:
    """Give the condition that what is of one ticket is read in another of the query around it."""
    inside = select(ticket_home.c.ticket_id).where(ticket_home.c.home_id == ticket_id)
    return or_(column == ticket_id, column.in_(inside))


def homes_among(connection: Connection, ids: Select[Any] | Collection[UUID]) -> dict[UUID, UUID]:
    """Give the tickets that are read in some of these, each with the one it is read in."""
    return {row.ticket_id: row.home_id for row in connection.execute(away_among(ids))}


def away_among(ids: Any) -> Select[Any]:
    """Select the tickets that are read in some of these, each with the one it is read in."""
    return select(ticket_home.c.ticket_id, ticket_home.c.home_id).where(
        ticket_home.c.home_id.in_(ids)
    )


_Ends = tuple[InstrumentedAttribute[TicketId], InstrumentedAttribute[TicketId]]
_MERGE: Final[_Ends] = (TicketMerge.ticket_id, TicketMerge.into_id)
_SPLIT: Final[_Ends] = (TicketSplit.ticket_id, TicketSplit.from_id)
_PARTS: Final = frozenset({"attachment", "ticket_message", "ticket_tag", "ticket_transition"})
"""What is read with a ticket, and what is worked out for a ticket depends on."""


@dataclass(slots=True)
class _Edges:
    """What leads from ticket to ticket, as far as it was read."""

    merged: dict[UUID, UUID] = field(default_factory=dict)
    split: dict[UUID, UUID] = field(default_factory=dict)
    living: set[UUID] = field(default_factory=set)

    def after(self, ticket: UUID) -> UUID | None:
        """Give where a ticket is read next; None where the way ends."""
        return self.merged.get(ticket) if ticket in self.living else self.split.get(ticket)

    def home(self, ticket: UUID) -> UUID:
        """Follow the way to its end; of a circle that was closed apart the oldest one is home."""
        way: list[UUID] = []
        at: UUID | None = ticket
        while at is not None and at not in way:
            way.append(at)
            at = self.after(at)
        if at is not None:
            return min(way[way.index(at) :])
        return next((one for one in reversed(way) if one in self.living), ticket)


def rebuild(connection: Connection, touched: Sequence[Touched]) -> list[Touched]:
    """Work out anew where tickets are read; answers those that come to be read otherwise."""
    tickets = _concerned(connection, touched)
    if _has_gone(connection, touched):
        # What led from where to where cannot be asked any more: it was not ours, or was refused.
        tickets |= {*connection.scalars(select(ticket_home.c.ticket_id))} | _away(connection)
    tickets |= _leading_to(connection, tickets)
    if not tickets:
        return []
    edges = _read_edges(connection, tickets)
    homes = {one: home for one in tickets if (home := edges.home(one)) != one}
    before: dict[UUID, UUID] = {}
    for some in _chunks(tickets):
        known = select(ticket_home).where(ticket_home.c.ticket_id.in_(some))
        before |= {row.ticket_id: row.home_id for row in connection.execute(known)}
        connection.execute(delete(ticket_home).where(ticket_home.c.ticket_id.in_(some)))
    _write(connection, homes)
    return _touching(connection, {*tickets, *homes.values(), *before.values()})


def reset(connection: Connection) -> None:
    """Forget where tickets are read."""
    ticket_home.drop(connection, checkfirst=True)
    ticket_home.create(connection)


def refill(connection: Connection, tell: Tell) -> None:
    """Work out where all tickets are read."""
    tell(0, 0)
    away = _away(connection)
    edges = _read_edges(connection, away)
    _write(connection, {one: home for one in away if (home := edges.home(one)) != one})


register_derived(
    Derived(
        "merges.homes",
        frozenset({"ticket", "ticket_merge", "ticket_split"}) | _PARTS,
        rebuild,
        reset,
        refill,
        compared=("SELECT * FROM ticket_home",),
    )
)


def _away(connection: Connection) -> set[UUID]:
    """Give all tickets that may be read elsewhere."""
    away = {*connection.scalars(select(TicketMerge.ticket_id).where(~TicketMerge.is_deleted))}
    return away | {*connection.scalars(select(TicketSplit.ticket_id))}


def _has_gone(connection: Connection, touched: Sequence[Touched]) -> bool:
    """Tell whether a row that was touched is not in its table any more, not even as deleted."""
    for model in (Ticket, TicketMerge, TicketSplit):
        ids = {one.row_id for one in touched if one.table == model.__tablename__}
        for some in _chunks(ids):
            there = connection.scalars(select(model.id).where(model.id.in_(some))).all()
            if len(there) < len(some):
                return True
    return False


def _concerned(connection: Connection, touched: Sequence[Touched]) -> set[UUID]:
    """Give the ends of every merge and split that what was touched has to do with.

    What a split moved, or what was said in a merged ticket, names no ticket that it was read in
    before: so all that were merged or split of the same client are worked out anew.
    """
    asked: list[tuple[_Ends, ColumnElement[bool]]] = []
    for some in _chunks({one.row_id for one in touched if one.table == "ticket"}):
        asked += ((ends, or_(ends[0].in_(some), ends[1].in_(some))) for ends in (_MERGE, _SPLIT))
    for some in _chunks({one.row_id for one in touched if one.table == "ticket_merge"}):
        asked.append((_MERGE, TicketMerge.id.in_(some)))
    for some in _chunks({one.row_id for one in touched if one.table == "ticket_split"}):
        asked.append((_SPLIT, TicketSplit.id.in_(some)))
    for some in _chunks({one.subject for one in touched if one.table in _PARTS}):
        asked.append((_MERGE, TicketMerge.client_id.in_(some)))
        asked.append((_SPLIT, TicketSplit.client_id.in_(some)))
    found: set[UUID] = set()
    for ends, which in asked:
        for pair in connection.execute(select(*ends).where(which)):
            found.update(pair)
    return found


def _leading_to(connection: Connection, tickets: set[UUID]) -> set[UUID]:
    """Give the tickets from which a way may lead to these, over however many between."""
    found, ahead = set[UUID](), tickets
    while ahead:
        behind: set[UUID] = set()
        for some in _chunks(ahead):
            for (here, there), living in ((_MERGE, ~TicketMerge.is_deleted), (_SPLIT, true())):
                behind.update(connection.scalars(select(here).where(there.in_(some), living)))
        ahead = behind - tickets - found
        found |= ahead
    return found


def _read_edges(connection: Connection, tickets: set[UUID]) -> _Edges:
    """Read the ways that begin at these tickets, to their ends."""
    edges, known, ahead = _Edges(), set[UUID](), tickets
    while ahead:
        for some in _chunks(ahead):
            living = select(Ticket.id).where(Ticket.id.in_(some), ~Ticket.is_deleted)
            edges.living.update(connection.scalars(living))
            merged = select(*_MERGE).where(_MERGE[0].in_(some), ~TicketMerge.is_deleted)
            latest = merged.order_by(TicketMerge.merged_at, TicketMerge.id)
            edges.merged.update((row[0], row[1]) for row in connection.execute(latest))
            split = select(*_SPLIT).where(_SPLIT[0].in_(some), _has_something())
            edges.split.update((row[0], row[1]) for row in connection.execute(split))
        known |= ahead
        ahead = {there for one in ahead if (there := edges.after(one)) is not None} - known
    return edges


def _has_something() -> ColumnElement[bool]:
    """Give the condition that something is left in a ticket that was split off."""
    said, file = TicketMessage, Attachment
    return or_(
        exists().where(said.ticket_id == TicketSplit.ticket_id, ~said.is_deleted),
        exists().where(file.ticket_id == TicketSplit.ticket_id, ~file.is_deleted),
    )


def _write(connection: Connection, homes: dict[UUID, UUID]) -> None:
    if homes:
        rows = [{"ticket_id": one, "home_id": home} for one, home in sorted(homes.items())]
        connection.execute(insert(ticket_home), rows)


def _touching(connection: Connection, tickets: set[UUID]) -> list[Touched]:
    found: list[Touched] = []
    for some in _chunks(tickets):
        whose = select(Ticket.id, Ticket.client_id).where(Ticket.id.in_(some))
        found += (Touched("ticket", *row) for row in connection.execute(whose))
    return found


def _chunks(ids: Iterable[UUID]) -> Iterable[Sequence[UUID]]:
    ordered = sorted(ids)
    return [ordered[start : start + _AT_ONCE] for start in range(0, len(ordered), _AT_ONCE)]
