"""A command's hold on the database: it reads, adds and changes records, and all of it is logged."""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import count, islice
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Executable, event, insert, select
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, attributes
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from deskcrm.base.clock import Clock
from deskcrm.base.errors import UserError
from deskcrm.base.ids import meant_id, new_id
from deskcrm.base.words import ptr, sentence, tr
from deskcrm.store import derived
from deskcrm.store.bulk import Translator, literal_of
from deskcrm.store.changes import Change, Recorder, Values
from deskcrm.store.reader import Reader
from deskcrm.store.tables import WORKSPACE, Base, Local, Record, Shape, shape_named, shape_of

R = TypeVar("R", bound=Record)
B = TypeVar("B", bound=Base)
_CHUNK: Final = 5_000


class Unrecorded(RuntimeError):
    """A record was about to be written without a log: a bug in the program."""


class Missing(UserError):
    """What was asked for is not there, or not any more."""


class Work(Reader):
    """Given to a command as its first argument; ends with the command, whole or not at all."""

    def __init__(
        self, connection: Connection, recorder: Recorder, *, actor: UUID, device: UUID, clock: Clock
    ) -> None:
        super().__init__(connection, actor=actor, device=device, clock=clock)
        self.recorder = recorder
        self.refills_derived = False
        self._scopes: dict[UUID, UUID] = {}
        self.session = Session(connection, expire_on_commit=False, info={"work": self})

    def get(self, model: type[R], row_id: UUID) -> R:
        """Give the record to read or change it; raises Missing, in words."""
        record = self.find(model, row_id)
        if record is None:
            noun = ptr("table", sentence(str(model.__tablename__)))
            raise Missing(
                tr("{thing}: it is not there any more.", thing=noun),
                tr("It was deleted, or moved out of your sight. Look in the history."),
            )
        return record

    def find(self, model: type[R], row_id: UUID) -> R | None:
        """Give the record, or None when it is missing or deleted."""
        record = self.session.get(model, row_id)
        return None if record is None or record.is_deleted else record

    def find_deleted(self, model: type[R], row_id: UUID) -> R | None:
        """Give the record if it is deleted, to bring it back; else None."""
        record = self.session.get(model, row_id)
        return record if record is not None and record.is_deleted else None

    def find_local(self, model: type[B], key: Any) -> B | None:
        """Give a row of this device only, or None."""
        return self.session.get(model, key)

    def add(self, row: B) -> B:
        """Add a new record (or a Local row)."""
        if isinstance(row, Record):
            row.created_at = self.now
        self.session.add(row)
        return row

    def put(self, model: type[R], /, **values: Any) -> R:
        """Give the one record that means this: a new one, or the one that was taken away."""
        row_id = model.work_out_id(values)
        assert row_id is not None, f"{model.__name__} draws its ids"
        known = self.session.get(model, row_id)
        if known is None:
            return self.add(model(id=row_id, **values))
        known.is_deleted = False
        return known

    def unused_id(self, model: type[Record], *meaning: object) -> UUID:
        """Work out an id that no record has or had: the same where the same was there before."""
        for time in count(1):
            row_id = meant_id(model.__tablename__, *meaning, time)
            if self.session.get(model, row_id) is None:
                break
        return row_id

    def delete(self, row: Base) -> None:
        """Delete: a record leaves a tombstone that can be taken back, a Local row really goes."""
        if isinstance(row, Record):
            row.is_deleted = True
        else:
            self.session.delete(row)

    def restore(self, record: Record) -> None:
        """Bring a deleted record back."""
        record.is_deleted = False

    def insist(self, record: Record, key: str) -> None:
        """Log that a column still holds what it holds, as the last thing done to the record.

        So do the columns of its group. Whoever changes it without having seen this meets it as a
        change of ours.
        """
        self.session.flush()
        shape = shape_of(type(record))
        now = {name: getattr(record, name) for name in shape.columns} | {"id": record.id}
        field = shape.fields[key]
        held = shape.to_json(
            {one: now[one] for one, group in shape.fields.items() if group == field}
        )
        subject = _subject(shape, now)
        self.recorder.note(Change(shape, record.id, subject, "set", held, held, record.seq))

    def records(self, statement: Any) -> Sequence[Any]:
        """Give live records of a select of one class, to change them."""
        return self.session.scalars(statement).all()

    def execute(self, statement: Executable, parameters: Any = None) -> Any:
        """Run a statement that sees what this command has written so far."""
        self.session.flush()
        return super().execute(statement, parameters)

    def all(self, statement: Any) -> Any:
        self.session.flush()
        return super().all(statement)

    def first(self, statement: Any) -> Any:
        self.session.flush()
        return super().first(statement)

    def scalar(self, statement: Any) -> Any:
        self.session.flush()
        return super().scalar(statement)

    def scalars(self, statement: Any) -> Any:
        self.session.flush()
        return super().scalars(statement)

    def insert_many(
        self, model: type[Record], rows: Iterable[Values], *, is_whole: bool = False
    ) -> int:
        """Add many records at once, each logged like any other; gives their number.

        Rows are column values; what is missing has the model's default. Ten times as fast as
        ``add``; rows may stream. Whole ones were records before: they are written as they are.
        """
        shape, blank = shape_of(model), Blank(model)
        self.session.flush()
        translator = Translator(shape, blank.fixed) if self.is_sqlite else None
        count = 0
        for chunk in _chunks(rows):
            given = chunk if is_whole else self._complete(shape, blank, chunk)
            if translator is not None:
                self._write_natively(shape, translator, given)
            else:
                self._write_many(shape, [blank.fixed | row for row in given])
            if is_whole:
                gone = [(row["id"], _subject(shape, row)) for row in given if row["is_deleted"]]
                self.recorder.note_many(Change(shape, *o, "delete", None, None, 0) for o in gone)
            count += len(given)
        return count

    def _write_many(self, shape: Shape, rows: list[Values]) -> None:
        with _recording(self.connection):
            self.connection.execute(insert(shape.table), rows)
        self.recorder.note_many(_creation(shape, row) for row in rows)

    def _write_natively(self, shape: Shape, translator: Translator, rows: list[Values]) -> None:
        for plan, group in translator.grouped(rows):
            self.connection.exec_driver_sql(plan.statement, [plan.values(row) for row in group])
            self.recorder.note_created(
                shape, [(row["id"], _subject(shape, row), plan.logged(row)) for row in group]
            )

    def _complete(self, shape: Shape, blank: "Blank", rows: Iterable[Values]) -> list[Values]:
        """Give rows with what each has of its own: id, moment, scope."""
        made = [(key, make) for key, make in blank.made.items() if key != "created_at"]
        scopes, complete = self._scopes, []
        for row in rows:
            full = {"created_at": self.now, **row}
            for key, make in made:
                if key not in row:
                    full[key] = make()
            if "scope" not in row or row["scope"] == WORKSPACE:
                subject = _subject(shape, full)
                known = scopes.get(subject)
                full["scope"] = self.scope_of(shape, subject) if known is None else known
            if blank.works_out and "id" not in row:
                full["id"] = shape.model.work_out_id(full)
            if shape.subject is None:
                scopes[full["id"]] = full["scope"]
            complete.append(full)
        return complete

    def scope_of(self, shape: Shape, subject: UUID) -> UUID:
        """Give the scope that a row inherits from its subject."""
        if shape.subject is None or not shape.subject.endswith("_id"):
            return WORKSPACE
        if subject not in self._scopes:
            parent = shape_named(shape.subject.removesuffix("_id")).table
            found = self.connection.execute(
                select(parent.c.scope).where(parent.c.id == subject)
            ).scalar()
            self._scopes[subject] = WORKSPACE if found is None else found
        return self._scopes[subject]

    def finish(self) -> int | None:
        """Write everything that is pending and its log; give the step, if a record was touched."""
        self.session.flush()
        return self.recorder.finish()

    def settle(self) -> None:
        """Log what is pending and bring derived rows up to date with it, amid a very large write.

        What was touched need not be remembered then, and the pages it lies on are still at hand.
        """
        self.finish()
        if not self.recorder.orders and not self.refills_derived:
            derived.rebuild_touched(self.connection, self.recorder.touched)
        self.recorder.touched.clear()


class Blank:
    """The defaults of a model's columns, for rows that are written without an object."""

    def __init__(self, model: type[Record]) -> None:
        self.fixed: Values = {}
        self.made: dict[str, Any] = {"id": new_id}
        self.works_out = model.work_out_id.__func__ is not Record.work_out_id.__func__  # type: ignore[attr-defined]  # methods of a class
        factories = {
            f.name: f.default_factory
            for f in dataclasses.fields(model)
            if f.default_factory is not dataclasses.MISSING
        }
        for column in shape_of(model).table.columns:
            default = column.default
            if isinstance(default, ScalarElementColumnDefault):
                self.fixed[column.key] = default.arg
            elif column.key in factories:
                self.made[column.key] = factories[column.key]
            elif column.nullable:
                self.fixed[column.key] = None


@cache
def blank_values(shape: Shape) -> Values:
    """Give the defaults of a table's columns as they travel; None where there is none."""
    blank = Blank(shape.model)
    made = {key: make() for key, make in blank.made.items() if make in (list, dict)}
    return shape.to_json({key: (blank.fixed | made).get(key) for key in shape.columns})


def default_literals(shape: Shape, keys: Iterable[str]) -> dict[str, str]:
    """Give the defaults of columns as SQL for SQLite; None is NULL."""
    fixed = Blank(shape.model).fixed
    return {key: literal_of(shape, key, fixed.get(key)) for key in keys}


def _chunks(rows: Iterable[Values]) -> Iterator[list[Values]]:
    stream = iter(rows)
    while chunk := list(islice(stream, _CHUNK)):
        yield chunk


def _subject(shape: Shape, values: Values) -> UUID:
    named = values.get(shape.subject) if shape.subject else None
    found: UUID = named if named is not None else values["id"]
    return found


def _creation(shape: Shape, row: Values) -> Change:
    after = shape.to_json({k: v for k in shape.columns if (v := row[k]) is not None})
    return Change(shape, row["id"], _subject(shape, row), "create", None, after, 0)


# Guards. Every write to a record passes one of these two doors, or raises.


class _recording:
    """Open the door for Core writes to record tables while their changes are being logged."""

    def __init__(self, connection: Connection) -> None:
        self._info = connection.info

    def __enter__(self) -> None:
        self._info["recording"] = self._info.get("recording", 0) + 1

    def __exit__(self, *_: object) -> None:
        self._info["recording"] -= 1


recording = _recording


def guard(engine: Any) -> None:
    """Make the engine refuse a write to a record that nothing logs."""

    @event.listens_for(engine, "before_execute")
    def _refuse(connection: Connection, statement: Any, *_: Any) -> None:
        if isinstance(statement, UpdateBase) and not connection.info.get("recording"):
            name = getattr(statement.table, "name", "")
            if name in _record_tables():
                raise Unrecorded(f"{name} is a record: write it in a command")


def _record_tables() -> set[str]:
    if len(_tables_known) != len(Base.metadata.tables):
        mappers = list(Base.registry.mappers)
        _tables_known.clear()
        for name in Base.metadata.tables:
            _tables_known[name] = any(
                m.local_table.name == name and issubclass(m.class_, Record)  # type: ignore[attr-defined]  # a FromClause by its stub
                for m in mappers
            )
    return {name for name, is_record in _tables_known.items() if is_record}


_tables_known: dict[str, bool] = {}


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk(state: ORMExecuteState) -> None:
    mapper = state.bind_mapper
    if mapper is None or not issubclass(mapper.class_, Record):
        return
    if state.is_insert or state.is_update or state.is_delete:
        raise Unrecorded("a bulk write of records leaves no log: use Work.insert_many or records")


@event.listens_for(Session, "before_flush")
def _log(session: Session, _context: UOWTransaction, _objects: Any) -> None:
    work: Work | None = session.info.get("work")
    written = [row for row in (*session.new, *session.dirty) if isinstance(row, Record)]
    if work is None:
        if written:
            raise Unrecorded("a record was written outside a command")
        return
    for row in session.deleted:
        if isinstance(row, Record):
            raise Unrecorded("a record is deleted by Work.delete, which leaves a tombstone")
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Local):
            work.recorder.tables.add(str(row.__tablename__))
    for row in written:
        if row in session.new:
            _log_new(work, row)
        elif session.is_modified(row):
            _log_modified(work, row)
    session.connection().info["recording"] = 1


@event.listens_for(Session, "after_flush")
def _close_door(session: Session, _context: UOWTransaction) -> None:
    session.connection().info["recording"] = 0


def _log_new(work: Work, row: Record) -> None:
    shape = shape_of(type(row))
    values = {key: getattr(row, key) for key in shape.columns} | {"id": row.id}
    if row.scope == WORKSPACE:
        row.scope = values["scope"] = work.scope_of(shape, _subject(shape, values))
    work.recorder.note(_creation(shape, values))


def _log_modified(work: Work, row: Record) -> None:
    shape = shape_of(type(row))
    before: Values = {}
    after: Values = {}
    for key in shape.columns:
        history = attributes.get_history(row, key)
        if history.has_changes():
            before[key] = history.deleted[0] if history.deleted else None
            after[key] = history.added[0] if history.added else None
    now = {key: getattr(row, key) for key in shape.columns} | {"id": row.id}
    subject = _subject(shape, now)
    if shape.subject in before:
        left = _subject(shape, now | before)
        work.recorder.also_touched(shape, row.id, left)
    if before:
        old, new = shape.to_json(before), shape.to_json(after)
        work.recorder.note(Change(shape, row.id, subject, "set", old, new, row.seq))
    deletion = attributes.get_history(row, "is_deleted")
    if deletion.has_changes():
        kind = "delete" if row.is_deleted else "undelete"
        work.recorder.note(Change(shape, row.id, subject, kind, None, None, row.seq))
