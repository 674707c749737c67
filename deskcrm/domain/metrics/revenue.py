"""What clients bring in a year on a day, by their contracts; what stayed of it, and their worth."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contracts.worth import ContractCourse, list_courses
from deskcrm.domain.days import add_months
from deskcrm.domain.metrics.catalogue import Metric
from deskcrm.domain.metrics.customers import Stay, Stays, read_stays, retained, years_of
from deskcrm.domain.metrics.figures import Figure, Period, Unit, no_data
from deskcrm.domain.metrics.lifetime import discounted_ltv, simple_ltv
from deskcrm.domain.metrics.narrowing import Narrowing
from deskcrm.domain.metrics.retention import grr, nrr
from deskcrm.domain.metrics.sbg import fit_sbg
from deskcrm.domain.metrics.settings import Rates
from deskcrm.store.reader import Reader


@dataclass(frozen=True, slots=True)
class Accounts:
    """The clients asked for, how long each was with us, and the contracts that they had."""

    clients: Mapping[ClientId, Stay]
    courses: Sequence[ContractCourse]

    def arr_on(self, currency: str, day: date) -> dict[ClientId, int]:
        """Give what each client brought in a year as of a day, in minor units of a currency.

        Who has left brings in nothing, whatever its contract says still.
        """
        found: dict[ClientId, int] = defaultdict(int)
        for one in self.courses:
            if one.currency != currency or not self.clients[one.client_id].is_there_on(day):
                continue
            worth = one.worth_on(day)
            if worth:
                found[one.client_id] += worth
        return dict(found)

    def currencies(self) -> list[str]:
        """List the currencies, that of most contracts first: sums of two would be none."""
        total = Counter(one.currency for one in self.courses)
        return sorted(total, key=lambda currency: (-total[currency], currency))

    def with_invoices_alone(self, day: date) -> set[ClientId]:
        """Give the clients that have no contract on a day."""
        return {*self.clients} - {one.client_id for one in self.courses if one.worth_on(day)}


def read_accounts(db: Reader, narrowing: Narrowing) -> Accounts:
    """Read the clients asked for, and what their contracts brought in, as far as they ever did."""
    clients = read_stays(db, narrowing)
    courses = [
        one
        for one in list_courses(db)
        if one.client_id in clients and (one.minor or any(turn.after_minor for turn in one.turns))
    ]
    return Accounts(clients, courses)


def revenue_of(
    accounts: Accounts, currency: str, period: Period
) -> dict[ClientId, tuple[int, int]]:
    """Give what each client of the start brought in a year then, and at the end of the period."""
    start = accounts.arr_on(currency, period.first - timedelta(days=1))
    end = accounts.arr_on(currency, period.last)
    return {client_id: (value, end.get(client_id, 0)) for client_id, value in start.items()}


def revenue_retained(accounts: Accounts, currency: str, period: Period) -> dict[Metric, Figure]:
    """Give what stayed of the revenue of the start, without and with what it grew by."""
    cohort = revenue_of(accounts, currency, period).values()
    return {
        Metric.GROSS_REVENUE_RETENTION: replace(grr(cohort), currency=currency),
        Metric.NET_REVENUE_RETENTION: replace(nrr(cohort), currency=currency),
    }


def lifetime_values(
    accounts: Accounts, stays: Stays, currency: str, day: date, rates: Rates
) -> dict[Metric, Figure]:
    """Give what a client is worth by three formulas, as of a day; churn of the year to it."""
    arr = accounts.arr_on(currency, day)
    n = len(arr)
    year = Period(add_months(day + timedelta(days=1), -12), day)
    churn = retained(stays, year)[Metric.LOGO_CHURN].value
    if not n or churn is None:
        nothing = replace(no_data(Unit.MONEY, n), currency=currency)
        return dict.fromkeys(
            (
                Metric.LIFETIME_VALUE,
                Metric.DISCOUNTED_LIFETIME_VALUE,
                Metric.PROJECTED_LIFETIME_VALUE,
            ),
            nothing,
        )
    arpa, left = sum(arr.values()) / n, churn / 100
    margin, discount = rates.margin, rates.discount
    return {
        Metric.LIFETIME_VALUE: simple_ltv(arpa, margin, left, n=n, currency=currency),
        Metric.DISCOUNTED_LIFETIME_VALUE: discounted_ltv(
            arpa, margin, 1 - left, discount, n=n, currency=currency
        ),
        Metric.PROJECTED_LIFETIME_VALUE: _projected(arpa, stays, currency, day, rates, n),
    }


def _projected(arpa: float, stays: Stays, currency: str, day: date, rates: Rates, n: int) -> Figure:
    model = fit_sbg(*years_of(stays, day))
    if model is None:
        return replace(no_data(Unit.MONEY, n), currency=currency)
    value = arpa * rates.margin * model.discounted_years(rates.discount)
    return Figure(value, Unit.MONEY, n, currency=currency)
