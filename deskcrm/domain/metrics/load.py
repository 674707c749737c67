"""How the work is shared out: by person, and by line of support."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from deskcrm.base.ids import id_of
from deskcrm.domain.metrics.catalogue import Metric
from deskcrm.domain.metrics.durations import Span, median_time
from deskcrm.domain.metrics.figures import Figure
from deskcrm.domain.metrics.lives import SETTLED, Life, raw, rows_of
from deskcrm.domain.metrics.support import Window, measure
from deskcrm.domain.names import sort_key
from deskcrm.domain.tickets.line_steps import TicketLineStep
from deskcrm.domain.tickets.model import SupportLine
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.reader import Reader

_SHOWN = (
    Metric.OPENED_TICKETS,
    Metric.SOLVED_TICKETS,
    Metric.BACKLOG,
    Metric.FIRST_RESPONSE,
    Metric.FIRST_RESPONSE_IN_TIME,
)


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """What a person has, by the tickets that are theirs now; nobody's have no name."""

    user_id: UserId | None
    name: str
    opened: Figure
    solved: Figure
    backlog: Figure
    first_response: Figure
    in_time: Figure


@dataclass(frozen=True, slots=True)
class LineLoad:
    """What came to a line within the period, what was there at its end, and how long it stays."""

    line: SupportLine
    came: int
    left: int
    backlog: int
    stay: Figure
    """The median time on the line while open, day and night, of what came within the period."""


def loads_of_people(db: Reader, lives: Sequence[Life], window: Window) -> list[PersonLoad]:
    """List who has what, by name, nobody last."""
    by_owner: dict[Any, list[Life]] = defaultdict(list)
    for life in lives:
        by_owner[life.owner].append(life)
    names: dict[Any, str] = dict(db.all(select(User.id, User.name)))
    found = []
    for owner, own in by_owner.items():
        user_id = None if owner is None else UserId(id_of(owner))
        figures = measure(own, [window])
        first, *others = (figures[metric][0] for metric in _SHOWN)
        if first.n or any(one.n for one in others[:2]):
            name = "" if user_id is None else names.get(user_id, "")
            found.append(PersonLoad(user_id, name, first, *others))
    return sorted(found, key=lambda one: (one.user_id is None, sort_key(one.name)))


Stay = tuple[str, int, int | None]
"""On which line, since when, and until when."""
Steps = Mapping[Any, Sequence[tuple[int, str, str]]]
"""When each ticket moved from which line to which."""


def read_steps(db: Reader, since: datetime) -> Steps:
    """Read the moves between lines of tickets that moved since a moment, from their first on."""
    step = TicketLineStep
    lately = select(step.ticket_id).where(~step.is_deleted, step.moved_at >= since)
    rows = rows_of(
        db,
        select(
            raw(step.ticket_id),
            raw(step.moved_at),
            raw(step.from_line),
            raw(step.to_line),
        )
        .where(~step.is_deleted, step.ticket_id.in_(lately))
        .order_by(step.ticket_id, step.moved_at, step.id),
    )
    found: dict[Any, list[tuple[int, str, str]]] = defaultdict(list)
    for ticket, at, before, after in rows:
        found[ticket].append((at, before, after))
    return found


def loads_of_lines(lives: Sequence[Life], steps: Steps, window: Window) -> list[LineLoad]:
    """Give how each line did."""
    came: dict[str, int] = defaultdict(int)
    left: dict[str, int] = defaultdict(int)
    backlog: dict[str, int] = defaultdict(int)
    spans: dict[str, list[Span]] = defaultdict(list)
    for life in lives:
        for line, since, until in stays_of(life, steps.get(life.ticket, ()), window.until):
            is_over = until is not None
            if window.since <= since:
                came[line] += 1
                end = window.until if until is None else until
                spans[line].append((open_time(life, since, end) / 1_000, is_over))
            if until is not None and window.since <= until:
                left[line] += 1
            backlog[line] += not is_over
    return [
        LineLoad(line, came[line], left[line], backlog[line], median_time(spans[line]))
        for line in SupportLine
    ]


def stays_of(life: Life, steps: Sequence[tuple[int, str, str]], until: int) -> Iterator[Stay]:
    """Give where a ticket stayed until a moment; settled, it is on no line any more."""
    before = [one for one in steps if one[0] < until]
    line = before[0][1] if before else steps[0][1] if steps else life.line
    since = life.opened
    for at, _, after in before:
        if after != line:
            yield line, since, at
            line, since = after, at
    settled = life.settled_since(until)
    if since < until:
        yield line, since, None if settled is None else max(settled, since)


def open_time(life: Life, since: int, until: int) -> int:
    """Give how long a ticket was open between two moments, day and night, in milliseconds."""
    total, is_open, at = 0, True, life.opened
    for moved, state in (*life.moves, (until, "")):
        if is_open:
            total += max(min(moved, until) - max(at, since), 0)
        at, is_open = moved, state not in SETTLED
        if moved >= until:
            break
    return total
