"""The tables of merges: which client went into which, what each was, whose rows are whose."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NewType
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.ids import meant_id
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.users.model import UserId
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges, refers, signs

ClientMergeId = NewType("ClientMergeId", UUID)
_UNTOLD: Final = {**merges(Merge.REGISTER), "is_silent": True}


class ClientMerge(Record, kw_only=True):
    """That a client was merged into another; the latest that was not taken back holds."""

    __tablename__ = "client_merge"
    __subject__ = "client_id"
    __title__ = "from_id"
    __table_args__ = (Index(None, "from_id"), Index(None, "client_id"))

    from_id: Mapped[ClientId] = mapped_column(info=refers("client", Merge.FINAL))
    client_id: Mapped[ClientId] = mapped_column(info=refers("client", Merge.FINAL))
    """The one that goes on."""
    merged_at: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))
    merged_by: Mapped[UserId] = mapped_column(info=signs())
    taken: Mapped[list[str]] = mapped_column(default_factory=list, info=_UNTOLD)
    """The keys of what the one that goes on has from the other; see ``states``."""
    seen: Mapped[dict[str, Any]] = mapped_column(default_factory=dict, info=_UNTOLD)
    """What stood in the other's own row: what differs from it now was written without knowing."""
    grounds: Mapped[dict[str, Any]] = mapped_column(default_factory=dict, info=merges(Merge.FINAL))
    """What spoke for it, in bits: weights are learned from it."""


class ClientBefore(Record, kw_only=True):
    """What a client is by itself, whatever was merged with it."""

    __tablename__ = "client_before"
    __subject__ = "client_id"
    __is_silent__ = True

    client_id: Mapped[ClientId] = mapped_column(info=refers("client", Merge.FINAL), index=True)
    state: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the one id of what a client is by itself."""
        return meant_id("client_before", values["client_id"])


class RowOrigin(Record, kw_only=True):
    """That rows belong to a client that was merged into another; of two the later holds."""

    __tablename__ = "row_origin"
    __subject__ = "client_id"
    __is_silent__ = True

    client_id: Mapped[ClientId] = mapped_column(info=refers("client", Merge.FINAL), index=True)
    moved_at: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))
    rows: Mapped[dict[str, Any]] = mapped_column(info=merges(Merge.FINAL))
    """Their ids, by table."""


class DistinctPair(Record, kw_only=True):
    """That two clients that look alike are not the same: nobody is asked again."""

    __tablename__ = "distinct_pair"
    __subject__ = "client_id"
    __title__ = "other_id"

    client_id: Mapped[ClientId] = mapped_column(info=refers("client", Merge.FINAL), index=True)
    other_id: Mapped[ClientId] = mapped_column(info=refers("client", Merge.FINAL), index=True)
    said_at: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))
    said_by: Mapped[UserId] = mapped_column(info=signs())
    grounds: Mapped[dict[str, Any]] = mapped_column(default_factory=dict, info=merges(Merge.FINAL))
    """What spoke for their being one, in bits: weights are learned from it."""

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the one id of a pair, whichever of the two comes first."""
        return meant_id("distinct_pair", *sorted((values["client_id"], values["other_id"])))


OF_MERGES: Final = (ClientMerge, ClientBefore, RowOrigin, DistinctPair)
"""What tells of merges stays with the client that it tells of."""
