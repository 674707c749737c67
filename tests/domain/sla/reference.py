"""The clocks of a ticket as somebody with a watch would keep them: minute by minute."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from deskcrm.domain.calendars import Calendar
from deskcrm.domain.sla.clocks import ClockKind, Terms, TicketLog
from deskcrm.domain.tickets.states import TicketState
from tests.domain.calendars.reference import MINUTE, is_working

SETTLED: Final = (TicketState.RESOLVED, TicketState.CLOSED)


@dataclass
class SlowClock:
    """A clock that is wound by hand."""

    kind: ClockKind
    target: timedelta
    started_at: datetime
    spent: timedelta = field(default_factory=timedelta)
    due_at: datetime | None = None
    ended_at: datetime | None = None

    def tick(self, until: datetime) -> None:
        """Let a working minute pass."""
        self.spent += MINUTE
        if self.spent == self.target:
            self.due_at = until


class Keeper:
    """Walks through a ticket's life and keeps its clocks."""

    def __init__(self, log: TicketLog, terms: Terms, calendar: Calendar) -> None:
        self.log, self.terms, self.calendar = log, terms, calendar
        self.state = TicketState.NEW
        start = log.opened_at
        self.first = self._clock(ClockKind.FIRST_RESPONSE, start)
        self.resolution = self._clock(ClockKind.RESOLUTION, start)
        self.following: list[SlowClock] = []
        if log.is_live:
            self.first.ended_at = start

    def walk(self, minutes: int) -> list[SlowClock]:
        """Keep the clocks for so many minutes; gives them as ``clocks_of`` does."""
        minute = self.log.opened_at
        for _ in range(minutes):
            self._happen(minute)
            if is_working(self.calendar, minute):
                for clock in self._running():
                    clock.tick(minute + MINUTE)
            minute += MINUTE
        return [self.first, *self.following, self.resolution]

    def _clock(self, kind: ClockKind, at: datetime) -> SlowClock:
        return SlowClock(kind, self.terms.targets[kind], at)

    def _happen(self, at: datetime) -> None:
        heard = [word for word in self.log.words if word.at == at and not word.is_ours]
        replied = [word for word in self.log.words if word.at == at and word.is_ours]
        moved = [move for move in self.log.moves if move.at == at]
        if heard and self.first.ended_at is not None and self.first.ended_at != at:
            last = self.following[-1] if self.following else self.first
            if last.ended_at is not None and last.ended_at != at:
                self.following.append(self._clock(ClockKind.NEXT_RESPONSE, at))
        before = self.state
        if moved:
            self.state = moved[-1].to
        is_settled = bool(moved) and self.state in SETTLED
        if replied or is_settled:
            for clock in (self.first, *self.following):
                if clock.ended_at is None:
                    clock.ended_at = at
        if self.state in SETTLED and (before not in SETTLED or at == self.log.opened_at):
            self.resolution.ended_at = self.resolution.ended_at or at
        if self.state not in SETTLED:
            self.resolution.ended_at = None

    def _running(self) -> list[SlowClock]:
        answering = [one for one in (self.first, *self.following) if one.ended_at is None]
        stands_still = self.state in self.terms.pauses_in or self.state in SETTLED
        return answering if stands_still else [*answering, self.resolution]
