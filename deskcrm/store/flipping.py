"""Takes back by the thousand what a step made or took away: a few statements, not a row at a time.

For rows of which nothing later is told. The others are looked at one by one (``undo``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from deskcrm.store.derived import Touched
from deskcrm.store.tables import Shape, change_table
from deskcrm.store.work import Work, recording

OPPOSITE: Final = {"create": "delete", "delete": "undelete", "undelete": "delete"}
_LOGGED: Final = ("step", "table_name", "row_id", "subject", "kind", "base")
AT_ONCE: Final = 1_000
"""So many at a time, so that it can be told how far it is, and stopped."""
MANY: Final = 500
"""Fewer neighbours of a kind are not worth statements of their own."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbours in the log of a step; ``table`` and ``kind`` where they are many of one."""

    first: int
    last: int
    table: str = ""
    kind: str = ""


def stretches(connection: Connection, step: int) -> list[Stretch]:
    """Part the log of a step where many rows of a table come or go together; newest first."""
    c = change_table.c
    of_kind = [c.table_name, c.kind]
    place = func.row_number().over(order_by=c.id)
    within = func.row_number().over(partition_by=of_kind, order_by=c.id)
    run = (place - within).label("run")
    runs = select(c.id, *of_kind, run).where(c.step == step).subquery("runs").c
    first, last = func.min(runs.id), func.max(runs.id)
    found = connection.execute(
        select(first, last, runs.table_name, runs.kind)
        .where(runs.kind.in_(OPPOSITE))
        .group_by(runs.table_name, runs.kind, runs.run)
        .having(func.count() >= MANY)
        .order_by(first.desc())
    ).all()
    newest = connection.scalar(select(func.max(c.id)).where(c.step == step)) or 0
    return list(_with_gaps([Stretch(*row) for row in found], newest))


def _with_gaps(found: list[Stretch], newest: int) -> Iterator[Stretch]:
    for stretch in found:
        if stretch.last < newest:
            yield Stretch(stretch.last + 1, newest)
        for last in range(stretch.last, stretch.first - 1, -AT_ONCE):
            first = max(stretch.first, last - AT_ONCE + 1)
            yield Stretch(first, last, stretch.table, stretch.kind)
        newest = stretch.first - 1
    if newest > 0:
        yield Stretch(0, newest)


def has_later(shape: Shape) -> ColumnElement[bool]:
    """Give the condition that the row of a change must be looked at by itself.

    Something later is told of it, or it comes back with a number of the server, and then the base
    of what was written since (see ``inherit_bases``) comes with it.
    """
    c, t = change_table.c, shape.table.alias("numbered").c
    later = change_table.alias("later").c
    told = select(later.id).where(later.row_id == c.row_id, later.id > c.id).exists()
    numbered = select(t.id).where(t.id == c.row_id, t.seq > 0).exists()
    return or_(told, and_(c.kind != "create", numbered))


def flip(work: Work, shape: Shape, step: int, stretch: Stretch) -> None:
    """Delete what a stretch made, or bring back what it deleted, and log it."""
    work.finish()  # what is pending comes first in the log
    connection, c, t = work.connection, change_table.c, shape.table.c
    kind = OPPOSITE[stretch.kind]
    those = [
        c.step == step, c.id.between(stretch.first, stretch.last), ~has_later(shape),
        t.id == c.row_id, t.is_deleted == (kind == "undelete"),
    ]  # fmt: skip
    if connection.execute(select(t.id).where(*those).limit(1)).first() is None:
        return
    before, new_step = connection.scalar(select(func.max(c.id))) or 0, work.recorder.begin_step()
    subject = t.id if shape.subject is None else func.coalesce(t[shape.subject], t.id)
    rows = select(
        literal(new_step), literal(shape.name), t.id, subject, literal(kind),
        case((t.seq > 0, t.seq), else_=0),
    ).where(*those).order_by(c.id.desc())  # fmt: skip
    connection.execute(insert(change_table).from_select(_LOGGED, rows))
    written = [c.step == new_step, c.id > before]
    flipped = update(shape.table).where(t.id.in_(select(c.row_id).where(*written)))
    with recording(connection):
        connection.execute(flipped.values(is_deleted=kind == "delete"))
    moved = connection.execute(select(c.row_id, c.subject).where(*written))
    work.recorder.tables.add(shape.name)
    work.recorder.touched.update(Touched(shape.name, row_id, whose) for row_id, whose in moved)
