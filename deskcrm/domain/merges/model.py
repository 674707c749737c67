"""The tables of merges and of splits; what was said stays where it was said, see ``homes``."""

from datetime import datetime
from typing import NewType
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.users.model import UserId
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, refers, signs
from deskcrm.store.types import merges as merges_by

TicketMergeId = NewType("TicketMergeId", UUID)


class TicketMerge(Record, kw_only=True):
    """That a ticket was merged into another; the latest that was not taken back holds."""

    __tablename__ = "ticket_merge"
    __subject__ = "client_id"
    __table_args__ = (Index(None, "ticket_id"), Index(None, "into_id"), Index(None, "client_id"))

    ticket_id: Mapped[TicketId] = mapped_column(info=refers("ticket", Merge.FINAL))
    into_id: Mapped[TicketId] = mapped_column(info=refers("ticket", Merge.FINAL))
    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    merged_at: Mapped[datetime] = mapped_column(info=merges_by(Merge.FINAL))
    merged_by: Mapped[UserId] = mapped_column(info=signs())


class TicketSplit(Record, kw_only=True):
    """That a ticket was split off another; says where it came from also when that was undone."""

    __tablename__ = "ticket_split"
    __subject__ = "client_id"
    __table_args__ = (Index(None, "ticket_id"), Index(None, "from_id"), Index(None, "client_id"))

    ticket_id: Mapped[TicketId] = mapped_column(info=refers("ticket", Merge.FINAL))
    """The new ticket."""
    from_id: Mapped[TicketId] = mapped_column(info=refers("ticket", Merge.FINAL))
    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    split_at: Mapped[datetime] = mapped_column(info=merges_by(Merge.FINAL))
    split_by: Mapped[UserId] = mapped_column(info=signs())
