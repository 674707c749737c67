"""Answers about usage: day by day for a picture, week by week for what is worked out from it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import add
from typing import Any, Final

from sqlalchemy import case, func, select

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.days import day_of
from deskcrm.domain.usage.model import DAYS, UsageWeek, week_of
from deskcrm.store.reader import Reader
from deskcrm.store.upsert import in_chunks

_COLUMNS: Final = tuple(getattr(UsageWeek, day) for day in DAYS)
_TOTAL: Final[Any] = reduce(add, (func.coalesce(day, 0.0) for day in _COLUMNS))
_KNOWN: Final[Any] = reduce(add, (case((day.is_(None), 0), else_=1) for day in _COLUMNS))


@dataclass(frozen=True, slots=True)
class UsageDay:
    """What was used on one day; None where nobody reported it."""

    day: date
    value: float | None


@dataclass(frozen=True, slots=True)
class UsageSeries:
    """One metric of a client, each day from the first to the last that is known."""

    metric: str
    days: tuple[UsageDay, ...]
    ceiling: float | None
    """How much a day the contract allows, as last reported."""


@dataclass(frozen=True, slots=True)
class WeekTotal:
    """What was used in one week, and on how many days of it that is known."""

    metric: str
    week_on: date
    total: float
    days: int


def list_usage(db: Reader, client_id: ClientId, *, weeks: int = 26) -> list[UsageSeries]:
    """List a client's metrics, each day by day over the last weeks, the running one included."""
    since = week_of(day_of(db.now)) - timedelta(weeks=weeks - 1)
    rows = db.all(
        select(UsageWeek.metric, UsageWeek.week_on, UsageWeek.ceiling, *_COLUMNS)
        .where(UsageWeek.client_id == client_id, ~UsageWeek.is_deleted, UsageWeek.week_on >= since)
        .order_by(UsageWeek.metric, UsageWeek.week_on)
    )
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.metric].append(row)
    return [_series(metric, its) for metric, its in found.items()]


def weekly_usage(
    db: Reader,
    *,
    until: date,
    weeks: int = 16,
    clients: Sequence[ClientId] | None = None,
    recorded_by: datetime | None = None,
) -> dict[ClientId, list[WeekTotal]]:
    """Give whole weeks that ended before a day, for some clients or all, the oldest first.

    ``recorded_by`` leaves out the weeks of which nothing had been reported by then. A week of
    which no day is known is not there at all: unknown, which is not zero.
    """
    last = week_of(until)
    # A row is a client's metric and week, so there is nothing to group.
    statement = (
        select(UsageWeek.client_id, UsageWeek.metric, UsageWeek.week_on, _TOTAL, _KNOWN)
        .where(~UsageWeek.is_deleted)
        .where(UsageWeek.week_on < last, UsageWeek.week_on >= last - timedelta(weeks=weeks))
        .order_by(UsageWeek.client_id, UsageWeek.metric, UsageWeek.week_on)
    )
    if recorded_by is not None:
        statement = statement.where(UsageWeek.created_at <= recorded_by)
    found: dict[ClientId, list[WeekTotal]] = defaultdict(list)
    for some in [None] if clients is None else in_chunks(clients, 500):
        narrowed = statement if some is None else statement.where(UsageWeek.client_id.in_(some))
        for client_id, metric, week_on, value, known in db.all(narrowed):
            if known:
                found[client_id].append(WeekTotal(metric, week_on, float(value), int(known)))
    return dict(found)


def _series(metric: str, rows: Sequence[Any]) -> UsageSeries:
    known = {
        row.week_on + timedelta(days=number): getattr(row, name)
        for row in rows
        for number, name in enumerate(DAYS)
        if getattr(row, name) is not None
    }
    ceilings = [row.ceiling for row in rows if row.ceiling is not None]
    if not known:
        return UsageSeries(metric, (), ceilings[-1] if ceilings else None)
    first, last = min(known), max(known)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return UsageSeries(
        metric,
        tuple(UsageDay(day, known.get(day)) for day in days),
        ceilings[-1] if ceilings else None,
    )
