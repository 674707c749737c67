"""What contracts brought in a year on any day, and what changed it: the ground of retention."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contracts.model import (
    BillingPeriod,
    Contract,
    ContractId,
    ContractStatus,
    annual_value,
)
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.domain.contracts.steps import ContractStep, ContractStepId, ContractStepKind
from deskcrm.domain.days import day_of
from deskcrm.store.reader import Reader


@dataclass(frozen=True, slots=True)
class ContractWorth:
    """What one contract brought in a year, as of a day; those that brought nothing are left out."""

    contract_id: ContractId
    client_id: ClientId
    annual_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """What became of a contract, and what it brought in a year before and after."""

    id: ContractStepId
    contract_id: ContractId
    client_id: ClientId
    client: str
    title: str
    effective_on: date
    decided_on: date
    kind: ContractStepKind
    before_minor: int
    after_minor: int
    currency: str
    until: date | None
    reason: LossReason | None
    words: str
    competitor: str

    @property
    def expansion_minor(self) -> int:
        """What came on top."""
        return max(self.after_minor - self.before_minor, 0)

    @property
    def contraction_minor(self) -> int:
        """What fell away of a contract that goes on."""
        is_over = self.kind is ContractStepKind.ENDED
        return 0 if is_over else max(self.before_minor - self.after_minor, 0)

    @property
    def churn_minor(self) -> int:
        """What fell away with a contract that ended."""
        return self.before_minor if self.kind is ContractStepKind.ENDED else 0


@dataclass(frozen=True, slots=True)
class Turn:
    """What a contract brought in a year before a day, and from it on."""

    on: date
    before_minor: int
    after_minor: int


def worth_on(
    day: date, *, begins_on: date, ended_on: date | None, minor: int, turns: Sequence[Turn]
) -> int:
    """Give what a contract brought in a year on a day, from what it brings now and its turns.

    ``turns`` in order. Where nothing is known to have changed, it was always worth the same.
    """
    if day < begins_on or (ended_on is not None and day >= ended_on):
        return 0
    past = [turn for turn in turns if turn.on <= day]
    if past:
        return past[-1].after_minor
    return turns[0].before_minor if turns else minor


@dataclass(frozen=True, slots=True)
class ContractCourse:
    """What one contract brought in a year from its beginning to its end, turn by turn."""

    contract_id: ContractId
    client_id: ClientId
    currency: str
    begins_on: date
    ended_on: date | None
    minor: int
    turns: tuple[Turn, ...]

    def worth_on(self, day: date) -> int:
        """Give what it brought in a year on a day."""
        return worth_on(
            day,
            begins_on=self.begins_on,
            ended_on=self.ended_on,
            minor=self.minor,
            turns=self.turns,
        )


def list_courses(db: Reader, *, clients: Sequence[ClientId] | None = None) -> list[ContractCourse]:
    """List the course of each contract, of some clients or all: read once, asked for many days."""
    contracts = select(
        Contract.id,
        Contract.client_id,
        Contract.starts_on,
        Contract.created_at,
        Contract.ended_on,
        Contract.value_minor,
        Contract.billing_period,
        Contract.currency,
    ).where(~Contract.is_deleted, Contract.status != ContractStatus.DRAFT)
    turns = _turns(db, clients)
    if clients is not None:
        contracts = contracts.where(Contract.client_id.in_(clients))
    return [
        ContractCourse(
            row.id,
            row.client_id,
            row.currency,
            row.starts_on or day_of(row.created_at),
            row.ended_on,
            annual_value(row.value_minor, BillingPeriod(row.billing_period)),
            tuple(turns.get(row.id, ())),
        )
        for row in db.all(contracts)
    ]


def list_worth(
    db: Reader, day: date, *, clients: Sequence[ClientId] | None = None
) -> list[ContractWorth]:
    """List what each contract brought in a year on a day, of some clients or all."""
    return [
        ContractWorth(one.contract_id, one.client_id, minor, one.currency)
        for one in list_courses(db, clients=clients)
        if (minor := one.worth_on(day))
    ]


def list_steps(
    db: Reader,
    *,
    since: date = date.min,
    until: date = date.max,
    client_id: ClientId | None = None,
) -> list[StepRow]:
    """List what became of contracts from a day up to another, both included, the latest first."""
    statement = (
        _steps()
        .where(ContractStep.effective_on >= since, ContractStep.effective_on <= until)
        .order_by(ContractStep.effective_on.desc(), ContractStep.id)
    )
    if client_id is not None:
        statement = statement.where(ContractStep.client_id == client_id)
    return [StepRow(**row._asdict()) for row in db.all(statement)]


def _turns(db: Reader, clients: Sequence[ClientId] | None) -> dict[ContractId, list[Turn]]:
    statement = (
        select(
            ContractStep.contract_id,
            ContractStep.effective_on,
            ContractStep.before_minor,
            ContractStep.after_minor,
        )
        .where(~ContractStep.is_deleted)
        .order_by(ContractStep.effective_on)
    )
    if clients is not None:
        statement = statement.where(ContractStep.client_id.in_(clients))
    found: dict[ContractId, list[Turn]] = defaultdict(list)
    for contract_id, on, before, after in db.all(statement):
        found[contract_id].append(Turn(on, before, after))
    return found


def _steps() -> Select[*tuple[Any, ...]]:
    return (
        select(
            ContractStep.id,
            ContractStep.contract_id,
            ContractStep.client_id,
            Client.name.label("client"),
            Contract.title,
            ContractStep.effective_on,
            ContractStep.decided_on,
            ContractStep.kind,
            ContractStep.before_minor,
            ContractStep.after_minor,
            ContractStep.currency,
            ContractStep.until,
            ContractStep.reason,
            ContractStep.words,
            ContractStep.competitor,
        )
        .join(Contract, Contract.id == ContractStep.contract_id)
        .join(Client, Client.id == ContractStep.client_id)
        .where(~ContractStep.is_deleted, ~Contract.is_deleted, ~Client.is_deleted)
    )
