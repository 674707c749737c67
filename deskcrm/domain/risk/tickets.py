"""Signals of tickets: reopened, overdue, and failures that came close upon one another."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from deskcrm.domain.health import Signal
from deskcrm.domain.risk.reading import Facts, Reading, Trace
from deskcrm.domain.sla.cases import Rulebook, read_cases
from deskcrm.domain.sla.clocks import Clock, ClockState
from deskcrm.domain.tickets.model import OPEN_SQL, Ticket
from deskcrm.store.types import to_milliseconds

HALF_LIFE_WEEKS: Final = 6.0
CLOSE: Final = timedelta(days=28)
"""Two failures within so much time are more than bad luck."""
_CLOSE_MS: Final = CLOSE // timedelta(milliseconds=1)
MOST_REOPENED: Final = 4.0
MOST_OVERDUE: Final = 4.0
_LATE: Final = (ClockState.MISSED, ClockState.OVERDUE)

_REOPENED: Final = """
SELECT m.client_id, m.ticket_id, m.happened_at, t.kind IN ('incident', 'complaint')
FROM ticket_transition m JOIN ticket t ON t.id = m.ticket_id AND t.is_deleted = 0
WHERE m.client_id IN {clients} AND m.is_deleted = 0 AND m.is_reopening <> 0
  AND m.happened_at <= ? AND m.happened_at > ?
ORDER BY m.happened_at DESC
"""
_OVERDUE: Final = f"""
SELECT t.client_id, t.id, d.due_at FROM ticket t JOIN ticket_deadline d ON d.ticket_id = t.id
WHERE t.client_id IN {{clients}} AND t.is_deleted = 0 AND t.{OPEN_SQL} AND d.due_at < ?
ORDER BY d.due_at, t.id
"""
# The sum keeps the planner from an index of its own, through the tickets of all.
_MAY_HAVE_FAILED: Final = """
SELECT client_id, id FROM ticket
WHERE client_id IN {clients} AND is_deleted = 0 AND kind IN ('incident', 'complaint')
  AND opened_at + 0 <= ? AND opened_at + 0 > ?
"""
_RATED_LOW: Final = """
SELECT a.client_id, r.ticket_id, r.answered_at
FROM survey_answer a JOIN survey_response r ON r.id = a.response_id AND r.is_deleted = 0
  JOIN ticket t ON t.id = r.ticket_id AND t.is_deleted = 0
WHERE a.client_id IN {clients} AND a.is_deleted = 0 AND a.is_low <> 0
  AND t.kind IN ('incident', 'complaint') AND r.answered_at <= ? AND r.answered_at > ?
ORDER BY r.answered_at
"""


def read_tickets(reading: Reading) -> None:
    """Note what tickets say."""
    _note_reopened(reading)
    _note_overdue(reading)
    _read_failures(reading)
    for facts in reading.facts.values():
        if len(facts.failures) < 2:
            continue
        facts.failures.sort(key=lambda one: (one.at_ms, one.stored_id))
        pair = close_failures(facts.failures)
        if pair is not None:
            facts.note(Signal.SECOND_FAILURE, pair[0].weight, pair)


def close_failures(failures: Sequence[Trace]) -> tuple[Trace, Trace] | None:
    """Give the latest failure that came soon after one of another ticket, and that one."""
    for place in range(len(failures) - 1, 0, -1):
        later = failures[place]
        for earlier in reversed(failures[:place]):
            if later.at_ms - earlier.at_ms > _CLOSE_MS:
                break
            if earlier.stored_id != later.stored_id:
                return later, earlier
    return None


def _note_reopened(reading: Reading) -> None:
    found: dict[int, tuple[Facts, list[Trace]]] = {}
    since = reading.since(HALF_LIFE_WEEKS)
    for facts, (ticket_id, at, may_fail) in reading.rows(_REOPENED, reading.at, since):
        trace = reading.trace("ticket", ticket_id, at, "reopened", HALF_LIFE_WEEKS)
        found.setdefault(id(facts), (facts, []))[1].append(trace)
        if may_fail:
            facts.failures.append(trace)
    for facts, traces in found.values():
        value = min(sum(one.weight for one in traces), MOST_REOPENED)
        facts.note(Signal.TICKETS_REOPENED, value, traces)


def _note_overdue(reading: Reading) -> None:
    found: dict[int, tuple[Facts, list[Trace]]] = {}
    for facts, (ticket_id, due_at) in reading.rows(_OVERDUE, reading.at):
        trace = reading.trace("ticket", ticket_id, due_at, "overdue")
        found.setdefault(id(facts), (facts, []))[1].append(trace)
    for facts, traces in found.values():
        facts.note(Signal.TICKETS_OVERDUE, min(float(len(traces)), MOST_OVERDUE), traces)


def _read_failures(reading: Reading) -> None:
    since = reading.since(HALF_LIFE_WEEKS)
    for facts, (ticket_id, at) in reading.rows(_RATED_LOW, reading.at, since):
        facts.failures.append(reading.trace("ticket", ticket_id, at, "rated", HALF_LIFE_WEEKS))
    whose = {
        UUID(bytes=ticket_id): facts
        for facts, (ticket_id,) in reading.rows(_MAY_HAVE_FAILED, reading.at, since)
    }
    for ticket_id, due_at in _breaches(reading, list(whose)):
        trace = reading.trace("ticket", ticket_id.bytes, due_at, "breached", HALF_LIFE_WEEKS)
        whose[ticket_id].failures.append(trace)


def _breaches(reading: Reading, tickets: Sequence[UUID]) -> Iterator[tuple[UUID, int]]:
    """Give the tickets that missed a deadline by the moment, and the first that they missed."""
    if not tickets:
        return
    book = Rulebook(reading.connection)
    for case in read_cases(reading.connection, Ticket.id.in_(tickets)):
        missed = [
            to_milliseconds(clock.due_at)
            for clock in book.promise(case).clocks
            if clock.due_at is not None and _is_late(clock, reading)
        ]
        if missed:
            yield case.ticket_id, min(missed)


def _is_late(clock: Clock, reading: Reading) -> bool:
    return clock.state(reading.moment) in _LATE
