"""Takes a page from the server into the local tables, in one transaction with its cursor."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, delete, func, select

from deskcrm.base.ids import id_of
from deskcrm.store import ledger, raw
from deskcrm.store.derived import Touched
from deskcrm.store.ledger import Version
from deskcrm.store.tables import (
    Shape,
    change_table,
    record_models,
    shape_named,
    shape_of,
    wanted_table,
)
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import default_literals
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.protocol import Pulled, Rows
from deskcrm.sync.station import bases, history, memory, outbox, overlay, settling
from deskcrm.sync.tables import cursor_table

MOST_DELETED: Final = 20
MOST_DELETED_SHARE: Final = 0.05
"""A page that deletes more than so many rows and more than this share of all waits for a person."""
_FIXED: Final = ("id", "scope", "seq", "is_deleted")


@dataclass(slots=True)
class Page:
    """A page on its way into the tables: what it touches, and what it brings and takes."""

    connection: Connection
    pulled: Pulled
    touched: set[Touched] = field(default_factory=set)
    came: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    deleted: int = 0
    """Rows that the page deletes, other than by taking a scope away."""
    keeps: bool = False
    """Whether a person wants what is deleted to be kept, and offered back."""
    wanted: set[UUID] = field(default_factory=set)
    """Rows that were asked for by name: their going is the answer to an edit of one's own."""
    kept: Counter[str] = field(default_factory=Counter)
    dead: dict[str, list[UUID]] = field(default_factory=dict)
    """Rows of which a tombstone came, by table."""
    absent: dict[str, list[UUID]] = field(default_factory=dict)
    """Rows that the server has not at all, and that are to be kept."""
    lacking: overlay.Lacking = field(init=False)

    def __post_init__(self) -> None:
        self.lacking = overlay.Lacking(self.connection)

    def take(self, *, may_delete: bool) -> None:
        """Take everything in; raises SyncError, with nothing to be kept, if it deletes too much."""
        everything = 0 if may_delete else _count_rows(self.connection)
        self.wanted = set(self.connection.execute(select(wanted_table.c.row_id)).scalars())
        self._leave_scopes()
        history.take_erasures(self.connection, self.pulled.steps)
        for rows in self.pulled.rows:
            take_rows(self, rows)
        for scope, table, row_id, seq in self.pulled.exits:
            self._take_exit(UUID(bytes=scope), table, UUID(bytes=row_id), seq)
        for scope, living in self.pulled.resync:
            self._keep_only(UUID(bytes=scope), living)
        self._take_wanted()
        history.take_steps(self.connection, self.pulled.steps)
        if not may_delete:
            check_deletions(self.deleted, everything)
        memory.write_cursors(
            self.connection, {UUID(bytes=scope): seq for scope, seq in self.pulled.cursors}
        )
        settling.settle(self.connection, min((seq for _, seq in self.pulled.cursors), default=0))

    def _leave_scopes(self) -> None:
        """Remove what is no longer ours to see, at once and with its history."""
        had = memory.read_cursors(self.connection)
        left = had.keys() - {UUID(bytes=scope) for scope in self.pulled.scopes}
        for scope in left:
            for model in record_models():
                shape = shape_of(model)
                query = f'SELECT id FROM "{shape.name}" WHERE scope = ?'
                found = raw.fetch(self.connection, query, (scope.bytes,))
                remove(self, shape, [id_of(row_id) for (row_id,) in found])
            self.connection.execute(delete(change_table).where(change_table.c.scope == scope))
            self.connection.execute(delete(cursor_table).where(cursor_table.c.scope == scope))

    def _take_exit(self, scope: UUID, table: str, row_id: UUID, seq: int) -> None:
        shape = _known(table)
        if shape is None:
            return
        t = shape.table
        found = self.connection.execute(select(t.c.scope, t.c.seq).where(t.c.id == row_id)).first()
        if found is not None and found.scope == scope and found.seq < seq:
            remove(self, shape, [row_id])
            # Its history goes along, but for what was written here.
            told = (change_table.c.subject == row_id) & change_table.c.scope.is_not(None)
            self.connection.execute(delete(change_table).where(told))

    def _keep_only(self, scope: UUID, living: dict[str, list[bytes]]) -> None:
        """Remove what a scope no longer holds, of what the server once confirmed."""
        for model in record_models():
            shape = shape_of(model)
            kept = set(living.get(shape.name, ()))
            query = f'SELECT id FROM "{shape.name}" WHERE scope = ? AND seq > 0'
            found = raw.fetch(self.connection, query, (scope.bytes,))
            gone = [(shape.name, id_of(row_id)) for (row_id,) in found if row_id not in kept]
            # One that only an edit that waits has moved here is still where the server has it.
            versions = bases.versions_of(self.connection, gone)
            ids = [version.row_id for version in versions if version.scope == scope]
            self.deleted += len(ids)
            let_go(self, shape, ids)

    def _take_wanted(self) -> None:
        aside = {row_id for ids in self.absent.values() for row_id in ids}
        for table, stored in self.pulled.absent:
            shape, row_id = _known(table), UUID(bytes=stored)
            if shape is None or row_id in aside:
                continue
            if self.keeps and not outbox.is_refused(self.connection, table, row_id):
                let_go(self, shape, [row_id])
            else:
                remove(self, shape, [row_id])
        answered = [*self.pulled.absent]
        for rows in self.pulled.rows:
            answered += [(rows.table, row[0]) for row in rows.rows]
        if not self.wanted:
            return
        for chunk in in_chunks(answered):
            ids = [UUID(bytes=row_id) for _, row_id in chunk]
            self.connection.execute(delete(wanted_table).where(wanted_table.c.row_id.in_(ids)))


def check_deletions(count: int, everything: int) -> None:
    """Raise SyncError when more would be deleted than people delete: somebody must look first."""
    if count > MOST_DELETED and count > everything * MOST_DELETED_SHARE:
        raise SyncError(Trouble.MASS_DELETE, str(count))


def _known(table: str) -> Shape | None:
    """Give the shape of a table; None for one that only a newer program has."""
    try:
        return shape_named(table)
    except KeyError:
        return None


def _count_rows(connection: Connection) -> int:
    sums = ledger.sum_table.c.rows
    return int(connection.execute(select(func.sum(sums))).scalar() or 0)


def let_go(page: Page, shape: Shape, ids: Sequence[UUID]) -> None:
    """Remove rows that the server has not any more, or put them aside to be offered back."""
    if page.keeps:
        page.absent.setdefault(shape.name, []).extend(ids)
    else:
        remove(page, shape, ids)


def remove(page: Page, shape: Shape, ids: Sequence[UUID]) -> None:
    """Take rows out of the tables altogether: they are not ours, or are no more."""
    t = shape.table
    subject = t.c[shape.subject] if shape.subject else t.c.id
    for chunk in in_chunks(ids):
        query = select(t.c.id, t.c.scope, t.c.seq, t.c.is_deleted, subject.label("subject"))
        rows = page.connection.execute(query.where(t.c.id.in_(chunk))).all()
        known = [row for row in rows if row.seq > 0]
        former = bases.versions(page.connection, shape, known)
        bases.forget(page.connection, shape.name, chunk)
        ledger.add_to_sums(page.connection, ledger.difference((), former))
        page.connection.execute(delete(t).where(t.c.id.in_(chunk)))
        page.gone[shape.name] += len(rows)
        for row in rows:
            page.touched.add(Touched(shape.name, row.id, row.subject or row.id))


def take_rows(page: Page, rows: Rows) -> None:
    """Take rows of one table in, with waiting edits on top of them."""
    shape = _known(rows.table)
    if shape is None:
        return
    for chunk in in_chunks(rows.rows):
        _take_chunk(page, shape, rows.columns, chunk)


def _take_chunk(page: Page, shape: Shape, columns: list[str], rows: list[list[Any]]) -> None:
    connection = page.connection
    ids = {row[0]: UUID(bytes=row[0]) for row in rows}
    present = _present(connection, shape, list(ids))
    edits = overlay.unsettled(connection, shape.name, ids.values())
    fresh = [
        (ids[row[0]], row) for row in rows if row[0] not in present or present[row[0]].seq <= row[2]
    ]
    confirmed = [one for _, row in fresh if (one := present.get(row[0])) and one.seq > 0]
    before = bases.versions(connection, shape, confirmed, edits)
    _write(connection, shape, columns, [row for _, row in fresh])
    bases.forget(connection, shape.name, [row_id for row_id, _ in fresh])
    if edits:
        _put_on_top(page, shape, fresh, edits)
    _note(page, shape, columns, fresh, present, before)


def _put_on_top(
    page: Page, shape: Shape, rows: list[tuple[UUID, list[Any]]], edits: overlay.Edits
) -> None:
    """Put on top of rows that came what they do not have yet, and note how they came."""
    left = {row_id: page.lacking.of(row[2], edits.get(row_id, ())) for row_id, row in rows}
    left = {row_id: some for row_id, some in left.items() if some}
    overlay.put_on_top(page.connection, shape, left)
    came = {row_id: (id_of(row[1]), bool(row[3])) for row_id, row in rows if row_id in left}
    bases.keep(page.connection, shape.name, came)


@dataclass(frozen=True, slots=True)
class _Present:
    """What is there of a row that comes."""

    id: UUID
    scope: UUID
    seq: int
    is_deleted: bool
    subject: UUID | None


def _present(connection: Connection, shape: Shape, ids: list[bytes]) -> dict[bytes, _Present]:
    keys = ("id", "scope", "seq", "is_deleted", shape.subject or "id")
    return {
        row[0]: _Present(
            UUID(bytes=row[0]),
            id_of(row[1]),
            row[2],
            bool(row[3]),
            id_of(row[4]) if row[4] else None,
        )
        for row in raw.read_by_ids(connection, shape.table, keys, ids)
    }


def _write(connection: Connection, shape: Shape, columns: list[str], rows: list[list[Any]]) -> None:
    """Write rows as they came: they travel as this database holds them."""
    if not rows:
        return
    names = [*_FIXED, *columns]
    known = [n for n, name in enumerate(names) if name in shape.table.columns]
    # A column that an older server does not know keeps what it has here, or takes its default.
    missing = shape.columns.keys() - set(names)
    defaults = default_literals(shape, missing) if missing else {}
    quoted = [f'"{names[n]}"' for n in known] + [f'"{key}"' for key in defaults]
    marks = ["?"] * len(known) + list(defaults.values())
    updates = ", ".join(f'"{names[n]}" = excluded."{names[n]}"' for n in known[1:])
    connection.exec_driver_sql(
        f'INSERT INTO "{shape.name}" ({", ".join(quoted)}) VALUES ({", ".join(marks)})'
        f" ON CONFLICT (id) DO UPDATE SET {updates}",
        list(map(itemgetter(*known), rows)),
    )


def _note(
    page: Page,
    shape: Shape,
    columns: list[str],
    fresh: list[tuple[UUID, list[Any]]],
    present: dict[bytes, _Present],
    before: list[Version],
) -> None:
    """Note what came: sums, what derived rows must follow, what was deleted."""
    place = columns.index(shape.subject) + len(_FIXED) if shape.subject in columns else None
    name, touched = shape.name, page.touched
    living: dict[bytes, list[int]] = {}
    for row_id, row in fresh:
        stored, scope, seq, is_deleted = row[:4]
        named = row[place] if place is not None else None
        subject = id_of(named) if named else row_id
        touched.add(Touched(name, row_id, subject))
        if not is_deleted:
            living.setdefault(scope, []).append(ledger.stored_digest(stored, seq))
        former = present.get(stored)
        if former is None:
            continue
        if (former.subject or row_id) != subject:
            touched.add(Touched(name, row_id, former.subject or row_id))
        if is_deleted and not former.is_deleted and (page.keeps or row_id not in page.wanted):
            page.deleted += 1
            page.dead.setdefault(name, []).append(row_id)
    page.came[name] += len(fresh)
    sums = ledger.difference((), before)
    for scope, digests in living.items():
        key = (id_of(scope), name)
        count, total = sums.get(key, (0, 0))
        sums[key] = (count + len(digests), ledger.signed(total + sum(digests)))
    ledger.add_to_sums(page.connection, sums)
