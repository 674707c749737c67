"""Gives the steps of others, for the history that every workstation can read alone."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, select

from deskcrm.store.tables import step_table
from deskcrm.store.types import to_milliseconds
from deskcrm.store.upsert import in_chunks
from deskcrm.sync.hub.wire import fetch, id_sent
from deskcrm.sync.protocol import LogOp, LogStep

NOBODY: Final = UUID(int=0)
"""Reads the steps of every device."""


def weigh_steps(run: Callable[..., Any]) -> int:
    """Add up the bytes of the changes in a span."""
    texts = "coalesce(octet_length(before), 0) + coalesce(octet_length(after), 0)"
    return int(run(f"SELECT coalesce(sum({texts}), 0) FROM change WHERE {{span}}").scalar())


def read_steps(
    connection: Connection, run: Callable[..., Any], reader: UUID = NOBODY
) -> list[LogStep]:
    """Give the changes in a span, by the steps of other devices than the reader's.

    A creation goes without its values: they stand in the row.
    """
    row_id, subject, scope = (id_sent(connection, c) for c in ("row_id", "subject", "scope"))
    changes = fetch(
        run(
            f"SELECT step, table_name, {row_id}, {subject}, kind, before, after, {scope}"
            " FROM change WHERE {span} ORDER BY id"
        )
    )
    ops: dict[int, list[LogOp]] = {}
    for step, table, row_id, subject, kind, before, after, scope in changes:
        shown = None if kind == "create" else after
        op = LogOp(table, row_id, subject, kind, before, shown, scope)
        ops.setdefault(step, []).append(op)
    return [_step(connection, head, ops[head.id]) for head in _heads(connection, ops, reader)]


def _heads(connection: Connection, steps: dict[int, list[LogOp]], reader: UUID) -> list[Any]:
    s = step_table.c
    found: list[Any] = []
    for chunk in in_chunks(steps):
        query = select(step_table).where(s.id.in_(chunk), s.device != reader)
        found += connection.execute(query).all()
    return sorted(found, key=lambda head: head.id)


def _step(connection: Connection, head: Any, ops: list[LogOp]) -> LogStep:
    return LogStep(
        device=head.device.bytes,
        no=head.no,
        seq=head.seq,
        kind=head.kind,
        command=head.command,
        label=head.label,
        actor=head.actor.bytes,
        at=to_milliseconds(head.at),
        ops=ops,
        undoes=_named(connection, head.undoes) if head.undoes else None,
        effective_at=to_milliseconds(head.effective_at) if head.effective_at else None,
    )


def _named(connection: Connection, step: int) -> tuple[bytes, int] | None:
    s = step_table.c
    found = connection.execute(select(s.device, s.no).where(s.id == step)).first()
    return None if found is None else (found.device.bytes, found.no)
