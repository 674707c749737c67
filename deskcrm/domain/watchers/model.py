"""The table of who watches which ticket."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.ids import meant_id
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.users.model import UserId
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, refers


class TicketWatcher(Record, kw_only=True):
    """That a person watches a ticket: a record of its own, so that an add wins over a removal."""

    __tablename__ = "ticket_watcher"
    __subject__ = "client_id"
    __table_args__ = (Index(None, "ticket_id"), Index(None, "user_id"))

    ticket_id: Mapped[TicketId] = mapped_column(info=refers("ticket", Merge.FINAL))
    user_id: Mapped[UserId] = mapped_column(info=refers("user", Merge.FINAL))
    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    began_at: Mapped[datetime]
    """What came before is no news to them."""

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the one id of this person's watching this ticket, whoever asked for it."""
        return meant_id("ticket_watcher", values["ticket_id"], values["user_id"])
