"""Begins with a snapshot: large pieces straight into the tables, then pulls from there.

What is still to be loaded is noted in the database together with each piece, so that a program
that was killed goes on where it was. Until all rows are there nothing has a cursor.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Connection, select, text

from deskcrm.store import derived, ledger, migrate, raw
from deskcrm.store.derived import read_meta, write_meta
from deskcrm.store.store import Arrived, Store
from deskcrm.store.tables import Shape, record_models, shape_of
from deskcrm.store.work import default_literals
from deskcrm.sync.blocks import Block, Past
from deskcrm.sync.peer import SnapshotPeer, SyncError, Trouble
from deskcrm.sync.protocol import (
    AskManifest,
    AskSegment,
    Malformed,
    Manifest,
    Pulled,
    Rows,
    Segment,
    unpack,
)
from deskcrm.sync.station import history, memory, overlay
from deskcrm.sync.station.counting import recount
from deskcrm.sync.station.replica import Page, take_rows

T = TypeVar("T")
_FIXED = ("id", "scope", "seq", "is_deleted")
_MOST_TRIES = 10


class Plan(msgspec.Struct, array_like=True):
    """What is left to be loaded."""

    scopes: list[str]
    entries: list[tuple[str, str, int]]
    """Digest, table (none for history) and number of each segment that is still missing."""
    begins: int
    """Pulling goes on from here: the smallest number at which anything loaded was complete."""
    has_rows: bool = False
    """All rows are there, and the cursors stand; history may still be missing."""
    loaded: list[str] = []
    """Digests of what is there, should the server make others of the rest in the meantime."""


@dataclass(slots=True)
class Loading:
    """Loads a snapshot, if there is need for one."""

    store: Store
    peer: SnapshotPeer
    came: Counter[str] = field(default_factory=Counter)
    _is_begun: bool = False

    def take_rows(self) -> Counter[str]:
        """Load all rows and set the cursors; gives how many came, by table."""
        plan, is_blank = self._ask(lambda db: (_read_plan(db), _is_blank(db)))
        if plan is None and is_blank:
            plan = self._begin()
        self._is_begun = plan is not None
        if plan is not None and not plan.has_rows:
            plan = self._load(plan, is_past=False)
            self._finish(plan)
        return self.came

    def take_past(self) -> None:
        """Load the history, which can wait until people see their rows."""
        plan = self._ask(_read_plan) if self._is_begun else None
        if plan is not None and plan.has_rows:
            self._load(plan, is_past=True)
            self._write(lambda connection: write_meta(connection, "bootstrap", ""))

    def _begin(self) -> Plan | None:
        manifest = self._manifest()
        if not manifest.entries or manifest.epoch != self._ask(memory.recall).epoch:
            return None
        plan = _plan(manifest)

        coming = {table for _, table, _ in plan.entries}

        def take(connection: Connection) -> None:
            for shape in _shapes():
                if shape.name in coming and _is_empty(connection, shape):
                    _drop_indexes(connection, shape)
            _note(connection, plan)

        self._write(take)
        return plan

    def _manifest(self) -> Manifest:
        schema = migrate.known_revisions()[-1]
        return self.peer.manifest(AskManifest(self.store.device.bytes, schema))

    def _load(self, plan: Plan, *, is_past: bool) -> Plan:
        for _ in range(_MOST_TRIES):
            wanted = [entry for entry in plan.entries if (entry[1] == "") == is_past]
            contents = self._fetch(wanted)
            if all(self._take(plan, *found) for found in zip(wanted, contents, strict=True)):
                return plan
            # The server made others in the meantime: those too, over what is there already.
            fresh = _plan(self._manifest())
            plan = Plan(
                # Of one that is no longer ours, rows are here: the first page takes them away.
                scopes=sorted({*plan.scopes, *fresh.scopes}),
                entries=[entry for entry in fresh.entries if entry[0] not in plan.loaded],
                begins=min(plan.begins, fresh.begins),
                has_rows=plan.has_rows,
                loaded=plan.loaded,
            )
            self._write(partial(_note, plan=plan))
        raise SyncError(Trouble.BROKEN, "the snapshot changes all the time")

    def _fetch(self, entries: Sequence[tuple[str, str, int]]) -> Iterator[bytes]:
        """Give the content of segments, each of which is asked for while the former is written."""
        own = self.store.device.bytes
        asked = [AskSegment(own, bytes.fromhex(digest)) for digest, _, _ in entries]
        waiting: Callable[[], Segment] | None = None
        for following in [*asked, None]:
            found = waiting() if waiting is not None else None
            waiting = self.peer.segment_ahead(following) if following is not None else None
            if found is not None:
                yield found.content

    def _take(self, plan: Plan, entry: tuple[str, str, int], content: bytes) -> bool:
        if not content:
            return False
        if sha256(content).hexdigest() != entry[0]:
            raise SyncError(Trouble.BROKEN, "a segment is not what it says")
        try:
            piece = unpack(Block, content) if entry[1] else unpack(Past, content)
            if isinstance(piece, Block):
                _check(piece)
        except Malformed as error:
            raise SyncError(Trouble.BROKEN, str(error)) from error
        left = msgspec.structs.replace(
            plan,
            entries=[other for other in plan.entries if other != entry],
            loaded=[*plan.loaded, entry[0]],
        )

        def take(connection: Connection) -> None:
            if isinstance(piece, Block):
                _take_block(connection, piece)
            else:
                own = self.store.device.bytes
                steps = [s for s in piece.steps if s.device != own]
                history.take_erasures(connection, steps)
                history.take_steps(connection, steps)
            _note(connection, left)

        self._write(take)
        plan.entries, plan.loaded = left.entries, left.loaded
        if isinstance(piece, Block):
            self.came[piece.table] += len(piece.values[0])
        return True

    def _finish(self, plan: Plan) -> None:
        """Make what follows from the rows, and set the cursors: from here on it is a replica."""

        def take(connection: Connection) -> None:
            _make_indexes(connection)
            _add_up(connection)
            derived.refresh(connection, everything=True)
            cursors = {UUID(hex=scope): plan.begins for scope in plan.scopes}
            memory.write_cursors(connection, cursors)
            _note(connection, msgspec.structs.replace(plan, has_rows=True))

        self._write(take, list(self.came))

    def _ask(self, query: Callable[[Connection], T]) -> T:
        return self.store.ask(lambda reader: query(reader.connection))

    def _write(self, take: Callable[[Connection], None], tables: Sequence[str] = ()) -> None:
        def write(connection: Connection) -> Arrived[None]:
            take(connection)
            return Arrived(None, (), tables)

        self.store.absorb(write)


def _check(block: Block) -> None:
    """Raise Malformed unless all columns are there, equally long, and begin with ids."""
    values = block.values
    if len(values) != len(_FIXED) + len(block.columns) or {*_FIXED} & {*block.columns}:
        raise Malformed("a column is missing")
    if len({len(column) for column in values}) != 1:
        raise Malformed("a column is cut off")
    ids = [*values[0], *values[1]]
    if {*map(type, ids)} - {bytes} or {*map(len, ids)} - {16}:
        raise Malformed("an id is not one")
    if {*map(type, values[2])} - {int} or min(values[2], default=1) <= 0:
        raise Malformed("a number is not one")


def _plan(manifest: Manifest) -> Plan:
    entries = [(e.digest.hex(), e.table, e.built_at) for e in manifest.entries]
    begins = min((e.built_at for e in manifest.entries), default=0)
    return Plan([scope.hex() for scope in manifest.scopes], entries, begins)


def _read_plan(connection: Connection) -> Plan | None:
    noted = read_meta(connection, "bootstrap")
    return msgspec.json.decode(noted, type=Plan) if noted else None


def _is_blank(connection: Connection) -> bool:
    """Tell whether nothing came yet, and nothing of a former life of the server is here."""
    return not memory.read_cursors(connection) and not memory.recall(connection).is_resyncing


def _note(connection: Connection, plan: Plan) -> None:
    write_meta(connection, "bootstrap", msgspec.json.encode(plan).decode())


def _shapes() -> Iterator[Shape]:
    return map(shape_of, record_models())


def _is_empty(connection: Connection, shape: Shape) -> bool:
    return connection.execute(select(shape.table.c.id).limit(1)).first() is None


def _drop_indexes(connection: Connection, shape: Shape) -> None:
    for index in shape.table.indexes:
        if not index.unique:
            connection.execute(text(f'DROP INDEX IF EXISTS "{index.name}"'))


def _make_indexes(connection: Connection) -> None:
    """Make the indexes that are missing."""
    names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'index'")
    present = {*names.scalars()}
    for shape in _shapes():
        for index in shape.table.indexes:
            if index.name not in present:
                index.create(connection)


def _take_block(connection: Connection, block: Block) -> None:
    """Write rows over older ones; where edits wait, they are put on top as ever."""
    shape = next((one for one in _shapes() if one.name == block.table), None)
    if shape is None:
        return
    if overlay.has_unsettled(connection):
        rows = [list(row) for row in zip(*block.values, strict=True)]
        take_rows(Page(connection, _NOTHING), Rows(block.table, block.columns, rows))
        return
    names = [*_FIXED, *block.columns]
    known = [n for n, name in enumerate(names) if name in shape.table.columns]
    missing = shape.columns.keys() - set(names)
    defaults = default_literals(shape, missing) if missing else {}
    quoted = [f'"{names[n]}"' for n in known] + [f'"{key}"' for key in defaults]
    marks = ["?"] * len(known) + list(defaults.values())
    updates = ", ".join(f'"{names[n]}" = excluded."{names[n]}"' for n in known[1:])
    connection.exec_driver_sql(
        f'INSERT INTO "{shape.name}" ({", ".join(quoted)}) VALUES ({", ".join(marks)})'
        f' ON CONFLICT (id) DO UPDATE SET {updates} WHERE excluded.seq > "{shape.name}".seq',
        list(zip(*(block.values[n] for n in known), strict=True)),
    )


_NOTHING = Pulled(0, b"", [], 0, 0)


def _add_up(connection: Connection) -> None:
    """Write the sums of what the server confirmed."""
    if overlay.has_unsettled(connection):
        recount(connection)
        return
    connection.execute(ledger.sum_table.delete())
    totals: dict[tuple[UUID, str], tuple[int, int]] = {}
    for shape in _shapes():
        rows = raw.fetch(
            connection,
            f'SELECT scope, id, seq FROM "{shape.name}" WHERE seq > 0 AND NOT is_deleted',
        )
        counts: Counter[bytes] = Counter()
        sums: Counter[bytes] = Counter()
        for scope, row_id, seq in rows:
            counts[scope] += 1
            sums[scope] += ledger.stored_digest(row_id, seq)
        for scope, count in counts.items():
            totals[UUID(bytes=scope), shape.name] = (count, ledger.signed(sums[scope]))
    ledger.add_to_sums(connection, totals)
