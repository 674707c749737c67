"""The table of moves between the lines of support; from these the time on every line is known."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.tickets.model import SupportLine, TicketId
from deskcrm.domain.users.model import UserId
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges, refers, signs


class TicketLineStep(Record, kw_only=True):
    """One move of a ticket to another line, or to another person on a line; never changed."""

    __tablename__ = "ticket_line_step"
    __subject__ = "client_id"
    __table_args__ = (Index(None, "ticket_id", "moved_at"),)

    ticket_id: Mapped[TicketId] = mapped_column(info=refers("ticket", Merge.FINAL))
    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    from_line: Mapped[SupportLine] = mapped_column(info=merges(Merge.FINAL))
    to_line: Mapped[SupportLine] = mapped_column(info=merges(Merge.FINAL))
    worker_id: Mapped[UserId | None] = mapped_column(default=None, info=refers("user", Merge.FINAL))
    reason: Mapped[str] = mapped_column(default="", info=merges(Merge.FINAL))
    """Why it went up; on the way back, the answer that it came back with."""
    tried: Mapped[str] = mapped_column(default="", info=merges(Merge.FINAL))
    promise_id: Mapped[UUID | None] = mapped_column(
        default=None, info=refers("promise", Merge.FINAL)
    )
    """What the client was promised when it went up."""
    moved_at: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))
    moved_by: Mapped[UserId] = mapped_column(info=signs())
