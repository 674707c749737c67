"""Which clients were with us when: who stayed, who left, who came back, and for how many years."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, not_, or_, select

from deskcrm.domain.clients.model import Client, ClientId, Lifecycle
from deskcrm.domain.departures.model import Departure
from deskcrm.domain.metrics.catalogue import Metric
from deskcrm.domain.metrics.figures import Figure, Period
from deskcrm.domain.metrics.narrowing import Narrowing, in_segment, owned
from deskcrm.domain.metrics.retention import crr, logo_churn
from deskcrm.store.reader import Reader

_YEAR: Final = 365.25
_GRACE: Final = 0.1
"""Who leaves within five weeks after a renewal left at that one."""
Gap = tuple[date, date | None]
"""From which day a client was not with us, until it came back."""


@dataclass(frozen=True, slots=True)
class Stay:
    """How long a client was with us; no first day: from before all records."""

    since: date | None
    gaps: tuple[Gap, ...] = ()

    def is_there_on(self, day: date) -> bool:
        """Tell whether the client was with us in the evening of a day."""
        if self.since is not None and self.since > day:
            return False
        return not any(left <= day and (back is None or day < back) for left, back in self.gaps)

    @property
    def left_for_good(self) -> date | None:
        """The day on which the client left and has not come back."""
        return next((left for left, back in self.gaps if back is None), None)


Stays = Mapping[Stay, int]
"""How many clients there are of each stay: most came and went on days of their own."""


def customers(db: Reader, narrowing: Narrowing) -> list[ColumnElement[bool]]:
    """Give the conditions on clients that are with us, or were until a day that is known."""
    never = and_(Client.customer_since.is_(None), Client.lifecycle == Lifecycle.PROSPECT)
    some_day = and_(Client.lifecycle == Lifecycle.CHURNED, Client.churned_on.is_(None))
    return [
        ~Client.is_deleted,
        not_(or_(never, some_day)),
        *owned(db, narrowing, Client.owner_id, Client.scope),
        *in_segment(db, narrowing, Client.id),
    ]


def read_stays(db: Reader, narrowing: Narrowing) -> dict[ClientId, Stay]:
    """Read how long each client was with us; who left and came back has gaps."""
    gaps: dict[ClientId, list[Gap]] = defaultdict(list)
    for client_id, left, back in db.all(
        select(Departure.client_id, Departure.left_on, Departure.returned_on)
        .where(~Departure.is_deleted, Departure.left_on.is_not(None))
        .order_by(Departure.time)
    ):
        if left is not None and (back is None or back > left):
            gaps[client_id].append((left, back))
    rows = db.all(
        select(Client.id, Client.customer_since, Client.churned_on).where(*customers(db, narrowing))
    )
    stays = {}
    for row_id, since, churned in rows:
        own = gaps.get(ClientId(row_id), [])
        if churned is not None and not any(back is None for _, back in own):
            own = [*own, (churned, None)]
        stays[ClientId(row_id)] = Stay(since, tuple(own))
    return stays


def counted(stays: Mapping[ClientId, Stay]) -> Stays:
    """Count how many clients there are of each stay."""
    return Counter(stays.values())


def retained(stays: Stays, period: Period) -> dict[Metric, Figure]:
    """Give what of the clients of the start was there at the end, and what was not."""
    eve, last = period.first - timedelta(days=1), period.last
    start = end = stayed = 0
    for one, many in stays.items():
        was, is_there = one.is_there_on(eve), one.is_there_on(last)
        start += many * was
        end += many * is_there
        stayed += many * (was and is_there)
    return {
        Metric.CUSTOMER_RETENTION: crr(start, end, end - stayed),
        Metric.LOGO_CHURN: logo_churn(start, start - stayed),
    }


def years_of(stays: Stays, until: date) -> tuple[Counter[int], Counter[int]]:
    """Count who left at which yearly renewal, and who renewed how often and is there still."""
    lost: Counter[int] = Counter()
    staying: Counter[int] = Counter()
    for one, many in stays.items():
        if one.since is None or one.since > until:
            continue
        left = one.left_for_good
        if left is None or left > until:
            staying[int((until - one.since).days / _YEAR)] += many
        else:
            lost[max(math.ceil((left - one.since).days / _YEAR - _GRACE), 1)] += many
    return lost, staying
