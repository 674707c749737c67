"""Writes the log: one step for a command, one Change for each row that it touched."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, func, insert, literal_column, select

from deskcrm.store import raw
from deskcrm.store.derived import Touched, read_meta
from deskcrm.store.tables import Shape, change_table, shape_named, step_table, wanted_table
from deskcrm.store.types import blob
from deskcrm.store.upsert import in_chunks

Values = dict[str, Any]
Created = tuple[UUID, UUID, str]
"""A row that was added in bulk: its id, its subject, and its values as JSON."""
Bases = dict[str, tuple[int, int]]
"""Fields whose base is older than the row's: the epoch and the number."""

ERASE: Final = "erase"
"""The kind of a change that writes values in place of others, which then are nowhere any more."""
IS_ERASURE: Final = change_table.c.kind == literal_column(f"'{ERASE}'")
"""Said as the index of these says it, or it would not be used."""
UNSETTLED: Final = ("waiting", "acknowledged")
_CHUNK: Final = 5_000
_COLUMNS: Final = (
    "step", "table_name", "row_id", "subject", "kind", "before", "after", "base", "bases",
)  # fmt: skip
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
    bases: Bases = field(default_factory=dict)


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
    orders: bool = False
    """True on a server, which takes part in no other's order."""
    keeps_touched: bool = True
    """False while a bulk write will refill derived rows as a whole."""
    _pending: dict[tuple[str, UUID], list[Change]] = field(default_factory=dict)

    def note(self, change: Change) -> None:
        """Add a change; a second one of the same row is folded into the first."""
        # Below 0 while a new base is taken: what the person sees may not be what comes.
        change.base = max(change.base, 0)
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
        step, name = self.begin_step(), shape.name
        self.connection.exec_driver_sql(
            _CREATED,
            [
                (step, name, blob(row_id), blob(subject), after)
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
        step = self.begin_step()
        if not self.orders:
            inherit_bases(self.connection, changes)
        for start in range(0, len(changes), _CHUNK):
            rows = [_as_row(change, step) for change in changes[start : start + _CHUNK]]
            raw.write_rows(self.connection, change_table, _COLUMNS, rows, new=True)

    def begin_step(self) -> int:
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
                    state="applied" if self.orders else "waiting",
                )
            )
            self.step = int(written.inserted_primary_key[0])  # type: ignore[index]  # set by insert
        return self.step


def _drop_unchanged(change: Change) -> None:
    assert change.before is not None
    assert change.after is not None
    for key in [key for key, value in change.after.items() if change.before[key] == value]:
        del change.before[key], change.after[key]


def _as_row(change: Change, step: int) -> raw.Row:
    return (
        step,
        change.shape.name,
        change.row_id.bytes,
        change.subject.bytes,
        change.kind,
        to_text(change.before),
        to_text(change.after),
        change.base,
        to_text(change.bases) if change.bases else None,
    )


def inherit_bases(connection: Connection, changes: Sequence[Change]) -> None:
    """Give fields that have a waiting edit the base of that edit.

    It hid from the person what had arrived since, so the new edit has not seen that either.
    """
    seen = {change.row_id: change.base for change in changes if change.base and not change.bases}
    if not seen:
        return
    older: dict[tuple[str, UUID], Bases] = {}
    wanted: set[UUID] | None = None
    for row in _unsettled(connection, seen):
        if row.seq is not None and row.seq <= seen[row.row_id]:
            # The row has come back with it. Where the answer came only after that, the edit lies on
            # top of it once more, and hides what is newer, until the row is fetched again.
            wanted = _wanted(connection) if wanted is None else wanted
            if row.row_id not in wanted:
                continue
        shape, noted = shape_named(row.table_name), json.loads(row.bases or "{}")
        known = older.setdefault((row.table_name, row.row_id), {})
        for name in fields_of(shape, row.kind, from_text(row.after)):
            base = tuple(noted.get(name, (row.epoch, row.base)))
            known[name] = min(known.get(name, base), base)
    for change in changes:
        known = older.get((change.shape.name, change.row_id), {})
        fields = fields_of(change.shape, change.kind, change.after or {})
        change.bases = {name: known[name] for name in fields if name in known}


def _unsettled(connection: Connection, rows: Iterable[UUID]) -> Iterator[Any]:
    """Give the changes of certain rows that the server has not confirmed."""
    s, c = step_table.c, change_table.c
    if connection.execute(select(s.id).where(s.state.in_(UNSETTLED)).limit(1)).first() is None:
        return
    columns = (c.table_name, c.row_id, c.kind, c.after, c.base, c.bases, s.seq, s.epoch)
    for chunk in in_chunks(rows):
        joined = select(*columns).join_from(change_table, step_table, c.step == s.id)
        yield from connection.execute(
            joined.where(c.row_id.in_(chunk), s.state.in_(UNSETTLED)).order_by(c.id)
        )


def _wanted(connection: Connection) -> set[UUID]:
    """Give the rows that are to be fetched again."""
    return {*connection.execute(select(wanted_table.c.row_id)).scalars()}


def fields_of(shape: Shape, kind: str, after: Values) -> set[str]:
    """Name the fields that a change writes; a deletion is one of its own."""
    if kind in ("delete", "undelete"):
        return {"is_deleted"}
    return {shape.fields[key] for key in after if key in shape.fields}


def erased_stamp(name: str) -> str:
    """Name what beside the version of a field says when it was erased."""
    return f"erased:{name}"


def to_text(values: Values | None) -> str | None:
    """Write logged values as compact JSON."""
    if values is None:
        return None
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str | None) -> Values:
    """Read logged values; nothing is an empty dict."""
    values: Values = json.loads(text) if text else {}
    return values
