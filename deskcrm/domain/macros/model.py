"""The table of macros."""

from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.names import one_line
from deskcrm.domain.templates.model import ReplyTemplateId
from deskcrm.domain.templates.variables import parse
from deskcrm.domain.tickets.model import Priority, SupportLine, TicketKind
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.model import UserId
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges, refers

MacroId = NewType("MacroId", UUID)

LONGEST: Final = 20_000


class Handing(StrEnum):
    """Whose a macro makes a ticket."""

    ME = "me"
    PERSON = "person"
    RULES = "rules"
    NOBODY = "nobody"


class Macro(Record, kw_only=True):
    """What is done together; a column for each thing, so that two people's edits of it merge.

    None, or an empty text, leaves a thing as it is. The scope says whether it is one's own or
    everybody's.
    """

    __tablename__ = "macro"
    __title__ = "name"

    name: Mapped[str]
    template_id: Mapped[ReplyTemplateId | None] = mapped_column(
        default=None, info=refers("reply_template")
    )
    note: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))
    """An internal note, with the variables of reply templates."""
    kind: Mapped[TicketKind | None] = mapped_column(default=None)
    priority: Mapped[Priority | None] = mapped_column(default=None)
    state: Mapped[TicketState | None] = mapped_column(default=None)
    handing: Mapped[Handing | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="owner")
    )
    owner_id: Mapped[UserId | None] = mapped_column(
        default=None, info={**refers("user"), "group": "owner"}
    )
    line: Mapped[SupportLine | None] = mapped_column(default=None)
    line_reason: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))
    """Why the ticket goes up; on the way back, the answer that it comes back with."""
    line_tried: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))
    tags: Mapped[list[str]] = mapped_column(default_factory=list, server_default="[]")
    """The tags that it adds, by their ids."""

    def rename(self, name: str) -> None:
        """Give the macro another name."""
        name = one_line(name)
        if not name:
            raise UserError(tr("A macro needs a name."), tr("Type the name and save again."))
        self.name = name

    def check(self) -> None:
        """Refuse a macro that does nothing, or that could not do what it says."""
        parse(self.note)
        if len(self.note) > LONGEST:
            raise UserError(
                tr("This note is too long."), tr("Attach a file or link an article instead.")
            )
        if not (self.template_id or self.note or self.kind or self.priority or self.state
                or self.handing or self.line or self.tags):  # fmt: skip
            raise UserError(
                tr("The macro does nothing."), tr("Choose at least one thing that it does.")
            )
        if self.state is TicketState.NEW:
            raise UserError(tr("No ticket becomes new again."), tr("Choose another state."))
        self._check_owner()
        self._check_line()

    def _check_owner(self) -> None:
        if self.handing is not Handing.PERSON:
            self.owner_id = None
        elif self.owner_id is None:
            raise UserError(
                tr("The macro does not say whose the ticket becomes."), tr("Choose the person.")
            )

    def _check_line(self) -> None:
        if self.line is None:
            return
        if not self.line_reason:
            raise UserError(
                tr("Say why the ticket moves to another line."),
                tr("Whoever works on it there begins with that."),
            )
        if self.line is not SupportLine.FIRST and not self.line_tried:
            raise UserError(
                tr("Say what was tried."), tr("Even if it was nothing: nobody should try it twice.")
            )
