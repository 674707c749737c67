"""The table of departures: a client's notice, its last day, and why; a client may leave twice."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NewType
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.ids import meant_id
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges, refers

DepartureId = NewType("DepartureId", UUID)


class Departure(Record, kw_only=True):
    """That a client left or said that it would; kept when it comes back.

    The client's own row says only how it stands now: its day of leaving is gone once it is back.
    ``time`` counts a client's departures, so that two people who note the same one make one.
    """

    __tablename__ = "departure"
    __subject__ = "client_id"
    __table_args__ = (Index(None, "client_id"),)

    client_id: Mapped[ClientId] = mapped_column(info=refers("client", Merge.FINAL))
    time: Mapped[int] = mapped_column(default=1, info=merges(Merge.FINAL))
    noticed_on: Mapped[date | None] = mapped_column(default=None, info=merges(Merge.EARLIER))
    """When the client said that it would leave: what a forecast has to be earlier than."""
    left_on: Mapped[date | None] = mapped_column(default=None)
    returned_on: Mapped[date | None] = mapped_column(default=None)
    """When the client was won back, or took its notice back."""
    reason: Mapped[LossReason] = mapped_column(default=LossReason.OTHER)
    words: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))
    competitor: Mapped[str] = mapped_column(default="")

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the one id of a client's first, second … departure."""
        return meant_id("departure", values["client_id"], values["time"])


def check_days(noticed_on: date | None, left_on: date | None, today: date) -> None:
    """Refuse, in words, days on which a client cannot have left."""
    if noticed_on is None and left_on is None:
        raise UserError(
            tr("When did the client give notice, or leave?"), tr("Give one day at least.")
        )
    if noticed_on is not None and noticed_on > today:
        raise UserError(tr("That day has not come yet."), tr("Enter today or an earlier day."))
    if noticed_on is not None and left_on is not None and left_on < noticed_on:
        raise UserError(tr("The client left before it gave notice."), tr("Check the two dates."))
