"""What clients without a contract are worth, from the days and sums of their invoices."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from sqlalchemy import func, select

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.invoices.model import Invoice, InvoiceState
from deskcrm.domain.metrics.buying import Buyer, fit_paces, fit_worths, worth_to_come
from deskcrm.domain.metrics.figures import Figure, Unit, no_data
from deskcrm.domain.metrics.settings import Rates
from deskcrm.store.reader import Reader

_WEEK: Final = 7
_MONTH: Final = 365.25 / 12 / _WEEK
"""In weeks: the unit in which the ages of buyers count."""
_MONTHS: Final = 36
"""So far ahead; what lies beyond nobody knows."""


def read_purchases(
    db: Reader, clients: Collection[ClientId], until: date
) -> dict[str, dict[ClientId, Buyer]]:
    """Read what these clients bought until a day, by currency; invoices of one day are one."""
    day = func.coalesce(Invoice.issued_on, Invoice.due_on)
    rows = db.all(
        select(Invoice.client_id, Invoice.currency, day, func.sum(Invoice.amount_minor))
        .where(~Invoice.is_deleted, Invoice.state != InvoiceState.CANCELLED)
        .where(day <= until, Invoice.amount_minor > 0)
        .group_by(Invoice.client_id, Invoice.currency, day)
        .order_by(day)
    )
    bought: dict[tuple[str, ClientId], list[tuple[date, int]]] = defaultdict(list)
    for client_id, currency, on, minor in rows:
        if client_id in clients:
            bought[currency, client_id].append((on, int(minor)))
    found: dict[str, dict[ClientId, Buyer]] = defaultdict(dict)
    for (currency, client_id), purchases in bought.items():
        found[currency][client_id] = _buyer(purchases, until)
    return found


def _buyer(purchases: Sequence[tuple[date, int]], until: date) -> Buyer:
    first, repeats = purchases[0][0], purchases[1:]
    last = repeats[-1][0] if repeats else first
    mean = sum(minor for _, minor in repeats) / len(repeats) if repeats else 0.0
    return Buyer(len(repeats), (last - first).days / _WEEK, (until - first).days / _WEEK, mean)


def invoiced_value(buyers: Sequence[Buyer], currency: str, rates: Rates) -> Figure:
    """Give what such a client is worth on average over the three years to come."""
    nothing = replace(no_data(Unit.MONEY, len(buyers)), currency=currency)
    paces, worths = fit_paces(buyers), fit_worths(buyers)
    if paces is None or worths is None or worths.q <= 1:
        return nothing
    discount = (1 + rates.discount) ** (1 / 12) - 1
    values = (
        worth_to_come(paces, worths, one, steps=_MONTHS, step=_MONTH, discount=discount)
        for one in buyers
    )
    return replace(nothing, value=rates.margin * sum(values) / len(buyers))
