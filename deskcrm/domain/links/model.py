"""The table of links between tickets."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.ids import meant_id
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.tickets.model import TicketId
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges, refers

TicketLinkId = NewType("TicketLinkId", UUID)


class LinkKind(StrEnum):
    """What the ticket is to the other; related tickets are so either way."""

    RELATED = "related"
    DUPLICATE_OF = "duplicate_of"
    CAUSED_BY = "caused_by"
    BLOCKS = "blocks"

    @property
    def has_direction(self) -> bool:
        """Tell whether it matters which of the two is which."""
        return self is not LinkKind.RELATED


class TicketLink(Record, kw_only=True):
    """That one ticket has to do with another, and what; two who link the same make one link."""

    __tablename__ = "ticket_link"
    __subject__ = "client_id"
    __table_args__ = (Index(None, "ticket_id"), Index(None, "other_id"))

    kind: Mapped[LinkKind] = mapped_column(info=merges(Merge.FINAL))
    ticket_id: Mapped[TicketId] = mapped_column(info=refers("ticket", Merge.FINAL))
    other_id: Mapped[TicketId] = mapped_column(info=refers("ticket", Merge.FINAL))
    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    """The client of the first ticket."""

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the one id of this link, whoever makes it, and from whichever end."""
        kind, ends = LinkKind(values["kind"]), [values["ticket_id"], values["other_id"]]
        return meant_id("ticket_link", kind, *(ends if kind.has_direction else sorted(ends)))
