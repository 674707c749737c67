"""Says what is expected to come of a renewal: the manager's call, and the final one."""

from datetime import date
from enum import StrEnum

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contracts.model import Contract, ContractId, ContractStatus
from deskcrm.domain.contracts.turning import running_term, worth
from deskcrm.domain.days import day_of
from deskcrm.domain.renewals.model import ForecastCall, RenewalForecast
from deskcrm.store.commands import command
from deskcrm.store.work import Work


class Caller(StrEnum):
    """Whose call it is."""

    MANAGER = "manager"
    FINAL = "final"


@command("renewals.call", "Call renewal")
def call_renewal(
    work: Work,
    contract_id: ContractId,
    *,
    caller: Caller,
    call: ForecastCall,
    annual_minor: int | None = None,
    note: str = "",
) -> None:
    """Say what is expected of the running term, and what it will bring in a year then."""
    contract = work.get(Contract, contract_id)
    term_on = _term(contract, day_of(work.now))
    minor = _expected(call, annual_minor, worth(contract))
    forecast = work.put(
        RenewalForecast,
        contract_id=contract_id,
        client_id=ClientId(contract.client_id),
        term_on=term_on,
    )
    _set(forecast, caller, call, minor, note.strip())


@command("renewals.take_back", "Take back renewal call")
def take_back_call(work: Work, contract_id: ContractId, *, caller: Caller) -> None:
    """Say nothing more of what is expected."""
    contract = work.get(Contract, contract_id)
    key = {"contract_id": contract_id, "term_on": _term(contract, day_of(work.now))}
    forecast = work.find(RenewalForecast, RenewalForecast.work_out_id(key))
    if forecast is None or _call(forecast, caller) is None:
        raise UserError(tr("Nobody has made this call."))
    _set(forecast, caller, None, None, "")


def _term(contract: Contract, today: date) -> date:
    if contract.status not in (ContractStatus.ACTIVE, ContractStatus.NOTICE_GIVEN):
        raise UserError(tr("Only a contract in force is renewed."))
    ends_on = running_term(contract, today)
    if ends_on is None:
        raise UserError(
            tr("This contract has no end, so there is nothing to renew."),
            tr("Edit the contract and enter when it ends."),
        )
    return ends_on


def _expected(call: ForecastCall, minor: int | None, now: int) -> int:
    """Give what is expected to come in; refuses, in words, what does not go with the call."""
    if call is ForecastCall.RENEWS:
        return now
    if call is ForecastCall.LEAVES:
        return 0
    if minor is None or minor < 0:
        raise UserError(tr("For how much will it renew?"), tr("Enter the value of a year."))
    if call is ForecastCall.GROWS and minor <= now:
        raise UserError(tr("That is not more than now."), tr("Enter more, or call it otherwise."))
    if call is ForecastCall.SHRINKS and not 0 < minor < now:
        raise UserError(tr("That is not less than now."), tr("Enter less, or call it otherwise."))
    return minor


def _call(forecast: RenewalForecast, caller: Caller) -> ForecastCall | None:
    return forecast.manager_call if caller is Caller.MANAGER else forecast.final_call


def _set(
    forecast: RenewalForecast,
    caller: Caller,
    call: ForecastCall | None,
    minor: int | None,
    note: str,
) -> None:
    if caller is Caller.MANAGER:
        forecast.manager_call, forecast.manager_minor, forecast.manager_note = call, minor, note
    else:
        forecast.final_call, forecast.final_minor, forecast.final_note = call, minor, note
