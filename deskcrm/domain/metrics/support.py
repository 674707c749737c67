"""The figures of support, and what each ticket adds to them: a figure is made of its entries."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from deskcrm.domain.metrics.catalogue import Metric
from deskcrm.domain.metrics.durations import Span, median_time
from deskcrm.domain.metrics.figures import Figure, Period, count, share
from deskcrm.domain.metrics.in_time import resolution_in_time, response_in_time
from deskcrm.domain.metrics.lives import Life
from deskcrm.domain.metrics.working import MICROSECONDS
from deskcrm.store.types import to_milliseconds

_SECOND: Final = 1_000


@dataclass(frozen=True, slots=True)
class Window:
    """A period in milliseconds; ``until`` is the first that it has not, just after now at most."""

    since: int
    until: int


def window_of(period: Period, now: datetime) -> Window:
    """Give the window of a period as of now."""
    return Window(
        to_milliseconds(period.since), min(to_milliseconds(period.until), to_milliseconds(now) + 1)
    )


Entry = Span | bool
"""What a ticket adds: how long it took, whether it was, or that it is one of them."""
Entries = tuple[Entry | None, ...]
"""What a ticket adds to each figure of a cohort, in their order; None: nothing."""


@dataclass(frozen=True, slots=True)
class _Cohort:
    """The figures over the same tickets, what each ticket adds to them, and what is made of it."""

    enter: Callable[[Life, int], Entries]
    """Is given the ticket and the end of the window."""
    figures: Mapping[Metric, Callable[[list[Entry]], Figure]]


def measure(lives: Sequence[Life], windows: Sequence[Window]) -> dict[Metric, list[Figure]]:
    """Give every figure for windows that follow one another."""
    found: dict[Metric, list[Figure]] = {metric: [] for metric in SUPPORT}
    for window, members in zip(windows, _cohorts(lives, windows), strict=True):
        for name, cohort in _COHORTS.items():
            rows = [cohort.enter(life, window.until) for life in members[name]]
            columns = zip(*rows, strict=True) if rows else ((),) * len(cohort.figures)
            for (metric, make), column in zip(cohort.figures.items(), columns, strict=True):
                found[metric].append(make([one for one in column if one is not None]))
    return found


def entries_of(metric: Metric, lives: Sequence[Life], window: Window) -> list[tuple[Life, Entry]]:
    """Give what each ticket adds to a figure; the figure is made of exactly these."""
    name, cohort = next(one for one in _COHORTS.items() if metric in one[1].figures)
    place = list(cohort.figures).index(metric)
    (members,) = _cohorts(lives, [window])
    entries = ((life, cohort.enter(life, window.until)[place]) for life in members[name])
    return [(life, entry) for life, entry in entries if entry is not None]


def _cohorts(lives: Sequence[Life], windows: Sequence[Window]) -> list[dict[str, list[Life]]]:
    """Sort tickets under the windows that they count in."""
    found: list[dict[str, list[Life]]] = [{name: [] for name in _COHORTS} for _ in windows]
    starts, ends = [one.since for one in windows], [one.until for one in windows]
    for life in lives:
        for which, at in (("opened", life.opened), ("solved", life.first_settled)):
            number = -1 if at is None else bisect_right(starts, at) - 1
            if number >= 0 and at is not None and at < ends[number]:
                found[number][which].append(life)
        first = bisect_right(ends, life.opened)
        moved = max(first, bisect_right(ends, life.last_moved))
        for number in range(first, moved):
            if life.settled_since(ends[number]) is None:
                found[number]["open"].append(life)
        if life.last_settled is None:
            for number in range(moved, len(ends)):
                found[number]["open"].append(life)
    return found


def _of_opened(life: Life, until: int) -> Entries:
    """Give what a ticket that was opened adds, by both clocks: working time and real time."""
    opened, before = life.opened, life.rules.working.before
    begun = before[opened]
    settled, last = life.first_settled, life.settled_since(until)
    is_solved = settled is not None and settled < until
    first_end = settled if settled is not None and is_solved else until
    last_end = until if last is None else last
    first = max(before[first_end] - begun, 0) // MICROSECONDS
    final = first if last_end == first_end else max(before[last_end] - begun, 0) // MICROSECONDS
    at_work = around = None
    if not life.is_live:
        replied = life.replied
        is_answered = replied is not None and replied < until
        # Settled without a word: from then on nobody waited for one any more.
        waits_until = replied if replied is not None and is_answered else first_end
        waited = max(before[waits_until] - begun, 0) // MICROSECONDS
        at_work = waited / _SECOND, is_answered
        around = max(waits_until - opened, 0) / _SECOND, is_answered
    return (
        True,
        at_work,
        around,
        (first / _SECOND, is_solved),
        (max(first_end - opened, 0) / _SECOND, is_solved),
        (final / _SECOND, last is not None),
        (max(last_end - opened, 0) / _SECOND, last is not None),
        response_in_time(life, until),
        resolution_in_time(life, until),
    )


def _of_solved(life: Life, until: int) -> Entries:
    return True, life.is_reopened_by(until)


def _of_open(life: Life, until: int) -> Entries:
    return (True,)


def _how_many(entries: list[Entry]) -> Figure:
    return count(len(entries))


def _of_them(entries: list[Entry]) -> Figure:
    return share(sum(one is True for one in entries), len(entries))


def _middle(entries: list[Entry]) -> Figure:
    return median_time(one for one in entries if isinstance(one, tuple))


_COHORTS: Final[dict[str, _Cohort]] = {
    "opened": _Cohort(
        _of_opened,
        {
            Metric.OPENED_TICKETS: _how_many,
            Metric.FIRST_RESPONSE: _middle,
            Metric.FIRST_RESPONSE_AROUND_THE_CLOCK: _middle,
            Metric.FIRST_RESOLUTION: _middle,
            Metric.FIRST_RESOLUTION_AROUND_THE_CLOCK: _middle,
            Metric.LAST_RESOLUTION: _middle,
            Metric.LAST_RESOLUTION_AROUND_THE_CLOCK: _middle,
            Metric.FIRST_RESPONSE_IN_TIME: _of_them,
            Metric.RESOLUTION_IN_TIME: _of_them,
        },
    ),
    "solved": _Cohort(_of_solved, {Metric.SOLVED_TICKETS: _how_many, Metric.REOPEN_RATE: _of_them}),
    "open": _Cohort(_of_open, {Metric.BACKLOG: _how_many}),
}
"""Tickets opened or solved within the window, or open at its end."""
SUPPORT: Final = (
    Metric.OPENED_TICKETS,
    Metric.SOLVED_TICKETS,
    Metric.BACKLOG,
    Metric.FIRST_RESPONSE,
    Metric.FIRST_RESPONSE_AROUND_THE_CLOCK,
    Metric.FIRST_RESOLUTION,
    Metric.FIRST_RESOLUTION_AROUND_THE_CLOCK,
    Metric.LAST_RESOLUTION,
    Metric.LAST_RESOLUTION_AROUND_THE_CLOCK,
    Metric.REOPEN_RATE,
    Metric.FIRST_RESPONSE_IN_TIME,
    Metric.RESOLUTION_IN_TIME,
)
"""The figures of support, in the order in which they are shown."""
