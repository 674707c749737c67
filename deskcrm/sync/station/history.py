"""Writes the steps of others into the local log, so that a client's story is whole offline."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, insert, select, tuple_, update

from deskcrm.base.ids import id_of
from deskcrm.store import erasing, raw
from deskcrm.store.changes import ERASE, from_text
from deskcrm.store.derived import write_meta
from deskcrm.store.tables import change_table, step_table
from deskcrm.store.types import from_milliseconds
from deskcrm.store.upsert import in_chunks
from deskcrm.sync.protocol import LogStep

_s, _c = step_table.c, change_table.c
Name = tuple[UUID, int]
_CHANGE: Final = (
    "step", "table_name", "row_id", "subject", "kind", "before", "after", "base", "scope", "seq",
)  # fmt: skip


def take_steps(connection: Connection, steps: Sequence[LogStep]) -> None:
    """Write steps that are not there, and changes that are new of those that are."""
    for chunk in in_chunks(steps):
        names = [(id_of(step.device), step.no) for step in chunk]
        known = _find(connection, names)
        fresh = [step for step, name in zip(chunk, names, strict=True) if name not in known]
        if fresh:
            connection.execute(insert(step_table), [_head(step) for step in fresh])
            known |= _find(connection, names)
        _take_changes(connection, chunk, known, {(id_of(s.device), s.no) for s in fresh})
        _link_undone(connection, chunk, known)


def take_erasures(connection: Connection, steps: Sequence[LogStep]) -> None:
    """Erase from the log here what others erased, before anything of it lies on a row again."""
    erased = {
        (op.table, id_of(op.row_id)): from_text(op.after)
        for step in steps
        for op in step.ops
        if op.kind == ERASE
    }
    if erased:
        erasing.follow(connection, erased)
        erasing.scrub(connection, erased)
        write_meta(connection, erasing.DUE, "1")


def _find(connection: Connection, names: Sequence[Name]) -> dict[Name, int]:
    rows = connection.execute(
        select(_s.device, _s.no, _s.id).where(tuple_(_s.device, _s.no).in_(names))
    )
    return {(row.device, row.no): row.id for row in rows}


def _head(step: LogStep) -> dict[str, Any]:
    return {
        "device": id_of(step.device),
        "no": step.no,
        "kind": step.kind,
        "command": step.command,
        "label": step.label,
        "actor": id_of(step.actor),
        "at": from_milliseconds(step.at),
        "epoch": 0,
        "state": "arrived",
        "seq": step.seq,
        "effective_at": None if step.effective_at is None else from_milliseconds(step.effective_at),
    }


def _take_changes(
    connection: Connection, steps: Sequence[LogStep], known: dict[Name, int], new: set[Name]
) -> None:
    names = [(id_of(step.device), step.no) for step in steps]
    old = [known[name] for name in names if name not in new]
    there = _noted(connection, old) if old else set()
    rows: list[raw.Row] = []
    for name, step in zip(names, steps, strict=True):
        number = known[name]
        rows += [
            (
                number, op.table, op.row_id, op.subject, op.kind, op.before, op.after, 0,
                op.scope, step.seq,
            )
            for op in step.ops
            if not there or (number, op.table, op.row_id, op.kind) not in there
        ]  # fmt: skip
    raw.write_rows(connection, change_table, _CHANGE, rows, new=True)


def _noted(connection: Connection, steps: Sequence[int]) -> set[raw.Row]:
    marks = ",".join("?" * len(steps))
    query = f"SELECT step, table_name, row_id, kind FROM change WHERE step IN ({marks})"
    return set(raw.fetch(connection, query, steps))


def _link_undone(connection: Connection, steps: Sequence[LogStep], known: dict[Name, int]) -> None:
    """Say of steps that were undone by which one: an undo names what it puts back."""
    for step in steps:
        if step.undoes is None:
            continue
        name = (id_of(step.undoes[0]), step.undoes[1])
        undone = known.get(name) or _find(connection, [name]).get(name)
        if undone is None:
            continue
        own = known[id_of(step.device), step.no]
        connection.execute(update(step_table).where(_s.id == own).values(undoes=undone))
        connection.execute(update(step_table).where(_s.id == undone).values(undone_by=own))
