"""Removes the sample workspace in one step, and keeps what the person added to it.

The sample's rows are those that its own commands created. A row that something of the person's
own refers to is kept, and so is what that row refers to: a call logged at a sample client keeps
the client, a client of one's own keeps the sample colleague who owns it. The rest is deleted,
changed or not; undo brings it back.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import Client
from deskcrm.store.commands import command
from deskcrm.store.reader import Reader
from deskcrm.store.tables import Record, change_table, record_models, shape_of, step_table
from deskcrm.store.work import Work

MOST: Final = 200_000
"""More rows than this are not removed one by one: a new workspace is made faster."""
_AT_ONCE: Final = 500

Rows = dict[str, set[UUID]]
"""Ids by table."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What came of it: how many records went, and the clients that stay, by name."""

    records: int
    kept_clients: tuple[str, ...]


@command("sample.remove", "Remove sample workspace")
def remove_sample(work: Work) -> Removed:
    """Delete the sample, but for what the person's own things hang on."""
    sample = _sample_rows(work)
    if not sample:
        raise UserError(
            tr("There is no sample workspace here."), tr("It was removed, or never added.")
        )
    kept = _kept(work, sample)
    removed = 0
    for model in record_models():
        name = str(model.__tablename__)
        going = sample.get(name, set()) - kept.get(name, set())
        removed += _delete(work, model, sorted(going))
    names = [work.get(Client, client).name for client in kept.get("client", ())]
    return Removed(removed, tuple(sorted(names)))


_CHANGE: Final = change_table.c


def _created(table: str) -> Any:
    """Select the ids of the rows of a table that a command of the sample created."""
    return (
        select(_CHANGE.row_id)
        .join(step_table, step_table.c.id == _CHANGE.step)
        .where(
            step_table.c.command.startswith("sample."),
            _CHANGE.kind == "create",
            _CHANGE.table_name == table,
        )
    )


def _sample_rows(db: Reader) -> Rows:
    """Give the living rows of the sample; UserError when they are too many."""
    count = db.scalar(
        select(func.count())
        .select_from(change_table)
        .join(step_table, step_table.c.id == _CHANGE.step)
        .where(step_table.c.command.startswith("sample."), _CHANGE.kind == "create")
    )
    if (count or 0) > MOST:
        raise UserError(
            tr("This sample is too large to be removed."),
            tr("Set up a workspace of your own in another folder, with --profile."),
        )
    rows: Rows = {}
    for model in record_models():
        name, table = str(model.__tablename__), shape_of(model).table
        created = set(db.scalars(_created(name)))
        living: set[UUID] = set()
        for chunk in _chunks(created):
            living.update(
                db.scalars(select(table.c.id).where(table.c.id.in_(chunk), ~table.c.is_deleted))
            )
        if living:
            rows[name] = living
    return rows


def _kept(db: Reader, sample: Rows) -> Rows:
    """Give the rows that must stay: what own rows refer to, and what these refer to in turn."""
    kept: Rows = {}
    waiting = list(_referred_from_outside(db, sample))
    while waiting:
        table, row_id = waiting.pop()
        if row_id in kept.setdefault(table, set()):
            continue
        kept[table].add(row_id)
        waiting += [
            one for one in _refers_to(db, table, row_id) if one[1] in sample.get(one[0], ())
        ]
    return kept


def _referred_from_outside(db: Reader, sample: Rows) -> Iterator[tuple[str, UUID]]:
    for model in record_models():
        name, table = str(model.__tablename__), shape_of(model).table
        own = sample.get(name, set())
        for column, target in _links(model):
            for chunk in _chunks(sample.get(target, ())):
                found = db.all(
                    select(table.c.id, column).where(column.in_(chunk), ~table.c.is_deleted)
                )
                yield from ((target, referred) for row_id, referred in found if row_id not in own)


def _refers_to(db: Reader, name: str, row_id: UUID) -> Iterator[tuple[str, UUID]]:
    model = next(one for one in record_models() if one.__tablename__ == name)
    links = _links(model)
    if not links:
        return
    row = db.first(
        select(*(column for column, _ in links)).where(shape_of(model).table.c.id == row_id)
    )
    for (_, target), referred in zip(links, row or (), strict=False):
        if referred is not None:
            yield target, referred


def _links(model: type[Record]) -> list[tuple[Any, str]]:
    """Give the columns that hold ids of other rows, each with the table that it points to."""
    columns = shape_of(model).table.columns
    return [(column, column.info["refers"]) for column in columns if column.info.get("refers")]


def _delete(work: Work, model: type[Record], ids: Collection[UUID]) -> int:
    for chunk in _chunks(ids):
        for record in work.records(select(model).where(model.id.in_(chunk))):
            work.delete(record)
        work.session.flush()
    return len(ids)


def _chunks(ids: Collection[UUID]) -> Iterator[list[UUID]]:
    stream = iter(ids)
    while chunk := list(islice(stream, _AT_ONCE)):
        yield chunk
