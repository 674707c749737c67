"""Moves what hangs on a client to another, and remembers whose it is."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from deskcrm.domain.client_merges.forest import Edge, Forest
from deskcrm.domain.client_merges.model import OF_MERGES, RowOrigin
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.store.reader import Reader
from deskcrm.store.tables import Record, record_models, shape_named, shape_of
from deskcrm.store.types import Merge
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import Work

_AT_ONCE: Final = 1_000
"""So many rows are named in one record."""

Place = tuple[str, UUID]
"""A row, by table and id."""


@cache
def moved_models() -> Sequence[tuple[type[Record], str]]:
    """Give the records that go along with a client, each with the column that names it."""
    return [
        (model, column.key)
        for model in record_models()
        if model not in OF_MERGES
        for column in shape_of(model).columns.values()
        if column.info.get("refers") == "client" and _rule(model, column.key) is not Merge.FINAL
    ]


def _rule(model: type[Record], key: str) -> Merge:
    return shape_of(model).rules[key]


def column_of(table: str) -> str:
    """Give the column by which rows of a table hang on a client."""
    return "parent_id" if table == Client.__tablename__ else "client_id"


def rows_at(work: Work, client: UUID) -> Iterator[Record]:
    """Give the rows that hang on a client and go along with it."""
    for model, key in moved_models():
        column = shape_of(model).table.c[key]
        yield from work.records(select(model).where(column == client, ~model.is_deleted))


def origins_in(db: Reader, clients: Collection[UUID]) -> dict[Place, UUID]:
    """Give the rows that belong to one of these clients, and to which."""
    origin, found = RowOrigin, list[Any]()
    for some in in_chunks(clients):
        of_some = origin.client_id.in_(some)
        found += db.all(
            select(origin.moved_at, origin.id, origin.client_id, origin.rows).where(
                of_some, ~origin.is_deleted
            )
        )
    origins: dict[Place, UUID] = {}
    for _, _, client, rows in sorted(found, key=lambda one: one[:2]):
        for table, ids in rows.items():
            origins.update({(table, UUID(hex=text)): client for text in ids})
    return origins


def move_along(
    work: Work, rows: Sequence[Record], *, source: UUID, home: UUID, known: Mapping[Place, UUID]
) -> None:
    """Let rows of a client that was merged hang on its home; those not ``known`` are its own."""
    fresh = []
    for row in rows:
        table = str(row.__tablename__)
        if row.id == home:
            continue  # nothing stands under itself
        setattr(row, column_of(table), home)
        if (table, row.id) not in known:
            fresh.append((table, row.id))
    note_origin(work, source, fresh)


def note_origin(work: Work, client: UUID, places: Sequence[Place]) -> None:
    """Remember to which client rows belong."""
    for start in range(0, len(places), _AT_ONCE):
        rows: dict[str, list[str]] = {}
        for table, row_id in places[start : start + _AT_ONCE]:
            rows.setdefault(table, []).append(row_id.hex)
        work.add(RowOrigin(client_id=ClientId(client), moved_at=work.now, rows=rows))


def move_back(work: Work, edge: Edge, old: Forest, new: Forest) -> None:
    """Let every row hang on what its client goes on as now, which a merge no longer holds.

    What came about since goes with what it belongs to: an answer with its ticket, a call with the
    person who was called.
    """
    home = old.home(edge.into_id)
    origins = origins_in(work, old.tree(home))
    going: dict[UUID, dict[str, set[UUID]]] = defaultdict(lambda: defaultdict(set))
    for (table, row_id), client in origins.items():
        if new.home(client) != home:
            going[new.home(client)][table].add(row_id)
    for target, by_table in sorted(going.items()):
        _add_parts(work, home, by_table, origins, since=edge.at)
        for table, ids in sorted(by_table.items()):
            for row in _living_at(work, table, ids, home):
                if row.id != target:
                    setattr(row, column_of(table), target)


def _living_at(work: Work, table: str, ids: Collection[UUID], home: UUID) -> list[Record]:
    shape = shape_named(table)
    found: list[Record] = []
    at_home = shape.table.c[column_of(table)] == home
    for some in in_chunks(ids):
        wanted = select(shape.model).where(shape.model.id.in_(some), at_home)
        found += work.records(wanted.where(~shape.model.is_deleted))
    return found


def _add_parts(
    work: Work,
    home: UUID,
    going: dict[str, set[UUID]],
    origins: Mapping[Place, UUID],
    *,
    since: datetime,
) -> None:
    ahead = {table: set(ids) for table, ids in going.items()}
    while ahead:
        found: dict[str, set[UUID]] = defaultdict(set)
        for table, column, of in _parts():
            for some in in_chunks(ahead.get(of, ())):
                for row_id in _made_since(work, table, column, some, home, since):
                    if (table, row_id) not in origins and row_id not in going[table]:
                        found[table].add(row_id)
        for table, ids in found.items():
            going[table] |= ids
        ahead = dict(found)


def _made_since(
    work: Work, table: str, column: str, of: Collection[UUID], home: UUID, since: datetime
) -> Sequence[UUID]:
    c = shape_named(table).table.c
    here = (c[column].in_(of), c.client_id == home, c.created_at >= since, ~c.is_deleted)
    found: Sequence[UUID] = work.scalars(select(c.id).where(*here))
    return found


@cache
def _parts() -> Sequence[tuple[str, str, str]]:
    """Give the columns by which what hangs on a client names something else of it."""
    moved = {str(model.__tablename__) for model, key in moved_models() if key == "client_id"}
    return [
        (table, column.key, str(column.info["refers"]))
        for table in sorted(moved)
        for column in shape_named(table).columns.values()
        if column.info.get("refers") in moved
    ]
