"""The table of what became of contracts: renewed, at what value, or ended, and why."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.ids import meant_id
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contracts.model import ContractId
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges, refers

ContractStepId = NewType("ContractStepId", UUID)


class ContractStepKind(StrEnum):
    """What became of a contract."""

    RENEWED = "renewed"
    REVALUED = "revalued"
    ENDED = "ended"


class ContractStep(Record, kw_only=True):
    """A turn in the life of a contract: what it brought in a year before and after a day.

    Retention is added up from these. The change log knows the same, but a workstation that began
    with a snapshot does not have it, and a corrected typing error is a change there like any
    other. The id is worked out: two people who close the same renewal close it once.
    """

    __tablename__ = "contract_step"
    __subject__ = "client_id"
    __title__ = "contract_id"
    __table_args__ = (
        Index(None, "client_id"),
        Index(None, "contract_id"),
        Index(None, "effective_on"),
    )

    contract_id: Mapped[ContractId] = mapped_column(info=refers("contract", Merge.FINAL))
    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    effective_on: Mapped[date] = mapped_column(info=merges(Merge.FINAL))
    """The first day on which the value after holds."""
    kind: Mapped[ContractStepKind] = mapped_column(info=merges(Merge.REGISTER, group="turn"))
    before_minor: Mapped[int] = mapped_column(info=merges(Merge.REGISTER, group="turn"))
    """A year's worth, in minor units; 0 when the contract had ended."""
    after_minor: Mapped[int] = mapped_column(info=merges(Merge.REGISTER, group="turn"))
    currency: Mapped[str] = mapped_column(info=merges(Merge.REGISTER, group="turn"))
    until: Mapped[date | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="turn")
    )
    """The end of the new term, of a renewal."""
    decided_on: Mapped[date] = mapped_column(info=merges(Merge.EARLIER))
    reason: Mapped[LossReason | None] = mapped_column(default=None)
    """Why it ended or brings less."""
    words: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))
    competitor: Mapped[str] = mapped_column(default="")

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the one id of what became of a contract on a day."""
        return meant_id("contract_step", values["contract_id"], values["effective_on"])
