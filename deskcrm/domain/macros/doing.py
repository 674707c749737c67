"""Does what was planned for a ticket: each part is the command that a person would give."""

from deskcrm.domain.macros.model import Handing, Macro
from deskcrm.domain.macros.planning import MacroPlan, Part
from deskcrm.domain.tags.on_tickets import tag_tickets
from deskcrm.domain.tickets.commands import (
    TicketChanges,
    add_note,
    assign_tickets,
    edit_ticket,
    reply,
    route_tickets,
    set_state,
)
from deskcrm.domain.tickets.lines import send_to_line
from deskcrm.store.work import Work


def run_plan(work: Work, macro: Macro, plan: MacroPlan) -> None:
    """Do in a ticket what applies.

    What the rules of assignment go by comes before them; the answer and the state, which may
    settle the ticket, come last.
    """
    ticket_id = plan.ticket_id
    changes: TicketChanges = {}
    if plan.part(Part.KIND) and macro.kind is not None:
        changes["kind"] = macro.kind
    if plan.part(Part.PRIORITY) and macro.priority is not None:
        changes["priority"] = macro.priority
    if changes:
        edit_ticket(work, ticket_id, **changes)
    tags = plan.part(Part.TAGS)
    for tag_id in tags.tags if tags is not None else ():
        tag_tickets(work, [ticket_id], tag_id=tag_id)
    owner = plan.part(Part.OWNER)
    if owner is not None and macro.handing is Handing.RULES:
        route_tickets(work, [ticket_id])
    elif owner is not None:
        assign_tickets(work, [ticket_id], owner_id=owner.owner_id)
    if plan.part(Part.LINE) and macro.line is not None:
        send_to_line(work, ticket_id, macro.line, reason=macro.line_reason, tried=macro.line_tried)
    note = plan.part(Part.NOTE)
    if note is not None:
        add_note(work, ticket_id, text=note.text)
    state = macro.state if plan.part(Part.STATE) else None
    answer = plan.part(Part.REPLY)
    if answer is not None:
        reply(work, ticket_id, text=answer.text, state=state)
    elif state is not None:
        set_state(work, [ticket_id], state=state, reason=macro.name)
