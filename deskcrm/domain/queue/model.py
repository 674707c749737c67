"""The table of tickets that somebody was offered and left for others."""

from datetime import datetime
from typing import NewType
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
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
