"""Writes what came of steps into the server's log, where everybody's history is read from."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection, select, update

from deskcrm.store import raw
from deskcrm.store.tables import change_table, step_table

if TYPE_CHECKING:
    from deskcrm.sync.hub.push import Taken

_STEP: Final = (
    "device", "no", "kind", "command", "label", "actor", "at", "epoch", "state", "undoes", "seq",
    "effective_at",
)  # fmt: skip
_CHANGE: Final = (
    "step", "table_name", "row_id", "subject", "kind", "before", "after", "base", "scope", "seq",
)  # fmt: skip
_encode: Final = msgspec.json.Encoder().encode


def write_log(connection: Connection, taken: "Sequence[Taken]", *, goes_on: bool = False) -> None:
    """Write steps and their changes as they really came about; refused ones leave nothing.

    ``goes_on``: these are more changes of a step that is written already, if anything was of it.
    """
    applied = [one for one in taken if one.applied is not None and one.applied.log]
    if not applied:
        return
    device = applied[0].author.device
    if not (goes_on and _move_on(connection, applied[0])):
        steps = [_step(connection, one) for one in applied]
        raw.write_rows(connection, step_table, _STEP, steps, new=True)
    s = step_table.c
    first, last = applied[0].step.no, applied[-1].step.no
    found = connection.execute(
        select(s.no, s.id).where(s.device == device, s.no >= first, s.no <= last)
    )
    numbers = {row.no: row.id for row in found}
    changes = [change for one in applied for change in _changes(one, numbers[one.step.no])]
    raw.write_rows(connection, change_table, _CHANGE, changes, new=True)


def _move_on(connection: Connection, one: "Taken") -> bool:
    """Give the step of a log its number anew; tells whether it is there."""
    s = step_table.c
    chosen = (s.device == one.author.device) & (s.no == one.step.no)
    numbered = update(step_table).where(chosen).values(seq=one.result.seq)
    return bool(connection.execute(numbered).rowcount)


def _step(connection: Connection, one: "Taken") -> raw.Row:
    step, author = one.step, one.author
    return (
        author.device.bytes,
        step.no,
        step.kind,
        step.command,
        step.label,
        author.actor.bytes,
        author.moment,
        step.epoch,
        "applied",
        find_step(connection, step.undoes) if step.undoes else None,
        one.result.seq,
        author.moment,
    )


def find_step(connection: Connection, named: tuple[bytes, int]) -> int | None:
    """Give this database's number of a step that its device and its number there name."""
    s = step_table.c
    device, number = UUID(bytes=named[0]), named[1]
    return connection.execute(select(s.id).where(s.device == device, s.no == number)).scalar()


def _changes(one: "Taken", step: int) -> list[raw.Row]:
    assert one.applied is not None
    return [
        (
            step,
            change.row.shape.name,
            change.row.version.row_id.bytes,
            change.row.stored_subject,
            change.kind,
            _text(change.before),
            _text(change.after),
            change.base,
            change.row.version.scope.bytes,
            change.row.version.seq,
        )
        for change in one.applied.log
    ]


def _text(values: dict[str, Any] | None) -> str | None:
    return None if values is None else _encode(values).decode()
