"""The table of contracts, and the arithmetic of what they are worth and when they end."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId, of_living
from deskcrm.domain.names import one_line
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges, refers

ContractId = NewType("ContractId", UUID)


class BillingPeriod(StrEnum):
    """How often the value of a contract is due."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    ONE_TIME = "one_time"


TIMES_A_YEAR: Final = {
    BillingPeriod.MONTHLY: 12,
    BillingPeriod.QUARTERLY: 4,
    BillingPeriod.HALF_YEARLY: 2,
    BillingPeriod.YEARLY: 1,
    BillingPeriod.ONE_TIME: 0,
}


class ContractStatus(StrEnum):
    """Where a contract stands."""

    DRAFT = "draft"
    ACTIVE = "active"
    NOTICE_GIVEN = "notice_given"
    ENDED = "ended"


def merge_statuses(mine: ContractStatus, theirs: ContractStatus) -> ContractStatus:
    """Decide between two set without knowledge of one another: what is further towards the end."""
    return max(mine, theirs, key=list(ContractStatus).index)


class Contract(Record, kw_only=True):
    """What a client agreed to pay, for how long, and with how much notice it can end."""

    __tablename__ = "contract"
    __subject__ = "client_id"
    __title__ = "title"
    __table_args__ = (of_living("ix_contract_decision_on", "status", "decision_on"),)

    client_id: Mapped[ClientId] = mapped_column(info=refers("client"), index=True)
    title: Mapped[str]
    value_minor: Mapped[int] = mapped_column(default=0, info=merges(Merge.REGISTER, group="value"))
    currency: Mapped[str] = mapped_column(default="RUB", info=merges(Merge.REGISTER, group="value"))
    billing_period: Mapped[BillingPeriod] = mapped_column(
        default=BillingPeriod.YEARLY, info=merges(Merge.REGISTER, group="value")
    )
    starts_on: Mapped[date | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="term")
    )
    ends_on: Mapped[date | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="term")
    )
    notice_days: Mapped[int] = mapped_column(default=0, info=merges(Merge.REGISTER, group="term"))
    decision_on: Mapped[date | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="term")
    )
    """The last day to decide: the end less the notice. Kept in step by :meth:`set_term`."""
    auto_renews: Mapped[bool] = mapped_column(default=False)
    status: Mapped[ContractStatus] = mapped_column(
        default=ContractStatus.ACTIVE,
        info={**merges(Merge.STATE, group="status"), "rule": merge_statuses},
    )
    notice_given_on: Mapped[date | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="status")
    )
    ended_on: Mapped[date | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="status")
    )
    notes: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))

    def __post_init__(self) -> None:
        self.retitle(self.title)
        self.set_value(self.value_minor, self.currency, self.billing_period)
        self.set_term(self.starts_on, self.ends_on, self.notice_days)

    def retitle(self, title: str) -> None:
        """Give the contract another title."""
        title = one_line(title)
        if not title:
            raise UserError(
                tr("A contract needs a title."), tr("Type a number or a name and save again.")
            )
        self.title = title

    def set_value(self, value_minor: int, currency: str, period: BillingPeriod) -> None:
        """Set what is due each period, in minor units (kopecks, cents) of the currency."""
        code = currency.strip().upper()
        if value_minor < 0:
            raise UserError(
                tr("A contract cannot be worth less than nothing."),
                tr("Enter the value as a positive amount."),
            )
        if len(code) != 3 or not code.isalpha() or not code.isascii():
            raise UserError(
                tr("“{currency}” is not a currency.", currency=currency),
                tr("Use the three-letter code, such as RUB or EUR."),
            )
        self.value_minor, self.currency, self.billing_period = value_minor, code, period

    def set_term(self, starts_on: date | None, ends_on: date | None, notice_days: int) -> None:
        """Set when the contract runs; the day of decision follows."""
        if starts_on and ends_on and ends_on < starts_on:
            raise UserError(tr("The contract ends before it starts."), tr("Check the two dates."))
        if notice_days < 0:
            raise UserError(
                tr("The notice cannot be less than no days."), tr("Enter 0 or more days.")
            )
        self.starts_on, self.ends_on, self.notice_days = starts_on, ends_on, notice_days
        self.decision_on = ends_on - timedelta(days=notice_days) if ends_on else None

    def give_notice(self, day: date) -> None:
        """Note that the client gave notice: the strongest sign of leaving there is."""
        if self.status not in (ContractStatus.ACTIVE, ContractStatus.DRAFT):
            raise UserError(tr("Notice has already been given, or the contract has ended."))
        self.status, self.notice_given_on = ContractStatus.NOTICE_GIVEN, day

    def withdraw_notice(self) -> None:
        """Note that the client stays after all."""
        if self.status is not ContractStatus.NOTICE_GIVEN:
            raise UserError(tr("No notice has been given on this contract."))
        self.status, self.notice_given_on = ContractStatus.ACTIVE, None

    def end(self, day: date) -> None:
        """Note that the contract is over."""
        if self.status is ContractStatus.ENDED:
            raise UserError(tr("This contract has already ended."))
        self.status, self.ended_on = ContractStatus.ENDED, day


@dataclass(frozen=True, slots=True)
class Term:
    """When a contract ends as things stand, and by when that is decided."""

    ends_on: date | None
    decision_on: date | None


def annual_value(value_minor: int, period: BillingPeriod) -> int:
    """Give what a contract brings in a year, in minor units; one-time payments do not recur."""
    return value_minor * TIMES_A_YEAR[period]


def current_term(
    starts_on: date | None, ends_on: date | None, notice_days: int, auto_renews: bool, on: date
) -> Term:
    """Give the term that runs on a day, and the next day of decision from there.

    A contract that renews itself rolls on by its own length, or by a year when its start is not
    known; once a day of decision has passed without notice, the next one counts.
    """
    if ends_on is None:
        return Term(None, None)
    notice = timedelta(days=notice_days)
    if not auto_renews:
        return Term(ends_on, ends_on - notice)
    months = _months_between(starts_on, ends_on) if starts_on else 12
    decisive = _first_end(ends_on, months, on + notice)
    return Term(_first_end(ends_on, months, on), decisive - notice)


def _first_end(ends_on: date, months: int, day: date) -> date:
    """Give the first end of a rolling term that is not before a day."""
    end, rolled = ends_on, 0
    while end < day:
        rolled += months
        end = _add_months(ends_on, rolled)
    return end


def _months_between(starts_on: date, ends_on: date) -> int:
    """Count the months of a term; 1 January to 31 December is twelve."""
    after = ends_on + timedelta(days=1)
    months = (after.year - starts_on.year) * 12 + after.month - starts_on.month
    return max(months - (after.day < starts_on.day - 15), 1)


def _add_months(day: date, months: int) -> date:
    """Move a day on by months; the end of a month stays the end of a month."""
    is_month_end = (day + timedelta(days=1)).day == 1
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (first_after - timedelta(days=1)).day
    return date(year, month + 1, last if is_month_end else min(day.day, last))
