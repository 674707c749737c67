"""Writes down what becomes of contracts, beside the contract itself."""

from datetime import date, timedelta

from sqlalchemy import select

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contracts.model import (
    Contract,
    ContractId,
    ContractStatus,
    annual_value,
    current_term,
)
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.domain.contracts.steps import ContractStep, ContractStepKind
from deskcrm.domain.days import day_of
from deskcrm.domain.names import one_line
from deskcrm.store.work import Work


def worth(contract: Contract) -> int:
    """Give what a contract brings in a year now, in minor units; nothing once it has ended."""
    if contract.status is ContractStatus.ENDED:
        return 0
    return annual_value(contract.value_minor, contract.billing_period)


def running_term(contract: Contract, today: date) -> date | None:
    """Give the end of the term that runs, or ran when notice was given or the contract ended."""
    on = contract.notice_given_on or contract.ended_on or today
    term = current_term(
        contract.starts_on, contract.ends_on, contract.notice_days, contract.auto_renews, on
    )
    return term.ends_on


def first_day_after(ends_on: date | None, until: date, today: date) -> date:
    """Give the day from which a renewal until a day counts: after the running term, or today."""
    after = ends_on + timedelta(days=1) if ends_on is not None else today
    return after if after <= until else today


def note_step(
    work: Work,
    contract: Contract,
    kind: ContractStepKind,
    effective_on: date,
    before_minor: int,
    *,
    until: date | None = None,
    reason: LossReason | None = None,
    words: str = "",
    competitor: str = "",
) -> None:
    """Note what became of a contract; a second time on one day counts from before the first."""
    row_id = ContractStep.work_out_id({"contract_id": contract.id, "effective_on": effective_on})
    known = work.find(ContractStep, row_id)
    values = {
        "kind": kind,
        "before_minor": before_minor if known is None else known.before_minor,
        "after_minor": 0 if kind is ContractStepKind.ENDED else worth(contract),
        "currency": contract.currency,
        "until": until,
        "reason": reason,
        "words": words.strip(),
        "competitor": one_line(competitor),
    }
    step = work.put(
        ContractStep,
        contract_id=ContractId(contract.id),
        client_id=ClientId(contract.client_id),
        effective_on=effective_on,
        decided_on=day_of(work.now),
        **values,
    )
    for key, value in values.items():
        if getattr(step, key) != value:
            setattr(step, key, value)


def end_noted(work: Work, contract: Contract) -> ContractStep | None:
    """Give the end of a contract that was noted ahead and has not come, or None."""
    found = (
        select(ContractStep)
        .where(ContractStep.contract_id == contract.id, ~ContractStep.is_deleted)
        .where(ContractStep.kind == ContractStepKind.ENDED)
        .where(ContractStep.decided_on < ContractStep.effective_on)
        .order_by(ContractStep.effective_on.desc())
        .limit(1)
    )
    return next(iter(work.records(found)), None)


def forget_end(work: Work, contract: Contract) -> None:
    """Take back an end that was noted ahead: the contract goes on, or ends on another day."""
    step = end_noted(work, contract)
    if step is not None and contract.status is ContractStatus.NOTICE_GIVEN:
        work.delete(step)


def correct_steps(work: Work, contract: Contract, mistaken_minor: int) -> None:
    """Mend the amount that was typed wrongly wherever it stands in what became of a contract."""
    now_minor = annual_value(contract.value_minor, contract.billing_period)
    found = select(ContractStep).where(
        ContractStep.contract_id == contract.id, ~ContractStep.is_deleted
    )
    for step in work.records(found):
        step.currency = contract.currency
        if step.before_minor == mistaken_minor:
            step.before_minor = now_minor
        if step.after_minor == mistaken_minor and step.kind is not ContractStepKind.ENDED:
            step.after_minor = now_minor
