"""Whether a promise was kept, as of a moment: the fast way, and exactly what the clocks say.

A promise is kept when no more working time than was promised had run when it ended. Only where
just as much had run does it matter that the deadline is the first such moment: then, and for
tickets that others were merged into, the clocks themselves are asked.
"""

from dataclasses import replace
from datetime import datetime

from deskcrm.domain.metrics.lives import Life
from deskcrm.domain.sla.clocks import ClockKind, ClockState, Move, TicketLog, Word, clocks_of
from deskcrm.domain.tickets.states import TicketState
from deskcrm.store.types import from_milliseconds


def response_in_time(life: Life, until: int) -> bool | None:
    """Tell whether the first response came in time; None: as of then it is not decided."""
    if life.log is not None:
        return exactly(life, ClockKind.FIRST_RESPONSE, until)
    ended = until
    for at in (life.opened if life.is_live else None, life.replied, life.first_settled):
        if at is not None and at < ended:
            ended = at
    target = life.rules.first_response
    spent = life.rules.working.between(life.opened, ended)
    if spent == target:
        return exactly(life, ClockKind.FIRST_RESPONSE, until)
    return False if spent > target else None if ended == until else True


def resolution_in_time(life: Life, until: int) -> bool | None:
    """Tell whether it was solved in time; None: as of then it is not decided."""
    if life.log is not None:
        return exactly(life, ClockKind.RESOLUTION, until)
    rules, ended = life.rules, life.settled_since(until)
    end = until if ended is None else ended
    if rules.working.between(life.opened, end) < rules.resolution:
        return None if ended is None else True  # with pauses or without
    spent, since, runs = 0, life.opened, True
    for at, state in life.moves:
        if at >= end:
            break
        if runs:
            spent += rules.working.between(since, at)
        since, runs = max(since, at), state not in rules.stands_still_in
    if runs:
        spent += rules.working.between(since, end)
    if spent == rules.resolution:
        return exactly(life, ClockKind.RESOLUTION, until)
    return False if spent > rules.resolution else None if ended is None else True


def exactly(life: Life, kind: ClockKind, until: int) -> bool | None:
    """Tell by the clocks themselves whether a promise was kept; None: as of then undecided."""
    now = from_milliseconds(until)
    clocks = clocks_of(_log_until(life, now), life.rules.terms, life.rules.working.calendar)
    state = next(clock for clock in clocks if clock.kind is kind).state(now)
    if state in (ClockState.MISSED, ClockState.OVERDUE):
        return False
    return True if state is ClockState.MET else None


def _log_until(life: Life, now: datetime) -> TicketLog:
    """Give the log as it was just before a moment."""
    log = life.log
    if log is None:
        words = () if life.replied is None else (Word(from_milliseconds(life.replied), True),)
        moves = tuple(Move(from_milliseconds(at), TicketState(to)) for at, to in life.moves)
        log = TicketLog(from_milliseconds(life.opened), life.is_live, words, moves)
    return replace(
        log,
        words=tuple(one for one in log.words if one.at < now),
        moves=tuple(one for one in log.moves if one.at < now),
    )
