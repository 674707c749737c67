"""A write is a command, whole or not at all, and leaves one Change for each row it touched."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from deskcrm.base.errors import UserError
from deskcrm.store.commands import command
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.tables import WORKSPACE, change_table, step_table
from deskcrm.store.work import Missing, Unrecorded, Work
from tests import toys
from tests.fixtures_store import MakeStore
from tests.toys import ToyBox, ToyThing


def changes(store: Store) -> list[Any]:
    def query(db: Reader) -> list[Any]:
        return list(db.all(select(change_table).order_by(change_table.c.id)))

    return store.ask(query)


def steps(store: Store) -> list[Any]:
    return store.ask(lambda db: list(db.all(select(step_table).order_by(step_table.c.id))))


def name_of(store: Store, box: UUID) -> str | None:
    return store.ask(lambda db: db.scalar(select(ToyBox.name).where(ToyBox.id == box)))


def test_a_command_answers_its_value_step_and_tables(store: Store) -> None:
    done = store.do(toys.add_box, name="Box")
    assert isinstance(done.value, UUID)
    assert done.step == steps(store)[-1].id
    assert done.label == "Add box"
    assert done.tables == {"toy_box"}


def test_a_new_row_is_logged_with_its_values(store: Store) -> None:
    box = store.do(toys.add_box, name="Box").value
    (change,) = changes(store)
    after = json.loads(change.after)
    assert (change.kind, change.row_id, change.subject, change.before) == ("create", box, box, None)
    assert after["name"] == "Box"
    assert after["colour"] == "red"
    assert "id" not in after
    assert "bought_on" not in after


def test_only_changed_columns_are_logged(store: Store) -> None:
    box = store.do(toys.add_box, name="Old").value
    store.do(toys.rename_box, box, name="New")
    change = changes(store)[-1]
    assert json.loads(change.before) == {"name": "Old"}
    assert json.loads(change.after) == {"name": "New"}


def test_writing_the_same_value_leaves_no_step(store: Store) -> None:
    box = store.do(toys.add_box, name="Same").value
    assert store.do(toys.rename_box, box, name="Same").step is None


def test_two_writes_of_one_row_in_a_command_are_one_change(store: Store) -> None:
    @command("toys.test_twice", "Twice")
    def twice(work: Work, box_id: UUID) -> None:
        box = work.get(ToyBox, box_id)
        box.name = "First"
        work.session.flush()
        box.name = "Second"
        box.opened = 5

    box = store.do(toys.add_box, name="Zero").value
    store.do(twice, box)
    change = changes(store)[-1]
    assert json.loads(change.before) == {"name": "Zero", "opened": 0}
    assert json.loads(change.after) == {"name": "Second", "opened": 5}
    assert len(changes(store)) == 2


def test_a_refused_command_changes_nothing(store: Store) -> None:
    @command("toys.test_half", "Half")
    def half(work: Work) -> None:
        toys.add_box(work, name="One")
        toys.add_box(work, name=" ")

    with pytest.raises(UserError, match="needs a name"):
        store.do(half)
    assert changes(store) == []
    assert steps(store) == []


def test_steps_are_numbered_without_gaps(store: Store) -> None:
    for name in ("a", "", "b", "", "c"):
        if name:
            store.do(toys.add_box, name=name)
        else:
            with pytest.raises(UserError):
                store.do(toys.add_box, name=name)
    assert [step.no for step in steps(store)] == [1, 2, 3]
    assert {step.device for step in steps(store)} == {store.device}
    assert {step.state for step in steps(store)} == {"waiting"}


def test_a_child_belongs_to_its_subject_and_inherits_its_scope(store: Store) -> None:
    team = uuid4()
    box = store.do(toys.add_box, name="Box", scope=team).value
    thing = store.do(toys.put, box, name="Thing").value
    store.do(toys.fill, box, names=["x", "y"])
    assert {change.subject for change in changes(store)} == {box}
    scopes = store.ask(lambda db: set(db.scalars(select(ToyThing.scope))))
    assert scopes == {team}
    assert store.ask(lambda db: db.scalar(select(ToyThing.id).limit(1))) == thing


def test_without_a_scope_everybody_sees_it(store: Store) -> None:
    box = store.do(toys.add_box, name="Box").value
    assert (
        store.ask(lambda db: db.scalar(select(ToyBox.scope).where(ToyBox.id == box))) == WORKSPACE
    )


def test_a_bulk_write_is_logged_like_any_other(store: Store) -> None:
    box = store.do(toys.add_box, name="Box").value
    names = [f"thing {n}" for n in range(7_000)]
    assert store.do(toys.fill, box, names=names).value == 7_000
    logged = [json.loads(c.after)["name"] for c in changes(store) if c.table_name == "toy_thing"]
    assert logged == names
    assert len(steps(store)) == 2


def test_a_deleted_row_is_a_tombstone_that_commands_do_not_find(store: Store) -> None:
    box = store.do(toys.add_box, name="Box").value
    store.do(toys.delete_box, box)
    assert changes(store)[-1].kind == "delete"
    assert name_of(store, box) == "Box"
    with pytest.raises(Missing):
        store.do(toys.rename_box, box, name="Other")


def test_a_row_of_this_device_leaves_no_log(store: Store) -> None:
    done = store.do(toys.jot, "k", text="one")
    store.do(toys.jot, "k", text="two")
    assert done.step is None
    assert done.tables == {"toy_note"}
    assert changes(store) == []
    assert store.ask(lambda db: db.scalar(select(toys.ToyNote.text))) == "two"


def test_a_record_written_outside_a_command_raises(store: Store) -> None:
    with Session(store.database.writer) as session:
        session.add(ToyBox(name="Smuggled"))
        with pytest.raises(Unrecorded):
            session.flush()


def test_a_bulk_update_of_records_raises(store: Store) -> None:
    @command("toys.test_bulk", "Bulk")
    def bulk(work: Work, how: str) -> None:
        if how == "orm":
            work.session.execute(update(ToyBox).values(name="All"))
        elif how == "core":
            work.connection.execute(update(ToyBox.__table__).values(name="All"))  # type: ignore[arg-type]  # a FromClause by its stub
        else:
            work.connection.execute(insert(ToyBox.__table__).values(name="All"))  # type: ignore[arg-type]  # a FromClause by its stub

    for how in ("orm", "core", "insert"):
        with pytest.raises(Unrecorded):
            store.do(bulk, how)


def test_a_record_deleted_for_good_raises(store: Store) -> None:
    @command("toys.test_really_delete", "Really delete")
    def really(work: Work, box_id: UUID) -> None:
        work.session.delete(work.get(ToyBox, box_id))

    box = store.do(toys.add_box, name="Box").value
    with pytest.raises(Unrecorded):
        store.do(really, box)
    assert name_of(store, box) == "Box"


def test_a_query_cannot_write(store: Store) -> None:
    box = store.do(toys.add_box, name="Box").value

    def sly(db: Reader) -> None:
        db.connection.exec_driver_sql("DELETE FROM toy_box")

    with pytest.raises(UserError, match="cannot be written"):
        store.ask(sly)
    assert name_of(store, box) == "Box"


def test_another_opening_finds_what_was_written(make_store: MakeStore) -> None:
    first = make_store()
    box = first.do(toys.add_box, name="Kept").value
    device, actor = first.device, first.actor
    first.close()
    second = make_store()
    assert name_of(second, box) == "Kept"
    assert (second.device, second.actor) == (device, actor)


def test_listeners_hear_what_was_done(store: Store) -> None:
    heard: list[str] = []
    store.listeners.append(lambda done: heard.append(done.label))
    store.do(toys.add_box, name="Box")
    store.undo()
    assert heard == ["Add box", "Add box"]
