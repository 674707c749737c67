"""The table of people who work here."""

from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.store.tables import Record

UserId = NewType("UserId", UUID)


class UserRole(StrEnum):
    """What a person here does, and so may do."""

    ADMINISTRATOR = "administrator"
    LEAD = "lead"
    MANAGER = "manager"
    AGENT = "agent"
    VIEWER = "viewer"


OVERSEERS: Final = (UserRole.LEAD, UserRole.ADMINISTRATOR)
"""Who looks after the work of all: they hear of every VIP who waits, and review what is skipped."""


class User(Record, kw_only=True):
    """A person who works here."""

    __tablename__ = "user"
    __title__ = "name"

    name: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    role: Mapped[UserRole] = mapped_column(default=UserRole.AGENT)
    position: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str] = mapped_column(default="")
    is_active: Mapped[bool] = mapped_column(default=True)

    def rename(self, name: str) -> None:
        """Give the person another name."""
        name = " ".join(name.split())
        if not name:
            raise UserError(tr("A person needs a name."), tr("Type the name and save again."))
        self.name = name
