"""The table of absences."""

from datetime import date, datetime
from typing import NewType
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.users.model import UserId
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges, refers

AbsenceId = NewType("AbsenceId", UUID)


class Absence(Record, kw_only=True):
    """That a person is away for some days, both counted, as the days are where that person is."""

    __tablename__ = "absence"

    user_id: Mapped[UserId] = mapped_column(info=refers("user", Merge.FINAL), index=True)
    first_day: Mapped[date] = mapped_column(info=merges(Merge.REGISTER, group="days"))
    last_day: Mapped[date] = mapped_column(info=merges(Merge.REGISTER, group="days"), index=True)
    substitute_id: Mapped[UserId | None] = mapped_column(default=None, info=refers("user"))
    note: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))
    ended_at: Mapped[datetime | None] = mapped_column(default=None, info=merges(Merge.EARLIER))
    """The person was back before the last day was over."""

    def __post_init__(self) -> None:
        self.set_days(self.first_day, self.last_day)
        self.hand_to(self.substitute_id)

    def set_days(self, first_day: date, last_day: date) -> None:
        """Say from which day to which the person is away."""
        if last_day < first_day:
            raise UserError(
                tr("The last day is before the first."),
                tr("Choose a last day that is not before the first."),
            )
        self.first_day, self.last_day = first_day, last_day

    def hand_to(self, substitute_id: UserId | None) -> None:
        """Say who stands in; nobody is possible, if not wise."""
        if substitute_id == self.user_id:
            raise UserError(
                tr("Nobody stands in for themselves."), tr("Choose somebody else, or nobody.")
            )
        self.substitute_id = substitute_id
