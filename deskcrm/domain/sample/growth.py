"""Makes up what clients used and were billed, and how those that left did so."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from deskcrm.base.clock import to_millisecond
from deskcrm.domain.clients.model import ClientId, Lifecycle
from deskcrm.domain.contracts.model import TIMES_A_YEAR, Contract, ContractId, ContractStatus
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.domain.contracts.steps import ContractStep, ContractStepKind
from deskcrm.domain.contracts.turning import worth
from deskcrm.domain.days import add_months
from deskcrm.domain.departures.model import Departure
from deskcrm.domain.invoices.model import Invoice, InvoiceState
from deskcrm.domain.sample import plots
from deskcrm.domain.sample.cast import Cast
from deskcrm.domain.usage.model import DAYS, UsageWeek, week_of
from deskcrm.store.tables import Record

WEEKS: Final = 30
"""How far back usage goes: what is worked out from it looks at sixteen."""
_BILLED: Final = 420
"""How many days back invoices go."""
_DAYS_TO_PAY: Final = 14

Course = Callable[[int], float]
"""How a client's usage stands to its usual one, so many weeks ago."""


def _even(_ago: int) -> float:
    return 1.0


def _fading(ago: int) -> float:
    """Less and less over the last two months."""
    return max(0.35, 1.0 - 0.1 * max(9 - ago, 0))


def _dropped(ago: int) -> float:
    """Half of it within the last month."""
    return 0.5 if ago < 4 else 1.0


def _growing(ago: int) -> float:
    return 1.35 - 0.015 * ago


def _starting(ago: int) -> float:
    return max(1.0 - 0.1 * ago, 0.05)


_COURSES: Final[dict[plots.Plot, Course]] = {
    plots.silent: _fading,
    plots.in_trouble: _dropped,
    plots.champion_left: _fading,
    plots.churned: _fading,
    plots.expanding: _growing,
    plots.onboarding: _starting,
    plots.renewed: _growing,
}
_PAYS_LATE: Final = frozenset({plots.in_trouble, plots.silent, plots.churned, plots.forgotten})


def make_growth(cast: Cast, plot: plots.Plot, metrics: tuple[str, ...], random: Random) -> None:
    """Add usage, invoices, and a departure where the client left."""
    made: list[Record] = []
    if cast.client.lifecycle is not Lifecycle.PROSPECT:
        made += _usage(cast, _COURSES.get(plot, _even), metrics, random)
        made += _invoices(cast, is_late=plot in _PAYS_LATE, random=random)
    if cast.client.lifecycle is Lifecycle.CHURNED:
        made += _departure(cast, random)
    cast.records.extend(made)


def _usage(
    cast: Cast, course: Course, metrics: tuple[str, ...], random: Random
) -> Iterator[UsageWeek]:
    """Count what is done and who does it; the second has a limit, which who grows comes near."""
    client, today = cast.client, cast.calendar.today
    last = client.churned_on or today
    first = client.customer_since or today
    seats = random.randrange(6, 60)
    usual = (seats * random.uniform(4, 14), seats * random.uniform(0.5, 0.72))
    for ago in range(WEEKS):
        monday = week_of(last) - timedelta(weeks=ago)
        if monday + timedelta(days=6) < first:
            break
        for number, metric in enumerate(metrics):
            level = usual[number] * course(ago)
            week = UsageWeek(
                id=UsageWeek.work_out_id(
                    {"client_id": client.id, "metric": metric, "week_on": monday}
                ),
                client_id=ClientId(client.id),
                metric=metric,
                week_on=monday,
                ceiling=float(seats) if number else None,
            )
            for day, name in enumerate(DAYS):
                # A feed comes at night: of today nothing is known yet.
                if first <= monday + timedelta(days=day) < min(today, last):
                    setattr(week, name, _on_a_day(level, day, seats if number else None, random))
            if any(getattr(week, name) is not None for name in DAYS):
                week.created_at = _at_night(cast, max(monday, first) + timedelta(days=1))
                yield week


def _on_a_day(level: float, day: int, most: int | None, random: Random) -> float:
    share = (1.0, 1.05, 1.05, 1.0, 0.9, 0.15, 0.08)[day]
    value = round(level * share * random.uniform(0.85, 1.15))
    return float(value if most is None else min(value, most))


def _at_night(cast: Cast, day: date) -> datetime:
    at = datetime.combine(day, time(4, 30), cast.calendar.zone)
    return to_millisecond(min(at, cast.calendar.now))


def _invoices(cast: Cast, *, is_late: bool, random: Random) -> Iterator[Invoice]:
    """Bill every contract at the beginning of each of its periods."""
    contracts = [record for record in cast.records if isinstance(record, Contract)]
    number = random.randrange(100, 800)
    for contract in sorted(contracts, key=lambda one: one.starts_on or date.min):
        for issued_on in _billing_days(contract, cast.calendar.today):
            number += random.randrange(1, 40)
            yield _invoice(cast, contract, issued_on, number, is_late=is_late, random=random)


def _billing_days(contract: Contract, today: date) -> Iterator[date]:
    times = TIMES_A_YEAR[contract.billing_period] or 1
    begins, last = contract.starts_on, contract.ended_on or contract.ends_on or today
    if begins is None:
        return
    for period in range(40):
        issued_on = add_months(begins, period * 12 // times)
        if issued_on > min(last, today - timedelta(days=1)):
            return
        if issued_on >= today - timedelta(days=_BILLED):
            yield issued_on


def _invoice(
    cast: Cast, contract: Contract, issued_on: date, number: int, *, is_late: bool, random: Random
) -> Invoice:
    today, due_on = cast.calendar.today, issued_on + timedelta(days=_DAYS_TO_PAY)
    days = random.choices((-4, 0, 3, 9), weights=(4, 4, 3, 1))[0]
    if is_late and (today - issued_on).days < 120:
        days = random.choice((22, 38, 70))
    pays_on = due_on + timedelta(days=days)
    is_paid = pays_on <= today
    number_text = f"{issued_on.year}-{number:04d}"
    invoice = Invoice(
        id=Invoice.work_out_id({"client_id": cast.client.id, "number": number_text}),
        client_id=cast.client_id,
        number=number_text,
        issued_on=issued_on,
        due_on=due_on,
        paid_on=pays_on if is_paid else None,
        amount_minor=contract.value_minor,
        currency=contract.currency,
        state=InvoiceState.PAID if is_paid else InvoiceState.OPEN,
    )
    invoice.created_at = _at_night(cast, issued_on + timedelta(days=1))
    return invoice


def _departure(cast: Cast, random: Random) -> Iterator[Record]:
    client, contract = cast.client, cast.contract
    left_on = client.churned_on or cast.calendar.today
    reason = random.choice((LossReason.PRICE, LossReason.COMPETITOR, LossReason.MISSING_FEATURES))
    departure = Departure(
        id=Departure.work_out_id({"client_id": client.id, "time": 1}),
        client_id=cast.client_id,
        noticed_on=left_on - timedelta(days=random.randrange(25, 60)),
        left_on=left_on,
        reason=reason,
        words=client.churn_reason,
    )
    departure.created_at = _at_night(cast, departure.noticed_on or left_on)
    yield departure
    if contract is None or contract.status is not ContractStatus.ENDED:
        return
    contract.notice_given_on = departure.noticed_on
    ended_on = contract.ended_on or left_on
    step = ContractStep(
        id=ContractStep.work_out_id({"contract_id": contract.id, "effective_on": ended_on}),
        contract_id=ContractId(contract.id),
        client_id=cast.client_id,
        effective_on=ended_on,
        kind=ContractStepKind.ENDED,
        before_minor=contract.value_minor * TIMES_A_YEAR[contract.billing_period],
        after_minor=worth(contract),
        currency=contract.currency,
        decided_on=departure.noticed_on or left_on,
        reason=reason,
        words=client.churn_reason,
    )
    step.created_at = _at_night(cast, left_on)
    yield step
