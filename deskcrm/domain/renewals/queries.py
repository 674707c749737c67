"""Answers about renewals: what is to be decided by when, and what is expected of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select

from deskcrm.domain.clients.model import Client, ClientId, Tier
from deskcrm.domain.contracts.model import Contract, ContractId, ContractStatus
from deskcrm.domain.contracts.queries import ContractRow, RenewalRow, list_renewals
from deskcrm.domain.contracts.steps import ContractStep, ContractStepKind
from deskcrm.domain.days import day_of
from deskcrm.domain.renewals.forecast import ENOUGH_COVERAGE, BaseRate, Expected
from deskcrm.domain.renewals.model import ForecastCall, RenewalForecast
from deskcrm.domain.risk.model import ClientHealth
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.reader import Reader
from deskcrm.store.upsert import in_chunks

AHEAD: Final = 180
"""Days before a decision from which on a renewal is worked at."""
_REMEMBERED: Final = timedelta(days=730)
_MOST: Final = 5_000


class Horizon(StrEnum):
    """How soon a renewal has to be decided."""

    OVERDUE = "overdue"
    WITHIN_30_DAYS = "within_30_days"
    WITHIN_60_DAYS = "within_60_days"
    WITHIN_90_DAYS = "within_90_days"
    WITHIN_180_DAYS = "within_180_days"


DAYS_AHEAD: Final = {
    Horizon.WITHIN_30_DAYS: 30,
    Horizon.WITHIN_60_DAYS: 60,
    Horizon.WITHIN_90_DAYS: 90,
    Horizon.WITHIN_180_DAYS: AHEAD,
}
"""Up to how many days each horizon reaches; what is overdue has none left."""


class Basis(StrEnum):
    """What the automated call rests on."""

    NOTICE = "notice"
    SCORE = "score"
    BASE_RATE = "base_rate"


@dataclass(frozen=True, slots=True)
class Call:
    """What somebody expects: the call, what it brings in a year, and why."""

    call: ForecastCall
    annual_minor: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Automated:
    """What is worked out: how likely the client leaves, on what ground, and what that leaves."""

    basis: Basis
    leaving: float
    annual_minor: int
    """What a year brings now, times the chance that it goes on."""
    rate: BaseRate
    coverage: float | None = None


@dataclass(frozen=True, slots=True)
class RenewalDeal:
    """A contract to be decided on, and the three calls side by side."""

    contract: ContractRow
    client: str
    tier: Tier
    owner_id: UserId | None
    owner: str
    days_left: int
    horizon: Horizon
    automated: Automated
    manager: Call | None
    final: Call | None

    @property
    def id(self) -> ContractId:
        """The contract's id."""
        return self.contract.id

    @property
    def expected(self) -> Expected:
        """What it brings and is expected to bring, to be added up."""
        return Expected(
            self.contract.currency,
            self.contract.annual_value_minor,
            self.automated.annual_minor,
            None if self.manager is None else self.manager.annual_minor,
            None if self.final is None else self.final.annual_minor,
        )


def horizon_of(days_left: int) -> Horizon:
    """Give how soon something has to be decided."""
    if days_left < 0:
        return Horizon.OVERDUE
    reaching = (horizon for horizon, days in DAYS_AHEAD.items() if days_left <= days)
    return next(reaching, Horizon.WITHIN_180_DAYS)


def list_deals(
    db: Reader,
    *,
    days: int = AHEAD,
    owner_id: UserId | None = None,
) -> list[RenewalDeal]:
    """List the contracts to be decided within some days, or overdue, the nearest first."""
    renewals = list_renewals(db, days=days, limit=_MOST, owner_id=owner_id)
    clients = {row.contract.client_id for row in renewals}
    owners, health = _owners(db, clients), _health(db, clients)
    rate, said, lost = get_base_rate(db), _said(db), _lost(db)
    deals = []
    for row in renewals:
        if row.contract.id in lost:
            continue
        whose, name = owners.get(row.contract.client_id, (None, ""))
        automated = _automated(row.contract, rate, health.get(row.contract.client_id))
        manager, final = said.get(_key(row.contract), (None, None))
        deals.append(_deal(row, whose, name, automated, manager, final))
    return deals


def count_deals(db: Reader, *, days: int, owner_id: UserId) -> int:
    """Count one person's renewals to be decided within some days, without any forecast."""
    renewals, lost = list_renewals(db, days=days, limit=_MOST, owner_id=owner_id), _lost(db)
    return sum(row.contract.id not in lost for row in renewals)


def get_base_rate(db: Reader) -> BaseRate:
    """Count how the decisions of the last two years came out."""
    since = day_of(db.now) - _REMEMBERED
    rows = db.all(
        select(ContractStep.kind, func.count())
        .join(Contract, Contract.id == ContractStep.contract_id)
        .where(~ContractStep.is_deleted, ~Contract.is_deleted, ContractStep.decided_on >= since)
        .group_by(ContractStep.kind)
    )
    counts = {row[0]: row[1] for row in rows}
    return BaseRate(counts.get(ContractStepKind.RENEWED, 0), counts.get(ContractStepKind.ENDED, 0))


def _deal(
    row: RenewalRow,
    owner_id: UserId | None,
    owner: str,
    automated: Automated,
    manager: Call | None,
    final: Call | None,
) -> RenewalDeal:
    return RenewalDeal(
        contract=row.contract,
        client=row.client_name,
        tier=row.client_tier,
        owner_id=owner_id,
        owner=owner,
        days_left=row.days_left,
        horizon=horizon_of(row.days_left),
        automated=automated,
        manager=manager,
        final=final,
    )


def _automated(
    contract: ContractRow, rate: BaseRate, health: tuple[float, float] | None
) -> Automated:
    year = contract.annual_value_minor
    if contract.status is ContractStatus.NOTICE_GIVEN:
        return Automated(Basis.NOTICE, 1.0, 0, rate)
    if health is not None and health[1] >= ENOUGH_COVERAGE:
        leaving, coverage = health
        return Automated(Basis.SCORE, leaving, round(year * (1 - leaving)), rate, coverage)
    return Automated(Basis.BASE_RATE, rate.leaving, round(year * (1 - rate.leaving)), rate)


def _owners(db: Reader, clients: set[ClientId]) -> dict[ClientId, tuple[UserId | None, str]]:
    found: dict[ClientId, tuple[UserId | None, str]] = {}
    for some in in_chunks(clients, 500):
        rows = db.all(
            select(Client.id, Client.owner_id, func.coalesce(User.name, ""))
            .outerjoin(User, User.id == Client.owner_id)
            .where(Client.id.in_(some))
        )
        found.update({ClientId(row[0]): (row[1], row[2]) for row in rows})
    return found


def _health(db: Reader, clients: set[ClientId]) -> dict[ClientId, tuple[float, float]]:
    found: dict[ClientId, tuple[float, float]] = {}
    for some in in_chunks(clients, 500):
        rows = db.all(
            select(ClientHealth.client_id, ClientHealth.probability, ClientHealth.coverage).where(
                ClientHealth.client_id.in_(some)
            )
        )
        found.update({row[0]: (row[1], row[2]) for row in rows})
    return found


def _lost(db: Reader) -> set[ContractId]:
    """Give the contracts under notice of which it is decided that they are lost."""
    statement = (
        select(ContractStep.contract_id)
        .join(Contract, Contract.id == ContractStep.contract_id)
        .where(~ContractStep.is_deleted, ContractStep.kind == ContractStepKind.ENDED)
        .where(Contract.status == ContractStatus.NOTICE_GIVEN)
        .where(ContractStep.effective_on > Contract.notice_given_on)
    )
    return set(db.scalars(statement))


def _key(contract: ContractRow) -> tuple[ContractId, date | None]:
    return contract.id, contract.ends_on


def _said(db: Reader) -> dict[tuple[ContractId, date | None], tuple[Call | None, Call | None]]:
    """Give what people expect, by contract and term."""
    rows = db.all(
        select(
            RenewalForecast.contract_id,
            RenewalForecast.term_on,
            RenewalForecast.manager_call,
            RenewalForecast.manager_minor,
            RenewalForecast.manager_note,
            RenewalForecast.final_call,
            RenewalForecast.final_minor,
            RenewalForecast.final_note,
        ).where(~RenewalForecast.is_deleted)
    )
    return {
        (row[0], row[1]): (_called(row[2], row[3], row[4]), _called(row[5], row[6], row[7]))
        for row in rows
    }


def _called(call: ForecastCall | None, minor: int | None, note: str) -> Call | None:
    return None if call is None else Call(call, minor or 0, note)
