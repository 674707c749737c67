"""Lines 1, 2 and 3: up with a reason, back with an answer; whoever faces the client stays."""

from typing import Final
from uuid import UUID

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.assignment.handing import check_present, hand_over
from deskcrm.domain.promises.commands import NewPromise, make_promise
from deskcrm.domain.tickets.line_steps import TicketLineStep
from deskcrm.domain.tickets.model import SupportLine, Ticket, TicketId
from deskcrm.domain.users.commands import check_assignable
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.commands import command
from deskcrm.store.work import Work

LINES: Final = tuple(SupportLine)


@command("tickets.escalate", "Escalate ticket")
def escalate(
    work: Work,
    ticket_id: TicketId,
    *,
    reason: str,
    tried: str,
    worker_id: UserId | None = None,
    promise: NewPromise | None = None,
) -> None:
    """Ask the next line of support for help; the owner goes on facing the client.

    A ticket that nobody has becomes the escalating person's: somebody must stay with the client.
    """
    ticket = _open_ticket(work, ticket_id)
    at = LINES.index(ticket.line)
    if at == len(LINES) - 1:
        raise UserError(
            tr("Ticket {number} is on the last line already.", number=ticket.number),
            tr("Hand it to another person there, or back with an answer."),
        )
    why, done = reason.strip(), tried.strip()
    if not why:
        raise UserError(tr("Say why it has to go up."), tr("The next line begins with that."))
    if not done:
        raise UserError(
            tr("Say what was tried."), tr("Even if it was nothing: nobody should try it twice.")
        )
    _check_worker(work, worker_id)
    if ticket.owner_id is None:
        hand_over(work, [ticket], UserId(work.actor))
    promised = None if promise is None else make_promise(
        work, ticket.client_id, text=promise.text, due_on=promise.due_on,
        contact_id=ticket.contact_id, ticket_id=ticket_id,
    )  # fmt: skip
    _move(work, ticket, LINES[at + 1], worker_id, why, tried=done, promise_id=promised)


@command("tickets.hand_back", "Hand back to the line before")
def hand_back(work: Work, ticket_id: TicketId, *, answer: str) -> None:
    """Give a ticket back with an answer, to whoever worked on it on the line before."""
    ticket = _open_ticket(work, ticket_id)
    _check_escalated(ticket)
    said = answer.strip()
    if not said:
        raise UserError(
            tr("Say what came of it."), tr("Whoever faces the client needs an answer to give.")
        )
    before = LINES[LINES.index(ticket.line) - 1]
    _move(work, ticket, before, _former_worker(work, ticket, before), said)


@command("tickets.work_on", "Work on it on its line")
def work_on(work: Work, ticket_id: TicketId, *, worker_id: UserId | None = None) -> None:
    """Let somebody, or oneself, be who works on an escalated ticket."""
    ticket = _open_ticket(work, ticket_id)
    _check_escalated(ticket)
    worker = worker_id or UserId(work.actor)
    if ticket.worker_id == worker:
        name = work.get(User, worker).name
        raise UserError(tr("{name} works on it already.", name=name))
    _check_worker(work, worker)
    _move(work, ticket, ticket.line, worker, "")


def send_to_line(
    work: Work, ticket_id: TicketId, line: SupportLine, *, reason: str, tried: str
) -> None:
    """Move a ticket to a line as a standing order says: up, however far, or back with an answer."""
    ticket = _open_ticket(work, ticket_id)
    is_up = LINES.index(line) > LINES.index(ticket.line)
    if is_up and ticket.owner_id is None:
        hand_over(work, [ticket], UserId(work.actor))
    worker = None if is_up else _former_worker(work, ticket, line)
    _move(work, ticket, line, worker, reason, tried=tried if is_up else "")


def set_line(work: Work, ticket: Ticket, line: SupportLine) -> None:
    """Correct the line of a ticket; that it moved is in the log as well."""
    if line is not ticket.line:
        _move(work, ticket, line, None, "")


def _open_ticket(work: Work, ticket_id: TicketId) -> Ticket:
    ticket = work.get(Ticket, ticket_id)
    if not ticket.is_open:
        raise UserError(
            tr("Ticket {number} is settled.", number=ticket.number), tr("Reopen it first.")
        )
    return ticket


def _check_escalated(ticket: Ticket) -> None:
    if ticket.line is SupportLine.FIRST:
        raise UserError(
            tr("Ticket {number} is on the first line.", number=ticket.number),
            tr("Its owner works on it; assign it to somebody else, or escalate it."),
        )


def _check_worker(work: Work, worker_id: UserId | None) -> None:
    if worker_id is not None:
        check_assignable(work, worker_id)
        if worker_id != work.actor:
            check_present(work, worker_id)


def _former_worker(work: Work, ticket: Ticket, line: SupportLine) -> UserId | None:
    """Give who worked on it last on a line; on the first one that is the owner, and none."""
    if line is SupportLine.FIRST:
        return None
    found: UserId | None = work.scalar(
        select(TicketLineStep.worker_id)
        .where(
            TicketLineStep.ticket_id == ticket.id,
            TicketLineStep.to_line == line,
            ~TicketLineStep.is_deleted,
        )
        .order_by(TicketLineStep.moved_at.desc(), TicketLineStep.id.desc())
        .limit(1)
    )
    return found


def _move(
    work: Work,
    ticket: Ticket,
    line: SupportLine,
    worker_id: UserId | None,
    reason: str,
    *,
    tried: str = "",
    promise_id: UUID | None = None,
) -> None:
    work.add(
        TicketLineStep(
            ticket_id=TicketId(ticket.id),
            client_id=ticket.client_id,
            from_line=ticket.line,
            to_line=line,
            worker_id=worker_id,
            reason=reason,
            tried=tried,
            promise_id=promise_id,
            moved_at=work.now,
            moved_by=UserId(work.actor),
        )
    )
    ticket.line, ticket.worker_id = line, worker_id
