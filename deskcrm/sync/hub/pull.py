"""Gives a workstation what is newer than it has: rows, exits, history, in the server's order."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Connection, Text, TextClause, bindparam, text

from deskcrm.store import ledger
from deskcrm.store.tables import record_models, shape_of
from deskcrm.store.types import Id
from deskcrm.store.upsert import in_chunks
from deskcrm.sync.hub.history import read_steps, weigh_steps
from deskcrm.sync.hub.push import Caller, known_device
from deskcrm.sync.hub.wire import fetch, id_sent, select_list, weight
from deskcrm.sync.protocol import BYTES_AT_ONCE, Pull, Pulled, Rows

MOST_LISTED: Final = 200_000
"""Living rows that are named to who is behind the horizon; where there are more, all is fetched."""


@dataclass(frozen=True, slots=True)
class Span:
    """What a page covers: everything in scopes above their cursors, up to a number."""

    cursors: dict[UUID, int]
    upto: int

    @property
    def is_empty(self) -> bool:
        """Tell whether there can be nothing in it: most who ask are up to date."""
        return all(cursor >= self.upto for cursor in self.cursors.values())

    def run(self, connection: Connection, statement: str, **values: Any) -> Any:
        """Run a statement in which ``{span}`` stands for the condition; values come as stored."""
        by_cursor: dict[int, list[UUID]] = defaultdict(list)
        for scope, cursor in self.cursors.items():
            if cursor < self.upto:
                by_cursor[cursor].append(scope)
        given = values | {"upto": self.upto}
        for number, (cursor, scopes) in enumerate(by_cursor.items()):
            given |= {f"s{number}": scopes, f"c{number}": cursor}
        return connection.execute(_spanning(statement, len(by_cursor)), given)


@lru_cache(maxsize=500)
def _spanning(statement: str, cursors: int) -> TextClause:
    """Put the condition of a span into a statement; to build it costs as much as to run it."""
    every = range(cursors)
    parts = (f"(scope IN :s{n} AND seq > :c{n} AND seq <= :upto)" for n in every)
    scopes = (bindparam(f"s{n}", type_=Id, expanding=True) for n in every)
    seqs = (bindparam(name, type_=BigInteger) for name in ("upto", *(f"c{n}" for n in every)))
    return text(statement.format(span=f"({' OR '.join(parts)})")).bindparams(*scopes, *seqs)


def answer_pull(
    connection: Connection, caller: Caller, scopes: Iterable[UUID], pull: Pull
) -> Pulled:
    """Answer a pull; ``scopes`` are those that the caller may see now.

    Runs in a transaction that sees one moment. Raises Stopped for a device that may not speak.
    """
    device = known_device(connection, caller)
    head = ledger.read_head(connection)
    granted = sorted(set(scopes))
    pulled = Pulled(
        epoch=head.epoch,
        lineage=head.lineage.bytes,
        scopes=[scope.bytes for scope in granted],
        last=device.last_no,
        head=head.seq,
    )
    had = {UUID(bytes=scope): seq for scope, seq in pull.cursors}
    cursors = {scope: had.get(scope, 0) for scope in granted}
    behind = [scope for scope, cursor in cursors.items() if 0 < cursor < head.horizon]
    is_listed = _count(connection, behind) <= MOST_LISTED
    # What was staged in a former life goes on in none, however far it is: its numbers mean others.
    if pull.epoch != head.epoch or not (pull.staged or is_listed):
        pulled.is_reset = True
        return pulled
    add_page(connection, pulled, cursors, pull, caller.device)
    if is_listed:  # else all of it is fetched anew, and compared at the end
        pulled.resync = _resync(connection, behind)
    _add_wanted(connection, pulled, pull.wanted, granted)
    if not pulled.more:
        sums = ledger.read_sums(connection, granted)
        pulled.sums = [(s.bytes, table, *value) for (s, table), value in sums.items()]
    return pulled


def add_page(
    connection: Connection, pulled: Pulled, cursors: dict[UUID, int], pull: Pull, reader: UUID
) -> None:
    """Add what is new above cursors, as much as fits into one answer, but no steps of a reader."""
    span = _page(connection, Span(cursors, pulled.head), pull)
    pulled.more = span.upto < pulled.head
    if not span.is_empty:
        pulled.rows = _rows(connection, span)
        pulled.exits = _exits(connection, span)
        if pull.log:
            pulled.steps = read_steps(connection, partial(span.run, connection), reader)
    pulled.cursors = [(s.bytes, max(span.upto, cursor)) for s, cursor in cursors.items()]


def _page(connection: Connection, span: Span, pull: Pull) -> Span:
    """Give what fits into one answer, in rows and in bytes, but at least one number."""
    limit = max(pull.limit, 1)
    while True:
        page = Span(span.cursors, _end_of_page(connection, span, limit))
        if limit == 1 or page.is_empty or _weigh(connection, page, pull) <= BYTES_AT_ONCE:
            return page
        limit //= 2


def _weigh(connection: Connection, span: Span, pull: Pull) -> int:
    """Add up the bytes of the texts in a page, before any of them is read."""
    total = weigh_steps(partial(span.run, connection)) if pull.log else 0
    for name in _tables(connection, span):
        every = weight(name, connection.dialect.name)
        total += span.run(
            connection,
            f"SELECT coalesce(sum({every}), 0) FROM (SELECT * FROM row_version"
            f' WHERE {{span}} AND table_name = :name) AS v JOIN "{name}" AS t ON t.id = v.row_id',
            name=name,
        ).scalar()
    return total


def _tables(connection: Connection, span: Span) -> list[str]:
    names = span.run(connection, "SELECT DISTINCT table_name FROM row_version WHERE {span}")
    return sorted(names.scalars())


def _end_of_page(connection: Connection, span: Span, limit: int) -> int:
    """Give the number up to which a page goes: never between two rows of one number."""
    if span.is_empty:
        return span.upto
    every = (
        "SELECT seq FROM row_version WHERE {span} UNION ALL SELECT seq FROM scope_exit WHERE {span}"
    )
    after = span.run(
        connection,
        f"SELECT seq FROM ({every}) AS every ORDER BY seq LIMIT 1 OFFSET :skipped",
        skipped=limit,
    ).scalar()
    if after is None:
        return span.upto
    # The row after the page has this number; the page ends before it, or takes all that share it.
    whole = span.run(
        connection, f"SELECT max(seq) FROM ({every}) AS every WHERE seq < :after", after=after
    ).scalar()
    return int(after if whole is None else whole)


def _rows(connection: Connection, span: Span) -> list[Rows]:
    found = []
    for name in _tables(connection, span):
        keys, columns = selected(connection, name)
        rows = span.run(
            connection,
            f"SELECT {columns} FROM (SELECT * FROM row_version"
            f' WHERE {{span}} AND table_name = :name) AS v JOIN "{name}" AS t ON t.id = v.row_id'
            " ORDER BY v.seq",
            name=name,
        )
        found.append(Rows(name, keys, fetch(rows)))
    return found


def selected(connection: Connection, table: str) -> tuple[list[str], str]:
    """Name the columns that travel, and select a row as it travels."""
    keys, columns = select_list(table, connection.dialect.name)
    row_id, scope = id_sent(connection, "t.id"), id_sent(connection, "v.scope")
    return keys, f"{row_id}, {scope}, v.seq, v.is_deleted{columns}"


def _exits(connection: Connection, span: Span) -> list[tuple[bytes, str, bytes, int]]:
    scope, row_id = id_sent(connection, "scope"), id_sent(connection, "row_id")
    return fetch(
        span.run(
            connection, f"SELECT {scope}, table_name, {row_id}, seq FROM scope_exit WHERE {{span}}"
        )
    )


def _count(connection: Connection, scopes: Sequence[UUID]) -> int:
    """Count what lives in scopes, without reading it."""
    return sum(rows for rows, _ in ledger.read_sums(connection, scopes).values()) if scopes else 0


def _resync(
    connection: Connection, behind: Sequence[UUID]
) -> list[tuple[bytes, dict[str, list[bytes]]]]:
    """List what lives in scopes whose cursor is behind the horizon: tombstones are gone there."""
    found = []
    for scope in behind:
        living: dict[str, list[bytes]] = {}
        query = text(
            f"SELECT table_name, {id_sent(connection, 'row_id')} FROM row_version"
            " WHERE scope = :scope AND NOT is_deleted"
        ).bindparams(bindparam("scope", scope, type_=Id))
        for table, row_id in fetch(connection.execute(query)):
            living.setdefault(table, []).append(row_id)
        found.append((scope.bytes, living))
    return found


def _add_wanted(
    connection: Connection,
    pulled: Pulled,
    wanted: Sequence[tuple[str, bytes]],
    granted: Sequence[UUID],
) -> None:
    """Add rows that were asked for by name, as they are; those out of sight are absent.

    What does not fit into the answer is neither, and asked for again.
    """
    by_table: dict[str, list[UUID]] = defaultdict(list)
    known = {shape_of(model).name for model in record_models()}
    for table, row_id in wanted:
        if table in known:
            by_table[table].append(UUID(bytes=row_id))
    left = BYTES_AT_ONCE
    for table, ids in by_table.items():
        keys, columns = selected(connection, table)
        weighed = f"{id_sent(connection, 't.id')}, {weight(table, connection.dialect.name)}"
        for chunk in in_chunks(ids):
            weights = dict(fetch(_named(connection, weighed, table, chunk, granted)))
            pulled.absent += [(table, one.bytes) for one in chunk if one.bytes not in weights]
            fitting = []
            for row_id, size in weights.items():
                if left > 0:
                    fitting.append(UUID(bytes=row_id))
                    left -= size
            if fitting:
                rows = _named(connection, columns, table, fitting, granted)
                pulled.rows.append(Rows(table, keys, fetch(rows)))


def _named(
    connection: Connection, columns: str, table: str, ids: Sequence[UUID], granted: Sequence[UUID]
) -> Any:
    query = text(
        f"SELECT {columns} FROM row_version AS v"
        f' JOIN "{table}" AS t ON t.id = v.row_id WHERE v.table_name = :name'
        " AND v.row_id IN :ids AND v.scope IN :scopes"
    ).bindparams(
        bindparam("name", table, type_=Text),
        bindparam("ids", list(ids), type_=Id, expanding=True),
        bindparam("scopes", list(granted), type_=Id, expanding=True),
    )
    return connection.execute(query)
