"""Makes up what is expected of renewals, what clients might take, and what became of contracts."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from deskcrm.domain.contracts.model import TIMES_A_YEAR, Contract, ContractId, ContractStatus
from deskcrm.domain.contracts.steps import ContractStep, ContractStepKind
from deskcrm.domain.contracts.turning import worth
from deskcrm.domain.opportunities.model import Opportunity, OpportunityKind, SignalKind, Stage
from deskcrm.domain.renewals.model import ForecastCall, RenewalForecast
from deskcrm.domain.sample import plots
from deskcrm.domain.sample.cast import Cast
from deskcrm.store.tables import Record

_GLOOMY = (plots.in_trouble, plots.silent, plots.champion_left)


def make_pipeline(cast: Cast, plot: plots.Plot, random: Random) -> None:
    """Add the forecasts of a running contract, its last renewal, and an opportunity."""
    contract = cast.contract
    made: list[Record] = []
    if contract is not None and contract.status is ContractStatus.ACTIVE:
        made += _forecasts(cast, contract, is_gloomy=plot in _GLOOMY, random=random)
        if plot is plots.renewed or (plot is plots.steady and random.random() < 0.4):
            made += _renewal(cast, contract, random)
    if plot is plots.expanding or (plot is plots.renewed and random.random() < 0.5):
        made.append(_opportunity(cast, contract, random))
    cast.records.extend(made)


def _forecasts(
    cast: Cast, contract: Contract, *, is_gloomy: bool, random: Random
) -> Iterator[RenewalForecast]:
    """Let the manager call what is near, and the lead what is nearer."""
    if contract.ends_on is None or contract.decision_on is None or contract.auto_renews:
        return
    left = (contract.decision_on - cast.calendar.today).days
    if left > 100 or random.random() < 0.25:
        return
    now = worth(contract)
    good = random.choice((ForecastCall.RENEWS, ForecastCall.RENEWS, ForecastCall.GROWS))
    bad = random.choice((ForecastCall.SHRINKS, ForecastCall.LEAVES))
    call = bad if is_gloomy else good
    factor = {ForecastCall.GROWS: 1.2, ForecastCall.SHRINKS: 0.6, ForecastCall.LEAVES: 0.0}
    minor = round(now * factor.get(call, 1.0) / 100_00) * 100_00
    is_final = left < 45 and random.random() < 0.6
    key = {"contract_id": contract.id, "term_on": contract.ends_on}
    yield RenewalForecast(
        id=RenewalForecast.work_out_id(key),
        contract_id=ContractId(contract.id),
        client_id=cast.client_id,
        term_on=contract.ends_on,
        manager_call=call,
        manager_minor=minor,
        manager_note=cast.say("forecast_bad" if is_gloomy else "forecast_good", cast.calendar.now),
        final_call=call if is_final else None,
        final_minor=minor if is_final else None,
    )


def _renewal(cast: Cast, contract: Contract, random: Random) -> Iterator[ContractStep]:
    """Note that the running term is a renewal, mostly for more than the one before."""
    if contract.starts_on is None or contract.starts_on > cast.calendar.today:
        return
    after = contract.value_minor * TIMES_A_YEAR[contract.billing_period]
    before = round(after / random.choice((1.0, 1.0, 1.1, 1.25, 0.9)) / 100_00) * 100_00
    key = {"contract_id": contract.id, "effective_on": contract.starts_on}
    step = ContractStep(
        id=ContractStep.work_out_id(key),
        contract_id=ContractId(contract.id),
        client_id=cast.client_id,
        effective_on=contract.starts_on,
        kind=ContractStepKind.RENEWED,
        before_minor=before,
        after_minor=after,
        currency=contract.currency,
        until=contract.ends_on,
        decided_on=_days_before(contract.starts_on, random.randrange(5, 40)),
    )
    step.created_at = cast.calendar.moment(step.decided_on)
    yield step


def _opportunity(cast: Cast, contract: Contract | None, random: Random) -> Opportunity:
    stage = random.choice((Stage.NEW, Stage.QUALIFIED, Stage.PROPOSED))
    yearly = worth(contract) if contract is not None else 10_000_00
    made = Opportunity(
        client_id=cast.client_id,
        kind=random.choice(tuple(OpportunityKind)),
        title=cast.say("opportunity", cast.calendar.now),
        value_minor=max(round(yearly * random.uniform(0.1, 0.5) / 1_000_00), 1) * 1_000_00,
        currency=cast.currency,
        stage=stage,
        source=random.choice((SignalKind.ASKED, SignalKind.NEW_TEAM, None)),
        owner_id=cast.client.owner_id,
        next_step=cast.say("opportunity_step", cast.calendar.now),
        next_on=cast.calendar.day(random.randrange(-2, 20)),
    )
    made.created_at = cast.calendar.ago(random.randrange(3, 30))
    return made


def _days_before(day: date, days: int) -> date:
    return day - timedelta(days=days)
