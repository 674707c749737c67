"""The life of each ticket that a report looks at: opened, answered, settled, reopened; and whose.

Read at once for all of them, and as plain as the file has it: moments are Unix milliseconds and
ids what the database gives, since a hundred thousand of each would take longer to convert than to
count. So this is for workstations, whose database is SQLite; a server makes no reports.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select, type_coerce
from sqlalchemy.types import NullType

from deskcrm.base.ids import id_of
from deskcrm.domain.clients.model import Client, Tier
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.merges.homes import IS_AT_HOME, ticket_home
from deskcrm.domain.metrics.narrowing import Narrowing, in_segment, owned
from deskcrm.domain.metrics.working import Working
from deskcrm.domain.sla.cases import Case, Rulebook, read_cases
from deskcrm.domain.sla.clocks import ClockKind, Terms, TicketLog
from deskcrm.domain.sla.policies import Condition, Traits
from deskcrm.domain.tags.model import ClientTag, TicketTag
from deskcrm.domain.tickets.model import (
    IS_OPEN,
    Priority,
    SupportLine,
    Ticket,
    TicketId,
    TicketKind,
    TicketTransition,
)
from deskcrm.domain.tickets.standing import ticket_standing
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.model import UserId
from deskcrm.store.reader import Reader
from deskcrm.store.types import from_milliseconds, to_milliseconds

_MILLISECOND: Final = timedelta(milliseconds=1)
SETTLED: Final = frozenset(state.value for state in TicketState if not state.is_open)
Move = tuple[int, str]
"""When, and to which state."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a ticket was promised, in milliseconds of which working time, and where it pauses."""

    terms: Terms
    working: Working
    first_response: int
    resolution: int
    stands_still_in: frozenset[str]

    @classmethod
    def of(cls, terms: Terms, working: Working) -> "Rules":
        """Put what was promised into milliseconds."""
        first, last = (
            terms.targets[kind] // _MILLISECOND
            for kind in (ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION)
        )
        pauses = frozenset(state.value for state in terms.pauses_in)
        return cls(terms, working, first, last, pauses | SETTLED)


@dataclass(slots=True)
class Life:
    """A ticket's life."""

    ticket: Any
    owner: Any
    line: str
    is_live: bool
    """The client was heard in person."""
    opened: int
    replied: int | None
    moves: list[Move]
    rules: Rules
    log: TicketLog | None = None
    """What others that were merged into it add; without any the rest says everything."""
    first_settled: int | None = field(init=False)
    last_settled: int | None = field(init=False)
    """Since when it is settled now; None: it is open."""
    reopened: int | None = field(init=False)
    """When it was opened again for the first time."""
    last_moved: int = field(init=False)

    def __post_init__(self) -> None:
        first = last = reopened = None
        before, is_twice = -1, False
        for at, state in self.moves:
            is_twice = is_twice or at == before
            before = at
            if state in SETTLED:
                if last is None:
                    last = at
                    first = at if first is None else first
            elif last is not None:
                last = None
                reopened = at if reopened is None else reopened
        self.first_settled, self.last_settled, self.reopened = first, last, reopened
        self.last_moved = before if self.moves else self.opened
        if is_twice:
            self.moves = _one_a_moment(self.moves)
            self.__post_init__()

    @property
    def ticket_id(self) -> TicketId:
        """The ticket, as the rest of the program knows it."""
        return TicketId(id_of(self.ticket))

    @property
    def owner_id(self) -> UserId | None:
        """Who has it."""
        return None if self.owner is None else UserId(id_of(self.owner))

    def settled_since(self, until: int) -> int | None:
        """Tell since when it was settled just before a moment; None: it was open then."""
        if self.last_moved < until:
            return self.last_settled
        since = None
        for at, state in self.moves:
            if at >= until:
                break
            if state not in SETTLED:
                since = None
            elif since is None:
                since = at
        return since

    def moves_since(self, since: int) -> bool:
        """Tell whether it is open, or was opened or moved since a moment."""
        return self.last_settled is None or max(self.last_moved, self.opened) >= since

    def is_reopened_by(self, until: int) -> bool:
        """Tell whether it was opened again before a moment."""
        return self.reopened is not None and self.reopened < until


def _one_a_moment(moves: list[Move]) -> list[Move]:
    """Leave out a state that lasted no time at all: it was none."""
    return [one for one, after in pairwise((*moves, _NEVER)) if one[0] != after[0]]


_NEVER: Final[Move] = (-1, "")


def read_lives(
    db: Reader, since: datetime, until: datetime, narrowing: Narrowing, *which: ColumnElement[bool]
) -> list[Life]:
    """Read the tickets that were opened or open between two moments."""
    asked = [
        ~Ticket.is_deleted,
        IS_AT_HOME,
        Ticket.opened_at < until,
        or_(
            Ticket.opened_at >= since,
            IS_OPEN,
            func.coalesce(Ticket.resolved_at, Ticket.closed_at) >= since,
        ),
        *owned(db, narrowing, Ticket.owner_id, Ticket.scope),
        *in_segment(db, narrowing, Ticket.client_id),
        *which,
    ]
    shelf = _Shelf(db.connection)
    joined = Ticket.id.in_(select(ticket_home.c.home_id))
    plain = _plain(db, shelf, [*asked, ~joined])
    return [*plain, *_joined(db, shelf, [*asked, joined])]


def raw(column: Any) -> Any:
    """Give a column as the file has it."""
    return type_coerce(column, NullType())


def rows_of(db: Reader, statement: Select[Any]) -> list[Any]:
    """Give the rows of raw columns as the driver has them: a row object costs as much again."""
    found: list[Any] = db.execute(statement).cursor.fetchall()
    return found


class _Shelf:
    """The rules that tickets of the same kind share, worked out once for each kind."""

    def __init__(self, connection: Connection) -> None:
        self.book = Rulebook(connection)
        self.asks_for_tags = any(one.conditions[Condition.TAG] for one in self.book.policies)
        self._rules: dict[tuple[Any, ...], Rules] = {}
        self._workings: dict[int, Working] = {}

    def rules(self, key: tuple[Any, ...]) -> Rules:
        """Give the rules for what a row says, and its tags."""
        found = self._rules.get(key)
        if found is None:
            kind, priority, tier, line, channel, scope, owner, tags = key
            traits = Traits(
                TicketKind(kind), Priority(priority), Tier(tier or Tier.STANDARD),
                SupportLine(line), Channel(channel), tags,
            )  # fmt: skip
            owner_id = None if owner is None else UserId(id_of(owner))
            case = Case(TicketId(id_of(scope)), 0, id_of(scope), owner_id, traits, _NOTHING)
            found = self._rules[key] = self.rules_of(case)
        return found

    def rules_of(self, case: Case) -> Rules:
        """Give the rules for a ticket."""
        promised = self.book.promise(case)
        calendar = promised.applied.known.calendar
        working = self._workings.setdefault(id(calendar), Working(calendar))
        return Rules.of(promised.choice.terms(self.book.fallback), working)


_NOTHING: Final = TicketLog(from_milliseconds(0), False)


def _plain(db: Reader, shelf: _Shelf, which: Sequence[ColumnElement[bool]]) -> Iterator[Life]:
    moves = _moves(db, which)
    tags = _tags(db, which) if shelf.asks_for_tags else {}
    rows = rows_of(
        db,
        select(
            raw(Ticket.id),
            raw(Ticket.owner_id),
            raw(Ticket.opened_at),
            raw(Ticket.state),
            raw(ticket_standing.c.first_reply_at),
            raw(Ticket.kind),
            raw(Ticket.priority),
            raw(Client.tier),
            raw(Ticket.line),
            raw(Ticket.channel),
            raw(Ticket.scope),
        )
        .outerjoin(Client, Client.id == Ticket.client_id)
        .outerjoin(ticket_standing, ticket_standing.c.ticket_id == Ticket.id)
        .where(*which),
    )
    nothing: frozenset[UUID] = frozenset()
    for ticket, owner, opened, state, replied, kind, priority, tier, line, channel, scope in rows:
        own = moves.get(ticket, [])
        # That it was settled did not get through: another's work kept it open.
        while own and own[-1][1] in SETTLED and state not in SETTLED:
            own.pop()
        worn = tags.get(ticket, nothing)
        rules = shelf.rules((kind, priority, tier, line, channel, scope, owner, worn))
        yield Life(ticket, owner, line, channel in _LIVE, opened, replied, own, rules)


_LIVE: Final = frozenset(channel.value for channel in Channel if channel.is_live)


def _moves(db: Reader, which: Sequence[ColumnElement[bool]]) -> dict[Any, list[Move]]:
    """Read every change of state of these tickets, in order; that they were opened is known."""
    step = TicketTransition
    rows = rows_of(
        db,
        select(raw(step.ticket_id), raw(step.happened_at), raw(step.to_state))
        .where(~step.is_deleted, step.to_state != TicketState.NEW)
        .where(step.ticket_id.in_(select(Ticket.id).where(*which)))
        .order_by(step.ticket_id, step.happened_at),  # as the index has them
    )
    return {
        ticket: [(at, state) for _, at, state in own]
        for ticket, own in groupby(rows, itemgetter(0))
    }


def _tags(db: Reader, which: Sequence[ColumnElement[bool]]) -> dict[Any, frozenset[UUID]]:
    """Read what tags a ticket and its client wear."""
    tickets = select(Ticket.id).where(*which)
    worn: dict[Any, set[UUID]] = defaultdict(set)
    own = select(raw(TicketTag.ticket_id), TicketTag.tag_id).where(
        ~TicketTag.is_deleted, TicketTag.ticket_id.in_(tickets)
    )
    of_client = (
        select(raw(Ticket.id), ClientTag.tag_id)
        .join(ClientTag, ClientTag.client_id == Ticket.client_id)
        .where(~ClientTag.is_deleted, *which)
    )
    for statement in (own, of_client):
        for ticket, tag in db.execute(statement):
            worn[ticket].add(tag)
    return {ticket: frozenset(tags) for ticket, tags in worn.items()}


def _joined(db: Reader, shelf: _Shelf, which: Sequence[ColumnElement[bool]]) -> Iterator[Life]:
    """Give the tickets that others were merged into: one life of several, and few of them."""
    for case in read_cases(db.connection, *which):
        log = case.log
        ours = (word.at for word in log.words if word.is_ours)
        replied = next((to_milliseconds(at) for at in ours), None)
        yield Life(
            case.ticket_id.bytes,
            None if case.owner_id is None else case.owner_id.bytes,
            case.traits.line.value,
            log.is_live,
            to_milliseconds(log.opened_at),
            replied,
            [(to_milliseconds(move.at), move.to.value) for move in log.moves],
            shelf.rules_of(case),
            log,
        )
