"""Who a profile is to a server: who worked alone becomes a known person, a copy another device."""

from typing import Final
from uuid import UUID

from sqlalchemy import Column, Connection, Table, and_, delete, func, or_, select, update

from deskcrm.base.errors import UserError
from deskcrm.base.ids import new_id
from deskcrm.base.words import tr
from deskcrm.store import derived
from deskcrm.store.derived import write_meta
from deskcrm.store.store import Arrived, Store
from deskcrm.store.tables import (
    WORKSPACE,
    Base,
    change_table,
    record_models,
    shape_of,
    step_table,
)
from deskcrm.store.types import Id, Json
from deskcrm.sync.station import memory, outbox
from deskcrm.sync.station.memory import Memory

PEOPLE: Final = "user"
"""The table whose rows are the people, under the ids that everything else refers to."""

_s, _c = step_table.c, change_table.c


def check_joining(store: Store, user: UUID, lineage: UUID) -> None:
    """Raise UserError when the profile belongs to another server or to another person."""
    state = store.ask(lambda db: memory.recall(db.connection))
    if state.lineage is None:
        return
    if state.lineage != lineage:
        raise UserError(
            tr("This workspace belongs to another server."),
            tr("Connect to that one, or set up another workspace for this server."),
        )
    if store.actor != user:
        raise UserError(
            tr("This workspace belongs to another person on this server."),
            tr("Sign in as that person, or set up another workspace for yourself."),
        )


def join(store: Store, user: UUID, lineage: UUID) -> None:
    """Make the server's user the one who did everything here; harmless when it is so already.

    Before the first exchange no row is confirmed, so ids can still be written anew: wherever the
    id stands that the profile made for its person, in rows, log and waiting changes, it is
    replaced, in one transaction. The person's own row goes: the server has one.
    """
    check_joining(store, user, lineage)
    former = store.actor

    def take(connection: Connection) -> Arrived[None]:
        _check_alone(memory.recall(connection))
        _drop_person(connection, former)
        _rewrite_log(connection, former, user)
        for table in Base.metadata.sorted_tables:
            if table not in (step_table, change_table):
                _rewrite_table(connection, table, former, user)
        _number_anew(connection, user)
        write_meta(connection, "user", str(user))
        derived.refresh(connection, everything=True)
        return Arrived(None, (), [shape_of(model).name for model in record_models()])

    if former not in (user, WORKSPACE):
        store.absorb(take)
    store.sign_in(user)


def _check_alone(state: Memory) -> None:
    if state.lineage is not None:
        raise RuntimeError("rows that a server confirmed keep their ids")


def _drop_person(connection: Connection, person: UUID) -> None:
    """Take away the row that the profile made for its person, and whatever was done to it."""
    for model in record_models():
        shape = shape_of(model)
        if shape.name == PEOPLE:
            connection.execute(delete(shape.table).where(shape.table.c.id == person))
    mine = and_(_c.table_name == PEOPLE, _c.row_id == person)
    connection.execute(delete(change_table).where(mine))


def _rewrite_log(connection: Connection, former: UUID, user: UUID) -> None:
    connection.execute(update(step_table).where(_s.actor == former).values(actor=user))
    for column in (_c.subject, _c.scope):
        connection.execute(update(change_table).where(column == former).values({column: user}))
    for column in (_c.before, _c.after):
        _replace_text(connection, change_table, column, former, user)


def _rewrite_table(connection: Connection, table: Table, former: UUID, user: UUID) -> None:
    for column in table.columns:
        if isinstance(column.type, Id) and not column.primary_key:
            held = update(table).where(column == former)
            connection.execute(held.values({column: user}))
        elif isinstance(column.type, Json):
            _replace_text(connection, table, column, former, user)


def _replace_text(
    connection: Connection, table: Table, column: Column[str], former: UUID, user: UUID
) -> None:
    """Replace an id within JSON, in either spelling: 122 random bits stand for nothing else."""
    name = f'"{column.name}"'
    for old, new in ((former.hex, user.hex), (str(former), str(user))):
        connection.exec_driver_sql(
            f'UPDATE "{table.name}" SET {name} = replace({name}, ?, ?) WHERE instr({name}, ?)',
            (old, new, old),
        )


def _number_anew(connection: Connection, user: UUID) -> None:
    """Give rows whose id is worked out from whose they are the id that others work out."""
    for model in record_models():
        t = shape_of(model).table
        theirs = [c == user for c in t.columns if isinstance(c.type, Id) and not c.primary_key]
        for row in connection.execute(select(t).where(or_(*theirs))).all():
            row_id = model.work_out_id(dict(row._mapping))
            if row_id not in (None, row.id):
                _renumber(connection, t, row.id, row_id)


def _renumber(connection: Connection, table: Table, former: UUID, row_id: UUID) -> None:
    connection.execute(update(table).where(table.c.id == former).values(id=row_id))
    own = and_(_c.table_name == table.name, _c.row_id == former)
    connection.execute(update(change_table).where(own).values(row_id=row_id))
    subject = and_(_c.table_name == table.name, _c.subject == former)
    connection.execute(update(change_table).where(subject).values(subject=row_id))


def count_traces(connection: Connection, person: UUID) -> int:
    """Count what refers to a person who is not there: rows, log, JSON; for checks."""
    total = 0
    for table in Base.metadata.sorted_tables:
        found = [
            column == person
            if isinstance(column.type, Id)
            else func.instr(column, person.hex) + func.instr(column, str(person)) > 0
            for column in table.columns
            if isinstance(column.type, Id | Json) or column in (_c.before, _c.after)
        ]
        if found:
            query = select(func.count()).select_from(table).where(or_(*found))
            total += connection.execute(query).scalar_one()
    return total


def become_another(store: Store) -> None:
    """Give this device a new id, since a copy of it speaks under the old one.

    What was not handed over is numbered anew under the new id.
    """

    def take(connection: Connection) -> Arrived[UUID]:
        device = new_id()
        s = step_table.c
        left = connection.execute(
            select(s.id).where(s.device == store.device, s.state == "waiting").order_by(s.no)
        )
        outbox.renumber(connection, device, left.scalars().all())
        write_meta(connection, "device", str(device))
        memory.remember(connection, floor=0)
        return Arrived(device)

    store.device = store.absorb(take).value
