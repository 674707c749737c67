"""Snapshots: rows of a scope and table in large pieces, made once and given to all who begin anew.

A piece says up to which number it is complete; who has all of them pulls from the smallest of
those. They lie in the database, where each process of the server finds them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, exists, or_, select, text

from deskcrm.store import ledger, migrate, raw
from deskcrm.store.changes import IS_ERASURE
from deskcrm.store.ledger import exit_table, version_table
from deskcrm.store.tables import change_table, record_models, shape_of
from deskcrm.store.upsert import in_chunks
from deskcrm.sync.blocks import Block, Past
from deskcrm.sync.hub.history import read_steps, weigh_steps
from deskcrm.sync.hub.pull import Span, selected
from deskcrm.sync.hub.wire import fetch, weight
from deskcrm.sync.protocol import BYTES_AT_ONCE, Entry, Manifest, compressed
from deskcrm.sync.tables import segment_table

ROWS_IN_SEGMENT: Final = 20_000
WORTH_IT: Final = 5_000
"""Rows up to which a workstation pulls them like any others."""
CHURN: Final = 0.2
"""Share of rows that changed since, from which on segments are made anew."""
LEVEL: Final = 3
_KEYS: Final = ("digest", "scope", "table_name", "schema", "epoch", "built_at", "rows", "content")
Place = tuple[UUID, str]


@dataclass(frozen=True, slots=True)
class Made:
    """A segment that was made and is to be kept."""

    entry: Entry
    content: bytes


@dataclass(frozen=True, slots=True)
class Offer:
    """What a person can begin with: what was there, and what had to be made for it."""

    manifest: Manifest
    made: list[Made]


def offer(connection: Connection, scopes: Iterable[UUID]) -> Offer:
    """Give the segments of scopes, making those that are missing or too old; writes nothing."""
    head = ledger.read_head(connection)
    granted = sorted(set(scopes))
    manifest = Manifest(head.epoch, head.lineage.bytes, [s.bytes for s in granted], [])
    made: list[Made] = []
    sizes = ledger.read_sums(connection, granted)
    if sum(rows for rows, _ in sizes.values()) <= WORTH_IT:
        return Offer(manifest, made)
    kept = _kept(connection, head, granted)
    known = {shape_of(model).name for model in record_models()}
    rows = [place for place in sorted(sizes) if place[1] in known]
    for place in [*rows, *((scope, "") for scope in granted)]:
        entries = kept.get(place, [])
        size = sizes[place][0] if place[1] else sum(one.rows for one in entries)
        if not entries or _is_old(connection, place, entries[0].built_at, size):
            fresh = list(_make(connection, place, head.seq))
            made += fresh
            entries = [one.entry for one in fresh]
        manifest.entries += entries
    return Offer(manifest, made)


def keep(connection: Connection, head_epoch: int, made: list[Made]) -> None:
    """Keep what was made, in place of what there was of the same scope and table."""
    s = segment_table.c
    for scope, table in {(one.entry.scope, one.entry.table) for one in made}:
        former = (s.scope == UUID(bytes=scope)) & (s.table_name == table)
        connection.execute(delete(segment_table).where(former))
    rows: list[raw.Row] = []
    for one in made:
        e = one.entry
        fixed = (e.digest, e.scope, e.table, _schema(), head_epoch, e.built_at, e.rows)
        rows.append((*fixed, one.content))
    for row in rows:
        raw.write_rows(connection, segment_table, _KEYS, [row], new=False)


def read_segment(connection: Connection, digest: bytes, scopes: Iterable[UUID]) -> bytes:
    """Give the content of a segment of one of the scopes; nothing when there is none.

    Nor when something left the scope since it was made: it would be told to those who stayed.
    """
    s = segment_table.c
    query = select(segment_table).where(s.digest == digest, s.scope.in_(list(scopes)))
    found = connection.execute(query).first()
    if found is None or _was_left(connection, (found.scope, found.table_name), found.built_at):
        return b""
    return bytes(found.content)


def _schema() -> str:
    return migrate.known_revisions()[-1]


def _kept(
    connection: Connection, head: ledger.Head, scopes: list[UUID]
) -> dict[Place, list[Entry]]:
    s = segment_table.c
    found: dict[Place, list[Entry]] = {}
    for chunk in in_chunks(scopes):
        query = select(s.digest, s.scope, s.table_name, s.rows, s.built_at).where(
            s.scope.in_(chunk),
            s.epoch == head.epoch,
            s.schema == _schema(),
            s.built_at >= head.horizon,
        )
        for row in connection.execute(query):
            entry = Entry(
                bytes(row.digest), row.scope.bytes, row.table_name, row.rows, row.built_at
            )
            found.setdefault((row.scope, row.table_name), []).append(entry)
    return found


def _is_old(connection: Connection, place: Place, built_at: int, size: int) -> bool:
    """Tell whether too much changed since, or anything left the scope: that must not be told."""
    scope, table = place
    if _was_left(connection, place, built_at):
        return True
    source = version_table if table else change_table
    c = source.c
    since = select(c.seq).where(c.scope == scope, c.seq > built_at)
    if table:
        since = since.where(c.table_name == table)
    most = int(size * CHURN)
    return connection.execute(since.limit(1).offset(most)).first() is not None


def _was_left(connection: Connection, place: Place, since: int) -> bool:
    """Tell whether a row left since, or something was erased; the history may be of any table."""
    scope, table = place
    e = exit_table.c
    left = select(e.seq).where(e.scope == scope, e.seq > since)
    if table:
        left = left.where(e.table_name == table)
    if connection.execute(left.limit(1)).first() is not None:
        return True
    c = change_table.c
    erased = select(c.seq).where(c.scope == scope, c.seq > since, IS_ERASURE)
    if table:
        erased = erased.where(c.table_name == table)
    return connection.execute(erased.limit(1)).first() is not None


def forget_erased(connection: Connection) -> None:
    """Let go of every segment that was made before something in it was erased."""
    s, c = segment_table.c, change_table.c
    since = (c.scope == s.scope) & (c.seq > s.built_at) & (IS_ERASURE)
    erased = exists().where(since, or_(s.table_name == "", s.table_name == c.table_name))
    connection.execute(delete(segment_table).where(erased))


def _make(connection: Connection, place: Place, upto: int) -> Iterator[Made]:
    scope, table = place
    pieces = _rows(connection, scope, table) if table else _past(connection, scope, upto)
    for count, piece in pieces:
        content = compressed(piece, LEVEL)
        digest = sha256(content).digest()
        yield Made(Entry(digest, scope.bytes, table, count, upto), content)


def _rows(connection: Connection, scope: UUID, table: str) -> Iterator[tuple[int, Block]]:
    """Give what lives in a scope, in the order of ids, which is nearly that of creation."""
    keys, columns = selected(connection, table)
    size, last = ROWS_IN_SEGMENT, b""
    while True:
        while size > 1 and _weigh(connection, scope, table, last, size) > BYTES_AT_ONCE:
            size //= 2
        rows = fetch(_run(connection, _living(columns, table, last, size), scope, table, last))
        if rows:
            yield (
                len(rows),
                Block(table, keys, [list(column) for column in zip(*rows, strict=True)]),
            )
        if len(rows) < size:
            return
        last, size = rows[-1][0], min(2 * size, ROWS_IN_SEGMENT)


def _living(columns: str, table: str, last: bytes, size: int) -> str:
    return (
        f"SELECT {columns} FROM row_version AS v"
        f' JOIN "{table}" AS t ON t.id = v.row_id WHERE v.table_name = :name'
        f" AND v.scope = :scope AND NOT v.is_deleted{' AND v.row_id > :last' if last else ''}"
        f" ORDER BY v.row_id LIMIT {size}"
    )


def _run(connection: Connection, query: str, scope: UUID, table: str, last: bytes) -> Any:
    binds = _binds(version_table.c, table, scope, last)
    return connection.execute(text(query).bindparams(*binds))


def _weigh(connection: Connection, scope: UUID, table: str, last: bytes, size: int) -> int:
    """Add up the bytes of the texts of so many rows, before any of them is read."""
    every = weight(table, connection.dialect.name)
    weights = _living(f"{every} AS weight", table, last, size)
    summed = f"SELECT coalesce(sum(weight), 0) FROM ({weights}) AS every"
    return int(_run(connection, summed, scope, table, last).scalar())


def _binds(c: Any, table: str, scope: UUID, last: bytes) -> list[Any]:
    binds = [
        bindparam("name", table, type_=c.table_name.type),
        bindparam("scope", scope, type_=c.scope.type),
    ]
    return [*binds, bindparam("last", UUID(bytes=last), type_=c.row_id.type)] if last else binds


def _past(connection: Connection, scope: UUID, upto: int) -> Iterator[tuple[int, Past]]:
    """Give the history of a scope; each piece begins after the number where the former ends."""
    first, size = 0, ROWS_IN_SEGMENT
    while first < upto:
        end = _end_of_past(connection, scope, first, upto, size)
        run = partial(Span({scope: first}, end).run, connection)
        if size > 1 and weigh_steps(run) > BYTES_AT_ONCE:
            size //= 2
            continue
        steps = read_steps(connection, run)
        if steps:
            yield sum(len(step.ops) for step in steps), Past(steps)
        first, size = end, min(2 * size, ROWS_IN_SEGMENT)


def _end_of_past(connection: Connection, scope: UUID, first: int, upto: int, size: int) -> int:
    c = change_table.c
    query = select(c.seq).where(c.scope == scope, c.seq > first, c.seq <= upto)
    end = connection.execute(query.order_by(c.seq).limit(1).offset(size - 1)).scalar()
    return upto if end is None else int(end)
