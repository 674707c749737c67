"""Writes the log: one step for a command, one Change for each row that it touched."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, func, insert, select

from deskcrm.store.derived import Touched, read_meta
from deskcrm.store.tables import Shape, change_table, step_table

Values = dict[str, Any]
Created = tuple[UUID, UUID, str]
"""A row that was added in bulk: its id, its subject, and its values as JSON."""

_CHUNK: Final = 5_000
_CREATED: Final = (
    "INSERT INTO change (step, table_name, row_id, subject, kind, after, base)"
    " VALUES (?, ?, ?, ?, 'create', ?, 0)"
)


@dataclass(slots=True)
class Change:
    """One row, before and after: changed columns only, values as JSON holds them."""

    shape: Shape
    row_id: UUID
    subject: UUID
    kind: str
    before: Values | None
    after: Values | None
    base: int


@dataclass(slots=True)
class Recorder:
    """The log of one command while it runs; writes nothing if nothing was touched."""

    connection: Connection
    device: UUID
    actor: UUID
    now: datetime
    command: str
    label: str
    kind: str = "do"
    undoes: int | None = None
    step: int | None = None
    tables: set[str] = field(default_factory=set)
    touched: set[Touched] = field(default_factory=set)
    keeps_touched: bool = True
    """False while a bulk write will refill derived rows as a whole."""
    _pending: dict[tuple[str, UUID], list[Change]] = field(default_factory=dict)

    def note(self, change: Change) -> None:
        """Add a change; a second one of the same row is folded into the first."""
        self._note_touched(change.shape.name, change.row_id, change.subject)
        changes = self._pending.setdefault((change.shape.name, change.row_id), [])
        last = changes[-1] if changes else None
        if last is None or change.kind != "set" or last.kind not in ("create", "set"):
            changes.append(change)
            return
        assert change.before is not None
        assert change.after is not None
        last.subject = change.subject
        last.after = (last.after or {}) | change.after
        if last.kind == "set":
            last.before = change.before | (last.before or {})
            _drop_unchanged(last)

    def note_many(self, changes: Iterable[Change]) -> None:
        """Write the changes of a bulk write at once, without folding."""
        batch = list(changes)
        for change in batch:
            self._note_touched(change.shape.name, change.row_id, change.subject)
        self._write(batch)

    def note_created(self, shape: Shape, created: Sequence[Created]) -> None:
        """Write the creations of a bulk write on SQLite, whose values are text already."""
        if self.keeps_touched:
            for row_id, subject, _ in created:
                self._note_touched(shape.name, row_id, subject)
        self.tables.add(shape.name)
        step, name = self._begin_step(), shape.name
        self.connection.exec_driver_sql(
            _CREATED,
            [
                (step, name, row_id.bytes, subject.bytes, after)
                for row_id, subject, after in created
            ],
        )

    def _note_touched(self, table: str, row_id: UUID, subject: UUID) -> None:
        self.tables.add(table)
        if self.keeps_touched:
            self.touched.add(Touched(table, row_id, subject))

    def also_touched(self, shape: Shape, row_id: UUID, subject: UUID) -> None:
        """Say that a row left a subject, whose derived rows must follow too."""
        self._note_touched(shape.name, row_id, subject)

    def finish(self) -> int | None:
        """Write what is pending; give the step, or None when no record was touched."""
        pending = [change for changes in self._pending.values() for change in changes]
        self._pending.clear()
        self._write([c for c in pending if c.kind != "set" or c.after])
        return self.step

    def _write(self, changes: list[Change]) -> None:
        if not changes:
            return
        step = self._begin_step()
        for start in range(0, len(changes), _CHUNK):
            rows = [_as_row(change, step) for change in changes[start : start + _CHUNK]]
            self.connection.execute(insert(change_table), rows)

    def _begin_step(self) -> int:
        """Write the step when the first change is there: its number leaves no gap."""
        if self.step is None:
            last = self.connection.execute(
                select(func.max(step_table.c.no)).where(step_table.c.device == self.device)
            ).scalar()
            written = self.connection.execute(
                insert(step_table).values(
                    device=self.device,
                    no=(last or 0) + 1,
                    kind=self.kind,
                    command=self.command,
                    label=self.label,
                    actor=self.actor,
                    at=self.now,
                    epoch=int(read_meta(self.connection, "epoch") or 0),
                    undoes=self.undoes,
                )
            )
            self.step = int(written.inserted_primary_key[0])  # type: ignore[index]  # set by insert
        return self.step


def _drop_unchanged(change: Change) -> None:
    assert change.before is not None
    assert change.after is not None
    for key in [key for key, value in change.after.items() if change.before[key] == value]:
        del change.before[key], change.after[key]


def _as_row(change: Change, step: int) -> Values:
    return {
        "step": step,
        "table_name": change.shape.name,
        "row_id": change.row_id,
        "subject": change.subject,
        "kind": change.kind,
        "before": to_text(change.before),
        "after": to_text(change.after),
        "base": change.base,
    }


def to_text(values: Values | None) -> str | None:
    """Write logged values as compact JSON."""
    if values is None:
        return None
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str | None) -> Values:
    """Read logged values; nothing is an empty dict."""
    values: Values = json.loads(text) if text else {}
    return values
