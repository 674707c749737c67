"""The tables of risk: scores by day, flags of clients at risk, and what managers read themselves.

Flags and reads are records: one truth for the team. Scores are rows of the device, which works
them out from the records that it has; see ``docs/decisions``.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NewType
from uuid import UUID

from sqlalchemy import Column, Index, Table
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.health.scoring import ENOUGH
from deskcrm.domain.users.model import UserId
from deskcrm.store.indexes import index_where
from deskcrm.store.tables import Base, Local, Record
from deskcrm.store.types import Id, Merge, merges, refers, signs

KNOWN_SQL: Final = f"coverage >= {ENOUGH}"
"""Enough is known to say anything. Written out: the partial index and queries say the same."""
RiskFlagId = NewType("RiskFlagId", UUID)
HealthReadId = NewType("HealthReadId", UUID)


class RiskCause(StrEnum):
    """Why a client was put on the list; all but the first put it there whatever its score."""

    SCORE = "score"
    FAILURES = "failures"
    RENEWAL = "renewal"
    NOTICE = "notice"


class ReadStep(StrEnum):
    """Where the manager sees the client, beside what the score says."""

    BETTER = "better"
    WORSE = "worse"


class RiskFlag(Record, kw_only=True):
    """That a client is at risk, from when to when; the next time is another flag.

    Its id is worked out from the client and how often it was flagged: two workstations that find
    the same client at risk write the same record.
    """

    __tablename__ = "risk_flag"
    __subject__ = "client_id"
    __table_args__ = (
        Index(None, "client_id", "entered_at"),
        Index(None, "left_at"),
        index_where(
            "ix_risk_flag_standing",
            "client_id",
            where="is_deleted = 0 AND left_at IS NULL",
            postgres="NOT is_deleted AND left_at IS NULL",
        ),
    )

    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    cause: Mapped[RiskCause] = mapped_column(info=merges(Merge.FINAL))
    entered_at: Mapped[datetime] = mapped_column(info=merges(Merge.EARLIER))
    at_entry: Mapped[dict[str, Any]] = mapped_column(info=merges(Merge.FINAL))
    """The score as it was: probability, coverage, and the points of each signal."""
    left_at: Mapped[datetime | None] = mapped_column(default=None, info=merges(Merge.EARLIER))
    quiet_until: Mapped[date | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="quiet")
    )
    """Not shown before this day; 31 December 9999 while it was put aside for good."""
    quiet_reason: Mapped[str] = mapped_column(
        default="", info=merges(Merge.REGISTER, group="quiet")
    )
    quieted_by: Mapped[UserId | None] = mapped_column(
        default=None, info={**refers("user"), "group": "quiet"}
    )


class HealthRead(Record, kw_only=True):
    """A manager's own judgement of a client: shown beside the score, never a part of it."""

    __tablename__ = "health_read"
    __subject__ = "client_id"
    __title__ = "note"
    __table_args__ = (Index(None, "client_id", "read_at"),)

    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    step: Mapped[ReadStep] = mapped_column(info=merges(Merge.FINAL))
    note: Mapped[str] = mapped_column(default="")
    read_by: Mapped[UserId] = mapped_column(info=signs())
    read_at: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))


class HealthSnapshot(Local, kw_only=True):
    """How a client scored on a day, kept where it differs from the day kept before it."""

    __tablename__ = "health_snapshot"

    client_id: Mapped[ClientId] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    points: Mapped[float]
    probability: Mapped[float]
    coverage: Mapped[float]
    signals: Mapped[dict[str, Any]]
    """The known signals by name: with a model's weights they are the contributions."""
    model_version: Mapped[str]


health_stale: Final = Table(
    "health_stale",
    Base.metadata,
    # Clients of which something was written since they were scored.
    Column("client_id", Id, primary_key=True),
    sqlite_with_rowid=False,
)


class ClientHealth(Local, kw_only=True):
    """How a client scores now, for lists to join on; one row for each client that is with us."""

    __tablename__ = "client_health"
    __table_args__ = (
        Index(None, "probability", "client_id"),
        Index(None, "worth", "client_id"),
        index_where("ix_client_health_known", "probability", "client_id", where=KNOWN_SQL),
    )

    client_id: Mapped[ClientId] = mapped_column(primary_key=True)
    scored_at: Mapped[datetime]
    points: Mapped[float]
    probability: Mapped[float]
    coverage: Mapped[float]
    signals: Mapped[dict[str, Any]]
    annual_value: Mapped[int]
    """What the running contracts in its main currency bring in a year, in minor units."""
    currency: Mapped[str] = mapped_column(default="")
    worth: Mapped[float]
    """Probability times value: what is expected to be lost, in that currency."""
    cause: Mapped[RiskCause | None] = mapped_column(default=None)
    """What puts the client on the list whatever its score."""
    model_version: Mapped[str]
    below_since: Mapped[date | None] = mapped_column(default=None)
    """Since which evaluation the score has been under the line at which a flag goes."""
