"""The tables of touch policies, of clients with a rhythm of their own, and of what follows."""

from collections.abc import Mapping
from typing import Any, Final, NewType
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Column, Index, Table
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.ids import meant_id
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId, Lifecycle
from deskcrm.domain.names import one_line
from deskcrm.store.tables import Base, Record
from deskcrm.store.types import Id, Instant, Merge, merges, refers

TouchPolicyId = NewType("TouchPolicyId", UUID)
TouchRhythmId = NewType("TouchRhythmId", UUID)

LONGEST_DAYS: Final = 3_650
WITH_US: Final = (Lifecycle.ONBOARDING, Lifecycle.ACTIVE, Lifecycle.AT_RENEWAL)
"""Who is kept in touch with where a policy does not say otherwise."""


def check_rhythm(ideal_days: int, max_days: int) -> None:
    """Refuse intervals that cannot be kept."""
    if ideal_days < 1:
        raise UserError(tr("We are in touch every day at the most."), tr("Enter 1 or more days."))
    if max_days < ideal_days:
        raise UserError(
            tr("The maximum is shorter than the ideal."),
            tr("A client goes cold after the maximum, and is due before it."),
        )
    if max_days > LONGEST_DAYS:
        raise UserError(
            tr("That is more than ten years."), tr("Enter a shorter interval, or leave it out.")
        )


class TouchPolicy(Record, kw_only=True):
    """How often we want to hear of which clients; the first policy that matches holds.

    A condition that is empty matches every client; of several values of one condition any will
    do, and all conditions must hold. Without a lifecycle: the clients that are with us.
    """

    __tablename__ = "touch_policy"
    __title__ = "name"

    name: Mapped[str]
    ideal_days: Mapped[int] = mapped_column(info=merges(Merge.REGISTER, group="rhythm"))
    max_days: Mapped[int] = mapped_column(info=merges(Merge.REGISTER, group="rhythm"))
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    tiers: Mapped[list[str]] = mapped_column(default_factory=list)
    lifecycles: Mapped[list[str]] = mapped_column(default_factory=list)
    tags: Mapped[list[str]] = mapped_column(default_factory=list)
    owners: Mapped[list[str]] = mapped_column(default_factory=list)
    least_value_minor: Mapped[int | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="value")
    )
    """What the contracts in force bring in a year, at the least."""
    currency: Mapped[str] = mapped_column(default="", info=merges(Merge.REGISTER, group="value"))

    def rename(self, name: str) -> None:
        """Give the policy another name."""
        name = one_line(name)
        if not name:
            raise UserError(tr("A policy needs a name."), tr("Type the name and save again."))
        self.name = name

    def check(self) -> None:
        """Refuse what cannot be kept, or asks for a value of no currency."""
        check_rhythm(self.ideal_days, self.max_days)
        if self.least_value_minor is None:
            self.currency = ""
            return
        code = self.currency.strip().upper()
        if self.least_value_minor < 0:
            raise UserError(
                tr("A contract cannot be worth less than nothing."),
                tr("Enter the value as a positive amount."),
            )
        if len(code) != 3 or not code.isalpha() or not code.isascii():
            raise UserError(
                tr("“{currency}” is not a currency.", currency=self.currency),
                tr("Use the three-letter code, such as RUB or EUR."),
            )
        self.currency = code


class TouchRhythm(Record, kw_only=True):
    """How often we want to hear of one client, whatever the policies say."""

    __tablename__ = "touch_rhythm"
    __subject__ = "client_id"
    __title__ = "reason"

    client_id: Mapped[ClientId] = mapped_column(info=refers("client", Merge.FINAL), index=True)
    ideal_days: Mapped[int] = mapped_column(info=merges(Merge.REGISTER, group="rhythm"))
    max_days: Mapped[int] = mapped_column(info=merges(Merge.REGISTER, group="rhythm"))
    reason: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the one id of a client's own rhythm, whoever sets it."""
        return meant_id("touch_rhythm", values["client_id"])


client_touch: Final = Table(
    "client_touch",
    Base.metadata,
    # Only clients that a policy or a rhythm of their own holds.
    Column("client_id", Id, primary_key=True),
    # Null where the client has a rhythm of its own.
    Column("policy_id", Id, nullable=True),
    # When the client was last heard, or else since when we know it.
    Column("since", Instant, nullable=False),
    Column("was_heard", Boolean, nullable=False),
    Column("ideal_days", BigInteger, nullable=False),
    Column("max_days", BigInteger, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("cold_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
Index(None, client_touch.c.due_at, client_touch.c.client_id)
Index(None, client_touch.c.cold_at, client_touch.c.client_id)
