"""The tables of tags, and of which client and which ticket wears which."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.ids import meant_id
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId, FoldedText
from deskcrm.domain.names import fold, one_line
from deskcrm.domain.tickets.model import TicketId
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, follows, merges, refers

TagId = NewType("TagId", UUID)


class TagColour(StrEnum):
    """A colour by its token; the theme says how it looks in light and in dark."""

    GREY = "grey"
    BLUE = "blue"
    TEAL = "teal"
    GREEN = "green"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"
    PURPLE = "purple"


class Tag(Record, kw_only=True):
    """A word that can be put on clients and on tickets.

    ``folded`` makes spellings of one word alike (ё and е, capitals). Two people offline who make
    the same tag make one, since its id is worked out from it. It is not unique in the database: a
    tag can be renamed apart to what another is called, and then the two are merged.
    """

    __tablename__ = "tag"
    __title__ = "name"

    name: Mapped[str] = mapped_column(info=merges(Merge.REGISTER, group="name"))
    folded: Mapped[str] = mapped_column(FoldedText, default="", info=follows("name"), index=True)
    colour: Mapped[TagColour] = mapped_column(default=TagColour.GREY)

    def __post_init__(self) -> None:
        self.rename(self.name)

    def rename(self, name: str) -> None:
        """Give the tag another name, and keep its folded form in step."""
        name = one_line(name)
        if not name:
            raise UserError(tr("A tag needs a name."), tr("Type the name and save again."))
        self.name, self.folded = name, fold(name)


class ClientTag(Record, kw_only=True):
    """That a client wears a tag; a record of its own, so that an add wins over a removal."""

    __tablename__ = "client_tag"
    __subject__ = "client_id"
    __title__ = "tag_id"
    __table_args__ = (Index(None, "tag_id", "is_deleted", "client_id"),)

    client_id: Mapped[ClientId] = mapped_column(info=refers("client", Merge.FINAL), index=True)
    tag_id: Mapped[TagId] = mapped_column(info=refers("tag", Merge.FINAL))

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the one id of this tag on this client, whoever puts it on."""
        return meant_id("client_tag", values["client_id"], values["tag_id"])


class TicketTag(Record, kw_only=True):
    """That a ticket wears a tag of its own, beside those of its client; as ``ClientTag`` is."""

    __tablename__ = "ticket_tag"
    __subject__ = "client_id"
    __title__ = "tag_id"
    __table_args__ = (Index(None, "tag_id", "is_deleted", "ticket_id"),)

    ticket_id: Mapped[TicketId] = mapped_column(info=refers("ticket", Merge.FINAL), index=True)
    tag_id: Mapped[TagId] = mapped_column(info=refers("tag", Merge.FINAL))
    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the one id of this tag on this ticket, whoever puts it on."""
        return meant_id("ticket_tag", values["ticket_id"], values["tag_id"])
