"""Answers about macros: the list, and what one would do in a ticket."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from deskcrm.domain.macros.model import Handing, Macro, MacroId
from deskcrm.domain.macros.planning import MacroPlan, plan_for
from deskcrm.domain.names import sort_key
from deskcrm.domain.tags.model import TagId
from deskcrm.domain.templates.model import ReplyTemplate, ReplyTemplateId
from deskcrm.domain.tickets.model import Priority, SupportLine, TicketId, TicketKind
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.reader import Reader
from deskcrm.store.tables import WORKSPACE


@dataclass(frozen=True, slots=True)
class MacroRow:
    """A macro, as lists and its form show it."""

    id: MacroId
    name: str
    is_shared: bool
    template_id: ReplyTemplateId | None
    template: str
    note: str
    kind: TicketKind | None
    priority: Priority | None
    state: TicketState | None
    handing: Handing | None
    owner_id: UserId | None
    owner: str
    line: SupportLine | None
    line_reason: str
    line_tried: str
    tags: tuple[TagId, ...]


def list_macros(db: Reader) -> list[MacroRow]:
    """List one's own and the shared macros, by name."""
    rows = db.all(
        select(Macro.__table__, ReplyTemplate.name.label("template"), User.name.label("owner"))
        .outerjoin(
            ReplyTemplate, (ReplyTemplate.id == Macro.template_id) & ~ReplyTemplate.is_deleted
        )
        .outerjoin(User, User.id == Macro.owner_id)
        .where(~Macro.is_deleted, or_(Macro.scope == WORKSPACE, Macro.scope == db.actor))
        .order_by(Macro.id)
    )
    found = [
        MacroRow(
            MacroId(row.id),
            row.name,
            row.scope == WORKSPACE,
            row.template_id,
            row.template or "",
            row.note,
            row.kind,
            row.priority,
            row.state,
            row.handing,
            row.owner_id,
            row.owner or "",
            row.line,
            row.line_reason,
            row.line_tried,
            tuple(TagId(UUID(one)) for one in row.tags),
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: sort_key(row.name))


def plan_macro(db: Reader, macro_id: MacroId, *, ticket_id: TicketId) -> MacroPlan | None:
    """Say what a macro would do in a ticket; None when the macro is not there any more."""
    found = db.first(select(Macro.__table__).where(Macro.id == macro_id, ~Macro.is_deleted))
    if found is None:
        return None
    macro = Macro(
        name=found.name,
        template_id=found.template_id,
        note=found.note,
        kind=found.kind,
        priority=found.priority,
        state=found.state,
        handing=found.handing,
        owner_id=found.owner_id,
        line=found.line,
        line_reason=found.line_reason,
        line_tried=found.line_tried,
        tags=found.tags,
    )
    return plan_for(db, macro, ticket_id)
