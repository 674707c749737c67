"""Adds contracts and follows them to notice, renewal or end."""

from datetime import date, timedelta
from typing import TypedDict, Unpack

from deskcrm.base.days import said_day
from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contracts.model import (
    BillingPeriod,
    Contract,
    ContractId,
    ContractStatus,
    annual_value,
)
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.domain.contracts.steps import ContractStepKind
from deskcrm.domain.contracts.turning import (
    correct_steps,
    end_noted,
    first_day_after,
    forget_end,
    note_step,
    running_term,
    worth,
)
from deskcrm.domain.days import day_of
from deskcrm.store.commands import command
from deskcrm.store.work import Work


class ContractDetails(TypedDict, total=False):
    """What may be known of a contract besides the title."""

    value_minor: int
    currency: str
    billing_period: BillingPeriod
    starts_on: date | None
    ends_on: date | None
    notice_days: int
    auto_renews: bool
    notes: str


class ContractChanges(ContractDetails, total=False):
    """What can be edited of a contract; only what is given is written."""

    title: str


@command("contracts.add", "Add contract")
def add_contract(
    work: Work,
    /,
    client_id: ClientId,
    *,
    title: str,
    status: ContractStatus = ContractStatus.ACTIVE,
    **details: Unpack[ContractDetails],
) -> ContractId:
    """Add a contract, in force or as a draft."""
    work.get(Client, client_id)
    if status not in (ContractStatus.ACTIVE, ContractStatus.DRAFT):
        raise UserError(
            tr("A new contract is a draft or in force."),
            tr("Add it first, then note the notice or the end."),
        )
    contract = Contract(client_id=client_id, title=title, status=status)
    _change(contract, {"title": title, **details})
    return ContractId(work.add(contract).id)


@command("contracts.edit", "Edit contract")
def edit_contract(
    work: Work, /, contract_id: ContractId, **changes: Unpack[ContractChanges]
) -> None:
    """Change any part of a contract; another value corrects what was typed wrongly."""
    contract = work.get(Contract, contract_id)
    was = annual_value(contract.value_minor, contract.billing_period), contract.currency
    _change(contract, changes)
    if was != (annual_value(contract.value_minor, contract.billing_period), contract.currency):
        correct_steps(work, contract, was[0])


@command("contracts.activate", "Put contract in force")
def activate_contract(work: Work, contract_id: ContractId) -> None:
    """Put a draft in force."""
    contract = work.get(Contract, contract_id)
    if contract.status is not ContractStatus.DRAFT:
        raise UserError(tr("Only a draft can be put in force."))
    contract.status = ContractStatus.ACTIVE


@command("contracts.give_notice", "Note notice")
def give_notice(work: Work, contract_id: ContractId, *, on: date | None = None) -> None:
    """Note that the client gave notice, today or on a day."""
    work.get(Contract, contract_id).give_notice(_past_day(work, on))


@command("contracts.withdraw_notice", "Withdraw notice")
def withdraw_notice(work: Work, contract_id: ContractId) -> None:
    """Note that the client stays after all."""
    contract = work.get(Contract, contract_id)
    forget_end(work, contract)
    contract.withdraw_notice()


@command("contracts.end", "End contract")
def end_contract(
    work: Work,
    contract_id: ContractId,
    *,
    on: date | None = None,
    reason: LossReason | None = None,
    words: str = "",
    competitor: str = "",
) -> None:
    """Note that a contract is over, since today or a day, and why."""
    contract, day = work.get(Contract, contract_id), _past_day(work, on)
    before, noted = worth(contract), end_noted(work, contract)
    forget_end(work, contract)
    contract.end(day)
    note_step(
        work,
        contract,
        ContractStepKind.ENDED,
        day,
        before,
        reason=reason or (noted.reason if noted is not None else None),
        words=words or (noted.words if noted is not None else ""),
        competitor=competitor or (noted.competitor if noted is not None else ""),
    )


@command("contracts.lose", "Note lost renewal")
def lose_contract(
    work: Work,
    contract_id: ContractId,
    *,
    reason: LossReason,
    words: str = "",
    competitor: str = "",
) -> None:
    """Note that a contract will not be renewed, and why; it runs until its term ends."""
    contract, today = work.get(Contract, contract_id), day_of(work.now)
    ends_on = running_term(contract, today)
    if ends_on is None or ends_on < today:
        on = ends_on or today
        end_contract(work, contract_id, on=on, reason=reason, words=words, competitor=competitor)
        return
    before = worth(contract)
    if contract.status is not ContractStatus.NOTICE_GIVEN:
        contract.give_notice(today)
    note_step(
        work,
        contract,
        ContractStepKind.ENDED,
        ends_on + timedelta(days=1),
        before,
        reason=reason,
        words=words,
        competitor=competitor,
    )


@command("contracts.renew", "Renew contract")
def renew_contract(
    work: Work,
    contract_id: ContractId,
    *,
    until: date,
    value_minor: int | None = None,
    reason: LossReason | None = None,
    words: str = "",
) -> None:
    """Let a contract run on until a later day, perhaps at another value, and why at that one."""
    contract, today = work.get(Contract, contract_id), day_of(work.now)
    if contract.ends_on is not None and until <= contract.ends_on:
        raise UserError(
            tr("The contract runs until {day} already.", day=said_day(contract.ends_on)),
            tr("Enter a later day."),
        )
    before, term = worth(contract), running_term(contract, today)
    forget_end(work, contract)
    contract.set_term(contract.starts_on, until, contract.notice_days)
    if value_minor is not None:
        contract.set_value(value_minor, contract.currency, contract.billing_period)
    contract.status = ContractStatus.ACTIVE
    contract.notice_given_on = contract.ended_on = None
    kind, effective_on = ContractStepKind.RENEWED, first_day_after(term, until, today)
    note_step(work, contract, kind, effective_on, before, until=until, reason=reason, words=words)


@command("contracts.revalue", "Change contract value")
def revalue_contract(
    work: Work,
    contract_id: ContractId,
    *,
    value_minor: int,
    on: date | None = None,
    reason: LossReason | None = None,
    words: str = "",
) -> None:
    """Let a contract in force bring more or less, since today or a day; a slip is edited."""
    contract, day = work.get(Contract, contract_id), _past_day(work, on)
    if contract.status not in (ContractStatus.ACTIVE, ContractStatus.NOTICE_GIVEN):
        raise UserError(
            tr("Only a contract in force changes its value."), tr("Edit the contract instead.")
        )
    before = worth(contract)
    contract.set_value(value_minor, contract.currency, contract.billing_period)
    if worth(contract) == before:
        raise UserError(tr("The contract brings as much already."), tr("Enter another value."))
    note_step(work, contract, ContractStepKind.REVALUED, day, before, reason=reason, words=words)


@command("contracts.delete", "Delete contract")
def delete_contract(work: Work, contract_id: ContractId) -> None:
    """Delete a contract that was entered by mistake."""
    work.delete(work.get(Contract, contract_id))


@command("contracts.restore", "Restore contract")
def restore_contract(work: Work, contract_id: ContractId) -> None:
    """Bring a deleted contract back."""
    contract = work.find_deleted(Contract, contract_id)
    if contract is None:
        raise UserError(tr("This contract is not deleted."), tr("Look for it in the list."))
    work.restore(contract)


def _past_day(work: Work, day: date | None) -> date:
    today = day_of(work.now)
    if day is not None and day > today:
        raise UserError(tr("That day has not come yet."), tr("Enter today or an earlier day."))
    return day or today


def _change(contract: Contract, changes: ContractChanges) -> None:
    if "title" in changes:
        contract.retitle(changes["title"])
    contract.set_value(
        changes.get("value_minor", contract.value_minor),
        changes.get("currency", contract.currency),
        changes.get("billing_period", contract.billing_period),
    )
    contract.set_term(
        changes.get("starts_on", contract.starts_on),
        changes.get("ends_on", contract.ends_on),
        changes.get("notice_days", contract.notice_days),
    )
    contract.auto_renews = changes.get("auto_renews", contract.auto_renews)
    contract.notes = changes.get("notes", contract.notes)
