"""The table of what people expect to come of a renewal."""

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
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges, refers

RenewalForecastId = NewType("RenewalForecastId", UUID)


class ForecastCall(StrEnum):
    """What somebody expects to come of a renewal."""

    RENEWS = "renews"
    GROWS = "grows"
    SHRINKS = "shrinks"
    LEAVES = "leaves"


class RenewalForecast(Record, kw_only=True):
    """What is expected of one term of a contract: by its manager, and for good.

    The two stand beside one another and beside what is worked out; none overwrites another. The
    id is worked out from contract and term, so that the calls of two people meet in one row.
    """

    __tablename__ = "renewal_forecast"
    __subject__ = "client_id"
    __title__ = "contract_id"
    __table_args__ = (Index(None, "contract_id"),)

    contract_id: Mapped[ContractId] = mapped_column(info=refers("contract", Merge.FINAL))
    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    term_on: Mapped[date] = mapped_column(info=merges(Merge.FINAL))
    """The end of the term that is to be renewed."""
    manager_call: Mapped[ForecastCall | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="manager")
    )
    manager_minor: Mapped[int | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="manager")
    )
    """What it will bring in a year, in minor units."""
    manager_note: Mapped[str] = mapped_column(
        default="", info=merges(Merge.REGISTER, group="manager")
    )
    final_call: Mapped[ForecastCall | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="final")
    )
    final_minor: Mapped[int | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="final")
    )
    final_note: Mapped[str] = mapped_column(default="", info=merges(Merge.REGISTER, group="final"))

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the one id of what is expected of a contract's term."""
        return meant_id("renewal_forecast", values["contract_id"], values["term_on"])
