"""What a bulk edit came to, ticket by ticket."""

from collections.abc import Sequence

from sqlalchemy import select

from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.store.history import lines_of_step
from deskcrm.store.outcomes import Bulk, Outcome, OutcomeRow
from deskcrm.store.reader import Reader


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
    lines = {} if step is None else lines_of_step(db, step, ticket_ids, are_rows=True)
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
