"""Undo is a new step that puts ``before`` back: it is logged and syncs like any other.

A column that somebody changed since is left alone, and said.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, select, update

from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.store.changes import Change, Values, from_text
from deskcrm.store.flipping import OPPOSITE, Stretch, flip, has_later, stretches
from deskcrm.store.tables import Shape, change_table, shape_named, step_table
from deskcrm.store.work import Work, recording

_CHUNK: Final = 1_000
_SETTLED: Final = 20_000
Writes = dict[tuple[str, ...], list[Values]]
"""What is to be written, by the columns: rows with their ids."""
FINAL: Final = frozenset({"final", "final_round"})
"""The kinds of steps that stay: what would leave nobody able to go on, and what was found so."""


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A value that undo did not touch, since somebody changed it after the step."""

    table: str
    row_id: UUID
    columns: tuple[str, ...]


@dataclass(slots=True)
class Reversal:
    """What came of putting a step back."""

    step: int
    label: str
    left_alone: list[LeftAlone] = field(default_factory=list)


class NothingLeft(UserError):
    """All that a step changed was changed again since, so there is nothing to put back."""

    def __init__(self, left_alone: list[LeftAlone]) -> None:
        super().__init__(
            tr("Nothing is left to undo here: everything was changed since."),
            tr("The history shows by whom."),
        )
        self.left_alone = left_alone


def last_undoable(
    connection: Connection, *, device: UUID, actor: UUID, before: int | None = None
) -> int | None:
    """Give the newest step of this person on this device that can be undone.

    What the program did by itself is not meant by "undo": whoever wants that back names it.
    """
    return connection.execute(
        select(func.max(step_table.c.id)).where(
            _own(device, actor, before),
            step_table.c.kind.in_(("do", "redo")),
            step_table.c.undone_by.is_(None),
        )
    ).scalar()


def last_redoable(
    connection: Connection, *, device: UUID, actor: UUID, before: int | None = None
) -> int | None:
    """Give the newest undo that can itself be undone: none once something new was done."""
    own = _own(device, actor, before)
    newest = (
        select(func.coalesce(func.max(step_table.c.id), 0))
        .where(own, step_table.c.kind.in_(("do", "final")))
        .scalar_subquery()
    )
    return connection.execute(
        select(func.max(step_table.c.id)).where(
            own,
            step_table.c.kind == "undo",
            step_table.c.undone_by.is_(None),
            step_table.c.id > newest,
        )
    ).scalar()


def _own(device: UUID, actor: UUID, before: int | None) -> ColumnElement[bool]:
    own = (step_table.c.device == device) & (step_table.c.actor == actor)
    return own if before is None else own & (step_table.c.id < before)


def read_step(connection: Connection, step: int) -> Row[Any]:
    """Give a step of the log; UserError when it is not there or is already undone."""
    found = connection.execute(select(step_table).where(step_table.c.id == step)).first()
    if found is None:
        raise UserError(tr("There is no such step."), tr("Look in the history for its number."))
    if found.undone_by is not None:
        raise UserError(tr("This is already undone."), tr("Use redo to bring it back."))
    if found.kind in FINAL:
        raise UserError(tr("This cannot be undone."), tr("Change what it made instead."))
    return found


def reverse(work: Work, target: Row[Any], job: Job) -> Reversal:
    """Put back what a step did, newest change first, and note who undid it.

    Raises NothingLeft, with nothing written, when there is nothing to put back.
    """
    total, done = _size(work.connection, target.id), 0
    work.recorder.label = target.label
    work.recorder.kind = "redo" if target.kind == "undo" else "undo"
    work.recorder.undoes = target.id
    reversal = Reversal(target.id, target.label)
    was_root = False
    for shape, number, put_back in _pieces(work, target.id, total, reversal):
        # Not between what hangs on a row and the row: it would be worked out for nothing.
        if was_root and shape.subject and len(work.recorder.touched) > _SETTLED:
            work.settle()
        put_back()
        was_root = shape.subject is None
        done += number
        if total > _CHUNK:
            job.progress(done, total, tr("Putting back: {label}", label=tr(target.label)))
    step = work.finish()
    if step is None:
        raise NothingLeft(reversal.left_alone)
    work.connection.execute(
        update(step_table).where(step_table.c.id == target.id).values(undone_by=step)
    )
    return reversal


def _size(connection: Connection, step: int) -> int:
    count = select(func.count()).select_from(change_table).where(change_table.c.step == step)
    return connection.scalar(count) or 0


def _pieces(
    work: Work, step: int, total: int, reversal: Reversal
) -> Iterator[tuple[Shape, int, Callable[[], None]]]:
    """Give the pieces that a step is put back in: of which table, how many rows, and how."""
    everything = Stretch(0, _last(work.connection, step))
    for stretch in stretches(work.connection, step) if total > _CHUNK else [everything]:
        shape = shape_named(stretch.table) if stretch.table else None
        # First those that are looked at one by one: what is put back is told of all of them.
        alone = [] if shape is None else [has_later(shape)]
        for chunk in _changes_of(work.connection, step, stretch, *alone):
            for table_name, changes in _runs(chunk):
                run = shape_named(table_name)
                put_back = partial(_reverse_changes, work, run, changes, reversal)
                yield run, 0 if shape else len(changes), put_back
        if shape is not None:
            number = stretch.last - stretch.first + 1
            yield shape, number, partial(flip, work, shape, step, stretch)


def _last(connection: Connection, step: int) -> int:
    c = change_table.c
    return connection.scalar(select(func.max(c.id)).where(c.step == step)) or 0


def _changes_of(
    connection: Connection, step: int, stretch: Stretch, *which: ColumnElement[bool]
) -> Iterator[list[Row[Any]]]:
    c, last = change_table.c, stretch.last + 1
    while True:
        within = [c.step == step, c.id >= stretch.first, c.id < last, *which]
        query = select(change_table).where(*within).order_by(c.id.desc()).limit(_CHUNK)
        rows = list(connection.execute(query).all())
        if not rows:
            return
        last = rows[-1].id
        yield rows


def _runs(changes: list[Row[Any]]) -> Iterator[tuple[str, list[Row[Any]]]]:
    """Group neighbours of one table, in order; a row stands at most once in a group."""
    run: list[Row[Any]] = []
    seen: set[UUID] = set()
    for change in changes:
        if run and (change.table_name != run[0].table_name or change.row_id in seen):
            yield run[0].table_name, run
            run, seen = [], set()
        run.append(change)
        seen.add(change.row_id)
    if run:
        yield run[0].table_name, run


def _reverse_changes(work: Work, shape: Shape, changes: list[Row[Any]], reversal: Reversal) -> None:
    table = shape.table
    ids = [change.row_id for change in changes]
    present = {
        row.id: row._mapping
        for row in work.connection.execute(table.select().where(table.c.id.in_(ids))).all()
    }
    writes: Writes = defaultdict(list)
    for change in changes:
        row = present.get(change.row_id)
        if row is None:
            continue
        if change.kind == "set":
            values = _put_back(work, shape, change, row, reversal)
        else:
            values = _flip(work, shape, OPPOSITE[change.kind], row)
        if values:
            writes[tuple(values)].append({"written_id": change.row_id, **values})
    _write(work, shape, writes)


def _flip(work: Work, shape: Shape, kind: str, row: Any) -> Values:
    """Delete or bring back, unless it is so already; gives what is to be written."""
    deletes = kind == "delete"
    if row["is_deleted"] == deletes:
        return {}
    work.recorder.note(Change(shape, row["id"], _subject(shape, row), kind, None, None, row["seq"]))
    return {"is_deleted": deletes}


def _put_back(work: Work, shape: Shape, change: Row[Any], row: Any, reversal: Reversal) -> Values:
    """Put back what nobody changed since; gives what is to be written."""
    before, after = from_text(change.before), from_text(change.after)
    if before == after:
        return {}  # it was only said again what was so
    current = shape.to_json({key: row[key] for key in before if key in shape.columns})
    wanted: Values = {}
    for key, now in current.items():
        if key in shape.counts:
            wanted[key] = now - (after[key] - before[key])
        elif now == after[key]:
            wanted[key] = before[key]
    if row["is_deleted"] and _was_deleted_since(work, change):
        wanted.clear()  # to write into what somebody deleted since would bring it back
    left = tuple(sorted(current.keys() - wanted.keys()))
    if left:
        reversal.left_alone.append(LeftAlone(shape.name, change.row_id, left))
    if not wanted:
        return {}
    values = shape.from_json(wanted)
    moved = dict(row) | values
    if shape.subject in values:
        work.recorder.also_touched(shape, change.row_id, _subject(shape, row))
    old = {key: current[key] for key in wanted}
    subject = _subject(shape, moved)
    work.recorder.note(Change(shape, change.row_id, subject, "set", old, wanted, row["seq"]))
    return values


def _was_deleted_since(work: Work, change: Row[Any]) -> bool:
    """Tell whether somebody deleted the row of a change after it.

    Not where it was deleted before, as what goes along with a client that is merged may be, nor by
    the person's own undo: where another undo brings it back, it must be what it was. Nor a deletion
    of their own that they took back, or that is put back along with the values.
    """
    c, s = change_table.c, step_table.c
    same = [c.table_name == change.table_name, c.row_id == change.row_id, c.kind == "delete"]
    later = [c.id > change.id, c.step != change.step]
    by_hand = s.actor != work.actor
    if not _flips(work.connection, change):
        by_hand |= (s.kind != "undo") & s.undone_by.is_(None)
    deleted = select(c.id).join(step_table, s.id == c.step).where(*same, *later, by_hand)
    return work.connection.execute(deleted.limit(1)).first() is not None


def _flips(connection: Connection, change: Row[Any]) -> bool:
    """Tell whether the step of a change deletes the row too, or brings it back: undo does also."""
    c = change_table.c
    same = [c.step == change.step, c.table_name == change.table_name, c.row_id == change.row_id]
    flipped = select(c.id).where(*same, c.kind.in_(OPPOSITE)).limit(1)
    return connection.execute(flipped).first() is not None


def _write(work: Work, shape: Shape, writes: Writes) -> None:
    """Write the same columns of many rows with one statement: an import has 100,000 of them."""
    table = shape.table
    for keys, rows in writes.items():
        statement = (
            update(table)
            .where(table.c.id == bindparam("written_id"))
            .values({key: bindparam(key) for key in keys})
        )
        with recording(work.connection):
            work.connection.execute(statement, rows)


def _subject(shape: Shape, row: Any) -> UUID:
    named: UUID | None = row[shape.subject] if shape.subject else None
    found: UUID = named if named is not None else row["id"]
    return found


def titles(connection: Connection, table_name: str, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Give the words that stand for rows of a table, by its ``__title__`` column.

    Where that names another row, what it is called stands for both: of a link, what it leads to.
    """
    shape = shape_named(table_name)
    title = shape.model.__title__
    wanted = list(set(ids))
    if title is None or not wanted:
        return {}
    rows = connection.execute(
        select(shape.table.c.id, shape.table.c[title]).where(shape.table.c.id.in_(wanted))
    )
    found = {row[0]: row[1] for row in rows}
    named = shape.columns[title].info.get("refers")
    if named is None:
        return {one: str(value) for one, value in found.items()}
    names = titles(connection, named, found.values())
    return {one: names[other] for one, other in found.items() if other in names}
