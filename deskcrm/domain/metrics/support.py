"""The figures of support, and what each ticket adds to them: a figure is made of its entries."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from deskcrm.domain.metrics.catalogue import Metric
from deskcrm.domain.metrics.durations import Span, median_time
from deskcrm.domain.metrics.figures import Figure, Period, count, share
from deskcrm.domain.metrics.in_time import resolution_in_time, response_in_time
from deskcrm.domain.metrics.lives import Life
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
Enter = Callable[[Life, Window], Entry | None]


@dataclass(frozen=True, slots=True)
class _Spec:
    """Which tickets count, what each adds (None: nothing), and what is made of it."""

    which: str
    """"opened" or "solved" within the window, or "open" at its end."""
    enter: Enter
    make: Callable[[list[Entry]], Figure]


def measure(lives: Sequence[Life], windows: Sequence[Window]) -> dict[Metric, list[Figure]]:
    """Give every figure for windows that follow one another."""
    found: dict[Metric, list[Figure]] = {metric: [] for metric in SUPPORT}
    for window, cohorts in zip(windows, _cohorts(lives, windows), strict=True):
        for metric, spec in SUPPORT.items():
            entries = (spec.enter(life, window) for life in cohorts[spec.which])
            found[metric].append(spec.make([one for one in entries if one is not None]))
    return found


def entries_of(metric: Metric, lives: Sequence[Life], window: Window) -> list[tuple[Life, Entry]]:
    """Give what each ticket adds to a figure; the figure is made of exactly these."""
    spec = SUPPORT[metric]
    (cohorts,) = _cohorts(lives, [window])
    entries = ((life, spec.enter(life, window)) for life in cohorts[spec.which])
    return [(life, entry) for life, entry in entries if entry is not None]


def _cohorts(lives: Sequence[Life], windows: Sequence[Window]) -> list[dict[str, list[Life]]]:
    """Sort tickets under the windows that they count in."""
    found: list[dict[str, list[Life]]] = [{"opened": [], "solved": [], "open": []} for _ in windows]
    starts, ends = [one.since for one in windows], [one.until for one in windows]
    for life in lives:
        for which, at in (("opened", life.opened), ("solved", life.first_settled)):
            number = -1 if at is None else bisect_right(starts, at) - 1
            if number >= 0 and at is not None and at < ends[number]:
                found[number][which].append(life)
        for number in range(bisect_right(ends, life.opened), len(ends)):
            if life.settled_since(ends[number]) is None:
                found[number]["open"].append(life)
    return found


def _one(life: Life, window: Window) -> Entry:
    return True


def _reopened(life: Life, window: Window) -> Entry:
    return life.is_reopened_by(window.until)


def _response(life: Life, window: Window) -> Entry | None:
    return response_in_time(life, window.until)


def _resolution(life: Life, window: Window) -> Entry | None:
    return resolution_in_time(life, window.until)


def _took(life: Life, start: int, end: int, *, is_ended: bool, works: bool) -> Span:
    took = life.rules.working.between(start, end) if works else max(end - start, 0)
    return took / _SECOND, is_ended


def _first_response(works: bool) -> Enter:
    def enter(life: Life, window: Window) -> Entry | None:
        if life.is_live:
            return None
        replied, settled, until = life.replied, life.first_settled, window.until
        if replied is not None and replied < until:
            return _took(life, life.opened, replied, is_ended=True, works=works)
        # Settled without a word: from then on nobody waited for one any more.
        end = until if settled is None else min(settled, until)
        return _took(life, life.opened, end, is_ended=False, works=works)

    return enter


def _first_resolution(works: bool) -> Enter:
    def enter(life: Life, window: Window) -> Entry:
        settled, until = life.first_settled, window.until
        if settled is not None and settled < until:
            return _took(life, life.opened, settled, is_ended=True, works=works)
        return _took(life, life.opened, until, is_ended=False, works=works)

    return enter


def _last_resolution(works: bool) -> Enter:
    def enter(life: Life, window: Window) -> Entry:
        settled = life.settled_since(window.until)
        end = window.until if settled is None else settled
        return _took(life, life.opened, end, is_ended=settled is not None, works=works)

    return enter


def _how_many(entries: list[Entry]) -> Figure:
    return count(len(entries))


def _of_them(entries: list[Entry]) -> Figure:
    return share(sum(one is True for one in entries), len(entries))


def _middle(entries: list[Entry]) -> Figure:
    return median_time(one for one in entries if isinstance(one, tuple))


_M = Metric
SUPPORT: Final[dict[Metric, _Spec]] = {
    _M.OPENED_TICKETS: _Spec("opened", _one, _how_many),
    _M.SOLVED_TICKETS: _Spec("solved", _one, _how_many),
    _M.BACKLOG: _Spec("open", _one, _how_many),
    _M.FIRST_RESPONSE: _Spec("opened", _first_response(True), _middle),
    _M.FIRST_RESPONSE_AROUND_THE_CLOCK: _Spec("opened", _first_response(False), _middle),
    _M.FIRST_RESOLUTION: _Spec("opened", _first_resolution(True), _middle),
    _M.FIRST_RESOLUTION_AROUND_THE_CLOCK: _Spec("opened", _first_resolution(False), _middle),
    _M.LAST_RESOLUTION: _Spec("opened", _last_resolution(True), _middle),
    _M.LAST_RESOLUTION_AROUND_THE_CLOCK: _Spec("opened", _last_resolution(False), _middle),
    _M.REOPEN_RATE: _Spec("solved", _reopened, _of_them),
    _M.FIRST_RESPONSE_IN_TIME: _Spec("opened", _response, _of_them),
    _M.RESOLUTION_IN_TIME: _Spec("opened", _resolution, _of_them),
}
