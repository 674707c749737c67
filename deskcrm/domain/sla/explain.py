"""The arithmetic behind a ticket's deadlines: policy by policy, interval by interval."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import select

from deskcrm.domain.calendars.book import KnownCalendar, Whose
from deskcrm.domain.calendars.hours import write_hours
from deskcrm.domain.calendars.model import CalendarId
from deskcrm.domain.calendars.working_time import working_intervals
from deskcrm.domain.merges.homes import home_of
from deskcrm.domain.sla.cases import Case, Promised, Rulebook, read_cases
from deskcrm.domain.sla.clocks import (
    Clock,
    ClockKind,
    ClockState,
    Ending,
    next_deadline,
    time_in_states,
)
from deskcrm.domain.sla.joined import Part
from deskcrm.domain.sla.model import PolicyId
from deskcrm.domain.sla.policies import Condition, Policy, Traits
from deskcrm.domain.tags.model import Tag
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.domain.tickets.states import TicketState
from deskcrm.store.reader import Reader


class StepKind(StrEnum):
    """What a line of the arithmetic says."""

    COUNTED = "counted"
    PAUSED = "paused"
    DAY_OFF = "day_off"
    OTHER_HOURS = "other_hours"


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the arithmetic. ``total``: the working time that has run when it ends."""

    kind: StepKind
    since: datetime
    until: datetime | None
    amount: timedelta
    total: timedelta
    state: TicketState | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A policy before the one that holds, and what it asks that the ticket is not.

    ``wanted`` and ``found`` are members of enums, or the names of tags.
    """

    id: PolicyId | None
    name: str
    condition: Condition
    wanted: tuple[object, ...]
    found: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class ClockExplained:
    """One promise: how it stands, and every interval that made it so."""

    kind: ClockKind
    state: ClockState
    target: timedelta
    spent: timedelta
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    ended_at: datetime | None
    ending: Ending | None
    is_next: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class MergedHere:
    """A ticket that was merged into this one; ``is_first``: the clocks begin with its opening."""

    number: int
    opened_at: datetime
    merged_at: datetime
    is_first: bool


@dataclass(frozen=True, slots=True)
class SlaExplained:
    """What is promised for a ticket, and how all of it comes about; no id: the fallback holds."""

    ticket_id: TicketId
    number: int
    policy_id: PolicyId | None
    policy: str
    passed_over: tuple[PassedOver, ...]
    calendar_id: CalendarId | None
    calendar: str
    time_zone: str
    whose: Whose
    pauses_in: tuple[TicketState, ...]
    warn_percent: int
    clocks: tuple[ClockExplained, ...]
    time_in_states: dict[TicketState, timedelta]
    as_of: datetime
    merged: tuple[MergedHere, ...] = ()


def explain_sla(db: Reader, ticket_id: TicketId) -> SlaExplained | None:
    """Give the arithmetic of a ticket's deadlines, or of the one that it was merged into.

    None when it is not there.
    """
    case = next(read_cases(db.connection, Ticket.id == home_of(db, ticket_id)), None)
    if case is None:
        return None
    promised = Rulebook(db.connection).promise(case)
    known, policy = promised.applied.known, promised.choice.policy
    following = next_deadline(promised.clocks)
    return SlaExplained(
        case.ticket_id,
        case.number,
        policy.id,
        policy.name,
        _passed_over(db, promised, case.traits),
        known.id,
        known.name,
        known.calendar.time_zone,
        promised.applied.whose,
        tuple(state for state in TicketState if state in policy.pauses_in),
        policy.warn_percent,
        tuple(_clock(one, known, db.now, one is following) for one in promised.clocks),
        time_in_states(case.log, db.now),
        db.now,
        tuple(
            MergedHere(part.number, part.log.opened_at, part.merged_at, _is_first(part, case))
            for part in sorted(case.parts, key=lambda part: part.log.opened_at)
        ),
    )


def _is_first(part: Part, case: Case) -> bool:
    return case.log.opened_elsewhere is not None and part.log.opened_at == case.log.opened_at


def steps_of(clock: Clock, known: KnownCalendar, until: datetime) -> Iterator[Step]:
    """Give the lines of a clock's arithmetic up to a moment, in order.

    The amounts of what is counted add up to the last total: no minute is counted that does not
    stand in a line.
    """
    total, told = timedelta(), set[date]()
    for period in clock.periods:
        end = min(period.until or until, until)
        if period.since >= end and period.runs:
            continue
        if not period.runs:
            yield Step(
                StepKind.PAUSED, period.since, period.until, timedelta(), total, period.state
            )
            continue
        spans = working_intervals(known.calendar, period.since, end)
        days = list(_special_days(known, period.since, end, told))
        for span_start, span_end in spans:
            while days and days[0].since < span_end:
                yield _at(days.pop(0), total)
            total += span_end - span_start
            yield Step(
                StepKind.COUNTED, span_start, span_end, span_end - span_start, total, period.state
            )
        yield from (_at(day, total) for day in days)


def _special_days(
    known: KnownCalendar, since: datetime, until: datetime, told: set[date]
) -> Iterator[Step]:
    """Name the days in between that are not as their weekday, each once."""
    zone = known.calendar.zone
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    for day in sorted(known.calendar.exceptions):
        if first <= day <= last and day not in told:
            told.add(day)
            hours = known.calendar.ranges_on(day)
            begin = datetime.combine(day, time(), zone)
            name = known.day_names.get(day, "")
            note = ": ".join(filter(None, (name, write_hours(hours))))
            kind = StepKind.OTHER_HOURS if hours else StepKind.DAY_OFF
            yield Step(kind, begin, None, timedelta(), timedelta(), None, note)


def _at(step: Step, total: timedelta) -> Step:
    return Step(step.kind, step.since, step.until, step.amount, total, step.state, step.note)


def _clock(clock: Clock, known: KnownCalendar, now: datetime, is_next: bool) -> ClockExplained:
    until = clock.ended_at or max(clock.due_at or now, now)
    return ClockExplained(
        clock.kind,
        clock.state(now),
        clock.target,
        clock.spent(known.calendar, clock.ended_at or now),
        clock.started_at,
        clock.due_at,
        clock.warn_at,
        clock.ended_at,
        clock.ending,
        is_next,
        tuple(steps_of(clock, known, until)),
    )


def _passed_over(db: Reader, promised: Promised, traits: Traits) -> tuple[PassedOver, ...]:
    tags = db.all(select(Tag.id, Tag.name).where(~Tag.is_deleted))
    names: dict[object, str] = {row.id: row.name for row in tags}

    def said(values: frozenset[object]) -> tuple[object, ...]:
        return tuple(sorted((names.get(one, one) for one in values), key=str))

    return tuple(
        PassedOver(policy.id, policy.name, failed, *map(said, _sides(policy, failed, traits)))
        for policy, failed in promised.choice.passed_over
    )


def _sides(
    policy: Policy, failed: Condition, traits: Traits
) -> tuple[frozenset[object], frozenset[object]]:
    return policy.conditions[failed], traits.of(failed)
