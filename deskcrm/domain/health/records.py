"""The table of weights: what a team learned or set by hand, one truth for all its devices."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.ids import meant_id
from deskcrm.domain.users.model import UserId
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges, signs

HealthModelId = NewType("HealthModelId", UUID)


class ModelOrigin(StrEnum):
    """Where weights come from."""

    LEARNED = "learned"
    BY_HAND = "by_hand"


class HealthModel(Record, kw_only=True):
    """The weights of the health score; the latest that can be believed hold.

    The version is worked out from the weights, and the id from the version: two devices that learn
    the same write the same record.
    """

    __tablename__ = "health_model"
    __title__ = "version"
    __table_args__ = (Index(None, "kept_at"),)

    version: Mapped[str] = mapped_column(info=merges(Merge.FINAL))
    origin: Mapped[ModelOrigin] = mapped_column(default=ModelOrigin.LEARNED)
    weights: Mapped[dict[str, Any]] = mapped_column(default_factory=dict, info=merges(Merge.FINAL))
    """The coefficient of each signal by its name, in log-odds; and for each, in ``bounds``, the
    least and the most that was believable to whoever wrote it."""
    bounds: Mapped[dict[str, Any]] = mapped_column(default_factory=dict, info=merges(Merge.FINAL))
    intercept: Mapped[float] = mapped_column(default=0.0, info=merges(Merge.FINAL))
    base_rate: Mapped[float] = mapped_column(default=0.0, info=merges(Merge.FINAL))
    looseness: Mapped[float | None] = mapped_column(default=None, info=merges(Merge.FINAL))
    cases: Mapped[int] = mapped_column(default=0)
    churned: Mapped[int] = mapped_column(default=0)
    """How many cases it was learned from, and how many of them left."""
    kept_at: Mapped[datetime | None] = mapped_column(default=None)
    kept_by: Mapped[UserId | None] = mapped_column(default=None, info=signs())

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the one id of these weights."""
        return meant_id("health_model", values["version"])
