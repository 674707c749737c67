"""The table of service level policies."""

from typing import Any, Final, NewType
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.calendars.model import CalendarId
from deskcrm.domain.names import one_line
from deskcrm.store.tables import Record
from deskcrm.store.types import refers

PolicyId = NewType("PolicyId", UUID)
LONGEST_TARGET: Final = 366 * 24 * 60
"""Minutes."""


class SlaPolicy(Record, kw_only=True):
    """What is promised for tickets of some kind; the first policy that matches holds.

    A condition that is empty matches every ticket. Of several values of one condition any will do,
    and all conditions must hold. A target that is missing is that of the fallback.
    """

    __tablename__ = "sla_policy"
    __title__ = "name"

    name: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    kinds: Mapped[list[str]] = mapped_column(default_factory=list)
    priorities: Mapped[list[str]] = mapped_column(default_factory=list)
    tiers: Mapped[list[str]] = mapped_column(default_factory=list)
    lines: Mapped[list[str]] = mapped_column(default_factory=list)
    channels: Mapped[list[str]] = mapped_column(default_factory=list)
    tags: Mapped[list[str]] = mapped_column(default_factory=list)
    first_response_minutes: Mapped[int | None] = mapped_column(default=None)
    next_response_minutes: Mapped[int | None] = mapped_column(default=None)
    resolution_minutes: Mapped[int | None] = mapped_column(default=None)
    pauses_in: Mapped[list[str]] = mapped_column(default_factory=list)
    warn_percent: Mapped[int] = mapped_column(default=75)
    calendar_id: Mapped[CalendarId | None] = mapped_column(default=None, info=refers("calendar"))

    def rename(self, name: str) -> None:
        """Give the policy another name."""
        name = one_line(name)
        if not name:
            raise UserError(tr("A policy needs a name."), tr("Type the name and save again."))
        self.name = name

    def check(self) -> None:
        """Refuse what promises nothing, or cannot be warned of."""
        targets: list[Any] = [
            self.first_response_minutes, self.next_response_minutes, self.resolution_minutes,
        ]  # fmt: skip
        if any(one is not None and not 1 <= one <= LONGEST_TARGET for one in targets):
            raise UserError(
                tr("A target is a minute at least, and a year at most."),
                tr("Leave it empty to promise what holds for all tickets."),
            )
        if not 1 <= self.warn_percent <= 99:
            raise UserError(
                tr("A warning comes at 1 to 99 percent of the time."), tr("75 is usual.")
            )
