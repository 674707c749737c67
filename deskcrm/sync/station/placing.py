"""Takes the place of own rows in the order from the answer alone, where they are as the server's.

A workstation that has everything up to where its push began, and whose edits met nobody else's, has
the rows as the server has them now. Only their numbers are news, and these follow from those of the
steps: the rows need not come back.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from deskcrm.base.ids import id_of
from deskcrm.store import ledger, raw
from deskcrm.store.ledger import Version
from deskcrm.store.numbering import ROWS_IN_ONE
from deskcrm.store.tables import change_table, shape_named, step_table
from deskcrm.store.upsert import in_chunks
from deskcrm.sync.protocol import Pushed, Result
from deskcrm.sync.station import bases, memory, settling

_s, _c = step_table.c, change_table.c
_WAITING: Final = (
    select(_s.id, _s.no, _s.refusal)
    .where(_s.device == bindparam("own"), _s.state == "waiting", _s.no <= bindparam("last"))
    .order_by(_s.no)
)
_CHANGES: Final = "SELECT table_name, row_id FROM change WHERE step = ? ORDER BY id"

Numbers = dict[str, dict[bytes, int]]
"""By table, the number of each row."""


class _Row(NamedTuple):
    """A row as it is here."""

    id: UUID
    scope: UUID
    seq: int
    is_deleted: bool


def take_answer(connection: Connection, device: UUID, pushed: Pushed) -> list[Result] | None:
    """Note what became of steps, number their rows, and go on to where the push ended.

    Gives None, with nothing done, where a pull has to bring the rows: somebody else's edits are in
    them, or may have come in between.
    """
    cursors = memory.read_cursors(connection)
    if not pushed.follows(cursors.values()):
        return None
    steps = connection.execute(_WAITING, {"own": device, "last": pushed.last}).all()
    is_answered = [step.no for step in steps] == [result.no for result in pushed.results]
    was_refused = any(step.refusal is not None for step in steps)
    if not is_answered or was_refused or not memory.recall(connection).is_usual:
        return None
    answers = list(zip(steps, pushed.results, strict=True))
    numbers = _numbers(connection, [(step.id, result.seq) for step, result in answers])
    rows = {table: _present(connection, table, list(some)) for table, some in numbers.items()}
    if any(len(some) != len(numbers[table]) for table, some in rows.items()):
        return None  # some of them were taken away here
    if any(row.scope not in cursors for some in rows.values() for row in some):
        return None
    _place(connection, answers, numbers, rows)
    memory.write_cursors(connection, dict.fromkeys(cursors, pushed.head))
    return pushed.results


def _numbers(
    connection: Connection, steps: Sequence[tuple[int, int]]
) -> dict[str, dict[bytes, int]]:
    """Give by table the number of each row: that of the last step that touched it.

    A large step has several numbers, of which its own is the last.
    """
    found: dict[str, dict[bytes, int]] = defaultdict(dict)
    for step, seq in steps:
        changes = raw.fetch(connection, _CHANGES, (step,))
        first = seq - (len(changes) - 1) // ROWS_IN_ONE
        for place, (table, row_id) in enumerate(changes):
            found[table][row_id] = first + place // ROWS_IN_ONE
    return found


def _present(connection: Connection, table: str, ids: Sequence[bytes]) -> list[_Row]:
    keys = ("id", "scope", "seq", "is_deleted")
    rows = raw.read_by_ids(connection, shape_named(table).table, keys, ids)
    return [_Row(id_of(i), id_of(scope), seq, bool(dead)) for i, scope, seq, dead in rows]


def _place(
    connection: Connection,
    answers: Sequence[tuple[Any, Result]],
    numbers: Numbers,
    rows: dict[str, list[_Row]],
) -> None:
    """Settle steps, and write the numbers of their rows and what the sums are with these."""
    known = {table: [row for row in some if row.seq > 0] for table, some in rows.items()}
    before = _versions(connection, known)
    settling.note(connection, answers, state="settled")
    after = {
        table: [row._replace(seq=numbers[table][row.id.bytes]) for row in some]
        for table, some in rows.items()
    }
    for table, some in numbers.items():
        bases.forget(connection, table, map(id_of, some))
        connection.exec_driver_sql(
            f'UPDATE "{shape_named(table).name}" SET seq = ? WHERE id = ?',
            [(seq, row_id) for row_id, seq in some.items()],
        )
    changed = ledger.difference(_versions(connection, after), before)
    ledger.add_to_sums(connection, changed)


def _versions(connection: Connection, rows: dict[str, list[_Row]]) -> list[Version]:
    """Give what the server says of rows, without the edits that still wait."""
    found: list[Version] = []
    for table, some in rows.items():
        shape = shape_named(table)
        for chunk in in_chunks(some):
            found += bases.versions(connection, shape, chunk)
    return found
