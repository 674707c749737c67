"""The tables of tickets that somebody was offered and left for others, and of what counts."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NewType
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.ids import meant_id
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.names import one_line
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.users.model import UserId
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges, refers, signs

TicketSkipId = NewType("TicketSkipId", UUID)


class TicketSkip(Record, kw_only=True):
    """That a person was handed a ticket by Next and skipped it, and why; never changed."""

    __tablename__ = "ticket_skip"
    __subject__ = "client_id"
    __table_args__ = (
        Index(None, "skipped_by", "comes_back_at"),
        Index(None, "skipped_at"),
    )

    ticket_id: Mapped[TicketId] = mapped_column(info=refers("ticket", Merge.FINAL))
    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    reason: Mapped[str] = mapped_column(info=merges(Merge.FINAL))
    skipped_at: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))
    comes_back_at: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))
    """From when on the person may be handed it again."""
    skipped_by: Mapped[UserId] = mapped_column(info=signs())

    def __post_init__(self) -> None:
        self.reason = one_line(self.reason)
        if not self.reason:
            raise UserError(
                tr("Why do you skip it?"), tr("A few words are enough; the lead reads them.")
            )


class PointsFor(StrEnum):
    """What gives a ticket points where Next chooses."""

    DIAMOND = "diamond"
    GOLD = "gold"
    SILVER = "silver"
    OVERDUE = "overdue"
    NEARLY_DUE = "nearly_due"
    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    THREE_DAYS_OLD = "three_days_old"
    ONE_DAY_OLD = "one_day_old"
    FOUR_HOURS_OLD = "four_hours_old"
    OWN = "own"
    SKILL = "skill"
    SERVED_BEFORE = "served_before"


USUAL: Final[Mapping[PointsFor, int]] = {
    PointsFor.DIAMOND: 40,
    PointsFor.GOLD: 30,
    PointsFor.SILVER: 15,
    PointsFor.OVERDUE: 50,
    PointsFor.NEARLY_DUE: 25,
    PointsFor.URGENT: 40,
    PointsFor.HIGH: 20,
    PointsFor.NORMAL: 10,
    PointsFor.THREE_DAYS_OLD: 20,
    PointsFor.ONE_DAY_OLD: 10,
    PointsFor.FOUR_HOURS_OLD: 5,
    PointsFor.OWN: 10,
    PointsFor.SKILL: 15,
    PointsFor.SERVED_BEFORE: 15,
}
"""What each counts until a lead says otherwise."""
MOST_POINTS: Final = 1_000


class QueuePoints(Record, kw_only=True):
    """What one thing counts here; a row for each, so that two people's changes merge."""

    __tablename__ = "queue_points"

    what: Mapped[PointsFor] = mapped_column(info=merges(Merge.FINAL))
    points: Mapped[int]

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the one id of this thing, whoever sets it."""
        return meant_id("queue_points", values["what"])
