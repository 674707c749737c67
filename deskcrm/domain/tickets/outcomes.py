"""What a bulk edit came to, ticket by ticket."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select

from deskcrm.domain.tags.model import TicketTag
from deskcrm.domain.tickets.model import Ticket, TicketId, TicketMessage
from deskcrm.store.history import lines_of_step
from deskcrm.store.outcomes import Bulk, Outcome, OutcomeRow
from deskcrm.store.reader import Reader
from deskcrm.store.tables import change_table


def outcome_of(step: int | None, bulk: Bulk, ticket_ids: Sequence[TicketId]) -> Outcome[TicketId]:
    """Sort out what became of the tickets that were picked; those that were refused come first."""
    changed = frozenset(bulk.changed)
    same = [one for one in ticket_ids if one not in changed]
    return Outcome(
        step,
        tuple(one for one in ticket_ids if one in changed),
        tuple(sorted(same, key=lambda one: one not in bulk.refused)),
        bulk.refused,
    )


def page_outcome(
    db: Reader, outcome: Outcome[TicketId], ticket_ids: Sequence[TicketId]
) -> list[OutcomeRow[TicketId]]:
    """Say of some of these tickets what became of them, in the order given."""
    step, changed = outcome.step, frozenset(outcome.changed)
    lines = {} if step is None else _lines(db, step, ticket_ids)
    found = select(Ticket.id, Ticket.number, Ticket.subject).where(Ticket.id.in_(ticket_ids))
    names = {row.id: f"#{row.number} {row.subject}" for row in db.all(found)}
    return [
        OutcomeRow(
            one, names[one], "", one in changed, tuple(lines.get(one, ())),
            outcome.refused.get(one, ""),
        )
        for one in ticket_ids
        if one in names
    ]  # fmt: skip


_BESIDE: Final = (TicketMessage, TicketTag)
"""What a bulk edit adds to tickets as records of their own."""


def _lines(db: Reader, step: int, ticket_ids: Sequence[TicketId]) -> dict[UUID, list[str]]:
    """Say what a step changed in each of these tickets, and what it added to them."""
    whose: dict[UUID, UUID] = {one: one for one in ticket_ids}
    written = select(change_table.c.row_id).where(change_table.c.step == step)
    for model in _BESIDE:
        rows = select(model.id, model.ticket_id).where(
            model.ticket_id.in_(ticket_ids), model.id.in_(written)
        )
        whose.update((row[0], row[1]) for row in db.all(rows))
    said: dict[UUID, list[str]] = {}
    for row_id, lines in lines_of_step(db, step, list(whose), are_rows=True).items():
        said.setdefault(whose[row_id], []).extend(lines)
    return said
