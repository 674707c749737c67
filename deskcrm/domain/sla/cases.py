"""Reads what the promises of tickets are worked out from: their traits, their log, the policies."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Executable, Select, bindparam, func, select

from deskcrm.domain.calendars.book import Applied, CalendarBook, Whose
from deskcrm.domain.calendars.working_time import Calendar
from deskcrm.domain.clients.model import Client, ClientId, Tier
from deskcrm.domain.interactions.channels import WRITTEN, Channel
from deskcrm.domain.merges.homes import IS_AT_HOME, away_among
from deskcrm.domain.merges.model import TicketMerge
from deskcrm.domain.sla.clocks import (
    Clock,
    ClockKind,
    Move,
    Terms,
    TicketLog,
    Word,
    clocks_of,
    running_clocks,
)
from deskcrm.domain.sla.joined import Part, joined_log
from deskcrm.domain.sla.model import LONGEST_TARGET, PolicyId, SlaPolicy
from deskcrm.domain.sla.policies import Choice, Condition, Conditions, Policy, Traits, choose
from deskcrm.domain.sla.settings import fallback_policy
from deskcrm.domain.tags.model import ClientTag
from deskcrm.domain.tags.queries import worn_by_tickets
from deskcrm.domain.teams.model import TeamId
from deskcrm.domain.tickets.model import (
    MessageKind,
    Priority,
    SupportLine,
    Ticket,
    TicketId,
    TicketKind,
    TicketMessage,
    TicketTransition,
)
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.model import UserId
from deskcrm.store.types import Id

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket as its promises see it."""

    ticket_id: TicketId
    number: int
    scope: UUID
    owner_id: UserId | None
    traits: Traits
    log: TicketLog
    parts: tuple[Part, ...] = ()
    """What was merged into it; its log has theirs within it."""


@dataclass(frozen=True, slots=True)
class Promised:
    """What is promised for a ticket: by which policy, on which calendar, and every clock."""

    choice: Choice
    applied: Applied
    clocks: tuple[Clock, ...]


class Rulebook:
    """The policies and calendars of a workspace as of one moment."""

    def __init__(self, connection: Connection) -> None:
        self.calendars = CalendarBook(connection)
        self.policies = read_policies(connection)
        self.fallback = fallback_policy(connection)
        self._choices: dict[Traits, tuple[Choice, Terms]] = {}

    def promise(self, case: Case) -> Promised:
        """Work out what is promised for a ticket."""
        return self._promised(case, clocks_of)

    def promise_to_come(self, case: Case) -> Promised:
        """Work out what is promised for a ticket and has not ended: a fraction of the work."""
        return self._promised(case, running_clocks)

    def _promised(
        self, case: Case, clocks: Callable[[TicketLog, Terms, Calendar], list[Clock]]
    ) -> Promised:
        choice, terms = self._chosen(case.traits)
        applied = self.calendar_of(choice.policy, case)
        return Promised(choice, applied, tuple(clocks(case.log, terms, applied.known.calendar)))

    def _chosen(self, traits: Traits) -> tuple[Choice, Terms]:
        """Give the policy for these traits; of thousands of tickets most have those of another."""
        found = self._choices.get(traits)
        if found is None:
            choice = choose(self.policies, traits, self.fallback)
            found = self._choices[traits] = choice, choice.terms(self.fallback)
        return found

    def calendar_of(self, policy: Policy, case: Case) -> Applied:
        """Give the policy's calendar, else that of the team that has the ticket, else all's.

        A person's own calendar says when they work. It does not move what the client was promised.
        """
        named = self.calendars.by_id(policy.calendar_id)
        if named is not None:
            return Applied(named, Whose.POLICY)
        if self.calendars.is_team(case.scope):
            return self.calendars.of_team(TeamId(case.scope))
        if case.owner_id is not None:
            return self.calendars.of_teams_of(case.owner_id)
        return self.calendars.of_everybody()


_CONDITIONS: Final[tuple[tuple[Condition, str, type[StrEnum]], ...]] = (
    (Condition.KIND, "kinds", TicketKind),
    (Condition.PRIORITY, "priorities", Priority),
    (Condition.TIER, "tiers", Tier),
    (Condition.LINE, "lines", SupportLine),
    (Condition.CHANNEL, "channels", Channel),
)
_TARGETS: Final = (
    (ClockKind.FIRST_RESPONSE, "first_response_minutes"),
    (ClockKind.NEXT_RESPONSE, "next_response_minutes"),
    (ClockKind.RESOLUTION, "resolution_minutes"),
)


def read_policies(connection: Connection) -> list[Policy]:
    """Read the policies that are in force, in their order."""
    return [_policy(row) for row in connection.execute(_in_force())]


@cache
def _in_force() -> Select[*tuple[Any, ...]]:
    return (
        select(SlaPolicy.__table__)
        .where(~SlaPolicy.is_deleted, SlaPolicy.is_active)
        .order_by(SlaPolicy.position, SlaPolicy.id)
    )


def read_conditions(row: Any) -> Conditions:
    """Read what a row asks of tickets; a column that it has not asks nothing."""
    conditions: dict[Condition, frozenset[object]] = {
        condition: frozenset(known(members, getattr(row, column, ())))
        for condition, column, members in _CONDITIONS
    }
    return conditions | {Condition.TAG: frozenset(UUID(one) for one in row.tags)}


def _policy(row: Any) -> Policy:
    minutes = {clock: getattr(row, column) for clock, column in _TARGETS}
    return Policy(
        PolicyId(row.id),
        row.name,
        read_conditions(row),
        # Whatever another program has written: no deadline lies beyond the end of time.
        {
            clock: timedelta(minutes=min(max(one, 1), LONGEST_TARGET))
            for clock, one in minutes.items()
            if one is not None
        },
        frozenset(known(TicketState, row.pauses_in)),
        row.warn_percent,
        row.calendar_id,
    )


def known(members: type[E], texts: Iterable[str]) -> list[E]:
    """Read the members that this version knows; a newer one may have written others."""
    values = {one.value: one for one in members}
    return [values[text] for text in texts if text in values]


def member_texts(members: Sequence[StrEnum]) -> list[str]:
    """Give values as they are kept: each once, in the order of the members."""
    kind = type(members[0]) if members else StrEnum
    return [one.value for one in kind if one in members]


@dataclass(frozen=True, slots=True)
class AskedCases:
    """What is asked to read the cases of some tickets."""

    tickets: Select[*tuple[Any, ...]]
    words: Select[*tuple[Any, ...]]
    moves: Select[*tuple[Any, ...]]
    away: Select[*tuple[Any, ...]]
    tags: Executable


def ask_cases(*which: ColumnElement[bool]) -> AskedCases:
    """Say what reads tickets at home with what their clocks hear.

    To build it takes longer than to run it, so what is asked with every write is kept; the values
    of its parameters are then given when it is read.
    """
    ids = select(Ticket.id).where(~Ticket.is_deleted, *which)  # a join would read all in order
    tickets = select(
        Ticket.id,
        Ticket.number,
        Ticket.scope,
        Ticket.owner_id,
        Ticket.kind,
        Ticket.priority,
        func.coalesce(Client.tier, Tier.STANDARD).label("tier"),
        Ticket.line,
        Ticket.channel,
        Ticket.client_id,
        Ticket.opened_at,
        Ticket.state,
    ).outerjoin(Client, Client.id == Ticket.client_id)
    return AskedCases(
        tickets.where(~Ticket.is_deleted, IS_AT_HOME, *which),
        _said_in(ids),
        _moved_in(ids),
        away_among(ids),
        worn_by_tickets(ids),
    )


def read_cases(connection: Connection, *which: ColumnElement[bool]) -> Iterator[Case]:
    """Read tickets at home with what their clocks hear; notes among ourselves are not heard."""
    return read_asked(connection, ask_cases(*which), {})


def read_asked(connection: Connection, asked: AskedCases, given: dict[str, Any]) -> Iterator[Case]:
    """Read the cases of what was asked, with the values of its parameters."""
    tickets = connection.execute(asked.tickets, given).all()
    words = _words(connection.execute(asked.words, given))
    moves = _moves(connection.execute(asked.moves, given))
    homes = {row.ticket_id: row.home_id for row in connection.execute(asked.away, given)}
    parts = _parts(connection, words, homes)
    tags = _tags(connection, {row.client_id for row in tickets})
    own_tags = _own_tags(connection.execute(asked.tags, given))
    for row in tickets:
        traits = Traits(
            row.kind, row.priority, row.tier, row.line, row.channel,
            tags[row.client_id] | own_tags[row.id],
        )  # fmt: skip
        log = TicketLog(
            row.opened_at, row.channel.is_live, tuple(words[row.id]), _as_it_is(row, moves[row.id])
        )
        inside = tuple(parts.get(row.id, ()))
        if inside:
            log = joined_log(log, inside)
        yield Case(row.id, row.number, row.scope, row.owner_id, traits, log, inside)


def _as_it_is(row: Any, moves: list[Move]) -> tuple[Move, ...]:
    """Leave out that it was settled where that did not get through: another's work kept it open."""
    while row.state.is_open and moves and not moves[-1].to.is_open:
        moves.pop()
    return tuple(moves)


def _parts(
    connection: Connection, words: dict[UUID, list[Word]], homes: Mapping[UUID, UUID]
) -> dict[UUID, list[Part]]:
    """Give what was merged into tickets; what is read there otherwise adds to the words."""
    if not homes:
        return {}
    inside = sorted(homes)
    said = _words(connection.execute(_said_in(inside)))
    moves = _moves(connection.execute(_moved_in(inside)))
    merged = connection.execute(
        select(
            Ticket.id, Ticket.number, Ticket.opened_at, Ticket.channel,
            TicketMerge.into_id, TicketMerge.merged_at,
        )
        .join(TicketMerge, TicketMerge.ticket_id == Ticket.id)
        .where(Ticket.id.in_(inside), ~Ticket.is_deleted, ~TicketMerge.is_deleted)
        .order_by(TicketMerge.merged_at, TicketMerge.id)
    )  # fmt: skip
    found = {row.id: row for row in merged}  # the latest of several holds
    parts: dict[UUID, list[Part]] = defaultdict(list)
    for ticket_id, home in homes.items():
        row = found.get(ticket_id)
        if row is None:
            words[home] = sorted([*words[home], *said[ticket_id]], key=lambda one: one.at)
            continue
        log = TicketLog(
            row.opened_at, row.channel.is_live, tuple(said[row.id]), tuple(moves[row.id])
        )
        parts[home].append(Part(row.id, row.number, log, row.into_id, row.merged_at))
    return parts


_Ids = Select[*tuple[Any, ...]] | Sequence[UUID]


def _said_in(ids: _Ids) -> Select[*tuple[Any, ...]]:
    """Select our replies and the clients' written words, in order."""
    is_ours = TicketMessage.kind == MessageKind.PUBLIC_REPLY
    waits = (TicketMessage.kind == MessageKind.CLIENT_WORD) & TicketMessage.channel.in_(WRITTEN)
    return (
        select(TicketMessage.ticket_id, TicketMessage.sent_at, is_ours.label("is_ours"))
        .where(~TicketMessage.is_deleted, is_ours | waits)
        .where(TicketMessage.ticket_id.in_(ids))
        .order_by(TicketMessage.ticket_id, TicketMessage.sent_at, is_ours)
    )


def _words(rows: Iterable[Any]) -> dict[UUID, list[Word]]:
    found: dict[UUID, list[Word]] = defaultdict(list)
    for row in rows:
        found[row.ticket_id].append(Word(row.sent_at, bool(row.is_ours)))
    return found


def _moved_in(ids: _Ids) -> Select[*tuple[Any, ...]]:
    """Select the changes of state, in order."""
    return (
        select(TicketTransition.ticket_id, TicketTransition.happened_at, TicketTransition.to_state)
        .where(~TicketTransition.is_deleted, TicketTransition.ticket_id.in_(ids))
        .order_by(TicketTransition.ticket_id, TicketTransition.happened_at, TicketTransition.id)
    )


def _moves(rows: Iterable[Any]) -> dict[UUID, list[Move]]:
    found: dict[UUID, list[Move]] = defaultdict(list)
    for row in rows:
        found[row.ticket_id].append(Move(row.happened_at, row.to_state))
    return found


def _tags(connection: Connection, clients: set[ClientId]) -> dict[UUID, frozenset[UUID]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    wanted = sorted(clients)
    for start in range(0, len(wanted), _AT_ONCE):
        given = {"clients": wanted[start : start + _AT_ONCE]}
        for row in connection.execute(_worn_by_clients(), given):
            found[row.client_id].add(row.tag_id)
    return defaultdict(frozenset, {client: frozenset(tags) for client, tags in found.items()})


@cache
def _worn_by_clients() -> Select[*tuple[Any, ...]]:
    clients = bindparam("clients", expanding=True, type_=Id())
    return select(ClientTag.client_id, ClientTag.tag_id).where(
        ClientTag.client_id.in_(clients), ~ClientTag.is_deleted
    )


def _own_tags(rows: Iterable[Any]) -> dict[UUID, frozenset[UUID]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for ticket_id, tag_id in rows:
        found[ticket_id].add(tag_id)
    return defaultdict(frozenset, {ticket: frozenset(tags) for ticket, tags in found.items()})


_AT_ONCE: Final = 500
