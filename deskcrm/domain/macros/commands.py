"""Makes macros, changes them, shares them, takes them away, and does in tickets what they say."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict, Unpack

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.macros.doing import run_plan
from deskcrm.domain.macros.model import Handing, Macro, MacroId
from deskcrm.domain.macros.planning import plan_for
from deskcrm.domain.naming import check_name_free
from deskcrm.domain.tags.model import Tag, TagId
from deskcrm.domain.templates.model import ReplyTemplate, ReplyTemplateId
from deskcrm.domain.tickets.model import Priority, SupportLine, TicketId, TicketKind
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.commands import check_assignable
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.outcomes import Bulk
from deskcrm.store.tables import WORKSPACE
from deskcrm.store.work import Work

MOST: Final = 500
"""Each ticket gets a reply of its own: more than these would hold up all that is written."""


class MacroTerms(TypedDict, total=False):
    """What a macro does, and who has it; only what is given is written."""

    is_shared: bool
    template_id: ReplyTemplateId | None
    note: str
    kind: TicketKind | None
    priority: Priority | None
    state: TicketState | None
    handing: Handing | None
    owner_id: UserId | None
    line: SupportLine | None
    line_reason: str
    line_tried: str
    tags: Sequence[TagId]


class MacroChanges(MacroTerms, total=False):
    """What can be edited of a macro."""

    name: str


@command("macros.create", "Create macro")
def create_macro(work: Work, /, *, name: str, **terms: Unpack[MacroTerms]) -> MacroId:
    """Make a macro, for oneself unless it is to be shared."""
    macro = Macro(name=name)
    macro.scope = work.actor
    _change(work, macro, {**terms, "name": name})
    return MacroId(work.add(macro).id)


@command("macros.edit", "Edit macro")
def edit_macro(work: Work, /, macro_id: MacroId, **changes: Unpack[MacroChanges]) -> None:
    """Change what a macro does, how it is called, or who has it."""
    _change(work, work.get(Macro, macro_id), changes)


@command("macros.delete", "Delete macro")
def delete_macro(work: Work, macro_id: MacroId) -> None:
    """Take a macro away; what was done with it stays."""
    work.delete(work.get(Macro, macro_id))


@command("macros.apply", "Apply macro")
def apply_macro(
    work: Work, macro_id: MacroId, *, ticket_ids: Sequence[TicketId], text: str = ""
) -> Bulk:
    """Do in tickets what a macro says, as one step; what does not apply to one is left out.

    ``text`` stands for the filled template, where it was looked over for one ticket.
    """
    macro = work.get(Macro, macro_id)
    wanted = list(dict.fromkeys(ticket_ids))
    if len(wanted) > MOST:
        raise UserError(
            tr("A macro is applied to at most {n} tickets at once.", n=MOST),
            tr("Pick fewer of them, and repeat."),
        )
    if text and len(wanted) > 1:
        raise UserError(
            tr("One text cannot answer several clients."),
            tr("Apply the macro without changing its reply, or to one ticket."),
        )
    done: list[TicketId] = []
    left: dict[TicketId, str] = {}
    for ticket_id in wanted:
        plan = plan_for(work, macro, ticket_id, text=text)
        if plan.obstacle:
            left[ticket_id] = plan.obstacle
        else:
            run_plan(work, macro, plan)
            done.append(ticket_id)
    if not done:
        why = next(iter(left.values()), tr("No ticket is chosen."))
        raise UserError(why, _nothing_done(left))
    return Bulk(tuple(done), left)


def _nothing_done(left: Mapping[TicketId, str]) -> str:
    if len(left) > 1:
        return tr("The macro does nothing in any of these tickets.")
    return tr("Nothing was changed.")


_PLAIN = ("template_id", "kind", "priority", "state", "handing", "owner_id", "line")
_TEXTS = ("note", "line_reason", "line_tried")


def _change(work: Work, macro: Macro, changes: MacroChanges) -> None:
    given: dict[str, Any] = {**changes}
    if "name" in given:
        macro.rename(given["name"])
    if "is_shared" in given:
        macro.scope = WORKSPACE if given["is_shared"] else work.actor
    for key in _PLAIN:
        if key in given:
            setattr(macro, key, given[key])
    for key in _TEXTS:
        if key in given:
            setattr(macro, key, given[key].strip())
    if "tags" in given:
        macro.tags = sorted(work.get(Tag, one).id.hex for one in set(given["tags"]))
    macro.check()
    if given.get("owner_id") is not None and macro.owner_id is not None:
        check_assignable(work, macro.owner_id)
    _check_template(work, macro)
    title = tr("There is a macro “{name}” already.", name=macro.name)
    check_name_free(work, macro, title, Macro.scope == macro.scope)


def _check_template(work: Work, macro: Macro) -> None:
    """Refuse to share a macro whose reply the others would not have."""
    if macro.template_id is None:
        return
    template = work.get(ReplyTemplate, macro.template_id)
    if macro.scope == WORKSPACE and template.scope != WORKSPACE:
        raise UserError(
            tr("Only you have the reply template “{name}”.", name=template.name),
            tr("Share it first, or keep the macro for yourself."),
        )
