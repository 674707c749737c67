"""How a ticket went through the lines of support, and the time on each, worked out from the log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from deskcrm.base.words import tr
from deskcrm.domain.promises.model import Promise
from deskcrm.domain.tickets.line_steps import TicketLineStep
from deskcrm.domain.tickets.model import SupportLine, Ticket, TicketId, TicketTransition
from deskcrm.domain.users.model import User
from deskcrm.store.reader import Reader


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """A move between lines, as the thread shows it. ``reason`` is the answer on the way back."""

    at: datetime
    before: SupportLine
    after: SupportLine
    worker: str
    reason: str
    tried: str
    promised: str
    author: str


@dataclass(frozen=True, slots=True)
class LineStay:
    """A stay on one line; without ``until`` it lasts. ``spent``: while the ticket was open."""

    line: SupportLine
    worker: str
    since: datetime
    until: datetime | None
    spent: timedelta


def line_words(line: SupportLine) -> str:
    """Name a line."""
    return tr("Line {n}", n=line.value)


def list_line_steps(db: Reader, ticket_id: TicketId) -> list[ThreadLine]:
    """List a ticket's moves between lines, the oldest first."""
    worker, author = aliased(User), aliased(User)
    rows = db.all(
        select(
            TicketLineStep.moved_at,
            TicketLineStep.from_line,
            TicketLineStep.to_line,
            func.coalesce(worker.name, ""),
            TicketLineStep.reason,
            TicketLineStep.tried,
            func.coalesce(Promise.text, ""),
            func.coalesce(author.name, ""),
        )
        .outerjoin(worker, worker.id == TicketLineStep.worker_id)
        .outerjoin(author, author.id == TicketLineStep.moved_by)
        .outerjoin(Promise, Promise.id == TicketLineStep.promise_id)
        .where(TicketLineStep.ticket_id == ticket_id, ~TicketLineStep.is_deleted)
        .order_by(TicketLineStep.moved_at, TicketLineStep.id)
    )
    return [ThreadLine(*row) for row in rows]


def list_stays(db: Reader, ticket_id: TicketId) -> list[LineStay]:
    """List where a ticket stayed, one after another; one stay if it never moved."""
    opened = db.scalar(select(Ticket.opened_at).where(Ticket.id == ticket_id))
    if opened is None:
        return []
    steps = list_line_steps(db, ticket_id)
    first = steps[0].before if steps else SupportLine.FIRST
    begins = [(opened, first, ""), *((one.at, one.after, one.worker) for one in steps)]
    ends: Sequence[datetime | None] = [*(one.at for one in steps), None]
    spans = list(_open_spans(db, ticket_id, opened))
    return [
        LineStay(line, worker, since, until, _within(spans, since, until or db.now))
        for (since, line, worker), until in zip(begins, ends, strict=True)
    ]


def time_per_line(stays: Iterable[LineStay]) -> dict[SupportLine, timedelta]:
    """Add up the stays, line by line; lines that it never was on are left out."""
    spent: dict[SupportLine, timedelta] = {}
    for stay in stays:
        spent[stay.line] = spent.get(stay.line, timedelta()) + stay.spent
    return spent


def _open_spans(
    db: Reader, ticket_id: TicketId, opened: datetime
) -> Iterable[tuple[datetime, datetime]]:
    """Give when the ticket was open: settled time is nobody's."""
    moves = db.all(
        select(TicketTransition.happened_at, TicketTransition.to_state)
        .where(TicketTransition.ticket_id == ticket_id, ~TicketTransition.is_deleted)
        .order_by(TicketTransition.happened_at, TicketTransition.id)
    )
    since: datetime | None = opened
    for at, state in moves:
        if since is not None and not state.is_open:
            yield since, at
            since = None
        elif since is None and state.is_open:
            since = at
    if since is not None:
        yield since, db.now


def _within(
    spans: Iterable[tuple[datetime, datetime]], since: datetime, until: datetime
) -> timedelta:
    parts = (min(end, until) - max(begin, since) for begin, end in spans)
    return sum((part for part in parts if part > timedelta()), timedelta())
