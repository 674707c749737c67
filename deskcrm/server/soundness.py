"""Checks a server's books: each row against its place in the order, and the sums against both."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Connection, func, select

from deskcrm.base.words import tr
from deskcrm.store import ledger
from deskcrm.store.ledger import digest, exit_table, sum_table, version_table
from deskcrm.store.reader import Reader
from deskcrm.store.tables import record_models, shape_of

Facts = tuple[UUID, int, bool]
"""A row's scope, its number, and whether it was deleted."""


def check_books(db: Reader) -> list[str]:
    """Give what is wrong, in sentences; nothing when all is well."""
    connection = db.connection
    return [*_rows(connection), *_sums(connection), *_numbers(connection)]


def _rows(connection: Connection) -> Iterator[str]:
    """Compare each record with what the order says of it."""
    v = version_table.c
    for shape in map(shape_of, record_models()):
        t, table = shape.table, shape.name
        rows = connection.execute(select(t.c.id, t.c.scope, t.c.seq, t.c.is_deleted))
        present: dict[UUID, Facts] = {row[0]: (row[1], row[2], row[3]) for row in rows}
        noted = connection.execute(
            select(v.row_id, v.scope, v.seq, v.is_deleted).where(v.table_name == table)
        )
        expected: dict[UUID, Facts] = {row[0]: (row[1], row[2], row[3]) for row in noted}
        for row_id in present.keys() | expected.keys():
            if present.get(row_id) != expected.get(row_id):
                yield tr(
                    "{table} {id}: the row and its place in the order differ.",
                    table=table,
                    id=row_id,
                )


def _sums(connection: Connection) -> Iterator[str]:
    """Add up the living rows anew and compare with what is noted."""
    totals: dict[tuple[UUID, str], list[int]] = defaultdict(lambda: [0, 0])
    v = version_table.c
    for scope, table, row_id, seq in connection.execute(
        select(v.scope, v.table_name, v.row_id, v.seq).where(~v.is_deleted)
    ):
        total = totals[scope, table]
        total[0] += 1
        total[1] += digest(row_id, seq)
    expected = {key: (rows, ledger.signed(value)) for key, (rows, value) in totals.items()}
    noted = {
        (row.scope, row.table_name): (row.rows, row.digest)
        for row in connection.execute(select(sum_table))
        if row.rows or row.digest
    }
    for scope, table in sorted(expected.keys() | noted.keys()):
        if expected.get((scope, table)) != noted.get((scope, table)):
            yield tr("{table}: the sum of the scope {scope} is wrong.", table=table, scope=scope)


def _numbers(connection: Connection) -> Iterator[str]:
    """Make sure that nothing has a number that was not given out yet."""
    head = ledger.read_head(connection)
    for table in (version_table, exit_table):
        highest = connection.execute(select(func.max(table.c.seq))).scalar()
        if (highest or 0) > head.seq:
            yield tr("{table}: a number is beyond the head of the order.", table=table.name)
