"""Splits a ticket that is two matters: what is picked goes into a new one, with its own number."""

from collections.abc import Sequence

from sqlalchemy import func, select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.absences.queries import get_away
from deskcrm.domain.assignment.handing import hand_by_rules, hand_over
from deskcrm.domain.attachments.model import Attachment, AttachmentId
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.merges.homes import read_in
from deskcrm.domain.merges.model import TicketSplit
from deskcrm.domain.tickets.model import (
    MessageKind,
    Ticket,
    TicketId,
    TicketMessage,
    TicketMessageId,
)
from deskcrm.domain.tickets.moving import move_on, note_transition, ticket_at_home
from deskcrm.domain.tickets.numbers import take_number
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.commands import command
from deskcrm.store.work import Missing, Work


@command("merges.split", "Split ticket")
def split_ticket(
    work: Work,
    ticket_id: TicketId,
    *,
    subject: str,
    message_ids: Sequence[TicketMessageId],
    attachment_ids: Sequence[AttachmentId] = (),
) -> TicketId:
    """Put what was picked of a thread into a new ticket, which is as old as what it begins with."""
    ticket = ticket_at_home(work, ticket_id)
    messages = _picked(work, ticket, message_ids)
    new = _new_ticket(work, ticket, subject, messages)
    for message in messages:
        message.ticket_id = TicketId(new.id)
    for attachment in _files(work, ticket, attachment_ids):
        attachment.ticket_id = TicketId(new.id)
    if any(one.kind is MessageKind.PUBLIC_REPLY for one in messages):
        move_on(work, new, TicketState.OPEN)
    _give_owner(work, new, ticket.owner_id)
    return TicketId(new.id)


def _new_ticket(
    work: Work, ticket: Ticket, subject: str, messages: Sequence[TicketMessage]
) -> Ticket:
    first = messages[0]
    who = next((one.contact_id for one in messages if one.contact_id), ticket.contact_id)
    new = Ticket(
        number=take_number(work),
        kind=ticket.kind,
        subject=subject,
        client_id=ticket.client_id,
        contact_id=who,
        channel=ticket.channel if first.channel is Channel.NOTE else first.channel,
        priority=ticket.priority,
        opened_at=first.sent_at,
        opened_by=UserId(work.actor),
    )
    work.add(new)
    note_transition(work, new, None, TicketState.NEW, first.sent_at)
    work.add(
        TicketSplit(
            ticket_id=TicketId(new.id),
            from_id=TicketId(ticket.id),
            client_id=ticket.client_id,
            split_at=work.now,
            split_by=UserId(work.actor),
        )
    )
    return new


def _picked(
    work: Work, ticket: Ticket, message_ids: Sequence[TicketMessageId]
) -> list[TicketMessage]:
    """Give the messages in order; refuses none, all, and those of another ticket."""
    of_thread = TicketMessage.ticket_id.in_(read_in(TicketId(ticket.id)))
    found = select(TicketMessage).where(
        of_thread, TicketMessage.id.in_(message_ids), ~TicketMessage.is_deleted
    )
    messages = list(work.records(found.order_by(TicketMessage.sent_at, TicketMessage.id)))
    if not message_ids:
        raise UserError(tr("Nothing is picked."), tr("Pick what belongs into the new ticket."))
    if len(messages) < len(set(message_ids)):
        raise Missing(tr("Something of this is not in the ticket any more."), tr("Pick once more."))
    all_of_it = select(func.count()).where(of_thread, ~TicketMessage.is_deleted)
    if work.scalar(all_of_it) == len(messages):
        raise UserError(
            tr("Something has to stay in the ticket."),
            tr("If all of it is another matter, give the ticket another subject."),
        )
    return messages


def _files(work: Work, ticket: Ticket, ids: Sequence[AttachmentId]) -> Sequence[Attachment]:
    of_thread = Attachment.ticket_id.in_(read_in(TicketId(ticket.id)))
    found: Sequence[Attachment] = work.records(
        select(Attachment).where(of_thread, Attachment.id.in_(ids), ~Attachment.is_deleted)
    )
    return found


def _give_owner(work: Work, new: Ticket, owner_id: UserId | None) -> None:
    """Let whoever has the first ticket have the second, else whom the rules choose."""
    owner = None if owner_id is None else work.find(User, owner_id)
    if owner_id is not None and owner and owner.is_active and get_away(work, owner_id) is None:
        hand_over(work, [new], owner_id)
    else:
        hand_by_rules(work, new)
