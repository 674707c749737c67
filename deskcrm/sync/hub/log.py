"""Writes what came of steps into the server's log, where everybody's history is read from."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Connection, insert, select

from deskcrm.store.changes import to_text
from deskcrm.store.tables import change_table, step_table
from deskcrm.store.types import from_milliseconds

if TYPE_CHECKING:
    from deskcrm.sync.hub.push import Taken


def write_log(connection: Connection, taken: "Sequence[Taken]") -> None:
    """Write steps and their changes as they really came about; refused ones leave nothing."""
    applied = [one for one in taken if one.applied is not None and one.applied.log]
    if not applied:
        return
    connection.execute(insert(step_table), [_step(connection, one) for one in applied])
    device = applied[0].author.device
    s = step_table.c
    first, last = applied[0].step.no, applied[-1].step.no
    found = connection.execute(
        select(s.no, s.id).where(s.device == device, s.no >= first, s.no <= last)
    )
    numbers = {row.no: row.id for row in found}
    changes = [change for one in applied for change in _changes(one, numbers[one.step.no])]
    connection.execute(insert(change_table), changes)


def _step(connection: Connection, one: "Taken") -> dict[str, Any]:
    step = one.step
    return {
        "device": one.author.device,
        "no": step.no,
        "kind": step.kind,
        "command": step.command,
        "label": step.label,
        "actor": one.author.actor,
        "at": from_milliseconds(one.author.moment),
        "epoch": step.epoch,
        "state": "applied",
        "undoes": find_step(connection, step.undoes) if step.undoes else None,
        "seq": one.result.seq,
        "effective_at": from_milliseconds(one.author.moment),
    }


def find_step(connection: Connection, named: tuple[bytes, int]) -> int | None:
    """Give this database's number of a step that its device and its number there name."""
    s = step_table.c
    device, number = UUID(bytes=named[0]), named[1]
    return connection.execute(select(s.id).where(s.device == device, s.no == number)).scalar()


def _changes(one: "Taken", step: int) -> list[dict[str, Any]]:
    assert one.applied is not None
    return [
        {
            "step": step,
            "table_name": change.row.shape.name,
            "row_id": change.row.version.row_id,
            "subject": change.row.subject,
            "kind": change.kind,
            "before": to_text(change.before),
            "after": to_text(change.after),
            "base": change.base,
            "scope": change.row.version.scope,
            "seq": change.row.version.seq,
        }
        for change in one.applied.log
    ]
