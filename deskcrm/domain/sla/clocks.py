"""The clocks of a ticket, worked out from its log: when each began, paused, ended and is due.

Nothing here reads a database or the time of day. A clock's deadline is the moment at which as much
working time has run as was promised. While a clock is paused it has none: nobody knows yet when
the client, or somebody else, will answer.

- *First response* runs from the opening until our first public word. Who was heard in person (on
  the phone, face to face) was answered there and then.
- *Next response* runs from the client's oldest written word that we have not answered.
- *Resolution* runs from the opening until the ticket is settled. It pauses in the states that the
  policy names, and stands still while the ticket is settled; a reopened one runs on.

The response clocks do not pause: only a word of ours, or settling the ticket, ends them. What was
said in a ticket that was merged into this one is answered by a word of ours in either; settling
this one before it came in did not answer it, but settling its own did.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from deskcrm.base.errors import UserError
from deskcrm.domain.calendars.working_time import (
    Calendar,
    add_working_time,
    working_time_between,
)
from deskcrm.domain.tickets.states import TicketState


class ClockKind(StrEnum):
    """What is promised."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"


class ClockState(StrEnum):
    """How it stands with a promise."""

    RUNNING = "running"
    WARNING = "warning"
    OVERDUE = "overdue"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"


class Ending(StrEnum):
    """What ended a clock."""

    REPLY = "reply"
    SETTLED = "settled"
    IN_PERSON = "in_person"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """That something was said in a ticket that was merged into this one.

    ``settled_at``: when that one was settled after it, if it was; ``until``: when it came here.
    """

    until: datetime
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """Something said that a clock hears: our reply, or the client's word in writing."""

    at: datetime
    is_ours: bool
    elsewhere: Elsewhere | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A change of the ticket's state."""

    at: datetime
    to: TicketState


@dataclass(frozen=True, slots=True)
class TicketLog:
    """What happened in a ticket, in order; ``is_live``: the client was heard in person."""

    opened_at: datetime
    is_live: bool
    words: tuple[Word, ...] = ()
    moves: tuple[Move, ...] = ()
    opened_elsewhere: Elsewhere | None = None
    """Where the log begins with the opening of an older ticket that was merged into this one."""


@dataclass(frozen=True, slots=True)
class Period:
    """A time in one state; ``until`` is None for the one that goes on. ``runs``: it counts."""

    state: TicketState
    since: datetime
    until: datetime | None
    runs: bool = True


@dataclass(frozen=True, slots=True)
class Terms:
    """What is promised: working time for each clock, where it pauses, and when to warn."""

    targets: dict[ClockKind, timedelta]
    pauses_in: frozenset[TicketState] = frozenset({TicketState.WAITING_ON_CLIENT})
    warn_percent: int = 75


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise of one ticket, as far as the log goes."""

    kind: ClockKind
    target: timedelta
    periods: tuple[Period, ...]
    due_at: datetime | None
    """None: it is paused, or it ended before so much time had run."""
    warn_at: datetime | None
    ended_at: datetime | None = None
    ending: Ending | None = None

    @property
    def started_at(self) -> datetime:
        """When it began to run."""
        return self.periods[0].since

    @property
    def is_paused(self) -> bool:
        """Tell whether it stands still and may go on."""
        return self.ended_at is None and not self.periods[-1].runs

    def state(self, now: datetime) -> ClockState:
        """Tell how it stands at a moment."""
        if self.ended_at is not None:
            is_late = self.due_at is not None and self.due_at < self.ended_at
            return ClockState.MISSED if is_late else ClockState.MET
        if self.due_at is not None and self.due_at < now:
            return ClockState.OVERDUE
        if self.is_paused:
            return ClockState.PAUSED
        is_near = self.warn_at is not None and self.warn_at <= now
        return ClockState.WARNING if is_near else ClockState.RUNNING

    def spent(self, calendar: Calendar, now: datetime) -> timedelta:
        """Give the working time that has run until a moment."""
        runs = (one for one in self.periods if one.runs and one.since < now)
        return sum(
            (working_time_between(calendar, one.since, min(one.until or now, now)) for one in runs),
            timedelta(),
        )


_SETTLED: Final = frozenset(state for state in TicketState if not state.is_open)


def clocks_of(log: TicketLog, terms: Terms, calendar: Calendar) -> list[Clock]:
    """Give the clocks of a ticket: the first response, every next one, and the resolution."""
    return _clocks(log, _Counting(terms, calendar))


def running_clocks(log: TicketLog, terms: Terms, calendar: Calendar) -> list[Clock]:
    """Give those clocks of a ticket that have not ended: most have, and are not counted out."""
    found = _clocks(log, _Counting(terms, calendar, only_running=True))
    return [one for one in found if one.ended_at is None]


@dataclass(frozen=True, slots=True)
class _Counting:
    """What clocks are counted by; ``only_running``: of one that has ended nobody asks when."""

    terms: Terms
    calendar: Calendar
    only_running: bool = False


def _clocks(log: TicketLog, by: _Counting) -> list[Clock]:
    states = state_periods(log)
    found = [_first_response(log, states, by)]
    answered_at = found[0].ended_at
    if answered_at is not None:
        found += _next_responses(log, states, by, answered_at)
    return [*found, _resolution(states, by)]


def next_deadline(clocks: Iterable[Clock]) -> Clock | None:
    """Give the running clock that is due first, else a paused one; None when all have ended."""
    open_ones = [one for one in clocks if one.ended_at is None]
    due = [one for one in open_ones if one.due_at is not None]
    if due:
        return min(due, key=lambda one: one.due_at or one.started_at)
    return open_ones[0] if open_ones else None


def state_periods(log: TicketLog) -> list[Period]:
    """Cut a ticket's life into the times in one state each."""
    begun = TicketState.NEW
    periods: list[Period] = []
    since = log.opened_at
    for move in log.moves:
        if move.at > since:
            periods.append(Period(begun, since, move.at))
            since = move.at
        begun = move.to
    return [*periods, Period(begun, since, None)]


def time_in_states(log: TicketLog, now: datetime) -> dict[TicketState, timedelta]:
    """Give how long a ticket was in each state until a moment: real time, day and night."""
    spent: dict[TicketState, timedelta] = {}
    for one in state_periods(log):
        spent[one.state] = spent.get(one.state, timedelta()) + ((one.until or now) - one.since)
    return spent


def _first_response(log: TicketLog, states: Sequence[Period], by: _Counting) -> Clock:
    ends = _Ends(log, states).after(log.opened_at, log.opened_elsewhere)
    if log.is_live:
        ends.append((log.opened_at, Ending.IN_PERSON))
    ended_at, ending = min(ends, key=_moment, default=(None, None))
    return _answering(ClockKind.FIRST_RESPONSE, log.opened_at, ended_at, ending, states, by)


def _next_responses(
    log: TicketLog, states: Sequence[Period], by: _Counting, answered_at: datetime
) -> list[Clock]:
    """Give a clock for each answer, from the oldest word that it answers; one more may run."""
    ends = _Ends(log, states)
    since: dict[_End, datetime] = {}
    covered = answered_at
    for one in log.words:
        if one.is_ours or (one.elsewhere is None and one.at <= covered):
            continue
        end: _End = min(ends.after(one.at, one.elsewhere), key=_moment, default=(None, None))
        if one.at > answered_at or end[0] is None or end[0] > answered_at:
            since.setdefault(end, one.at)
        if one.elsewhere is None:
            covered = end[0] or _FOR_EVER
    return [_answering(ClockKind.NEXT_RESPONSE, at, *end, states, by) for end, at in since.items()]


_End = tuple[datetime | None, Ending | None]
_FOR_EVER: Final = datetime.max.replace(tzinfo=UTC)


class _Ends:
    """What may end the wait for an answer: our first reply after it, and being settled."""

    def __init__(self, log: TicketLog, states: Sequence[Period]) -> None:
        self._replies = [one.at for one in log.words if one.is_ours]
        self._settlings = [one.since for one in states if one.state in _SETTLED]

    def after(self, since: datetime, elsewhere: Elsewhere | None) -> list[tuple[datetime, Ending]]:
        """Give the ends of what began at a moment, at most one of a kind."""
        ends = [(at, Ending.REPLY) for at in _first(self._replies, since)]
        if elsewhere is not None and elsewhere.settled_at is not None:
            return [*ends, (elsewhere.settled_at, Ending.SETTLED)]
        came = since if elsewhere is None else elsewhere.until
        return [*ends, *((at, Ending.SETTLED) for at in _first(self._settlings, came))]


def _first(moments: Sequence[datetime], since: datetime) -> Sequence[datetime]:
    at = bisect_left(moments, since)
    return moments[at : at + 1]


def _moment(end: tuple[datetime, Ending]) -> datetime:
    return end[0]


def _answering(
    kind: ClockKind,
    since: datetime,
    ended_at: datetime | None,
    ending: Ending | None,
    states: Sequence[Period],
    by: _Counting,
) -> Clock:
    """Make a clock that runs without a pause from one moment to another."""
    state = next((one.state for one in reversed(states) if one.since <= since), states[0].state)
    period = Period(state, since, ended_at)
    return _clock(kind, [period], by, ended_at, ending)


def _resolution(states: Sequence[Period], by: _Counting) -> Clock:
    stands_still = by.terms.pauses_in | _SETTLED
    periods = [
        Period(one.state, one.since, one.until, one.state not in stands_still) for one in states
    ]
    ended_at, ending = None, None
    if periods[-1].state in _SETTLED:
        ending = Ending.SETTLED
        while periods and periods[-1].state in _SETTLED:
            ended_at = periods.pop().since
    if not periods and ended_at is not None:
        periods = [Period(TicketState.NEW, ended_at, ended_at)]  # settled as it was opened
    return _clock(ClockKind.RESOLUTION, periods, by, ended_at, ending)


def _clock(
    kind: ClockKind,
    periods: Sequence[Period],
    by: _Counting,
    ended_at: datetime | None,
    ending: Ending | None,
) -> Clock:
    target, due_at, warn_at = by.terms.targets[kind], None, None
    if ended_at is None or not by.only_running:
        due_at = _spent_at(by.calendar, periods, target)
        warn_at = _spent_at(by.calendar, periods, target * by.terms.warn_percent // 100)
    return Clock(kind, target, tuple(periods), due_at, warn_at, ended_at, ending)


def _spent_at(calendar: Calendar, periods: Iterable[Period], amount: timedelta) -> datetime | None:
    """Give the moment at which so much has run; None when it does not, as the log stands."""
    left = amount
    for one in periods:
        if not one.runs:
            continue
        if one.until is not None:
            here = working_time_between(calendar, one.since, one.until)
            if here < left:
                left -= here
                continue
        try:
            return add_working_time(calendar, one.since, left)
        except UserError:
            return None  # a calendar whose working time has come to an end
    return None
