"""The report of a period: every figure beside that of the periods before it, and the load."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from deskcrm.domain.metrics.answers import answered
from deskcrm.domain.metrics.catalogue import Metric
from deskcrm.domain.metrics.customers import counted, retained
from deskcrm.domain.metrics.figures import Figure, Period
from deskcrm.domain.metrics.invoiced import invoiced_value, read_purchases
from deskcrm.domain.metrics.lives import Life, read_lives
from deskcrm.domain.metrics.load import (
    LineLoad,
    PersonLoad,
    loads_of_lines,
    loads_of_people,
    read_steps,
)
from deskcrm.domain.metrics.narrowing import Narrowing
from deskcrm.domain.metrics.revenue import (
    Accounts,
    lifetime_values,
    read_accounts,
    revenue_retained,
)
from deskcrm.domain.metrics.settings import Rates, get_rates
from deskcrm.domain.metrics.support import measure, window_of
from deskcrm.store.reader import Reader

EVERYTHING: Final = Narrowing()
STEPS: Final = 12
"""So many periods are compared, the one asked for being the last."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A metric over periods that follow one another."""

    metric: Metric
    trend: tuple[Figure, ...]

    @property
    def figure(self) -> Figure:
        """The figure of the period asked for."""
        return self.trend[-1]

    @property
    def before(self) -> Figure | None:
        """The figure of the period before it."""
        return self.trend[-2] if len(self.trend) > 1 else None

    @property
    def change(self) -> float | None:
        """How much it rose against the period before; None where one of them is not known."""
        before, now = self.before, self.figure
        if before is None or before.value is None or now.value is None:
            return None
        return now.value - before.value


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a period, as of a moment."""

    period: Period
    as_of: datetime
    measured: tuple[Measured, ...]
    people: tuple[PersonLoad, ...]
    lines: tuple[LineLoad, ...]


def get_report(
    db: Reader, period: Period, narrowing: Narrowing = EVERYTHING, *, steps: int = STEPS
) -> Report:
    """Work out the report of a period; raises UserError for a filter of another time."""
    chain = period.chain(steps)
    lives = read_lives(db, chain[0].since, chain[-1].until, narrowing)
    measured = [
        *_support(lives, chain, db.now),
        *_series(chain, answered(db, chain, narrowing)),
        *_staying(db, chain, narrowing),
    ]
    window = window_of(period, db.now)
    lately = [one for one in lives if one.moves_since(window.since)]
    return Report(
        period,
        db.now,
        tuple(measured),
        tuple(loads_of_people(db, lately, window)),
        tuple(loads_of_lines(lately, read_steps(db, chain[0].since), window)),
    )


def _support(lives: Sequence[Life], chain: Sequence[Period], now: datetime) -> Iterable[Measured]:
    figures = measure(lives, [window_of(one, now) for one in chain])
    for metric, trend in figures.items():
        yield Measured(metric, _dated(trend, chain))


def _staying(db: Reader, chain: Sequence[Period], narrowing: Narrowing) -> Iterable[Measured]:
    accounts, rates = read_accounts(db, narrowing), get_rates(db)
    stays = counted(accounts.clients)
    yield from _series(chain, lambda period: retained(stays, period))
    for currency in accounts.currencies():

        def revenue(period: Period, currency: str = currency) -> dict[Metric, Figure]:
            return revenue_retained(accounts, currency, period) | lifetime_values(
                accounts, stays, currency, period.last, rates
            )

        yield from _series(chain, revenue)
    yield from _invoiced(db, accounts, chain[-1], rates)


def _invoiced(db: Reader, accounts: Accounts, period: Period, rates: Rates) -> Iterable[Measured]:
    """Give what clients with invoices alone are worth: only now, since each fit takes a while."""
    bought = read_purchases(db, accounts.with_invoices_alone(period.last), period.last)
    for currency, buyers in bought.items():
        figure = invoiced_value(list(buyers.values()), currency, rates)
        yield Measured(Metric.INVOICED_LIFETIME_VALUE, (figure.of(period),))


def _series(
    chain: Sequence[Period], figures_of: Callable[[Period], dict[Metric, Figure]]
) -> Iterable[Measured]:
    each = [figures_of(period) for period in chain]
    for metric in each[0]:
        yield Measured(metric, _dated([figures[metric] for figures in each], chain))


def _dated(figures: Iterable[Figure], chain: Sequence[Period]) -> tuple[Figure, ...]:
    return tuple(one.of(period) for one, period in zip(figures, chain, strict=True))
