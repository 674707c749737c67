"""Answers about contracts: what a client has, and what is to be decided when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from deskcrm.domain.clients.model import Client, ClientId, Tier
from deskcrm.domain.contracts.model import (
    BillingPeriod,
    Contract,
    ContractId,
    ContractStatus,
    annual_value,
    current_term,
)
from deskcrm.domain.days import day_of
from deskcrm.domain.users.model import UserId
from deskcrm.store.reader import Reader


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract as a client's page shows it.

    ``ends_on`` and ``decision_on`` are those of the term that runs today: a contract that renews
    itself has rolled on.
    """

    id: ContractId
    client_id: ClientId
    title: str
    value_minor: int
    currency: str
    billing_period: BillingPeriod
    starts_on: date | None
    ends_on: date | None
    notice_days: int
    auto_renews: bool
    status: ContractStatus
    notice_given_on: date | None
    ended_on: date | None
    notes: str
    decision_on: date | None
    annual_value_minor: int
    has_rolled_on: bool

    @property
    def is_in_force(self) -> bool:
        """Tell whether the contract brings anything in now."""
        return self.status in (ContractStatus.ACTIVE, ContractStatus.NOTICE_GIVEN)


@dataclass(frozen=True, slots=True)
class RenewalRow:
    """A contract whose renewal is to be decided, with whose it is."""

    contract: ContractRow
    client_name: str
    client_tier: Tier
    days_left: int
    """Days until the decision; negative when it is past."""


_COLUMNS = (
    Contract.id,
    Contract.client_id,
    Contract.title,
    Contract.value_minor,
    Contract.currency,
    Contract.billing_period,
    Contract.starts_on,
    Contract.ends_on,
    Contract.notice_days,
    Contract.auto_renews,
    Contract.status,
    Contract.notice_given_on,
    Contract.ended_on,
    Contract.notes,
)
_NAMES = tuple(column.key for column in _COLUMNS)


def list_contracts(db: Reader, client_id: ClientId) -> list[ContractRow]:
    """List a client's contracts: in force first, the nearest decision first."""
    found = db.all(select(*_COLUMNS).where(Contract.client_id == client_id, ~Contract.is_deleted))
    rows = [_row(row, day_of(db.now)) for row in found]
    return sorted(
        rows, key=lambda row: (not row.is_in_force, row.decision_on or date.max, row.title)
    )


def likeliest_currency(db: Reader, client_id: ClientId) -> str:
    """Give what a client's new contract is likely to be in; nothing where there is no contract.

    That is the currency of the client's last contract, else of the last that was written down.
    """
    last = select(Contract.currency).where(~Contract.is_deleted).order_by(Contract.id.desc())
    own = last.where(Contract.client_id == client_id).order_by(None)
    begins = func.coalesce(Contract.starts_on, Contract.ends_on)
    latest = (begins.desc().nulls_last(), Contract.id.desc())
    found: str | None = db.scalar(own.order_by(*latest).limit(1)) or db.scalar(last.limit(1))
    return found or ""


def list_renewals(
    db: Reader, *, days: int = 90, limit: int = 500, owner_id: UserId | None = None
) -> list[RenewalRow]:
    """List the contracts to be decided within some days, or overdue, the nearest first.

    ``owner_id``: only those of one person's clients.
    """
    today = day_of(db.now)
    horizon = today + timedelta(days=days)
    whose = () if owner_id is None else (Client.owner_id == owner_id,)
    found = db.all(
        select(Client.name, Client.tier, *_COLUMNS)
        .join(Client, Client.id == Contract.client_id)
        .where(~Contract.is_deleted, ~Client.is_deleted, *whose)
        .where(Contract.status.in_((ContractStatus.ACTIVE, ContractStatus.NOTICE_GIVEN)))
        .where(Contract.decision_on <= horizon)
        .order_by(Contract.decision_on)
    )
    rows = []
    for name, tier, *columns in found:
        contract = _row(columns, today)
        if contract.decision_on is not None and contract.decision_on <= horizon:
            left = (contract.decision_on - today).days
            rows.append(RenewalRow(contract, name, tier, left))
    return sorted(rows, key=lambda row: row.days_left)[:limit]


def _row(columns: Sequence[Any], today: date) -> ContractRow:
    row = dict(zip(_NAMES, columns, strict=True))
    # Notice stops the rolling on, so the term is the one it was given in.
    on = row["notice_given_on"] or row["ended_on"] or today
    term = current_term(
        row["starts_on"], row["ends_on"], row["notice_days"], row["auto_renews"], on
    )
    has_rolled_on = term.ends_on != row["ends_on"]
    row |= {"ends_on": term.ends_on, "decision_on": term.decision_on}
    year = annual_value(row["value_minor"], row["billing_period"])
    return ContractRow(**row, annual_value_minor=year, has_rolled_on=has_rolled_on)
