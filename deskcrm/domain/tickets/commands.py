"""Opens tickets, answers in them, moves them on, and hands them over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypedDict, Unpack

from sqlalchemy import Select, or_, select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.assignment.handing import hand_all_by_rules, hand_by_rules, hand_over
from deskcrm.domain.assignment.model import TicketAssignment
from deskcrm.domain.attachments.model import Attachment
from deskcrm.domain.belonging import check_client, check_contact
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.knowledge.addresses import check_for_client
from deskcrm.domain.links.model import TicketLink
from deskcrm.domain.merges.homes import read_in
from deskcrm.domain.merges.model import TicketMerge
from deskcrm.domain.promises.commands import NewPromise, make_promise
from deskcrm.domain.queue.model import TicketSkip
from deskcrm.domain.tags.model import TicketTag
from deskcrm.domain.templates.variables import check_filled
from deskcrm.domain.tickets.line_steps import TicketLineStep
from deskcrm.domain.tickets.lines import set_line
from deskcrm.domain.tickets.model import (
    MessageKind,
    Priority,
    SupportLine,
    Ticket,
    TicketId,
    TicketKind,
    TicketMessage,
    TicketMessageId,
    TicketTransition,
)
from deskcrm.domain.tickets.moving import (
    check_at_home,
    checking_homes,
    move_on,
    note_transition,
    ticket_at_home,
    tickets_of,
)
from deskcrm.domain.tickets.numbers import take_number
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.model import UserId
from deskcrm.domain.watchers.model import TicketWatcher
from deskcrm.store.commands import command
from deskcrm.store.outcomes import Bulk, each
from deskcrm.store.work import Work


class TicketChanges(TypedDict, total=False):
    """What can be edited of a ticket; only what is given is written."""

    subject: str
    kind: TicketKind
    priority: Priority
    channel: Channel
    line: SupportLine
    contact_id: ContactId | None


@command("tickets.open", "Open ticket")
def open_ticket(
    work: Work,
    client_id: ClientId,
    *,
    subject: str,
    text: str = "",
    kind: TicketKind = TicketKind.INCIDENT,
    channel: Channel = Channel.CALL,
    priority: Priority = Priority.NORMAL,
    contact_id: ContactId | None = None,
    owner_id: UserId | None = None,
    opened_at: datetime | None = None,
) -> TicketId:
    """Open a ticket; ``text`` is what the client said, and begins the thread.

    Without an owner the rules of assignment choose one, if there are rules for such a ticket.
    """
    check_client(work, client_id)
    check_contact(work, contact_id, client_id)
    at = _past(work, opened_at)
    ticket = Ticket(
        number=take_number(work),
        kind=kind,
        subject=subject,
        client_id=client_id,
        contact_id=contact_id,
        channel=channel,
        priority=priority,
        opened_at=at,
        opened_by=UserId(work.actor),
    )
    work.add(ticket)
    note_transition(work, ticket, None, TicketState.NEW, at)
    if text.strip():
        _say(work, ticket, MessageKind.CLIENT_WORD, text, channel, at, contact_id)
    if owner_id is None:
        hand_by_rules(work, ticket)
    else:
        hand_over(work, [ticket], owner_id)
    return TicketId(ticket.id)


@command("tickets.reply", "Reply")
def reply(
    work: Work,
    ticket_id: TicketId,
    *,
    text: str,
    channel: Channel | None = None,
    state: TicketState | None = None,
    promises: Sequence[NewPromise] = (),
) -> TicketMessageId:
    """Answer the client; a ticket that was new is then open, unless another state is given."""
    check_filled(text)
    check_for_client(text)
    ticket = ticket_at_home(work, ticket_id)
    message = _say(
        work, ticket, MessageKind.PUBLIC_REPLY, text, channel or ticket.channel, work.now
    )
    if state is None and ticket.state is TicketState.NEW:
        state = TicketState.OPEN
    if state is not None and state is not ticket.state:
        move_on(work, ticket, state)
    for one in promises:
        make_promise(
            work,
            ticket.client_id,
            text=one.text,
            due_on=one.due_on,
            contact_id=ticket.contact_id,
            ticket_id=ticket_id,
        )
    return message


@command("tickets.add_note", "Add internal note")
def add_note(work: Work, ticket_id: TicketId, *, text: str) -> TicketMessageId:
    """Write something in the thread that the client does not see."""
    ticket = ticket_at_home(work, ticket_id)
    return _say(work, ticket, MessageKind.INTERNAL_NOTE, text, Channel.NOTE, work.now)


@command("tickets.client_wrote", "Log client's word")
def client_wrote(
    work: Work,
    ticket_id: TicketId,
    *,
    text: str,
    channel: Channel | None = None,
    contact_id: ContactId | None = None,
    sent_at: datetime | None = None,
) -> TicketMessageId:
    """Add what the client said; a ticket that was settled or waited for it is open again.

    Who settles it meanwhile elsewhere has not seen this: it stays as open as it was.
    """
    ticket = ticket_at_home(work, ticket_id)
    check_contact(work, contact_id, ticket.client_id)
    at = _past(work, sent_at)
    who = contact_id or ticket.contact_id
    message = _say(work, ticket, MessageKind.CLIENT_WORD, text, channel or ticket.channel, at, who)
    if not ticket.is_open or ticket.state is TicketState.WAITING_ON_CLIENT:
        move_on(work, ticket, TicketState.OPEN)
    else:
        work.insist(ticket, "state")
    return message


@command("tickets.set_state", "Set state")
def set_state(
    work: Work, ticket_ids: Sequence[TicketId], *, state: TicketState, reason: str = ""
) -> Bulk:
    """Move tickets on. Those that are there already stay; those that cannot go there say why."""

    tickets = tickets_of(work, ticket_ids)
    check = checking_homes(work, tickets)

    def move(ticket: Ticket) -> bool:
        if ticket.state is state:
            return False
        check(ticket)
        move_on(work, ticket, state, reason=reason)
        return True

    return each(tickets, move)


@command("tickets.reopen", "Reopen ticket")
def reopen_ticket(work: Work, ticket_id: TicketId, *, reason: str = "") -> None:
    """Take up a settled ticket again."""
    ticket = _to_change(work, ticket_id)
    if ticket.is_open:
        raise UserError(tr("Ticket {number} is still open.", number=ticket.number))
    move_on(work, ticket, TicketState.OPEN, reason=reason)


@command("tickets.assign", "Assign ticket")
def assign_tickets(work: Work, ticket_ids: Sequence[TicketId], *, owner_id: UserId | None) -> Bulk:
    """Make a person, or nobody, responsible for tickets."""

    tickets = tickets_of(work, ticket_ids)
    check = checking_homes(work, tickets)

    def is_other(ticket: Ticket) -> bool:
        check(ticket)
        return ticket.owner_id != owner_id

    outcome = each(tickets, is_other)
    changed = set(outcome.changed)
    hand_over(work, [one for one in tickets if one.id in changed], owner_id)
    return outcome


@command("tickets.route", "Assign by the rules")
def route_tickets(work: Work, ticket_ids: Sequence[TicketId]) -> int:
    """Let the rules of assignment choose whose tickets become; gives how many got an owner."""
    return hand_all_by_rules(work, tickets_of(work, ticket_ids))


@command("tickets.claim", "Claim ticket")
def claim_ticket(work: Work, ticket_id: TicketId) -> None:
    """Make oneself responsible for a ticket that nobody has."""
    ticket = _to_change(work, ticket_id)
    if ticket.owner_id == work.actor:
        raise UserError(tr("Ticket {number} is yours already.", number=ticket.number))
    if ticket.owner_id is not None:
        raise UserError(
            tr("Somebody else has ticket {number}.", number=ticket.number),
            tr("Ask them, or assign it to yourself if it must move."),
        )
    hand_over(work, [ticket], UserId(work.actor))


@command("tickets.set_priority", "Set priority")
def set_priority(work: Work, ticket_ids: Sequence[TicketId], *, priority: Priority) -> Bulk:
    """Set how pressing tickets are."""

    tickets = tickets_of(work, ticket_ids)
    check = checking_homes(work, tickets)

    def change(ticket: Ticket) -> bool:
        if ticket.priority is priority:
            return False
        check(ticket)
        ticket.priority = priority
        return True

    return each(tickets, change)


@command("tickets.edit", "Edit ticket")
def edit_ticket(work: Work, /, ticket_id: TicketId, **changes: Unpack[TicketChanges]) -> None:
    """Change what is known of a ticket."""
    ticket = _to_change(work, ticket_id)
    if "subject" in changes:
        ticket.retitle(changes["subject"])
    if "kind" in changes:
        ticket.kind = changes["kind"]
    if "priority" in changes:
        ticket.priority = changes["priority"]
    if "channel" in changes:
        ticket.channel = changes["channel"]
    if "line" in changes:
        set_line(work, ticket, changes["line"])
    if "contact_id" in changes:
        check_contact(work, changes["contact_id"], ticket.client_id)
        ticket.contact_id = changes["contact_id"]


@command("tickets.delete", "Delete ticket")
def delete_tickets(work: Work, ticket_ids: Sequence[TicketId]) -> int:
    """Delete tickets with their threads and attachments; gives how many.

    What was merged into them goes along: it is read there.
    """
    tickets = tickets_of(work, ticket_ids)
    along = {one for ticket in tickets for one in work.scalars(read_in(TicketId(ticket.id)))}
    for ticket_id in sorted(along):
        ticket = work.get(Ticket, ticket_id)
        for model in _PARTS:
            said = select(model).where(model.ticket_id == ticket_id, ~model.is_deleted)
            for row in work.records(said):
                work.delete(row)
        for link in work.records(_links_of(ticket)):
            work.delete(link)
        work.delete(ticket)
    return len(tickets)


_PARTS: Final = (
    TicketMessage,
    TicketTransition,
    TicketAssignment,
    TicketLineStep,
    TicketSkip,
    TicketWatcher,
    TicketTag,
    TicketMerge,
    Attachment,
)
"""What goes with a ticket when it is deleted."""


def _links_of(ticket: Ticket) -> Select[TicketLink]:
    ends = or_(TicketLink.ticket_id == ticket.id, TicketLink.other_id == ticket.id)
    return select(TicketLink).where(ends, ~TicketLink.is_deleted)


def _to_change(work: Work, ticket_id: TicketId) -> Ticket:
    ticket = work.get(Ticket, ticket_id)
    check_at_home(work, ticket)
    return ticket


def _past(work: Work, moment: datetime | None) -> datetime:
    """Give a moment that is not to come; now if none is given."""
    return work.now if moment is None else min(moment, work.now)


def _say(
    work: Work,
    ticket: Ticket,
    kind: MessageKind,
    text: str,
    channel: Channel,
    at: datetime,
    contact_id: ContactId | None = None,
) -> TicketMessageId:
    is_theirs = kind is MessageKind.CLIENT_WORD
    message = TicketMessage(
        ticket_id=TicketId(ticket.id),
        client_id=ticket.client_id,
        kind=kind,
        text=text,
        channel=channel,
        author_id=None if is_theirs else UserId(work.actor),
        contact_id=contact_id if is_theirs else None,
        sent_at=at,
    )
    return TicketMessageId(work.add(message).id)
