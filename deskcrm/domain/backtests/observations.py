"""Clients as they stood on days gone by, and who then left: what a back-test is made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.days import add_months
from deskcrm.domain.health.scoring import Signals

HORIZON: Final = timedelta(days=90)
"""A score foretells whether a client gives notice within this."""
BLACKOUT: Final = timedelta(days=14)
"""So shortly before its notice a client is not counted: by then it is no forecast any more."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A client on one day: what was known of it then, and when it gave notice thereafter."""

    client_id: ClientId
    on: date
    signals: Signals
    """Only from what had been recorded by that day."""
    noticed_on: date | None = None
    """Its first notice after that day; None: none is known to this day."""


@dataclass(frozen=True, slots=True)
class Case:
    """An observation of which it is known what became of it."""

    client_id: ClientId
    on: date
    signals: Signals
    noticed_on: date | None
    left: bool
    """It gave notice within the horizon."""


def cases_of(observations: Iterable[Observation], today: date) -> list[Case]:
    """Keep what can be judged, by day and client: what is neither too late nor still open."""
    kept = [
        Case(one.client_id, one.on, one.signals, one.noticed_on, left)
        for one in observations
        if (left := outcome(one, today)) is not None
    ]
    kept.sort(key=lambda case: (case.on, case.client_id))
    return kept


def outcome(one: Observation, today: date) -> bool | None:
    """Tell whether the client left within the horizon; None where that is no fair question."""
    if one.noticed_on is not None:
        ahead = one.noticed_on - one.on
        if ahead <= BLACKOUT:
            return None
        if ahead <= HORIZON:
            return True
    return None if one.on + HORIZON > today else False


def replay_days(today: date, months: int) -> list[date]:
    """List the first days of the months gone by, the earliest first."""
    this = today.replace(day=1)
    return [add_months(this, -back) for back in range(months, 0, -1)]


def split_forward(cases: Sequence[Case], share: float = 0.6) -> tuple[list[Case], list[Case]]:
    """Split by time: what is learned from was over before the first day that is judged."""
    days = sorted({case.on for case in cases})
    if not days:
        return [], []
    start = days[min(int(len(days) * share), len(days) - 1)]
    learned = [case for case in cases if case.on + HORIZON <= start]
    return learned, [case for case in cases if case.on >= start]


def count_left(cases: Sequence[Case]) -> int:
    """Count the clients that left; one that was seen in three months before is one."""
    return len({(case.client_id, case.noticed_on) for case in cases if case.left})
