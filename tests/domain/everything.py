"""Every command of the program, what each is called with, and all that it may change."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

import deskcrm.domain.all

# The program knows these too, wherever the tests begin, so the table below does.
import deskcrm.domain.sample.bulk
import deskcrm.domain.sample.commands
import deskcrm.domain.sample.removal  # noqa: F401
from deskcrm.store.commands import ALL_COMMANDS
from deskcrm.store.derived import ALL_DERIVED
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.tables import Record, record_models

LEFT_OUT: Final = {
    "calendars.set_up": "set-up stays: see tests/domain/calendars",
    "client_merges.follow": "what the program brings home stays: see tests/domain/client_merges",
    "drafts.save": "a draft is a row of this device: it is not undone",
    "drafts.discard": "a draft is a row of this device: it is not undone",
    "exports.bring_in": "a new workspace is thrown away, not emptied: tests/domain/exports",
    "health.note_month": "what was tried is noted on this device: it is not undone",
    "health.renew_weights": "the program does it by itself: tests/domain/backtests undoes it",
    "edits.clients": "each of its ways is another command's: tests/domain/edits undoes it",
    "edits.tasks": "each of its ways is another command's: tests/domain/edits undoes it",
    "edits.tickets": "each of its ways is another command's: tests/domain/edits undoes it",
    "erasures.erase": "nothing undoes it: see tests/domain/erasures",
    "imports.apply": "needs the rows of a file: tests/domain/imports undoes it",
    "interactions.mark_seen": "what was seen is a row of this device: it is not undone",
    "playbooks.advance": "the program does it by itself: tests/domain/test_automatic undoes it",
    "playbooks.begin": "the program does it by itself: tests/domain/test_automatic undoes it",
    "playbooks.note_segments": "what was seen is a row of this device: it is not undone",
    "refusals.let_go": "what was dealt with is a row of this device: it is not undone",
    "refusals.repeat": "needs what a server refused: tests/domain/conflicts undoes it",
    "refusals.take_up": "what was dealt with is a row of this device: it is not undone",
    "risk.begin_everybody": "scores are rows of this device: they are not undone",
    "risk.end_everybody": "scores are rows of this device: they are not undone",
    "risk.enter": "what the program found stays: see tests/domain/risk",
    "risk.keep_history": "scores are rows of this device: they are not undone",
    "risk.keep_some": "scores are rows of this device: they are not undone",
    "risk.keep_lines": "scores are rows of this device: they are not undone",
    "risk.leave": "what the program found stays: see tests/domain/risk",
    "risk.score_stale": "scores are rows of this device: they are not undone",
    "sample.add": "thousands of rows at once: tests/domain/sample undoes it",
    "sample.add_clients": "thousands of rows at once: tests/domain/sample undoes it",
    "sample.add_team": "thousands of rows at once: tests/domain/sample undoes it",
    "sample.refresh": "makes derived rows anew: no record is touched",
    "sample.remove": "thousands of rows at once: tests/domain/sample undoes it",
    "users.create_first": "set-up stays, or nobody could administer: see tests/domain/users",
}
"""What the machine does not call, and why."""

IN_MACHINE: Final = {
    each.id: each
    for each in sorted(ALL_COMMANDS.values(), key=lambda each: each.id)
    if each.__module__.startswith("deskcrm.") and each.id not in LEFT_OUT
}
_MODEL_OF: Final = {"ViewId": "SavedView", "CalendarId": "WorkCalendar", "PolicyId": "SlaPolicy"}


def own_models() -> list[type[Record]]:
    """List the program's records, without the toys of other tests."""
    return [each for each in record_models() if each.__module__.startswith("deskcrm.")]


_BY_NAME: Final = {each.__name__: each for each in own_models()}


def model_of(id_type: str) -> type[Record]:
    """Give the model that ``ClientId`` and the like are ids of."""
    return _BY_NAME[_MODEL_OF.get(id_type, id_type.removesuffix("Id"))]


Seen = dict[str, list[Any]]


def living(db: Reader) -> Seen:
    """Give every column of every record that is not deleted, by table."""
    seen: Seen = {}
    for model in own_models():
        name = str(model.__tablename__)
        found = _rows(db, f'SELECT * FROM "{name}" WHERE NOT is_deleted ORDER BY id')
        if found:
            seen[name] = found
    return seen


def worked_out(db: Reader) -> Seen:
    """Give the rows that are derived: summaries, standings, the search index."""
    return {
        f"{each.name} {number}": sorted(repr(row) for row in _rows(db, query))
        for each in ALL_DERIVED.values()
        for number, query in enumerate(each.compared)
    }


def _rows(db: Reader, query: str) -> list[Any]:
    # Forty tables are read after every step: without the layers above the driver that costs a
    # tenth.
    driver = db.connection.connection.driver_connection
    assert driver is not None
    return [tuple(row) for row in driver.execute(query)]


def everything(db: Reader) -> Seen:
    """Give all that must be the same again."""
    return living(db) | worked_out(db)


def ids_at(store: Store, of: str) -> Sequence[UUID]:
    """Give the ids that ``ClientId`` and the like may be, those of living rows thrice."""
    model = model_of(of)
    rows = store.ask(lambda db: db.all(select(model.id, model.is_deleted)))
    # The oldest first.
    return [row.id for row in sorted(rows) for _ in range(1 if row.is_deleted else 3)]
