"""Takes in what was used, day by day; the same figures twice change nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from deskcrm.base.days import said_day
from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.commands import check_clients
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.days import day_of
from deskcrm.domain.names import fold, one_line
from deskcrm.domain.recorded import Recorded
from deskcrm.domain.usage.model import DAYS, UsageWeek, week_of
from deskcrm.store.commands import command
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import Work

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class UsageFigure:
    """What one client used of one thing on one day."""

    client_id: ClientId
    metric: str
    day: date
    value: float
    ceiling: float | None = None
    """How much of it a day is allowed; None leaves what is known."""


@command("usage.record", "Record usage")
def record_usage(work: Work, figures: Sequence[UsageFigure]) -> Recorded:
    """Write figures down, each day of a client's metric once; of two for one day the last holds."""
    check_clients(work, [figure.client_id for figure in figures])
    for figure in figures:
        check_figure(figure, day_of(work.now))
    named = _with_known_names(work, figures)
    weeks: dict[UUID, dict[str, Any]] = {}
    for figure in named:
        week_on = week_of(figure.day)
        key = {"client_id": figure.client_id, "metric": figure.metric, "week_on": week_on}
        week = weeks.setdefault(UsageWeek.work_out_id(key), key)
        week[DAYS[figure.day.weekday()]] = float(figure.value)
        if figure.ceiling is not None:
            week["ceiling"] = float(figure.ceiling)
    return _write(work, weeks)


@command("usage.delete", "Delete usage figures")
def delete_usage(work: Work, client_id: ClientId, *, metric: str) -> int:
    """Delete all figures of one metric of a client; gives how many weeks."""
    found = select(UsageWeek).where(UsageWeek.client_id == client_id, ~UsageWeek.is_deleted)
    weeks = [week for week in work.records(found) if fold(week.metric) == fold(metric)]
    if not weeks:
        raise UserError(tr("There are no figures of “{metric}”.", metric=metric))
    for week in weeks:
        work.delete(week)
    return len(weeks)


def check_figure(figure: UsageFigure, today: date) -> None:
    """Refuse, in words, what cannot have been counted."""
    if not one_line(figure.metric):
        raise UserError(tr("A usage figure needs the name of what is counted."))
    amounts = (figure.value, 0.0 if figure.ceiling is None else figure.ceiling)
    if not all(isfinite(amount) and amount >= 0 for amount in amounts):
        raise UserError(
            tr("Nothing can be used less than not at all."), tr("Give 0 or a positive number.")
        )
    # A day ahead is the day of a client further east.
    if figure.day > today + timedelta(days=1):
        raise UserError(tr("{day} has not come yet.", day=said_day(figure.day)))


def _with_known_names(work: Work, figures: Sequence[UsageFigure]) -> list[UsageFigure]:
    """Give the figures under the names that a client's metrics have already, in any spelling."""
    names: dict[tuple[ClientId, str], str] = {}
    clients = {figure.client_id for figure in figures}
    for some in in_chunks(clients, _AT_ONCE):
        rows = work.all(
            select(UsageWeek.client_id, UsageWeek.metric)
            .where(UsageWeek.client_id.in_(some), ~UsageWeek.is_deleted)
            .distinct()
            .order_by(UsageWeek.metric)
        )
        for client_id, metric in rows:
            names.setdefault((client_id, fold(metric)), metric)
    return [
        UsageFigure(
            one.client_id,
            names.setdefault((one.client_id, fold(one.metric)), one_line(one.metric)),
            one.day,
            one.value,
            one.ceiling,
        )
        for one in figures
    ]


def _write(work: Work, weeks: dict[UUID, dict[str, Any]]) -> Recorded:
    new = changed = same = 0
    for some in in_chunks(weeks.items(), _AT_ONCE):
        there = _found(work, (row_id for row_id, _ in some))
        fresh = [{"id": row_id, **week} for row_id, week in some if row_id not in there]
        work.insert_many(UsageWeek, fresh)
        new += sum(_days_in(week) for week in fresh)
        for row_id, week in some:
            if row_id in there:
                counts = _change(work, there[row_id], week)
                new, changed, same = new + counts[0], changed + counts[1], same + counts[2]
    return Recorded(new, changed, same)


def _found(work: Work, ids: Iterable[UUID]) -> dict[UUID, UsageWeek]:
    return {row.id: row for row in work.records(select(UsageWeek).where(UsageWeek.id.in_(ids)))}


def _change(work: Work, row: UsageWeek, week: dict[str, Any]) -> tuple[int, int, int]:
    """Set what is given of a week; gives how many days were new, changed and the same."""
    if row.is_deleted:
        # Nothing of what was taken away comes back with it.
        work.restore(row)
        for key in (*DAYS, "ceiling"):
            setattr(row, key, None)
    new = changed = 0
    for key in (*DAYS, "ceiling"):
        if key in week and getattr(row, key) != week[key]:
            is_new = getattr(row, key) is None
            new, changed = new + (is_new and key in DAYS), changed + (not is_new)
            setattr(row, key, week[key])
    return new, changed, max(_days_in(week) - new - changed, 0)


def _days_in(week: dict[str, Any]) -> int:
    return sum(day in week for day in DAYS)
