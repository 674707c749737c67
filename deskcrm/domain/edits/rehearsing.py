"""Rehearses a bulk edit: it is really done, looked at row by row, and taken back as a whole.

So what is shown is what will come of it, by the very rules that will decide.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.clients import outcomes as clients
from deskcrm.domain.edits.commands import edit_clients, edit_tasks, edit_tickets
from deskcrm.domain.edits.fields import Editable, Way
from deskcrm.domain.tasks.model import Task
from deskcrm.domain.tickets import outcomes as tickets
from deskcrm.domain.tickets.outcomes import outcome_of
from deskcrm.store.commands import Command
from deskcrm.store.history import lines_of_step
from deskcrm.store.outcomes import Outcome, OutcomeRow
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.work import Work

_AT_ONCE: Final = 500


class Place(StrEnum):
    """Whose rows are edited."""

    CLIENTS = "clients"
    TICKETS = "tickets"
    TASKS = "tasks"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would come of a bulk edit: each row as it would be, those that refuse among them."""

    outcome: Outcome[Any]
    rows: tuple[OutcomeRow[Any], ...]

    @property
    def refused(self) -> int:
        """How many would refuse."""
        return len(self.outcome.refused)


def page_tasks(db: Reader, outcome: Outcome[Any], task_ids: Sequence[Any]) -> list[OutcomeRow[Any]]:
    """Say of some of these tasks what became of them, in the order given."""
    lines = {} if outcome.step is None else lines_of_step(db, outcome.step, task_ids, are_rows=True)
    named = dict(db.all(select(Task.id, Task.title).where(Task.id.in_(task_ids))))
    changed = frozenset(outcome.changed)
    return [
        OutcomeRow(one, named[one], "", one in changed, tuple(lines.get(one, ())))
        for one in task_ids
        if one in named
    ]


_PAGES: Final[dict[Place, Callable[..., list[OutcomeRow[Any]]]]] = {
    Place.CLIENTS: clients.page_outcome,
    Place.TICKETS: tickets.page_outcome,
    Place.TASKS: page_tasks,
}
_COMMANDS: Final[dict[Place, Command[..., Any]]] = {
    Place.CLIENTS: edit_clients,
    Place.TICKETS: edit_tickets,
    Place.TASKS: edit_tasks,
}


def rehearse(
    job: Job, store: Store, place: Place, ids: Sequence[Any], field: Editable, way: Way, text: str
) -> Rehearsal:
    """Say what a bulk edit would do to each row; nothing is changed. Raises UserError."""

    def run(work: Work) -> Rehearsal:
        bulk = _COMMANDS[place](work, ids, field=field, way=way, text=text, job=job)
        outcome = outcome_of(work.finish(), bulk, ids)
        return Rehearsal(outcome, tuple(_rows(job, work, place, outcome)))

    return store.rehearse(run)


def carry_out(
    job: Job, store: Store, place: Place, ids: Sequence[Any], field: Editable, way: Way, text: str
) -> Outcome[Any]:
    """Do a bulk edit as one step, which undo puts back; cancelled, it has changed nothing."""
    done = store.do(_COMMANDS[place], ids, field=field, way=way, text=text, job=job)
    return outcome_of(done.step, done.value, ids)


def page_outcome(
    place: Place,
) -> Callable[[Reader, Outcome[Any], Sequence[Any]], list[OutcomeRow[Any]]]:
    """Give what reads rows of an outcome, with the reason of each that refused."""

    def page(db: Reader, outcome: Outcome[Any], ids: Sequence[UUID]) -> list[OutcomeRow[Any]]:
        return [
            replace(row, refused=outcome.refused.get(row.id, ""))
            for row in _PAGES[place](db, outcome, ids)
        ]

    return page


def _rows(job: Job, work: Work, place: Place, outcome: Outcome[Any]) -> list[OutcomeRow[Any]]:
    read = page_outcome(place)
    every = [*(one for one in outcome.same if one in outcome.refused), *outcome.changed]
    every += [one for one in outcome.same if one not in outcome.refused]
    rows: list[OutcomeRow[Any]] = []
    for start in range(0, len(every), _AT_ONCE):
        job.progress(start, len(every), tr("Looking at each row"))
        rows += read(work, outcome, every[start : start + _AT_ONCE])
    return rows
