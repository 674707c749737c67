"""What a bulk edit came to, client by client."""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import select

from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.store.history import lines_of_step, list_touched
from deskcrm.store.outcomes import Outcome, OutcomeRow
from deskcrm.store.reader import Reader

_AT_ONCE: Final = 500


def get_outcome(db: Reader, step: int | None, client_ids: Sequence[ClientId]) -> Outcome[ClientId]:
    """Sort out which of the clients that were picked the step has touched."""
    touched = list_touched(db, step) if step is not None else frozenset()
    names: dict[ClientId, str] = {}
    for some in _batches(client_ids):
        rows = db.all(select(Client.id, Client.sort_name).where(Client.id.in_(some)))
        names.update((ClientId(row.id), row.sort_name) for row in rows)
    by_name = sorted(names, key=lambda one: (names[one], one))
    return Outcome(
        step,
        tuple(one for one in by_name if one in touched),
        tuple(one for one in by_name if one not in touched),
    )


def page_outcome(
    db: Reader, outcome: Outcome[ClientId], client_ids: Sequence[ClientId]
) -> list[OutcomeRow[ClientId]]:
    """Say of some of these clients what became of them, in the order given."""
    lines = lines_of_step(db, outcome.step, client_ids) if outcome.step is not None else {}
    rows = {
        row.id: row
        for row in db.all(
            select(Client.id, Client.name, Client.city).where(Client.id.in_(client_ids))
        )
    }
    return [
        OutcomeRow(one, rows[one].name, rows[one].city, one in lines, tuple(lines.get(one, ())))
        for one in client_ids
        if one in rows
    ]


def _batches(client_ids: Sequence[ClientId]) -> Iterator[Sequence[ClientId]]:
    for start in range(0, len(client_ids), _AT_ONCE):
        yield client_ids[start : start + _AT_ONCE]
