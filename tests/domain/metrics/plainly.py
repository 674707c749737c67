"""What each ticket adds to the figures of support, one figure at a time: the plain way."""

from collections.abc import Callable
from typing import Final

from deskcrm.domain.metrics import in_time
from deskcrm.domain.metrics.catalogue import Metric
from deskcrm.domain.metrics.durations import Span
from deskcrm.domain.metrics.lives import Life
from deskcrm.domain.sla.clocks import ClockKind

Entry = Span | bool | None


def span(life: Life, end: int, is_ended: bool, works: bool) -> Entry:
    took = life.rules.working.between(life.opened, end) if works else max(end - life.opened, 0)
    return took / 1_000, is_ended


def first_response(works: bool) -> Callable[[Life, int], Entry]:
    def enter(life: Life, until: int) -> Entry:
        if life.is_live:
            return None
        if life.replied is not None and life.replied < until:
            return span(life, life.replied, True, works)
        settled = life.first_settled
        return span(life, until if settled is None else min(settled, until), False, works)

    return enter


def first_resolution(works: bool) -> Callable[[Life, int], Entry]:
    def enter(life: Life, until: int) -> Entry:
        settled = life.first_settled
        if settled is not None and settled < until:
            return span(life, settled, True, works)
        return span(life, until, False, works)

    return enter


def last_resolution(works: bool) -> Callable[[Life, int], Entry]:
    def enter(life: Life, until: int) -> Entry:
        settled = life.settled_since(until)
        return span(life, until if settled is None else settled, settled is not None, works)

    return enter


PLAINLY: Final[dict[Metric, Callable[[Life, int], Entry]]] = {
    Metric.OPENED_TICKETS: lambda life, until: True,
    Metric.FIRST_RESPONSE: first_response(True),
    Metric.FIRST_RESPONSE_AROUND_THE_CLOCK: first_response(False),
    Metric.FIRST_RESOLUTION: first_resolution(True),
    Metric.FIRST_RESOLUTION_AROUND_THE_CLOCK: first_resolution(False),
    Metric.LAST_RESOLUTION: last_resolution(True),
    Metric.LAST_RESOLUTION_AROUND_THE_CLOCK: last_resolution(False),
    Metric.FIRST_RESPONSE_IN_TIME: lambda life, until: in_time.exactly(
        life, ClockKind.FIRST_RESPONSE, until
    ),
    Metric.RESOLUTION_IN_TIME: lambda life, until: in_time.exactly(
        life, ClockKind.RESOLUTION, until
    ),
}
"""Whether in time is asked of the clocks themselves."""
