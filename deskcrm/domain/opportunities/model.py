"""The tables of opportunities, and of signs of growth that were looked at and put aside."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.ids import meant_id
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.domain.names import fold, one_line
from deskcrm.domain.users.model import UserId
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges, refers

OpportunityId = NewType("OpportunityId", UUID)
SignalDismissalId = NewType("SignalDismissalId", UUID)


class OpportunityKind(StrEnum):
    """More of what the client has, or something else."""

    UPSELL = "upsell"
    CROSS_SELL = "cross_sell"


class Stage(StrEnum):
    """How far an opportunity has come."""

    NEW = "new"
    QUALIFIED = "qualified"
    PROPOSED = "proposed"
    WON = "won"
    LOST = "lost"

    @property
    def is_open(self) -> bool:
        """Tell whether something is still to be done about it."""
        return self not in (Stage.WON, Stage.LOST)


def merge_stages(mine: Stage, theirs: Stage) -> Stage:
    """Decide between two set without knowledge of one another: what is won is won, else later."""
    order = (Stage.WON, Stage.LOST, Stage.PROPOSED, Stage.QUALIFIED, Stage.NEW)
    return min(mine, theirs, key=order.index)


class SignalKind(StrEnum):
    """What suggests that a client might take more."""

    NEAR_LIMIT = "near_limit"
    GROWING = "growing"
    NEW_TEAM = "new_team"
    ASKED = "asked"
    SMALL_CONTRACT = "small"


class Opportunity(Record, kw_only=True):
    """Something more that a client might take."""

    __tablename__ = "opportunity"
    __subject__ = "client_id"
    __title__ = "title"
    __table_args__ = (Index(None, "client_id"), Index(None, "stage", "next_on"))

    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    kind: Mapped[OpportunityKind] = mapped_column(default=OpportunityKind.UPSELL)
    title: Mapped[str]
    value_minor: Mapped[int] = mapped_column(default=0, info=merges(Merge.REGISTER, group="value"))
    """What it would bring in a year, in minor units."""
    currency: Mapped[str] = mapped_column(default="RUB", info=merges(Merge.REGISTER, group="value"))
    stage: Mapped[Stage] = mapped_column(
        default=Stage.NEW, info={**merges(Merge.STATE, group="stage"), "rule": merge_stages}
    )
    closed_on: Mapped[date | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="stage")
    )
    reason: Mapped[LossReason | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="stage")
    )
    source: Mapped[SignalKind | None] = mapped_column(default=None, info=merges(Merge.FINAL))
    """The sign that it was made of."""
    owner_id: Mapped[UserId | None] = mapped_column(default=None, info=refers("user"))
    next_step: Mapped[str] = mapped_column(default="", info=merges(Merge.REGISTER, group="next"))
    next_on: Mapped[date | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="next")
    )
    notes: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))

    def __post_init__(self) -> None:
        self.retitle(self.title)
        self.set_value(self.value_minor, self.currency)

    def retitle(self, title: str) -> None:
        """Call it something else."""
        title = one_line(title)
        if not title:
            raise UserError(tr("What might the client take?"), tr("A few words are enough."))
        self.title = title

    def set_value(self, value_minor: int, currency: str) -> None:
        """Say what it would bring in a year."""
        code = currency.strip().upper()
        if value_minor < 0:
            raise UserError(tr("It cannot bring less than nothing."), tr("Enter 0 or more."))
        if len(code) != 3 or not code.isalpha() or not code.isascii():
            raise UserError(
                tr("“{currency}” is not a currency.", currency=currency),
                tr("Use the three-letter code, such as RUB or EUR."),
            )
        self.value_minor, self.currency = value_minor, code

    def move(self, stage: Stage, today: date, reason: LossReason | None = None) -> None:
        """Say how far it has come; what is won or lost has its day."""
        if stage is self.stage:
            raise UserError(tr("“{title}” stands there already.", title=self.title))
        self.stage = stage
        self.closed_on = None if stage.is_open else today
        self.reason = reason if stage is Stage.LOST else None


class SignalDismissal(Record, kw_only=True):
    """That somebody looked at a sign of growth and put it aside, and why."""

    __tablename__ = "signal_dismissal"
    __subject__ = "client_id"
    __table_args__ = (Index(None, "client_id"),)

    client_id: Mapped[ClientId] = mapped_column(info=refers("client", Merge.FINAL))
    signal: Mapped[SignalKind] = mapped_column(info=merges(Merge.FINAL))
    about: Mapped[str] = mapped_column(default="", info=merges(Merge.FINAL))
    """Which of several of its kind: the metric."""
    reason: Mapped[str] = mapped_column(default="")
    dismissed_on: Mapped[date]

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the one id of what was put aside."""
        return meant_id(
            "signal_dismissal", values["client_id"], values["signal"], fold(values["about"])
        )
