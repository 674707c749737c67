"""The rows behind a figure: what it is made of, the ones to look at first coming first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import select

from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.feedback.model import CaptureWay
from deskcrm.domain.metrics.answers import ANSWERS, read_ratings, rows_of
from deskcrm.domain.metrics.catalogue import MEANINGS, Metric
from deskcrm.domain.metrics.customers import read_stays
from deskcrm.domain.metrics.figures import Period, Unit
from deskcrm.domain.metrics.invoiced import read_purchases
from deskcrm.domain.metrics.lives import Life, read_lives
from deskcrm.domain.metrics.narrowing import Narrowing
from deskcrm.domain.metrics.revenue import read_accounts, revenue_of
from deskcrm.domain.metrics.support import SUPPORT, Entry, entries_of, window_of
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.store.reader import Reader
from deskcrm.store.types import from_milliseconds

_AT_ONCE: Final = 500


class RowMark(StrEnum):
    """How a row counts."""

    COUNTED = "counted"
    DONE = "done"
    GOES_ON = "goes_on"
    IN_TIME = "in_time"
    LATE = "late"
    REOPENED = "reopened"
    STAYED_SOLVED = "stayed_solved"
    STAYED = "stayed"
    LEFT = "left"
    GREW = "grew"
    SHRANK = "shrank"
    PROMOTER = "promoter"
    PASSIVE = "passive"
    DETRACTOR = "detractor"


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A row behind a figure; ``value`` is in the unit of :attr:`FigureRows.unit`, if it has one."""

    client_id: ClientId
    client: str
    mark: RowMark
    value: float | None = None
    before: float | None = None
    """What it was at the start of the period, of revenue."""
    at: datetime | date | None = None
    ticket_id: TicketId | None = None
    number: int | None = None
    title: str = ""
    is_by_phone: bool = False


@dataclass(frozen=True, slots=True)
class FigureRows:
    """The rows behind a figure: so many in all, and as many of them as were asked for."""

    total: int
    unit: Unit | None
    """What the rows' values count in; None where they have none."""
    rows: tuple[FigureRow, ...]


def list_rows(
    db: Reader,
    metric: Metric,
    period: Period,
    narrowing: Narrowing,
    *,
    currency: str = "",
    limit: int | None = None,
) -> FigureRows:
    """List what a figure is made of."""
    if metric in SUPPORT:
        return _tickets(db, metric, period, narrowing, limit)
    if metric in ANSWERS:
        return _answers(db, metric, period, narrowing, limit)
    if metric in (Metric.CUSTOMER_RETENTION, Metric.LOGO_CHURN):
        return _clients(db, period, narrowing, limit)
    if metric in (Metric.GROSS_REVENUE_RETENTION, Metric.NET_REVENUE_RETENTION):
        return _revenue(db, period, narrowing, currency, limit)
    if metric is Metric.INVOICED_LIFETIME_VALUE:
        return _buyers(db, period, narrowing, currency, limit)
    return _earning(db, period, narrowing, currency, limit)


def _tickets(
    db: Reader, metric: Metric, period: Period, narrowing: Narrowing, limit: int | None
) -> FigureRows:
    window = window_of(period, db.now)
    lives = read_lives(db, period.since, period.until, narrowing)
    entries = sorted(entries_of(metric, lives, window), key=_worst_first(metric))
    shown = entries[:limit]
    known = _ticket_words(db, [life.ticket_id for life, _ in shown])
    is_time = MEANINGS[metric].unit is Unit.SECONDS
    rows = (_ticket_row(life, entry, metric, known) for life, entry in shown)
    return FigureRows(
        len(entries), Unit.SECONDS if is_time else None, tuple(row for row in rows if row)
    )


def _worst_first(metric: Metric) -> Callable[[tuple[Life, Entry]], tuple[float, int]]:
    def key(pair: tuple[Life, Entry]) -> tuple[float, int]:
        life, entry = pair
        if isinstance(entry, tuple):
            return -entry[0], life.opened
        return float(entry is not (metric is Metric.REOPEN_RATE)), -life.opened

    return key


def _mark(metric: Metric, entry: Entry) -> RowMark:
    if isinstance(entry, tuple):
        return RowMark.DONE if entry[1] else RowMark.GOES_ON
    if metric is Metric.REOPEN_RATE:
        return RowMark.REOPENED if entry else RowMark.STAYED_SOLVED
    if MEANINGS[metric].unit is Unit.COUNT:
        return RowMark.COUNTED
    return RowMark.IN_TIME if entry else RowMark.LATE


_TicketWords = Mapping[TicketId, tuple[int, str, ClientId, str]]


def _ticket_row(life: Life, entry: Entry, metric: Metric, known: _TicketWords) -> FigureRow | None:
    found = known.get(life.ticket_id)
    if found is None:
        return None
    number, subject, client_id, client = found
    return FigureRow(
        client_id,
        client,
        _mark(metric, entry),
        entry[0] if isinstance(entry, tuple) else None,
        at=from_milliseconds(life.opened),
        ticket_id=life.ticket_id,
        number=number,
        title=subject,
    )


def _ticket_words(db: Reader, ids: Sequence[TicketId]) -> _TicketWords:
    found: dict[TicketId, tuple[int, str, ClientId, str]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        rows = db.all(
            select(Ticket.id, Ticket.number, Ticket.subject, Ticket.client_id, Client.name)
            .outerjoin(Client, Client.id == Ticket.client_id)
            .where(Ticket.id.in_(ids[start : start + _AT_ONCE]))
        )
        for row_id, number, subject, client_id, name in rows:
            found[TicketId(row_id)] = number, subject, client_id, name or ""
    return found


def _answers(
    db: Reader, metric: Metric, period: Period, narrowing: Narrowing, limit: int | None
) -> FigureRows:
    found = rows_of(metric, read_ratings(db, period, period, narrowing))
    found.sort(key=lambda pair: (pair[1], -pair[0].answered_at.timestamp()))
    shown = found[:limit]
    names = _names(db, [one.client_id for one, _ in shown])
    is_index = metric is Metric.SATISFACTION_INDEX
    rows = [
        FigureRow(
            one.client_id,
            names.get(one.client_id, ""),
            _camp(metric, value),
            value,
            at=one.answered_at,
            ticket_id=one.ticket_id,
            is_by_phone=one.way is CaptureWay.PHONE,
        )
        for one, value in shown
    ]
    return FigureRows(len(found), Unit.POINTS if is_index else Unit.COUNT, tuple(rows))


def _camp(metric: Metric, value: float) -> RowMark:
    if metric is not Metric.NET_PROMOTER_SCORE:
        return RowMark.COUNTED
    return RowMark.PROMOTER if value >= 9 else RowMark.DETRACTOR if value <= 6 else RowMark.PASSIVE


def _clients(db: Reader, period: Period, narrowing: Narrowing, limit: int | None) -> FigureRows:
    eve = period.before.last
    of_start = [
        (client_id, stay.is_there_on(period.last), stay)
        for client_id, stay in read_stays(db, narrowing).items()
        if stay.is_there_on(eve)
    ]
    of_start.sort(key=lambda one: one[1])
    names = _names(db, [client_id for client_id, _, _ in of_start[:limit]])
    rows = [
        FigureRow(
            client_id,
            names.get(client_id, ""),
            RowMark.STAYED if stayed else RowMark.LEFT,
            at=stay.since if stayed else max(left for left, _ in stay.gaps if left <= period.last),
        )
        for client_id, stayed, stay in of_start[:limit]
    ]
    return FigureRows(len(of_start), None, tuple(rows))


def _revenue(
    db: Reader, period: Period, narrowing: Narrowing, currency: str, limit: int | None
) -> FigureRows:
    accounts = read_accounts(db, narrowing)
    cohort = sorted(
        revenue_of(accounts, currency, period).items(), key=lambda one: one[1][1] - one[1][0]
    )
    names = _names(db, [client_id for client_id, _ in cohort[:limit]])
    rows = [
        FigureRow(client_id, names.get(client_id, ""), _turn(start, end), end, start)
        for client_id, (start, end) in cohort[:limit]
    ]
    return FigureRows(len(cohort), Unit.MONEY, tuple(rows))


def _turn(start: int, end: int) -> RowMark:
    if end == start:
        return RowMark.STAYED
    return RowMark.LEFT if not end else RowMark.SHRANK if end < start else RowMark.GREW


def _earning(
    db: Reader, period: Period, narrowing: Narrowing, currency: str, limit: int | None
) -> FigureRows:
    arr = read_accounts(db, narrowing).arr_on(currency, period.last)
    return _worth(db, arr.items(), limit)


def _buyers(
    db: Reader, period: Period, narrowing: Narrowing, currency: str, limit: int | None
) -> FigureRows:
    who = read_accounts(db, narrowing).with_invoices_alone(period.last)
    bought = read_purchases(db, who, period.last).get(currency, {})
    return _worth(db, ((client_id, one.mean) for client_id, one in bought.items()), limit)


def _worth(db: Reader, worths: Iterable[tuple[ClientId, float]], limit: int | None) -> FigureRows:
    ordered = sorted(worths, key=lambda one: -one[1])
    names = _names(db, [client_id for client_id, _ in ordered[:limit]])
    rows = [
        FigureRow(client_id, names.get(client_id, ""), RowMark.COUNTED, value)
        for client_id, value in ordered[:limit]
    ]
    return FigureRows(len(ordered), Unit.MONEY, tuple(rows))


def _names(db: Reader, ids: Sequence[UUID]) -> dict[ClientId, str]:
    found: dict[ClientId, str] = {}
    for start in range(0, len(ids), _AT_ONCE):
        named = select(Client.id, Client.name).where(Client.id.in_(ids[start : start + _AT_ONCE]))
        found |= {ClientId(row_id): name for row_id, name in db.all(named)}
    return found
