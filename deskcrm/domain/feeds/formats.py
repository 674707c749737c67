"""The three feeds, line by line: what they say, not yet of which client of ours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from deskcrm.base.words import tr
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.domain.feeds.reading import (
    Cells,
    Read,
    Unfit,
    need,
    need_day,
    need_number,
    read_day,
    read_lines,
    read_number,
)
from deskcrm.domain.names import fold, one_line

_EARLIEST: Final = date(1990, 1, 1)
_LONGEST_METRIC: Final = 120


@dataclass(frozen=True, slots=True)
class UsageLine:
    """What one client used of one thing on one day."""

    client: str
    metric: str
    day: date
    value: float
    ceiling: float | None


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """An invoice, as the books have it."""

    client: str
    number: str
    issued_on: date | None
    due_on: date
    paid_on: date | None
    amount_minor: int
    currency: str
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class DepartureLine:
    """That a client gave notice, or left."""

    client: str
    noticed_on: date | None
    left_on: date | None
    reason: LossReason | None
    words: str
    competitor: str


def usage_line(cells: Cells, today: date) -> UsageLine:
    """Make a line of usage of its cells; raises Unfit, in words."""
    metric, product = one_line(need(cells, "metric")), one_line(cells.get("product", ""))
    named = f"{product}: {metric}" if product else metric
    if len(named) > _LONGEST_METRIC:
        raise Unfit(tr("The name of what is counted is too long."))
    ceiling = read_number(cells, "limit")
    return UsageLine(
        need(cells, "client"),
        named,
        _past(need_day(cells, "day"), today),
        float(need_number(cells, "value")),
        None if ceiling is None else float(ceiling),
    )


def invoice_line(cells: Cells, today: date) -> InvoiceLine:
    """Make an invoice of its cells; raises Unfit, in words."""
    issued_on, due_on = read_day(cells, "issued"), need_day(cells, "due")
    paid_on = read_day(cells, "paid")
    if issued_on is not None and due_on < issued_on:
        raise Unfit(tr("It is due before it was issued."))
    currency = need(cells, "currency").upper()
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
        raise Unfit(tr("“{currency}” is not a currency.", currency=currency[:40]))
    return InvoiceLine(
        need(cells, "client"),
        one_line(need(cells, "number")),
        issued_on,
        _sane(due_on),
        paid_on if paid_on is None else _past(paid_on, today),
        round(need_number(cells, "amount") * 100),
        currency,
        _is_cancelled(cells),
    )


def departure_line(cells: Cells, today: date) -> DepartureLine:
    """Make a departure of its cells; raises Unfit, in words."""
    noticed_on, left_on = read_day(cells, "noticed"), read_day(cells, "left")
    if noticed_on is None and left_on is None:
        raise Unfit(tr("Both “noticed” and “left” are empty."))
    if noticed_on is not None and left_on is not None and left_on < noticed_on:
        raise Unfit(tr("The client left before it gave notice."))
    return DepartureLine(
        need(cells, "client"),
        noticed_on if noticed_on is None else _past(noticed_on, today),
        left_on if left_on is None else _sane(left_on),
        _reason(cells.get("reason", "")),
        cells.get("words", "").replace("\0", ""),
        one_line(cells.get("competitor", "").replace("\0", "")),
    )


def read_usage(lines: Iterable[str], today: date) -> Read[UsageLine]:
    """Read a feed of usage; ``today`` is the latest day that can have been counted."""
    needed, optional = ("client", "metric", "day", "value"), ("product", "limit")
    return read_lines(lines, needed, optional, lambda c: usage_line(c, today), _usage_key)


def read_invoices(lines: Iterable[str], today: date) -> Read[InvoiceLine]:
    """Read a feed of invoices."""
    needed = ("client", "number", "due", "amount", "currency")
    optional = ("issued", "paid", "status")
    return read_lines(lines, needed, optional, lambda c: invoice_line(c, today), _invoice_key)


def read_departures(lines: Iterable[str], today: date) -> Read[DepartureLine]:
    """Read a feed of clients that gave notice or left."""
    optional = ("noticed", "left", "reason", "words", "competitor")
    return read_lines(
        lines, ("client",), optional, lambda c: departure_line(c, today), lambda r: fold(r.client)
    )


def _usage_key(row: UsageLine) -> object:
    return fold(row.client), fold(row.metric), row.day


def _invoice_key(row: InvoiceLine) -> object:
    return fold(row.client), fold(row.number)


def _past(day: date, today: date) -> date:
    if day > today:
        raise Unfit(tr("{day} has not come yet.", day=day.isoformat()))
    return _sane(day)


def _sane(day: date) -> date:
    if not _EARLIEST <= day <= date(2100, 1, 1):
        raise Unfit(tr("{day} is too far away to be meant.", day=day.isoformat()))
    return day


def _is_cancelled(cells: Cells) -> bool:
    status = cells.get("status", "").casefold()
    if status not in ("", "open", "paid", "cancelled"):
        raise Unfit(tr("“{status}” is not a status: open, paid or cancelled.", status=status[:40]))
    if status == "paid" and not cells.get("paid"):
        raise Unfit(tr("It is paid, but “paid” does not say when."))
    return status == "cancelled"


def _reason(text: str) -> LossReason | None:
    if not text:
        return None
    try:
        return LossReason(text.casefold().replace(" ", "_"))
    except ValueError:
        choices = ", ".join(LossReason)
        raise Unfit(
            tr("“{text}” is not a reason: {choices}.", text=text[:40], choices=choices)
        ) from None
