"""The table of attachments; what they hold is found by its hash."""

from typing import NewType
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.domain.attachments.names import safe_name
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import InteractionId
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.users.model import UserId
from deskcrm.store.indexes import index_where
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges, refers, signs

AttachmentId = NewType("AttachmentId", UUID)


def _if_given(name: str, column: str) -> Index:
    return index_where(name, column, where=f"{column} IS NOT NULL")


class Attachment(Record, kw_only=True):
    """A file that belongs to a client's story; its contents are found by their hash."""

    __tablename__ = "attachment"
    __subject__ = "client_id"
    __title__ = "name"
    __table_args__ = (
        Index(None, "client_id"),
        Index(None, "sha256"),
        _if_given("ix_attachment_interaction_id", "interaction_id"),
        _if_given("ix_attachment_ticket_id", "ticket_id"),
    )

    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    interaction_id: Mapped[InteractionId | None] = mapped_column(
        default=None, info=refers("interaction")
    )
    ticket_id: Mapped[TicketId | None] = mapped_column(default=None, info=refers("ticket"))
    name: Mapped[str]
    media_type: Mapped[str] = mapped_column(info=merges(Merge.FINAL))
    size: Mapped[int] = mapped_column(info=merges(Merge.FINAL))
    sha256: Mapped[str] = mapped_column(info={**merges(Merge.FINAL), "contents": True})
    added_by: Mapped[UserId] = mapped_column(info=signs())

    def __post_init__(self) -> None:
        self.name = safe_name(self.name)
