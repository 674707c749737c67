"""The table of usage: a row for each client, metric and week, a column for each day of it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final, NewType
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.ids import meant_id
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.names import fold
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges, refers

UsageWeekId = NewType("UsageWeekId", UUID)

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""The columns of a week, in order."""


def week_of(day: date) -> date:
    """Give the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


class UsageWeek(Record, kw_only=True):
    """What one client used of one thing in one week; a day that nobody reported is not zero.

    A row for each day would make the log and the file three times as large; a list of days in one
    column would lose one of two feeds that were read apart (see the decision record). The id is
    worked out, so that a feed that is read twice, or on two devices, makes each row once.
    """

    __tablename__ = "usage_week"
    __subject__ = "client_id"
    __title__ = "metric"
    __table_args__ = (Index(None, "client_id", "week_on"),)

    client_id: Mapped[ClientId] = mapped_column(info=refers("client", Merge.FINAL))
    metric: Mapped[str] = mapped_column(info=merges(Merge.FINAL))
    """What is counted, and of which product: "Depot: orders"."""
    week_on: Mapped[date] = mapped_column(info=merges(Merge.FINAL))
    """The Monday."""
    monday: Mapped[float | None] = mapped_column(default=None)
    tuesday: Mapped[float | None] = mapped_column(default=None)
    wednesday: Mapped[float | None] = mapped_column(default=None)
    thursday: Mapped[float | None] = mapped_column(default=None)
    friday: Mapped[float | None] = mapped_column(default=None)
    saturday: Mapped[float | None] = mapped_column(default=None)
    sunday: Mapped[float | None] = mapped_column(default=None)
    ceiling: Mapped[float | None] = mapped_column(default=None)
    """How much of it a day the client's contract allows; unknown where the feed does not say."""

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the one id of this client's week of this metric, in any spelling."""
        return meant_id(
            "usage_week", values["client_id"], fold(values["metric"]), values["week_on"]
        )
