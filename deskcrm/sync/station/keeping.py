"""Keeps what a server deletes where a person does not want to lose it.

It is offered back by a step like any other: it waits, is sent, may be refused, and can
be undone. Of a row with a tombstone that is a bringing back; a row that the server has not at all
is made again.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, select, update

from deskcrm.store import ledger
from deskcrm.store.changes import Change, Recorder
from deskcrm.store.store import Store
from deskcrm.store.tables import Shape, record_models, shape_of
from deskcrm.store.upsert import in_chunks
from deskcrm.sync.station import bases
from deskcrm.sync.station.replica import Page

_COMMAND: Final = "sync.keep_everything"
_LABEL: Final = "Keep everything"


def offer_back(page: Page, store: Store) -> None:
    """Keep what a page deletes, and write steps that offer it back.

    A step for each table: one that this person may not write must not hold up the others. What
    others belong to comes first.
    """
    shapes = [shape_of(model) for model in record_models()]
    for shape in sorted(shapes, key=lambda shape: shape.subject is not None):
        recorder = Recorder(
            page.connection, store.device, store.actor, store.clock(), _COMMAND, _LABEL
        )
        for ids in in_chunks(page.dead.get(shape.name, ())):
            recorder.note_many(_bring_back(page.connection, shape, ids))
        for ids in in_chunks(page.absent.get(shape.name, ())):
            recorder.note_many(_make_again(page.connection, shape, ids))
        for part in (page.dead, page.absent):
            page.kept.update({shape.name: len(part.get(shape.name, ()))})
        recorder.finish()
    page.kept = +page.kept


def _bring_back(connection: Connection, shape: Shape, ids: Sequence[UUID]) -> list[Change]:
    t = shape.table
    rows = connection.execute(select(t).where(t.c.id.in_(ids))).all()
    connection.execute(update(t).where(t.c.id.in_(ids)).values(is_deleted=False))
    return [
        Change(shape, row.id, _subject(shape, row), "undelete", None, None, row.seq) for row in rows
    ]


def _make_again(connection: Connection, shape: Shape, ids: Sequence[UUID]) -> list[Change]:
    t = shape.table
    rows = connection.execute(select(t).where(t.c.id.in_(ids))).all()
    # Of a former base, below 0, nothing was counted.
    counted = bases.versions(connection, shape, [row for row in rows if row.seq > 0])
    bases.forget(connection, shape.name, ids)
    ledger.add_to_sums(connection, ledger.difference((), counted))
    connection.execute(update(t).where(t.c.id.in_(ids)).values(seq=0))
    return [_creation(shape, row) for row in rows if not row.is_deleted]


def _creation(shape: Shape, row: Any) -> Change:
    held = {key: row._mapping[key] for key in shape.columns}
    after = shape.to_json({key: value for key, value in held.items() if value is not None})
    return Change(shape, row.id, _subject(shape, row), "create", None, after, 0)


def _subject(shape: Shape, row: Any) -> UUID:
    named: UUID | None = row._mapping[shape.subject] if shape.subject else None
    found: UUID = named if named is not None else row.id
    return found
